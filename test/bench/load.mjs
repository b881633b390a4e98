/**
 * The story under load: `npm run bench:load [-- --seconds 60 --connections 64]`. Two API processes on one database with
 * years in it, and so many people at once, each with gifts, plans and parcels of her own: four of five calls read, one
 * writes. Nothing may fail, and whatever was acknowledged must be there afterwards; refusals are counted apart. Says how
 * long each operation takes, how much memory the processes hold, and whether it grows; then the laws are checked.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { workbenchOn } from '../../dist/src/commands/workbench.js';
import { appDataSource, migrate, openDatabase } from '../../dist/src/data-source.js';
import { readConfig } from '../../dist/src/platform/config.js';
import { bulk } from './bulk.mjs';
import { connected, fillTotals } from './history-data.mjs';
import { Connection, Tally, Worker, WRITES } from './load-worker.mjs';
import { percentile, startOurs } from './processes.mjs';

const PROCESSES = 2;
const PEOPLE_EACH = 5;
const LOOK_EVERY_MS = 5000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '64' },
    entries: { type: 'string', default: '200000' },
  },
});
const [seconds, connections, entries] = [values.seconds, values.connections, values.entries].map(Number);
if (!(seconds > 0)) throw new Error('--seconds: a number above 0');
if (!Number.isInteger(connections) || connections < 1) throw new Error('--connections: a whole number above 0');
if (!Number.isInteger(entries) || entries < 1000) throw new Error('--entries: a whole number, at least 1000');

async function megabytesOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1024;
}

/** Megabytes a minute, by least squares over what was seen after the first third. */
function slopeOf(seen) {
  const late = seen.slice(Math.floor(seen.length / 3));
  const mean = (of) => late.reduce((sum, one) => sum + of(one), 0) / late.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ megabytes }) => megabytes)];
  const above = late.reduce((sum, { minute, megabytes }) => sum + (minute - x) * (megabytes - y), 0);
  return above / late.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
}

/** Looks at the memory of processes until it is stopped. */
function watch(pids) {
  const seen = pids.map(() => []);
  const began = performance.now();
  const look = async () => {
    const minute = (performance.now() - began) / 60_000;
    for (const [i, pid] of pids.entries()) seen[i].push({ minute, megabytes: await megabytesOf(pid) });
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    seen,
    stop: async () => {
      clearInterval(timer);
      await look();
    },
  };
}

/** The people and donors that workers give to, registered by the first process. */
async function prepare(url, token) {
  const connection = new Connection(url, token);
  const ask = async (query, variables) =>
    JSON.parse((await connection.post(JSON.stringify({ query, variables }))).text).data;
  const found = [];
  for (let number = 0; number < connections; number++) {
    const recipients = Array.from({ length: PEOPLE_EACH }, (_, i) => ({
      name: `Clinician ${number}.${i}`,
      country: 'US',
    }));
    const people = await ask(WRITES.registerRecipients, { input: { recipients } });
    const donor = await ask('mutation($input: RegisterDonorInput!) { registerDonor(input: $input) { id } }', {
      input: { name: `Giver ${number}`, kind: 'PERSON', country: 'CN' },
    });
    found.push({
      donorId: donor.registerDonor.id,
      recipientIds: people.registerRecipients.recipients.map(({ id }) => id),
    });
  }
  connection.close();
  return found;
}

/** Finds in the database what was acknowledged, no more and no less. */
async function lost(client, workers) {
  const sum = (what) => workers.reduce((total, { done }) => total + done[what], 0);
  const donors = [workers.map(({ donorId }) => donorId)];
  const count = async (sql, parameters) => Number((await client.query(sql, parameters)).rows[0].count);
  const found = {
    gifts: await count('select count(*) from shipment where donor_id = any($1)', donors),
    committed: await count('select count(distinct plan_id) from distribution where donor_id = any($1)', donors),
    dispatched: await count(
      'select count(distinct delivery_id) from distribution where donor_id = any($1) and dispatched_at is not null',
      donors,
    ),
    confirmed: await count(
      `select count(distinct delivery_id) from distribution where donor_id = any($1) and status = 'CONFIRMED'`,
      donors,
    ),
    confirmedUnits: await count(
      'select coalesce(sum(confirmed_units), 0) as count from distribution where donor_id = any($1)',
      donors,
    ),
    registered: await count(`select count(*) from recipient where name like 'New %'`),
    needs: await count(
      `select count(*) from need n join recipient r on r.id = n.recipient_id where r.name like 'New %'`,
    ),
  };
  return Object.entries(found).flatMap(([what, there]) =>
    there === sum(what) ? [] : [`${what}: ${sum(what)} acknowledged, ${there} in the database`],
  );
}

