/**
 * The same question to all of them, one process for each, in turns: the database alone, a route written by hand, ours,
 * PostGraphile. Rounds are interleaved, so that a machine that is slower for a minute is so for everybody.
 */
import { isDeepStrictEqual } from 'node:util';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { peer } from './peers.mjs';
import { client, percentile, startHelper, startOurs } from './processes.mjs';
import { cursorAt, FIRST, OURS, postgraphileQuery, questionsOn } from './questions.mjs';
import { shapeOf } from './shape.mjs';
import { listenIn } from './wire.mjs';

const CONCURRENCIES = [1, 32];
const FIRST_WARM_UP_MS = 3000;
const WARM_UP_MS = 700;

/** Our variables of a question; `cursor` is any of ours, to be set to the row from which it goes on. */
function variablesOf({ filter, after }, cursor) {
  return { first: FIRST, ...(filter && { filter }), ...(after && { after: cursorAt(cursor, after) }) };
}

/** What our page does in the database, per question, without the look-up of the token. */
async function capture(databaseUrl, token, questions) {
  const wire = await listenIn(databaseUrl);
  try {
    const ours = await startOurs(wire.url, { env: { DATABASE_POOL: '1' } });
    try {
      const ask = client(ours.url, token);
      const cursor = (await ask(OURS, { first: 1 })).distributions.pageInfo.endCursor;
      const captured = {};
      for (const [name, question] of Object.entries(questions)) {
        const variables = variablesOf(question, cursor);
        await ask(OURS, variables);
        wire.statements.length = 0;
        const { distributions } = await ask(OURS, variables);
        const statements = wire.statements.filter(({ text }) => !text.includes('access_token'));
        captured[name] = { statements, answer: distributions, variables };
      }
      return { captured, list: JSON.parse(Buffer.from(cursor, 'base64url').toString())[0] };
    } finally {
      await ours.stop();
    }
  } finally {
    wire.close();
  }
}

async function rowsOf(databaseUrl, { text, values }) {
  const reader = new pg.Client({ connectionString: databaseUrl, options: '-c timezone=UTC' });
  await reader.connect();
  try {
    return (await reader.query({ text, values })).rows;
  } finally {
    await reader.end();
  }
}

/** A contender behind HTTP: how it is asked, and what its answer is. */
function overHttp(name, hammer, { url, headers, requestOf }) {
  return {
    name,
    run: (key, connections, ms) => hammer.ask({ headers, connections, ms, ...requestOf(key) }),
    answer: async (key) => {
      const { url: at = url, bodies } = requestOf(key);
      const isGet = bodies[0] === null;
      const response = await fetch(at, {
        method: isGet ? 'GET' : 'POST',
        headers: { ...headers, ...(!isGet && { 'content-type': 'application/json' }) },
        ...(!isGet && { body: bodies[0] }),
      });
      const { data, errors, error } = await response.json();
      if (!data) throw new Error(JSON.stringify(errors ?? error));
      return data.distributions;
    },
  };
}

/** Starts what takes part, and says what does not. */
class Field {
  contenders = [];
  missing = [];
  #started = [];
  #folder;

  constructor({ databaseUrl, token, questions, captured, list }) {
    Object.assign(this, { databaseUrl, token, questions, captured, list });
    this.headers = { authorization: `Bearer ${token}` };
    this.hammer = this.#start('hammer');
  }

