/**
 * What a commit costs over HTTP, on the embedded database: of a plan of 10,000 awards, and of one of 28. Beside the
 * machine's own limit measured in the same run, a durable commit of one row. Run by `npm run bench:commit`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { TokenService } from '../../dist/src/access/token.service.js';
import { readConfig } from '../../dist/src/platform/config.js';
import { startServer } from '../../dist/src/server.js';

const SIZES = [
  { people: 10_000, rounds: 5, warmUp: 1, goalMs: 1000 },
  { people: 28, rounds: 40, warmUp: 15, goalMs: 25 },
];
const MOST_A_CALL = 500;

const sorted = (times) => times.toSorted((a, b) => a - b);
const median = (times) => sorted(times)[Math.floor(times.length / 2)];

async function timed(work) {
  const before = performance.now();
  const result = await work();
  return { ms: performance.now() - before, result };
}

const folder = await mkdtemp(join(tmpdir(), 'ppe-bench-'));
const server = await startServer({ ...readConfig({ DATA_FOLDER: folder, PORT: '0' }), logLevel: 'error' });
const owner = new pg.Client({ connectionString: server.databaseUrl });
owner.on('error', () => {});
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
  const durable = [];
  for (let i = 0; i < 100; i++) {
    durable.push((await timed(() => owner.query('insert into bench_limit (at) values (now())'))).ms);
  }
  const limit = median(durable);
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
  console.log(`limit: one durable insert, plain driver: ${limit.toFixed(2)} ms`);

  const register = `mutation($input: RegisterRecipientsInput!) { registerRecipients(input: $input) { recipients { id } } }`;
  const { registerDonor } = await ask('mutation { registerDonor(input: { name: "Donor", kind: COMPANY }) { id } }');
  for (const { people, rounds, warmUp, goalMs } of SIZES) {
    const { formGroup } = await ask(
      'mutation($input: FormGroupInput!) { formGroup(input: $input) { ... on Group { id } } }',
      { input: { name: `${people} people`, memberIds: [] } },
    );
    for (let i = 0; i < people; i += MOST_A_CALL) {
      const many = Array.from({ length: Math.min(MOST_A_CALL, people - i) }, (_, n) => ({
        name: `Clinician ${i + n}`,
      }));
      await ask(register, { input: { recipients: many, groupIds: [formGroup.id] } });
    }
    const times = { preview: [], commit: [] };
    for (let round = 0; round < warmUp + rounds; round++) {
      const { logDonation } = await ask(
        'mutation($input: LogDonationInput!) { logDonation(input: $input) { ... on Shipment { id } } }',
        { input: { donorId: registerDonor.id, lines: [{ itemCode: 'MASK', units: people * 3 }] } },
      );
      const preview = await timed(() =>
        ask(
          'mutation($input: PreviewAllocationInput!) { previewAllocation(input: $input) { ... on Plan { id awards(first: 1) { totalCount } } } }',
          {
            input: { stock: { shipmentIds: [logDonation.id] }, recipients: { groupIds: [formGroup.id] } },
          },
        ),
      );
      const { id: planId, awards } = preview.result.previewAllocation;
      if (awards.totalCount !== people) throw new Error(`${awards.totalCount} awards, not ${people}`);
      const commit = await timed(() =>
        ask('mutation($input: CommitAllocationInput!) { commitAllocation(input: $input) { __typename } }', {
          input: { planId },
        }),
      );
      if (commit.result.commitAllocation.__typename !== 'Plan') throw new Error('the commit was refused');
      if (round === 0) console.log(`${people} awards, the very first: ${commit.ms.toFixed(1)} ms`);
      if (round < warmUp) continue;
      times.preview.push(preview.ms);
      times.commit.push(commit.ms);
    }
    const [low, middle, high] = [sorted(times.commit)[0], median(times.commit), sorted(times.commit).at(-1)];
    console.log(`${people} awards, preview: median ${median(times.preview).toFixed(1)} ms`);
    console.log(
      `${people} awards, commit: median ${middle.toFixed(1)} ms (${low.toFixed(1)} to ${high.toFixed(1)}), ${(middle / limit).toFixed(1)} x the limit; goal ${goalMs} ms: ${middle < goalMs ? 'met' : 'MISSED'}`,
    );
  }
} finally {
  await owner.end();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
