import { compareRatios, type Ratio } from './ratio.js';

/**
 * The level L of the real-valued constrained equal awards: sum of min(bound, weight * L) = estate (Maimonides; weighted
 * in Moulin 2002). Exact; null when the estate satisfies everyone, so that no level is needed.
 *
 * Claimants fill up in ascending order of bound / weight. A selection by pivots finds who is full without sorting: each
 * round asks whether the level reaches the pivot, and decides about half of those still open.
 *
 * @param bounds units, whole or Infinity   @param weights positive whole numbers whose sum is a safe integer
 */
export function waterLevel(estate: number, bounds: Float64Array, weights: Float64Array): Ratio | null {
  if (satisfiesAll(estate, bounds)) return null;
  let fullUnits = 0;
  let thirstyWeight = weights.reduce((sum, weight) => sum + weight, 0);
  let open = claimantsWithBound(bounds);
  for (let round = 0; open.length > 0; round++) {
    const pivot = open[pivotPlace(round, open.length)]!;
    const parts = partition(open, pivot, bounds, weights);
    const unitsIfReached = fullUnits + parts.reachedUnits;
    const weightIfReached = thirstyWeight - parts.reachedWeight;
    // The units are compared first: once they pass the estate the sum may be rounded, but then the answer is clear.
    const reached =
      unitsIfReached <= estate &&
      compareRatios(estate - unitsIfReached, weightIfReached, bounds[pivot]!, weights[pivot]!) >= 0;
    if (reached) {
      fullUnits = unitsIfReached;
      thirstyWeight = weightIfReached;
    }
    open = reached ? parts.above : parts.below;
  }
  return { numerator: estate - fullUnits, denominator: thirstyWeight };
}

function satisfiesAll(estate: number, bounds: Float64Array): boolean {
  let needed = 0;
  for (const bound of bounds) {
    needed += bound;
    if (needed > estate) return false;
  }
  return true;
}

function claimantsWithBound(bounds: Float64Array): Uint32Array {
  const found = new Uint32Array(bounds.length);
  let count = 0;
  for (let i = 0; i < bounds.length; i++) {
    if (bounds[i] !== Infinity) found[count++] = i;
  }
  return found.subarray(0, count);
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
  const pivotBound = bounds[pivot]!;
  const pivotWeight = weights[pivot]!;
  for (const claimant of open) {
    const order = compareRatios(bounds[claimant]!, weights[claimant]!, pivotBound, pivotWeight);
    if (order > 0) {
      above[aboveCount++] = claimant;
      continue;
    }
    if (order < 0) below[belowCount++] = claimant;
    reachedUnits += bounds[claimant]!;
    reachedWeight += weights[claimant]!;
  }
  return { below: below.subarray(0, belowCount), above: above.subarray(0, aboveCount), reachedUnits, reachedWeight };
}