  #start(...args) {
    const helper = startHelper(...args);
    this.#started.push(helper);
    return helper;
  }

  async #try(name, work) {
    try {
      await work();
    } catch (error) {
      this.missing.push({ name, reason: error.message.split('\n')[0] });
    }
  }

  /** The one statement of ours for each question; nothing where a page takes several. */
  get ourStatements() {
    const all = Object.entries(this.captured).map(([key, { statements }]) => [key, statements]);
    return all.every(([, statements]) => statements.length === 1)
      ? Object.fromEntries(all.map(([key, [{ text, values }]], i) => [key, { name: `ours ${i}`, text, values }]))
      : undefined;
  }

  #limit(name, statementOf) {
    const limit = this.#start('limit');
    const { databaseUrl } = this;
    this.contenders.push({
      name,
      run: (key, connections, ms) => limit.ask({ url: databaseUrl, statements: [statementOf(key)], connections, ms }),
    });
  }

  async database() {
    this.#limit('database: statement by hand', (key) => this.questions[key].passed);
    const statements = this.ourStatements;
    if (statements) this.#limit('database: our statement', (key) => statements[key]);
    else {
      const many = Object.values(this.captured)[0].statements.length;
      this.missing.push({ name: 'database: our statement', reason: `a page of ours takes ${many} statements` });
    }
  }

  async route({ node, name }) {
    const statements = this.ourStatements;
    let shape;
    if (statements) {
      await this.#try(`${name}, our statement`, async () => {
        const samples = [];
        for (const [key, { answer }] of Object.entries(this.captured))
          samples.push({ rows: await rowsOf(this.databaseUrl, statements[key]), nodes: answer.nodes });
        const source = shapeOf(samples);
        this.#folder ??= await mkdtemp(join(tmpdir(), 'ppe-bench-'));
        shape = join(this.#folder, 'shape.cjs');
        await writeFile(shape, source);
      });
    }
    const questions = Object.fromEntries(
      Object.entries(this.questions).map(([key, { passed }]) => [
        key,
        { passed, first: FIRST, ours: statements?.[key] },
      ]),
    );
    const route = this.#start('route', { node });
    const { url } = await route.ask({ url: this.databaseUrl, questions, shape, list: this.list });
    for (const [path, what] of [
      ['passed', 'JSON of the database passed on'],
      ...(shape ? [['shaped', 'our statement']] : []),
    ]) {
      const requestOf = (key) => ({
        url: `${url}/${path}?first=${FIRST}&question=${encodeURIComponent(key)}`,
        bodies: [null],
      });
      this.contenders.push(overHttp(`${name}, ${what}`, this.hammer, { headers: this.headers, requestOf }));
    }
  }

  async ours({ node, name }) {
    const ours = await startOurs(this.databaseUrl, { node });
    this.#started.push(ours);
    const requestOf = (key) => ({
      url: ours.url,
      bodies: [JSON.stringify({ query: OURS, variables: this.captured[key].variables })],
    });
    this.contenders.push(overHttp(name, this.hammer, { headers: this.headers, requestOf }));
  }

  async postgraphile({ node, name, version }) {
    await this.#try(name, async () => {
      const { folder, reason } = await peer(`postgraphile${version}`);
      if (reason) throw new Error(reason);
      const helper = this.#start('postgraphile', { node, env: { GRAPHILE_ENV: 'production' } });
      const { url } = await helper.ask({ folder, version, url: this.databaseUrl });
      const query = await postgraphileQuery(url);
      const variables = async ({ donorId, after }) => {
        const condition = donorId ? { donorId } : undefined;
        const { distributions } = await client(url)(query, { first: 1, condition });
        const cursor = after && cursorAt(distributions.pageInfo.endCursor, after);
        return { first: FIRST, ...(condition && { condition }), ...(cursor && { after: cursor }) };
      };
      const bodies = {};
      for (const [key, question] of Object.entries(this.questions))
        bodies[key] = JSON.stringify({ query, variables: await variables(question) });
      const requestOf = (key) => ({ url, bodies: [bodies[key]] });
      this.contenders.push(overHttp(name, this.hammer, { headers: {}, requestOf }));
    });
  }

  async node24(work) {
    const { path, reason } = await peer('node24');
    if (reason) this.missing.push({ name: 'Node 24', reason });
    else await work(path);
  }

  /** Every answer holds the rows it must, and those that promise our JSON hold just that. */
  async check() {
    const wrong = [];
    for (const contender of this.contenders.filter(({ answer }) => answer)) {
      for (const [key, { ids }] of Object.entries(this.questions)) {
        const answer = await contender.answer(key).catch((error) => ({ nodes: [], error: error.message }));
        const got = answer.nodes.map(({ id }) => id);
        const isOurs = !contender.name.startsWith('PostGraphile');
        if (!isDeepStrictEqual(got, ids)) wrong.push(`${contender.name}: ${key}: ${answer.error ?? 'other rows'}`);
        else if (isOurs && !isDeepStrictEqual(answer, this.captured[key].answer))
          wrong.push(`${contender.name}: ${key}: other JSON`);
      }
    }
    return wrong;
  }

  async close() {
    for (const one of this.#started) await one.stop();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }
}

async function measure(field, key, connections, { rounds, seconds }) {
  const found = new Map(field.contenders.map(({ name }) => [name, { times: [], rates: [], failed: 0, errors: [] }]));
  for (const { run } of field.contenders) await run(key, connections, WARM_UP_MS);
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of field.contenders) {
      const { times, statuses, errors, ms } = await run(key, connections, seconds * 1000);
      const into = found.get(name);
      into.times.push(...times);
      into.errors.push(...errors);
      into.rates.push((times.length / ms) * 1000);
      into.failed +=
        errors.length + Object.entries(statuses).reduce((sum, [code, n]) => sum + (code === '200' ? 0 : n), 0);
    }
  }
  return [...found].map(([name, { times, rates, failed, errors }]) => ({
    name,
    question: key,
    connections,
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    rate: percentile(rates, 50),
    failed,
    ...(errors.length > 0 && { error: errors[0] }),
  }));
}

