import { leftOut, type Decision } from './decision.js';
import { sumOf } from './figures.js';
import type { LotUnits, Unallocated, UnallocatedReason } from './problem.js';
import type { OfferedLot, Stock } from './stock.js';

/** Which units of which lots each claimant gets, and what stays in the lots. */
export interface Picked {
  /** Found when first asked for, and kept. */
  lotsOf: () => readonly (readonly LotUnits[])[];
  left: Unallocated[];
}

/**
 * Takes everybody's units from the lots: which units go is decided by expiry, earliest first, so that a lot is begun when
 * those before it are used up; to whom they go is free.
 *
 * Every piece of a lot is one more thing to pack and maybe one more parcel, so awards are cut as rarely as can be. To cut
 * fewest is to find as many groups of lots and awards with equal sums as there are, which is hard (bin packing); here the
 * largest awards choose first, each the lot that it empties most nearly, and only what no lot can hold is cut (best fit
 * decreasing). With L lots there are at most L - 1 pieces more than awards, and mostly far fewer.
 */
export function pickLots(decision: Decision): Picked {
  const { offered } = decision.stock;
  const total = sumOf(decision.units);
  let missing = total;
  const used = offered.map(({ units }) => {
    const taken = Math.min(units, missing);
    missing -= taken;
    return taken;
  });
  const parts = offered.map(({ id, units }, lot) => ({ lot: id, units: units - used[lot]! }));
  let lotsOf: (readonly LotUnits[])[] | undefined;
  return {
    lotsOf: () => (lotsOf ??= fill(decision.units, new Shelf(offered, used))),
    left: leftReasons(decision, parts, null),
  };
}

function fill(units: Float64Array, shelf: Shelf): (readonly LotUnits[])[] {
  if (shelf.count <= 1) return Array.from(units, (award) => shelf.pieceOfOnly(award));
  const lotsOf = Array.from(units, () => NOTHING);
  for (const { size, claimants } of bySizeDescending(units)) {
    let next = 0;
    while (next < claimants.length) {
      const batch = shelf.whole(size, claimants.length - next);
      if (batch === null) lotsOf[claimants[next++]!] = shelf.cut(size);
      else for (let i = 0; i < batch.count; i++) lotsOf[claimants[next++]!] = batch.piece;
    }
  }
  return lotsOf;
}

/** Awards by their size; of one size those of the first claimants come first. */
function bySizeDescending(units: Float64Array): { size: number; claimants: number[] }[] {
  const bySize = new Map<number, number[]>();
  units.forEach((award, claimant) => {
    if (award === 0) return;
    const same = bySize.get(award);
    if (same) same.push(claimant);
    else bySize.set(award, [claimant]);
  });
  return Array.from(bySize, ([size, claimants]) => ({ size, claimants })).sort((a, b) => b.size - a.size);
}

/**
 * What stays in the lots, and why; empty parts are left out.
 *
 * @param parts what was offered and nobody got
 * @param named the claimants to whom each lot may go; null when any may go to everybody
 */
export function leftReasons(
  decision: Decision,
  parts: readonly LotUnits[],
  named: readonly (readonly number[] | null)[] | null,
): Unallocated[] {
  const { offered, expired } = decision.stock;
  const reasonFor = reasonsFor(decision);
  const place = new Map(offered.map(({ id }, lot) => [id, lot]));
  return [
    ...unallocated(expired, () => 'EXPIRED'),
    ...unallocated(parts, ({ lot }) => {
      const at = place.get(lot)!;
      return reasonFor(offered[at]!.earmark?.strength === 'FIRST' ? null : (named?.[at] ?? null));
    }),
    ...unallocated(keptParts(decision.stock, 'broken'), () => 'BROKEN_PACK'),
    ...unallocated(keptParts(decision.stock, 'kept'), () => 'RESERVED'),
  ];
}

function keptParts({ offered }: Stock, what: 'broken' | 'kept'): LotUnits[] {
  return offered.map((lot) => ({ lot: lot.id, units: lot[what] }));
}

