import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { migrate, MIGRATION_NAMES } from '../../src/data-source.js';
import { describeSchema } from '../../src/platform/postgres/catalog.js';
import { STOCK } from '../support/builders.js';
import { cloneDatabase, connect } from '../support/database.js';
import { runCommand, startApi } from '../support/process.js';

const id = (n: number): string => `01900000-0000-7000-8000-0000000010${String(n).padStart(2, '0')}`;
const SITE = '(select id from site where is_default)';
const MASK = `(select id from item where code = 'MASK')`;
const T = `'2020-04-01T08:00:00Z'`;

/**
 * What the very first version would have left: a gift of 100, of which a plan gave 30 and 20 to two people, one parcel
 * confirmed short by 3 and damaged, the other on its way, and a second plan that was taken back.
 */
const DATA_OF_THE_FIRST_VERSION = `
  insert into donor (id, name, kind, created_at) values ('${id(1)}', 'A firm', 'COMPANY', ${T});
  insert into recipient (id, name, country, exposure_tier, headcount, status, created_at)
    values ('${id(2)}', 'Ana', 'US', 1, 1, 'ACTIVE', ${T}), ('${id(3)}', 'Bo', 'CN', 2, 1, 'ACTIVE', ${T});
  insert into shipment (id, reference, donor_id, status, received_at, created_at) values ('${id(4)}', 'S-1', '${id(1)}', 'RECEIVED', ${T}, ${T});
  insert into shipment_line (id, shipment_id, position, item_id, announced_units, accepted_units) values ('${id(5)}', '${id(4)}', 0, ${MASK}, 100, 100);
  insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, received_at) values ('${id(6)}', ${MASK}, '${id(1)}', '${id(4)}', '${id(5)}', ${T});
  insert into plan (id, status, rule, choice, problem, fingerprint, engine_version, unallocated, metrics, created_at, committed_at)
    select plan, status, 'CONSTRAINED_EQUAL_AWARDS', '{}', '{}', 'f', '1', '[]', '[]', ${T}, ${T}
    from (values ('${id(7)}'::uuid, 'COMMITTED'), ('${id(8)}', 'CANCELLED')) as p (plan, status);
  insert into award (plan_id, recipient_id, item_id, position, units, why, cancelled_at)
    values ('${id(7)}', '${id(2)}', ${MASK}, 0, 30, '{}', null), ('${id(7)}', '${id(3)}', ${MASK}, 1, 20, '{}', null), ('${id(8)}', '${id(2)}', ${MASK}, 0, 10, '{}', ${T});
  insert into award_lot (plan_id, recipient_id, item_id, lot_id, site_id, units)
    select plan_id, recipient_id, item_id, '${id(6)}', ${SITE}, units from award;
  insert into delivery (id, plan_id, recipient_id, status, prepared_at)
    values ('${id(9)}', '${id(7)}', '${id(2)}', 'CONFIRMED', ${T}), ('${id(10)}', '${id(7)}', '${id(3)}', 'DISPATCHED', ${T}), ('${id(11)}', '${id(8)}', '${id(2)}', 'CANCELLED', ${T});
  insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, units, confirmed_units, shortage_reason, status, allocated_at)
    select case d.id when '${id(9)}' then '${id(12)}'::uuid when '${id(10)}' then '${id(13)}' else '${id(14)}' end, d.id, d.plan_id, d.recipient_id, ${MASK}, '${id(6)}', ${SITE}, '${id(1)}', '${id(4)}', r.country,
      a.units, case d.status when 'CONFIRMED' then 27 end, case d.status when 'CONFIRMED' then 'DAMAGED' end, d.status, ${T}
    from delivery d join award a using (plan_id, recipient_id) join recipient r on r.id = d.recipient_id;
  insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, at)
    select e.id::uuid, '${id(6)}', ${SITE}, e.left_place, ${SITE}, e.reached, e.units, e.cause, e.cause_id::uuid, ${T} from (values
      ('${id(20)}', 'SOURCE', 'AVAILABLE', 100, 'SHIPMENT_RECEIVED', '${id(4)}'), ('${id(21)}', 'AVAILABLE', 'ALLOCATED', 50, 'ALLOCATION_COMMITTED', '${id(7)}'),
      ('${id(22)}', 'AVAILABLE', 'ALLOCATED', 10, 'ALLOCATION_COMMITTED', '${id(8)}'), ('${id(23)}', 'ALLOCATED', 'AVAILABLE', 10, 'ALLOCATION_CANCELLED', '${id(8)}'),
      ('${id(24)}', 'ALLOCATED', 'IN_TRANSIT', 30, 'DELIVERY_DISPATCHED', '${id(9)}'), ('${id(25)}', 'ALLOCATED', 'IN_TRANSIT', 20, 'DELIVERY_DISPATCHED', '${id(10)}'),
      ('${id(26)}', 'IN_TRANSIT', 'DELIVERED', 27, 'DELIVERY_CONFIRMED', '${id(9)}'), ('${id(27)}', 'IN_TRANSIT', 'DISCARDED', 3, 'DELIVERY_CONFIRMED', '${id(9)}')
    ) as e (id, left_place, reached, units, cause, cause_id);
  insert into lot_balance (lot_id, site_id, place, units)
    select '${id(6)}', ${SITE}, place, units from (values ('SOURCE', -100), ('AVAILABLE', 50), ('ALLOCATED', 0), ('IN_TRANSIT', 20), ('DELIVERED', 27), ('DISCARDED', 3)) as b (place, units);
  insert into journal (id, at, actor_role, action, request_id, reference) values ('${id(30)}', ${T}, 'COORDINATOR', 'logDonation', 'r', '{}')`;

