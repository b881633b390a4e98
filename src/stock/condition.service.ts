import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import type { Why } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import type { LotCondition, Place } from './ledger.rules.js';
import { LotService } from './lot.service.js';
import { type Shelf, ShelfRepository } from './shelf.repository.js';
import type { Lot } from './stock.entity.js';

/** How many units of a lot went from one shelf to the other. */
export interface LotUnitsMoved {
  readonly lotId: string;
  readonly units: number;
}

/** Sets lots aside, and makes them free again. */
@Injectable()
export class ConditionService {
  constructor(
    private readonly lots: LotService,
    private readonly shelves: ShelfRepository,
    private readonly ledger: LedgerService,
  ) {}

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
