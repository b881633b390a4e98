import type { Admitted } from './admission.js';
import type { Claimants } from './claims.js';
import { signedText } from './deficits.js';
import type { Earmark, Policy, Pool } from './problem.js';
import type { Shares } from './shares.js';
import type { SingleUnits, TieOrder } from './single-units.js';
import type { OfferedLot } from './stock.js';

/** What sharing an item step by step starts from; every list of claimants is in id order. */
export interface StagedEstate {
  lots: readonly OfferedLot[];
  /** Claimants whom each lot's earmark names, ascending; null for everybody. */
  named: readonly (readonly number[] | null)[];
  claimants: Claimants;
  ids: readonly string[];
  /** Single units each claimant had won for earlier items. */
  extrasBefore: Uint32Array;
  ties: TieOrder;
  policy: Pick<Policy, 'rule' | 'rounding' | 'admit'>;
}

/** Lots that were shared at once. Typed arrays run over all claimants and count units of this plan. */
export interface HeldStage {
  /** Places of the lots that held any units, ascending. */
  lots: readonly number[];
  /** Units in them. */
  units: number;
  /** Units a pack. */
  pack: number;
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

/** Who was admitted in a round, where there is a minimum lot. */
export interface RoundAdmission extends Admitted {
  /** The candidates, ascending; the lists of `Admitted` run over all claimants. */
  candidates: Uint32Array;
}

export interface SharedInStages {
  stages: readonly HeldStage[];
  admissions: readonly RoundAdmission[];
  /** What each claimant has in the end. */
  units: Float64Array;
  /** The pieces of each claimant, by lot, every lot at most once. */
  piecesOf: readonly (readonly Piece[])[];
  /** Units that stay in each lot. */
  left: Float64Array;
}

/**
 * For whom lots were given: each earmark once, in the order of the lots; null for lots that go to everybody, as `FIRST`
 * ones do once those they name have theirs.
 */
export function earmarksOf(lots: readonly Pick<OfferedLot, 'earmark'>[], isNamed: boolean): (Earmark | null)[] {
  const earmarks = lots.map(({ earmark }) =>
    earmark === undefined || (earmark.strength === 'FIRST' && !isNamed) ? null : earmark,
  );
  return Array.from(new Map(earmarks.map((earmark) => [JSON.stringify(earmark), earmark])).values());
}

/**
 * A share told in packs and with everything held, as units of this plan: `share` packs, less `held` packs, and the
 * `awarded` units that are among them.
 */
export function shareInUnits(share: string, pack: number, held: number, awarded: number): string {
  const more = BigInt(awarded) - BigInt(held) * BigInt(pack);
  if (pack === 1 && more === 0n) return share;
  const [top = '0', bottom = '1'] = share.split('/');
  const denominator = BigInt(bottom);
  const numerator = BigInt(top) * BigInt(pack) + more * denominator;
  // Largest remainders count quotas without regard to what is held, and nobody gives back.
  return numerator <= 0n ? '0' : signedText(numerator, denominator);
}

/** What stands by member, by claimant; the others keep what `all` has. */
export function spreadOver<T extends Uint8Array | Uint32Array>(values: T, members: Uint32Array, all: T): T {
  members.forEach((claimant, place) => {
    all[claimant] = values[place]!;
  });
  return all;
}
