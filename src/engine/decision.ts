import type { Claimants } from './claims.js';
import type { Policy, Pool, Ties } from './problem.js';
import type { Shares } from './shares.js';
import type { SingleUnits, TieOrder } from './single-units.js';
import type { Stock } from './stock.js';

/** Who was admitted where there is a minimum lot; all lists run over the claimants. */
export interface AdmissionOfAll {
  isIn: Uint8Array;
  /** Place among the candidates, from 1. */
  ranks: Uint32Array;
  /** How many there were, and how many of them were admitted. */
  candidates: Uint32Array;
  admitted: Uint32Array;
}

/** Says who was a candidate and not admitted. */
export function leftOut({ admission }: Pick<Decision, 'admission'>): (claimant: number) => boolean {
  return (claimant) => admission !== null && admission.isIn[claimant] === 0 && admission.ranks[claimant]! > 0;
}

/** For items shared in several steps: what differs between people who shared different lots. */
export type Staged = (claimant: number) => { pool: Pool; manner: Pick<Shares, 'inProportionTo' | 'half'> };

/** What was decided about one item, in units of this plan. */
export interface Decision {
  stock: Stock;
  claimants: Claimants;
  /** Everybody's award. */
  units: Float64Array;
  /** Who contended for single units, or packs. */
  singles: SingleUnits;
  /** The real-valued award, exact: `250/7`. */
  exactShare: (claimant: number) => string;
  /** Claimants whose bound lies below the common floor, and their units together. */
  limitedPeople: number;
  limitedUnits: number;
  manner: Pick<Shares, 'inProportionTo' | 'half'>;
  /** Units a single pack that the claimant could contend for. */
  pack: (claimant: number) => number;
  admission: AdmissionOfAll | null;
  policy: Pick<Policy, 'rule' | 'rounding' | 'admit'>;
  ties: Ties['by'];
  /** Rounding deficits before this plan, by id. */
  deficits: TieOrder['deficits'];
  areGuaranteesCovered: boolean;
  /** Null for items that were shared at once. */
  staged: Staged | null;
}

/** Says of the pool of somebody who gets nothing whether that is because an earlier tier was served from all there was. */
export function shutOutByTiers({ staged, units }: Decision): (pool: Pool) => boolean {
  let firstServed = Infinity;
  units.forEach((award, claimant) => {
    const pool = award > 0 && staged !== null ? staged(claimant).pool : null;
    if (pool?.step === 'STRICT') firstServed = Math.min(firstServed, pool.tier ?? Infinity);
  });
  return ({ step, tier, units: left }) => step === 'STRICT' && left === 0 && (tier ?? Infinity) > firstServed;
}
