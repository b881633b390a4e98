import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.js';
import { aDonation, clinicians, STOCK } from '../support/builders.js';
import { type ApiProcess, clientAt, NoAnswer, runCommand, startApi } from '../support/process.js';
import { type Client, openWorld, type World } from '../support/world.js';
import { act, type Act, parcelsOf, preview, type Said } from './acts.js';

const WRITERS = 12;
const KILLS = 3;
/** How many acknowledgements lie between one kill and the next. */
const BETWEEN_KILLS = 60;
const LONGEST_OUTAGE_MS = 30_000;

describe('an API that is killed while many write', () => {
  let world: World;
  let api: ApiProcess;
  const agent = new http.Agent({ keepAlive: true });

  beforeAll(async () => {
    world = await openWorld();
    api = await startApi({ DATABASE_URL: world.databaseUrl });
  });
  afterAll(async () => {
    agent.destroy();
    await api?.stop();
    await world?.close();
  });

  const count = async (sql: string): Promise<number> => (await world.dataSource.query(`select (${sql}) as n`))[0].n;

  it('keeps every acknowledged write once, and nothing by halves', async () => {
    const coordinator = await world.as('COORDINATOR');
    const recipientIds = await clinicians(coordinator, 2);
    const client = clientAt(() => api.url, coordinator.token!, agent);
    const acknowledged: Record<string, number> = {};
    const load = { acknowledged: 0, unanswered: 0, goesOn: true };

    /** Calls until there is an answer, under the same key each time. */
    const insist = async <T>(call: () => Promise<T>): Promise<T> => {
      const giveUpAt = Date.now() + LONGEST_OUTAGE_MS;
      for (;;) {
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof NoAnswer) || Date.now() > giveUpAt) throw error;
          load.unanswered++;
          await wait(20);
        }
      }
    };
    const write = async (
      name: Act,
      key: string,
      input: object,
    ): Promise<Said & { lines?: { lots: { id: string }[] }[] }> => {
      const said = await insist(() => act(client, name, { ...input, idempotencyKey: `${name} ${key}` }));
      expect(['Shipment', 'Plan', 'Delivery']).toContain(said.__typename);
      acknowledged[name] = (acknowledged[name] ?? 0) + 1;
      load.acknowledged++;
      return said;
    };
    const writer = async (who: number): Promise<void> => {
      for (let i = 1; load.goesOn; i++) {
        const key = `${who}-${i}`;
        const lines = [
          { itemCode: 'MASK', units: 40 },
          { itemCode: 'GOWN', units: 10 },
        ];
        const newDonor = { name: `Donor ${key}`, kind: 'COMPANY' };
        const gift = await write('logDonation', key, { reference: `gift ${key}`, newDonor, lines });
        const stock = { lotIds: gift.lines!.map((line) => line.lots[0]!.id) };
        const { id } = await insist(() => preview(client, { stock, recipients: { recipientIds } }));
        await write('commitAllocation', key, { planId: id });
        const [parcel] = await insist(() => parcelsOf(client, id));
        await write('dispatchDelivery', key, { deliveryId: parcel!.id });
        await write('confirmDelivery', key, { deliveryId: parcel!.id });
      }
    };
    const killer = async (): Promise<void> => {
      const giveUpAt = Date.now() + LONGEST_OUTAGE_MS;
      const acknowledged = async (enough: number): Promise<void> => {
        while (load.goesOn && load.acknowledged < enough && Date.now() < giveUpAt) await wait(1);
      };
      for (let kill = 1; kill <= KILLS; kill++) {
        await acknowledged(kill * BETWEEN_KILLS);
        await api.kill('SIGKILL');
        api = await startApi({ DATABASE_URL: world.databaseUrl });
      }
      await acknowledged((KILLS + 1) * BETWEEN_KILLS);
      load.goesOn = false;
    };
    const stopWriting = (error: unknown): never => {
      load.goesOn = false;
      throw error;
    };
    await Promise.all([
      killer().catch(stopWriting),
      ...Array.from({ length: WRITERS }, (_, i) => writer(i).catch(stopWriting)),
    ]);

    // The load was cut in the middle each time, or this test has shown nothing.
    expect(load.unanswered).toBeGreaterThanOrEqual(KILLS * (WRITERS / 2));
    const gifts = acknowledged['logDonation']!;
    expect(acknowledged).toEqual({
      logDonation: gifts,
      commitAllocation: gifts,
      dispatchDelivery: gifts,
      confirmDelivery: gifts,
    });
    for (const [name, times] of Object.entries(acknowledged)) {
      expect([name, await count(`select count(*) from journal where action = '${name}'`)]).toEqual([name, times]);
    }
    expect(await count(`select count(distinct reference) from shipment where reference like 'gift %'`)).toBe(gifts);
    expect({
      gifts: await count('select count(*) from shipment'),
      donors: await count('select count(*) from donor'),
      lines: await count('select count(*) from shipment_line'),
      lots: await count('select count(*) from lot'),
      parcels: await count('select count(*) from delivery'),
      confirmed: await count(`select count(*) from delivery where status = 'CONFIRMED'`),
      moves: await count('select count(*) from stock_entry'),
      keys: await count('select count(*) from idempotency'),
      keysWithoutResult: await count('select count(*) from idempotency where reference is null'),
    }).toEqual({
      gifts,
      donors: gifts,
      lines: 2 * gifts,
      lots: 2 * gifts,
      parcels: 2 * gifts,
      confirmed: gifts,
      moves: 8 * gifts,
      keys: 4 * gifts,
      keysWithoutResult: 0,
    });
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
