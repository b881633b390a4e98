import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionFilter } from './distribution.rules.js';
import { FEWEST_SHOWN, type Cell } from './cells.rules.js';
import { NO_DIMENSIONS, type DimensionValues, type DistributionDimension, type Sums } from './summary.rules.js';

/** A sum over history may have this many rows; more is a question for an export. */
export const MOST_SUMMARY_ROWS = 5000;

/** The sums of a cell, with what it is of. */
export interface SumRow extends DimensionValues, Sums {
  /** How many people; null where nobody asked. */
  readonly recipients: number | null;
}

/** The sums of a cell, with who is in it where they are few. */
export interface PeopledRow extends SumRow, Cell {
  readonly recipients: number;
}

interface Dimension {
  /** The column of the answer. */
  readonly column: keyof DimensionValues;
  readonly sql: string;
  readonly join?: string;
}

/** The instant of the commit on the clocks of the zone. `$tz` stands for the zone. */
const LOCAL = 't.allocated_at at time zone $tz';

/** How each dimension is grouped. */
const DIMENSION: Readonly<Record<DistributionDimension, Dimension>> = {
  ITEM: { column: 'itemId', sql: 't.item_id' },
  CATEGORY: { column: 'category', sql: 'i.category', join: 'join item i on i.id = t.item_id' },
  DONOR: { column: 'donorId', sql: 't.donor_id' },
  RECIPIENT: { column: 'recipientId', sql: 't.recipient_id' },
  GROUP: { column: 'groupId', sql: 'm.group_id', join: 'join group_member m on m.recipient_id = t.recipient_id' },
  FACILITY: { column: 'facility', sql: 'r.facility', join: 'join recipient r on r.id = t.recipient_id' },
  COUNTRY: { column: 'country', sql: 't.country' },
  TIER: { column: 'exposureTier', sql: 't.exposure_tier' },
  PLAN: { column: 'planId', sql: 't.plan_id' },
  SITE: { column: 'siteId', sql: 't.site_id' },
  DAY: { column: 'day', sql: `(${LOCAL})::date` },
  WEEK: { column: 'week', sql: `to_char(${LOCAL}, 'IYYY-"W"IW')` },
  MONTH: { column: 'month', sql: `to_char(${LOCAL}, 'YYYY-MM')` },
  QUARTER: { column: 'quarter', sql: `to_char(${LOCAL}, 'YYYY-"Q"Q')` },
  STATUS: { column: 'status', sql: 't.status' },
};

/** The statement of a question, in parts. */
interface Question {
  readonly dimensions: readonly Dimension[];
  readonly from: string;
  readonly where: string;
  readonly parameters: unknown[];
}

function questionOf(filter: DistributionFilter, by: readonly DistributionDimension[]): Question {
  const { where, parameters } = conditionsOf(filter);
  const asked = [...new Set(by)].map((dimension) => DIMENSION[dimension]);
  if (asked.some(({ sql }) => sql.includes('$tz'))) parameters.push(filter.timeZone ?? 'UTC');
  const zone = `$${parameters.length}::text`;
  return {
    dimensions: asked.map((dimension) => ({ ...dimension, sql: dimension.sql.replace('$tz', zone) })),
    from: `distribution t ${asked.flatMap(({ join }) => join ?? []).join(' ')}`,
    where: where.length > 0 ? `where ${where.join(' and ')}` : '',
    parameters,
  };
}

/** The largest first, and equally large ones always in the same order; one row too many says that there are more. */
export function groupedAndBounded(dimensions: number, having = ''): string {
  const places = Array.from({ length: dimensions }, (_, i) => i + 1);
  return `${dimensions === 0 ? '' : `group by ${places.join(', ')} ${having}`}
    order by ${['units desc', ...places].join(', ')} limit ${MOST_SUMMARY_ROWS + 1}`;
}

const SUMS = `coalesce(sum(t.units), 0)::bigint as units, coalesce(sum(t.confirmed_units), 0)::bigint as "confirmedUnits"`;

/** Sums over the lines of history. */
@Injectable()
export class SummaryRepository {
  /** Sums by any set of dimensions, without counting people. */
  async sums(reader: Reader, filter: DistributionFilter, by: readonly DistributionDimension[]): Promise<SumRow[]> {
    const { dimensions, from, where, parameters } = questionOf(filter, by);
    const columns = dimensions.map(({ column, sql }) => `${sql} as "${column}", `).join('');
    const rows = await reader.rows<Partial<SumRow>>(
      `select ${columns} ${SUMS}, count(*) as distributions from ${from} ${where} ${groupedAndBounded(dimensions.length)}`,
      parameters,
    );
    return rows.map((row) => ({ ...NO_DIMENSIONS, recipients: null, ...row }) as SumRow);
  }

  /**
   * Sums by any set of dimensions, with how many people are in each cell, and who where they are few. People are told
   * apart by a first grouping, which needs no sorting and runs on several cores; `count(distinct ...)` does neither.
   */
  async peopled(
    reader: Reader,
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
  ): Promise<PeopledRow[]> {
    const { dimensions, from, where, parameters } = questionOf(filter, by);
    const columns = dimensions.map(({ column, sql }) => `${sql} as "${column}", `).join('');
    const names = dimensions.map(({ column }) => `"${column}", `).join('');
    const rows = await reader.rows<Partial<PeopledRow>>(
      `select ${names} ${SUMS}, coalesce(sum(t.distributions), 0)::bigint as distributions, count(*) as recipients,
         case when count(*) < ${FEWEST_SHOWN} then array_agg(t.person) end as few
       from (select ${columns} t.recipient_id as person, sum(t.units) as units, sum(t.confirmed_units) as confirmed_units, count(*) as distributions
         from ${from} ${where} group by ${Array.from({ length: dimensions.length + 1 }, (_, i) => i + 1).join(', ')}) as t
       ${groupedAndBounded(dimensions.length)}`,
      parameters,
    );
    return rows.map((row) => ({ ...NO_DIMENSIONS, ...row }) as PeopledRow);
  }

  /** How many of these people are in a cell. */
  async among(
    reader: Reader,
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
    { cell, people }: { cell: DimensionValues; people: readonly string[] },
  ): Promise<number> {
    const { dimensions, from, where, parameters } = questionOf(filter, by);
    const conditions = dimensions.map(
      ({ column, sql }) => `${sql} is not distinct from $${parameters.push(cell[column])}`,
    );
    conditions.push(`t.recipient_id = any($${parameters.push(people)})`);
    const [found] = await reader.rows<{ count: number }>(
      `select count(distinct t.recipient_id) as count from ${from} ${where === '' ? 'where' : `${where} and`} ${conditions.join(' and ')}`,
      parameters,
    );
    return found!.count;
  }

  /**
   * How many people there are in all that the filter, by state or by nothing, leaves. Each is looked for in the index of
   * her lines until the first that counts: that is a step a person, whatever the length of history.
   */
  async people(reader: Reader, filter: Pick<DistributionFilter, 'statuses'>): Promise<number> {
    const { where, parameters } = conditionsOf(filter);
    const [found] = await reader.rows<{ count: number }>(
      `select count(*) as count from recipient r cross join lateral (
         select from distribution t where ${['t.recipient_id = r.id', ...where].join(' and ')} limit 1) as one`,
      parameters,
    );
    return found!.count;
  }
}
