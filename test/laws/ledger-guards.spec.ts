import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { type Finding, LedgerLawsRepository } from '../../src/history/ledger-laws.repository.js';
import { newId } from '../../src/platform/ids.js';
import { aDonation, aNeed, clinicians } from '../support/builders.js';
import { connect } from '../support/database.js';
import { runCommand } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';
import { act, commit } from './acts.js';

let world: World;
let owner: pg.Client;
let app: pg.Client;
/** Lots, sites and lines of a gift, some of which is in every place. */
let lotId: string;
let siteId: string;
let parcels: { prepared: string; dispatched: string; delivered: string; confirmed: string };

beforeAll(async () => {
  world = await openWorld();
  owner = await connect(world.databaseUrl);
  app = await connect(`${world.databaseUrl}?options=${encodeURIComponent('-c role=ppe_app')}`);
  const coordinator = await world.as('COORDINATOR');
  lotId = (await aDonation(coordinator, { MASK: 100 })).lines[0]!.lots[0]!.id;
  const recipientIds = await clinicians(coordinator, 4);
  for (const id of recipientIds) await aNeed(coordinator, id, { units: 18 });
  const cap = [{ itemCode: 'MASK', units: 20 }];
  const done = await commit(coordinator, {
    recipients: { recipientIds },
    policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap },
  });
  const [prepared, dispatched, delivered, confirmed] = done.parcels.map(({ id }) => id);
  parcels = { prepared: prepared!, dispatched: dispatched!, delivered: delivered!, confirmed: confirmed! };
  for (const deliveryId of [dispatched, delivered, confirmed]) {
    await act(coordinator, 'dispatchDelivery', { deliveryId });
  }
  await act(coordinator, 'markDelivered', { deliveryId: delivered });
  const counts = [{ lineId: done.parcels[3]!.lines[0]!.id, units: 15, reason: 'DAMAGED' }];
  await act(coordinator, 'confirmDelivery', { deliveryId: confirmed, counts });
  siteId = (await owner.query(`select id from site`)).rows[0].id;
});
afterAll(async () => {
  await app?.end();
  await owner?.end();
  await world?.close();
});

/** Tries statements in a transaction that is undone. @returns what was refused, or nothing */
async function attempt(client: pg.Client, ...statements: string[]): Promise<(Error & pg.DatabaseError) | undefined> {
  await client.query('begin');
  try {
    for (const sql of statements) await client.query(sql);
    return undefined;
  } catch (error) {
    return error as Error & pg.DatabaseError;
  } finally {
    await client.query('rollback');
  }
}

describe('what is append-only', () => {
  const changes = ['stock_entry', 'journal'].flatMap((table) => [
    [`update ${table} set at = now()`, table],
    [`delete from ${table}`, table],
    [`truncate ${table}`, table],
  ]);

  it.each(changes)('%s: is denied to the application, and refused by a trigger to the owner', async (sql, table) => {
    expect(await attempt(app, sql!)).toMatchObject({ code: '42501', message: `permission denied for table ${table}` });
    expect(await attempt(owner, sql!)).toMatchObject({ code: '42501', message: `${table} is append-only` });
  });

  it('is every table with such a trigger: none of them can be changed, neither by the application nor by the owner', async () => {
    const { rows } = await owner.query<{ table: string; column: string }>(
      `select c.relname as table, (select attname from pg_attribute where attrelid = c.oid and attnum = 1) as column
       from pg_class c where exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
         where t.tgrelid = c.oid and p.proname = 'refuse_change') order by 1`,
    );
    expect(rows.map((row) => row.table)).toEqual(expect.arrayContaining(['journal', 'policy_version', 'stock_entry']));
    for (const { table, column } of rows) {
      for (const sql of [`update ${table} set ${column} = ${column}`, `delete from ${table}`, `truncate ${table}`]) {
        expect([sql, (await attempt(app, sql))?.message]).toEqual([sql, `permission denied for table ${table}`]);
      }
      expect([table, (await attempt(owner, `truncate ${table} cascade`))?.code]).toEqual([table, '42501']);
    }
  });

  it('cannot be opened by the application: it owns nothing', async () => {
    for (const sql of [
      'alter table stock_entry disable trigger all',
      'drop trigger journal_is_append_only on journal',
      'drop table journal',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
      'alter table lot_balance drop constraint lot_balance_units_not_negative',
      'create table public.other (id integer)',
      'set session_replication_role = replica',
    ]) {
      expect([sql, (await attempt(app, sql))?.code]).toEqual([sql, '42501']);
    }
    const owned = await owner.query(`select relname from pg_class where relowner = 'ppe_app'::regrole`);
    expect(owned.rows).toEqual([]);
  });

  it('is all that the ledger has: nothing else of it can be deleted by the application either', async () => {
    for (const table of ['lot', 'lot_balance', 'distribution', 'delivery', 'plan', 'award', 'award_lot', 'shipment']) {
      expect([table, (await attempt(app, `delete from ${table}`))?.code]).toEqual([table, '42501']);
    }
    for (const table of ['lot', 'award_lot']) {
      const column = table === 'lot' ? 'received_at = now()' : 'units = units';
      expect([table, (await attempt(app, `update ${table} set ${column}`))?.code]).toEqual([table, '42501']);
    }
  });
});

