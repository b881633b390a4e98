import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type pg from 'pg';
import type { DistributionFilter } from '../../src/history/distribution.rules.js';
import { keptTotalFor } from '../../src/history/kept.rules.js';
import { LedgerLawsRepository } from '../../src/history/ledger-laws.repository.js';
import { SummaryRepository } from '../../src/history/summary.repository.js';
import type { DistributionDimension } from '../../src/history/summary.rules.js';
import { TotalRepository, TOTALS_LAW } from '../../src/history/total.repository.js';
import type { Reader, Tx } from '../../src/platform/database.js';
import { aCommittedPlan, aDonation, aDonor, clinicians } from '../support/builders.js';
import { connect } from '../support/database.js';
import { runCommand } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';

const TABLES = ['distribution_month_total', 'distribution_country_total', 'distribution_donor_total'];
const ITEMS = ['MASK', 'GOGGLES', 'GOWN', 'N95'];

let world: World;
let owner: pg.Client;
let app: pg.Client;
let other: pg.Client;
let donors: string[];

const appUrl = (): string => `${world.databaseUrl}?options=${encodeURIComponent('-c role=ppe_app -c lock_timeout=5s')}`;
const reading = (client: pg.Client): Reader => ({
  rows: async <T>(sql: string, parameters: readonly unknown[] = []) =>
    (await client.query(sql, [...parameters])).rows as T[],
});
const breaches = async (client = owner): Promise<readonly string[]> =>
  (await new LedgerLawsRepository().finding(reading(client), TOTALS_LAW.name)).breaches;

beforeAll(async () => {
  world = await openWorld();
  [owner, app, other] = [await connect(world.databaseUrl), await connect(appUrl()), await connect(appUrl())];
  const coordinator = await world.as('COORDINATOR');
  donors = [(await aDonor(coordinator)).id, (await aDonor(coordinator)).id, (await aDonor(coordinator)).id];
  await clinicians(coordinator, 6);
  for (const [i, donorId] of donors.entries()) {
    const lines = ITEMS.slice(i).map((itemCode) => ({ itemCode, units: 60 }));
    const gift = await aDonation(coordinator, {}, { donorId, lines });
    await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
  }
});
afterAll(async () => {
  for (const client of [app, other, owner]) await client?.end();
  await world?.close();
});

/** Does something in a transaction that is undone. */
async function undone<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    return await work();
  } finally {
    await client.query('rollback');
  }
}

describe('the kept totals', () => {
  it('cannot be written by the application, nor can what writes them be called by it', async () => {
    for (const table of TABLES) {
      for (const sql of [
        `update ${table} set units = units`,
        `delete from ${table}`,
        `truncate ${table}`,
        `insert into ${table} select * from ${table}`,
      ]) {
        const refusal = await undone(app, () => app.query(sql).catch((error: unknown) => error));
        expect([sql, refusal]).toEqual([sql, expect.objectContaining({ code: '42501' })]);
      }
      await expect(app.query(`select * from ${table}`)).resolves.toBeDefined();
    }
    for (const call of ['free_total_slot()', 'keep_distribution_totals()', 'empty_distribution_totals()']) {
      const refusal = await undone(app, () => app.query(`select ${call}`).catch((error: unknown) => error));
      expect([call, refusal]).toEqual([call, expect.objectContaining({ code: '42501' })]);
    }
  });

  it.each([
    [`update distribution_month_total set units = units + 1`, 'distribution_month_total'],
    [`update distribution_country_total set confirmed_units = 1`, 'distribution_country_total'],
    [`delete from distribution_donor_total`, 'distribution_donor_total'],
    [
      `insert into distribution_donor_total select donor_id, item_id, 'LOST', 3, 0, 0, 1 from distribution_donor_total limit 1`,
      'distribution_donor_total',
    ],
  ])('that are not the sums of the lines are found by a law of their own: %s', async (sql, named) => {
    const found = await undone(owner, async () => {
      await owner.query(sql);
      return new LedgerLawsRepository().findings(reading(owner));
    });
    const broken = found.filter((finding) => finding.breaches.length > 0);
    expect(broken.map(({ law }) => law)).toEqual([TOTALS_LAW.name]);
    expect(broken[0]!.breaches[0]).toContain(named);
    expect(await breaches()).toEqual([]);
  });

  it('are found wrong when a line changes behind their back', async () => {
    const found = await undone(owner, async () => {
      await owner.query('alter table distribution disable trigger user');
      await owner.query(`update distribution set country = 'FR'`);
      return breaches();
    });
    expect(found[0]).toContain('distribution_country_total');
  });

  const writings = [
    `update distribution set country = null, exposure_tier = 1 where units > 9`,
    `update distribution set status = 'CONFIRMED', confirmed_units = units - 1`,
    `update distribution set confirmed_units = null, units = units + 3`,
    `update distribution set allocated_at = allocated_at - interval '40 days'`,
    `update distribution set item_id = (select id from item where code = 'FFP2'), donor_id = (select min(donor_id::text) from distribution)::uuid`,
    `delete from distribution where exposure_tier = 3`,
    `insert into distribution select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).* from distribution t`,
    `alter table recall_line disable trigger user; truncate distribution cascade`,
  ];
  it.each(writings)('follow whatever is written, all at once or line by line: %s', async (sql) => {
    expect(await undone(owner, async () => [await owner.query(sql), await breaches()][1])).toEqual([]);
  });

  it('are not touched, and no slot is taken, where a change leaves every sum as it was', async () => {
    const versions = async () =>
      (await owner.query(TABLES.map((table) => `select xmin::text, ctid::text from ${table}`).join(' union all ')))
        .rows;
    const before = await versions();
    const after = await undone(owner, async () => {
      await owner.query(`update distribution set dispatched_at = now(), country = country, units = units`);
      const slots = await owner.query(`select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`);
      return [await versions(), slots.rowCount];
    });
    expect(after).toEqual([before, 0]);
  });
});

