import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import { mayBeQuarantined, mayBeReleased } from './condition.rules.js';
import type { QuarantineLotInput, ReleaseLotInput } from './condition.types.js';
import type { Why } from '../stock/ledger.repository.js';
import { LedgerService } from '../stock/ledger.service.js';
import type { LotCondition, Place } from '../stock/ledger.rules.js';
import { LotService } from '../stock/lot.service.js';
import { ShelfRepository } from './shelf.repository.js';
import type { Shelf } from './shelf.rules.js';
import type { Lot } from '../stock/stock.entity.js';

/** How many units of a lot went from one shelf to the other. */
export interface LotUnitsMoved {
  readonly lotId: string;
  readonly units: number;
}

/** Sets lots aside, and makes them free again. */
@Injectable()
export class ConditionService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotService,
    private readonly shelves: ShelfRepository,
    private readonly ledger: LedgerService,
  ) {}

  /** Sets a lot aside until somebody says that it is fit for use. */
  async quarantineLot(context: RequestContext, input: QuarantineLotInput): Promise<Lot | Refusal> {
    const { idempotencyKey: key, lotId, reason } = input;
    const command = { actor: context.actor, action: 'quarantineLot', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const lot = await this.lots.lockOne(tx, lotId);
      const refusal = mayBeQuarantined(lot.condition);
      if (refusal) throw new Rejected(refusal);
      const [moved] = await this.setAside(tx, [lot], 'QUARANTINED', {
        cause: 'LOT_QUARANTINED',
        causeId: lotId,
        reason,
      });
      return { lotId, units: moved!.units };
    });
    return isRefusal(done) ? done : this.lots.fresh(context, done.lotId);
  }

  /** Makes a lot free again that was set aside. One that was called back stays so. */
  async releaseLot(context: RequestContext, input: ReleaseLotInput): Promise<Lot | Refusal> {
    const { idempotencyKey: key, lotId, reason } = input;
    const command = { actor: context.actor, action: 'releaseLot', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const lot = await this.lots.lockOne(tx, lotId);
      const refusal = mayBeReleased(lot.condition);
      if (refusal) throw new Rejected(refusal);
      const [moved] = await this.release(tx, [lot], { cause: 'LOT_RELEASED', causeId: lotId, reason });
      return { lotId, units: moved!.units };
    });
    return isRefusal(done) ? done : this.lots.fresh(context, done.lotId);
  }

  /**
   * Sets lots aside: whatever of them is AVAILABLE, at any site, is QUARANTINED from now on, and so is what comes back to
   * the shelf later. What is promised stays ALLOCATED in its parcels; who sends parcels asks for the lot's condition.
   *
   * The caller has locked the lots `ALONE` ({@link LotService.lock}) and decided that the condition may follow on theirs.
   * A commit of the same lot either comes first, and what it promised is not AVAILABLE any more, or finds the lot set aside.
   * @param lots as the lock gave them; one that is set aside already changes its condition and moves nothing
   * @param why what the entries and the changes of the lots say; without a reason the changes name the cause
   * @returns for every lot, in the order given, how many units were set aside now
   */
  setAside(
    tx: Tx,
    lots: readonly Lot[],
    condition: 'QUARANTINED' | 'RECALLED',
    why: Why,
  ): Promise<{ lotId: string; units: number }[]> {
    return this.turn(tx, lots, condition, why);
  }

  /**
   * Makes lots good again: whatever of them is QUARANTINED, at any site, is AVAILABLE from now on. Locked and decided by
   * the caller as for {@link setAside}.
   * @returns for every lot, in the order given, how many units became free
   */
  release(tx: Tx, lots: readonly Lot[], why: Why): Promise<{ lotId: string; units: number }[]> {
    return this.turn(tx, lots, 'GOOD', why);
  }

  private async turn(tx: Tx, lots: readonly Lot[], condition: LotCondition, why: Why): Promise<LotUnitsMoved[]> {
    const ids = lots.map((lot) => lot.id);
    const shelves = await this.shelves.lock(tx, ids);
    await this.lots.change(tx, lots, { condition }, why.reason ?? why.cause);
    const isFreed = condition === 'GOOD';
    const unitsOf = (shelf: Shelf): number => (isFreed ? shelf.quarantinedUnits : shelf.availableUnits);
    const [from, to]: [Place, Place] = isFreed ? ['QUARANTINED', 'AVAILABLE'] : ['AVAILABLE', 'QUARANTINED'];
    await this.ledger.move(
      tx,
      why,
      shelves.map((shelf) => ({ lotId: shelf.lotId, siteId: shelf.siteId, from, to, units: unitsOf(shelf) })),
    );
    return ids.map((lotId) => ({
      lotId,
      units: shelves.filter((shelf) => shelf.lotId === lotId).reduce((sum, shelf) => sum + unitsOf(shelf), 0),
    }));
  }
}
