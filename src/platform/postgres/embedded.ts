import { randomInt } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { SUPERUSER, ensureCluster, passwordOf } from './cluster.js';
import { liveUsers, signIn, withLock } from './lock.js';
import { errorCode, until } from './processes.js';
import {
  type Home,
  type Postmaster,
  StartFailure,
  disarmStalePidFile,
  findPostmaster,
  launch,
  stopPostmaster,
} from './server.js';

/** A running PostgreSQL server of our own. */
export interface EmbeddedPostgres {
  /** The address of a database on this server, password included: never log it. */
  url(database: string): string;
  port: number;
  dataFolder: string;
  /** Leaves the server. The last process to leave stops it, whoever started it. */
  stop(): Promise<void>;
  /**
   * From now until we leave, starts the server again whenever it is gone, whoever killed it, at the address it had.
   * @param lost told once when that cannot be done; the server is not looked after any longer then
   */
  keep(lost: (error: Error) => void): void;
  /** Whether the server was already running: another process of ours uses it, or one that was killed left it. */
  adopted: boolean;
}

export interface EmbeddedPostgresOptions {
  /** Where the server keeps all it has, such as `.data/postgres`. */
  folder: string;
  log?: (line: string) => void;
  /** With false, a server in use by another process is an error, and one left by a dead process is started anew. */
  shared?: boolean;
  /** Server settings (`max_connections`), applied when the server starts. */
  settings?: Record<string, string>;
}

/** What the last start wrote down, for the next. */
interface Notes {
  port: number;
  settings: Record<string, string>;
}

/** Below the ports that systems hand out to outgoing connections, so that few others want them. */
const PORTS = { from: 20_000, to: 32_000 };
const PORT_TRIES = 8;
/** How often a server that is kept is looked for. */
const LOOK_EVERY_MS = 500;
/** Backends of a killed postmaster finish their statement before they notice; the data is theirs until then. */
const SURVIVORS_MS = 60_000;