describe('two transactions that change the same sums in any order', () => {
  const confirm = (client: pg.Client, item: string): Promise<pg.QueryResult> =>
    client.query(
      `update distribution set status = 'DISPATCHED' where id = any(select id from distribution
         where item_id = (select id from item where code = $1) and status = 'PREPARED' order by id ${client === app ? '' : 'desc'} limit 2)`,
      [item],
    );
  /** Each changes one sum, and then the other's: with one row a sum, this would be a deadlock. */
  const crosswise = async (): Promise<number[]> => {
    const slots = `select distinct slot from distribution_month_total order by 1`;
    await app.query('begin');
    await other.query('begin');
    try {
      await confirm(app, 'N95');
      await confirm(other, 'GOWN');
      await confirm(app, 'GOWN');
      await confirm(other, 'N95');
      await app.query('commit');
      await other.query('commit');
    } finally {
      await app.query('rollback');
      await other.query('rollback');
    }
    expect(await breaches()).toEqual([]);
    return (await owner.query<{ slot: number }>(slots)).rows.map(({ slot }) => slot);
  };

  it('neither wait for each other nor deadlock', async () => {
    expect(await crosswise()).toEqual([0, 1]);
  });

  it('go on where all slots are taken: each has one of its own then', async () => {
    const taken = await connect(world.databaseUrl);
    try {
      await taken.query('select pg_advisory_lock(7240119, slot) from generate_series(0, 15) as slot');
      const slots = await crosswise();
      expect(slots.slice(0, 2)).toEqual([0, 1]);
      expect(slots.filter((slot) => slot >= 16)).toHaveLength(2);
    } finally {
      await taken.end();
    }
  });
});

describe('npm run rebuild-summaries', () => {
  const run = (...args: string[]) => runCommand('rebuild-summaries', args, { DATABASE_URL: world.databaseUrl });

  it('says what was wrong and puts it right, with one row for each sum, and writes down that it did', async () => {
    const before = await owner.query(`select count(*)::integer as n from journal`);
    await owner.query(
      `update distribution_month_total set units = units + 7 where item_id = (select id from item where code = 'N95')`,
    );
    expect(await breaches()).not.toEqual([]);
    const said = await run();
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    expect(said.stdout).toMatch(/^corrected {2}distribution_month_total of /m);
    expect(said.stdout).toMatch(/^[1-9]\d* kept totals were wrong\. \d+ rows became \d+\.$/m);
    expect(await breaches()).toEqual([]);
    for (const table of TABLES) {
      expect((await owner.query(`select from ${table} where slot <> 0 or distributions = 0`)).rowCount).toBe(0);
    }
    const { rows } = await owner.query(`select action, actor_role from journal order by at desc, id desc limit 1`);
    expect(rows).toEqual([{ action: 'rebuildSummaries', actor_role: 'COMMAND_LINE' }]);
    expect((await owner.query(`select count(*)::integer as n from journal`)).rows[0].n).toBe(before.rows[0].n + 1);
    expect((await run()).stdout).toMatch(/^0 kept totals were wrong/m);
  });

  it('refuses what it does not know, and a database without totals', async () => {
    expect(await run('--everything')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('usage') });
    const url = new URL(world.databaseUrl);
    url.pathname = '/postgres';
    const nothing = await runCommand('rebuild-summaries', [], { DATABASE_URL: url.href });
    expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no totals') });
  });

  it('counts in whoever is writing meanwhile, and lets nobody in when rows are put together; readers go on', async () => {
    await owner.query(`update distribution_country_total set confirmed_units = confirmed_units + 5`);
    await app.query('begin');
    await app.query(`update distribution set status = 'LOST' where status = 'PREPARED'`);
    const rebuilding = run();
    const waiting = `select from pg_locks where relation = 'distribution'::regclass and mode = 'ShareRowExclusiveLock' and not granted`;
    // What was wrong has been reckoned when it waits for the writer, who has not ended.
    for (let looks = 0; looks < 2000 && (await owner.query(waiting)).rowCount === 0; looks++) await wait(10);
    expect((await owner.query(waiting)).rowCount).toBe(1);
    await app.query(`update distribution set status = 'RETURNED', country = 'CH' where status = 'DISPATCHED'`);
    await app.query('commit');
    expect((await rebuilding).stdout).toMatch(/^[1-9]\d* kept totals were wrong/m);
    expect(await breaches()).toEqual([]);

    await undone(owner, async () => {
      await new TotalRepository().rebuild(reading(owner) as Tx);
      await app.query(`set lock_timeout = '100ms'`);
      await expect(app.query(`update distribution set status = 'RETURNED'`)).rejects.toMatchObject({ code: '55P03' });
      await expect(app.query(`select count(*) from distribution_month_total`)).resolves.toBeDefined();
      await app.query(`set lock_timeout = '5s'`);
    });
  });
});

