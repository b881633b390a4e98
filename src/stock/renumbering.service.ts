import { Injectable } from '@nestjs/common';
import { type Actor, StartAgain, type Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import type { DiscrepancyReason } from './ledger.rules.js';
import { isRenumbered, type LotChangeAsked, type LotNumber, numbersTouched } from './lot.rules.js';
import { LotService } from './lot.service.js';
import type { Lot } from './stock.entity.js';

/** Told before anything of lots is locked that are to be of another item or number: whoever watches numbers keeps these. */
export interface RenumberingBegun {
  /** Those that they carry and those that they are to carry. */
  readonly numbers: readonly LotNumber[];
}

/**
 * Told in the transaction that makes lots be of another item or number: a listener may set them aside. Told once more
 * when it is over ({@link RenumberingOver}).
 */
export interface LotsRenumbered {
  /** As they are known now; locked `ALONE`. */
  readonly lots: readonly Lot[];
}

/** Told after the transaction that made lots be of another item or number. */
export interface RenumberingOver {
  readonly lotIds: readonly string[];
}

/** The numbers that nobody begins to watch, or stops to, until the transaction ends. */
export type KeptNumbers = ReadonlySet<string>;

const keyOf = ({ itemId, lotNumber }: LotNumber): string => `${itemId} ${lotNumber}`;

/** Corrects what is known of lots, and sees to it that whoever watches numbers learns of those that get one. */
@Injectable()
export class RenumberingService {
  constructor(
    private readonly lots: LotService,
    private readonly facts: Facts,
  ) {}

  /** Before anything of the lots is locked. @param changes of lots as they are read, not locked */
  async begin(tx: Tx, changes: readonly LotChangeAsked[]): Promise<KeptNumbers> {
    const numbers = numbersTouched(changes);
    if (numbers.length > 0) await this.facts.tell(tx, 'lot.renumberingBegun', { numbers } satisfies RenumberingBegun);
    return new Set(numbers.map(keyOf));
  }

  /**
   * As {@link LotService.changeEach}. A lot that got another number before it was locked is not among those that are kept:
   * then everything starts again.
   * @returns the lots that are of another item or number now, as ids: {@link settle} is asked about them once all is written
   */
  async changeEach(
    tx: Tx,
    kept: KeptNumbers,
    changes: readonly LotChangeAsked<Lot>[],
    reason: string,
    reasonCode: DiscrepancyReason | null = null,
  ): Promise<string[]> {
    if (numbersTouched(changes).some((number) => !kept.has(keyOf(number))))
      throw new StartAgain('a lot got another number meanwhile');
    const renumbered = new Set(changes.filter(isRenumbered).map(({ lot }) => lot.id));
    const changed = await this.lots.changeEach(tx, changes, reason, reasonCode);
    const lots = changed.filter(({ id }) => renumbered.has(id));
    if (lots.length > 0) await this.facts.tell(tx, 'lot.renumbered', { lots } satisfies LotsRenumbered);
    return [...renumbered];
  }

  /** Once the transaction is over, the first time or when its call is repeated: whoever watches numbers does the rest. */
  async settle(actor: Actor, lotIds: readonly string[] = []): Promise<void> {
    if (lotIds.length > 0) await this.facts.tellAfter(actor, 'lot.renumbered', { lotIds } satisfies RenumberingOver);
  }
}
