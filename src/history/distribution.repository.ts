import { Conditions, likePattern } from '../platform/keyset.js';
import type { DistributionFilter } from './distribution.rules.js';

/** What a search means, of rows that have an item and a recipient: `$` stands for the pattern. */
export function found(alias: string, { itemsOnly }: DistributionFilter): string {
  const items = `${alias}.item_id in (select id from item where code ilike $ or name ilike $)`;
  return itemsOnly
    ? items
    : `(${items} or ${alias}.recipient_id in (select id from recipient where facility_key like lower($)))`;
}

/** The pattern of a search; nothing where there is none. */
export function searched({ search }: DistributionFilter): string | null {
  return search == null ? null : likePattern(search);
}

/**
 * The filter as conditions on `distribution t`.
 * @param parameters those of the statement so far, where it has other parts
 */
export function conditionsOf(filter: DistributionFilter, parameters: unknown[] = []): Conditions {
  const conditions = new Conditions(parameters)
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
  if (filter.knownDonors) conditions.where.push('t.donor_id in (select id from donor where not anonymous)');
  addDays(conditions, 't.allocated_at', filter);
  return conditions;
}

/**
 * The instants at which the days of the filter begin and end in its time zone, as SQL; the last day is included.
 * @param parameters those of the statement, which the days are added to
 */
export function daysOf(
  { allocatedOn, timeZone }: Pick<DistributionFilter, 'allocatedOn' | 'timeZone'>,
  parameters: unknown[],
): { readonly from: string | null; readonly to: string | null } {
  const { from, to } = allocatedOn ?? {};
  if (from == null && to == null) return { from: null, to: null };
  const zone = `$${parameters.push(timeZone ?? 'UTC')}::text`;
  const startOf = (day: string): string => `((${day})::timestamp at time zone ${zone})`;
  return {
    from: from == null ? null : startOf(`$${parameters.push(from)}::date`),
    to: to == null ? null : startOf(`$${parameters.push(to)}::date + 1`),
  };
}

/** Restricts an instant to the days of the filter. */
export function addDays(
  conditions: Conditions,
  column: string,
  filter: Pick<DistributionFilter, 'allocatedOn' | 'timeZone'>,
): Conditions {
  const { from, to } = daysOf(filter, conditions.parameters);
  if (from !== null) conditions.where.push(`${column} >= ${from}`);
  if (to !== null) conditions.where.push(`${column} < ${to}`);
  return conditions;
}