function print(results, reference) {
  for (const [title, rows] of grouped(results)) {
    console.log(`\n${title}`);
    const base = rows.find(({ name }) => name === reference) ?? rows[0];
    console.log(
      `  ${''.padEnd(58)} ${'p50 ms'.padStart(8)} ${'p99 ms'.padStart(8)} ${'a second'.padStart(9)}   of ${reference}`,
    );
    for (const { name, p50, p99, rate, failed, error } of rows)
      console.log(
        `  ${name.padEnd(58)} ${p50.toFixed(2).padStart(8)} ${p99.toFixed(2).padStart(8)} ${rate.toFixed(0).padStart(9)} ${(rate / base.rate).toFixed(2).padStart(6)}${failed > 0 ? `   ${failed} FAILED ${error ?? ''}` : ''}`,
      );
  }
}

const keyOf = ({ question, connections }) => `${question}; ${connections} at once`;

function grouped(results) {
  const groups = new Map();
  for (const result of results) groups.set(keyOf(result), [...(groups.get(keyOf(result)) ?? []), result]);
  return groups;
}

/** The tables that are asked for, and no other: PostGraphile would show them all. */
async function hideOthers(databaseUrl) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const shown = ['distribution', 'item', 'lot', 'donor', 'shipment', 'recipient'];
  const { rows } = await owner.query(
    `select tablename from pg_tables where schemaname = 'public' and tablename <> all($1)`,
    [shown],
  );
  for (const { tablename } of rows) await owner.query(`comment on table ${tablename} is e'@omit\\n@behavior -*'`);
  await owner.end();
}

/** The two goals, over all questions at 32 at once. */
function goals(results) {
  const ratio = (one, other) => {
    const at32 = results.filter(({ connections }) => connections === 32);
    const rates = (name) => at32.filter((result) => result.name === name).map(({ rate }) => rate);
    const [ours, theirs] = [rates(one), rates(other)];
    return ours.length > 0 && ours.length === theirs.length ? ours.map((rate, i) => rate / theirs[i]) : undefined;
  };
  const routes = results.some(({ name }) => name.endsWith('our statement') && name.startsWith('route'));
  const route = (node) => `route${node}, ${routes ? 'our statement' : 'JSON of the database passed on'}`;
  return [
    ['ours, of the route by hand, Node 20', ratio('ours', route('')), 0.6],
    ['ours, of the route by hand, Node 24', ratio('ours, Node 24', route(', Node 24')), 0.6],
    ['ours, of PostGraphile 5, both on Node 24', ratio('ours, Node 24', 'PostGraphile 5, Node 24'), 1.5],
  ].map(([what, ratios, goal]) => ({ what, ratios, goal, met: ratios?.every((one) => one >= goal) }));
}

/** Runs the comparison. @returns the figures, and what was wrong in answers */
export async function contenders({ url: databaseUrl, figures, token }, { rounds, seconds }) {
  const questions = await questionsOn(databaseUrl, figures);
  const { captured, list } = await capture(databaseUrl, token, questions);
  await hideOthers(databaseUrl);
  const field = new Field({ databaseUrl, token, questions, captured, list });
  try {
    await field.database();
    await field.route({ name: 'route' });
    await field.ours({ name: 'ours' });
    await field.postgraphile({ name: 'PostGraphile 4', version: 4 });
    await field.node24(async (node) => {
      await field.route({ node, name: 'route, Node 24' });
      await field.ours({ node, name: 'ours, Node 24' });
      await field.postgraphile({ node, name: 'PostGraphile 5, Node 24', version: 5 });
    });
    for (const { name, reason } of field.missing) console.log(`${name}: not available: ${reason}`);
    const wrong = await field.check();
    const isSound = ({ name }) => !wrong.some((one) => one.startsWith(`${name}:`));
    field.contenders = field.contenders.filter(isSound);
    // Whatever compiles what is hot has had its time before anything counts.
    for (const { run } of field.contenders)
      await run(Object.keys(questions)[0], Math.max(...CONCURRENCIES), FIRST_WARM_UP_MS);
    const results = [];
    for (const key of Object.keys(questions))
      for (const connections of CONCURRENCIES)
        results.push(...(await measure(field, key, connections, { rounds, seconds })));
    print(results, 'ours');
    for (const { what, ratios, goal, met } of goals(results))
      console.log(
        `${what}: ${ratios ? ratios.map((one) => one.toFixed(2)).join(', ') : 'not available'} (goal: ${goal}): ${met ? 'met' : 'MISSED'}`,
      );
    return { results, goals: goals(results), missing: field.missing, wrong };
  } finally {
    await field.close();
  }
}