describe('units', () => {
  const PLACES = 'AVAILABLE ALLOCATED QUARANTINED IN_TRANSIT DELIVERED RETURNED_TO_DONOR LOST DISCARDED'.split(' ');
  const balance = (place: string, units: number): string =>
    `insert into lot_balance (lot_id, site_id, place, units) values ('${lotId}', '${siteId}', '${place}', ${units})
     on conflict (lot_id, site_id, place) do update set units = excluded.units`;

  it.each(PLACES)('%s cannot be fewer than none', async (place) => {
    expect(await attempt(app, balance(place, -1))).toMatchObject({ constraint: 'lot_balance_units_not_negative' });
    expect(await attempt(app, balance(place, 0))).toBeUndefined();
  });

  it('SOURCE, the outside, can', async () => {
    expect(await attempt(app, balance('SOURCE', -1))).toBeUndefined();
  });

  const entry = (units: number, to = 'LOST'): string =>
    `insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, from_units_after, to_units_after, at)
     values ('${newId()}', '${lotId}', '${siteId}', 'AVAILABLE', '${siteId}', '${to}', ${units}, 'DELIVERY_LOST', '${newId()}', 0, 0, now())`;

  it('move in positive numbers, and from one place to another', async () => {
    expect(await attempt(app, entry(1))).toBeUndefined();
    expect(await attempt(app, entry(0))).toMatchObject({ constraint: 'stock_entry_units_are_positive' });
    expect(await attempt(app, entry(-1))).toMatchObject({ constraint: 'stock_entry_units_are_positive' });
    expect(await attempt(app, entry(1, 'AVAILABLE'))).toMatchObject({ constraint: 'stock_entry_moves' });
  });

  it('say why by a code of the list, or by none', async () => {
    const because = (code: string, table: string): string => `update ${table} set reason_code = ${code}`;
    const change = `insert into lot_change (id, lot_id, field, before, after, reason, at) values ('${newId()}', '${lotId}', 'LOT_NUMBER', null, 'A', 'r', now())`;
    for (const table of ['stock_entry', 'lot_change']) {
      const first = [`alter table ${table} disable trigger all`, change];
      expect(await attempt(owner, ...first, because(`'WHIM'`, table))).toMatchObject({
        constraint: `${table}_reason_code_is_known`,
      });
      expect(await attempt(owner, ...first, because(`'RECOUNTED'`, table), because('null', table))).toBeUndefined();
    }
  });

  it('that are not there make the application fail, and change nothing', async () => {
    const statement = `update lot_balance set units = units - 1000 where lot_id = '${lotId}' and place = 'AVAILABLE'`;
    expect(await attempt(app, statement)).toMatchObject({ constraint: 'lot_balance_units_not_negative' });
  });
});

