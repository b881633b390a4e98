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
}
