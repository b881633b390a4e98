import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { clinicians } from '../support/builders.js';
import { connect } from '../support/database.js';
import { type ApiProcess, runCommand, startApi } from '../support/process.js';
import { TIMES } from './apis.js';
import { expectOnceEach, Load } from './load.js';
import { diceFor, report, SIZE } from './size.js';

const { processes, writers, acknowledged } = SIZE.databaseKills;
/** As long after the server is back, every process says that it is ready. */
const READY_WITHIN_MS = 10_000;
const BACK_WITHIN_MS = 30_000;

/** Asks an API whether it is ready, all the time, and keeps what changed. */
function watchReadiness(api: ApiProcess) {
  const changes: number[] = [];
  const watched = { goesOn: true };
  const watching = (async () => {
    while (watched.goesOn) {
      const signal = AbortSignal.timeout(5000);
      const { status } = await fetch(new URL('/health/ready', api.url), { signal }).catch(() => ({ status: 0 }));
      if (changes.at(-1) !== status) changes.push(status);
      await wait(5);
    }
  })();
  return {
    changes,
    end: async () => {
      watched.goesOn = false;
      await watching;
    },
  };
}

describe('API processes whose PostgreSQL is killed while many write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppe-kills-'));
  const pidFile = join(folder, 'postgres/data/postmaster.pid');
  let server: EmbeddedPostgres | undefined;
  let apis: ApiProcess[] = [];

  afterAll(async () => {
    await Promise.all(apis.map((api) => api.stop()));
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The postmaster, when it takes connections. */
  const postmaster = (): number | undefined => {
    if (!existsSync(pidFile)) return undefined;
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    return lines[7]?.trim() === 'ready' ? Number(lines[0]) : undefined;
  };
  const until = async (what: string, withinMs: number, holds: () => boolean): Promise<void> => {
    const giveUpAt = Date.now() + withinMs;
    while (!holds()) {
      if (Date.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}`);
      await wait(5);
    }
  };
  const rows = async <T extends object>(sql: string): Promise<T[]> => {
    const client = await connect(server!.url('ppe'));
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('live on, are ready again, and keep every acknowledged write once', async () => {
    const dice = diceFor('database kills');
    const settings = { DATA_FOLDER: folder };
    apis = await Promise.all(TIMES(processes).map(() => startApi(settings)));
    server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
    const pids = apis.map(({ pid }) => pid);
    const { stdout } = await runCommand('token', ['create', '--role', 'COORDINATOR', '--name', 'kills'], settings);
    const token = stdout.trim();
    const recipientIds = await clinicians(apis[0]!.with(token), 2);
    const first = postmaster()!;
    const readiness = apis.map(watchReadiness);
    const seen = (status: number): boolean => readiness.every(({ changes }) => changes.at(-1) === status);
    const down = (): boolean => readiness.every(({ changes }) => changes.includes(503));

    const load = new Load(() => dice.pick(apis).with(token), recipientIds, { faultsToo: true });
    const waited: Record<string, number> = {};
    await load.during(writers, async () => {
      await until('ready', READY_WITHIN_MS, () => seen(200));
      await load.more(acknowledged);

      // One backend of theirs: PostgreSQL ends all others, too, and recovers.
      const backends = await rows<{ pid: number }>(
        `select pid from pg_stat_activity where datname = 'ppe' and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      process.kill(dice.pick(backends).pid, 'SIGKILL');
      await load.more(acknowledged);
      expect(postmaster()).toBe(first);
      await until('ready after a backend was killed', READY_WITHIN_MS, () => seen(200));

      for (const { changes } of readiness) changes.splice(0);
      const killedAt = Date.now();
      process.kill(first, 'SIGKILL');
      await until('every process says that it is not ready', BACK_WITHIN_MS, down);
      await until('a new server', BACK_WITHIN_MS, () => (postmaster() ?? first) !== first);
      waited['untilBackMs'] = Date.now() - killedAt;
      await until('ready with the new server', READY_WITHIN_MS, () => seen(200));
      waited['untilReadyMs'] = Date.now() - killedAt;
      await load.more(acknowledged);
    });
    await Promise.all(readiness.map(({ end }) => end()));

    report('database kills', { ...waited, acknowledged: load.acknowledged, unanswered: load.unanswered });
    expect(load.unanswered).toBeGreaterThan(0);
    // The same processes all the while: nobody had to start them again.
    expect(apis.map(({ pid }) => pid)).toEqual(pids);
    for (const pid of pids) expect(process.kill(pid, 0)).toBe(true);
    await expectOnceEach(load, async (sql) => Number((await rows<{ n: number }>(`select (${sql}) as n`))[0]!.n));
    expect(await runCommand('verify', [], settings)).toMatchObject({ exitCode: 0 });
  });
});

describe('a PostgreSQL of our own whose port is taken when it is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppe-lost-'));
  let server: EmbeddedPostgres | undefined;
  let squatter: Server | undefined;

  afterAll(async () => {
    squatter?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told to whoever keeps it, who could not reach it at another', async () => {
    server = await startEmbeddedPostgres({ folder });
    const { port } = server;
    const lost = new Promise<Error>((resolve) => server!.keep(resolve));
    const pid = Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    while (!squatter?.listening) {
      squatter = createServer().on('error', () => {});
      squatter.listen({ port, host: '127.0.0.1', exclusive: true });
      await wait(5);
    }
    const { message } = await lost;
    expect(message).toContain(`its port ${port} was taken meanwhile`);
  });
});
