import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows } from '../platform/keyset.js';
import { addDays, conditionsOf, searched } from './distribution.repository.js';
import type { DistributionFilter, DistributionOrder } from './distribution.rules.js';
import type { DistributionType } from './distribution.types.js';
import { DIMENSION_NAMES, DIMENSIONS, RELATIONS, type Reading, type Relation } from './page.rules.js';

/**
 * The columns of a line and of each row beside it. Those that are selected are read, and those marked `!`: other fields are
 * worked out from them, or nobody may see the row without them. `at:` marks instants, of which JSON has none.
 */
const LINE = `!id delivery_id !units confirmed_units status country exposure_tier !at:allocated_at at:dispatched_at at:delivered_at`;
const BESIDE: Readonly<Record<Relation, string>> = {
  item: `!id code name category standard size`,
  lot: `!id !item_id !donor_id !shipment_id !shipment_line_id lot_number !expires_on units_per_pack earmark condition at:received_at`,
  donor: `!id name kind country email phone !anonymous at:created_at`,
  shipment: `!id reference !donor_id status carrier tracking_number expected_on discrepancy_reason at:received_at !at:created_at`,
  recipient: `!id name profession specialty facility country subdivision email phone exposure_tier headcount status at:created_at`,
  plan: `!id status rule claims !policy_id !policy_version seed seed_hash fingerprint engine_version !substitutes unallocated metrics
    stale_because at:created_at !at:committed_at`,
  site: `!id name address country note is_default closed_because at:opened_at at:closed_at`,
};

interface Column {
  /** As it stands in the table, and as the row is known by. */
  readonly column: string;
  readonly name: string;
  readonly isAlways: boolean;
  readonly isInstant: boolean;
}

function columnsOf(list: string): Column[] {
  return list.split(/\s+/).map((text) => {
    const column = text.replace(/^!?(at:)?/, '');
    const name = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    return { column, name, isAlways: text.startsWith('!'), isInstant: text.includes('at:') };
  });
}

const LINE_COLUMNS = columnsOf(LINE);
const COLUMNS = Object.fromEntries(RELATIONS.map((table) => [table, columnsOf(BESIDE[table])]));

/** What is read of a row, as SQL. */
function selected(alias: string, columns: readonly Column[], names: ReadonlySet<string>): string {
  return columns
    .filter(({ name, isAlways }) => isAlways || names.has(name))
    .map(({ column, name }) => `${alias}.${column} as "${name}"`)
    .join(', ');
}

function joined(table: Relation, names: ReadonlySet<string>): string {
  const columns = selected('x', COLUMNS[table]!, names);
  return `join lateral (select ${columns} from ${table} x where x.id = t.${table}_id) as ${table} on true`;
}

const ORDER_COLUMN = {
  ALLOCATED_AT: { column: 'allocated_at', type: 'timestamptz' },
  UNITS: { column: 'units', type: 'integer' },
} as const;

/**
 * How many lines are looked at in the order of the page before it is read value by value. Of what makes up more than a
 * fortieth of all lines a page of 50 is among them; of what is rarer, few lines have to be sorted.
 */
const GLANCE = 2000;
/** Statements that connections keep parsed. Clients ask the same few; whoever asks thousands is served without. */
const MOST_NAMED = 200;

/** Which page, read with what. */
export interface PageOfHistory {
  readonly filter: DistributionFilter;
  readonly order: DistributionOrder;
  readonly page: Page;
  readonly reading: Reading;
}

/** Where a page begins, how it is ordered and how long it is, in SQL. */
interface Span {
  /** Conditions on time and on what was seen before. */
  readonly where: readonly string[];
  readonly order: (alias: string) => string;
  readonly limit: number;
}

/** Values of a column by which lines can be read one after the other. */
interface Values {
  readonly column: string;
  readonly sql: string;
}

const and = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;

function spanOf({ filter, order, page }: PageOfHistory, parameters: unknown[]): Span {
  const { column, type } = ORDER_COLUMN[order.field];
  const ascending = (order.direction === 'ASC') !== (page.backwards === true);
  const conditions = new Conditions(parameters);
  addDays(conditions, 't.allocated_at', filter);
  if (page.after) {
    const [key, id] = [parameters.push(page.after[0]), parameters.push(page.after[1])];
    conditions.where.push(`(t.${column}, t.id) ${ascending ? '>' : '<'} ($${key}::${type}, $${id}::uuid)`);
  }
  const direction = ascending ? 'asc' : 'desc';
  return {
    where: conditions.where,
    order: (alias) => `order by ${alias}.${column} ${direction}, ${alias}.id ${direction}`,
    limit: page.limit + 1,
  };
}

/** Lines in the order of an index, those that do not fit left out on the way. */
function inOrder(where: readonly string[], { order, limit, where: within }: Span): string {
  return `select t.* from distribution t ${and([...where, ...within])} ${order('t')} limit ${limit}`;
}

/**
 * Lines of many values. First a glance at what comes next, whatever it is: what is common is found there. Where that is no
 * whole page, the next lines of each value, which an index holds in order, are merged.
 */
