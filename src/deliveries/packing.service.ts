import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { AwardService, type TakenBack } from '../allocations/award.service.js';
import type { AllocationCancelled, AllocationCommitted, AwardsReleased } from '../allocations/commit.service.js';
import { planNotCancellable } from '../allocations/plan.rules.js';
import { Database, expectRows, StartAgain, type Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import type { Why } from '../stock/ledger.repository.js';
import { LedgerService } from '../stock/ledger.service.js';
import { DeliveryRepository, type Line } from './delivery.repository.js';
import { emptied, notPrepared, standing, takenOutAlready, transition } from './delivery.rules.js';
import type { TakeOutOfDeliveryInput } from './delivery.types.js';

/** Packs what plans give into parcels, and takes it out again as long as they have not left. */
@Injectable()
export class PackingService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly awards: AwardService,
    private readonly ledger: LedgerService,
    private readonly facts: Facts,
  ) {}

  onModuleInit(): void {
    this.facts.on('allocation.committed', (tx, { planId }: AllocationCommitted) => this.deliveries.prepare(tx, planId));
    this.facts.on('allocation.cancelled', (tx, fact: AllocationCancelled) => this.keep(tx, fact));
    this.facts.on('awards.released', (tx, fact: AwardsReleased) => this.unpack(tx, fact));
  }

  /** Keeps parcels from leaving that are to be taken back; one that has left refuses the whole cancellation. */
  private async keep(tx: Tx, { planId, recipientIds }: AllocationCancelled): Promise<void> {
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
  }

  /** Takes back parcels that are kept, and puts what is in them still on the shelf. */
  private async unpack(tx: Tx, { planId, recipientIds, reason }: AwardsReleased): Promise<void> {
    const parcels = await this.deliveries.lockOfPlan(tx, planId, recipientIds);
    const ids = parcels.map((parcel) => parcel.id);
    const lines = standing(await this.deliveries.linesOf(tx, ids));
    await this.deliveries.setStatus(tx, ids, 'CANCELLED');
    await this.shelve(tx, { cause: 'ALLOCATION_CANCELLED', causeId: planId, reason }, lines);
  }

  /** Takes lines out of one parcel. One of which nothing is left is cancelled, as if her awards had been taken back. */
  async takeOutOfDelivery(context: RequestContext, input: TakeOutOfDeliveryInput): Promise<string | Refusal> {
    const { deliveryId, reason } = input;
    const command = { actor: context.actor, action: 'takeOutOfDelivery', key: input.idempotencyKey, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const [known] = await this.deliveries.byIds(tx, [deliveryId]);
      if (!known) throw notFound('input.deliveryId', 'delivery');
      // The plan comes first: it is cancelled with the last of its parcels.
      const plans = await this.awards.lockPlans(tx, [known.planId]);
      const parcel = (await this.deliveries.lock(tx, deliveryId))!;
      const lines = await this.deliveries.linesOf(tx, [deliveryId]);
      const asked = linesAsked(input.lineIds, lines);
      if (parcel.status !== 'PREPARED') throw new Rejected(notPrepared(parcel.status));
      const before = asked.filter((line) => line.status === 'CANCELLED');
      if (before.length > 0) throw new Rejected(takenOutAlready(before.map(({ id }) => id)));
      await this.takeOut(tx, plans, lines, asked);
      await this.shelve(tx, { cause: 'DELIVERY_LINES_TAKEN_OUT', causeId: deliveryId, reason }, asked);
      return { deliveryId };
    });
    return isRefusal(done) ? done : done.deliveryId;
  }

  /**
   * Takes all units of these lots out of all parcels that have not left, whoever they are for. The lots are not locked yet:
   * once they are, the caller asks {@link assertNonePrepared}, and puts the units on the shelf with {@link shelve}.
   * @returns the lines that were taken out
   */
  async takeOutLots(tx: Tx, lotIds: readonly string[]): Promise<Line[]> {
    const found = await this.deliveries.preparing(tx, lotIds);
    if (found.length === 0) return [];
    await expectRows(tx, found.length);
    const plans = await this.awards.lockPlans(tx, [...new Set(found.map(({ planId }) => planId))]);
    const parcels = await this.deliveries.lockPrepared(
      tx,
      found.map(({ deliveryId }) => deliveryId),
    );
    const lines = await this.deliveries.linesOf(
      tx,
      parcels.map(({ id }) => id),
    );
    const meant = new Set(lotIds);
    const chosen = standing(lines).filter(({ lotId }) => meant.has(lotId));
    await this.takeOut(tx, plans, lines, chosen);
    return chosen;
  }

  /**
   * Makes sure that no parcel holds units of these lots that has not left. They are locked, and nothing of them is free: a
   * commit that promised some after they were looked for is found here, and then everything starts again.
   */
  async assertNonePrepared(tx: Tx, lotIds: readonly string[]): Promise<void> {
    if ((await this.deliveries.preparing(tx, lotIds)).length > 0)
      throw new StartAgain('a plan was committed meanwhile');
  }

  /** Puts what was taken out on the shelf that its lot allows. */
  async shelve(tx: Tx, why: Why, lines: readonly Line[]): Promise<void> {
    const moves = lines.map(({ lotId, siteId, units }) => ({ lotId, siteId, units, from: 'ALLOCATED' as const }));
    await this.ledger.shelve(tx, why, moves);
  }

  /**
   * Takes lines out of parcels that are locked, in plan, award, need and parcel alike; their units stay ALLOCATED.
   * @param lines all lines of these parcels
   */
  private async takeOut(
    tx: Tx,
    plans: readonly TakenBack['plan'][],
    lines: readonly Line[],
    chosen: readonly Line[],
  ): Promise<void> {
    const empty = new Set(emptied(lines, chosen));
    const parts = plans.map((plan) => {
      const ofPlan = chosen.filter(({ planId }) => planId === plan.id);
      const whole = ofPlan.filter(({ deliveryId }) => empty.has(deliveryId));
      return {
        plan,
        recipientIds: [...new Set(whole.map(({ recipientId }) => recipientId))].sort(),
        lines: ofPlan.filter(({ deliveryId }) => !empty.has(deliveryId)),
      };
    });
    await this.awards.takeBack(tx, parts);
    await this.deliveries.cancelLines(
      tx,
      chosen.map(({ id }) => id),
    );
    await this.deliveries.setStatus(tx, [...empty], 'CANCELLED');
  }
}

/** The lines that a request names. */
function linesAsked(lineIds: readonly string[], lines: readonly Line[]): Line[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const stray = lineIds.findIndex((id) => !byId.has(id));
  if (stray >= 0) throw notFound(`input.lineIds.${stray}`, 'line of this delivery');
  return [...new Set(lineIds)].map((id) => byId.get(id)!);
}
