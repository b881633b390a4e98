import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { NeedService } from '../recipients/need.service.js';
import { LedgerService } from '../stock/ledger.service.js';
import { type CorrectedLine, MemoryRepository, type MissingUnits, type RoundedAward } from './memory.repository.js';
import { deficitAfter } from './memory.rules.js';
import { type LockedPlan, PlanRepository } from './plan.repository.js';

/** What of a plan is not given after all. */
export interface TakenBack {
  readonly plan: LockedPlan;
  /** Whose awards are taken back whole. */
  readonly recipientIds: readonly string[];
  /** What is taken from others. */
  readonly lines: readonly MissingUnits[];
}

/** What a commit gives, and what a cancellation, a return or a loss takes back: stock, needs and memory together. */
@Injectable()
export class AwardService {
  constructor(
    private readonly plans: PlanRepository,
    private readonly needs: NeedService,
    private readonly memory: MemoryRepository,
    private readonly ledger: LedgerService,
  ) {}

  /** Reserves what a plan awards. Needs are locked before balances. */
  async reserve(tx: Tx, plan: LockedPlan): Promise<void> {
    const awards = await this.memory.awards(tx, plan.id, null);
    await this.needs.meet(
      tx,
      plan.id,
      awards.filter(({ units }) => units > 0),
      plan.substitutes,
    );
    await this.remember(tx, plan, awards, 'given');
    const held = await this.plans.heldUnits(tx, plan.id);
    const why = { cause: 'ALLOCATION_COMMITTED' as const, causeId: plan.id };
    await this.ledger.move(
      tx,
      why,
      held.map((units) => ({ ...units, from: 'AVAILABLE', to: 'ALLOCATED' })),
    );
  }

  /** The plan with all it was made from, locked until the transaction ends; those that exist, in id order. */
  lockPlans(tx: Tx, planIds: readonly string[]): Promise<LockedPlan[]> {
    return this.plans.lockAll(tx, planIds);
  }

  /**
   * Gives back what these recipients were awarded; a plan of which nobody has anything any more is cancelled. Their parcels
   * are locked, and the units in them are moved by whoever packed them, after this.
   */
  async release(tx: Tx, plan: LockedPlan, recipientIds: readonly string[]): Promise<void> {
    const everyone = await this.plans.recipientsOf(tx, plan.id);
    const isWhole = everyone.filter(({ cancelled }) => !cancelled).length === recipientIds.length;
    // Of a plan that is taken back whole nothing ever was, also for those who got nothing.
    const awards = await this.memory.awards(tx, plan.id, isWhole ? null : recipientIds);
    await this.needs.giveBack(
      tx,
      plan.id,
      awards.map((award) => ({ ...award, units: 0 })),
    );
    await this.remember(tx, plan, awards, 'taken back');
    await this.plans.cancelAwards(tx, plan.id, recipientIds);
    if (isWhole) await this.plans.setStatus(tx, plan.id, 'CANCELLED');
  }

  /**
   * Notes that units of a plan's parcels came back, were lost, were taken out, or did not arrive fit for use: needs are
   * open again as far as they were counted for them, and the recipients never had them. The parcels are locked; the units
   * are moved by the caller, after this.
   */
  async notReceived(tx: Tx, planId: string, lines: readonly MissingUnits[]): Promise<void> {
    const missing = lines.filter(({ units }) => units > 0);
    if (missing.length === 0) return;
    const standing = await this.memory.addReturned(tx, planId, missing);
    await this.needs.giveBack(tx, planId, standing);
  }

  /**
   * What was promised in several plans is not given after all: all of some recipients, some lines of others. The plans
   * and the parcels are locked; needs and deficits of all of them are locked before any is changed, in one order.
   */
  async takeBack(tx: Tx, parts: readonly TakenBack[]): Promise<void> {
    const rounds = parts.flatMap(({ lines, recipientIds }) => [lines.length > 0, recipientIds.length > 0]);
    if (rounds.filter(Boolean).length > 1) {
      const planIds = parts.map(({ plan }) => plan.id);
      await this.needs.lockCounted(tx, planIds);
      await this.memory.lockDeficitsOfPlans(tx, planIds);
    }
    for (const { plan, lines, recipientIds } of parts) {
      // oxlint-disable-next-line no-await-in-loop -- one connection, one statement at a time; as many rounds as plans
      await this.notReceived(tx, plan.id, lines);
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (recipientIds.length > 0) await this.release(tx, plan, recipientIds);
    }
  }

  /** Keeps what these recipients need as it is until the transaction ends; see {@link NeedService.hold}. */
  hold(tx: Tx, recipientIds: readonly string[], how: 'WAITING' | 'AT ONCE'): Promise<void> {
    return this.needs.hold(tx, recipientIds, how);
  }

  /**
   * Notes that lines of parcels turned out to be of another item. What was decided stays as it was decided; but what was
   * awarded was not received, and needs that had counted it are open again, until it turns out to be that after all. The
   * parcels are locked, and the needs of their recipients are held.
   */
  async itemsCorrected(tx: Tx, lines: readonly CorrectedLine[]): Promise<void> {
    const recounted = await this.memory.recountReturned(tx, lines);
    await this.needs.giveBackOf(
      tx,
      recounted.filter(({ moreUnits }) => moreUnits < 0),
    );
    const restored = recounted.filter(({ moreUnits, isCancelled }) => moreUnits > 0 && !isCancelled);
    const substitutesOf = await this.plans.substitutesOf(tx, [...new Set(restored.map(({ planId }) => planId))]);
    await this.needs.meetAgain(
      tx,
      restored.map((award) => ({ ...award, units: award.moreUnits })),
      substitutesOf,
    );
  }

  /** Adds to what rounding owes people, or takes it off again, where the plan is to be remembered so. */
  private async remember(
    tx: Tx,
    { problem }: LockedPlan,
    awards: readonly RoundedAward[],
    is: 'given' | 'taken back',
  ): Promise<void> {
    if (problem.policy.memory?.by !== 'ROUNDING' || awards.length === 0) return;
    const before = await this.memory.lockDeficits(tx, awards);
    const keyOf = (row: { recipientId: string; itemId: string }): string => `${row.recipientId} ${row.itemId}`;
    const awardOf = new Map(awards.map((award) => [keyOf(award), award]));
    await this.memory.setDeficits(
      tx,
      before.map((row) => ({ ...row, deficit: deficitAfter(row.deficit, awardOf.get(keyOf(row))!, is) })),
    );
  }
}