const BALANCES = 'every balance is the sum of its entries';
const CONSERVED = 'for every lot the places sum to what was received';
const NOT_NEGATIVE = 'no place but the outside holds fewer than no units';
const ACCEPTED = 'what was accepted of a shipment line came in as lots';
const PROMISED = 'units promised, on their way and delivered are those of the distributions';
const GIVEN = 'a committed plan gave out exactly what it awarded';
const AWARDED = 'an award is the sum of its lots';
const STATES = 'a distribution is in the state of its delivery, and carries the facts of its lot';
const RETURNED = 'what of an award did not arrive is what its distributions say';
const MET = 'a need is met by what plans gave for it';
const COUNTED = 'no more of an award counts towards needs than stands, and only towards needs it fits';
const TRANSFERRED = 'a transfer that is under way has its units in transit, and what arrived is what was counted';
const SET_ASIDE = 'units are free only of good lots, and set aside only of others';
const EMPTY = 'a parcel of which nothing is left is cancelled';
const STOPPED = 'a recalled lot is nowhere free or promised';
const TOLD = 'whoever holds units of a recalled lot has a notice';
const VISITS = 'what was accepted and rejected of a shipment line was counted at its visits, or corrected since';
const EXPLAINED = 'a closed shipment whose counts differ from what was announced says why';
const OF_LINE = 'a lot is of the item of its line, and of the donor of its shipment';
const ONE_RECALL = 'a lot is recalled as long as a recall that has not ended names it, and by one at a time';
const CLOSED = 'nothing stands at a closed site, or is on its way from there';
const KEPT = 'the kept totals are the sums of the lines';
const TAKEN_BACK = 'what was taken back is taken back in plan, award and delivery alike';

/** A break: what somebody with full rights does, the laws it breaks, and something of the row that each names. */
interface Break {
  readonly what: string;
  readonly sql: () => string[];
  readonly broken: Record<string, () => string>;
}

