/**
 * How long the laws of the ledger take on a large database: `npm run bench:verify -- --entries 1000000`. The database
 * is built by SQL in bulk, as a network that has worked for years would leave it: each entry stands for a gift, a plan,
 * a parcel sent, counted, returned or lost. Beside it, in the same run, one sequential sum over the entries: machines
 * are noisy, so look at the ratio.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { appDataSource, migrate, openDatabase } from '../../dist/src/data-source.js';
import { LedgerLawsRepository } from '../../dist/src/history/ledger-laws.repository.js';
import { VerificationService } from '../../dist/src/history/verification.service.js';
import { Clock } from '../../dist/src/platform/clock.js';
import { readConfig } from '../../dist/src/platform/config.js';
import { Database } from '../../dist/src/platform/database.js';
import { bulk } from './bulk.mjs';

const ROUNDS = 3;
const GOAL_MS = 5000;

const { values } = parseArgs({ options: { entries: { type: 'string', default: '1000000' } } });
const entries = Number(values.entries);
if (!Number.isInteger(entries) || entries < 1000) throw new Error('--entries: a whole number, at least 1000');

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

async function timed(work) {
  const before = performance.now();
  const result = await work();
  return { ms: performance.now() - before, result };
}

const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
const open = await openDatabase(readConfig({ DATA_FOLDER: folder }));
try {
  await migrate(open.url);
  const owner = new pg.Client({ connectionString: open.url });
  owner.on('error', () => {});
  await owner.connect();
  const built = await timed(() => bulk(owner, entries));
  const { rows: counts } = await owner.query(
    `select (select count(*) from stock_entry) as entries, (select count(*) from lot) as lots, (select count(*) from plan) as plans,
       (select count(*) from award) as awards, (select count(*) from delivery) as parcels, (select count(*) from distribution) as distributions,
       (select count(*) from need) as needs, (select count(*) from need_award) as "needAwards", (select count(*) from journal) as journal,
       pg_size_pretty(pg_database_size(current_database())) as size`,
  );
  const limit = async () =>
    (await timed(() => owner.query('select lot_id, sum(units) from stock_entry group by lot_id'))).ms;
  const dataSource = await appDataSource(open.url, 4).initialize();
  try {
    await owner.query(`set work_mem = '64MB'; set max_parallel_workers_per_gather = 0`);
    const laws = new LedgerLawsRepository();
    const service = new VerificationService(new Database(dataSource, new Clock()), laws);
    const reader = { rows: async (sql) => (await owner.query(sql)).rows };
    const figures = { limit: [], whole: [], laws: new Map() };
    for (let round = 0; round < ROUNDS; round++) {
      figures.limit.push(await limit());
      const whole = await timed(() => service.verify());
      const broken = whole.result.filter(({ breaches }) => breaches.length > 0);
      if (broken.length > 0) throw new Error(`the laws must hold here: ${JSON.stringify(broken, null, 1)}`);
      figures.whole.push(whole.ms);
      for (const name of laws.names()) {
        const { ms } = await timed(() => laws.finding(reader, name));
        figures.laws.set(name, [...(figures.laws.get(name) ?? []), ms]);
      }
    }
    const base = median(figures.limit);
    const row = (name, ms) =>
      console.log(`${name.padEnd(88)} ${ms.toFixed(0).padStart(7)} ms ${(ms / base).toFixed(1).padStart(6)} x`);
    console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, medians of ${ROUNDS}`);
    console.log(JSON.stringify(counts[0]), `built in ${(built.ms / 1000).toFixed(0)} s`);
    row('limit: one sequential aggregate over stock_entry', base);
    for (const [name, times] of figures.laws) row(`  ${name}`, median(times));
    row(`verify, all laws (goal: ${GOAL_MS} ms)`, median(figures.whole));
  } finally {
    await dataSource.destroy();
    await owner.end();
  }
} finally {
  await open.close();
  await rm(folder, { recursive: true, force: true });
}
