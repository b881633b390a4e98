import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows, likePattern } from '../platform/keyset.js';
import type { DistributionDimension, DistributionFilter, DistributionOrder } from './distribution.rules.js';
import type { LotPlaceType } from '../stock/level.types.js';
import type { DistributionSummaryRowType, DistributionType } from './distribution.types.js';

const COLUMNS = `t.id, t.item_id as "itemId", t.lot_id as "lotId", t.donor_id as "donorId", t.shipment_id as "shipmentId",
  t.recipient_id as "recipientId", t.plan_id as "planId", t.units, t.confirmed_units as "confirmedUnits", t.status,
  t.allocated_at as "allocatedAt", t.dispatched_at as "dispatchedAt", t.delivered_at as "deliveredAt"`;

/** A sum over history may have this many rows; more is a question for an export. */
export const MOST_SUMMARY_ROWS = 5000;

const ORDER_COLUMN = {
  ALLOCATED_AT: { sql: 't.allocated_at', type: 'timestamptz' },
  UNITS: { sql: 't.units', type: 'integer' },
} as const;

/** How each dimension is grouped: the column of the answer and its expression. `$tz` stands for the time zone. */
const DIMENSION: Readonly<Record<DistributionDimension, { column: string; sql: string; join?: string }>> = {
  ITEM: { column: 'itemId', sql: 't.item_id' },
  CATEGORY: { column: 'category', sql: 'i.category', join: 'join item i on i.id = t.item_id' },
  DONOR: { column: 'donorId', sql: 't.donor_id' },
  RECIPIENT: { column: 'recipientId', sql: 't.recipient_id' },
  GROUP: { column: 'groupId', sql: 'm.group_id', join: 'join group_member m on m.recipient_id = t.recipient_id' },
  COUNTRY: { column: 'country', sql: 't.country' },
  MONTH: { column: 'month', sql: `to_char(t.allocated_at at time zone $tz, 'YYYY-MM')` },
  STATUS: { column: 'status', sql: 't.status' },
};

export interface Impact {
  readonly receivedUnits: number;
  readonly allocatedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly recipients: number;
  readonly countries: string[];
}

/** What a search means, of rows that have an item and a recipient: `$` stands for the pattern. */
export function found(alias: string, { itemsOnly }: DistributionFilter): string {
  const items = `${alias}.item_id = any(array(select id from item where code ilike $ or name ilike $))`;
  return itemsOnly
    ? items
    : `(${items} or ${alias}.recipient_id = any(array(select id from recipient where facility ilike $)))`;
}

/** The pattern of a search; nothing where there is none. */
export function searched({ search }: DistributionFilter): string | null {
  return search == null ? null : likePattern(search);
}

/** The filter as conditions on `distribution t`. */
export function conditionsOf(filter: DistributionFilter): Conditions {
  const conditions = new Conditions()
    .addIfGiven('t.donor_id = any($)', filter.donorIds)
    .addIfGiven('t.recipient_id = any($)', filter.recipientIds)
    .addIfGiven(
      'exists (select 1 from group_member g where g.recipient_id = t.recipient_id and g.group_id = any($))',
      filter.groupIds,
    )
    .addIfGiven('t.item_id = any(array(select id from item where code = any($)))', filter.itemCodes)
    .addIfGiven('t.item_id = any(array(select id from item where category = any($)))', filter.categories)
    .addIfGiven('t.country = any($)', filter.countries)
    .addIfGiven('t.shipment_id = any($)', filter.shipmentIds)
    .addIfGiven('t.lot_id = any($)', filter.lotIds)
    .addIfGiven('t.lot_id = any(array(select id from lot where lot_number = any($)))', filter.lotNumbers)
    .addIfGiven('t.status = any($)', filter.statuses)
    .addIfGiven('t.plan_id = any($)', filter.planIds)
    .addIfGiven('t.site_id = any($)', filter.siteIds)
    .addIfGiven('t.exposure_tier = any($)', filter.exposureTiers)
    .addIfGiven('t.donor_country = any($)', filter.donorCountries)
    .addIfGiven(found('t', filter), searched(filter));
  addDays(conditions, 't.allocated_at', filter);
  return conditions;
}

/** Restricts an instant to the days of the filter. */
export function addDays(
  conditions: Conditions,
  column: string,
  filter: Pick<DistributionFilter, 'allocatedOn' | 'timeZone'>,
): void {
  const { from, to } = filter.allocatedOn ?? {};
  if (from == null && to == null) return;
  // A day is turned into the instants at which it begins and ends in the zone; the last day is included.
  conditions.parameters.push(filter.timeZone ?? 'UTC');
  const zone = `$${conditions.parameters.length}::text`;
  const startOf = (day: string): string => `((${day})::timestamp at time zone ${zone})`;
  if (from != null) conditions.where.push(`${column} >= ${startOf(`$${conditions.parameters.push(from)}::date`)}`);
  if (to != null) conditions.where.push(`${column} < ${startOf(`$${conditions.parameters.push(to)}::date + 1`)}`);
}

