import { Injectable, type OnModuleInit } from '@nestjs/common';
import { onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { AwardService } from '../allocations/award.service.js';
import type { AllocationCancelled, AllocationCommitted } from '../allocations/commit.service.js';
import { planNotCancellable } from '../allocations/plan.rules.js';
import { Database, type Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { listLoaderOf } from '../platform/graphql/loader.js';
import { isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import type { Cause } from '../stock/ledger.rules.js';
import { LedgerService } from '../stock/ledger.service.js';
import type { Delivery } from './delivery.entity.js';
import { type DeliveryFilter, DeliveryRepository, type Line } from './delivery.repository.js';
import { transition } from './delivery.rules.js';
import type { DispatchDeliveryInput, MoveDeliveryInput } from './delivery.types.js';

/** What can become of a parcel between packing and counting. */
const MOVES = {
  dispatch: { action: 'dispatchDelivery', cause: 'DELIVERY_DISPATCHED' },
  deliver: { action: 'markDelivered', cause: 'DELIVERY_DELIVERED' },
  return: { action: 'returnDelivery', cause: 'DELIVERY_RETURNED' },
  lose: { action: 'reportDeliveryLost', cause: 'DELIVERY_LOST' },
} as const satisfies Record<string, { action: string; cause: Cause }>;

@Injectable()
export class DeliveryService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly ledger: LedgerService,
    private readonly awards: AwardService,
    private readonly facts: Facts,
  ) {}

  onModuleInit(): void {
    this.facts.on('allocation.committed', (tx, { planId }: AllocationCommitted) => this.deliveries.prepare(tx, planId));
    this.facts.on('allocation.cancelled', (tx, fact: AllocationCancelled) => this.cancel(tx, fact));
  }

  /** Takes parcels back that have not left; one that has refuses the whole cancellation. */
  private async cancel(tx: Tx, { planId, recipientIds }: AllocationCancelled): Promise<void> {
    const parcels = await this.deliveries.lockOfPlan(tx, planId, recipientIds);
    const gone = parcels.filter((parcel) => isRefusal(transition(parcel.status, 'cancel')));
    if (gone.length > 0) {
      const message = `${gone.length === 1 ? 'One parcel has' : `${gone.length} parcels have`} left already.`;
      throw new Rejected(
        planNotCancellable(
          'COMMITTED',
          message,
          gone.map((parcel) => parcel.recipientId),
        ),
      );
    }
    await this.deliveries.setStatus(
      tx,
      parcels.map((parcel) => parcel.id),
      'CANCELLED',
    );
  }

  /** Moves a whole parcel and all its units one step on. */
  async move(
    context: RequestContext,
    step: keyof typeof MOVES,
    input: DispatchDeliveryInput & MoveDeliveryInput,
  ): Promise<Delivery | Refusal> {
    const { action, cause } = MOVES[step];
    const command = { actor: context.actor, action, key: input.idempotencyKey, input, reason: input.reason };
    const done = await this.database.write(command, async (tx) => {
      const delivery = await this.lock(tx, input.deliveryId);
      const next = transition(delivery.status, step);
      if (isRefusal(next)) throw new Rejected(next);
      await this.deliveries.setStatus(tx, [delivery.id], next.status, input);
      const lines = await this.deliveries.linesOf(tx, [delivery.id]);
      if (step === 'return' || step === 'lose') await this.awards.notReceived(tx, delivery, lines);
      const why = { cause, causeId: delivery.id, reason: input.reason ?? null };
      const moves = lines.map((line) => ({ ...line, from: next.from, to: next.to }));
      await (next.to === 'AVAILABLE' ? this.ledger.shelve(tx, why, moves) : this.ledger.move(tx, why, moves));
      return { deliveryId: delivery.id };
    });
    return isRefusal(done) ? done : this.get(done.deliveryId);
  }

  private async lock(tx: Tx, id: string): Promise<Delivery> {
    const delivery = await this.deliveries.lock(tx, id);
    if (!delivery) throw notFound('input.deliveryId', 'delivery');
    return delivery;
  }

  async get(id: string): Promise<Delivery> {
    return (await this.database.read((reader) => this.deliveries.byIds(reader, [id])))[0]!;
  }

  /** One delivery, for whoever may read the whole chain and for its recipient. */
  async find({ viewer }: RequestContext, id: string): Promise<Delivery | null> {
    const [delivery] = await this.database.read((reader) => this.deliveries.byIds(reader, [id]));
    const may = delivery && (seesEverything(viewer) || viewer.subjectId === delivery.recipientId);
    return may ? delivery : null;
  }

  private readonly linesByIds = (ids: readonly string[]) =>
    this.database.read((reader) => this.deliveries.linesOf(reader, ids));

  linesOf(context: RequestContext, deliveryId: string): Promise<Line[]> {
    return listLoaderOf(context, this.linesByIds, (line) => line.deliveryId).load(deliveryId);
  }

  /** Deliveries, the newest first; a recipient sees her own. */
  async list({ viewer }: RequestContext, filter: DeliveryFilter, args: PageArgs): Promise<Connection<Delivery>> {
    const page = pageOf(args, 'deliveries');
    const own = { ...filter, recipientIds: onlyOwn(viewer.subjectId, filter.recipientIds) };
    const seen = seesEverything(viewer) ? filter : own;
    return connect('deliveries', page, await this.database.read((reader) => this.deliveries.page(reader, seen, page)));
  }
}
