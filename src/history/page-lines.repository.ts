import { Conditions } from '../platform/keyset.js';
import type { Page } from '../platform/graphql/connection.js';
import { addDays, conditionsOf, daysOf, searched } from './distribution.repository.js';
import type { DistributionFilter, DistributionOrder } from './distribution.rules.js';
import { DIMENSION_NAMES, DIMENSIONS, type Reading } from './page.rules.js';

/**
 * How many lines are looked at in the order of the page before it is read value by value. Of what makes up more than a
 * fortieth of all lines a page of 50 is among them; of what is rarer, few lines have to be sorted.
 */
const GLANCE = 2000;
/** No line has this id, and all have a greater one. */
const NO_ID = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** Which page, read with what. */
export interface PageOfHistory {
  readonly filter: DistributionFilter;
  readonly order: DistributionOrder;
  readonly page: Page;
  readonly reading: Reading;
}

/** Where a page begins and ends in time, how it is ordered and how long it is, in SQL. */
interface Span {
  readonly column: 'allocated_at' | 'units';
  readonly ascending: boolean;
  readonly limit: number;
  /** Where it begins: a key that was seen, or the first or last instant of the days, as two expressions. */
  readonly start: readonly [string, string] | null;
  /** Where it must end: an instant. */
  readonly end: string | null;
  /** Conditions on time that are no part of a key. */
  readonly days: readonly string[];
}

/** Values of a column by which lines can be read one after the other. */
interface Values {
  readonly column: string;
  readonly sql: string;
  /** Whether a line is of one of them, where they are so many that it is better asked line by line. */
  readonly fits?: string;
}

const and = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;

function spanOf({ filter, order, page }: PageOfHistory, parameters: unknown[]): Span {
  const ascending = (order.direction === 'ASC') !== (page.backwards === true);
  const limit = page.limit + 1;
  const type = order.field === 'UNITS' ? 'integer' : 'timestamptz';
  const seen = page.after?.map((part, i) => `$${parameters.push(part)}::${i === 0 ? type : 'uuid'}`) as
    [string, string] | undefined;
  if (order.field === 'UNITS') {
    const days = addDays(new Conditions(parameters), 't.allocated_at', filter).where;
    return { column: 'units', ascending, limit, start: seen ?? null, end: null, days };
  }
  const { from, to } = daysOf(filter, parameters);
  const [first, last] = ascending ? [from, to] : [to, from];
  return { column: 'allocated_at', ascending, limit, start: startOf(seen, first, ascending), end: last, days: [] };
}

/**
 * Where a page in the order of time begins: beyond what was seen and within the days, whichever is narrower. One key and no
 * two, so that an index is entered at the right place.
 */
function startOf(
  seen: readonly [string, string] | undefined,
  day: string | null,
  ascending: boolean,
): readonly [string, string] | null {
  if (!seen || day === null) return seen ?? (day === null ? null : [day, NO_ID]);
  const [at, id] = seen;
  const narrower = ascending ? `greatest(${at}, ${day})` : `least(${at}, ${day})`;
  return [narrower, `case when ${at} ${ascending ? '>=' : '<'} ${day} then ${id} else ${NO_ID} end`];
}

/**
 * The lines of one value of a column within a span, as conditions that name the column's own index: the value is given as
 * bounds and not by `=`, and is the first of the keys that the lines are ordered by. The planner would else think the lines of
 * a value to be spread evenly over time, and walk over half a million others to find the first of them.
 */
function bounds(span: Span, value?: { readonly column: string; readonly is: string }): string[] {
  const row = (...columns: string[]): string => `(${[value ? `t.${value.column}` : [], ...columns].flat().join(', ')})`;
  const key = (...parts: string[]): string => `(${[value ? value.is : [], ...parts].flat().join(', ')})`;
  const [beyond, before] = span.ascending ? ['>', '<'] : ['<', '>='];
  const conditions = [...span.days];
  if (span.start) conditions.push(`${row(`t.${span.column}`, 't.id')} ${beyond} ${key(...span.start)}`);
  else if (value) conditions.push(`t.${value.column} ${span.ascending ? '>=' : '<='} ${value.is}`);
  if (span.end) conditions.push(`${row('t.allocated_at')} ${before} ${key(span.end)}`);
  else if (value) conditions.push(`t.${value.column} ${span.ascending ? '<=' : '>='} ${value.is}`);
  return conditions;
}

function inOrder({ column, ascending }: Span, alias: string, first?: string): string {
  const direction = ascending ? 'asc' : 'desc';
  return `order by ${[first ?? [], column, 'id']
    .flat()
    .map((key) => `${alias}.${key} ${direction}`)
    .join(', ')}`;
}

/** Lines of no value in particular, those that do not fit left out on the way. */
function allLines(where: readonly string[], span: Span): string {
  return `select t.* from distribution t ${and([...where, ...bounds(span)])} ${inOrder(span, 't')} limit ${span.limit}`;
}

/** Lines of one value in the order of time. */
function linesOfOne({ column, sql }: Values, where: readonly string[], span: Span): string {
  const of = { column, is: `(${sql})` };
  return `select t.* from distribution t ${and([...bounds(span, of), ...where])} ${inOrder(span, 't', column)} limit ${span.limit}`;
}