describe('what is kept and what the lines say', () => {
  const STATES = ['PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED', 'RETURNED', 'LOST', 'CANCELLED'];
  const COUNTRIES = ['US', 'CN', 'IT'];
  const BY: DistributionDimension[] = ['ITEM', 'CATEGORY', 'DONOR', 'COUNTRY', 'TIER', 'MONTH', 'QUARTER', 'STATUS'];
  const rarely = <T>(value: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });
  const some = <T>(values: readonly T[]) => rarely(fc.subarray([...values]));
  const MONTHS = ['2020-01-01', '2020-03-01', '2020-04-01', '2021-01-01'];
  const ENDS = ['2020-02-29', '2020-03-31', '2020-12-31', '2021-06-30'];

  const line = fc.record({
    item: fc.constantFrom(...ITEMS),
    donor: fc.nat(2),
    status: fc.constantFrom(...STATES),
    country: fc.constantFrom(...COUNTRIES, null),
    tier: fc.integer({ min: 1, max: 3 }),
    units: fc.integer({ min: 1, max: 9 }),
    confirmed: fc.boolean(),
    at: fc.constantFrom(
      '2020-02-29T23:59:59.999Z',
      '2020-03-01T00:00:00Z',
      '2020-03-31T23:30:00Z',
      '2021-01-01T00:00:00Z',
    ),
  });
  const filter = (): fc.Arbitrary<DistributionFilter> =>
    fc.record({
      itemCodes: some(ITEMS),
      categories: some(['MASK', 'GOGGLES', 'GLOVES']),
      statuses: some(STATES),
      countries: some(COUNTRIES),
      exposureTiers: some([1, 2, 3]),
      donorIds: some(donors),
      allocatedOn: rarely(fc.record({ from: fc.constantFrom(...MONTHS, null), to: fc.constantFrom(...ENDS, null) })),
      timeZone: rarely(fc.constantFrom('UTC', 'Asia/Shanghai')),
      search: rarely(fc.constantFrom('mask', 'o')),
      itemsOnly: fc.boolean(),
    });

  it('is the same, for any lines, dimensions and filters', async () => {
    const [totals, lines] = [new TotalRepository(), new SummaryRepository()];
    const compared: Record<string, number> = {};
    const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.subarray(BY, { maxLength: 3 }), filter()), { minLength: 20, maxLength: 20 }),
        (written, questions) =>
          undone(owner, async () => {
            await owner.query(
              `insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, exposure_tier, units, confirmed_units, status, allocated_at)
               select gen_random_uuid(), t.delivery_id, t.plan_id, t.recipient_id, i.id, t.lot_id, t.site_id, ($2::uuid[])[n.donor + 1], t.shipment_id,
                 n.country, n.tier, n.units, case when n.confirmed then n.units - 1 end, n.status, n.at
               from jsonb_to_recordset($1::jsonb) as n (item text, donor integer, status text, country text, tier integer, units integer, confirmed boolean, at timestamptz)
               join item i on i.code = n.item cross join (select * from distribution limit 1) as t`,
              [JSON.stringify(written), donors],
            );
            for (const [by, asked] of questions) {
              const kept = keptTotalFor(by, asked);
              if (!kept) continue;
              compared[kept] = (compared[kept] ?? 0) + 1;
              const told = await totals.sums(reading(owner), kept, asked, by);
              expect(sorted(told)).toEqual(sorted(await lines.sums(reading(owner), asked, by)));
              const peopled = (await lines.peopled(reading(owner), asked, by)).map(({ few: _few, ...row }) => ({
                ...row,
                recipients: null,
              }));
              expect(sorted(told)).toEqual(sorted(peopled));
            }
          }),
      ),
      { numRuns: 40 },
    );
    // Each way was compared, not only the first.
    for (const kept of ['MONTH', 'DONOR', 'COUNTRY']) expect(compared[kept]).toBeGreaterThan(20);
  });
});
