/** People, donors, and how many lines of history one shipment, lot and parcel have. */
const PEOPLE = 20_000;
const DONORS = 500;
const LINES_A_LOT = 60;
const LOTS_A_SHIPMENT = 3;
const LINES_A_PARCEL = 3;
const ITEMS = ['MASK', 'PROTECTIVE_SUIT', 'GOGGLES', 'N95', 'GOWN'];

/** An id that grows with its number, as real ones grow with time; `kind` keeps those of two tables apart. */
const id = (kind, number) => `(lpad(to_hex((${number})::bigint), 12, '0') || '7${kind}8000000000000000')::uuid`;
const SITE = `(select id from site where is_default)`;
const AT = (n) => `timestamptz '2020-03-01' + (${n}) / ${LINES_A_LOT} * interval '73.217 seconds'`;

const tables = (rows) => [
  `insert into recipient (id, name, profession, facility, country, exposure_tier, headcount, status, created_at)
   select ${id('001', 'n')}, 'Clinician, No. ' || n, 'physician', 'General Hospital ' || n % 700, (array['US', 'CN', 'IT'])[1 + n % 3], 1 + n % 3, 1, 'ACTIVE', '2020-02-01'
   from generate_series(0, ${PEOPLE - 1}) as n`,
  `insert into donor (id, name, kind, country, anonymous, created_at)
   select ${id('002', 'n')}, 'Donor ' || n, 'COMPANY', 'CN', n % 10 = 0, '2020-02-01' from generate_series(0, ${DONORS - 1}) as n`,
  `insert into shipment (id, reference, donor_id, status, received_at, created_at)
   select ${id('003', 's')}, 'S-' || s, ${id('002', `s % ${DONORS}`)}, 'RECEIVED', '2020-03-01', '2020-03-01'
   from generate_series(0, ${rows} / ${LINES_A_LOT * LOTS_A_SHIPMENT}) as s`,
  `insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, lot_number, expires_on, received_at)
   select ${id('005', 'l')}, items.ids[1 + l % ${ITEMS.length}], ${id('002', `(l / ${LOTS_A_SHIPMENT}) % ${DONORS}`)}, ${id('003', `l / ${LOTS_A_SHIPMENT}`)},
     ${id('004', 'l')}, 'LOT-' || l, date '2022-01-01' + (l % 900)::integer, '2020-03-01'
   from generate_series(0, ${rows} / ${LINES_A_LOT}) as l, (select array(select id from item where code = any('{${ITEMS.join(',')}}') order by code) as ids) as items`,
  `insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, donor_country, exposure_tier, units,
     confirmed_units, status, allocated_at, dispatched_at, delivered_at)
   select ${id('008', 'n')}, ${id('007', `n / ${LINES_A_PARCEL}`)}, ${id('006', `n / ${LINES_A_LOT}`)}, ${id('001', `(n::bigint * 7919) % ${PEOPLE}`)},
     items.ids[1 + (n / ${LINES_A_LOT}) % ${ITEMS.length}], ${id('005', `n / ${LINES_A_LOT}`)}, ${SITE}, ${id('002', `(n / ${LINES_A_LOT * LOTS_A_SHIPMENT}) % ${DONORS}`)},
     ${id('003', `n / ${LINES_A_LOT * LOTS_A_SHIPMENT}`)}, (array['US', 'CN', 'IT'])[1 + ((n::bigint * 7919) % ${PEOPLE})::integer % 3], 'CN', 1 + n % 3, 1 + n % 40, 1 + n % 40,
     'CONFIRMED', ${AT('n')}, ${AT('n')} + interval '1 day', ${AT('n')} + interval '6 days'
   from generate_series(0, ${rows - 1}) as n, (select array(select id from item where code = any('{${ITEMS.join(',')}}') order by code) as ids) as items`,
];

/**
 * Fills an empty, migrated database with so many lines of history, and with the people, donors, shipments and lots that
 * they name: what an export of them reads, and nothing else.
 * @param owner a superuser's connection: references are not checked row by row
 */
export async function linesOfHistory(owner, rows) {
  await owner.query(`set session_replication_role = replica`);
  await owner.query(`set synchronous_commit = off`);
  for (const sql of tables(rows)) await owner.query(sql);
  await owner.query('reset session_replication_role');
  await owner.query('vacuum (analyze)');
  await owner.query('checkpoint');
}
