import type { Claimants } from './claims.js';

/**
 * What a rule decides for one item before chance does: everybody's floor, and who contends for how many single units.
 * The floors and the prizes add up to what the claimants can be given of the estate.
 */
export interface Shares {
  floors: Float64Array;
  /** Claimants (ascending) of whom `prizes` get one unit more; all in the same position, so only ties can decide. */
  contenders: Uint32Array;
  /** Less than the number of contenders; 0 when nobody contends. */
  prizes: number;
  /** Claimants whose bound lies below the common floor, and their units together. */
  limitedPeople: number;
  limitedUnits: number;
  /** The real-valued award of a claimant, exact: `250/7`. */
  exactShare: (claimant: number) => string;
}

/** A rule splits `estate` units; it reads bounds and weights, never names. */
export type RuleFunction = (estate: number, claimants: Pick<Claimants, 'bounds' | 'weights'>) => Shares;
