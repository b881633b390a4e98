import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';

/** Units of a lot that stand at a site, as one row; none in a place that never held any. */
export interface Shelf {
  readonly lotId: string;
  readonly siteId: string;
  readonly availableUnits: number;
  readonly allocatedUnits: number;
  readonly quarantinedUnits: number;
}

@Injectable()
export class ShelfRepository {
  /**
   * Locks what stands on the shelves of lots, at all sites, until the transaction ends: whatever is AVAILABLE first, as
   * all writers do. The lots are locked by the caller, so that nothing reaches a shelf that had no balance yet.
   * @returns what each site holds, by lot, the fullest first
   */
  async lock(tx: Tx, lotIds: readonly string[]): Promise<Shelf[]> {
    await tx.rows(
      `select 1 from lot_balance b where b.lot_id = any($1) and b.place in ('AVAILABLE', 'ALLOCATED', 'QUARANTINED')
       order by b.place <> 'AVAILABLE', b.lot_id, b.site_id, b.place for update`,
      [lotIds],
    );
    // A row that was waited for comes back as it is now, but the others as the statement found them: so it is read again.
    return tx.rows<Shelf>(
      `select b.lot_id as "lotId", b.site_id as "siteId",
         coalesce(sum(b.units) filter (where b.place = 'AVAILABLE'), 0)::integer as "availableUnits",
         coalesce(sum(b.units) filter (where b.place = 'ALLOCATED'), 0)::integer as "allocatedUnits",
         coalesce(sum(b.units) filter (where b.place = 'QUARANTINED'), 0)::integer as "quarantinedUnits"
       from lot_balance b where b.lot_id = any($1) and b.place in ('AVAILABLE', 'ALLOCATED', 'QUARANTINED')
       group by b.lot_id, b.site_id order by b.lot_id, sum(b.units) desc, b.site_id`,
      [lotIds],
    );
  }
}
