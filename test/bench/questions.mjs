/** The question that every contender is asked, in the words of each: fifty lines of history with all that belongs to them. */
import pg from 'pg';
import { client } from './processes.mjs';

export const FIRST = 50;

const FIELDS = {
  '': ['id', 'units', 'confirmedUnits', 'status', 'allocatedAt'],
  item: ['id', 'code', 'name', 'category'],
  lot: ['id', 'lotNumber', 'expiresOn', 'condition'],
  donor: ['id', 'name', 'country'],
  shipment: ['id', 'reference', 'status'],
  recipient: ['id', 'name', 'facility', 'country'],
};
const RELATIONS = Object.keys(FIELDS).filter(Boolean);

export const OURS = `query Page($first: Int, $after: String, $filter: DistributionFilter, $orderBy: DistributionOrder) {
  distributions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes { ${FIELDS[''].join(' ')} ${RELATIONS.map((name) => `${name} { ${FIELDS[name].join(' ')} }`).join(' ')} }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** A list's own cursor, set to stand at another row. */
export function cursorAt(cursor, { id, ...key }) {
  const from = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  const set = (part) => {
    if (Array.isArray(part)) return part.map(set);
    if (/^[0-9a-f]{8}-[0-9a-f]{4}-/.test(part)) return id;
    if (/^\d{4}-\d\d-\d\d[T ]/.test(part)) return key.at.toISOString();
    return typeof part === 'number' && key.units !== undefined ? key.units : part;
  };
  return Buffer.from(JSON.stringify(set(from))).toString('base64url');
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columns = (alias, names) => names.map((name) => `${alias}.${snake(name)} as "${name}"`).join(', ');

/** The statement that somebody would write by hand: the page from its index, the rest joined to it, one text for all. */
function byHand({ donorId, after }) {
  const values = [];
  const where = [];
  if (donorId) where.push(`t.donor_id = $${values.push(donorId)}::uuid`);
  if (after) {
    const at = values.push(after.at.toISOString(), after.id);
    where.push(`(t.allocated_at, t.id) < ($${at - 1}::timestamptz, $${at}::uuid)`);
  }
  const joined = RELATIONS.map((name) => `join ${name} on ${name}.id = page.${name}_id`).join(' ');
  const nested = RELATIONS.map(
    (name) => `(select one from (select ${columns(name, FIELDS[name])}) as one) as "${name}"`,
  );
  const text = `with page as materialized (
      select * from distribution t ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by t.allocated_at desc, t.id desc limit ${FIRST + 1}),
    shown as (select * from page order by allocated_at desc, id desc limit ${FIRST})
    select coalesce((select json_agg(node) from (
        select page.id, page.units, page.confirmed_units as "confirmedUnits", page.status,
          to_char(page.allocated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "allocatedAt", ${nested.join(', ')}
        from shown as page ${joined} order by page.allocated_at desc, page.id desc) as node)::text, '[]') as nodes,
      (select count(*) > ${FIRST} from page) as more, last.allocated_at as at, last.id
    from (select) as always left join (select allocated_at, id from shown order by allocated_at, id limit 1) as last on true`;
  return { name: `by hand ${where.length} ${values.length}`, text, values };
}

/** What is asked: the newest, and from the middle; of all, and of the donor who gave most. */
export async function questionsOn(databaseUrl, { kinds, days }) {
  const owner = new pg.Client({ connectionString: databaseUrl });
  owner.on('error', () => {});
  await owner.connect();
  try {
    const middle = new Date(Date.parse(days.first) + (days.count / 2) * 86_400_000);
    const questions = {};
    for (const [name, donorId] of [
      ['all', null],
      ['one donor', kinds.donorIds.common.value],
    ]) {
      const where = donorId ? `donor_id = '${donorId}' and` : '';
      const order = 'order by allocated_at desc, id desc limit';
      const { rows } = await owner.query(
        `select allocated_at as at, id from distribution where ${where} allocated_at < $1 ${order} 1`,
        [middle],
      );
      for (const [place, after] of [
        ['first page', null],
        ['middle', rows[0]],
      ]) {
        const beyond = after ? `(allocated_at, id) < ('${after.at.toISOString()}', '${after.id}')` : 'true';
        const expected = await owner.query(`select id from distribution where ${where} ${beyond} ${order} ${FIRST}`);
        questions[`${name}, ${place}`] = {
          donorId,
          after,
          first: FIRST,
          filter: donorId && { donorIds: [donorId] },
          ids: expected.rows.map(({ id }) => id),
          passed: byHand({ donorId, after }),
        };
      }
    }
    return questions;
  } finally {
    await owner.end();
  }
}

const INTROSPECTION = `{ __schema { queryType { name } types { name enumValues { name } fields { name type { name kind ofType { name kind } } args { name type { name ofType { name ofType { name } } } } } } } }`;

/** The same question in the words of a schema that PostGraphile made, which is asked for its names. */
export async function postgraphileQuery(url) {
  const { __schema: schema } = await client(url)(INTROSPECTION);
  const type = (name) => schema.types.find((one) => one.name === name);
  const typeOf = (field) => field.type.name ?? field.type.ofType?.name;
  const list = type(schema.queryType.name).fields.find(
    (field) => /distributions/i.test(field.name) && typeOf(field).endsWith('Connection'),
  );
  const node = type('Distribution');
  const idOf = (one) => (one.fields.some(({ name }) => name === 'rowId') ? 'rowId' : 'id');
  const fields = (one, names) => names.map((name) => (name === 'id' ? `id: ${idOf(one)}` : name)).join(' ');
  const nested = RELATIONS.map((name) => {
    const wanted = name[0].toUpperCase() + name.slice(1);
    const field = node.fields.find((one) => typeOf(one) === wanted);
    return `${name}: ${field.name} { ${fields(type(wanted), FIELDS[name])} }`;
  });
  const argument = (name) => list.args.find((one) => one.name === name);
  const condition = argument('condition').type.name;
  const orders = argument('orderBy').type.ofType;
  const order = `[ALLOCATED_AT_DESC, ${idOf(node) === 'id' ? 'ID' : 'ROW_ID'}_DESC]`;
  const missing = order
    .match(/\w+/g)
    .filter((name) => !type(orders.name ?? orders.ofType.name).enumValues.some((one) => one.name === name));
  if (missing.length > 0) throw new Error(`no order ${missing.join()}`);
  return `query Page($first: Int!, $after: Cursor, $condition: ${condition}) {
    distributions: ${list.name}(first: $first, after: $after, condition: $condition, orderBy: ${order}) {
      nodes { ${fields(node, FIELDS[''])} ${nested.join(' ')} }
      pageInfo { hasNextPage endCursor }
    }
  }`;
}
