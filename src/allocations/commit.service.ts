import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { dayOf } from '../platform/clock.js';
import { Database, expectRows, type Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { areSameSubstitutes } from '../catalogue/substitute.rules.js';
import { AwardService } from './award.service.js';
import { ChoiceService } from './choice.service.js';
import { type LockedPlan, PlanRepository } from './plan.repository.js';
import {
  mayBeCancelled,
  mayBeCommitted,
  mayBeDiscarded,
  planNotCancellable,
  problemOf,
  stalePlan,
} from './plan.rules.js';
import { whatChanged } from './stale.rules.js';
import type { CancelAllocationInput, CommitAllocationInput, DiscardPlanInput } from './plan.types.js';

/** Told in the transaction that commits a plan: whoever prepares parcels does it in the same breath. */
export interface AllocationCommitted {
  readonly planId: string;
}

/** Told in the transaction that takes awards back; a listener refuses it when a parcel has left. */
export interface AllocationCancelled {
  readonly planId: string;
  readonly recipientIds: readonly string[];
}

/** Told in the same transaction once awards are taken back: whoever holds their units puts them back on the shelf. */
export interface AwardsReleased extends AllocationCancelled {
  readonly reason: string;
}

/** What becomes of a preview: committed, cancelled, or put aside. */
@Injectable()
export class CommitService {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
    private readonly choices: ChoiceService,
    private readonly awards: AwardService,
    private readonly facts: Facts,
  ) {}

  /**
   * Reserves everything the plan awards, or nothing. The world of the preview is read again under lock: if it has
   * changed, the plan is stale for good, and says so.
   * @returns the plan's id
   */
  async commit(context: RequestContext, input: CommitAllocationInput): Promise<string | Refusal> {
    const command = { actor: context.actor, action: 'commitAllocation', key: input.idempotencyKey, input };
    const done = await this.database.write<{ planId: string }>(command, async (tx) => {
      const plan = await this.lock(tx, input.planId);
      const refusal = mayBeCommitted(plan);
      if (refusal) throw new Rejected(refusal);
      const changed = await this.changed(tx, plan);
      if (changed.length > 0) {
        await this.plans.setStatus(tx, plan.id, 'STALE', { staleBecause: changed });
        return stalePlan(changed);
      }
      await this.plans.setStatus(tx, plan.id, 'COMMITTED', { committedAt: tx.now });
      await this.awards.reserve(tx, plan);
      await this.facts.tell(tx, 'allocation.committed', { planId: plan.id } satisfies AllocationCommitted);
      return { planId: plan.id };
    });
    return isRefusal(done) ? done : done.planId;
  }

  private async changed(tx: Tx, { problem, choice, claims, substitutes: before }: LockedPlan): Promise<string[]> {
    const { plan = '', policy } = problem;
    const terms = { policy, claims, allowSubstitutes: before !== null };
    const { stock, recipients, substitutes } = await this.choices.chosen(tx, choice, terms, true);
    const today = dayOf(tx.now);
    const isRankedAlike = areSameSubstitutes(before, substitutes);
    return whatChanged(problem, problemOf(plan, today, policy, stock, recipients), today, isRankedAlike);
  }

  /** Takes awards back, of some recipients or of all, as long as none of their parcels has left. */
  async cancel(context: RequestContext, input: CancelAllocationInput): Promise<string | Refusal> {
    const command = {
      actor: context.actor,
      action: 'cancelAllocation',
      key: input.idempotencyKey,
      input,
      reason: input.reason,
    };
    const done = await this.database.write(command, async (tx) => {
      const plan = await this.lock(tx, input.planId);
      const refusal = mayBeCancelled(plan.status);
      if (refusal) throw new Rejected(refusal);
      const everyone = await this.plans.recipientsOf(tx, plan.id);
      const recipientIds = whomToCancel(plan, everyone, input.recipientIds);
      const cancelled: AllocationCancelled = { planId: plan.id, recipientIds };
      await this.facts.tell(tx, 'allocation.cancelled', cancelled);
      await this.awards.release(tx, plan, recipientIds);
      await this.facts.tell(tx, 'awards.released', { ...cancelled, reason: input.reason } satisfies AwardsReleased);
      return { planId: plan.id, recipientIds };
    });
    return isRefusal(done) ? done : done.planId;
  }

  /** Puts a preview aside, so that nobody commits it by mistake. */
  async discard(context: RequestContext, input: DiscardPlanInput): Promise<string | Refusal> {
    const command = { actor: context.actor, action: 'discardPlan', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const plan = await this.lock(tx, input.planId);
      const refusal = mayBeDiscarded(plan.status);
      if (refusal) throw new Rejected(refusal);
      await this.plans.setStatus(tx, plan.id, 'DISCARDED');
      return { planId: plan.id };
    });
    return isRefusal(done) ? done : done.planId;
  }

  private async lock(tx: Tx, planId: string): Promise<LockedPlan> {
    const plan = await this.plans.lock(tx, planId);
    if (!plan) throw notFound('input.planId', 'plan');
    await expectRows(tx, plan.problem.recipients.length);
    return plan;
  }
}

/** The recipients to cancel: those named, or all whose awards still stand. */
function whomToCancel(
  plan: LockedPlan,
  everyone: readonly { recipientId: string; cancelled: boolean }[],
  asked: readonly string[] | null | undefined,
): string[] {
  const standing = everyone.filter(({ cancelled }) => !cancelled).map(({ recipientId }) => recipientId);
  if (asked == null) return standing;
  const stranger = asked.findIndex((id) => everyone.every(({ recipientId }) => recipientId !== id));
  if (stranger >= 0) throw notFound(`input.recipientIds.${stranger}`, 'recipient with an award of this plan');
  const before = asked.filter((id) => !standing.includes(id));
  if (before.length > 0)
    throw new Rejected(planNotCancellable(plan.status, 'These awards are cancelled already.', before));
  return [...new Set(asked)].sort();
}
