import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, asSpawnIds, canReach } from './account.js';
import type { Binaries } from './binaries.js';
import { errorCode, isRunning, servesFolder, until } from './processes.js';

/** The folder of one embedded server, and the account it runs under when that is not ours. */
export interface Home {
  folder: string;
  data: string;
  log: string;
  account: Account | undefined;
}

/** What a running postmaster writes about itself. */
export interface Postmaster {
  pid: number;
  port: number;
  status: string;
}

/** Thrown when the server ended while starting; `reason` is what it wrote into its log. */
export class StartFailure extends Error {
  constructor(
    readonly reason: string,
    log: string,
  ) {
    super(`PostgreSQL did not start (see ${log}): ${reason.trim().split('\n').slice(-3).join(' / ')}`);
  }
}

const LOG_LIMIT_BYTES = 20_000_000;
/** Only crash recovery takes long; it grows with what was written since the last checkpoint. */
const READY_WITHIN_MS = 5 * 60_000;
const FAST_STOP_MS = 60_000;
const IMMEDIATE_STOP_MS = 10_000;
/** Above every system's highest process id, so it names no process. */
const NO_PROCESS = 2_147_483_647;

/**
 * A foreign LANG, PGDATA or LD_LIBRARY_PATH must not reach the server: it gets these variables and no others.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const base = { LC_ALL: 'C', TZ: 'UTC' };
  if (process.platform !== 'win32') return { ...base, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };
  const { PATH, SystemRoot, SystemDrive, TEMP, TMP } = process.env;
  return { ...base, PATH, SystemRoot, SystemDrive, TEMP, TMP };
}

/**
 * How to name `folder` to a program that runs as `account` and was started inside it. We enter the folder while
 * we are still root; when a folder above is closed to `account` (mode 700), Linux lets it name the place where it
 * stands, without walking there. So the data can stay in the project, wherever that is.
 */
export function nameFor(folder: string, account: Account | undefined): string {
  if (!account || canReach(folder, account)) return folder;
  if (process.platform === 'linux' && statSync('/proc/self/cwd', { throwIfNoEntry: false })) return '/proc/self/cwd';
  throw new Error(
    `We are root, so PostgreSQL runs as nobody, who cannot enter ${folder}. ` +
      'Start the application as an ordinary user, move it, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** The postmaster that works in `home` now, or undefined. Never trusts a number that now names someone else. */
export function findPostmaster(home: Home): Postmaster | undefined {
  const lines = postmasterLines(home);
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !servesFolder(pid, home.data)) return undefined;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

/**
 * PostgreSQL refuses to start when the number in a stale postmaster.pid names any living process. When that is not
 * a server of ours, only the number is blanked: the rest of the file tells the new server which shared memory to
 * check, so that it does not start beside surviving backends of the old one.
 */
export function disarmStalePidFile(home: Home): void {
  const lines = postmasterLines(home);
  const pid = Number(lines[0]);
  if (lines.length === 0 || !isRunningOrDefunct(pid) || findPostmaster(home)) return;
  writeFileSync(join(home.data, 'postmaster.pid'), [String(NO_PROCESS), ...lines.slice(1)].join('\n'));
}

/** Starts the server on `port` and waits until it takes connections. */
export async function launch(home: Home, binaries: Binaries, settings: Record<string, string>): Promise<number> {
  const logSize = trimLog(home.log);
  const output = openSync(home.log, 'a', 0o600);
  let ended: Error | undefined;
  try {
    const child = spawnServer(home, binaries, settings, output);
    child.once('error', (error) => (ended = error));
    child.once('exit', (code) => {
      // pg_ctl, which starts the server on Windows, ends well as soon as it has done so.
      if (code !== 0 || process.platform !== 'win32') ended = new StartFailure(readFrom(home.log, logSize), home.log);
    });
    child.unref();
    const answer = await until(READY_WITHIN_MS, () => {
      if (ended) return ended;
      const found = findPostmaster(home);
      return found?.status === 'ready' ? found : undefined;
    });
    if (answer instanceof Error) throw answer;
    if (!answer) throw new StartFailure('it was not ready within five minutes', home.log);
    child.removeAllListeners('exit');
    return answer.port;
  } finally {
    closeSync(output);
  }
}

/** Ends every session and stops the server with a checkpoint; if that takes too long, without one (it recovers). */
export async function stopPostmaster(home: Home, postmaster: Postmaster, binaries?: Binaries): Promise<void> {
  const gone = () => (isRunning(postmaster.pid) && servesFolder(postmaster.pid, home.data) ? undefined : true);
  signal(home, postmaster.pid, 'fast', binaries);
  if (await until(FAST_STOP_MS, gone)) return;
  signal(home, postmaster.pid, 'immediate', binaries);
  if (await until(IMMEDIATE_STOP_MS, gone)) return;
  throw new Error(`The PostgreSQL server of ${home.data} (process ${postmaster.pid}) does not stop`);
}

function spawnServer(home: Home, binaries: Binaries, settings: Record<string, string>, output: number): ChildProcess {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const place = nameFor(home.data, home.account);
  const common = {
    cwd: home.data,
    env: cleanEnvironment(),
    // A group of its own: Ctrl-C is for the application, which still has writes to finish.
    detached: true,
    windowsHide: true,
    ...asSpawnIds(home.account),
  };
  if (process.platform === 'win32') {
    // Untested. postgres.exe refuses to run with an administrator's rights; pg_ctl sheds them first.
    const quoted = options.map((option) => `"${option}"`).join(' ');
    const args = ['start', '-W', '-s', '-D', place, '-l', home.log, '-o', quoted];
    return spawn(binaries.program('pg_ctl'), args, { ...common, stdio: 'ignore' });
  }
  return spawn(binaries.program('postgres'), ['-D', place, ...options], {
    ...common,
    stdio: ['ignore', output, output],
  });
}

function signal(home: Home, pid: number, mode: 'fast' | 'immediate', binaries?: Binaries): void {
  if (process.platform === 'win32' && binaries) {
    // Untested. Windows has no signals; pg_ctl has another way to tell the server.
    spawn(binaries.program('pg_ctl'), ['stop', '-W', '-s', '-m', mode, '-D', home.data], { stdio: 'ignore' }).unref();
    return;
  }
  try {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function postmasterLines(home: Home): string[] {
  try {
    return readFileSync(join(home.data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A zombie is dead to us, but it answers PostgreSQL's question whether its number is in use. */
function isRunningOrDefunct(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function trimLog(log: string): number {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= LOG_LIMIT_BYTES) return size;
  truncateSync(log);
  return 0;
}

function readFrom(log: string, offset: number): string {
  return readFileSync(log).subarray(offset).toString('utf8');
}
