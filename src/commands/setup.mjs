// Makes a fresh clone ready: installs the packages, and with --build compiles the application, each only when needed.
// Plain JavaScript without packages, since it runs before there are any. It never writes to standard output, which
// belongs to the command that follows (`npm run --silent split > plan.json`); --quiet leaves only the errors.
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = join(ROOT, 'node_modules');
const DIST = join(ROOT, 'dist');
const INSTALL_STAMP = join(PACKAGES, '.setup.json');
const BUILD_STAMP = join(DIST, '.setup.json');
/** In .data, which git ignores and neither an install nor a build removes. */
const LOCK = join(ROOT, '.data', 'setup.lock');
/** Longer than any install: a lock this old has a number that now names another process. */
const LOCK_IS_OLD_MS = 30 * 60_000;
const UNREADABLE_FOR_MS = 5_000;

const quiet = process.argv.includes('--quiet');
const wantsBuild = process.argv.includes('--build');

class Trouble extends Error {}

main();

function main() {
  try {
    checkNode(process.versions.node);
    // Both looks are cheap, so nothing is locked while there is nothing to do.
    if (!isInstalled() || (wantsBuild && !isBuilt())) {
      withLock(() => {
        if (!isInstalled()) install();
        if (wantsBuild && !isBuilt()) build();
      });
    }
  } catch (error) {
    process.stderr.write(`setup: ${error instanceof Trouble ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

function checkNode(version) {
  const [major, minor] = version.split('.').map(Number);
  const fits =
    (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || (major === 24 && minor >= 11) || major > 24;
  if (fits) return;
  throw new Trouble(
    `this is Node ${version}, and the application needs Node 20.19, 22.13, 24.11 or later of these lines ` +
      '(Node 24 is the fastest). See https://nodejs.org',
  );
}

function isInstalled() {
  const wanted = wantedPackages();
  const fits = ([name, version]) => satisfies(installedVersion(name), version);
  if (!Object.entries(wanted.required).every(fits)) return false;
  // An optional package may be missing (it is another platform's), but not wrong.
  if (!Object.entries(wanted.optional).every((entry) => !installedVersion(entry[0]) || fits(entry))) return false;
  const stamp = readJson(INSTALL_STAMP);
  if (!stamp) writeStamp(INSTALL_STAMP, { packages: wanted.hash });
  return !stamp || stamp.packages === wanted.hash;
}

/** Versions are written exactly here; of a range we see only that something is there, and the stamp tells the rest. */
function satisfies(installed, wanted) {
  return installed === wanted || (installed !== undefined && !/^\d+\.\d+\.\d+/.test(wanted));
}

function wantedPackages() {
  const manifest = readJson(join(ROOT, 'package.json'));
  if (!manifest) throw new Trouble(`${join(ROOT, 'package.json')} cannot be read`);
  const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
  const text = JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides]);
  return {
    required: { ...dependencies, ...devDependencies },
    optional: { ...optionalDependencies },
    hash: createHash('sha256').update(`${process.platform}-${process.arch} ${text}`).digest('hex'),
  };
}

function installedVersion(name) {
  return readJson(join(PACKAGES, name, 'package.json'))?.version;
}

function install() {
  say('installing the packages (a minute or so, once)');
  // Until it is done there is no stamp, so that no one takes half an installation for a whole one.
  rmSync(INSTALL_STAMP, { force: true });
  const args = ['install', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = process.env.npm_execpath ?? '';
  // npm_execpath may be another package manager's; those would ignore the overrides.
  const done = /^npm(-cli)?\.[cm]?js$/.test(basename(npm))
    ? run(process.execPath, [npm, ...args])
    : run('npm', args, { shell: process.platform === 'win32' });
  if (done !== undefined) throw new Trouble(`npm install failed (${done}). Is the npm registry within reach?`);
  writeStamp(INSTALL_STAMP, { packages: wantedPackages().hash });
  if (!isInstalled()) throw new Trouble('npm install ended well, but node_modules is not what package.json asks for');
}

function isBuilt() {
  const stamp = readJson(BUILD_STAMP);
  return Boolean(stamp) && stamp.sources === sourcesHash() && stamp.outputs === outputsHash();
}

function build() {
  say('building the application');
  const sources = sourcesHash();
  // A leftover of a migration that was renamed would be run as a migration.
  rmSync(DIST, { recursive: true, force: true, maxRetries: 3 });
  const done = run(process.execPath, [join(PACKAGES, '@nestjs', 'cli', 'bin', 'nest.js'), 'build']);
  if (done !== undefined) throw new Trouble(`the build failed (${done})`);
  // The sources as they were before: what was edited meanwhile is built the next time.
  writeStamp(BUILD_STAMP, { sources, outputs: outputsHash() });
}

/** By content, since git gives unchanged files new times. */
function sourcesHash() {
  const hash = createHash('sha256');
  const files = ['src', 'migrations'].flatMap((folder) => filesIn(join(ROOT, folder)));
  const compiled = files.filter((file) => /\.([cm]?ts|json)$/.test(file) && !file.endsWith('.spec.ts'));
  for (const file of [...compiled, ...['tsconfig.json', 'nest-cli.json', 'package.json'].map((f) => join(ROOT, f))]) {
    if (!existsSync(file)) continue;
    const content = readFileSync(file);
    hash.update(`${relative(ROOT, file)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** By time: tells what a build wrote from what `nest start --watch` has since written over it, or someone removed. */
function outputsHash() {
  const hash = createHash('sha256');
  for (const file of filesIn(DIST).filter((name) => name.endsWith('.js'))) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(DIST, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Runs a program with all it says on standard error; answers undefined when it ended well, else how it ended. */
function run(program, args, options = {}) {
  const output = quiet ? 'pipe' : 2;
  const stdio = ['ignore', output, output];
  const ended = spawnSync(program, args, { cwd: ROOT, stdio, maxBuffer: 2 ** 28, ...options });
  if (ended.status === 0) return undefined;
  if (quiet) process.stderr.write(Buffer.concat([ended.stdout, ended.stderr].filter(Boolean)));
  if (ended.error) return ended.error.message;
  return ended.signal ?? `exit code ${ended.status}`;
}

function withLock(work) {
  mkdirSync(join(ROOT, '.data'), { recursive: true });
  const ticket = JSON.stringify({ pid: process.pid, ticket: randomUUID() });
  for (let told = false; !tryLock(ticket); told = true) {
    if (!told) say('waiting for another setup of this folder to finish');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  try {
    work();
  } finally {
    if (readText(LOCK) === ticket) rmSync(LOCK, { force: true });
  }
}

function tryLock(ticket) {
  try {
    writeFileSync(LOCK, ticket, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const found = readText(LOCK);
  if (found === undefined || !isStale(found)) return false;
  // Of two that judged the same lock stale, one gets it by renaming; the other must not remove a new one.
  const aside = `${LOCK}.${randomUUID()}`;
  try {
    renameSync(LOCK, aside);
    if (readText(aside) === found) rmSync(aside);
    else renameSync(aside, LOCK);
  } catch {
    // The other one was quicker.
  }
  return false;
}

function isStale(found) {
  const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  const pid = parse(found)?.pid;
  if (!Number.isInteger(pid)) return age > UNREADABLE_FOR_MS;
  try {
    process.kill(pid, 0);
    return age > LOCK_IS_OLD_MS;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function writeStamp(file, content) {
  try {
    writeFileSync(file, JSON.stringify(content));
  } catch (error) {
    // A read-only installation works as well; it is only looked at again the next time.
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
}

function readJson(file) {
  return parse(readText(file));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function say(line) {
  if (!quiet) process.stderr.write(`setup: ${line}\n`);
}
