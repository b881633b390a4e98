import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { badInput, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { type CountedGoods, IntakeService } from './intake.service.js';
import { LineService } from './line.service.js';
import type { Shipment, ShipmentLine } from './shipment.entity.js';
import { ShipmentLogRepository } from './shipment-log.repository.js';
import { ShipmentRepository } from './shipment.repository.js';
import { MOST_LINES, receive, type Reception } from './shipment.rules.js';
import type { ReceiveShipmentInput, UnannouncedGoodsInput } from './reception.types.js';

/** Counts what arrives. */
@Injectable()
export class ReceptionService {
  constructor(
    private readonly database: Database,
    private readonly shipments: ShipmentRepository,
    private readonly lines: LineService,
    private readonly intake: IntakeService,
    private readonly log: ShipmentLogRepository,
  ) {}

  /** Takes in what was counted of a shipment at one visit, and closes it when asked or complete. */
  async receive(context: RequestContext, input: ReceiveShipmentInput): Promise<Shipment | Refusal> {
    const command = {
      actor: context.actor,
      action: 'receiveShipment',
      key: input.idempotencyKey,
      input,
      reason: input.discrepancyReason,
    };
    const done = await this.database.write(command, (tx) => this.receiveIn(tx, input));
    if (isRefusal(done)) return done;
    return (await this.database.read((reader) => this.shipments.byIds(reader, [done.shipmentId])))[0]!;
  }

  /**
   * As {@link receive}, inside the caller's transaction.
   * @throws what refuses it
   */
  async receiveIn(tx: Tx, input: ReceiveShipmentInput): Promise<{ shipmentId: string }> {
    const shipment = await this.shipments.lock(tx, input.shipmentId);
    if (!shipment) throw notFound('input.shipmentId', 'shipment');
    const announced = await this.shipments.linesOf(tx, [shipment.id]);
    assertLinesBelong(input, announced);
    const found = await this.unannounced(tx, shipment, announced, input.unannounced ?? []);
    const lines = [...announced, ...found];
    const goods = [...goodsOf(input, announced), ...unannouncedGoodsOf(input, found)];
    const closing = {
      close: input.close ?? null,
      reason: input.discrepancyReason ?? null,
      lineReasons: new Map((input.lineReasons ?? []).map(({ lineId, reason }) => [lineId, reason])),
    };
    const counts = goods.map(({ line, ...count }) => ({ ...count, lineId: line.id }));
    const reception = receive({ ...shipment, lines }, counts, closing);
    if (isRefusal(reception)) throw new Rejected(reception);
    assertNotTooMany(reception, input);
    await this.shipments.updateCounts(tx, shipment.id, reception.status, closing.reason, reception.lines);
    await this.intake.take(tx, shipment, goods, input.siteId);
    if (reception.status === 'RECEIVED')
      await this.log.appendEvent(tx, { shipmentId: shipment.id, kind: 'CLOSED', reason: closing.reason });
    return { shipmentId: shipment.id };
  }

  /** The lines of a shipment, whose row is locked until the transaction ends. */
  async expected(tx: Tx, shipmentId: string): Promise<ShipmentLine[]> {
    if (!(await this.shipments.lock(tx, shipmentId))) throw notFound('input.shipmentId', 'shipment');
    return this.shipments.linesOf(tx, [shipmentId]);
  }

  /** Writes down lines for what is in the parcel and was never announced. */
  private async unannounced(
    tx: Tx,
    shipment: Shipment,
    announced: readonly ShipmentLine[],
    found: readonly UnannouncedGoodsInput[],
  ): Promise<ShipmentLine[]> {
    const nothing = found.findIndex(({ acceptedUnits, rejectedUnits }) => acceptedUnits + (rejectedUnits ?? 0) === 0);
    if (nothing >= 0) {
      const field = `input.unannounced.${nothing}.acceptedUnits`;
      throw badInput(field, `${field}: nothing of it was counted`);
    }
    if (announced.length + found.length > MOST_LINES)
      throw badInput('input.unannounced', `input.unannounced: a shipment has at most ${MOST_LINES} lines`);
    const lines = await this.lines.linesOf(
      tx,
      shipment.id,
      found.map((goods) => ({ ...goods, units: 0 })),
      { field: 'input.unannounced', firstPosition: (announced.at(-1)?.position ?? -1) + 1 },
    );
    await this.shipments.insertLines(tx, lines);
    return lines;
  }
}

function goodsOf({ counts }: ReceiveShipmentInput, lines: readonly ShipmentLine[]): CountedGoods[] {
  const lineOf = new Map(lines.map((line) => [line.id, line]));
  return counts.map((count) => {
    const line = lineOf.get(count.lineId)!;
    return {
      line,
      acceptedUnits: count.acceptedUnits,
      rejectedUnits: count.rejectedUnits ?? 0,
      rejectReason: count.rejectReason ?? null,
      lotNumber: count.lotNumber ?? line.lotNumber,
      expiresOn: count.expiresOn ?? line.expiresOn,
    };
  });
}

function unannouncedGoodsOf({ unannounced }: ReceiveShipmentInput, lines: readonly ShipmentLine[]): CountedGoods[] {
  return lines.map((line, i) => {
    const { acceptedUnits, rejectedUnits, rejectReason } = unannounced![i]!;
    const { lotNumber, expiresOn } = line;
    return {
      line,
      acceptedUnits,
      rejectedUnits: rejectedUnits ?? 0,
      rejectReason: rejectReason ?? null,
      lotNumber,
      expiresOn,
    };
  });
}

function assertLinesBelong({ counts, lineReasons }: ReceiveShipmentInput, lines: readonly ShipmentLine[]): void {
  const known = new Set(lines.map((line) => line.id));
  for (const [field, named] of [
    ['counts', counts],
    ['lineReasons', lineReasons ?? []],
  ] as const) {
    const stray = named.findIndex(({ lineId }) => !known.has(lineId));
    if (stray >= 0) throw notFound(`input.${field}.${stray}.lineId`, 'line of this shipment');
  }
}

function assertNotTooMany({ lines }: Reception, { counts }: ReceiveShipmentInput): void {
  const heavy = lines.find((line) => line.acceptedUnits > MOST_UNITS_A_LINE || line.rejectedUnits > MOST_UNITS_A_LINE);
  if (!heavy) return;
  const i = counts.findIndex((count) => count.lineId === heavy.id);
  throw badInput(
    `input.counts.${i}.acceptedUnits`,
    `input.counts.${i}.acceptedUnits: the line would hold more than ${MOST_UNITS_A_LINE} units`,
  );
}
