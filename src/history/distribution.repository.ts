import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows, likePattern } from '../platform/keyset.js';
import type { DistributionFilter, DistributionOrder } from './distribution.rules.js';
import type { DistributionType } from './distribution.types.js';

const COLUMNS = `t.id, t.item_id as "itemId", t.lot_id as "lotId", t.donor_id as "donorId", t.shipment_id as "shipmentId",
  t.recipient_id as "recipientId", t.plan_id as "planId", t.units, t.confirmed_units as "confirmedUnits", t.status,
  t.allocated_at as "allocatedAt", t.dispatched_at as "dispatchedAt", t.delivered_at as "deliveredAt"`;

const ORDER_COLUMN = {
  ALLOCATED_AT: { sql: 't.allocated_at', type: 'timestamptz' },
  UNITS: { sql: 't.units', type: 'integer' },
} as const;

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
}
