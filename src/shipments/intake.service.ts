import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { LedgerService, type Receipt } from '../stock/ledger.service.js';
import { LotService } from '../stock/lot.service.js';
import type { Shipment, ShipmentLine } from './shipment.entity.js';
import { ShipmentLogRepository } from './shipment-log.repository.js';

/** What was counted of a line, as it stood on the box. */
export interface CountedGoods {
  readonly line: ShipmentLine;
  readonly acceptedUnits: number;
  readonly rejectedUnits: number;
  readonly rejectReason: string | null;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
}

/** Puts what was counted of a shipment on the shelf, and keeps each count. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly lots: LotService,
    private readonly ledger: LedgerService,
    private readonly log: ShipmentLogRepository,
  ) {}

  /**
   * Each count becomes more of a lot that an earlier visit made, or a new lot. The shipment is locked.
   * @param askedSiteId where it stands; the default site when nothing is said
   */
  async take(
    tx: Tx,
    shipment: Pick<Shipment, 'id' | 'donorId'>,
    goods: readonly CountedGoods[],
    askedSiteId: string | null | undefined,
    receivedAt = tx.now,
  ): Promise<void> {
    const keyOf = (lineId: string, { lotNumber, expiresOn }: Pick<CountedGoods, 'lotNumber' | 'expiresOn'>): string =>
      JSON.stringify([lineId, lotNumber, expiresOn]);
    const known = await this.lots.ofLinesIn(tx, [...new Set(goods.map(({ line }) => line.id))]);
    const lotOf = new Map(known.map((lot) => [keyOf(lot.shipmentLineId, lot), lot.id]));
    const receipts = new Map<string, Receipt>();
    for (const { line, lotNumber, expiresOn, acceptedUnits } of goods) {
      if (acceptedUnits === 0) continue;
      const key = keyOf(line.id, { lotNumber, expiresOn });
      const lot = { ...line, lotNumber, expiresOn, shipmentLineId: line.id, donorId: shipment.donorId, receivedAt };
      const units = acceptedUnits + (receipts.get(key)?.units ?? 0);
      receipts.set(key, { lot, units, ...(lotOf.has(key) && { lotId: lotOf.get(key)! }) });
    }
    const why = { cause: 'SHIPMENT_RECEIVED' as const, causeId: shipment.id };
    const lotIds = await this.ledger.receive(tx, why, askedSiteId, [...receipts.values()]);
    const places = new Map([...receipts.keys()].map((key, i) => [key, lotIds[i]!]));
    await this.log.appendCounts(
      tx,
      goods
        .filter(({ acceptedUnits, rejectedUnits }) => acceptedUnits + rejectedUnits > 0)
        .map(({ line, ...count }) => ({
          ...count,
          lineId: line.id,
          lotId: count.acceptedUnits > 0 ? places.get(keyOf(line.id, count))! : null,
        })),
    );
  }

  /** As {@link take}, all that was accepted of many lines of many shipments, none of them counted before. */
  async takeGifts(
    tx: Tx,
    gifts: readonly { line: ShipmentLine; shipment: Pick<Shipment, 'id' | 'donorId' | 'receivedAt'> }[],
  ): Promise<void> {
    const receipts = gifts.map(({ line, shipment: { id: causeId, donorId, receivedAt } }) => ({
      units: line.acceptedUnits,
      causeId,
      lot: { ...line, shipmentLineId: line.id, donorId, receivedAt: receivedAt ?? tx.now },
    }));
    const lotIds = await this.ledger.receive(tx, { cause: 'SHIPMENT_RECEIVED' }, null, receipts);
    await this.log.appendCounts(
      tx,
      gifts.map(({ line }, i) => ({ ...line, lineId: line.id, lotId: lotIds[i]! })),
    );
  }
}
