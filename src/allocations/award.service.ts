import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { NeedService } from '../recipients/need.service.js';
import { LedgerService } from '../stock/ledger.service.js';
import { type CorrectedLine, MemoryRepository, type MissingLine, type RoundedAward } from './memory.repository.js';
import { deficitAfter } from './memory.rules.js';
import { type LockedPlan, PlanRepository } from './plan.repository.js';

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

  /**
   * Gives back what these recipients were awarded.
   * @param isWhole whether nobody else has anything of the plan any more: then it never was, also for who got nothing
   */
  async release(
    tx: Tx,
    plan: LockedPlan,
    recipientIds: readonly string[],
    { isWhole, reason }: { readonly isWhole: boolean; readonly reason: string },
  ): Promise<void> {
    const awards = await this.memory.awards(tx, plan.id, isWhole ? null : recipientIds);
    await this.needs.giveBack(
      tx,
      plan.id,
      awards.map((award) => ({ ...award, units: 0 })),
    );
    await this.remember(tx, plan, awards, 'taken back');
    const held = await this.plans.cancelAwards(tx, plan.id, recipientIds);
    const why = { cause: 'ALLOCATION_CANCELLED' as const, causeId: plan.id, reason };
    await this.ledger.shelve(
      tx,
      why,
      held.map((units) => ({ ...units, from: 'ALLOCATED' })),
    );
  }

  /**
   * Notes that units of a parcel came back, were lost, or did not arrive fit for use: needs are open again as far as they
   * were counted for them, and the recipient never had them. The parcel is locked; its units are moved by the caller,
   * after this.
   */
  async notReceived(
    tx: Tx,
    parcel: { readonly planId: string; readonly recipientId: string },
    lines: readonly MissingLine[],
  ): Promise<void> {
    const missing = lines.filter(({ units }) => units > 0);
    if (missing.length === 0) return;
    const standing = await this.memory.addReturned(tx, parcel.planId, parcel.recipientId, missing);
    await this.needs.giveBack(tx, parcel.planId, standing);
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
    await this.needs.meetAgain(
      tx,
      restored.map((award) => ({ ...award, units: award.moreUnits })),
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
