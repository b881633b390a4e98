import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type Account, asSpawnIds } from './account.js';
import type { Binaries } from './binaries.js';
import { errorCode } from './processes.js';
import { type Home, cleanEnvironment, nameFor } from './server.js';

/** The only login: it lives on 127.0.0.1, behind a password that only this folder's owner can read. */
export const SUPERUSER = 'postgres';
const UNFINISHED = 'unfinished-';

/** The superuser's password, made on first use and kept in a file that only we can read. */
export function passwordOf(home: Home): string {
  const file = join(home.folder, 'password');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  if (existsSync(home.data)) throw new Error(`${file} is missing: without it nobody can log in to ${home.data}`);
  const password = randomBytes(24).toString('hex');
  // Whole or not at all, on disk before the database that needs it.
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, password, { mode: 0o600, flush: true });
  renameSync(draft, file);
  return password;
}

/** Makes the data folder unless there is one: beside its place, renamed when finished, so never half of one. */
export async function ensureCluster(home: Home, binaries: Binaries): Promise<void> {
  removeUnfinished(home);
  if (isCluster(home)) return checkVersion(home, binaries);
  const draft = join(home.folder, UNFINISHED + randomUUID());
  const passwordFile = `${draft}.password`;
  try {
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, passwordOf(home), { mode: 0o600 });
    if (home.account) {
      for (const path of [draft, passwordFile]) chownSync(path, home.account.uid, home.account.gid);
    }
    await initdb(home, binaries, draft, passwordFile);
    renameSync(draft, home.data);
    syncFolder(home.folder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function initdb(home: Home, binaries: Binaries, draft: string, passwordFile: string): Promise<void> {
  const args = [
    '-D',
    nameFor(draft, home.account),
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    // Relative, for a server account that cannot walk here from the root; it stands in the folder beside.
    `--pwfile=../${basename(passwordFile)}`,
    // The same order of strings on every machine and in every version of its C library.
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.program('initdb'), args, {
      cwd: draft,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...asSpawnIds(home.account),
    });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => output.push(part));
    child.once('error', (error) => reject(new Error(`Cannot run PostgreSQL's initdb: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const said = Buffer.concat(output).toString('utf8').trim();
      // Such as an account without a name, in a container run under any number.
      reject(new Error(`PostgreSQL's initdb ended with ${signal ?? code}; DATABASE_URL is the other way. ${said}`));
    });
  });
}

/** Only what our own initdb left half done is removed; a folder we do not understand is somebody's data. */
function removeUnfinished(home: Home): void {
  for (const name of readdirSync(home.folder).filter((entry) => entry.startsWith(UNFINISHED))) {
    try {
      rmSync(join(home.folder, name), { recursive: true, force: true });
    } catch {
      // The initdb of a killed parent may still be writing here; the next start removes the rest.
    }
  }
}

function isCluster(home: Home): boolean {
  if (existsSync(join(home.data, 'global', 'pg_control'))) return true;
  try {
    rmdirSync(home.data);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw new Error(`${home.data} holds something that is not a PostgreSQL database; move it away`, { cause: error });
    }
  }
  return false;
}

function checkVersion(home: Home, binaries: Binaries): void {
  const written = readFileSync(join(home.data, 'PG_VERSION'), 'utf8').trim();
  const ours = binaries.version.split('.')[0];
  if (written !== ours) {
    throw new Error(`${home.data} was written by PostgreSQL ${written}; the installed programs are version ${ours}`);
  }
  if (home.account) giveTo(home.account, home.data);
}

/** A project copied by root belongs to root all through, and the server insists on owning its data. */
function giveTo({ uid, gid }: Account, data: string): void {
  if (statSync(data).uid === uid) return;
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) lchownSync(join(data, name), uid, gid);
  // The folder itself comes last: while it is root's, an interrupted change is done again.
  lchownSync(data, uid, gid);
}

/** A rename is on disk only when its folder is. Windows has no such call, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
