import { largestOf, sumOf } from './figures.js';
import type { Metrics } from './problem.js';

/**
 * The measures of fairness, for display; their floats decide nothing and are rounded to four decimals. `metrics.ts` says
 * what each means.
 */

/** The fill rates (award / claim) of some claimants: all null when one claims without bound, or where there is none. */
export function fillFigures(
  units: Float64Array,
  claims: Float64Array,
  claimed: number,
): Pick<Metrics, 'fillMin' | 'fillMean' | 'fillP10'> {
  if (claimed === Infinity || claims.length === 0) return { fillMin: null, fillMean: null, fillP10: null };
  const fills = new Float64Array(units.length);
  for (let i = 0; i < fills.length; i++) fills[i] = units[i]! / claims[i]!;
  fills.sort();
  return {
    fillMin: rounded(fills[0]!),
    fillMean: rounded(sumOf(fills) / fills.length),
    fillP10: rounded(fills[Math.ceil(fills.length / 10) - 1]!),
  };
}

/** How many get something, and how even the awards are. */
export function evennessOf(units: Float64Array, awarded: number): Pick<Metrics, 'served' | 'gini' | 'jain'> {
  const { served, weighted, squares } = spreadOf(units, awarded);
  return {
    served,
    gini: awarded === 0 ? 0 : rounded(weighted / (units.length * awarded)),
    jain: awarded === 0 ? 1 : rounded((awarded * awarded) / (units.length * squares)),
  };
}

export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

interface Spread {
  served: number;
  /** Sum of (2i + 1 - n) x award over the awards in ascending order, i from 0. */
  weighted: number;
  squares: number;
}

function spreadOf(units: Float64Array, awarded: number): Spread {
  const count = units.length;
  const most = largestOf(units);
  // Then no sum here passes 2^53, in whatever order it is taken, and people of one award are taken together.
  const isExact = Math.max(count, most) * awarded <= Number.MAX_SAFE_INTEGER;
  return isExact && most <= 4 * count ? spreadOfCounts(countsOf(units, most), count) : spreadOfSorted(units);
}

function countsOf(units: Float64Array, most: number): Uint32Array {
  const counts = new Uint32Array(most + 1);
  for (let i = 0; i < units.length; i++) counts[units[i]!]!++;
  return counts;
}

function spreadOfCounts(counts: Uint32Array, count: number): Spread {
  let [place, weighted, squares] = [0, 0, 0];
  for (let award = 0; award < counts.length; award++) {
    const people = counts[award]!;
    weighted += (2 * place + people - count) * people * award;
    squares += people * award * award;
    place += people;
  }
  return { served: count - counts[0]!, weighted, squares };
}

function spreadOfSorted(units: Float64Array): Spread {
  const ascending = units.toSorted();
  let [served, weighted, squares] = [0, 0, 0];
  for (let i = 0; i < ascending.length; i++) {
    const award = ascending[i]!;
    if (award > 0) served++;
    weighted += (2 * i + 1 - ascending.length) * award;
    squares += award * award;
  }
  return { served, weighted, squares };
}