const lot = (): string => `lot ${lotId}`;
const AS_OWNER = 'alter table stock_entry disable trigger all';
/** A transfer of five units of which the ledger knows nothing. */
const transferred = (status: string): string[] => {
  const [to, id] = [newId(), newId()];
  return [
    `insert into site (id, name, name_key, opened_at) values ('${to}', 'Depot', 'depot', now())`,
    `insert into transfer (id, from_site_id, to_site_id, status, dispatched_at, ended_at)
     values ('${id}', '${siteId}', '${to}', '${status}', now(), ${status === 'DISPATCHED' ? 'null' : 'now()'})`,
    `insert into transfer_line (transfer_id, lot_id, units) values ('${id}', '${lotId}', 5)`,
  ];
};
const BREAKS: Break[] = [
  {
    what: 'a kept total was lowered',
    sql: () => [`update distribution_donor_total set units = 0`],
    broken: { [KEPT]: () => ': 0 units, 0 confirmed, 1 lines; the lines say 20, 0, 1' },
  },
  {
    what: 'a balance was raised',
    sql: () => [`update lot_balance set units = units + 1 where lot_id = '${lotId}' and place = 'AVAILABLE'`],
    broken: { [BALANCES]: () => 'AVAILABLE: balance 21, entries 20', [CONSERVED]: lot },
  },
  {
    what: 'units were moved between balances without an entry',
    sql: () => [
      `update lot_balance set units = units - 1 where lot_id = '${lotId}' and place = 'AVAILABLE'`,
      `update lot_balance set units = units + 1 where lot_id = '${lotId}' and place = 'DISCARDED'`,
    ],
    broken: { [BALANCES]: () => 'DISCARDED: balance 6, entries 5' },
  },
  {
    what: 'a balance is gone',
    sql: () => [`delete from lot_balance where lot_id = '${lotId}' and place = 'DISCARDED'`],
    broken: { [BALANCES]: () => 'DISCARDED: balance 0, entries 5', [CONSERVED]: lot },
  },
  {
    what: 'an entry was edited',
    sql: () => [
      AS_OWNER,
      `update stock_entry set units = units + 1 where lot_id = '${lotId}' and to_place = 'DISCARDED'`,
    ],
    broken: { [BALANCES]: () => 'DISCARDED: balance 5, entries 6' },
  },
  {
    what: 'the entry of an arrival is gone',
    sql: () => [AS_OWNER, `delete from stock_entry where lot_id = '${lotId}' and from_place = 'SOURCE'`],
    broken: { [BALANCES]: () => 'AVAILABLE: balance 20, entries -80', [ACCEPTED]: () => '100 accepted, 0 came in' },
  },
  {
    what: 'more went than there was, and the books agree about it',
    sql: () => [
      'alter table lot_balance drop constraint lot_balance_units_not_negative',
      `insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, from_units_after, to_units_after, at)
       values ('${newId()}', '${lotId}', '${siteId}', 'AVAILABLE', '${siteId}', 'DISCARDED', 21, 'DELIVERY_LOST', '${newId()}', -1, 26, now())`,
      `update lot_balance set units = units + case place when 'AVAILABLE' then -21 else 21 end
       where lot_id = '${lotId}' and place in ('AVAILABLE', 'DISCARDED')`,
    ],
    broken: { [NOT_NEGATIVE]: () => `${lot()}: -1 AVAILABLE` },
  },
  {
    what: 'the count of a shipment was edited',
    sql: () => ['update shipment_line set accepted_units = accepted_units - 1'],
    broken: {
      [ACCEPTED]: () => '99 accepted, 100 came in',
      [VISITS]: () => '99 accepted, 0 rejected; counted 100 and 0',
      [EXPLAINED]: () => '100 announced, 99 accepted, 0 rejected, and no reason',
    },
  },
  {
    what: 'a distribution was edited',
    sql: () => [`update distribution set units = units + 1 where delivery_id = '${parcels.prepared}'`],
    broken: { [PROMISED]: () => '20 ALLOCATED, distributions say 21', [GIVEN]: () => 'awarded 20, distributed 21' },
  },
  {
    what: 'the count of a confirmed parcel was edited',
    sql: () => [`update distribution set confirmed_units = 16 where delivery_id = '${parcels.confirmed}'`],
    broken: {
      [PROMISED]: () => '35 DELIVERED, distributions say 36',
      [RETURNED]: () => '5 units returned, distributions say 4',
    },
  },
  {
    what: 'a distribution is gone',
    sql: () => [`delete from distribution where delivery_id = '${parcels.dispatched}'`],
    broken: {
      [PROMISED]: () => '20 IN_TRANSIT, distributions say 0',
      [GIVEN]: () => 'awarded 20, distributed 0',
      [EMPTY]: () => `delivery ${parcels.dispatched} is DISPATCHED, and nothing is in it`,
    },
  },
  {
    what: 'a parcel is said to be lost, and its units are not',
    sql: () => [
      `update delivery set status = 'LOST' where id = '${parcels.dispatched}'`,
      `update distribution set status = 'LOST' where delivery_id = '${parcels.dispatched}'`,
    ],
    broken: {
      [PROMISED]: () => '20 IN_TRANSIT, distributions say 0',
      [RETURNED]: () => '0 units returned, distributions say 20',
    },
  },
  {
    what: 'an award and its lots were raised after the commit',
    sql: () => ['update award set units = units + 1', 'update award_lot set units = units + 1'],
    broken: { [GIVEN]: () => 'awarded 21, distributed 20' },
  },
  {
    what: 'an award was raised',
    sql: () => ['update award set units = units + 1'],
    broken: { [AWARDED]: () => '21 units, 20 in lots' },
  },
  {
    what: 'a parcel is in another state than its lines',
    sql: () => [`update delivery set status = 'CONFIRMED' where id = '${parcels.delivered}'`],
    broken: { [STATES]: () => 'differs from its delivery or its lot' },
  },
  {
    what: 'a distribution names another recipient than its parcel',
    sql: () => [
      `update distribution set recipient_id = (select recipient_id from delivery where id = '${parcels.delivered}')
       where delivery_id = '${parcels.prepared}'`,
    ],
    broken: { [GIVEN]: () => 'awarded 20, distributed 0', [STATES]: () => 'differs from its delivery or its lot' },
  },
  {
    what: 'a distribution names another donor than its lot',
    sql: () => [
      `insert into donor (id, name, kind, created_at) values ('${newId()}', 'Somebody else', 'PERSON', now())`,
      `update distribution set donor_id = (select id from donor where name = 'Somebody else') where delivery_id = '${parcels.prepared}'`,
    ],
    broken: { [STATES]: () => 'differs from its delivery or its lot' },
  },
  {
    what: 'an award was taken back, and its parcel was not',
    sql: () => [
      `update award set cancelled_at = now() where recipient_id = (select recipient_id from delivery where id = '${parcels.prepared}')`,
    ],
    broken: {
      [TAKEN_BACK]: () => 'awards taken back, delivery PREPARED',
      [COUNTED]: () => '18 units count, 0 stand',
    },
  },
  {
    what: 'a plan is said to be cancelled, and its awards stand',
    sql: () => [`update plan set status = 'CANCELLED'`],
    broken: { [TAKEN_BACK]: () => 'is CANCELLED, ' },
  },
  {
    what: 'units of an award are said to have come back',
    sql: () => ['update award set returned_units = 3 where returned_units = 0'],
    broken: {
      [RETURNED]: () => '3 units returned, distributions say 0',
      [COUNTED]: () => '18 units count, 17 stand',
    },
  },
  {
    what: 'a need is said to be met by fewer',
    sql: () => ['update need set met_units = met_units - 1, met_at = null'],
    broken: { [MET]: () => '17 units met, 18 given for it' },
  },
  {
    what: 'units count towards a need of something else',
    sql: () => [`update need set item_id = (select id from item where code = 'GOWN')`],
    broken: { [COUNTED]: () => '18 units count, 20 stand' },
  },
  {
    what: 'a transfer is under way that nobody loaded',
    sql: () => transferred('DISPATCHED'),
    broken: { [TRANSFERRED]: () => `${lot()}: 5 sent, 5 on the way`, [PROMISED]: lot },
  },
  {
    what: 'a transfer was taken back that never left',
    sql: () => transferred('CANCELLED'),
    broken: { [TRANSFERRED]: () => '5 back, 0 lost or discarded; entries say 0, 0, 0, 0, 0' },
  },
  {
    what: 'an intake is said to have been corrected, and the line of the shipment does not know',
    sql: () => [
      `insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, from_units_after, to_units_after, at)
       values ('${newId()}', '${lotId}', '${siteId}', 'AVAILABLE', '${siteId}', 'SOURCE', 5, 'INTAKE_CORRECTED', '${newId()}', 15, -95, now())`,
      `update lot_balance set units = units + case place when 'AVAILABLE' then -5 else 5 end
       where lot_id = '${lotId}' and place in ('AVAILABLE', 'SOURCE')`,
    ],
    broken: { [ACCEPTED]: () => '100 accepted, 95 came in', [VISITS]: () => 'corrected by -5' },
  },
  {
    what: 'more is said to have come back of an award that was taken back than was ever taken out',
    sql: () => [
      `update award set cancelled_at = now(), returned_units = 1
       where recipient_id = (select recipient_id from delivery where id = '${parcels.prepared}')`,
    ],
    broken: {
      [TAKEN_BACK]: () => 'awards taken back, delivery PREPARED',
      [COUNTED]: () => '18 units count, 0 stand',
      [RETURNED]: () => '1 units returned, distributions say 0',
    },
  },
  {
    what: 'the last line was taken out of a parcel, and the parcel stands',
    sql: () => [`update distribution set status = 'CANCELLED' where delivery_id = '${parcels.prepared}'`],
    broken: {
      [PROMISED]: () => '20 ALLOCATED, distributions say 0',
      [RETURNED]: () => '0 units returned, distributions say 20',
      [EMPTY]: () => `delivery ${parcels.prepared} is PREPARED, and nothing is in it`,
    },
  },
  {
    what: 'a lot is said to be recalled, some of it is promised, and nobody was told',
    sql: () => [`update lot set condition = 'RECALLED'`],
    broken: {
      [SET_ASIDE]: () => `${lot()} is RECALLED: 20 units AVAILABLE`,
      [STOPPED]: () => `${lot()}: 20 units ALLOCATED`,
      [TOLD]: () => `15 units of ${lot()}, and no notice`,
      [ONE_RECALL]: () => `${lot()} is RECALLED, and 0 open recalls name it`,
    },
  },
  {
    what: 'units of a line are said to have been rejected that nobody counted',
    sql: () => [`update shipment_line set rejected_units = 2, announced_units = 102`],
    broken: { [VISITS]: () => '100 accepted, 2 rejected; counted 100 and 0' },
  },
  {
    what: 'more is said to have been announced than came, and nobody says why the rest did not',
    sql: () => ['update shipment_line set announced_units = 120'],
    broken: { [EXPLAINED]: () => '120 announced, 100 accepted, 0 rejected' },
  },
  {
    what: 'a line is said to be of another item than its lot',
    sql: () => [`update shipment_line set item_id = (select id from item where code = 'GOWN')`],
    broken: { [OF_LINE]: lot },
  },
  {
    what: 'a lot is free that two recalls name',
    sql: () =>
      [newId(), newId()].flatMap((id) => [
        `insert into recall (id, reason, started_at) values ('${id}', 'torn', now())`,
        `insert into recall_lot (recall_id, lot_id, stopped_units, stopped_at) values ('${id}', '${lotId}', 0, now())`,
      ]),
    broken: { [ONE_RECALL]: () => `${lot()} is GOOD, and 2 open recalls name it` },
  },
  {
    what: 'a site was closed where goods stand',
    sql: () => [`update site set is_default = false, closed_at = now(), closed_because = 'moved'`],
    broken: { [CLOSED]: () => `${lot()}: 20 AVAILABLE` },
  },
];

