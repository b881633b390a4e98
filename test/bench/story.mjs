/**
 * What the story's steps cost over HTTP, beside the machine's own limit measured in the same run: a durable commit of
 * one row, and a bare round trip. Run by `npm run bench:story`; these machines are noisy, so look at the ratios.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { TokenService } from '../../dist/src/access/token.service.js';
import { startServer } from '../../dist/src/server.js';
import { readConfig } from '../../dist/src/platform/config.js';

const ROUNDS = 40;
const WARM_UP = 10;
const PEOPLE = 28;
const GIFT = [
  { itemCode: 'MASK', units: 1000 },
  { itemCode: 'PROTECTIVE_SUIT', units: 100 },
  { itemCode: 'GOGGLES', units: 100 },
];

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

async function timed(work) {
  const before = performance.now();
  const result = await work();
  return { ms: performance.now() - before, result };
}

async function measure(work, rounds = ROUNDS) {
  for (let i = 0; i < WARM_UP; i++) await work();
  const times = [];
  for (let i = 0; i < rounds; i++) times.push((await timed(work)).ms);
  return median(times);
}

const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
const config = { ...readConfig({ DATA_FOLDER: folder, PORT: '0' }), logLevel: 'error' };
const server = await startServer(config);
const owner = new pg.Client({ connectionString: server.databaseUrl });
await owner.connect();
try {
  const actor = { id: null, role: 'COMMAND_LINE', requestId: 'bench' };
  const token = await server.app.get(TokenService).create(actor, 'COORDINATOR', 'bench');
  const ask = async (query, variables) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

  await owner.query('create table bench_limit (id bigint generated always as identity, at timestamptz)');
  const durable = await measure(() => owner.query('insert into bench_limit (at) values (now())'));
  const trip = await measure(() => ask('{ __typename }'));

  const recipients = Array.from({ length: PEOPLE }, (_, i) => ({ name: `Clinician ${i}`, country: 'US' }));
  await ask('mutation($input: RegisterRecipientsInput!) { registerRecipients(input: $input) { recipients { id } } }', {
    input: { recipients },
  });
  const { registerDonor } = await ask('mutation { registerDonor(input: { name: "Donor", kind: COMPANY }) { id } }');
  const steps = { logDonation: [], previewAllocation: [], commitAllocation: [] };
  for (let i = 0; i < WARM_UP + ROUNDS; i++) {
    const logged = await timed(() =>
      ask('mutation($input: LogDonationInput!) { logDonation(input: $input) { ... on Shipment { id } } }', {
        input: { donorId: registerDonor.id, lines: GIFT },
      }),
    );
    const preview = await timed(() => ask('mutation { previewAllocation(input: {}) { ... on Plan { id } } }'));
    const input = { planId: preview.result.previewAllocation.id };
    const commit = await timed(() =>
      ask('mutation($input: CommitAllocationInput!) { commitAllocation(input: $input) { __typename } }', { input }),
    );
    if (commit.result.commitAllocation.__typename !== 'Plan') throw new Error('the commit was refused');
    if (i < WARM_UP) continue;
    steps.logDonation.push(logged.ms);
    steps.previewAllocation.push(preview.ms);
    steps.commitAllocation.push(commit.ms);
  }
  const page = await measure(() =>
    ask(
      '{ distributions(first: 50) { nodes { units status item { code } lot { lotNumber } donor { name } shipment { reference } recipient { name } } } }',
    ),
  );

  const row = (name, ms, of) =>
    console.log(
      `${name.padEnd(48)} ${ms.toFixed(2).padStart(8)} ms ${of ? `${(ms / of).toFixed(1).padStart(7)} x` : ''}`,
    );
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, medians of ${ROUNDS}`);
  row('limit: one durable insert, plain driver', durable);
  row('limit: an empty GraphQL request', trip);
  for (const [name, times] of Object.entries(steps)) row(`${name} (${PEOPLE} people, 3 items)`, median(times), durable);
  row('a page of 50 distributions, five relations', page, trip);
} finally {
  await owner.end();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