@Injectable()
export class DistributionRepository {
  /** One page by (order key, id), from the index of the order; the last page costs what the first costs. */
  async page(
    reader: Reader,
    filter: DistributionFilter,
    order: DistributionOrder,
    page: Page,
  ): Promise<Rows<DistributionType>> {
    const conditions = conditionsOf(filter);
    const counted = { from: 'distribution t', where: [...conditions.where], parameters: [...conditions.parameters] };
    const { sql, type } = ORDER_COLUMN[order.field];
    const parameters = [...conditions.parameters];
    const where = [...conditions.where];
    if (page.after) {
      parameters.push(...page.after);
      const beyond = order.direction === 'ASC' ? '>' : '<';
      where.push(`(${sql}, t.id) ${beyond} ($${parameters.length - 1}::${type}, $${parameters.length}::uuid)`);
    }
    const rows = await reader.rows<DistributionType>(
      `select ${COLUMNS} from distribution t ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by ${sql} ${order.direction}, t.id ${order.direction} limit ${page.limit + 1}`,
      parameters,
    );
    const keyOf = (row: DistributionType): [string | number, string] => [
      order.field === 'UNITS' ? row.units : row.allocatedAt.toISOString(),
      row.id,
    ];
    return { rows, keyOf, count: () => countRows(reader, counted) };
  }

  /** Sums by any set of dimensions, the largest first; one row more than may be shown says that there are too many. */
  async summary(
    reader: Reader,
    filter: DistributionFilter,
    by: readonly DistributionDimension[],
  ): Promise<DistributionSummaryRowType[]> {
    const { where, parameters } = conditionsOf(filter);
    const dimensions = [...new Set(by)].map((dimension) => DIMENSION[dimension]);
    if (by.includes('MONTH')) parameters.push(filter.timeZone ?? 'UTC');
    const zone = `$${parameters.length}::text`;
    const columns = dimensions.map(({ column, sql }) => `${sql.replace('$tz', zone)} as "${column}"`);
    const places = dimensions.map((_, i) => i + 1).join(', ');
    const rows = await reader.rows<Partial<DistributionSummaryRowType>>(
      `select ${[...columns, ''].join(', ')} coalesce(sum(t.units), 0)::bigint as units, coalesce(sum(t.confirmed_units), 0)::bigint as "confirmedUnits",
         count(distinct t.recipient_id) as recipients, count(*) as distributions
       from distribution t ${dimensions.flatMap(({ join }) => join ?? []).join(' ')}
       ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       ${places === '' ? '' : `group by ${places}`} order by units desc${places === '' ? '' : `, ${places}`} limit ${MOST_SUMMARY_ROWS + 1}`,
      parameters,
    );
    const nothing = {
      itemId: null,
      category: null,
      donorId: null,
      recipientId: null,
      groupId: null,
      country: null,
      month: null,
      status: null,
    };
    return rows.map((row) => ({ ...nothing, ...row }) as DistributionSummaryRowType);
  }

  async impact(reader: Reader, donorId: string): Promise<Impact> {
    const [impact] = await reader.rows<Impact>(
      `select (select coalesce(sum(l.accepted_units), 0)::bigint from shipment s join shipment_line l on l.shipment_id = s.id where s.donor_id = $1) as "receivedUnits",
         coalesce(sum(units), 0)::bigint as "allocatedUnits",
         coalesce(sum(coalesce(confirmed_units, units)) filter (where status in ('DELIVERED', 'CONFIRMED')), 0)::bigint as "deliveredUnits",
         coalesce(sum(confirmed_units), 0)::bigint as "confirmedUnits", count(distinct recipient_id) as recipients,
         coalesce(array_agg(distinct country order by country) filter (where country is not null), '{}') as countries
       from distribution where donor_id = $1 and status not in ('CANCELLED', 'RETURNED')`,
      [donorId],
    );
    return impact!;
  }

  /** Where a lot's units are, over all sites; `SOURCE` holds what was received or found, as a debt. */
  places(reader: Reader, lotId: string): Promise<LotPlaceType[]> {
    return reader.rows<LotPlaceType>(
      `select site_id as "siteId", place, units from lot_balance where lot_id = $1 and units <> 0 order by place, site_id`,
      [lotId],
    );
  }
}
