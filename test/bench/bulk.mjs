import { TotalRepository } from '../../dist/src/history/total.repository.js';

/** People who share everything; each plan is among the next of them. */
const PEOPLE = 1300;
const PEOPLE_A_PLAN = 28;
/** What each gift brings: a lot of each. */
const ITEMS = ['MASK', 'PROTECTIVE_SUIT', 'GOGGLES'];
/** Entries that a plan leaves behind, about: a receipt and a reservation of each lot, and two for each award. */
const ENTRIES_A_PLAN = 2 * ITEMS.length + 2 * ITEMS.length * PEOPLE_A_PLAN;

/** As large as the reasons that an award keeps. */
const WHY = {
  item: 'MASK',
  pool: null,
  rule: 'CONSTRAINED_EQUAL_AWARDS',
  rounding: null,
  inProportionTo: null,
  half: null,
  units: 36,
  supply: 1000,
  reserved: 0,
  people: 28,
  limitedPeople: 0,
  limitedUnits: 0,
  claimed: null,
  claim: null,
  guarantee: null,
  guaranteesCovered: true,
  cap: null,
  weight: 1,
  weighted: false,
  exactShare: '250/7',
  floor: 35,
  extra: 1,
  extrasBefore: 0,
  rank: 3,
  contenders: 28,
  cutoff: 20,
  ties: 'LOTTERY',
  fewestExtrasFirst: false,
  bindingConstraint: 'SUPPLY',
  pack: null,
  broken: 0,
  minimumLot: null,
  admittedPeople: null,
  admit: null,
  received: null,
  deficit: null,
};

/** An id that grows with its number, as real ones grow with time; `kind` keeps those of two tables apart. */
const id = (kind, number) => `(lpad(to_hex((${number})::bigint), 12, '0') || '7${kind}8000000000000000')::uuid`;
const SITE = `(select id from site where is_default)`;

/** What every award of every plan came to, and in which state its parcel is. */
const AWARDED = `
  create unlogged table bulk as
  select p, k, i, p * ${PEOPLE_A_PLAN} + k as parcel, (p * ${PEOPLE_A_PLAN} + k) * ${ITEMS.length} + i as line,
    (p * ${PEOPLE_A_PLAN} + k) % ${PEOPLE} as person, p * ${ITEMS.length} + i as lot, 1 + (p * 7 + k * 3 + i) % 9 as units, state,
    case when state = 'CONFIRMED' then 1 + (p * 7 + k * 3 + i) % 9 - case when h % 10 = 9 then 1 else 0 end end as confirmed,
    (array(select id from item where code = any($1) order by array_position($1, code)))[i + 1] as item,
    timestamptz '2020-03-01' + p * interval '8 minutes' as at
  from generate_series(0, $2::integer - 1) as p, generate_series(0, ${PEOPLE_A_PLAN - 1}) as k, generate_series(0, ${ITEMS.length - 1}) as i,
    lateral (select (p * ${PEOPLE_A_PLAN} + k) % 100 as h) as hundred,
    lateral (select case when p % 100 = 7 then 'CANCELLED' when p >= 0.98 * $2 then 'PREPARED' when h < 2 then 'LOST' when h < 4 then 'RETURNED'
      when h < 6 then 'DISPATCHED' when h < 8 then 'DELIVERED' else 'CONFIRMED' end as state) as stands`;

const GONE = `case when state in ('LOST', 'RETURNED') then units else units - coalesce(confirmed, units) end`;