/** Those of some lines, up to {@link GLANCE}, that fit, if they make a whole page; else what is found the long way round. */
function glanceOr(lines: string, fits: readonly string[], longWay: readonly string[], span: Span): string {
  const { column, limit } = span;
  return `glance as materialized (select t.id, t.${column} from (${lines}) as t ${and(fits)} ${inOrder(span, 't')} limit ${limit}),
    found as (select id, ${column} from glance where (select count(*) from glance) = ${limit} union ${longWay.join(' union ')})
    select t.* from (select f.id from found f ${inOrder(span, 'f')} limit ${limit}) as k join distribution t on t.id = k.id`;
}

/**
 * Lines of many values in the order of time. First a glance at what comes next, whatever it is: what is common is found
 * there. Else the next lines of each value, which an index holds in order, are merged.
 */
function valueByValue(values: readonly Values[], where: readonly string[], span: Span): string {
  const { limit } = span;
  const sets = values.map((value, i) => `v${i} as materialized (${value.sql})`);
  const fits = values.map((value, i) => value.fits ?? `t.${value.column} in (select id from v${i})`).join(' or ');
  const each = values.map(
    ({ column }, i) => `select k.id, k.allocated_at from v${i} as v cross join lateral (
      select t.id, t.allocated_at from distribution t ${and([...bounds(span, { column, is: 'v.id' }), ...where])}
      ${inOrder(span, 't', column)} limit ${limit}) as k where (select count(*) from glance) < ${limit}`,
  );
  const next = allLines([], { ...span, limit: GLANCE });
  return `with ${sets.join(', ')}, ${glanceOr(next, [`(${fits})`, ...where], each, span)}`;
}

/**
 * Lines that no index holds in their order: by size, or of several filters at once. First a glance at the next lines that an
 * index does hold in order; else all that fit are sorted, by the way that seems best for these values.
 */
function gathered(next: string, where: readonly string[], span: Span): string {
  const all = `select t.id, t.${span.column} from distribution t ${and([...where, ...bounds(span), `(select count(*) from glance) < ${span.limit}`])}`;
  return `with ${glanceOr(next, where, [all], span)}`;
}

/** The values that a list of the filter stands for. */
function valuesOf(filter: DistributionFilter, name: keyof typeof DIMENSIONS, parameters: unknown[]): Values {
  const { column, type, values, fits } = DIMENSIONS[name]!;
  const asked = `$${parameters.push(filter[name])}::${type}[]`;
  return {
    column,
    sql: values ? values.replace('$', asked) : `select unnest(${asked}) as id`,
    ...(fits && { fits: fits.replace('$', asked) }),
  };
}

/** The one value that a list of one stands for. */
function oneOf(filter: DistributionFilter, name: keyof typeof DIMENSIONS, parameters: unknown[]): Values {
  const { column, type, values } = DIMENSIONS[name]!;
  const asked = `$${parameters.push((filter[name] as readonly unknown[])[0])}::${type}`;
  return { column, sql: values ? values.replace('any($)', asked) : asked };
}

/** The items and, for whoever may know where people work, the recipients that a search finds. */
function foundBy(filter: DistributionFilter, parameters: unknown[]): Values[] {
  const pattern = `$${parameters.push(searched(filter))}`;
  const items = { column: 'item_id', sql: `select id from item where code ilike ${pattern} or name ilike ${pattern}` };
  if (filter.itemsOnly) return [items];
  const found = `facility_key like lower(${pattern})`;
  const fits = `exists (select 1 from recipient r where r.id = t.recipient_id and r.${found})`;
  return [items, { column: 'recipient_id', sql: `select id from recipient where ${found}`, fits }];
}

/** The conditions of a filter, those on time and of one dimension apart. */
function restOf(filter: DistributionFilter, apart: string | undefined, parameters: unknown[]): string[] {
  return conditionsOf({ ...filter, allocatedOn: null, ...(apart && { [apart]: null }) }, parameters).where;
}

/** The lines of a page as SQL, and whether their plan is as good for any values of the parameters. */
export function linesOf(asked: PageOfHistory, parameters: unknown[]): { sql: string; order: string; steady: boolean } {
  const { filter } = asked;
  const span = spanOf(asked, parameters);
  const glance = { ...span, limit: GLANCE };
  const given = DIMENSION_NAMES.filter((name) => filter[name] != null);
  const single = given.find((name) => DIMENSIONS[name]!.isOne && (filter[name] as readonly unknown[]).length === 1);
  const isAlone = given.length + (filter.search == null ? 0 : 1) <= 1;
  const driver = single ?? (filter.search == null ? given[0] : 'search');
  const done = (sql: string, steady: boolean) => ({ sql, order: inOrder(span, 't'), steady });
  if (driver === undefined) return done(allLines([], span), true);
  if (span.column === 'units')
    return done(gathered(allLines([], glance), restOf(filter, undefined, parameters), span), false);
  if (single !== undefined) {
    const one = oneOf(filter, single, parameters);
    if (isAlone) return done(linesOfOne(one, restOf(filter, single, parameters), span), true);
    return done(gathered(linesOfOne(one, [], glance), restOf(filter, undefined, parameters), span), false);
  }
  const values = driver === 'search' ? foundBy(filter, parameters) : [valuesOf(filter, driver as never, parameters)];
  return done(valueByValue(values, restOf(filter, driver, parameters), span), isAlone);
}
