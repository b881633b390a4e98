/**
 * One page of ours at a time: every filter with a common, a middle and a rare value, every order, the first page, one in
 * the middle and the last. Each page is compared with what a plain statement finds; how long each takes is kept in the
 * temporary folder, so that a run on ten times the rows says how much slower each has become.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { client, percentile, startHelper, startOurs } from './processes.mjs';
import { cursorAt, FIRST, OURS } from './questions.mjs';

const GOAL_MS = 3;
const GOAL_RATIO = 1.5;
/** Differences below this are the machine's, not ours. */
const NOISE_MS = 0.3;
const WARM_UP_MS = 60;
const MEASURED_MS = 200;
/** So many of the slowest are printed. */
const MOST_SHOWN = 60;
/** Fewer than this are fetched whole and sorted, where a plain statement has to find the page. */
const FEW = 30_000;
/** No row has it: a cursor may stand between rows. */
const NO_ID = '00000000-0000-7000-8000-000000000000';
const ORDERS = ['ALLOCATED_AT', 'UNITS'].flatMap((field) => ['DESC', 'ASC'].map((direction) => ({ field, direction })));
const KEPT = join(tmpdir(), 'ppe-bench-history-figures');

const ITEMS = (column) => `item_id = any(array(select id from item where ${column} = any($1)))`;
/** Each filter as plain SQL, written here a second time: what finds wrong pages must not be what made them. */
const PLAIN = {
  donorIds: 'donor_id = any($1)',
  recipientIds: 'recipient_id = any($1)',
  groupIds: 'recipient_id in (select recipient_id from group_member where group_id = any($1))',
  itemCodes: ITEMS('code'),
  categories: ITEMS('category'),
  countries: 'country = any($1)',
  shipmentIds: 'shipment_id = any($1)',
  lotIds: 'lot_id = any($1)',
  lotNumbers: 'lot_id in (select id from lot where lot_number = any($1))',
  planIds: 'plan_id = any($1)',
  siteIds: 'site_id = any($1)',
  exposureTiers: 'exposure_tier = any($1)',
  donorCountries: 'donor_country = any($1)',
  statuses: 'status = any($1)',
};
const SEARCHED = `(item_id in (select id from item where code ilike $1 or name ilike $1) or recipient_id in (select id from recipient where facility ilike $1))`;
const CAST = { exposureTiers: 'smallint[]' };

function filtersOf({ kinds, days }) {
  const dayAfter = (count) => new Date(Date.parse(days.first) + count * 86_400_000).toISOString().slice(0, 10);
  const listed = Object.entries(kinds).flatMap(([kind, values]) =>
    Object.entries(values).map(([share, { value, rows }]) => ({
      name: `${kind}, ${share}`,
      rows,
      filter: { [kind]: [value] },
      where: PLAIN[kind].replace(
        '$1',
        CAST[kind] ? `$1::${CAST[kind]}` : kind.endsWith('Ids') ? '$1::uuid[]' : '$1::text[]',
      ),
      values: [[value]],
    })),
  );
  const searched = { common: 'mask', middle: 'goggles', rare: 'Lighthouse', none: 'no such thing' };
  const ranges = { common: [0, days.count], middle: [500, 530], rare: [700, 700] };
  return [
    { name: 'no filter', filter: null, where: 'true', values: [] },
    ...listed,
    ...Object.entries(searched).map(([share, search]) => ({
      name: `search, ${share}`,
      filter: { search },
      where: SEARCHED,
      values: [`%${search}%`],
    })),
    ...Object.entries(ranges).map(([share, [from, to]]) => ({
      name: `allocatedOn, ${share}`,
      filter: { allocatedOn: { from: dayAfter(from), to: dayAfter(to) } },
      where: 'allocated_at >= $1::date and allocated_at < $2::date + 1',
      values: [dayAfter(from), dayAfter(to)],
    })),
  ];
}

/** What a plain statement finds. Few rows are fetched first, so that this takes no walk along an index. */
class Plain {
  #client;

  constructor(client) {
    this.#client = client;
  }

  async #rows(sql, values) {
    return (await this.#client.query(sql, values)).rows;
  }