/** Registers, gifts, plans, parcels. */
const TABLES = [
  `insert into recipient (id, name, country, exposure_tier, headcount, status, created_at)
   select ${id('001', 'n')}, 'Clinician ' || n, (array['US', 'CN', 'IT'])[1 + n % 3], 1 + n % 3, 1, 'ACTIVE', '2020-02-01' from generate_series(0, ${PEOPLE - 1}) as n`,
  `insert into donor (id, name, kind, created_at) select ${id('002', 'n')}, 'Donor ' || n, 'COMPANY', '2020-02-01' from generate_series(0, 99) as n`,
  `insert into shipment (id, reference, donor_id, status, received_at, created_at)
   select ${id('003', 'p')}, 'S-' || p, ${id('002', 'p % 100')}, 'RECEIVED', min(at), min(at) from bulk group by p`,
  `insert into shipment_line (id, shipment_id, position, item_id, announced_units, accepted_units)
   select ${id('004', 'lot')}, ${id('003', 'p')}, i, item, sum(units) + p % 20, sum(units) + p % 20 from bulk group by lot, p, i, item`,
  `insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, received_at)
   select ${id('005', 'lot')}, item, ${id('002', 'p % 100')}, ${id('003', 'p')}, ${id('004', 'lot')}, min(at) from bulk group by lot, p, item`,
  `insert into shipment_count (id, line_id, lot_id, accepted_units, rejected_units, at)
   select ${id('00c', 'lot')}, ${id('004', 'lot')}, ${id('005', 'lot')}, sum(units) + p % 20, 0, min(at) from bulk group by lot, p`,
  `insert into plan (id, status, rule, choice, problem, fingerprint, engine_version, unallocated, metrics, created_at, committed_at)
   select ${id('006', 'p')}, case when min(state) = 'CANCELLED' then 'CANCELLED' else 'COMMITTED' end, 'CONSTRAINED_EQUAL_AWARDS', '{}', '{}', '', '1', '[]', '[]',
     min(at), min(at) from bulk group by p`,
  `insert into award (plan_id, recipient_id, item_id, position, units, why, cancelled_at, returned_units)
   select ${id('006', 'p')}, ${id('001', 'person')}, item, k * ${ITEMS.length} + i, units, $1::jsonb, case when state = 'CANCELLED' then at end, ${GONE} from bulk`,
  `insert into award_lot (plan_id, recipient_id, item_id, lot_id, site_id, units)
   select ${id('006', 'p')}, ${id('001', 'person')}, item, ${id('005', 'lot')}, ${SITE}, units from bulk`,
  `insert into delivery (id, plan_id, recipient_id, status, prepared_at)
   select distinct ${id('007', 'parcel')}, ${id('006', 'p')}, ${id('001', 'person')}, state, at from bulk`,
  `insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, exposure_tier, units, confirmed_units, status, allocated_at)
   select ${id('008', 'line')}, ${id('007', 'parcel')}, ${id('006', 'p')}, ${id('001', 'person')}, item, ${id('005', 'lot')}, ${SITE}, ${id('002', 'p % 100')},
     ${id('003', 'p')}, (array['US', 'CN', 'IT'])[1 + person % 3], 1 + person % 3, units, confirmed, state, at from bulk`,
];

/** The moves that brought everything where it is. What they left behind is not reckoned: no law reads it. */
const MOVES = `
  insert into stock_entry (id, lot_id, from_site_id, from_place, from_units_after, to_site_id, to_place, to_units_after, units, cause, cause_id, at)
  select ${id('009', 'row_number() over (order by at, step, lot)')}, ${id('005', 'lot')}, ${SITE}, from_place, 0, ${SITE}, to_place, 0, units, cause, cause_id, at
  from (
    select 1 as step, lot, 'SOURCE' as from_place, 'AVAILABLE' as to_place, sum(units) + p % 20 as units, 'SHIPMENT_RECEIVED' as cause, ${id('003', 'p')} as cause_id, min(at) as at
      from bulk group by lot, p
    union all select 2, lot, 'AVAILABLE', 'ALLOCATED', sum(units), 'ALLOCATION_COMMITTED', ${id('006', 'p')}, min(at) from bulk group by lot, p
    union all select 3, lot, 'ALLOCATED', 'AVAILABLE', sum(units), 'ALLOCATION_CANCELLED', ${id('006', 'p')}, min(at) from bulk where state = 'CANCELLED' group by lot, p
    union all select 4, lot, 'ALLOCATED', 'IN_TRANSIT', units, 'DELIVERY_DISPATCHED', ${id('007', 'parcel')}, at from bulk where state not in ('CANCELLED', 'PREPARED')
    union all select 5, lot, 'IN_TRANSIT', case state when 'LOST' then 'LOST' when 'RETURNED' then 'AVAILABLE' else 'DELIVERED' end, coalesce(confirmed, units),
      case state when 'LOST' then 'DELIVERY_LOST' when 'RETURNED' then 'DELIVERY_RETURNED' when 'DELIVERED' then 'DELIVERY_DELIVERED' else 'DELIVERY_CONFIRMED' end, ${id('007', 'parcel')}, at
      from bulk where state in ('LOST', 'RETURNED', 'DELIVERED', 'CONFIRMED') and coalesce(confirmed, units) > 0
    union all select 5, lot, 'IN_TRANSIT', 'DISCARDED', units - confirmed, 'DELIVERY_CONFIRMED', ${id('007', 'parcel')}, at from bulk where units > confirmed
  ) as moves`;

