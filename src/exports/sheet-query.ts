import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { PLAN_STATUSES } from '../allocations/plan.rules.js';
import { DateRange, IsTimeZone } from '../history/distribution.types.js';
import type { Query } from '../history/filter-query.js';
import { CheckedArgs, IsId } from '../platform/graphql/checked.js';
import { DateTime, LocalDate } from '../platform/graphql/scalars.js';
import { badInput } from '../platform/rejection.js';
import { SHEET_VERSION } from './sheet.rules.js';

/** What is asked of every sheet, beside a filter. */
export interface SheetOptions {
  /** Whether a byte order mark comes first: some spreadsheets take a text for UTF-8 only then. */
  readonly bom: boolean;
}
const OPTIONS = ['version', 'bom'];

/** Which stock, by the names of GraphQL's `stock`. */
export class StockQuery {
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[];

  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  siteIds?: string[];

  asOf?: Date;
}

/** Which plans, by the names of GraphQL's `plans`, and by the days on which they were computed. */
export class PlanQuery {
  @IsOptional()
  @IsIn(PLAN_STATUSES, { each: true, message: `must be one of ${PLAN_STATUSES.join(', ')}` })
  statuses?: string[];

  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  policyIds?: string[];

  @IsOptional()
  @ValidateNested()
  @Type(() => DateRange)
  createdOn?: DateRange;

  @IsOptional()
  @IsTimeZone()
  timeZone?: string;
}

/** Refuses text that cannot stand in a statement. */
function assertKeepable(query: Query): void {
  for (const [name, value] of Object.entries(query)) {
    if ([value].flat().some((text) => text?.includes('\0')))
      throw badInput(name, `${name}: holds a character that cannot be kept: U+0000`);
  }
}

function once(name: string, value: Query[string]): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw badInput(name, `${name}: can be given only once`);
  return value;
}

/**
 * Takes what is asked of every sheet out of a query string.
 * @returns it, and what is left: the filter
 * @throws BAD_USER_INPUT that names the field
 */
export function optionsOf(query: Query, format: string): [SheetOptions, Query] {
  assertKeepable(query);
  const version = once('version', query['version']) ?? SHEET_VERSION;
  if (version !== SHEET_VERSION) throw badInput('version', `version: ${SHEET_VERSION} is the only one there is`);
  const bom = once('bom', query['bom']) ?? '0';
  if (bom !== '0' && bom !== '1') throw badInput('bom', 'bom: must be 0 or 1');
  if (bom === '1' && format !== 'csv') throw badInput('bom', 'bom: is for csv');
  return [{ bom: bom === '1' }, Object.fromEntries(Object.entries(query).filter(([name]) => !OPTIONS.includes(name)))];
}

/** Reads a value, or says what it should have been. */
function parsed<T>(name: string, text: string, parse: (text: string) => T, what: string): T {
  try {
    return parse(text);
  } catch {
    throw badInput(name, `${name}: must be ${what}`);
  }
}

const day = (name: string, text: string): string =>
  parsed(name, text, (value) => LocalDate.parseValue(value)!, 'a day, such as 2020-03-31');
const instant = (name: string, text: string): Date =>
  parsed(name, text, (value) => DateTime.parseValue(value) as Date, 'an instant, such as 2020-03-31T12:00:00Z');

/** How each name of a filter is read. A list is repeated, or has commas. */
type Reading = 'LIST' | ((name: string, text: string) => unknown);

function read(query: Query, readings: Readonly<Record<string, Reading>>): Record<string, unknown> {
  const filter: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const reading = Object.hasOwn(readings, name) ? readings[name] : undefined;
    if (reading === undefined) throw badInput(name, `${name}: there is no such filter`);
    filter[name] =
      reading === 'LIST'
        ? [value].flat().flatMap((text) => text.split(',').map((part) => part.trim()))
        : reading(name, once(name, value)!);
  }
  return filter;
}

/** Reads which stock is asked for. @throws BAD_USER_INPUT that names the field; for names that are no filter, too */
export async function stockQueryOf(query: Query): Promise<StockQuery> {
  const filter = read(query, { itemCodes: 'LIST', siteIds: 'LIST', asOf: instant });
  return (await CheckedArgs.transform(filter, { type: 'query', metatype: StockQuery })) as StockQuery;
}

/** Reads which plans are asked for. @throws BAD_USER_INPUT that names the field; for names that are no filter, too */
export async function planQueryOf(query: Query): Promise<PlanQuery> {
  const text = (_name: string, value: string): string => value;
  const {
    'createdOn.from': from,
    'createdOn.to': to,
    ...rest
  } = read(query, {
    statuses: 'LIST',
    policyIds: 'LIST',
    'createdOn.from': day,
    'createdOn.to': day,
    timeZone: text,
  });
  const filter = { ...rest, ...((from ?? to) !== undefined && { createdOn: { from, to } }) };
  return (await CheckedArgs.transform(filter, { type: 'query', metatype: PlanQuery })) as PlanQuery;
}
