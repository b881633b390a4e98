import type { Claimants } from './claims.js';
import { evennessOf, fillFigures } from './fairness.js';
import { sumOf } from './figures.js';
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
  return {
    supply,
    claimed: claimed === Infinity ? null : claimed,
    awarded,
    ...fillFigures(units, claims, claimed),
    ...evennessOf(units, awarded),
    maxEnvyUnits: largestEnvy(claimants, units),
  };
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
