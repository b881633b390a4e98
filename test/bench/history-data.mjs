/**
 * A database with years of history, made by SQL in bulk: skewed as such data is. Few donors give most, few people get
 * most, and of every kind there is one with a handful of rows among millions.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate, MIGRATION_NAMES, openDatabase } from '../../dist/src/data-source.js';
import { readConfig } from '../../dist/src/platform/config.js';
import { createDatabaseIfMissing, startEmbeddedPostgres } from '../../dist/src/platform/postgres/embedded.js';

const FIRST_DAY = '2020-03-01';
const DAYS = 1095;
const LINES_A_PARCEL = 3;
const PARCELS_A_PLAN = 28;
const LINES_A_PLAN = LINES_A_PARCEL * PARCELS_A_PLAN;
const DONORS = 1990;
const COMMON_ITEMS = 37;
/** Lots stand in blocks, and parcels take from one block at a time: mostly from its first lots. */
const LOTS_A_BLOCK = 63;
const LOTS_A_SHIPMENT = 3;
const SITES = 6;
/** Those of whom there is little: people, and lots with donors, items and a site of their own. */
const RARE = { people: 25, lots: 10, parcels: 50 };
const GROUPS = { 'Those served most': 28, 'A network': 500, 'A large network': 10_000, 'Those seldom served': 28 };
const ELSEWHERE = [
  'CA',
  'GB',
  'DE',
  'FR',
  'IT',
  'AU',
  'SG',
  'JP',
  'NZ',
  'CH',
  'SE',
  'NL',
  'ES',
  'BR',
  'IE',
  'KR',
  'TH',
];
/** For the load alone: what is lost in a crash then is built anew. The figures are taken with the usual settings. */
const IN_BULK = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '16GB',
  checkpoint_timeout: '1h',
  shared_buffers: '512MB',
  maintenance_work_mem: '1GB',
  autovacuum: 'off',
};
/** What is loaded here: indexes on these are built after the rows. */
const LOADED = ['distribution', 'delivery', 'plan', 'lot', 'shipment', 'shipment_line', 'recipient', 'group_member'];

/** A number from 0 to 1 that depends on the row and on what it is for. */
const chance = (row, purpose) => `((hashint8extended((${row})::bigint, ${purpose}) & 1073741823)::float8 / 1073741824)`;
/** An id as the application makes them: it grows with time. */
const idAt = (at, seed) =>
  `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || overlay(overlay(substr(md5(${seed}), 13) placing '7' from 1) placing '8' from 5))::uuid`;
const country = (row, [first, second], purpose) =>
  `case when ${chance(row, purpose)} < 0.46 then '${first}' when ${chance(row, purpose)} < 0.84 then '${second}' when ${chance(row, purpose)} < 0.845 then null
     else (array['${ELSEWHERE.join(`','`)}'])[1 + floor(${ELSEWHERE.length} * ${chance(row, purpose + 50)} ^ 2.5)::int] end`;

/** How many there are of what belongs to so many rows. */
function sizes(rows) {
  const plans = Math.ceil(rows / LINES_A_PLAN);
  const blocks = Math.ceil((15_000 + rows / 1000) / LOTS_A_BLOCK);
  const people = PARCELS_A_PLAN * Math.ceil((25_000 + rows / 1000) / PARCELS_A_PLAN);
  const parcels = Math.ceil(rows / LINES_A_PARCEL);
  // One plan among ten thousand people: thirty thousand rows with one instant.
  const large = LINES_A_PLAN * Math.floor(Math.min(30_000, rows / 10) / LINES_A_PLAN);
  const largeFrom = LINES_A_PLAN * Math.floor(plans / 2);
  return { rows, plans, lots: blocks * LOTS_A_BLOCK, people, parcels, large, largeFrom };
}

