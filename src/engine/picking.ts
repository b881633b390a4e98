import type { Lot, LotUnits, Unallocated } from './problem.js';
import type { Stock } from './stock.js';

/** Which units of which lots each claimant gets, and what stays in the lots. */
export interface Picked {
  lotsOf: (readonly LotUnits[])[];
  left: Unallocated[];
}

/**
 * Fills the claimants one after the other from the lots, earliest expiry first, so that awards and lots are cut into the
 * fewest pieces: with L lots, at most L - 1 awards more than one piece in total. The reserve stays in the lots that keep
 * longest.
 *
 * @param units of each claimant in id order; together at most the supply without the reserve
 */
export function pickLots(units: Float64Array, { usable, reserved, expired }: Stock): Picked {
  const shelf = new Shelf(usable);
  const lotsOf: (readonly LotUnits[])[] = [];
  for (const wanted of units) lotsOf.push(shelf.take(wanted));
  const left = [
    ...unallocated(expired, 'EXPIRED'),
    ...unallocated(shelf.leaveAllBut(reserved), 'NO_ELIGIBLE_CLAIM'),
    ...unallocated(shelf.leaveAllBut(0), 'RESERVED'),
  ];
  return { lotsOf, left };
}

/** Empty parts are left out. */
export function unallocated(parts: readonly LotUnits[], reason: Unallocated['reason']): Unallocated[] {
  return parts.filter(({ units }) => units > 0).map(({ lot, units }) => ({ lot, units, reason }));
}

const NOTHING: readonly LotUnits[] = Object.freeze([]);

/** The usable lots with a mark up to which they are taken. */
class Shelf {
  #lot = 0;
  #leftInLot: number;
  #leftInAll: number;
  /** Lists of one piece from the present lot, by its units. */
  #pieces = new Map<number, readonly LotUnits[]>();

  constructor(private readonly lots: readonly Lot[]) {
    this.#leftInLot = lots[0]?.units ?? 0;
    this.#leftInAll = lots.reduce((sum, lot) => sum + lot.units, 0);
  }

  /** Many get the same number from the same lot: they share one frozen list, which saves half the memory. */
  take(wanted: number): readonly LotUnits[] {
    if (wanted === 0) return NOTHING;
    if (wanted > this.#leftInLot) return this.#cut(wanted);
    let piece = this.#pieces.get(wanted);
    if (!piece) {
      piece = Object.freeze([Object.freeze({ lot: this.lots[this.#lot]!.id, units: wanted })]);
      this.#pieces.set(wanted, piece);
    }
    this.#leftInLot -= wanted;
    this.#leftInAll -= wanted;
    return piece;
  }

  /** Takes what is left except the last `keep` units. */
  leaveAllBut(keep: number): readonly LotUnits[] {
    return this.#cut(this.#leftInAll - keep);
  }

  #cut(wanted: number): LotUnits[] {
    const parts: LotUnits[] = [];
    for (let missing = wanted; missing > 0;) {
      if (this.#leftInLot === 0) this.#openNextLot();
      const units = Math.min(missing, this.#leftInLot);
      if (units > 0) parts.push({ lot: this.lots[this.#lot]!.id, units });
      this.#leftInLot -= units;
      missing -= units;
    }
    this.#leftInAll -= wanted;
    return parts;
  }

  #openNextLot(): void {
    this.#leftInLot = this.lots[++this.#lot]!.units;
    this.#pieces = new Map();
  }
}
