import { Conditions } from '../platform/keyset.js';
import { originColumns } from './cell.repository.js';
import type { Column, Sheet } from './sheet.rules.js';
import type { Sight } from './sight.rules.js';

/** Which stock: of these items, at these sites; null does not restrict. */
export interface StockFilter {
  readonly itemIds: readonly string[] | null;
  readonly siteIds: readonly string[] | null;
  /** As it had been written down by this instant; null: as it is. */
  readonly asOf: Date | null;
  /** Lots whose last day is before this one have expired, `YYYY-MM-DD`. */
  readonly day: string;
}

const NOW = 'select lot_id, site_id, place, units from lot_balance';
/** Both sides of every move up to an instant. */
const BY = (
  at: string,
): string => `select lot_id, to_site_id as site_id, to_place as place, units from stock_entry where at <= ${at}
  union all select lot_id, from_site_id, from_place, -units from stock_entry where at <= ${at}`;

/** The figure of each place, in the order of the columns. */
const PLACES = {
  available_units: 'AVAILABLE',
  allocated_units: 'ALLOCATED',
  quarantined_units: 'QUARANTINED',
  in_transit_units: 'IN_TRANSIT',
  delivered_units: 'DELIVERED',
  lost_units: 'LOST',
  discarded_units: 'DISCARDED',
  returned_to_donor_units: 'RETURNED_TO_DONOR',
} as const;

const unitsIn = (...places: string[]): string =>
  `coalesce(sum(b.units) filter (where b.place in ('${places.join("', '")}')), 0)`;

/** Units of lots at sites, by item and lot: a row for each lot at each site, the places side by side. */
export function stockSheet({ itemIds, siteIds, asOf, day }: StockFilter, sight: Sight): Sheet {
  const conditions = new Conditions()
    .addIfGiven('l.item_id = any($)', itemIds)
    .addIfGiven('b.site_id = any($)', siteIds);
  const { parameters } = conditions;
  const bound = (value: unknown): string => `$${parameters.push(value)}`;
  const balances = asOf === null ? NOW : BY(bound(asOf));
  const expired = `coalesce(l.expires_on < ${bound(day)}::date, false)`;
  const figures = Object.keys(PLACES).map((name): Column => ({ name, kind: 'NUMBER', sql: `b.${name}` }));
  const columns: Column[] = [
    { name: 'item_code', kind: 'TEXT', sql: 'i.code' },
    { name: 'item_name', kind: 'TEXT', sql: 'i.name' },
    { name: 'category', kind: 'WORD', sql: 'i.category' },
    { name: 'lot_id', kind: 'WORD', sql: 'l.id' },
    { name: 'lot_number', kind: 'TEXT', sql: 'l.lot_number' },
    { name: 'expires_on', kind: 'DAY', sql: 'l.expires_on' },
    { name: 'expired', kind: 'FLAG', sql: expired },
    { name: 'condition', kind: 'WORD', sql: 'l.condition' },
    { name: 'received_at', kind: 'INSTANT', sql: 'l.received_at' },
    ...originColumns(sight, bound(sight.subjectId), 'd.country'),
    { name: 'site_id', kind: 'WORD', sql: 'w.id' },
    { name: 'site', kind: 'TEXT', sql: 'w.name' },
    { name: 'on_hand_units', kind: 'NUMBER', sql: 'b.on_hand_units' },
    ...figures,
  ];
  const sums = Object.entries(PLACES).map(([name, place]) => `${unitsIn(place)} as ${name}`);
  const where = ["b.place <> 'SOURCE'", ...conditions.where].join(' and ');
  const from = `(select b.lot_id, b.site_id, ${unitsIn('AVAILABLE', 'ALLOCATED', 'QUARANTINED')} as on_hand_units, ${sums.join(', ')}
        from (select lot_id, site_id, place, sum(units) as units from (${balances}) as m group by 1, 2, 3 having sum(units) <> 0) as b
          join lot l on l.id = b.lot_id where ${where} group by 1, 2) as b
      join lot l on l.id = b.lot_id join item i on i.id = l.item_id join donor d on d.id = l.donor_id
      join shipment s on s.id = l.shipment_id join site w on w.id = b.site_id`;
  return { columns, from, order: 'i.code, l.id, w.id', parameters };
}