function valueByValue(
  values: readonly Values[],
  where: readonly string[],
  { order, limit, where: within }: Span,
): string {
  const sets = values.map(({ sql }, i) => `v${i} as materialized (${sql})`);
  const fits = values.map(({ column }, i) => `t.${column} in (select id from v${i})`).join(' or ');
  const each = values.map(
    ({ column }, i) => `select k.id, k.allocated_at from v${i} as v cross join lateral (
      select t.id, t.allocated_at from distribution t ${and([`t.${column} = v.id`, ...where, ...within])} ${order('t')} limit ${limit}) as k
      where (select count(*) from glance) < ${limit}`,
  );
  return `with ${sets.join(', ')},
    glance as materialized (select t.id, t.allocated_at from (select * from distribution t ${and(within)} ${order('t')} limit ${GLANCE}) as t
      ${and([`(${fits})`, ...where])} ${order('t')} limit ${limit}),
    found as (select id, allocated_at from glance where (select count(*) from glance) = ${limit} union ${each.join(' union ')})
    select t.* from (select f.id from found f ${order('f')} limit ${limit}) as k join distribution t on t.id = k.id`;
}

/** The values that a list of the filter stands for. */
function valuesOf(filter: DistributionFilter, name: keyof typeof DIMENSIONS, parameters: unknown[]): Values {
  const { column, type, values } = DIMENSIONS[name]!;
  const asked = `$${parameters.push(filter[name])}::${type}[]`;
  return { column, sql: values ? values.replace('$', asked) : `select unnest(${asked}) as id` };
}

/** The items and, for whoever may know where people work, the recipients that a search finds. */
function foundBy(filter: DistributionFilter, parameters: unknown[]): Values[] {
  const pattern = `$${parameters.push(searched(filter))}`;
  const items = { column: 'item_id', sql: `select id from item where code ilike ${pattern} or name ilike ${pattern}` };
  if (filter.itemsOnly) return [items];
  return [items, { column: 'recipient_id', sql: `select id from recipient where facility ilike ${pattern}` }];
}

/** The conditions of a filter, those on time and of one dimension apart. */
function restOf(filter: DistributionFilter, apart: string | undefined, parameters: unknown[]): string[] {
  return conditionsOf({ ...filter, allocatedOn: null, ...(apart && { [apart]: null }) }, parameters).where;
}

/** The lines of a page as SQL, and whether their plan is as good for any values of the parameters. */
function linesOf(asked: PageOfHistory, parameters: unknown[]): { sql: string; order: string; steady: boolean } {
  const { filter, order } = asked;
  const span = spanOf(asked, parameters);
  const given = DIMENSION_NAMES.filter((name) => filter[name] != null);
  const single = given.find((name) => DIMENSIONS[name]!.isOne && (filter[name] as readonly unknown[]).length === 1);
  const steady = order.field === 'ALLOCATED_AT' && given.length + (filter.search == null ? 0 : 1) <= 1;
  const done = (sql: string) => ({ sql, order: span.order('t'), steady });
  if (single !== undefined) {
    const one = new Conditions(parameters);
    const { column, type, values } = DIMENSIONS[single]!;
    const [value] = filter[single] as readonly unknown[];
    one.add(`t.${column} = ${values ? `(${values.replace('any($)', `$::${type}`)})` : `$::${type}`}`, value);
    return done(inOrder([...one.where, ...restOf(filter, single, parameters)], span));
  }
  const driver = filter.search == null ? given[0] : 'search';
  // By size, an index holds all lines in order and those of a value in none: the planner weighs which way is shorter.
  if (driver === undefined || order.field === 'UNITS')
    return done(inOrder(restOf(filter, undefined, parameters), span));
  const values = driver === 'search' ? foundBy(filter, parameters) : [valuesOf(filter, driver, parameters)];
  return done(valueByValue(values, restOf(filter, driver, parameters), span));
}

const statements = new Map<string, string>();

/** The name under which connections keep a statement; none when there are enough. */
function nameOf(sql: string): string | undefined {
  const name = statements.get(sql);
  if (name !== undefined || statements.size >= MOST_NAMED) return name;
  const made = `history ${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
  statements.set(sql, made);
  return made;
}

function readInstants(row: Record<string, unknown>, columns: readonly Column[]): void {
  for (const { name, isInstant } of columns)
    if (isInstant && row[name] != null) row[name] = new Date(row[name] as string);
}

/** A page as the database writes it. */
interface Written {
  readonly lines: Record<string, unknown>[] | null;
  readonly known: number;
}

@Injectable()
export class PageRepository {
  /**
   * One page by (order key, id) with all the rows beside its lines, in one statement; the last page costs what the first
   * costs. `strange` says that not all item codes of the filter are known.
   */
  async page(reader: Reader, asked: PageOfHistory): Promise<Rows<DistributionType> & { readonly strange: boolean }> {
    const { filter, order, reading } = asked;
    const { relations, names } = reading;
    const parameters: unknown[] = [];
    const lines = linesOf(asked, parameters);
    const codes = filter.itemCodes
      ? `(select count(*) from item where code = any($${parameters.push(filter.itemCodes)}))`
      : '0';
    const sql = `select (select json_agg(p) from (select ${[selected('t', LINE_COLUMNS, names), ...relations].join(', ')}
      from (${lines.sql}) as t ${relations.map((relation) => joined(relation, names)).join(' ')} ${lines.order}) as p) as lines, ${codes} as known`;
    const [written] = await reader.rows<Written>(sql, parameters, lines.steady ? nameOf(sql) : undefined);
    const rows = written!.lines ?? [];
    for (const row of rows) {
      readInstants(row, LINE_COLUMNS);
      for (const relation of relations) readInstants(row[relation] as Record<string, unknown>, COLUMNS[relation]!);
    }
    const keyOf = (row: DistributionType): [string | number, string] => [
      order.field === 'UNITS' ? row.units : row.allocatedAt.toISOString(),
      row.id,
    ];
    return {
      rows: rows as unknown as DistributionType[],
      keyOf,
      strange: written!.known < new Set(filter.itemCodes).size,
      count: () => countRows(reader, { from: 'distribution t', ...conditionsOf(filter) }),
    };
  }
}
