import type { Claimants } from './claims.js';
import type { Earmark, Policy, Pool } from './problem.js';
import type { Shares } from './shares.js';
import type { SingleUnits, TieOrder } from './single-units.js';

/** A usable lot without its reserve. */
export interface EarmarkedUnits {
  id: string;
  units: number;
  /** Claimants whom the earmark names, ascending; null for everybody. */
  eligible: readonly number[] | null;
  strength: Earmark['strength'];
  earmark: Earmark | null;
}

/** What sharing lots with earmarks starts from; every list of claimants is in id order. */
export interface EarmarkedEstate {
  lots: readonly EarmarkedUnits[];
  claimants: Claimants;
  ids: readonly string[];
  /** Single units each claimant had won for earlier items. */
  extrasBefore: Uint32Array;
  ties: TieOrder;
  policy: Pick<Policy, 'rule' | 'rounding'>;
}

/** Lots that were shared at once. Typed arrays run over all claimants. */
export interface HeldStage {
  /** Positions of the lots that held any units, ascending. */
  lots: readonly number[];
  /** Units in them. */
  units: number;
  /** Claimants to whom one of the lots may go, ascending. */
  members: Uint32Array;
  /** Units held before and after. */
  before: Float64Array;
  after: Float64Array;
  singles: SingleUnits;
  /** The real-valued share of a member, with what she held before. */
  exactShare: (claimant: number) => string;
  poolOf: (claimant: number) => Omit<Pool, 'before'>;
  manner: Manner;
}

/** What one stage's rule came to, as far as other stages may come to something else. */
export type Manner = Pick<Shares, 'inProportionTo' | 'half'>;

/** A piece of a lot. */
export interface Piece {
  lot: number;
  units: number;
}

export interface SharedInStages {
  stages: readonly HeldStage[];
  /** The pieces of each claimant, by lot, every lot at most once. */
  piecesOf: readonly (readonly Piece[])[];
  /** Units that stay in each lot. */
  left: Float64Array;
  areGuaranteesCovered: boolean;
}

/** Each earmark once, in the order of the lots; null for lots that go to everybody. */
export function distinctEarmarks(earmarks: readonly (Earmark | null)[]): (Earmark | null)[] {
  return Array.from(new Map(earmarks.map((earmark) => [JSON.stringify(earmark), earmark])).values());
}
