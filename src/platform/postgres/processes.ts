import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * What tells this process from a later one that was given the same number: the moment it started.
 * Returns null for a process that is gone, and '' where the system does not tell us (Windows).
 */
export function processStart(pid: number): string | null {
  if (!answersSignals(pid)) return null;
  if (process.platform === 'linux') return linuxStart(pid);
  if (process.platform === 'win32') return '';
  return ask('ps', ['-o', 'lstart=', '-p', String(pid)]) || null;
}

/** Whether this process runs; with `start`, whether it is still the one we met then. */
export function isRunning(pid: number, start = ''): boolean {
  const now = processStart(pid);
  return now !== null && (start === '' || now === '' || now === start);
}

/** Whether process `pid` is a PostgreSQL server working in `folder`, or (false) someone who inherited its number. */
export function servesFolder(pid: number, folder: string): boolean {
  if (!isRunning(pid)) return false;
  if (process.platform === 'win32') return ask('tasklist', ['/FI', `PID eq ${pid}`, '/NH']).includes('postgres');
  if (process.platform !== 'linux') {
    const command = ask('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return command.includes('postgres') && command.includes(folder);
  }
  try {
    // A postmaster lives in its data folder for as long as it runs, whatever its command line says.
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return false;
    throw new Error(`${folder}: the PostgreSQL server (process ${pid}) belongs to another user of this machine`, {
      cause: error,
    });
  }
}

/** The system's name of an error (`ENOENT`), or '' when it has none. Under jest, Node's errors are no `Error` of ours. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Asks every few milliseconds until there is an answer; gives up with undefined after `timeout` milliseconds. */
export async function until<T>(timeout: number, look: () => T | undefined): Promise<T | undefined> {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = look();
    if (answer !== undefined || Date.now() > end) return answer;
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may itself hold blanks and brackets, so count the fields from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie still answers signals, for ever in a container whose first process does not reap.
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch (error) {
    return errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH' ? null : '';
  }
}

function ask(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