describe('verify', () => {
  const findings = async (sql: string[]): Promise<Finding[]> => {
    const reader = { rows: async <T>(text: string) => (await owner.query(text)).rows as T[] };
    await owner.query('begin');
    try {
      for (const statement of sql) await owner.query(statement);
      return await new LedgerLawsRepository().findings(reader);
    } finally {
      await owner.query('rollback');
    }
  };
  it('knows no law that nothing here breaks', () =>
    expect(new Set(BREAKS.flatMap(({ broken }) => Object.keys(broken)))).toEqual(
      new Set(new LedgerLawsRepository().names()),
    ));
  it('finds nothing wrong where nothing is', async () => {
    expect((await findings([])).filter(({ breaches }) => breaches.length > 0)).toEqual([]);
  });
  it.each(BREAKS)('names the law and the row when $what', async ({ sql, broken }) => {
    const found = (await findings(sql())).filter(({ breaches }) => breaches.length > 0);
    expect(found.map(({ law }) => law).sort()).toEqual(Object.keys(broken).sort());
    for (const { law, breaches } of found) {
      expect(breaches).toEqual(expect.arrayContaining([expect.stringContaining(broken[law]!())]));
    }
  });

  it('as a command exits with 0 where all is well, 1 where a law is broken, and 2 where it cannot tell', async () => {
    const settings = { DATABASE_URL: world.databaseUrl };
    expect(await runCommand('verify', [], settings)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^All \d+ laws hold\.$/m),
    });
    const raise = (by: number): string =>
      `update lot_balance set units = units + ${by} where lot_id = '${lotId}' and place = 'AVAILABLE'`;
    await owner.query(raise(1));
    try {
      const said = await runCommand('verify', [], settings);
      expect(said.exitCode).toBe(1);
      expect(said.stdout).toContain(`BROKEN  ${BALANCES}\n        ${lot()}`);
      expect(said.stdout).toMatch(/^2 of \d+ laws are broken\.$/m);
    } finally {
      await owner.query(raise(-1));
    }
    // Whoever has all rights can silence the triggers; the books then no longer agree.
    const edit = (by: number): string =>
      `set session_replication_role = replica; update stock_entry set units = units + ${by} where lot_id = '${lotId}' and from_place = 'SOURCE';
       reset session_replication_role`;
    await owner.query(edit(1));
    try {
      const said = await runCommand('verify', [], settings);
      expect(said.exitCode).toBe(1);
      expect(said.stdout).toContain(`${lot()}, site ${siteId}, AVAILABLE: balance 20, entries 21`);
    } finally {
      await owner.query(edit(-1));
    }
    const [empty, slip] = await Promise.all([
      runCommand('verify', [], { DATABASE_URL: process.env['TEST_ADMIN_URL']! }),
      runCommand('verify', ['--nonsense'], settings),
    ]);
    expect(empty).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('There is no ledger') });
    expect(slip).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--nonsense') });
  });
});