/**
 * Starts the PostgreSQL server that lives in `folder`, making it on the first call (1 to 2 s; later starts a fraction
 * of that). Several processes may call this for one folder: the first starts the server and the others join it. Each
 * signs a list; **the last one to sign out stops the server**, and processes that died without signing out do not
 * count. A server whose users were all killed stays up with all it acknowledged, and the next caller adopts it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = prepareHome(options.folder);
  const users = join(home.folder, 'users');
  const lock = join(home.folder, 'lock');
  return withLock(lock, async () => {
    const joined = await joinRunning(home, liveUsers(users), options);
    const port = joined ?? (await startAnew(home, options));
    const signOut = signIn(users);
    const password = passwordOf(home);
    let left: Promise<void> | undefined;
    let forget = (): void => {};
    const revive = (): Promise<void> =>
      withLock(lock, async () => {
        if (left) return;
        const again = (await joinRunning(home, liveUsers(users), options)) ?? (await startAnew(home, options));
        if (again !== port) throw new Error(`its port ${port} was taken meanwhile; it is at ${again} now`);
      });
    return {
      url: (database) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${inAddress(database)}`,
      port,
      dataFolder: home.data,
      adopted: joined !== undefined,
      keep: (lost) => {
        forget = whenGone(home, revive, options.log ?? (() => {}), lost);
      },
      stop: () => {
        forget();
        return (left ??= withLock(lock, async () => {
          signOut();
          const running = findPostmaster(home);
          if (running && liveUsers(users).length === 0) await stopRunning(home, running);
        }));
      },
    };
  });
}

/** Looks for the server of `home` again and again, and has it revived when it is gone. @returns what ends that */
function whenGone(
  home: Home,
  revive: () => Promise<void>,
  log: (line: string) => void,
  lost: (error: Error) => void,
): () => void {
  let reviving = false;
  const timer = setInterval(() => {
    if (reviving || findPostmaster(home)) return;
    reviving = true;
    log('the PostgreSQL server is gone; starting it again');
    revive()
      .catch((error: Error) => {
        clearInterval(timer);
        lost(new Error(`The PostgreSQL server of ${home.data} is gone, and did not come back: ${error.message}`));
      })
      .finally(() => {
        reviving = false;
      });
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Creates a database unless the server has it; quoting is ours, so any name will do. */
export async function createDatabaseIfMissing(postgres: EmbeddedPostgres, name: string): Promise<void> {
  const client = new Client({ connectionString: postgres.url('postgres') });
  // Without a listener, a backend that dies would end our whole process.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`);
  } catch (error) {
    // Two callers at once: the other one was quicker.
    if (!['42P04', '23505'].includes(errorCode(error))) throw error;
  } finally {
    await client.end();
  }
}

function prepareHome(wanted: string): Home {
  mkdirSync(wanted, { recursive: true });
  const folder = realpathSync(wanted);
  const data = join(folder, 'data');
  const account = serverAccount(data);
  if (process.platform !== 'win32') {
    const strangers = [folder, data].filter((path) => isOfAnother(path));
    if (strangers.length > 0) {
      throw new Error(`${strangers.join(', ')}: belongs to another user of this machine; start as that user`);
    }
    // Open for passing through only, so that a server under another account reaches its data inside.
    chmodSync(folder, account ? 0o711 : 0o700);
  }
  return { folder, data, log: join(folder, 'server.log'), account };
}

/** Root may work in anyone's folder; anyone else only in his own. */
function isOfAnother(path: string): boolean {
  const us = process.geteuid?.();
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  return us !== 0 && owner !== undefined && owner !== us;
}

/** Joins the server that runs in `home`, answering with its port, or stops it where it cannot be joined. */
async function joinRunning(
  home: Home,
  others: number[],
  options: EmbeddedPostgresOptions,
): Promise<number | undefined> {
  const found = await settled(home);
  if (!found) return undefined;
  const log = options.log ?? (() => {});
  if (others.length > 0 && options.shared === false) {
    throw new Error(`The PostgreSQL server of ${home.data} is in use by process ${others.join(', ')}`);
  }
  const wanted = JSON.stringify(options.settings ?? {});
  const suits = options.shared !== false && JSON.stringify(readNotes(home)?.settings) === wanted;
  // Settings of a server that others use stay as they are; one left behind can be started with ours.
  if ((others.length > 0 || suits) && (await accepts(home, found.port))) {
    if (others.length === 0) log('adopting the PostgreSQL server that an earlier process left running');
    return found.port;
  }
  if (others.length > 0) throw new Error(`The PostgreSQL server of ${home.data} does not take our connections`);
  log('stopping the PostgreSQL server that an earlier process left running');
  await stopRunning(home, found);
  return undefined;
}

/** The running server once it is up (it may be recovering), or undefined once it is down (it may be stopping). */
async function settled(home: Home): Promise<Postmaster | undefined> {
  const seen = await until(SURVIVORS_MS, () => {
    const found = findPostmaster(home);
    if (!found) return 'none';
    return found.status === 'ready' ? found : undefined;
  });
  return seen === 'none' ? undefined : (seen ?? findPostmaster(home));
}

async function stopRunning(home: Home, running: Postmaster): Promise<void> {
  const binaries = process.platform === 'win32' ? await findBinaries(home.folder, home.account, () => {}) : undefined;
  await stopPostmaster(home, running, binaries);
}

async function accepts(home: Home, port: number): Promise<boolean> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: passwordOf(home),
    database: 'postgres',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    // SCRAM proved the server to us as well; a copied folder shares the password, so ask where it works.
    const { rows } = await client.query<{ folder: string | null }>(
      "select current_setting('embedded.folder', true) as folder",
    );
    return rows[0]?.folder === home.data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function startAnew(home: Home, options: EmbeddedPostgresOptions): Promise<number> {
  const binaries = await findBinaries(home.folder, home.account, options.log ?? (() => {}));
  await ensureCluster(home, binaries);
  const settings = options.settings ?? {};
  const giveUpAt = Date.now() + SURVIVORS_MS;
  const attempt = async (tries: number, wanted: number): Promise<number> => {
    disarmStalePidFile(home);
    try {
      return await launch(home, binaries, {
        // fsync and synchronous_commit stay as PostgreSQL ships them: what is acknowledged is on disk.
        timezone: 'UTC',
        log_timezone: 'UTC',
        ...settings,
        listen_addresses: '127.0.0.1',
        port: String(wanted),
        unix_socket_directories: '',
        'embedded.folder': home.data,
      });
    } catch (error) {
      const reason = error instanceof StartFailure ? error.reason : '';
      if (/Address already in use|could not create any TCP/.test(reason) && tries < PORT_TRIES) {
        return attempt(tries + 1, await freePort(undefined));
      }
      if (/shared memory block|is another postmaster/.test(reason) && Date.now() < giveUpAt) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return attempt(tries, wanted);
      }
      throw error;
    }
  };
  const port = await attempt(1, await freePort(readNotes(home)?.port));
  writeNotes(home, { port, settings });
  return port;
}

/** The driver decodes a database's name as a whole address, so only what would end the name is spelt out in full. */
function inAddress(database: string): string {
  return encodeURI(database).replace(/[?#]/g, encodeURIComponent);
}

/** The port of last time if it is free, so that an open psql or a bookmark keeps working; else another. */
async function freePort(last: number | undefined): Promise<number> {
  const candidates = [...(last ? [last] : []), ...Array.from({ length: 50 }, () => randomInt(PORTS.from, PORTS.to))];
  for (const port of candidates) {
    // oxlint-disable-next-line no-await-in-loop -- the first free one will do
    if (await isFree(port)) return port;
  }
  throw new Error('No free port for the embedded PostgreSQL server; set DATABASE_URL to a server of your own');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function readNotes(home: Home): Notes | undefined {
  try {
    return JSON.parse(readFileSync(join(home.folder, 'server.json'), 'utf8')) as Notes;
  } catch {
    return undefined;
  }
}

function writeNotes(home: Home, notes: Notes): void {
  const file = join(home.folder, 'server.json');
  writeFileSync(`${file}.new`, JSON.stringify(notes), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