/** Donors, items, sites, people, groups, gifts, plans; and what the lines need of them, by number. */
function registers({ people, lots, plans, large, largeFrom }) {
  const start = `timestamptz '${FIRST_DAY}'`;
  const lotsInAll = lots + RARE.lots;
  return [
    `insert into item (id, code, name, category) select ${idAt(start, `'item' || n`)}, 'ARTICLE_' || n, 'Article ' || n,
       (array['MASK', 'GLOVES', 'OTHER'])[1 + n % 3] from generate_series((select count(*)::int from item), ${COMMON_ITEMS + 2}) as n`,
    `create unlogged table w_item as select row_number() over (order by code like 'ARTICLE%', id) - 1 as n, id from item`,
    `insert into donor (id, name, kind, country, created_at) select ${idAt(`${start} + n * interval '1 minute'`, `'donor' || n`)}, 'Donor ' || n,
       (array['COMPANY', 'PERSON', 'ORGANISATION'])[1 + n % 3], case when n >= ${DONORS} then 'LI' else ${country('n', ['CN', 'US'], 1)} end, ${start}
     from generate_series(0, ${DONORS + RARE.lots - 1}) as n`,
    `create unlogged table w_donor as select row_number() over (order by id) - 1 as n, id, country from donor`,
    `insert into site (id, name, name_key, is_default, opened_at) select ${idAt(`${start} + n * interval '1 minute'`, `'site' || n`)}, 'Site ' || n, 'site ' || n, false, ${start}
     from generate_series(1, ${SITES}) as n`,
    `create unlogged table w_site as select row_number() over (order by is_default desc, id) - 1 as n, id from site`,
    `insert into recipient (id, name, profession, facility, facility_key, country, exposure_tier, headcount, status, created_at)
     select id, name, profession, facility, lower(facility), country, tier, headcount, status, at from (select ${idAt(`${start} + n * interval '1 minute'`, `'person' || n`)}, 'Clinician ' || n, 'Physician',
       case when n >= ${people} then 'Lighthouse Clinic' when n % 20 = 19 then null else 'Hospital ' || floor(2000 * ${chance('n', 2)} ^ 2)::int end,
       case when n >= ${people} then 'IS' else ${country('n', ['US', 'CN'], 3)} end,
       case when ${chance('n', 4)} < 0.6 then 1 when ${chance('n', 4)} < 0.999 then 2 else 3 end, 1, 'ACTIVE', ${start}::timestamptz
     from generate_series(0, ${people + RARE.people - 1}) as n) as person (id, name, profession, facility, country, tier, headcount, status, at)`,
    `create unlogged table w_person as select row_number() over (order by id) - 1 as n, id, country, exposure_tier from recipient`,
    `insert into recipient_group (id, name, name_key, created_at)
     select ${idAt(start, `'group' || name`)}, name, lower(name), ${start} from unnest(array['${Object.keys(GROUPS).join(`','`)}']) as name`,
    `insert into group_member (group_id, recipient_id, joined_at) select g.id, p.id, ${start} from recipient_group g join w_person p on case g.name
       when 'Those served most' then p.n < 28 when 'A network' then p.n < 25000 and p.n % 50 = 7
       when 'A large network' then p.n < 10000 else p.n >= ${people + RARE.people - 28} end`,
    `create unlogged table w_lot as
     select l.n, ${idAt('l.at', `'lot' || l.n`)} as id, i.id as item_id, d.id as donor_id, d.country as donor_country, s.id as site_id,
       l.shipment, ${idAt('l.shipped', `'gift' || l.shipment`)} as shipment_id, l.at, l.shipped
     from (select n, rare, case when rare then 1000000 + n else n / ${LOTS_A_SHIPMENT} end as shipment,
         ${start} - interval '8 days' + (case when rare then 0 else n end) * interval '${DAYS} days' / ${lots} as at,
         ${start} - interval '9 days' + (case when rare then 0 else n / ${LOTS_A_SHIPMENT} * ${LOTS_A_SHIPMENT} end) * interval '${DAYS} days' / ${lots} as shipped
       from generate_series(0, ${lotsInAll - 1}) as n, lateral (select n >= ${lots} as rare) as r) as l
     join w_item i on i.n = case when rare then ${COMMON_ITEMS} + l.n % 3 else floor(${COMMON_ITEMS} * ${chance('l.n', 5)} ^ 3)::int end
     join w_donor d on d.n = case when rare then ${DONORS} + l.n - ${lots} else floor(${DONORS} * ${chance('l.shipment', 6)} ^ 3)::int end
     join w_site s on s.n = case when rare then ${SITES} else floor(${SITES} * ${chance('l.n', 7)} ^ 3)::int end`,
    `insert into shipment (id, reference, donor_id, status, received_at, created_at)
     select shipment_id, 'S-' || shipment, donor_id, 'RECEIVED', max(at), min(shipped) from w_lot group by shipment_id, shipment, donor_id`,
    `insert into shipment_line (id, shipment_id, position, item_id, announced_units, accepted_units)
     select ${idAt('shipped', `'line' || n`)}, shipment_id, n % ${LOTS_A_SHIPMENT}, item_id, 5000, 5000 from w_lot`,
    `insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, lot_number, expires_on, received_at)
     select id, item_id, donor_id, shipment_id, ${idAt('shipped', `'line' || n`)}, case when n >= ${lots} then 'RARE-' || n - ${lots} when n % 10 < 7 then 'B' || n / 4 end,
       (at + interval '3 years')::date, at from w_lot`,
    `create unlogged table w_plan as select n, at, ${idAt('at', `'plan' || n`)} as id
     from generate_series(0, ${plans}) as n, lateral (select ${start} + (n + ${chance('n', 8)} * 2) * interval '${DAYS} days' / ${plans + 2} as at) as t`,
    `insert into plan (id, status, rule, choice, problem, fingerprint, engine_version, unallocated, metrics, created_at, committed_at)
     select id, 'COMMITTED', 'CONSTRAINED_EQUAL_AWARDS', '{}', '{}', '', '1', '[]', '[]', at, at from w_plan
     where not (n > ${largeFrom / LINES_A_PLAN} and n < ${(largeFrom + large) / LINES_A_PLAN}) and n < ${plans}`,
    'vacuum analyze',
  ];
}

