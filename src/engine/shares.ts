/** Claimants (ascending) of whom `prizes` get one unit more; only ties can decide between them. */
export interface Contest {
  contenders: Uint32Array;
  /** At least one and less than the number of contenders. */
  prizes: number;
}

/**
 * What a rule decides for one item before chance does: everybody's floor, and who contends for how many single units.
 * The floors and the prizes add up to the estate. Nobody is in two contests.
 */
export interface Shares {
  floors: Float64Array;
  contests: readonly Contest[];
  /** Claimants whose bound lies below the common floor, and their units together; zero where a rule has none. */
  limitedPeople: number;
  limitedUnits: number;
  /** The real-valued award of a claimant, exact: `250/7`. */
  exactShare: (claimant: number) => string;
  /** For `PROPORTIONAL`: what the shares stand in proportion to. */
  inProportionTo?: 'CLAIM' | 'WEIGHT';
  /** For `TALMUD`: whether everybody gets up to half of the claim, or loses up to half of it. */
  half?: 'LOWER' | 'UPPER';
}

/**
 * What a rule reads: figures, never names. Everything counts in what is shared, units or packs, with what people have
 * already.
 */
export interface Figures {
  claims: Float64Array;
  /** The most one may end with. */
  bounds: Float64Array;
  /** The least one ends with. */
  lows: Float64Array;
  weights: Float64Array;
  /** What each has already, when it is anything: the part of the lows that no quota is counted without. */
  held?: Float64Array;
}

/** A rule splits `estate` units: at least the sum of the lows, and less than that of the bounds. */
export type RuleFunction = (estate: number, figures: Figures) => Shares;

/** Whether the estate gives everybody her bound. Stops at the first claimant who says that it does not. */
export function areSatisfied(estate: number, bounds: Float64Array): boolean {
  let needed = 0;
  for (const bound of bounds) {
    needed += bound;
    if (needed > estate) return false;
  }
  return true;
}
