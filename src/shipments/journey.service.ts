import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { badInput, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { correctionsOf, type ShipmentFacts } from './correction.rules.js';
import type {
  CancelShipmentInput,
  RecordShipmentEventInput,
  ReopenShipmentInput,
  ReportShipmentLostInput,
} from './journey.types.js';
import type { Shipment } from './shipment.entity.js';
import { type NewEvent, ShipmentLogRepository } from './shipment-log.repository.js';
import { ShipmentRepository } from './shipment.repository.js';
import { MOST_EVENTS, shipmentAfter, type ShipmentStep, tooManyEvents } from './shipment.rules.js';

/** Clocks differ a little: so far ahead an event may lie. */
const TOLERANCE_MS = 5 * 60_000;
/** Nothing that we ship left before; a year that does is a slip. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');

/** A decision about a whole consignment, with what the log says of it. */
interface Decision {
  readonly action: string;
  readonly step: ShipmentStep;
  readonly input: { readonly shipmentId: string; readonly idempotencyKey?: string | null };
  readonly event: Omit<NewEvent, 'shipmentId'>;
}

/** What happens to a consignment between the announcement and the count, and what is decided about it. */
@Injectable()
export class JourneyService {
  constructor(
    private readonly database: Database,
    private readonly shipments: ShipmentRepository,
    private readonly log: ShipmentLogRepository,
  ) {}

  /** Writes down news of a shipment's way; a donor those of her own. The first says that it has left. */
  async record(context: RequestContext, input: RecordShipmentEventInput): Promise<Shipment | Refusal> {
    const command = { actor: context.actor, action: 'recordShipmentEvent', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const happenedAt = instantOf(input.happenedAt, tx.now);
      const shipment = await this.lock(tx, input.shipmentId);
      if (!isStaff(context.viewer) && context.viewer.subjectId !== shipment.donorId)
        throw notFound('input.shipmentId', 'shipment');
      await this.assertRoom(tx, shipment.id);
      const status = shipmentAfter(shipment.status, 'carry');
      if (isRefusal(status)) throw new Rejected(status);
      if (status !== shipment.status) await this.shipments.setStatus(tx, shipment.id, status);
      await this.forward(tx, shipment, input);
      const { kind, place, note } = input;
      await this.log.appendEvent(tx, {
        shipmentId: shipment.id,
        kind,
        happenedAt,
        place: place ?? null,
        note: note ?? null,
      });
      return { shipmentId: shipment.id };
    });
    return isRefusal(done) ? done : this.get(done.shipmentId);
  }

  /** Another carrier or number, as the news say; what it was before stays on record. */
  private async forward(tx: Tx, shipment: Shipment, input: RecordShipmentEventInput): Promise<void> {
    const asked: Partial<ShipmentFacts> = {
      ...(input.carrier != null && { carrier: input.carrier }),
      ...(input.trackingNumber != null && { trackingNumber: input.trackingNumber }),
    };
    const differences = correctionsOf<ShipmentFacts>(shipment, asked);
    if (differences.length === 0) return;
    await this.shipments.updateFacts(tx, shipment.id, { ...shipment, ...asked });
    await this.log.appendChanges(
      tx,
      differences.map((difference) => ({
        ...difference,
        shipmentId: shipment.id,
        lineId: null,
        reasonCode: null,
        reason: input.kind,
      })),
    );
  }

  /** Says that a shipment will not come. */
  cancel(context: RequestContext, input: CancelShipmentInput): Promise<Shipment | Refusal> {
    const { reason, note = null } = input;
    const event = { kind: 'CANCELLED' as const, reason, note };
    return this.decide(context, { action: 'cancelShipment', step: 'cancel', input, event });
  }

  /** Says that a shipment never arrived. */
  reportLost(context: RequestContext, input: ReportShipmentLostInput): Promise<Shipment | Refusal> {
    const event = { kind: 'LOST' as const, note: input.reason };
    return this.decide(context, { action: 'reportShipmentLost', step: 'lose', input, event });
  }

  /** Opens a shipment again that turned up after it was closed, cancelled or lost. */
  reopen(context: RequestContext, input: ReopenShipmentInput): Promise<Shipment | Refusal> {
    const event = { kind: 'REOPENED' as const, note: input.reason };
    return this.decide(context, { action: 'reopenShipment', step: 'reopen', input, event });
  }

  private async decide(context: RequestContext, { action, step, input, event }: Decision): Promise<Shipment | Refusal> {
    const reason = event.note ?? event.reason ?? null;
    const command = { actor: context.actor, action, key: input.idempotencyKey, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const shipment = await this.lock(tx, input.shipmentId);
      const status = shipmentAfter(shipment.status, step);
      if (isRefusal(status)) throw new Rejected(status);
      if (step === 'reopen') {
        await this.assertRoom(tx, shipment.id);
        await this.shipments.forgetDiscrepancies(tx, shipment.id);
      }
      await this.shipments.setStatus(tx, shipment.id, status);
      await this.log.appendEvent(tx, { ...event, shipmentId: shipment.id });
      return { shipmentId: shipment.id };
    });
    return isRefusal(done) ? done : this.get(done.shipmentId);
  }

  /** A log is read whole, so it has a bound. What ends a shipment is written down beyond it: it ends once an opening. */
  private async assertRoom(tx: Tx, shipmentId: string): Promise<void> {
    if ((await this.log.countEvents(tx, shipmentId)) >= MOST_EVENTS) throw new Rejected(tooManyEvents());
  }

  private async lock(tx: Tx, id: string): Promise<Shipment> {
    const shipment = await this.shipments.lock(tx, id);
    if (!shipment) throw notFound('input.shipmentId', 'shipment');
    return shipment;
  }

  private async get(id: string): Promise<Shipment> {
    return (await this.database.read((reader) => this.shipments.byIds(reader, [id])))[0]!;
  }
}

function instantOf(happenedAt: Date | null | undefined, now: Date): Date {
  if (happenedAt == null) return now;
  const field = 'input.happenedAt';
  if (happenedAt.getTime() > now.getTime() + TOLERANCE_MS) throw badInput(field, `${field}: must not be in the future`);
  if (happenedAt < EARLIEST) throw badInput(field, `${field}: must not be before 2000`);
  return happenedAt;
}