/** Why units that may go to some people stay: one of them is short and was not admitted; else nobody may take them. */
function reasonsFor(decision: Decision): (eligible: readonly number[] | null) => UnallocatedReason {
  const { claimants, units } = decision;
  const isLeftOut = leftOut(decision);
  const isShort = (claimant: number) => units[claimant]! < claimants.bounds[claimant]!;
  const some = (eligible: readonly number[] | null, is: (claimant: number) => boolean) =>
    eligible === null ? units.some((_, claimant) => is(claimant)) : eligible.some(is);
  return (eligible) => {
    if (some(eligible, (claimant) => isShort(claimant) && isLeftOut(claimant))) return 'BELOW_MINIMUM_LOT';
    return 'NO_ELIGIBLE_CLAIM';
  };
}

function unallocated(parts: readonly LotUnits[], reasonOf: (part: LotUnits) => UnallocatedReason): Unallocated[] {
  return parts
    .filter(({ units }) => units > 0)
    .map((part) => ({ lot: part.lot, units: part.units, reason: reasonOf(part) }));
}

const NOTHING: readonly LotUnits[] = Object.freeze([]);

/** Lots and what is left in them. */
class Shelf {
  /** The least left in front; of equal ones the lot to give last, so that cuts fall on it. */
  readonly #open: { place: number; units: number }[];

  constructor(
    private readonly lots: readonly OfferedLot[],
    units: readonly number[],
  ) {
    this.#open = units
      .map((left, place) => ({ place, units: left }))
      .filter((lot) => lot.units > 0)
      .sort((a, b) => a.units - b.units || b.place - a.place);
  }

  get count(): number {
    return this.#open.length;
  }

  readonly #known = new Map<number, readonly LotUnits[]>();

  /** A piece of the only lot. Many get the same number: they share one frozen list, which saves half the memory. */
  pieceOfOnly(wanted: number): readonly LotUnits[] {
    if (wanted === 0) return NOTHING;
    let piece = this.#known.get(wanted);
    if (!piece) this.#known.set(wanted, (piece = this.#piece(this.#open[0]!.place, wanted)));
    return piece;
  }

  /** As many awards of one size as come whole from the lot with least left that holds one; null when none does. */
  whole(size: number, most: number): { count: number; piece: readonly LotUnits[] } | null {
    const at = this.#firstHolding(size);
    if (at === this.#open.length) return null;
    const { place, units } = this.#open[at]!;
    const count = Math.min(most, Math.floor(units / size));
    this.#takeFrom(at, count * size);
    return { count, piece: this.#piece(place, size) };
  }

  /** An award that no lot holds: it empties the fullest ones, and the rest of it comes whole. */
  cut(size: number): readonly LotUnits[] {
    const parts: LotUnits[] = [];
    let missing = size;
    while (missing > 0) {
      const at = Math.min(this.#firstHolding(missing), this.#open.length - 1);
      const { place, units } = this.#open[at]!;
      const taken = Math.min(missing, units);
      this.#takeFrom(at, taken);
      parts.push({ lot: this.lots[place]!.id, units: taken });
      missing -= taken;
    }
    const placeOf = (id: string) => this.lots.findIndex((lot) => lot.id === id);
    return parts.sort((a, b) => placeOf(a.lot) - placeOf(b.lot));
  }

  #piece(place: number, units: number): readonly LotUnits[] {
    return Object.freeze([Object.freeze({ lot: this.lots[place]!.id, units })]);
  }

  /** The place among the open lots of the first with at least so much left. */
  #firstHolding(units: number): number {
    let [low, high] = [0, this.#open.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#open[middle]!.units < units) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #takeFrom(at: number, taken: number): void {
    const [lot] = this.#open.splice(at, 1);
    const left = lot!.units - taken;
    if (left > 0) this.#open.splice(this.#firstHolding(left), 0, { place: lot!.place, units: left });
  }
}