const BALANCES = `
  insert into lot_balance (lot_id, site_id, place, units)
  select lot_id, site_id, place, sum(units) from (
    select lot_id, to_site_id as site_id, to_place as place, units from stock_entry
    union all select lot_id, from_site_id, from_place, -units from stock_entry) as moved
  group by 1, 2, 3`;

/** Everybody needs masks, again with every tenth parcel; what stands of an award counts towards it. */
const NEEDS = [
  `insert into need (id, recipient_id, category, units, met_units, needed_by, valid_until, stated_at)
   select ${id('00a', `person + (p / 500) * ${PEOPLE}`)}, ${id('001', 'person')}, 'MASK', sum(units) + 5, sum(units - ${GONE}), '2020-04-01', '2021-04-01', min(at)
   from bulk where i = 0 and state <> 'CANCELLED' group by person, p / 500`,
  `insert into need_award (need_id, plan_id, item_id, units)
   select ${id('00a', `person + (p / 500) * ${PEOPLE}`)}, ${id('006', 'p')}, item, units - ${GONE} from bulk where i = 0 and state <> 'CANCELLED'`,
];

const JOURNAL = `
  insert into journal (id, at, actor_role, action, request_id, reference)
  select ${id('00b', 'row_number() over (order by at, step)')}, at, 'COORDINATOR', action, 'bulk', reference from (
    select 1 as step, min(at) as at, 'logDonation' as action, jsonb_build_object('shipmentId', ${id('003', 'p')}) as reference from bulk group by p
    union all select 2, min(at), 'previewAllocation', jsonb_build_object('planId', ${id('006', 'p')}) from bulk group by p
    union all select 3, min(at), 'commitAllocation', jsonb_build_object('planId', ${id('006', 'p')}) from bulk group by p
    union all select 4, at, case n when 0 then 'dispatchDelivery' else 'confirmDelivery' end, jsonb_build_object('deliveryId', ${id('007', 'parcel')})
      from bulk, generate_series(0, 1) as n where i = 0 and state not in ('CANCELLED', 'PREPARED')) as acts`;

/**
 * Fills an empty, migrated database with about so many entries and all that belongs to them, so that every law holds.
 * @param owner a superuser's connection: references are sound by construction, and not checked row by row
 */
export async function bulk(owner, entries) {
  await owner.query(`set session_replication_role = replica`);
  await owner.query(`set synchronous_commit = off`);
  const plans = Math.ceil(entries / ENTRIES_A_PLAN);
  const literal = JSON.stringify(ITEMS).replace('[', '{').replace(']', '}');
  // A table cannot be made from a statement with parameters.
  await owner.query(AWARDED.replaceAll('$1', `'${literal}'::text[]`).replaceAll(/\$2(::integer)?/g, String(plans)));
  await owner.query('analyze bulk');
  for (const sql of TABLES) await owner.query(sql.replace('$1', `'${JSON.stringify(WHY)}'`));
  for (const sql of [MOVES, BALANCES, ...NEEDS, JOURNAL, 'drop table bulk']) await owner.query(sql);
  // No trigger ran: the totals are made as a rebuilding makes them.
  await owner.query('begin');
  await new TotalRepository().rebuild({ rows: async (sql) => (await owner.query(sql)).rows });
  await owner.query('commit');
  await owner.query('reset session_replication_role');
  await owner.query('vacuum (analyze)');
  await owner.query('checkpoint');
}
