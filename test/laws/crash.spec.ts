import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { aDonation, clinicians, STOCK } from '../support/builders.js';
import { type ApiProcess, runCommand, startApi } from '../support/process.js';
import { type Client, openWorld, type World } from '../support/world.js';
import { TIMES } from './apis.js';
import { expectOnceEach, Load } from './load.js';
import { diceFor, report, SIZE } from './size.js';

const { processes, writers, kills, everyMs } = SIZE.apiKills;

describe('API processes that are killed while many write', () => {
  let world: World;
  let apis: ApiProcess[];

  beforeAll(async () => {
    world = await openWorld();
    apis = await Promise.all(TIMES(processes).map(() => startApi({ DATABASE_URL: world.databaseUrl })));
  });
  afterAll(async () => {
    await Promise.all((apis ?? []).map((api) => api.stop()));
    await world?.close();
  });

  it('keep every acknowledged write once, and nothing by halves', async () => {
    const dice = diceFor('API kills');
    const { token } = await world.as('COORDINATOR');
    const load = new Load(() => dice.pick(apis).with(token!), await clinicians(world.with(token), 2));
    await load.during(writers, async () => {
      for (const _ of TIMES(kills)) {
        await Promise.all([load.more(20), wait(everyMs)]);
        const victim = dice.below(apis.length);
        await apis[victim]!.kill('SIGKILL');
        apis[victim] = await startApi({ DATABASE_URL: world.databaseUrl });
      }
      await load.more(20);
    });
    report('API kills', { kills, acknowledged: load.acknowledged, unanswered: load.unanswered });
    // The load was cut in the middle, or this test has shown nothing.
    expect(load.unanswered).toBeGreaterThanOrEqual(kills);
    await expectOnceEach(load, async (sql) => (await world.dataSource.query(`select (${sql}) as n`))[0].n);
    expect(await world.breaches()).toEqual([]);
  });
});

describe('an API that keeps its own PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppe-crash-'));
  const settings = { DATA_FOLDER: folder };
  let api: ApiProcess | undefined;
  const pidFile = join(folder, 'postgres/data/postmaster.pid');
  const postmaster = (): number => Number(readFileSync(pidFile, 'utf8').split('\n')[0]);

  afterEach(async () => {
    await api?.stop();
  });
  afterAll(async () => {
    // A server that outlived its API: join it, and be the last to leave.
    if (existsSync(pidFile)) await (await startEmbeddedPostgres({ folder: join(folder, 'postgres') })).stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const available = async (client: Client): Promise<unknown> =>
    (await client.ask<{ stock: { availableUnits: number }[] }>(STOCK, { itemCodes: ['MASK'] })).stock[0]
      ?.availableUnits;

  it('has after a kill, and after a kill of its PostgreSQL too, what it acknowledged before', async () => {
    api = await startApi(settings);
    const made = await runCommand('token', ['create', '--role', 'COORDINATOR', '--name', 'crash'], settings);
    const token = made.stdout.trim();
    await aDonation(api.with(token), { MASK: 1000 });
    const first = postmaster();
    await api.kill('SIGKILL');

    api = await startApi(settings);
    expect(postmaster()).toBe(first);
    expect(await available(api.with(token))).toBe(1000);
    await aDonation(api.with(token), { MASK: 234 });
    process.kill(first, 'SIGKILL');
    await api.kill('SIGKILL');

    api = await startApi(settings);
    expect(postmaster()).not.toBe(first);
    expect(await available(api.with(token))).toBe(1234);
    expect(await runCommand('verify', [], settings)).toMatchObject({ exitCode: 0 });

    await api.stop();
    expect(existsSync(pidFile)).toBe(false);
  });
});