const BALANCES = `select place, units from lot_balance where units <> 0 order by place`;
const KEPT = ['donor', 'recipient', 'shipment', 'lot', 'stock_entry', 'lot_balance', 'delivery', 'journal'];

describe('a database of the first version', () => {
  let admin: pg.Client;
  let url: string;
  let owner: pg.Client;
  let name: string;

  beforeAll(async () => {
    admin = await connect(process.env['TEST_ADMIN_URL']!);
    name = `ppe_old_${randomBytes(6).toString('hex')}`;
    await admin.query(`create database ${name}`);
    const address = new URL(process.env['TEST_ADMIN_URL']!);
    address.pathname = `/${name}`;
    url = address.href;
    await migrate(url, 1);
    owner = await connect(url);
    await owner.query(DATA_OF_THE_FIRST_VERSION);
  });
  afterAll(async () => {
    await owner?.end();
    await admin?.query(`drop database if exists ${name} with (force)`);
    await admin?.end();
  });

  const contents = async (): Promise<unknown> => {
    const found: Record<string, unknown> = { balances: (await owner.query(BALANCES)).rows };
    for (const table of KEPT) found[table] = (await owner.query(`select count(*) as n from ${table}`)).rows[0].n;
    return found;
  };

  it('is brought up to date with the same balances and nothing lost, and its laws hold', async () => {
    const before = await contents();
    expect((await owner.query('select name from migrations')).rows).toEqual([{ name: MIGRATION_NAMES[0] }]);

    await migrate(url);

    expect(await contents()).toEqual(before);
    expect(before).toMatchObject({
      balances: [
        { place: 'AVAILABLE', units: 50 },
        { place: 'DELIVERED', units: 27 },
        { place: 'DISCARDED', units: 3 },
        { place: 'IN_TRANSIT', units: 20 },
        { place: 'SOURCE', units: -100 },
      ],
    });
    // The sums over the lines that were there are kept from now on.
    for (const table of ['month', 'country', 'donor']) {
      const kept = await owner.query(
        `select status, units::integer, confirmed_units::integer as confirmed from distribution_${table}_total order by status`,
      );
      expect(kept.rows).toEqual([
        { status: 'CANCELLED', units: 10, confirmed: 0 },
        { status: 'CONFIRMED', units: 30, confirmed: 27 },
        { status: 'DISPATCHED', units: 20, confirmed: 0 },
      ]);
    }
    expect(await runCommand('verify', [], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 });
    const fresh = await connect(await cloneDatabase());
    try {
      expect(await describeSchema(owner)).toBe(await describeSchema(fresh));
    } finally {
      await fresh.end();
    }
  });

  it('goes on being worked with: what was on its way arrives', async () => {
    const { stdout } = await runCommand('token', ['create', '--role', 'COORDINATOR', '--name', 'old hand'], {
      DATABASE_URL: url,
    });
    const api = await startApi({ DATABASE_URL: url });
    try {
      const client = api.with(stdout.trim());
      expect(await client.ask(STOCK, { itemCodes: ['MASK'] })).toMatchObject({
        stock: [{ availableUnits: 50, inTransitUnits: 20, deliveredUnits: 27 }],
      });
      const confirm = `mutation { confirmDelivery(input: { deliveryId: "${id(10)}" }) { ... on Delivery { status } } }`;
      expect(await client.ask(confirm)).toEqual({ confirmDelivery: { status: 'CONFIRMED' } });
    } finally {
      await api.stop();
    }
    expect(await runCommand('verify', [], { DATABASE_URL: url })).toMatchObject({ exitCode: 0 });
  });
});
