import { compareProducts, fractionText } from './ratio.js';
import { areSatisfied } from './shares.js';

/** Units per weight, as a ratio of safe integers; `denominator > 0`, not necessarily reduced. */
export interface Level {
  numerator: number;
  denominator: number;
}

/** Compares `units / weight` with the level, exactly: negative, zero or positive. */
export function compareWithLevel(units: number, weight: number, { numerator, denominator }: Level): number {
  return compareProducts(units, denominator, numerator, weight);
}

/** `weight * level`: the whole part and the numerator that it leaves over the denominator. */
export function timesLevel(weight: number, { numerator, denominator }: Level): { whole: number; rest: number } {
  const product = weight * numerator;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const rest = product % denominator;
    // A rounded quotient could jump to the next whole number; subtracting the remainder first makes it exact.
    return { whole: (product - rest) / denominator, rest };
  }
  const exact = BigInt(weight) * BigInt(numerator);
  return { whole: Number(exact / BigInt(denominator)), rest: Number(exact % BigInt(denominator)) };
}

/** `weight * level` as text, reduced: `250/7`, or `35` when whole. */
export function textTimesLevel(weight: number, { numerator, denominator }: Level): string {
  return fractionText(BigInt(weight) * BigInt(numerator), BigInt(denominator));
}

/**
 * The level L of the real-valued constrained equal awards: sum of min(bound, weight * L) = estate (Maimonides; weighted
 * in Moulin 2002). Exact; null when the estate satisfies everyone, so that no level is needed.
 *
 * Claimants fill up in ascending order of bound / weight. A selection by pivots finds who is full without sorting: each
 * round asks whether the level reaches the pivot, and decides about half of those still open.
 *
 * @param bounds units, whole or Infinity   @param weights positive whole numbers whose sum is a safe integer
 */
export function waterLevel(estate: number, bounds: Float64Array, weights: Float64Array): Level | null {
  if (areSatisfied(estate, bounds)) return null;
  let fullUnits = 0;
  let thirstyWeight = weights.reduce((sum, weight) => sum + weight, 0);
  let open: Uint32Array = Uint32Array.from(bounds.keys()).filter((claimant) => bounds[claimant] !== Infinity);
  for (let round = 0; open.length > 0; round++) {
    const pivot = open[pivotPlace(round, open.length)]!;
    const parts = partition(open, pivot, bounds, weights);
    const unitsIfReached = fullUnits + parts.reachedUnits;
    const weightIfReached = thirstyWeight - parts.reachedWeight;
    // The units are compared first: once they pass the estate the sum may be rounded, but then the answer is clear.
    const reached =
      unitsIfReached <= estate &&
      compareProducts(estate - unitsIfReached, weights[pivot]!, bounds[pivot]!, weightIfReached) >= 0;
    if (reached) {
      fullUnits = unitsIfReached;
      thirstyWeight = weightIfReached;
    }
    open = reached ? parts.above : parts.below;
  }
  return { numerator: estate - fullUnits, denominator: thirstyWeight };
}

/** A different place each round, so that no ordinary arrangement of the input makes every pivot a bad one. */
function pivotPlace(round: number, length: number): number {
  return (Math.imul(round + 1, 0x9e37_79b1) >>> 0) % length;
}

interface Partition {
  below: Uint32Array;
  above: Uint32Array;
  /** Of the pivot, its equals and those below. */
  reachedUnits: number;
  reachedWeight: number;
}

function partition(open: Uint32Array, pivot: number, bounds: Float64Array, weights: Float64Array): Partition {
  const below = new Uint32Array(open.length);
  const above = new Uint32Array(open.length);
  let belowCount = 0;
  let aboveCount = 0;
  let reachedUnits = 0;
  let reachedWeight = 0;
  for (const claimant of open) {
    const comes = compareProducts(bounds[claimant]!, weights[pivot]!, bounds[pivot]!, weights[claimant]!);
    if (comes > 0) {
      above[aboveCount++] = claimant;
      continue;
    }
    if (comes < 0) below[belowCount++] = claimant;
    reachedUnits += bounds[claimant]!;
    reachedWeight += weights[claimant]!;
  }
  return { below: below.subarray(0, belowCount), above: above.subarray(0, aboveCount), reachedUnits, reachedWeight };
}
