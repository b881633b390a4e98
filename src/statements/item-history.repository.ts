import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { ItemPeriod, PeriodLength } from './item-history.rules.js';
import type { Period } from './period.rules.js';

/** Days become instants where they begin in the zone: `$2` the first, `$3` the last, `$4` the zone. */
const START = `($2::date::timestamp at time zone $4::text)`;
const END = `(($3::date + 1)::timestamp at time zone $4::text)`;
const ON_HAND = `('AVAILABLE', 'ALLOCATED', 'QUARANTINED')`;

const causes = (...names: string[]): string => `e.cause in ('${names.join("', '")}')`;
const sum = (when: string): string => `coalesce(sum(e.units) filter (where ${when}), 0)`;
/** What a place has more than before; negative where it has less. */
const gain = (place: string, when = 'true'): string =>
  `coalesce(sum(case when e.to_place = '${place}' then e.units else -e.units end)
     filter (where (e.from_place = '${place}') <> (e.to_place = '${place}') and ${when}), 0)`;

const FOUND = causes('STOCK_RECOUNTED');
const SUMS: Readonly<Record<Exclude<keyof ItemPeriod, 'from' | 'to' | 'onHandUnits' | 'confirmedUnits'>, string>> = {
  receivedUnits: `-(${gain('SOURCE', `not ${FOUND}`)})`,
  foundUnits: `-(${gain('SOURCE', FOUND)})`,
  allocatedUnits: sum(causes('ALLOCATION_COMMITTED')),
  takenBackUnits: sum(`e.from_place = 'ALLOCATED' and e.to_place in ('AVAILABLE', 'QUARANTINED')`),
  dispatchedUnits: sum(causes('DELIVERY_DISPATCHED')),
  returnedUnits: sum(causes('DELIVERY_RETURNED')),
  deliveredUnits: gain('DELIVERED'),
  lostUnits: gain('LOST'),
  discardedUnits: gain('DISCARDED'),
  returnedToDonorUnits: gain('RETURNED_TO_DONOR'),
};
const COLUMNS = Object.entries(SUMS).map(([name, sql]) => `(${sql})::bigint as "${name}"`);
const SHOWN = Object.keys(SUMS).map((name) => `coalesce(s."${name}", 0)::bigint as "${name}"`);

const STEP: Readonly<Record<PeriodLength, string>> = { DAY: 'day', WEEK: 'week', MONTH: 'month' };

@Injectable()
export class ItemHistoryRepository {
  /**
   * An item period by period, the first first. What was on hand at the end of each is counted back from what there is
   * now over all that has moved since, in one statement: it sees one moment.
   */
  periods(reader: Reader, itemId: string, { from, to, timeZone }: Period, by: PeriodLength): Promise<ItemPeriod[]> {
    const step = STEP[by];
    const first = (instant: string): string =>
      `greatest(date_trunc('${step}', ${instant} at time zone $4::text)::date, $2::date)`;
    return reader.rows<ItemPeriod>(
      `with mine as (select id from lot where item_id = $1),
       period as (
         select greatest(g::date, $2::date) as first, least((g + interval '1 ${step}')::date - 1, $3::date) as last
         from generate_series(date_trunc('${step}', $2::timestamp), $3::timestamp, interval '1 ${step}') as g),
       sums as (
         select case when e.at < ${END} then ${first('e.at')} end as first, ${COLUMNS.join(', ')},
           sum(case when e.to_place in ${ON_HAND} then e.units else 0 end - case when e.from_place in ${ON_HAND} then e.units else 0 end) as gained
         from stock_entry e where e.at >= ${START} and e.lot_id in (select id from mine) group by 1),
       counted as (
         select ${first('d.confirmed_at')} as first, sum(t.confirmed_units) as units from distribution t join delivery d on d.id = t.delivery_id
         where t.item_id = $1 and d.confirmed_at >= ${START} and d.confirmed_at < ${END} and t.status = 'CONFIRMED' group by 1),
       held as (
         select coalesce((select sum(b.units) from lot_balance b join mine m on m.id = b.lot_id where b.place in ${ON_HAND}), 0)
           - coalesce((select gained from sums where first is null), 0) as units)
       select p.first as "from", p.last as "to", ${SHOWN.join(', ')}, coalesce(c.units, 0)::bigint as "confirmedUnits",
         (h.units - coalesce(sum(s.gained) over (order by p.first desc rows between unbounded preceding and 1 preceding), 0))::bigint as "onHandUnits"
       from period p cross join held h left join sums s on s.first = p.first left join counted c on c.first = p.first order by p.first`,
      [itemId, from, to, timeZone],
    );
  }
}
