import type { Conditions } from '../platform/keyset.js';
import { originColumns, personColumns } from './cell.repository.js';
import type { Column, Sheet } from './sheet.rules.js';
import type { Sight } from './sight.rules.js';

/**
 * Lines of history, the oldest first.
 * @param seen the conditions on `distribution t` that leave what the viewer may see
 */
export function distributionSheet(seen: Conditions, sight: Sight): Sheet {
  const { where } = seen;
  const all = [...seen.parameters, sight.subjectId];
  const own = `$${all.length}`;
  const ofParcel = (sql: string): string => (sight.parcels ? sql : `null::text`);
  const columns: Column[] = [
    { name: 'id', kind: 'WORD', sql: 't.id' },
    { name: 'allocated_at', kind: 'INSTANT', sql: 't.allocated_at' },
    { name: 'dispatched_at', kind: 'INSTANT', sql: 't.dispatched_at' },
    { name: 'delivered_at', kind: 'INSTANT', sql: 't.delivered_at' },
    { name: 'status', kind: 'WORD', sql: 't.status' },
    { name: 'item_code', kind: 'TEXT', sql: 'i.code' },
    { name: 'item_name', kind: 'TEXT', sql: 'i.name' },
    { name: 'category', kind: 'WORD', sql: 'i.category' },
    { name: 'units', kind: 'NUMBER', sql: 't.units' },
    { name: 'confirmed_units', kind: 'NUMBER', sql: 't.confirmed_units' },
    { name: 'shortage_reason', kind: 'TEXT', sql: ofParcel('t.shortage_reason') },
    { name: 'lot_id', kind: 'WORD', sql: 't.lot_id' },
    { name: 'lot_number', kind: 'TEXT', sql: 'l.lot_number' },
    { name: 'expires_on', kind: 'DAY', sql: 'l.expires_on' },
    ...originColumns(sight, own, 't.donor_country'),
    ...personColumns(sight, own),
    { name: 'country', kind: 'TEXT', sql: 't.country' },
    { name: 'exposure_tier', kind: 'NUMBER', sql: 't.exposure_tier' },
    { name: 'plan_id', kind: 'WORD', sql: ofParcel('t.plan_id') },
    { name: 'delivery_id', kind: 'WORD', sql: ofParcel('t.delivery_id') },
    { name: 'site', kind: 'TEXT', sql: ofParcel('w.name') },
  ];
  // Ordered before anything is joined: the joins keep the order, and nothing waits for a sort of whole rows.
  const lines = `select t.* from distribution t ${where.length > 0 ? `where ${where.join(' and ')}` : ''} order by t.allocated_at, t.id`;
  const from = `(${lines}) as t join item i on i.id = t.item_id join lot l on l.id = t.lot_id join donor d on d.id = t.donor_id
      join shipment s on s.id = t.shipment_id join recipient r on r.id = t.recipient_id join site w on w.id = t.site_id`;
  return { columns, from, order: 't.allocated_at, t.id', parameters: all };
}