  /** How many rows a filter lets pass, as far as that matters here. */
  async count({ where, values, rows }) {
    if (rows !== undefined) return rows;
    const [{ count }] = await this.#rows(`select count(*)::int as count from distribution where ${where}`, values);
    return count;
  }

  /** The instants and sizes among which the middle lies. */
  async middle({ where, values }, few) {
    const sample = few ? '' : 'tablesample system (2) repeatable (1)';
    const [found] = await this.#rows(
      `select percentile_disc(0.5) within group (order by allocated_at) as at, percentile_disc(0.5) within group (order by units) as units
       from distribution ${sample} where ${where}`,
      values,
    );
    return found;
  }

  /** Ids beyond a key, in an order or against it. */
  async page({ where, values }, { field, direction }, { after, limit = FIRST, backward = false, few }) {
    const key = field === 'UNITS' ? 'units' : 'allocated_at';
    const isDown = (direction === 'DESC') !== backward;
    const down = isDown ? 'desc' : 'asc';
    const all = [...values];
    let beyond = 'true';
    if (after) {
      const at = all.push(field === 'UNITS' ? after.units : after.at, after.id);
      beyond = `(${key}, id) ${isDown ? '<' : '>'} ($${at - 1}, $${at}::uuid)`;
    }
    const from = few
      ? `(select id, allocated_at, units from distribution where ${where} offset 0) as few`
      : 'distribution';
    return this.#rows(
      `select id, allocated_at as at, units from ${from} where ${few ? 'true' : where} and ${beyond}
       order by ${key} ${down}, id ${down} limit ${limit}`,
      all,
    );
  }
}

/** Where each page begins: nowhere, in the middle, and fifty rows before the end. */
async function placesOf(plain, filter, order, few) {
  const middle = await plain.middle(filter, few);
  const tail = await plain.page(filter, order, { limit: FIRST + 1, backward: true, few });
  return {
    first: null,
    ...(middle?.at && { middle: { at: middle.at, units: middle.units, id: NO_ID } }),
    ...(tail.length > FIRST && { last: tail.at(-1) }),
  };
}

/** Whether our pages can be asked from the end. */
async function pagesBackward(ask) {
  const { __type: type } = await ask(`{ __type(name: "Query") { fields { name args { name } } } }`);
  return type.fields.find(({ name }) => name === 'distributions').args.some(({ name }) => name === 'last');
}

const BACKWARD = OURS.replace('$first: Int, $after: String', '$last: Int').replace(
  'first: $first, after: $after',
  'last: $last',
);

async function measured(hammer, { url, token }, body) {
  const job = { url, headers: { authorization: `Bearer ${token}` }, bodies: [body], connections: 1 };
  await hammer.ask({ ...job, ms: WARM_UP_MS });
  const { times, statuses, errors } = await hammer.ask({ ...job, ms: MEASURED_MS });
  const failed = errors.length + Object.keys(statuses).filter((code) => code !== '200').length;
  const rounded = (percent) => Number(percentile(times, percent).toFixed(3));
  return { p50: rounded(50), p99: rounded(99), requests: times.length, failed };
}

class Pages {
  results = [];
  wrong = [];

  constructor(tools) {
    Object.assign(this, tools);
  }

  /** One page: whether it is right, and how long it takes. */
  async page(name, query, variables, expected) {
    try {
      const { distributions } = await this.ask(query, variables);
      const got = distributions.nodes.map(({ id }) => id).join();
      if (got !== expected.map(({ id }) => id).join()) this.wrong.push(`${name}: other rows`);
    } catch (error) {
      this.wrong.push(`${name}: ${error.message}`);
      return;
    }
    const { failed, ...figures } = await measured(this.hammer, this.ours, JSON.stringify({ query, variables }));
    if (failed > 0) this.wrong.push(`${name}: ${failed} requests failed`);
    this.results.push({ name, ...figures, ofPlainPage: Number((figures.p50 / this.plainPage).toFixed(2)) });
  }

  /** The same page again and again, so that a busy minute is told from a slow page. */
  async newest() {
    const newest = await measured(this.hammer, this.ours, JSON.stringify({ query: OURS, variables: { first: FIRST } }));
    this.plainPage = newest.p50;
  }

