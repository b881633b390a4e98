import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows } from '../platform/keyset.js';
import { addDays, conditionsOf, found, searched } from './distribution.repository.js';
import { HELD, type DistributionFilter } from './distribution.rules.js';
import {
  type CurvePoint,
  type FairnessOrder,
  type Figures,
  type Measured,
  MOST_CURVE_POINTS,
} from './fairness.rules.js';

/** What one recipient claimed and received. */
export interface RecipientRow {
  readonly recipientId: string;
  readonly receivedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly claimedUnits: number | null;
  readonly fill: number | null;
  readonly distributions: number;
}

/** The same over all of them. */
export interface TotalsRow {
  readonly people: number;
  readonly receivedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly received: Measured;
  readonly fill: Measured;
}

/** Fill in millionths, so that it can stand in a cursor; beyond every fill where there is none. */
const FILL_KEY = `coalesce(least(floor(p.fill * 1000000), 1999999999)::integer, 2000000000)`;
const ORDER = {
  MOST_RECEIVED: { key: 'p.received', type: 'bigint', direction: 'desc', beyond: '<' },
  LEAST_FILLED: { key: FILL_KEY, type: 'integer', direction: 'asc', beyond: '>' },
} as const;

/**
 * The standing awards that a filter on distributions means, with units or without: of the items and people it names, out
 * of committed plans of its days which gave from the lots it names, to whomever. A state is one of distributions alone.
 * @param parameters those that stand before
 */
function awardsOf(filter: DistributionFilter, parameters: readonly unknown[]): Conditions {
  const awards = new Conditions();
  awards.parameters.push(...parameters);
  awards
    .addIfGiven('a.recipient_id = any($)', filter.recipientIds)
    .addIfGiven(
      'exists (select 1 from group_member g where g.recipient_id = a.recipient_id and g.group_id = any($))',
      filter.groupIds,
    )
    .addIfGiven('a.item_id = any(array(select id from item where code = any($)))', filter.itemCodes)
    .addIfGiven('a.item_id = any(array(select id from item where category = any($)))', filter.categories)
    .addIfGiven('a.plan_id = any($)', filter.planIds)
    .addIfGiven(found('a', filter), searched(filter))
    // History says where she worked then; of those who got nothing it says nothing, so where they work now counts.
    .addIfGiven(
      `case when a.units > 0 then exists (select 1 from distribution d where d.recipient_id = a.recipient_id and d.plan_id = a.plan_id and d.country = any($))
         else exists (select 1 from recipient r where r.id = a.recipient_id and r.country = any($)) end`,
      filter.countries,
    )
    .addIfGiven(
      `case when a.units > 0 then exists (select 1 from distribution d where d.recipient_id = a.recipient_id and d.plan_id = a.plan_id and d.exposure_tier = any($))
         else exists (select 1 from recipient r where r.id = a.recipient_id and r.exposure_tier = any($)) end`,
      filter.exposureTiers,
    );
  addDays(awards, 'p.committed_at', filter);
  const lots = new Conditions();
  lots.parameters.push(...awards.parameters);
  lots
    .addIfGiven('l.donor_id = any($)', filter.donorIds)
    .addIfGiven('l.shipment_id = any($)', filter.shipmentIds)
    .addIfGiven('l.id = any($)', filter.lotIds)
    .addIfGiven('l.lot_number = any($)', filter.lotNumbers)
    .addIfGiven('w.site_id = any($)', filter.siteIds)
    .addIfGiven(
      `exists (select 1 from donor o where o.id = l.donor_id and o.country = any($) ${filter.knownDonors ? 'and not o.anonymous' : ''})`,
      filter.donorCountries,
    );
  if (lots.where.length > 0) {
    awards.where.push(
      `(a.plan_id, a.item_id) in (select w.plan_id, w.item_id from award_lot w join lot l on l.id = w.lot_id where ${lots.where.join(' and ')})`,
    );
    awards.parameters.splice(0, awards.parameters.length, ...lots.parameters);
  }
  return awards;
}

/**
 * Whether a line is of what was awarded. What turned out to be another item was received, but meets no claim on what was
 * claimed; only lots that were once taken for something else need a look at what they were awarded as.
 */
const IS_AS_AWARDED = `(t.lot_id not in (select lot_id from lot_change where field = 'ITEM')
  or exists (select 1 from award_lot w where w.plan_id = t.plan_id and w.recipient_id = t.recipient_id and w.item_id = t.item_id
    and w.lot_id = t.lot_id and w.site_id = t.site_id))`;