function lawsHold(databaseUrl) {
  const command = new URL('../../dist/src/commands/verify.js', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    encoding: 'utf8',
  });
  const lines = `${stdout}${stderr}`.trim().split('\n');
  for (const line of lines.filter((one) => status !== 0 && !one.startsWith('holds'))) console.log(line);
  console.log(`verify: ${lines.at(-1)}`);
  return status === 0;
}

function report(tally, workers, memory, took) {
  const all = [...tally.times.values()].flat();
  const line = (name, times) =>
    console.log(
      `  ${name.padEnd(34)} ${String(times.length).padStart(7)} ${[50, 95, 99].map((percent) => percentile(times, percent).toFixed(1).padStart(8)).join(' ')}`,
    );
  console.log(
    `  ${''.padEnd(34)} ${'calls'.padStart(7)} ${['p50 ms', 'p95 ms', 'p99 ms'].map((head) => head.padStart(8)).join(' ')}`,
  );
  for (const [name, times] of [...tally.times].toSorted(([a], [b]) => (a < b ? -1 : 1))) line(name, times);
  line('all', all);
  console.log(`${(all.length / took).toFixed(0)} requests a second, ${all.length} in ${took.toFixed(0)} s`);
  const refusals = [...tally.refusals].map(([what, times]) => `${what} (${times})`);
  console.log(`refusals: ${refusals.length > 0 ? refusals.join(', ') : 'none'}`);
  const slopes = memory.seen.map(slopeOf);
  for (const [i, seen] of memory.seen.entries())
    console.log(
      `memory of process ${i + 1}, MB every ${LOOK_EVERY_MS / 1000} s: ${seen.map(({ megabytes }) => megabytes.toFixed(0)).join(' ')}; ${slopes[i].toFixed(1)} MB a minute after the first third`,
    );
  const written = (what) => workers.reduce((sum, { done }) => sum + done[what], 0);
  console.log(
    `written: ${['gifts', 'committed', 'dispatched', 'confirmed', 'registered', 'needs'].map((what) => `${written(what)} ${what}`).join(', ')}`,
  );
  return slopes;
}

async function tokenOn(url) {
  const dataSource = await appDataSource(url, 1).initialize();
  try {
    const actor = { id: null, role: 'COMMAND_LINE', requestId: 'bench' };
    return await workbenchOn(dataSource).tokens.create(actor, 'COORDINATOR', 'bench');
  } finally {
    await dataSource.destroy();
  }
}

async function knownOn(client) {
  const ids = async (table) =>
    (await client.query(`select id from ${table} order by random() limit 200`)).rows.map(({ id }) => id);
  return { donor: await ids('donor'), recipient: await ids('recipient') };
}

async function play(database, apis, token) {
  const tally = new Tally();
  const known = await connected(database.url, knownOn);
  const givers = await prepare(apis[0].url, token);
  const workers = givers.map((giver, number) => {
    const connection = new Connection(apis[number % apis.length].url, token);
    return new Worker(number, { ...giver, connection, tally, known });
  });
  const memory = watch(apis.map(({ pid }) => pid));
  const began = performance.now();
  await Promise.all(workers.map((worker) => worker.run(began + seconds * 1000)));
  const took = (performance.now() - began) / 1000;
  await memory.stop();
  for (const { connection } of workers) connection.close();
  const slopes = report(tally, workers, memory, took);
  for (const what of await connected(database.url, (client) => lost(client, workers))) tally.failed(what);
  for (const error of tally.errors) console.log(`ERROR ${error}`);
  console.log(`errors: ${tally.errorCount}`);
  return { tally, slopes, took };
}

const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
const database = await openDatabase(readConfig({ DATA_FOLDER: folder }));
const apis = [];
try {
  await migrate(database.url);
  await connected(database.url, async (client) => {
    await bulk(client, entries);
    await fillTotals(database.url, client);
  });
  const token = await tokenOn(database.url);
  for (let i = 0; i < PROCESSES; i++) apis.push(await startOurs(database.url));
  console.log(
    `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, load ${loadavg()[0].toFixed(1)}; ${connections} connections to ${PROCESSES} processes, a ledger of ${entries} entries`,
  );
  const { tally, slopes, took } = await play(database, apis, token);
  for (const api of apis) await api.stop();
  const holds = lawsHold(database.url);
  const operations = [...tally.times].map(([name, times]) => ({
    name,
    calls: times.length,
    p50: percentile(times, 50),
    p95: percentile(times, 95),
    p99: percentile(times, 99),
  }));
  const refusals = Object.fromEntries(tally.refusals);
  console.log(
    JSON.stringify({
      seconds: took,
      connections,
      errors: tally.errorCount,
      refusals,
      slopes,
      lawsHold: holds,
      operations,
    }),
  );
  process.exitCode = tally.errorCount === 0 && holds ? 0 : 1;
} finally {
  for (const api of apis) await api.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
