import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, isRunning, processStart, until } from './processes.js';

/** How long a lock file may stay unreadable (its writer was cut off between opening and writing it). */
const UNREADABLE_FOR_MS = 5_000;
/** A first start takes a second or two, crash recovery of a big database perhaps minutes. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Runs `work` while no other process (nor another call in this one) runs work under the same lock file.
 * A lock whose process died is taken over. Should two ever slip through, PostgreSQL's own interlock and
 * the rename after initdb still keep the data whole: the lock makes starts orderly, not safe.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const ticket = JSON.stringify({ ...ourselves(), ticket: randomUUID() });
  const taken = await until(PATIENCE_MS, () => tryLock(file, ticket) || undefined);
  if (!taken) throw new Error(`${file}: another process has held this lock for ten minutes; is it stuck?`);
  try {
    return await work();
  } finally {
    if (readText(file) === ticket) rmSync(file, { force: true });
  }
}

/** Signs this process into the list of a server's users; the returned function signs it out. */
export function signIn(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, randomUUID());
  writeFileSync(file, JSON.stringify(ourselves()), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The process ids of the users that are still alive; the dead are struck off the list. */
export function liveUsers(folder: string): number[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return readdirSync(folder).flatMap((name) => {
    const user = parse(readText(join(folder, name)));
    if (user && isRunning(user.pid, user.start)) return [user.pid];
    rmSync(join(folder, name), { force: true });
    return [];
  });
}

function tryLock(file: string, ticket: string): boolean {
  try {
    writeFileSync(file, ticket, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const found = readText(file);
  if (found !== undefined && isStale(file, found)) takeAway(file, found);
  return false;
}

function isStale(file: string, found: string): boolean {
  const holder = parse(found);
  if (holder) return !isRunning(holder.pid, holder.start);
  try {
    return Date.now() - statSync(file).mtimeMs > UNREADABLE_FOR_MS;
  } catch {
    return false;
  }
}

/** Renaming is atomic: of two that judged the same lock stale, one gets it; the other must not delete a new one. */
function takeAway(file: string, judged: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readText(aside) === judged) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function ourselves(): { pid: number; start: string } {
  return { pid: process.pid, start: processStart(process.pid) ?? '' };
}

function parse(text: string | undefined): { pid: number; start: string } | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('start' in value)) return undefined;
    return { pid: Number(value.pid), start: String(value.start) };
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
