import { Injectable } from '@nestjs/common';
import type { CorrectedLine } from '../allocations/memory.repository.js';
import type { Tx } from '../platform/database.js';

/** Lines of which their lots say otherwise than they do. */
const LAGGING = `t.lot_id = any($1) and (t.item_id, t.donor_id) is distinct from (l.item_id, l.donor_id)`;

/** The lines of parcels that lots went into, as far as they carry facts of the lots. */
@Injectable()
export class CorrectedLotRepository {
  /**
   * Locks the parcels that units of these lots went into until the transaction ends, in id order.
   * @param how whether to wait for whoever holds one, or to have the whole transaction tried again
   * @returns whose they are
   */
  async lockParcels(tx: Tx, lotIds: readonly string[], how: 'WAITING' | 'AT ONCE'): Promise<string[]> {
    const rows = await tx.rows<{ recipientId: string }>(
      `select d.recipient_id as "recipientId" from delivery d
       where d.id in (select t.delivery_id from distribution t where t.lot_id = any($1))
       order by d.id for no key update of d ${how === 'AT ONCE' ? 'nowait' : ''}`,
      [lotIds],
    );
    return [...new Set(rows.map(({ recipientId }) => recipientId))];
  }

  /** The lines whose lot is of another item than they say. Their parcels are locked. */
  lagging(tx: Tx, lotIds: readonly string[]): Promise<CorrectedLine[]> {
    return tx.rows<CorrectedLine>(
      `select t.plan_id as "planId", t.recipient_id as "recipientId", t.lot_id as "lotId", t.site_id as "siteId",
         t.item_id as "itemIdBefore", l.item_id as "itemId",
         case when t.status in ('RETURNED', 'LOST', 'CANCELLED') then 0 else coalesce(t.confirmed_units, t.units) end as "standingUnits"
       from distribution t join lot l on l.id = t.lot_id where ${LAGGING} and t.item_id <> l.item_id`,
      [lotIds],
    );
  }

  /** Has lines say what their lots say. Their parcels are locked. */
  async catchUp(tx: Tx, lotIds: readonly string[]): Promise<void> {
    await tx.rows(
      `update distribution t set item_id = l.item_id, donor_id = l.donor_id, donor_country = o.country
       from lot l join donor o on o.id = l.donor_id where l.id = t.lot_id and ${LAGGING}`,
      [lotIds],
    );
  }
}
