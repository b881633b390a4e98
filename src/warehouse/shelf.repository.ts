import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import type { Shelf } from './shelf.rules.js';

@Injectable()
export class ShelfRepository {
  /**
   * Locks what stands of lots, at all sites, and what was lost there, until the transaction ends: whatever is AVAILABLE
   * first, as all writers do. The lots are locked `ALONE` by the caller, so that nothing reaches a shelf meanwhile.
   * @returns what each site holds, by lot, the fullest first
   */
  lock(tx: Tx, lotIds: readonly string[]): Promise<Shelf[]> {
    const unitsIn = (place: string): string => `coalesce(sum(units) filter (where place = '${place}'), 0)::integer`;
    return tx.rows<Shelf>(
      `with held as materialized (
         select b.lot_id, b.site_id, b.place, b.units from lot_balance b
         where b.lot_id = any($1) and b.place in ('AVAILABLE', 'ALLOCATED', 'LOST', 'QUARANTINED')
         order by b.place <> 'AVAILABLE', b.lot_id, b.site_id, b.place for update)
       select lot_id as "lotId", site_id as "siteId", ${unitsIn('AVAILABLE')} as "availableUnits", ${unitsIn('ALLOCATED')} as "allocatedUnits",
         ${unitsIn('QUARANTINED')} as "quarantinedUnits", ${unitsIn('LOST')} as "lostUnits"
       from held group by lot_id, site_id
       order by lot_id, sum(units) filter (where place in ('AVAILABLE', 'QUARANTINED')) desc nulls last, site_id`,
      [lotIds],
    );
  }
}
