import { refuse } from '../platform/rejection.js';
import type { LotCondition } from '../stock/ledger.rules.js';

/** Lots that a recall may stop, and the number under which all others of the maker's are meant, too. */
export interface Meant {
  readonly lots: readonly MeantLot[];
  /** An open recall that watches the number that was asked for. */
  readonly watchedBy: string | null;
}

/** A lot as a recall finds it. */
export interface MeantLot {
  readonly id: string;
  readonly itemId: string;
  readonly condition: LotCondition;
  /** Trimmed, in capitals; null where none was written down. */
  readonly lotNumber: string | null;
  /** The open recall that it is under. */
  readonly recallId: string | null;
}

/**
 * Which lots are still to be stopped: those of another open recall stay with that one.
 * @returns the refusal when there is nothing new in it
 */
export function stillToStop({ lots, watchedBy }: Meant): MeantLot[] | ReturnType<typeof alreadyRecalled> {
  const free = lots.filter(({ recallId }) => recallId === null);
  if (free.length > 0) return free;
  const before = lots[0]?.recallId ?? watchedBy;
  return before === null ? [] : alreadyRecalled(before);
}

/** An item and a maker's number, trimmed, in capitals. */
export interface WatchedNumber {
  readonly itemId: string;
  readonly lotNumber: string;
}

/** The numbers that these lots carry, each once. */
export function numbersOf(lots: readonly Pick<MeantLot, 'itemId' | 'lotNumber'>[]): WatchedNumber[] {
  const numbers = new Map<string, WatchedNumber>();
  for (const { itemId, lotNumber } of lots)
    if (lotNumber !== null) numbers.set(`${itemId} ${lotNumber}`, { itemId, lotNumber });
  return [...numbers.values()];
}

/**
 * Of lots that got a number that is called back, those that a recall is still to stop: they are set aside for it. One that
 * somebody released since stays free.
 */
export function stillSetAside(lots: readonly MeantLot[]): MeantLot[] {
  return lots.filter(({ condition, recallId }) => condition === 'QUARANTINED' && recallId === null);
}

/** What is recalled is not recalled again. */
export function alreadyRecalled(recallId: string) {
  return refuse('AlreadyRecalledError', 'ALREADY_RECALLED', 'All of this is recalled already.', { recallId });
}

/** A recall ends once. @param recall as it has ended */
export function recallEnded(recall: object) {
  return refuse('RecallEndedError', 'RECALL_ENDED', 'This recall has ended already.', { recall });
}

/** A notice is answered once. @param notice as it was answered */
export function alreadyAcknowledged(notice: object) {
  return refuse('AlreadyAcknowledgedError', 'ALREADY_ACKNOWLEDGED', 'This notice has been answered already.', {
    notice,
  });
}
