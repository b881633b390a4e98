import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import { TOTALS_LAW } from './total.repository.js';

/** One law of the ledger, as a query for what breaks it. */
interface Law {
  readonly name: string;
  /** Selects one `broken` text for each breach. */
  readonly breaches: string;
}

/** How many breaches of one law are named; there may be more. */
const MOST_NAMED = 20;

/** Units a distribution or a transfer has in a place, as its state says. */
const EXPECTED = `
  select lot_id, site_id, 'ALLOCATED' as place, sum(units) as units from distribution where status = 'PREPARED' group by 1, 2
  union all
  select lot_id, site_id, 'IN_TRANSIT', sum(units) from distribution where status = 'DISPATCHED' group by 1, 2
  union all
  select lot_id, site_id, 'DELIVERED', sum(coalesce(confirmed_units, units)) from distribution where status in ('DELIVERED', 'CONFIRMED') group by 1, 2
  union all
  select l.lot_id, t.from_site_id, 'IN_TRANSIT', sum(l.units) from transfer t join transfer_line l on l.transfer_id = t.id
  where t.status = 'DISPATCHED' group by 1, 2`;

const LAWS: readonly Law[] = [
  {
    name: 'every balance is the sum of its entries',
    breaches: `
      with moved as (
        select lot_id, site_id, place, sum(units) as units from (
          select lot_id, to_site_id as site_id, to_place as place, units::bigint from stock_entry
          union all select lot_id, from_site_id, from_place, -units::bigint from stock_entry) as entries
        group by lot_id, site_id, place)
      select format('lot %s, site %s, %s: balance %s, entries %s', lot_id, site_id, place, coalesce(b.units, 0), coalesce(m.units, 0)) as broken
      from lot_balance b full join moved m using (lot_id, site_id, place) where coalesce(b.units, 0) <> coalesce(m.units, 0)`,
  },
  {
    name: 'for every lot the places sum to what was received',
    breaches: `select format('lot %s: all places sum to %s', lot_id, sum(units)) as broken from lot_balance group by lot_id having sum(units) <> 0`,
  },
  {
    name: 'no place but the outside holds fewer than no units',
    breaches: `select format('lot %s: %s %s', lot_id, units, place) as broken from lot_balance where units < 0 and place <> 'SOURCE'`,
  },
  {
    name: 'what was accepted of a shipment line came in as lots',
    breaches: `
      select format('shipment line %s: %s accepted, %s came in', l.id, l.accepted_units, coalesce(came.units, 0)) as broken
      from shipment_line l left join (
        select lot.shipment_line_id as id, sum(case when e.from_place = 'SOURCE' then e.units else -e.units end) as units
        from stock_entry e join lot on lot.id = e.lot_id
        where (e.from_place = 'SOURCE' or e.to_place = 'SOURCE') and e.cause <> 'STOCK_RECOUNTED' group by 1) as came on came.id = l.id
      where l.accepted_units <> coalesce(came.units, 0)`,
  },
  {
    name: 'units promised, on their way and delivered are those of the distributions',
    breaches: `
      with expected as (select lot_id, site_id, place, sum(units) as units from (${EXPECTED}) as e group by 1, 2, 3),
      held as (select lot_id, site_id, place, units from lot_balance where place in ('ALLOCATED', 'IN_TRANSIT', 'DELIVERED'))
      select format('lot %s: %s %s, distributions say %s', lot_id, coalesce(h.units, 0), place, coalesce(e.units, 0)) as broken
      from held h full join expected e using (lot_id, site_id, place) where coalesce(h.units, 0) <> coalesce(e.units, 0)`,
  },
  {
    name: 'a committed plan gave out exactly what it awarded',
    breaches: `
      with awarded as (select w.plan_id, w.recipient_id, w.lot_id, w.site_id, sum(w.units) as units from award_lot w
        join plan p on p.id = w.plan_id where p.committed_at is not null group by 1, 2, 3, 4),
      given as (select plan_id, recipient_id, lot_id, site_id, sum(units) as units from distribution group by 1, 2, 3, 4)
      select format('plan %s, recipient %s, lot %s: awarded %s, distributed %s', plan_id, recipient_id, lot_id, coalesce(a.units, 0), coalesce(g.units, 0)) as broken
      from awarded a full join given g using (plan_id, recipient_id, lot_id, site_id) where coalesce(a.units, 0) <> coalesce(g.units, 0)`,
  },
  {
    name: 'an award is the sum of its lots',
    breaches: `
      select format('plan %s, recipient %s, item %s: %s units, %s in lots', a.plan_id, a.recipient_id, a.item_id, a.units, coalesce(sum(w.units), 0)) as broken
      from award a left join award_lot w using (plan_id, recipient_id, item_id)
      group by a.plan_id, a.recipient_id, a.item_id, a.units having a.units <> coalesce(sum(w.units), 0)`,
  },
  {
    name: 'a distribution is in the state of its delivery, and carries the facts of its lot',
    breaches: `
      select format('distribution %s differs from its delivery or its lot', t.id) as broken
      from distribution t join delivery d on d.id = t.delivery_id join lot l on l.id = t.lot_id
      where (case when t.status = 'CANCELLED' then d.status else t.status end, t.recipient_id, t.plan_id) is distinct from (d.status, d.recipient_id, d.plan_id)
         or (t.donor_id, t.shipment_id, t.item_id) is distinct from (l.donor_id, l.shipment_id, l.item_id)`,
  },
  {
    name: 'what was taken back is taken back in plan, award and delivery alike',
    breaches: `
      with taken as (
        select a.plan_id, a.recipient_id, bool_and(a.cancelled_at is not null) as cancelled from award a
        join plan p on p.id = a.plan_id where a.units > 0 and p.committed_at is not null group by 1, 2)
      select format('plan %s, recipient %s: awards %s, delivery %s', t.plan_id, t.recipient_id,
        case when t.cancelled then 'taken back' else 'standing' end, coalesce(d.status, 'missing')) as broken
      from taken t left join delivery d using (plan_id, recipient_id)
      where d.status is null or t.cancelled <> (d.status = 'CANCELLED')
      union all
      select format('plan %s is %s, %s of its recipients have standing awards', p.id, p.status, count(*) filter (where not t.cancelled))
      from plan p join taken t on t.plan_id = p.id group by p.id, p.status having bool_and(t.cancelled) <> (p.status = 'CANCELLED')`,
  },
  {
    name: 'what of an award did not arrive is what its distributions say',
    breaches: `
      with gone as (select w.plan_id, w.recipient_id, w.item_id,
          sum(case when t.status = 'CONFIRMED' and t.item_id = w.item_id then t.units - t.confirmed_units else t.units end) as units
        from distribution t join award_lot w using (plan_id, recipient_id, lot_id, site_id)
        where t.status in ('RETURNED', 'LOST', 'CANCELLED', 'CONFIRMED') or t.item_id <> w.item_id group by 1, 2, 3)
      select format('plan %s, recipient %s, item %s: %s units returned, distributions say %s', a.plan_id, a.recipient_id, a.item_id, a.returned_units, coalesce(g.units, 0)) as broken
      from award a left join gone g using (plan_id, recipient_id, item_id)
      where case when a.cancelled_at is null then a.returned_units <> coalesce(g.units, 0) else a.returned_units > coalesce(g.units, 0) end`,
  },
  {
    name: 'a need is met by what plans gave for it',
    breaches: `
      select format('need %s: %s units met, %s given for it', n.id, n.met_units, coalesce(sum(w.units), 0)) as broken
      from need n left join need_award w on w.need_id = n.id group by n.id, n.met_units having n.met_units <> coalesce(sum(w.units), 0)`,
  },
  {
    name: 'no more of an award counts towards needs than stands, and only towards needs it fits',
    breaches: `
      with counted as (select w.plan_id, n.recipient_id, w.item_id, sum(w.units) as units, bool_and(coalesce(
          i.id = n.item_id or n.accepts_substitutes and coalesce(p.substitutes @> jsonb_build_array(jsonb_build_object('itemId', n.item_id, 'substituteIds', array[i.id])), false),
          i.category = n.category)) as fits
        from need_award w join need n on n.id = w.need_id join item i on i.id = w.item_id join plan p on p.id = w.plan_id where w.units > 0 group by 1, 2, 3)
      select format('plan %s, recipient %s, item %s: %s units count, %s stand', plan_id, recipient_id, item_id, c.units, coalesce(a.units - a.returned_units, 0)) as broken
      from counted c left join (select a.* from award a join plan p on p.id = a.plan_id where p.committed_at is not null and a.cancelled_at is null) as a
        using (plan_id, recipient_id, item_id)
      where not c.fits or c.units > coalesce(a.units - a.returned_units, 0)`,
  },
  {
    name: 'a transfer that is under way has its units in transit, and what arrived is what was counted',
    breaches: `
      with said as (
        select t.id as transfer_id, l.lot_id, l.units as sent, case when t.status = 'DISPATCHED' then l.units else 0 end as away,
          case when t.status = 'RECEIVED' then coalesce(l.received_units, 0) else 0 end as arrived,
          case when t.status = 'CANCELLED' then l.units else 0 end as back,
          case t.status when 'RECEIVED' then l.units - coalesce(l.received_units, 0) when 'LOST' then l.units else 0 end as gone
        from transfer t left join transfer_line l on l.transfer_id = t.id),
      moved as (
        select t.id as transfer_id, e.lot_id, coalesce(sum(e.units) filter (where e.to_place = 'IN_TRANSIT'), 0) as sent,
          sum(case when e.to_place = 'IN_TRANSIT' then e.units else -e.units end) as away,
          coalesce(sum(e.units) filter (where e.to_place in ('AVAILABLE', 'QUARANTINED') and e.to_site_id = t.to_site_id), 0) as arrived,
          coalesce(sum(e.units) filter (where e.to_place in ('AVAILABLE', 'QUARANTINED') and e.to_site_id = t.from_site_id), 0) as back,
          coalesce(sum(e.units) filter (where e.to_place in ('LOST', 'DISCARDED') and e.to_site_id = t.from_site_id), 0) as gone
        from transfer t join stock_entry e on e.cause_id = t.id and e.from_site_id = t.from_site_id group by 1, 2)
      select format('transfer %s, lot %s: %s sent, %s on the way, %s arrived, %s back, %s lost or discarded; entries say %s, %s, %s, %s, %s', transfer_id, lot_id,
        s.sent, s.away, s.arrived, s.back, s.gone, coalesce(m.sent, 0), coalesce(m.away, 0), coalesce(m.arrived, 0), coalesce(m.back, 0), coalesce(m.gone, 0)) as broken
      from said s full join moved m using (transfer_id, lot_id)
      where (s.sent, s.away, s.arrived, s.back, s.gone) is distinct from (m.sent, m.away, m.arrived, m.back, m.gone)`,
  },
  {
    name: 'units are free only of good lots, and set aside only of others',
    breaches: `
      select format('lot %s is %s: %s units %s', l.id, l.condition, b.units, b.place) as broken
      from lot_balance b join lot l on l.id = b.lot_id
      where b.units <> 0 and ((b.place = 'AVAILABLE' and l.condition <> 'GOOD') or (b.place = 'QUARANTINED' and l.condition = 'GOOD'))`,
  },
  {
    name: 'a parcel of which nothing is left is cancelled',
    breaches: `
      select format('delivery %s is %s, and nothing is in it', d.id, d.status) as broken from delivery d
      where d.status <> 'CANCELLED' and not exists (select 1 from distribution t where t.delivery_id = d.id and t.status <> 'CANCELLED')`,
  },
  {
    name: 'a recalled lot is nowhere free or promised',
    breaches: `
      select format('lot %s: %s units %s', l.id, sum(b.units), b.place) as broken from lot l join lot_balance b on b.lot_id = l.id
      where l.condition = 'RECALLED' and b.units > 0 and b.place in ('AVAILABLE', 'ALLOCATED') group by l.id, b.place`,
  },
  {
    name: 'whoever holds units of a recalled lot has a notice',
    breaches: `
      select format('delivery %s, recipient %s: %s units of lot %s, and no notice', t.delivery_id, t.recipient_id, sum(coalesce(t.confirmed_units, t.units)), t.lot_id) as broken
      from lot l join distribution t on t.lot_id = l.id and t.status in ('DISPATCHED', 'DELIVERED', 'CONFIRMED')
      where l.condition = 'RECALLED' and not exists (select 1 from recall_notice n join recall r on r.id = n.recall_id
        where n.delivery_id = t.delivery_id and n.lot_id = t.lot_id and r.ended_at is null)
      group by t.delivery_id, t.recipient_id, t.lot_id having sum(coalesce(t.confirmed_units, t.units)) > 0`,
  },
  {
    name: 'what was accepted and rejected of a shipment line was counted at its visits, or corrected since',
    breaches: `
      with counted as (select line_id, sum(accepted_units) as accepted, sum(rejected_units) as rejected from shipment_count group by 1),
      corrected as (select lot.shipment_line_id as line_id, sum(case when e.from_place = 'SOURCE' then e.units else -e.units end) as units
        from stock_entry e join lot on lot.id = e.lot_id where e.cause = 'INTAKE_CORRECTED' group by 1)
      select format('shipment line %s: %s accepted, %s rejected; counted %s and %s, corrected by %s', l.id, l.accepted_units, l.rejected_units,
        coalesce(c.accepted, 0), coalesce(c.rejected, 0), coalesce(k.units, 0)) as broken
      from shipment_line l left join counted c on c.line_id = l.id left join corrected k on k.line_id = l.id
      where (l.accepted_units, l.rejected_units) is distinct from (coalesce(c.accepted, 0) + coalesce(k.units, 0), coalesce(c.rejected, 0))`,
  },
  {
    name: 'a closed shipment whose counts differ from what was announced says why',
    breaches: `
      select format('shipment %s, line %s: %s announced, %s accepted, %s rejected, and no reason', s.id, l.id, l.announced_units, l.accepted_units, l.rejected_units) as broken
      from shipment_line l join shipment s on s.id = l.shipment_id
      where s.status = 'RECEIVED' and l.accepted_units + l.rejected_units <> l.announced_units and coalesce(s.discrepancy_reason, l.discrepancy_reason) is null`,
  },
  {
    name: 'a lot is of the item of its line, and of the donor of its shipment',
    breaches: `
      select format('lot %s differs from its line %s or its shipment %s', t.id, l.id, s.id) as broken
      from lot t join shipment_line l on l.id = t.shipment_line_id join shipment s on s.id = t.shipment_id
      where (t.item_id, t.donor_id, t.shipment_id) is distinct from (l.item_id, s.donor_id, l.shipment_id)`,
  },
  {
    name: 'a lot is recalled as long as a recall that has not ended names it, and by one at a time',
    breaches: `
      select format('lot %s is %s, and %s open recalls name it', l.id, l.condition, coalesce(o.recalls, 0)) as broken
      from lot l left join (select s.lot_id, count(*) as recalls from recall_lot s join recall r on r.id = s.recall_id
        where r.ended_at is null group by 1) as o on o.lot_id = l.id
      where coalesce(o.recalls, 0) <> case l.condition when 'RECALLED' then 1 else 0 end`,
  },
  {
    name: 'nothing stands at a closed site, or is on its way from there',
    breaches: `
      select format('site %s is closed, lot %s: %s %s', b.site_id, b.lot_id, b.units, b.place) as broken
      from site s join lot_balance b on b.site_id = s.id
      where s.closed_at is not null and b.units <> 0 and b.place in ('AVAILABLE', 'ALLOCATED', 'QUARANTINED', 'IN_TRANSIT')
      union all
      select format('site %s is closed, transfer %s is on its way there', s.id, t.id)
      from site s join transfer t on t.to_site_id = s.id where s.closed_at is not null and t.status = 'DISPATCHED'`,
  },
  TOTALS_LAW,
];

/** A law, and what breaks it. */
export interface Finding {
  readonly law: string;
  readonly breaches: readonly string[];
}

/** The laws of the ledger, as queries that find what breaks them. */
@Injectable()
export class LedgerLawsRepository {
  /** The laws, in the order in which they are told. */
  names(): string[] {
    return LAWS.map(({ name }) => name);
  }

  /** Checks one law and names what breaks it. */
  async finding(reader: Reader, law: string): Promise<Finding> {
    const { breaches } = LAWS.find(({ name }) => name === law)!;
    const rows = await reader.rows<{ broken: string }>(
      `select broken from (${breaches}) as b order by broken limit ${MOST_NAMED}`,
    );
    return { law, breaches: rows.map((row) => row.broken) };
  }

  /** Checks every law and names what breaks it, in the reader's snapshot. */
  async findings(reader: Reader): Promise<Finding[]> {
    const findings: Finding[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one snapshot, one connection, one statement at a time
    for (const name of this.names()) findings.push(await this.finding(reader, name));
    return findings;
  }
}
