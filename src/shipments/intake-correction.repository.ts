import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';

@Injectable()
export class IntakeCorrectionRepository {
  /**
   * Locks the shipment's row until the transaction ends, as whoever counts a parcel does before any lot. Its key stays
   * free: a commit that names the shipment in its distributions holds the balances that come next.
   */
  async lock(tx: Tx, shipmentId: string): Promise<void> {
    await tx.rows(`select 1 from shipment where id = $1 for no key update`, [shipmentId]);
  }

  /** Adds to what was accepted of a line whose shipment is locked. @returns what it comes to */
  async addAccepted(tx: Tx, lineId: string, units: number): Promise<number> {
    const [line] = await tx.rows<{ acceptedUnits: number }>(
      `update shipment_line set accepted_units = accepted_units + $2 where id = $1 returning accepted_units as "acceptedUnits"`,
      [lineId, units],
    );
    return line!.acceptedUnits;
  }

  /** A closed shipment whose counts differ says why; the reason that was given first stays. */
  async explain(tx: Tx, shipmentId: string, reasonCode: string): Promise<void> {
    await tx.rows(
      `update shipment s set discrepancy_reason = $2 where s.id = $1 and s.status = 'RECEIVED' and s.discrepancy_reason is null
         and exists (select 1 from shipment_line l where l.shipment_id = s.id and l.accepted_units + l.rejected_units <> l.announced_units)`,
      [shipmentId, reasonCode],
    );
  }
}