/** Of a parcel by its number: its plan, whose it is, whether it is one of the few for people seldom served, its state. */
function parcelsFrom({ people, parcels, large, largeFrom }, from, to) {
  const isLarge = `d between ${largeFrom / LINES_A_PARCEL} and ${(largeFrom + large) / LINES_A_PARCEL - 1}`;
  const step = Math.floor(parcels / RARE.parcels);
  return `generate_series(${from}, ${to}) as d, lateral (select d % ${step} = 3 as rare, d / ${step} as turn,
      case when ${isLarge} then ${largeFrom / LINES_A_PLAN} else d / ${PARCELS_A_PLAN} end as plan) as r,
    lateral (select case when rare then ${people} + turn % ${RARE.people} when ${isLarge} then d - ${largeFrom / LINES_A_PARCEL}
        else d % ${PARCELS_A_PLAN} + ${PARCELS_A_PLAN} * floor(${people / PARCELS_A_PLAN} * ${chance('d', 9)} ^ 3)::bigint end as person,
      ${chance('d', 10)} as u) as q,
    lateral (select case when d > ${0.985 * parcels} then 'PREPARED' when d > ${0.96 * parcels} then case when u < 0.7 then 'DISPATCHED' else 'DELIVERED' end
      when u < 0.9 then 'CONFIRMED' when u < 0.955 then 'DELIVERED' when u < 0.975 then 'RETURNED' when u < 0.999 then 'CANCELLED' else 'LOST' end as status) as s`;
}

const LEFT = `case when status not in ('PREPARED', 'CANCELLED') then p.at + (1 + u) * interval '1 day' end`;
const ARRIVED = `case when status in ('DELIVERED', 'CONFIRMED') then p.at + (2 + 5 * u) * interval '1 day' end`;

function parcelRows(size, from, to) {
  return `insert into delivery (id, plan_id, recipient_id, status, prepared_at, dispatched_at, delivered_at, confirmed_at)
    select ${idAt('p.at', `'parcel' || d`)}, p.id, w.id, status, p.at, ${LEFT}, ${ARRIVED}, case when status = 'CONFIRMED' then p.at + (3 + 5 * u) * interval '1 day' end
    from (select * from ${parcelsFrom(size, from, to)}) as parcel join w_plan p on p.n = plan join w_person w on w.n = person`;
}

