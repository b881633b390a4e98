import { Injectable } from '@nestjs/common';
import type { Actor, Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import type { LotFacts } from '../stock/lot.rules.js';
import type { Lot } from '../stock/stock.entity.js';
import { LotService } from '../stock/lot.service.js';
import { RenumberingService } from '../stock/renumbering.service.js';
import type { CorrectionReason } from './correction.rules.js';

/**
 * Told before lots are locked to be corrected: whoever keeps what follows from them locks it now, because parcels and
 * needs come before lots. Told again as `lot.corrected` once the lots are known otherwise: now it follows.
 */
export interface LotsCorrected {
  readonly lotIds: readonly string[];
  /** Whether they are of another item, which changes what was given to whom. */
  readonly items: boolean;
}

/** What lots of a shipment are in truth. */
export interface LotCorrection {
  /** All lines of the shipment. */
  readonly lineIds: readonly string[];
  /** Who really gave them; absent: as is known. */
  readonly donorId?: string;
  /** What the lots of single lines are. */
  readonly ofLine: ReadonlyMap<string, Partial<LotFacts>>;
  readonly reason: string;
  readonly reasonCode: CorrectionReason;
}

/** Has the lots of a shipment follow its correction, and tells the rooms that come after. */
@Injectable()
export class CorrectedLotsService {
  constructor(
    private readonly lots: LotService,
    private readonly renumbering: RenumberingService,
    private readonly facts: Facts,
  ) {}

  /**
   * The shipment is locked: it gets no further lots meanwhile.
   * @returns the lots that are of another item now, as ids: {@link settle} is asked about them once all is written
   */
  async follow(tx: Tx, { lineIds, donorId, ofLine, reason, reasonCode }: LotCorrection): Promise<string[]> {
    const factsOf = (lineId: string): Partial<LotFacts> => ({
      ...ofLine.get(lineId),
      ...(donorId !== undefined && { donorId }),
    });
    const concerned = lineIds.filter((id) => Object.keys(factsOf(id)).length > 0);
    const known = await this.lots.ofLinesIn(tx, concerned);
    if (known.length === 0) return [];
    const lotIds = known.map(({ id }) => id);
    const changesOf = (lots: readonly Lot[]) => lots.map((lot) => ({ lot, facts: factsOf(lot.shipmentLineId) }));
    const kept = await this.renumbering.begin(tx, changesOf(known));
    const fact: LotsCorrected = { lotIds, items: concerned.some((id) => factsOf(id).itemId !== undefined) };
    await this.facts.tell(tx, 'lot.correction.begun', fact);
    const locked = await this.lots.lockForChange(tx, lotIds);
    const renumberedIds = await this.renumbering.changeEach(tx, kept, changesOf(locked), reason, reasonCode);
    await this.facts.tell(tx, 'lot.corrected', fact);
    return renumberedIds;
  }

  /** Once the correction is written, the first time or when its call is repeated. */
  settle(actor: Actor, renumberedIds: readonly string[] | undefined): Promise<void> {
    return this.renumbering.settle(actor, renumberedIds);
  }
}
