/**
 * What it costs to ask for stock as it is, and as it was, over a year's ledger of a million entries. Run by
 * `npm run bench:stock`; the ledger is written with SQL, because only its size matters here.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { TokenService } from '../../dist/src/access/token.service.js';
import { startServer } from '../../dist/src/server.js';
import { readConfig } from '../../dist/src/platform/config.js';

const LOTS = 20_000;
const ENTRIES_A_LOT = 50;
const SITES = 10;
const ROUNDS = 5;
const DAY_MS = 86_400_000;

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

async function measure(work) {
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return median(times);
}

/** Lots of every item, each at one site, in and then to and fro all year long. */
const LEDGER = [
  'set session_replication_role = replica',
  `insert into site (id, name, name_key, opened_at) select gen_random_uuid(), 'Site ' || n, 'site ' || n, now() from generate_series(2, ${SITES}) n`,
  `insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, condition, received_at)
   select gen_random_uuid(), i.id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'GOOD', now()
   from generate_series(1, ${LOTS}) n join (select id, row_number() over (order by code) - 1 as nth, count(*) over () as many from item) i on i.nth = n % i.many`,
  `insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, at, from_units_after, to_units_after)
   select gen_random_uuid(), l.id, s.id, case when n = 0 then 'SOURCE' when n % 2 = 1 then 'AVAILABLE' else 'ALLOCATED' end,
     s.id, case when n = 0 then 'AVAILABLE' when n % 2 = 1 then 'ALLOCATED' else 'IN_TRANSIT' end, case when n = 0 then 10000 else 10 end,
     'ALLOCATION_COMMITTED', gen_random_uuid(), now() - interval '365 days' * (1 - (n * ${LOTS} + l.nth)::float8 / ${LOTS * ENTRIES_A_LOT}), 0, 0
   from generate_series(0, ${ENTRIES_A_LOT - 1}) n cross join (select id, row_number() over (order by id) - 1 as nth from lot) l
   join (select id, row_number() over (order by id) - 1 as nth from site) s on s.nth = l.nth % ${SITES} order by n, l.nth`,
  `insert into lot_balance select lot_id, site_id, place, sum(units) from (
     select lot_id, to_site_id as site_id, to_place as place, units from stock_entry
     union all select lot_id, from_site_id, from_place, -units from stock_entry) e group by 1, 2, 3`,
  'set session_replication_role = origin',
  'vacuum analyze',
];

const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
const server = await startServer({ ...readConfig({ DATA_FOLDER: folder, PORT: '0' }), logLevel: 'error' });
const owner = new pg.Client({ connectionString: server.databaseUrl });
await owner.connect();
try {
  const actor = { id: null, role: 'COMMAND_LINE', requestId: 'bench' };
  const token = await server.app.get(TokenService).create(actor, 'AUDITOR', 'bench');
  const stock = async (variables) => {
    const query = `query($asOf: DateTime, $itemCodes: [String!]) { stock(asOf: $asOf, itemCodes: $itemCodes) { item { code }
      availableUnits allocatedUnits inTransitUnits bySite { site { name } availableUnits } } }`;
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
  };
  for (const sql of LEDGER) await owner.query(sql);
  console.log(`${LOTS * ENTRIES_A_LOT} entries of ${LOTS} lots at ${SITES} sites`);
  for (const days of [null, 1, 30, 90, 182, 275, 364]) {
    const asOf = days === null ? null : new Date(Date.now() - days * DAY_MS).toISOString();
    const all = await measure(() => stock({ asOf }));
    const one = await measure(() => stock({ asOf, itemCodes: ['MASK'] }));
    const when = days === null ? 'now' : `${days} days ago`;
    console.log(
      `${when.padEnd(14)} all items ${all.toFixed(0).padStart(5)} ms    one item ${one.toFixed(0).padStart(5)} ms`,
    );
  }
} finally {
  await owner.end();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
