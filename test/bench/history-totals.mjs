/** Sums over everything: what the first page of a report asks, one at a time, and whether they are right. */
import pg from 'pg';
import { client, percentile, startOurs } from './processes.mjs';

const GOAL_MS = 50;
const ROUNDS = 15;
const LONGEST_MS = 20_000;
const STANDING = `status <> 'CANCELLED'`;
const OF_DONOR = `donor_id = $1 and status not in ('CANCELLED', 'RETURNED')`;

const summary = (by, fields) =>
  `query($filter: DistributionFilter) { rows: distributionSummary(by: [${by}], filter: $filter) { ${fields} } }`;

/** Each question, and the same in plain SQL: as many rows, and the same sum over them. */
function questionsOf({ kinds }) {
  const donorId = kinds.donorIds.common.value;
  const everything = {
    sql: `select 1 as rows, sum(units) as sum from distribution where ${STANDING}`,
    sum: ({ units }) => units,
  };
  return [
    { name: 'everything, without people', query: summary('', 'units confirmedUnits distributions'), ...everything },
    { name: 'everything', query: summary('', 'units confirmedUnits recipients distributions'), ...everything },
    {
      name: 'by month and item, without people',
      query: summary('MONTH, ITEM', 'month item { code } units distributions'),
      sql: `select count(*) as rows, sum(units) as sum from (select sum(units) as units from distribution where ${STANDING}
        group by date_trunc('month', allocated_at at time zone 'UTC'), item_id) as s`,
      sum: ({ units }) => units,
    },
    {
      name: 'by month and item',
      query: summary('MONTH, ITEM', 'month item { code } units recipients distributions'),
      sql: `select count(*) as rows, sum(people) as sum from (select count(distinct recipient_id) as people from distribution where ${STANDING}
        group by date_trunc('month', allocated_at at time zone 'UTC'), item_id) as s`,
      sum: ({ recipients }) => recipients,
    },
    {
      name: 'by country',
      query: summary('COUNTRY', 'country units distributions'),
      sql: `select count(distinct coalesce(country, '')) as rows, sum(units) as sum from distribution where ${STANDING}`,
      sum: ({ units }) => units,
    },
    {
      name: 'impact of the donor who gave most',
      query:
        'query($donorId: ID!) { rows: donorImpact(donorId: $donorId) { allocatedUnits confirmedUnits recipients countries byItem { item { code } units } } }',
      variables: { donorId },
      sql: `select 1 as rows, sum(units) as sum from distribution where ${OF_DONOR}`,
      values: [donorId],
      sum: ({ allocatedUnits }) => allocatedUnits,
    },
    {
      name: 'what the donor who gave most gave, by month',
      query: summary('MONTH', 'month units distributions'),
      variables: { filter: { donorIds: [donorId] } },
      sql: `select count(distinct date_trunc('month', allocated_at at time zone 'UTC')) as rows, sum(units) as sum from distribution where donor_id = $1 and ${STANDING}`,
      values: [donorId],
      sum: ({ units }) => units,
    },
  ];
}

async function timesOf(work) {
  const times = [];
  const began = performance.now();
  for (let i = 0; i < ROUNDS && performance.now() - began < LONGEST_MS; i++) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return times;
}

/** Measures every sum. @returns the figures, and which sums were not what plain SQL says */
export async function totals({ url: databaseUrl, figures, token }) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  owner.on('error', () => {});
  await owner.connect();
  const ours = await startOurs(databaseUrl);
  try {
    const ask = client(ours.url, token);
    const results = [];
    const wrong = [];
    console.log(
      `  ${''.padEnd(46)} ${'p50 ms'.padStart(9)} ${'slowest'.padStart(9)}   goal: ${GOAL_MS} ms for everything`,
    );
    for (const { name, query, variables, sql, values, sum } of questionsOf(figures)) {
      try {
        const answered = [(await ask(query, variables)).rows].flat();
        const [expected] = (await owner.query(sql, values)).rows;
        const got = answered.reduce((total, row) => total + sum(row), 0);
        if (answered.length !== Number(expected.rows) || got !== Number(expected.sum))
          wrong.push(`${name}: ${answered.length} rows, in all ${got}, not ${expected.rows} rows and ${expected.sum}`);
        const times = await timesOf(() => ask(query, variables));
        const [p50, slowest] = [percentile(times, 50), Math.max(...times)];
        console.log(
          `  ${name.padEnd(46)} ${p50.toFixed(1).padStart(9)} ${slowest.toFixed(1).padStart(9)}${p50 > GOAL_MS ? '   above' : ''}`,
        );
        results.push({ name, p50, slowest, times: times.length });
      } catch (error) {
        wrong.push(`${name}: ${error.message}`);
      }
    }
    return { results, wrong };
  } finally {
    await ours.stop();
    await owner.end();
  }
}
