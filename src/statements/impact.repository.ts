import { Injectable } from '@nestjs/common';
import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import type { Reader } from '../platform/database.js';
import type { CountryReached, ImpactFigures } from './impact.rules.js';

/** The figures of one item, or of all of them together; of all, with the countries that the gifts reached. */
export interface ImpactRow extends ImpactFigures {
  readonly itemId: string | null;
  readonly itemCode: string | null;
  readonly itemName: string | null;
  readonly reached: CountryReached[];
}

const IN_PLACE = (place: string): string => `coalesce(sum(s.units) filter (where s.place = '${place}'), 0)::bigint`;
/** Parcels that somebody has, is about to have, or never got. */
const STANDS = `t.status not in ('CANCELLED', 'RETURNED')`;

@Injectable()
export class ImpactRepository {
  /**
   * What became of a donor's gifts, item by item in the order of the catalogue, all of them together last. One statement:
   * it sees one moment, in which every unit is in one place.
   * @param shipmentId of this consignment alone; null: of all
   */
  impact(reader: Reader, donorId: string, shipmentId: string | null): Promise<ImpactRow[]> {
    const alone = shipmentId === null ? '' : 'and shipment_id = $2';
    return reader.rows<ImpactRow>(
      `with mine as (select id, item_id from lot where donor_id = $1 ${alone}),
       stands as (
         select m.item_id, b.place, sum(b.units) as units from mine m join lot_balance b on b.lot_id = m.id
         where b.lot_id = any(array(select id from mine)) and b.place <> 'SOURCE' group by 1, 2),
       came as (
         select m.item_id, sum(case when e.from_place = 'SOURCE' then e.units else -e.units end) as units, e.cause = 'STOCK_RECOUNTED' as found
         from mine m join stock_entry e on e.lot_id = m.id
         where e.lot_id = any(array(select id from mine)) and (e.from_place = 'SOURCE' or e.to_place = 'SOURCE') group by 1, 3),
       given as (
         select t.item_id, t.country, t.recipient_id, t.status, t.units, t.confirmed_units from distribution t where t.donor_id = $1 ${alone} and ${STANDS}),
       taken as (select c.item_id, sum(units) filter (where not found) as received, sum(units) filter (where found) as found from came c
         group by grouping sets ((c.item_id), ())),
       placed as (
         select s.item_id, ${IN_PLACE('ALLOCATED')} as promised, ${IN_PLACE('AVAILABLE')} as available, ${IN_PLACE('QUARANTINED')} as quarantined,
           ${IN_PLACE('IN_TRANSIT')} as transit, ${IN_PLACE('DELIVERED')} as delivered, ${IN_PLACE('LOST')} as lost,
           ${IN_PLACE('DISCARDED')} as discarded, ${IN_PLACE('RETURNED_TO_DONOR')} as returned
         from stands s group by grouping sets ((s.item_id), ())),
       reached as (
         select t.item_id, sum(t.units) as allocated, coalesce(sum(t.confirmed_units), 0) as confirmed,
           coalesce(sum(t.units) filter (where t.status = 'DISPATCHED'), 0) as on_the_way, count(distinct t.recipient_id) as recipients,
           count(distinct t.recipient_id) filter (where t.confirmed_units > 0) as confirmed_recipients,
           count(distinct t.country) filter (where t.confirmed_units > 0) as confirmed_countries
         from given t group by grouping sets ((t.item_id), ())),
       countries as (select t.country, count(distinct t.recipient_id) as recipients from given t where t.country is not null group by 1)
       select p.item_id as "itemId", i.code as "itemCode", i.name as "itemName", coalesce(c.received, 0)::bigint as "receivedUnits",
         coalesce(c.found, 0)::bigint as "foundUnits", coalesce(r.allocated, 0)::bigint as "allocatedUnits", p.delivered as "deliveredUnits",
         coalesce(r.confirmed, 0)::bigint as "confirmedUnits", coalesce(r.on_the_way, 0)::bigint as "onTheWayUnits", p.promised as "promisedUnits",
         p.available as "availableUnits", p.quarantined as "quarantinedUnits", (p.transit - coalesce(r.on_the_way, 0))::bigint as "betweenSitesUnits",
         p.lost as "lostUnits", p.discarded as "discardedUnits", p.returned as "returnedToDonorUnits", coalesce(r.recipients, 0) as recipients,
         coalesce(r.confirmed_recipients, 0) as "confirmedRecipients", coalesce(r.confirmed_countries, 0) as "confirmedCountries",
         case when p.item_id is null then coalesce((select json_agg(k order by k.country) from countries k), '[]') else '[]' end as reached
       from placed p left join taken c on c.item_id is not distinct from p.item_id left join reached r on r.item_id is not distinct from p.item_id
       left join item i on i.id = p.item_id
       order by p.item_id is null, array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category), i.code`,
      shipmentId === null ? [donorId] : [donorId, shipmentId],
    );
  }
}
