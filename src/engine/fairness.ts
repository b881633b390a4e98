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
  const fills = units.map((award, claimant) => award / claims[claimant]!).sort();
  return {
    fillMin: rounded(fills[0]!),
    fillMean: rounded(sumOf(fills) / fills.length),
    fillP10: rounded(fills[Math.ceil(fills.length / 10) - 1]!),
  };
}

export function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

export function giniOf(ascending: Float64Array, sum: number): number {
  if (sum === 0) return 0;
  const count = ascending.length;
  const weighted = ascending.reduce((total, award, i) => total + (2 * i + 1 - count) * award, 0);
  return weighted / (count * sum);
}

export function jainOf(awards: Float64Array, sum: number): number {
  if (sum === 0) return 1;
  const squares = awards.reduce((total, award) => total + award * award, 0);
  return (sum * sum) / (awards.length * squares);
}