function lineRows(size, from, to) {
  const { lots, plans, rows } = size;
  const lot = `case when rare and i = 0 then ${lots} + turn % ${RARE.lots}
    else ${LOTS_A_BLOCK} * (plan * ${lots / LOTS_A_BLOCK} / ${plans}) + floor(${LOTS_A_BLOCK} * ${chance('n', 11)} ^ 4)::bigint end`;
  return `insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, exposure_tier, donor_country,
      units, confirmed_units, status, allocated_at, dispatched_at, delivered_at)
    select ${idAt('p.at', `'row' || line.n`)}, ${idAt('p.at', `'parcel' || d`)}, p.id, w.id, l.item_id, l.id, l.site_id, l.donor_id, l.shipment_id, w.country, w.exposure_tier, l.donor_country,
      units, case when status = 'CONFIRMED' then units - (units > 1 and line.n % 33 = 0)::int end, status, p.at, ${LEFT}, ${ARRIVED}
    from (select * from ${parcelsFrom(size, from, to)}, generate_series(0, ${LINES_A_PARCEL - 1}) as i,
      lateral (select d * ${LINES_A_PARCEL} + i as n) as m,
      lateral (select (1 + 30 * ${chance('n', 12)} ^ 4 + case when n % 2000 = 5 then 20000 * ${chance('n', 13)} ^ 2 else 0 end)::int as units, ${lot} as lot) as o) as line
    join w_plan p on p.n = plan join w_person w on w.n = person join w_lot l on l.n = lot where line.n < ${rows}`;
}

export async function connected(url, work) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs statements over two connections, each taking the next when it is free. */
async function onTwo(url, statements) {
  let next = 0;
  const work = (client) => async () => {
    await client.query(`set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'; set jit = off;
      set enable_nestloop = off; set enable_mergejoin = off; set max_parallel_maintenance_workers = 0`);
    while (next < statements.length) await client.query(statements[next++]);
  };
  await Promise.all([1, 2].map(() => connected(url, (client) => work(client)())));
}

/** The kinds by which history is asked: which value is common, which in the middle, which rare, and how many rows each has. */
const KINDS = {
  donorIds: 'select donor_id as value, count(*) as rows from distribution group by 1',
  recipientIds: 'select recipient_id as value, count(*) as rows from distribution group by 1',
  groupIds: `select group_id as value, sum(rows) as rows from group_member m
    join (select recipient_id, count(*) as rows from distribution group by 1) as d on d.recipient_id = m.recipient_id group by 1`,
  itemCodes: `select code as value, rows from (select item_id, count(*) as rows from distribution group by 1) as d join item on item.id = item_id`,
  categories: `select category as value, sum(rows) as rows from (select item_id, count(*) as rows from distribution group by 1) as d join item on item.id = item_id group by 1`,
  countries: 'select country as value, count(*) as rows from distribution where country is not null group by 1',
  shipmentIds: 'select shipment_id as value, count(*) as rows from distribution group by 1',
  lotIds: 'select lot_id as value, count(*) as rows from distribution group by 1',
  lotNumbers: `select lot_number as value, sum(rows) as rows from (select lot_id, count(*) as rows from distribution group by 1) as d join lot on lot.id = lot_id
    where lot_number is not null group by 1`,
  planIds: 'select plan_id as value, count(*) as rows from distribution group by 1',
  siteIds: 'select site_id as value, count(*) as rows from distribution group by 1',
  exposureTiers: 'select exposure_tier as value, count(*) as rows from distribution group by 1',
  donorCountries:
    'select donor_country as value, count(*) as rows from distribution where donor_country is not null group by 1',
  statuses: 'select status as value, count(*) as rows from distribution group by 1',
};