  /** All pages of one filter in one order. */
  async list(filter, order, few) {
    const named = (place) => `${filter.name}; ${order.field} ${order.direction}; ${place}`;
    const base = { orderBy: order, ...(filter.filter && { filter: filter.filter }) };
    const places = await placesOf(this.plain, filter, order, few);
    for (const [place, after] of Object.entries(places)) {
      const expected = await this.plain.page(filter, order, { after, few });
      const cursor = after && cursorAt(this.cursors[`${order.field} ${order.direction}`], after);
      await this.page(named(place), OURS, { ...base, first: FIRST, ...(cursor && { after: cursor }) }, expected);
    }
    if (!this.backward) return;
    const expected = await this.plain.page(filter, order, { backward: true, few });
    await this.page(named('last: 50'), BACKWARD, { ...base, last: FIRST }, expected.toReversed());
  }
}

/** The figures of the other sizes, as earlier runs left them. */
async function figuresOfOthers(rows, results) {
  await mkdir(KEPT, { recursive: true });
  const file = (size) => join(KEPT, `${size}.json`);
  await writeFile(file(rows), JSON.stringify(Object.fromEntries(results.map(({ name, p50 }) => [name, p50]))));
  const other = rows === 10_000_000 ? 1_000_000 : 10_000_000;
  return existsSync(file(other)) ? { other, figures: JSON.parse(await readFile(file(other), 'utf8')) } : undefined;
}

function print(rows, results, others) {
  const growth = ({ name, p50 }) => {
    const theirs = others?.figures[name];
    if (theirs === undefined) return undefined;
    return rows > others.other ? p50 / theirs : theirs / p50;
  };
  const grows = (result) =>
    growth(result) > GOAL_RATIO && Math.abs(result.p50 - others.figures[result.name]) > NOISE_MS;
  const flagged = results.filter((result) => result.p50 > GOAL_MS || grows(result));
  const times = results.map(({ p50 }) => p50);
  console.log(
    `${results.length} pages of ${FIRST}, one at a time: p50 from ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} ms, half below ${percentile(times, 50).toFixed(2)} ms`,
  );
  console.log(
    `${flagged.length} above ${GOAL_MS} ms${others ? ` or beyond ${GOAL_RATIO} times the smaller size` : '; no figures of the other size yet'}:`,
  );
  const line = (name, cells) => console.log(`  ${name.padEnd(64)} ${cells.map((cell) => cell.padStart(11)).join(' ')}`);
  line('', ['p50 ms', 'p99 ms', 'of newest', 'larger/small']);
  const worst = flagged.toSorted((a, b) => b.p50 - a.p50);
  for (const result of worst.slice(0, MOST_SHOWN)) {
    const { name, p50, p99, ofPlainPage } = result;
    line(name, [p50.toFixed(2), p99.toFixed(2), ofPlainPage.toFixed(2), growth(result)?.toFixed(2) ?? '']);
  }
  if (worst.length > MOST_SHOWN) console.log(`  and ${worst.length - MOST_SHOWN} more, in the line of JSON`);
}

/** Measures every page there is. @returns the figures, and which pages held other rows than they should */
export async function pages({ url: databaseUrl, figures, token }) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  owner.on('error', () => {});
  await owner.connect();
  const ours = await startOurs(databaseUrl);
  const hammer = startHelper('hammer');
  try {
    const ask = client(ours.url, token);
    const cursors = {};
    for (const orderBy of ORDERS) {
      const { distributions } = await ask(OURS, { first: 1, orderBy });
      cursors[`${orderBy.field} ${orderBy.direction}`] = distributions.pageInfo.endCursor;
    }
    const plain = new Plain(owner);
    const backward = await pagesBackward(ask);
    const run = new Pages({ ask, cursors, plain, hammer, backward, ours: { url: ours.url, token } });
    for (const filter of filtersOf(figures)) {
      const few = (await plain.count(filter)) < FEW;
      await run.newest();
      for (const order of ORDERS) await run.list(filter, order, few);
      process.stderr.write(`${filter.name}: ${run.results.length} pages so far
`);
    }
    print(figures.rows, run.results, await figuresOfOthers(figures.rows, run.results));
    return { results: run.results, wrong: run.wrong };
  } finally {
    await hammer.stop();
    await ours.stop();
    await owner.end();
  }
}
