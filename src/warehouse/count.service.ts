import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import { recount, takeOff } from './count.rules.js';
import type { RecountStockInput, TakeOffInput } from './count.types.js';
import type { CorrectionInput } from './correction.types.js';
import type { Cause, Move } from '../stock/ledger.rules.js';
import { LotService } from '../stock/lot.service.js';
import { type LockedShelf, ShelfService } from './shelf.service.js';
import type { Lot } from '../stock/stock.entity.js';

/** How units leave the shelf for good. */
const WAYS_OFF = {
  discardStock: { cause: 'STOCK_DISCARDED', to: 'DISCARDED' },
  returnToDonor: { cause: 'RETURNED_TO_DONOR', to: 'RETURNED_TO_DONOR' },
} as const;

/** Has the books follow the shelves: what was counted, what was thrown away, what went back. */
@Injectable()
export class CountService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotService,
    private readonly shelves: ShelfService,
  ) {}

  /** Takes in what was counted of a lot at a site. A count that agrees moves nothing, and is in the journal. */
  recount(context: RequestContext, input: RecountStockInput): Promise<Lot | Refusal> {
    return this.correct(context, { action: 'recountStock', cause: 'STOCK_RECOUNTED' }, input, ({ lot, shelf }) =>
      recount(shelf, lot.condition, input.countedUnits, input.reasonCode),
    );
  }

  /** Takes units off the shelf for good: to the bin, or back to who gave them. */
  takeOff(context: RequestContext, action: keyof typeof WAYS_OFF, input: TakeOffInput): Promise<Lot | Refusal> {
    const { cause, to } = WAYS_OFF[action];
    return this.correct(context, { action, cause }, input, ({ lot, shelf }) =>
      takeOff(shelf, lot.condition, input.units, to),
    );
  }

  /** Lot and shelves are locked, the rules say what moves, and it moves. */
  private async correct(
    context: RequestContext,
    { action, cause }: { readonly action: string; readonly cause: Cause },
    input: CorrectionInput & { readonly siteId?: string | null },
    decide: (locked: LockedShelf) => Move[] | Refusal,
  ): Promise<Lot | Refusal> {
    const { idempotencyKey: key, lotId, reason, reasonCode } = input;
    const command = { actor: context.actor, action, key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const locked = await this.shelves.lockAt(tx, lotId, input.siteId);
      const moves = decide(locked);
      if (isRefusal(moves)) throw new Rejected(moves);
      await this.shelves.move(tx, { cause, causeId: lotId, reason, reasonCode }, moves);
      return { lotId, siteId: locked.shelf.siteId };
    });
    return isRefusal(done) ? done : this.lots.fresh(context, done.lotId);
  }
}
