import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { badInput, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { LedgerService, type Receipt } from '../stock/ledger.service.js';
import { LotService } from '../stock/lot.service.js';
import type { Shipment, ShipmentLine } from './shipment.entity.js';
import { ShipmentRepository } from './shipment.repository.js';
import { receive, type Reception } from './shipment.rules.js';
import { ShipmentService } from './shipment.service.js';
import type { ReceivedLineInput, ReceiveShipmentInput } from './shipment.types.js';

/** Counts what arrives. */
@Injectable()
export class ReceptionService {
  constructor(
    private readonly database: Database,
    private readonly shipments: ShipmentRepository,
    private readonly shipmentService: ShipmentService,
    private readonly lots: LotService,
    private readonly ledger: LedgerService,
  ) {}

  /** Takes in what was counted of a shipment, and closes it when asked or complete. */
  async receive(context: RequestContext, input: ReceiveShipmentInput): Promise<Shipment | Refusal> {
    const command = {
      actor: context.actor,
      action: 'receiveShipment',
      key: input.idempotencyKey,
      input,
      reason: input.discrepancyReason,
    };
    const done = await this.database.write(command, (tx) => this.receiveIn(tx, input));
    return isRefusal(done) ? done : this.shipmentService.get(done.shipmentId);
  }

  /**
   * As {@link receive}, inside the caller's transaction.
   * @throws what refuses it
   */
  async receiveIn(tx: Tx, input: ReceiveShipmentInput): Promise<{ shipmentId: string }> {
    const shipment = await this.shipments.lock(tx, input.shipmentId);
    if (!shipment) throw notFound('input.shipmentId', 'shipment');
    const lines = await this.shipments.linesOf(tx, [shipment.id]);
    assertLinesBelong(input.counts, lines);
    const counts = input.counts.map((count) => ({
      ...count,
      rejectedUnits: count.rejectedUnits ?? 0,
      rejectReason: count.rejectReason ?? null,
    }));
    const reception = receive({ ...shipment, lines }, counts, input.close ?? null, input.discrepancyReason ?? null);
    if (isRefusal(reception)) throw new Rejected(reception);
    assertNotTooMany(reception, input.counts);
    await this.shipments.updateCounts(
      tx,
      shipment.id,
      reception.status,
      input.discrepancyReason ?? null,
      reception.lines,
    );
    const receipts = await this.receipts(tx, shipment, lines, input.counts);
    await this.ledger.receive(tx, { cause: 'SHIPMENT_RECEIVED', causeId: shipment.id }, input.siteId, receipts);
    return { shipmentId: shipment.id };
  }

  /** The lines of a shipment, whose row is locked until the transaction ends. */
  async expected(tx: Tx, shipmentId: string): Promise<ShipmentLine[]> {
    if (!(await this.shipments.lock(tx, shipmentId))) throw notFound('input.shipmentId', 'shipment');
    return this.shipments.linesOf(tx, [shipmentId]);
  }

  /** What each count becomes: more of a lot that an earlier visit made, or a new lot. */
  private async receipts(
    tx: Tx,
    shipment: Shipment,
    lines: readonly ShipmentLine[],
    counts: readonly ReceivedLineInput[],
  ): Promise<Receipt[]> {
    const keyOf = (lineId: string, lotNumber: string | null, expiresOn: string | null): string =>
      JSON.stringify([lineId, lotNumber, expiresOn]);
    const known = await this.lots.ofLinesIn(
      tx,
      lines.map((line) => line.id),
    );
    const lotOf = new Map(known.map((lot) => [keyOf(lot.shipmentLineId, lot.lotNumber, lot.expiresOn), lot.id]));
    const receipts = new Map<string, Receipt>();
    for (const count of counts) {
      if (count.acceptedUnits === 0) continue;
      const line = lines.find(({ id }) => id === count.lineId)!;
      const lotNumber = count.lotNumber ?? line.lotNumber;
      const expiresOn = count.expiresOn ?? line.expiresOn;
      const key = keyOf(line.id, lotNumber, expiresOn);
      const lot = {
        ...line,
        lotNumber,
        expiresOn,
        shipmentLineId: line.id,
        donorId: shipment.donorId,
        receivedAt: tx.now,
      };
      const units = count.acceptedUnits + (receipts.get(key)?.units ?? 0);
      receipts.set(key, { lot, units, ...(lotOf.has(key) && { lotId: lotOf.get(key)! }) });
    }
    return [...receipts.values()];
  }
}

function assertLinesBelong(counts: readonly ReceivedLineInput[], lines: readonly ShipmentLine[]): void {
  const stray = counts.findIndex((count) => lines.every((line) => line.id !== count.lineId));
  if (stray >= 0) throw notFound(`input.counts.${stray}.lineId`, 'line of this shipment');
}

function assertNotTooMany({ lines }: Reception, counts: readonly ReceivedLineInput[]): void {
  const heavy = lines.find((line) => line.acceptedUnits > MOST_UNITS_A_LINE || line.rejectedUnits > MOST_UNITS_A_LINE);
  if (!heavy) return;
  const i = counts.findIndex((count) => count.lineId === heavy.id);
  throw badInput(
    `input.counts.${i}.acceptedUnits`,
    `input.counts.${i}.acceptedUnits: the line would hold more than ${MOST_UNITS_A_LINE} units`,
  );
}