/** Everybody whom the filter concerns, one row each, with nothing where she got nothing. */
function peopleOf(filter: DistributionFilter): { sql: string; parameters: unknown[] } {
  const given = conditionsOf(filter).add('t.status = any($)', HELD);
  const awards = awardsOf(filter, given.parameters);
  const sql = `
    select recipient_id as id, coalesce(g.received, 0) as received, coalesce(g.delivered, 0) as delivered,
      coalesce(g.confirmed, 0) as confirmed, coalesce(g.distributions, 0) as distributions, c.claimed,
      coalesce(g.fitting, 0)::numeric / nullif(c.claimed, 0) as fill
    from (select t.recipient_id, sum(coalesce(t.confirmed_units, t.units))::bigint as received,
        sum(coalesce(t.confirmed_units, t.units)) filter (where ${IS_AS_AWARDED}) as fitting,
        coalesce(sum(coalesce(t.confirmed_units, t.units)) filter (where t.status in ('DELIVERED', 'CONFIRMED')), 0)::bigint as delivered,
        coalesce(sum(t.confirmed_units), 0)::bigint as confirmed, count(*) as distributions
      from distribution t where ${given.where.join(' and ')} group by 1) as g
    full join (select a.recipient_id,
        case when bool_and(a.why->>'claim' is not null) then sum((a.why->>'claim')::bigint)::bigint end as claimed
      from award a join plan p on p.id = a.plan_id
      where ${["p.status = 'COMMITTED'", 'a.cancelled_at is null', ...awards.where].join(' and ')} group by 1) as c
    using (recipient_id)`;
  return { sql, parameters: awards.parameters };
}

/**
 * The figures of one value over those who have it, as columns.
 * @param value a column, null where it does not count
 * @param place its place among `count` in ascending order
 */
function figures(name: string, value: string, place: string, count: string): string {
  const columns: Readonly<Record<keyof Figures, string>> = {
    people: `count(${value})`,
    min: `min(${value})`,
    mean: `avg(${value})`,
    median: `avg(${value}) filter (where ${place} in ((${count} + 1) / 2, ${count} / 2 + 1))`,
    // Nearest rank, as in the engine: the value that a tenth do not exceed.
    p10: `max(${value}) filter (where ${place} = (${count} + 9) / 10)`,
    gini: `sum((2 * ${place} - 1 - ${count}) * ${value}::numeric) / nullif(count(${value}) * sum(${value}), 0)`,
    jain: `sum(${value}) * sum(${value}) / nullif(count(${value}) * sum(${value}::numeric * ${value}), 0)`,
  };
  const pairs = Object.entries(columns).map(([figure, sql]) => `'${figure}', (${sql})::double precision`);
  return `json_build_object(${pairs.join(', ')}) as "${name}"`;
}

@Injectable()
export class FairnessRepository {
  /** One page of the people whom a filter concerns. The sums are taken over all of them, for each page. */
  async page(
    reader: Reader,
    filter: DistributionFilter,
    order: FairnessOrder,
    page: Page,
  ): Promise<Rows<RecipientRow & { key: number }>> {
    const people = peopleOf(filter);
    const { key, type, direction, beyond } = ORDER[order];
    const parameters = [...people.parameters];
    const after = page.after
      ? `where (${key}, p.id) ${beyond} ($${parameters.push(page.after[0])}::${type}, $${parameters.push(page.after[1])}::uuid)`
      : '';
    const rows = await reader.rows<RecipientRow & { key: number }>(
      `select p.id as "recipientId", p.received as "receivedUnits", p.delivered as "deliveredUnits", p.confirmed as "confirmedUnits",
         p.claimed as "claimedUnits", p.fill::double precision as fill, p.distributions, ${key} as key
       from (${people.sql}) as p ${after} order by ${key} ${direction}, p.id ${direction} limit ${page.limit + 1}`,
      parameters,
    );
    const counted = { from: `(${people.sql}) as p`, where: [], parameters: people.parameters };
    return { rows, keyOf: (row) => [row.key, row.recipientId], count: () => countRows(reader, counted) };
  }

  /** The figures over all the people whom a filter concerns, in one statement. */
  async totals(reader: Reader, filter: DistributionFilter): Promise<TotalsRow> {
    const { sql, parameters } = peopleOf(filter);
    const [totals] = await reader.rows<TotalsRow>(
      `select count(*) as people, coalesce(sum(received), 0)::bigint as "receivedUnits", coalesce(sum(delivered), 0)::bigint as "deliveredUnits",
         coalesce(sum(confirmed), 0)::bigint as "confirmedUnits",
         ${figures('received', 'received', 'received_place', 'people')},
         ${figures('fill', 'fill', 'fill_place', 'filled')}
       from (select p.*, row_number() over (order by received) as received_place, count(*) over () as people,
           row_number() over (order by fill nulls last) as fill_place, count(fill) over () as filled from (${sql}) as p) as placed`,
      parameters,
    );
    return totals!;
  }

  /**
   * The Lorenz curve of what people received, from who received least. It bends only where one receives more than
   * another: where that is seldom, every bend is given; else one point for each hundredth of the people and of the units.
   */
  curve(reader: Reader, filter: DistributionFilter): Promise<CurvePoint[]> {
    const { sql, parameters } = peopleOf(filter);
    const step = MOST_CURVE_POINTS / 2;
    return reader.rows<CurvePoint>(
      `with bends as (
         select received, sum(count(*)) over w as people, sum(received * count(*)) over w as units, count(*) over () as bends,
           sum(count(*)) over () as "allPeople", sum(received * count(*)) over () as "allUnits"
         from (${sql}) as p group by received window w as (order by received)),
       steps as (
         select *, lead(step) over (order by received) as next
         from (select *, floor(${step} * people / "allPeople") + coalesce(floor(${step} * units / nullif("allUnits", 0)), 0) as step from bends) as s)
       select people::bigint, units::bigint from steps
       where bends <= ${MOST_CURVE_POINTS} or next is distinct from step order by received`,
      parameters,
    );
  }
}
