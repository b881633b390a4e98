import { Injectable } from '@nestjs/common';
import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import type { Reader } from '../platform/database.js';
import { Conditions } from '../platform/keyset.js';
import { addRange } from './day-range.js';
import { type FillRateFilter, MOST_ROWS, type WaitingDimension, type WaitingFilter } from './rate.rules.js';
import { FEWEST_PEOPLE } from './small-cell.rules.js';

/** Sums of awards: of an item, of a month, of both, or of all. */
export interface FillRow {
  readonly itemId: string | null;
  readonly month: string | null;
  readonly claimedUnits: number;
  readonly awardedUnits: number;
  readonly awards: number;
  readonly unboundedAwards: number;
  readonly unboundedUnits: number;
}

/** How long gifts took, of those that share the dimensions asked for. */
export interface WaitingRow {
  readonly itemId: string | null;
  readonly donorId: string | null;
  readonly month: string | null;
  readonly distributions: number;
  readonly recipients: number;
  readonly units: number;
  readonly meanDays: number;
  readonly medianDays: number;
  readonly p90Days: number;
  readonly longestDays: number;
  readonly meanHours: number;
  readonly medianHours: number;
  readonly p90Hours: number;
  readonly longestHours: number;
}

const DIMENSION: Readonly<Record<WaitingDimension, { column: string; sql: string }>> = {
  ITEM: { column: 'itemId', sql: 'w.item_id' },
  DONOR: { column: 'donorId', sql: 'w.donor_id' },
  MONTH: { column: 'month', sql: 'w.month' },
};

const FIGURES = (['days', 'hours'] as const).flatMap((unit) => {
  const name = unit === 'days' ? 'Days' : 'Hours';
  const at = (share: number): string => `percentile_disc(${share}) within group (order by w.${unit})`;
  return [
    `avg(w.${unit})::double precision as "mean${name}"`,
    `${at(0.5)} as "median${name}"`,
    `${at(0.9)} as "p90${name}"`,
    `max(w.${unit}) as "longest${name}"`,
  ];
});

@Injectable()
export class RateRepository {
  /**
   * What standing awards of committed plans gave and what was claimed, by item and month of the commit, by either, and in
   * all, in one statement. Claims are those the split went by; one row more than may be shown says that there are too many.
   */
  fill(reader: Reader, filter: FillRateFilter): Promise<FillRow[]> {
    const timeZone = filter.timeZone ?? 'UTC';
    const conditions = new Conditions([timeZone])
      .addIfGiven('a.item_id = any(array(select id from item where code = any($)))', filter.itemCodes)
      .addIfGiven('a.item_id = any(array(select id from item where category = any($)))', filter.categories)
      .addIfGiven('a.plan_id = any($)', filter.planIds)
      .addIfGiven('a.recipient_id = any($)', filter.recipientIds)
      .addIfGiven(
        'exists (select 1 from group_member g where g.recipient_id = a.recipient_id and g.group_id = any($))',
        filter.groupIds,
      );
    addRange(conditions, 'p.committed_at', filter.committedOn, timeZone);
    const where = [`p.status = 'COMMITTED'`, 'a.cancelled_at is null', ...conditions.where].join(' and ');
    return reader.rows<FillRow>(
      `select s.* from (
         select w.item_id as "itemId", w.month, coalesce(sum(w.claim), 0)::bigint as "claimedUnits",
           coalesce(sum(w.units) filter (where w.claim is not null), 0)::bigint as "awardedUnits", count(w.claim) as awards,
           count(*) - count(w.claim) as "unboundedAwards", coalesce(sum(w.units) filter (where w.claim is null), 0)::bigint as "unboundedUnits"
         from (select a.item_id, to_char(p.committed_at at time zone $1::text, 'YYYY-MM') as month, (a.why->>'claim')::bigint as claim, a.units
           from award a join plan p on p.id = a.plan_id where ${where}) as w
         group by grouping sets ((), (w.item_id), (w.month), (w.item_id, w.month))) as s
       left join item i on i.id = s."itemId" order by s.month, array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category), i.code limit ${MOST_ROWS + 1}`,
      conditions.parameters,
    );
  }

  /**
   * How long gifts took from the receipt of their lot to the hand, by any set of dimensions, the most first.
   * @param few whether figures about fewer people than name nobody are shown, too
   */
  waiting(
    reader: Reader,
    filter: WaitingFilter,
    by: readonly WaitingDimension[],
    few: boolean,
  ): Promise<Partial<WaitingRow>[]> {
    const timeZone = filter.timeZone ?? 'UTC';
    const conditions = new Conditions([timeZone])
      .addIfGiven('t.donor_id = any($)', filter.donorIds)
      .addIfGiven('t.shipment_id = any($)', filter.shipmentIds)
      .addIfGiven('t.item_id = any(array(select id from item where code = any($)))', filter.itemCodes);
    addRange(conditions, 't.delivered_at', filter.handedOn, timeZone);
    const dimensions = [...new Set(by)].map((dimension) => DIMENSION[dimension]);
    const columns = dimensions.map(({ column, sql }) => `${sql} as "${column}", `).join('');
    const groups = dimensions.map((_, i) => i + 1).join(', ');
    const where = [`t.status in ('DELIVERED', 'CONFIRMED')`, 't.delivered_at is not null', ...conditions.where];
    return reader.rows<Partial<WaitingRow>>(
      `select ${columns}count(*) as distributions, count(distinct w.recipient_id) as recipients, sum(w.units)::bigint as units, ${FIGURES.join(', ')}
       from (select t.item_id, t.donor_id, t.recipient_id, t.units, to_char(t.delivered_at at time zone $1::text, 'YYYY-MM') as month,
           (t.delivered_at at time zone $1::text)::date - (l.received_at at time zone $1::text)::date as days,
           (extract(epoch from t.delivered_at - l.received_at) / 3600)::double precision as hours
         from distribution t join lot l on l.id = t.lot_id where ${where.join(' and ')}) as w
       ${groups === '' ? '' : `group by ${groups}`} having count(distinct w.recipient_id) >= ${few ? 1 : FEWEST_PEOPLE}
       order by distributions desc${groups === '' ? '' : `, ${groups}`} limit ${MOST_ROWS + 1}`,
      conditions.parameters,
    );
  }
}