async function figuresOf(client, size) {
  await client.query(`set work_mem = '256MB'`);
  const kinds = {};
  for (const [kind, sql] of Object.entries(KINDS)) {
    const { rows } = await client.query(`${sql} order by 2 desc, 1`);
    const at = (i) => ({ value: rows[i].value, rows: Number(rows[i].rows) });
    kinds[kind] = { common: at(0), middle: at(Math.floor(rows.length / 2)), rare: at(rows.length - 1) };
  }
  const { rows: counts } = await client.query(
    `select ${['distribution', 'delivery', 'plan', 'lot', 'shipment', 'recipient', 'donor', 'item'].map((t) => `(select count(*)::int from ${t}) as ${t}`).join(', ')},
       pg_size_pretty(pg_database_size(current_database())) as size`,
  );
  return { rows: size.rows, days: { first: FIRST_DAY, count: DAYS }, kinds, counts: counts[0] };
}

/** Sums that the schema keeps are made by the command that makes them, where there are any. */
export async function fillTotals(url, client) {
  const { rows } = await client.query(`select from pg_tables where tablename like 'distribution%total'`);
  const command = new URL('../../dist/src/commands/rebuild-summaries.js', import.meta.url).pathname;
  if (rows.length === 0 || !existsSync(command)) return;
  const done = spawnSync(process.execPath, [command], { env: { ...process.env, DATABASE_URL: url }, stdio: 'inherit' });
  if (done.status !== 0) throw new Error(`the sums could not be made: exit code ${done.status}`);
}

async function build(folder, rows, log) {
  const size = sizes(rows);
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), settings: IN_BULK });
  try {
    await createDatabaseIfMissing(postgres, 'ppe');
    const url = postgres.url('ppe');
    await migrate(url);
    return await connected(url, async (client) => {
      const { rows: indexes } = await client.query(
        `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
         where i.indrelid::regclass::text = any($1) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
         order by i.indrelid::regclass::text = 'distribution' desc, 1`,
        [LOADED],
      );
      for (const { name } of indexes) await client.query(`drop index ${name}`);
      await client.query('set session_replication_role = replica; set jit = off');
      for (const sql of registers(size)) await client.query(sql);
      log('registers, gifts, plans');
      const parts = 20;
      const cuts = Array.from({ length: parts }, (_, i) =>
        [i, i + 1].map((n) => Math.floor((n * size.parcels) / parts)),
      );
      await onTwo(
        url,
        cuts.flatMap(([from, to]) => [lineRows(size, from, to - 1), parcelRows(size, from, to - 1)]),
      );
      log('parcels and lines');
      await onTwo(
        url,
        indexes.map(({ made }) => made),
      );
      log('indexes');
      await client.query('drop table w_item, w_donor, w_site, w_person, w_lot, w_plan');
      await client.query('vacuum (analyze)');
      await fillTotals(url, client);
      const figures = await figuresOf(client, size);
      await client.query('checkpoint');
      log('statistics');
      return figures;
    });
  } finally {
    await postgres.stop();
  }
}

/** Changes with the schema, with what is made, and with what is told of it. */
function recipeOf(rows) {
  const size = sizes(rows);
  const recipe = [MIGRATION_NAMES, registers(size), lineRows(size, 0, 0), parcelRows(size, 0, 0), Object.values(KINDS)];
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
}

/**
 * Opens a database of so many rows, built now, or kept from an earlier run with the same schema.
 * @returns its address, what is in it, and what closes it, and removes it unless it is to be kept
 */
export async function openHistory(rows, keep, log = () => {}) {
  const folder = join(tmpdir(), `ppe-bench-history-${rows}`);
  const made = recipeOf(rows);
  const note = join(folder, 'bench.json');
  let figures = existsSync(note) ? JSON.parse(await readFile(note, 'utf8')) : undefined;
  if (figures?.made !== made) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const began = performance.now();
    const built = await build(folder, rows, (what) =>
      log(`${what}: after ${((performance.now() - began) / 1000).toFixed(0)} s`),
    );
    figures = { ...built, made, seconds: Math.round((performance.now() - began) / 1000) };
    await writeFile(note, JSON.stringify(figures));
  }
  const open = await openDatabase(readConfig({ DATA_FOLDER: folder }));
  const close = async () => {
    await open.close();
    if (!keep) await rm(folder, { recursive: true, force: true });
  };
  return { url: open.url, figures, close };
}
