import type { Claimants } from './claims.js';
import { largestOf, sumOf } from './figures.js';
import type { Metrics } from './problem.js';

/**
 * How fair one item's split is, for display; the floats decide nothing and are rounded to four decimals.
 *
 * - `supply`: units in all lots that have not expired, the reserve included; expired lots do not count. So the supply is
 *   the awards plus what is unallocated for any reason but `EXPIRED`.
 * - `claimed`: sum of the claims before caps, null when one is without bound; the fill rates (award / claim) are then null
 *   too. `fillP10` is the fill rate that a tenth of the claimants do not exceed (nearest rank).
 * - `gini`, `jain`: of the units of all claimants, also those who get none (Gini 1912; Jain, Chiu & Hawe 1984). Equal
 *   awards give 0 and 1, and so does having no claimant.
 * - `maxEnvyUnits`: the most units by which someone holds more than a claimant of at least her weight, counting only what
 *   that claimant asked for.
 */
export function metricsOf(supply: number, claimants: Claimants, units: Float64Array): Metrics {
  const { claims } = claimants;
  const awarded = sumOf(units);
  const claimed = sumOf(claims);
  const fills = claimed === Infinity || claims.length === 0 ? null : fillRates(units, claims);
  const { served, weighted, squares } = spreadOf(units, awarded);
  return {
    supply,
    claimed: claimed === Infinity ? null : claimed,
    awarded,
    served,
    fillMin: fills && rounded(fills[0]!),
    fillMean: fills && rounded(sumOf(fills) / fills.length),
    fillP10: fills && rounded(fills[Math.ceil(fills.length / 10) - 1]!),
    gini: awarded === 0 ? 0 : rounded(weighted / (units.length * awarded)),
    jain: awarded === 0 ? 1 : rounded((awarded * awarded) / (units.length * squares)),
    maxEnvyUnits: largestEnvy(claimants, units),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function fillRates(units: Float64Array, claims: Float64Array): Float64Array {
  const fills = new Float64Array(units.length);
  for (let i = 0; i < fills.length; i++) fills[i] = units[i]! / claims[i]!;
  return fills.sort();
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

function largestEnvy({ claims, weights }: Claimants, units: Float64Array): number {
  const enviedAt = largestAwardUpToWeight(weights, units);
  let [weight, envied, largest] = [0, 0, 0];
  for (let i = 0; i < units.length; i++) {
    if (weights[i] !== weight) {
      weight = weights[i]!;
      envied = enviedAt.get(weight)!;
    }
    const envy = Math.min(claims[i]!, envied) - units[i]!;
    if (envy > largest) largest = envy;
  }
  return largest;
}

/** For every weight, the largest award among those of this weight or less. */
function largestAwardUpToWeight(weights: Float64Array, units: Float64Array): Map<number, number> {
  const largest = new Map<number, number>();
  let [weight, most] = [0, 0];
  for (let i = 0; i < units.length; i++) {
    if (weights[i] !== weight) {
      if (weight > 0) largest.set(weight, most);
      weight = weights[i]!;
      most = largest.get(weight) ?? 0;
    }
    if (units[i]! > most) most = units[i]!;
  }
  if (weight > 0) largest.set(weight, most);
  let soFar = 0;
  for (const next of Array.from(largest.keys()).sort((a, b) => a - b)) {
    soFar = Math.max(soFar, largest.get(next)!);
    largest.set(next, soFar);
  }
  return largest;
}
