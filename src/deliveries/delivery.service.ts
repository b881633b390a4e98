import { Injectable } from '@nestjs/common';
import { onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { AwardService } from '../allocations/award.service.js';
import { Database, type Tx } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { listLoaderOf, loaderOf } from '../platform/graphql/loader.js';
import { isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import type { Cause } from '../stock/ledger.rules.js';
import { LedgerService } from '../stock/ledger.service.js';
import type { Delivery } from './delivery.entity.js';
import { type DeliveryFilter, DeliveryRepository, type Line } from './delivery.repository.js';
import { standing, type StoppedLine, transition } from './delivery.rules.js';
import type { DispatchDeliveryInput, MoveDeliveryInput } from './delivery.types.js';
import { LeavingService } from './leaving.service.js';

/** What can become of a parcel between packing and counting. */
const MOVES = {
  dispatch: { action: 'dispatchDelivery', cause: 'DELIVERY_DISPATCHED' },
  deliver: { action: 'markDelivered', cause: 'DELIVERY_DELIVERED' },
  return: { action: 'returnDelivery', cause: 'DELIVERY_RETURNED' },
  lose: { action: 'reportDeliveryLost', cause: 'DELIVERY_LOST' },
} as const satisfies Record<string, { action: string; cause: Cause }>;

@Injectable()
export class DeliveryService {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly ledger: LedgerService,
    private readonly awards: AwardService,
    private readonly leaving: LeavingService,
  ) {}

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
      const lines = standing(await this.deliveries.linesOf(tx, [delivery.id]));
      await this.deliveries.setStatus(tx, [delivery.id], next.status, input);
      if (step === 'dispatch') await this.leaving.assertUsable(tx, lines);
      if (step === 'return' || step === 'lose') await this.awards.notReceived(tx, delivery.planId, lines);
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

  private readonly byIds = (ids: readonly string[]) =>
    this.database.read((reader) => this.deliveries.byIds(reader, ids));

  /** A delivery that a row names, read together with the others that the same request needs. */
  async load(context: RequestContext, id: string): Promise<Delivery> {
    return (await loaderOf(context, this.byIds, (delivery) => delivery.id).load(id))!;
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

  /** What keeps a parcel from leaving as it is; nothing once it has left. */
  async stoppedBy(context: RequestContext, { id, status }: Pick<Delivery, 'id' | 'status'>): Promise<StoppedLine[]> {
    return status === 'PREPARED' ? this.leaving.stopped(context, await this.linesOf(context, id)) : [];
  }

  /** Deliveries, the newest first; a recipient sees her own. */
  async list({ viewer }: RequestContext, filter: DeliveryFilter, args: PageArgs): Promise<Connection<Delivery>> {
    const page = pageOf(args, 'deliveries');
    const own = { ...filter, recipientIds: onlyOwn(viewer.subjectId, filter.recipientIds) };
    const seen = seesEverything(viewer) ? filter : own;
    return connect('deliveries', page, await this.database.read((reader) => this.deliveries.page(reader, seen, page)));
  }
}
