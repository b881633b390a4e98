import type { Eligible } from './eligibility.js';
import { grouped } from './grouping.js';
import { proportional } from './proportional.js';
import type { RecipientClaim, TierKey, Tiers } from './problem.js';
import type { Stock } from './stock.js';

/** A lot in a round, and whom it is open to there: claimants, ascending; null for everybody. */
export interface OpenLot {
  lot: number;
  eligible: readonly number[] | null;
}

/** People of one tier; those without a tier are one, too. */
export interface TierMembers {
  tier: number | null;
  /** Ascending. */
  members: readonly number[];
  /** The part of a lot that is theirs first, to be compared with those of the other tiers; 0 for none. */
  share: number;
}

/**
 * One step in which an item is shared. `STRICT`: only one tier takes part. `RESERVED`: every lot is cut in parts for the
 * tiers.
 */
export interface Round {
  lots: readonly OpenLot[];
  /** Units a pack of these lots. */
  pack: number;
  /** True while `FIRST` lots are for those they name. */
  isNamed: boolean;
  step: { by: 'ALL' } | { by: 'STRICT'; tier: TierMembers } | { by: 'RESERVED'; tiers: readonly TierMembers[] };
}

/**
 * The order in which an item is shared: `FIRST` lots to those they name, then everything that is left; each time tier
 * after tier; and for each tier the larger packs before the smaller.
 */
export function roundsOf(stock: Stock, eligible: Eligible, tiers: readonly TierMembers[], by: Tiers['by']): Round[] {
  const { named } = eligible;
  const isFirst = (lot: number) => stock.offered[lot]!.earmark?.strength === 'FIRST';
  const all = Array.from(stock.offered.keys());
  const first = all.filter((lot) => isFirst(lot) && stock.offered[lot]!.units > 0);
  const phases = [
    ...(first.length > 0 ? [{ isNamed: true, lots: first.map((lot) => ({ lot, eligible: named[lot]! })) }] : []),
    { isNamed: false, lots: all.map((lot) => ({ lot, eligible: isFirst(lot) ? null : named[lot]! })) },
  ];
  return phases.flatMap(({ isNamed, lots }) =>
    stepsOf(tiers, by).flatMap((step) =>
      stock.sizes.map((pack) => ({
        lots: lots.filter(({ lot }) => stock.offered[lot]!.pack === pack),
        pack,
        isNamed,
        step,
      })),
    ),
  );
}

function stepsOf(tiers: readonly TierMembers[], by: Tiers['by']): Round['step'][] {
  switch (by) {
    case 'NONE':
      return [{ by: 'ALL' }];
    case 'STRICT':
      return tiers.map((tier) => ({ by: 'STRICT', tier }));
    case 'RESERVED':
      return [{ by: 'RESERVED', tiers }, { by: 'ALL' }];
  }
}

/** The claimants tier by tier, 1 first, those without a tier last. A tier of nobody is one only if a share is its. */
export function tiersOf(recipients: readonly RecipientClaim[], tiers: Tiers): TierMembers[] {
  const members = grouped(Array.from(recipients.keys()), (claimant) => recipients[claimant]!.tier ?? Infinity);
  const shares = tiers.by === 'RESERVED' ? tiers.shares : {};
  for (const key of Object.keys(shares)) if (!members.has(Number(key))) members.set(Number(key), []);
  return Array.from(members, ([key, list]) => ({
    tier: key === Infinity ? null : key,
    members: list,
    share: shares[String(key) as TierKey] ?? 0,
  })).sort((a, b) => (a.tier ?? Infinity) - (b.tier ?? Infinity));
}

/**
 * Cuts lots in parts for the tiers: together, and up to every lot, as near to the shares as whole packs can be (Webster,
 * whose parts never shrink as the whole grows; of equal ones the first tier).
 *
 * @param packs in each lot
 * @returns for each lot the packs of each tier
 */
export function partsOf(packs: readonly number[], tiers: readonly TierMembers[]): number[][] {
  let [sum, given] = [0, tiers.map(() => 0)];
  return packs.map((more) => {
    sum += more;
    const now = webster(sum, tiers);
    const parts = now.map((units, i) => units - given[i]!);
    given = now;
    return parts;
  });
}

function webster(packs: number, tiers: readonly TierMembers[]): number[] {
  const some = tiers.filter(({ share }) => share > 0);
  const unbounded = new Float64Array(some.length).fill(Infinity);
  const { floors, contests } = proportional('WEBSTER')(packs, {
    claims: unbounded,
    bounds: unbounded,
    lows: new Float64Array(some.length),
    weights: Float64Array.from(some, ({ share }) => share),
  });
  for (const { contenders, prizes } of contests) {
    for (const place of contenders.subarray(0, prizes)) floors[place]!++;
  }
  let next = 0;
  return tiers.map(({ share }) => (share > 0 ? floors[next++]! : 0));
}

/** Those of `eligible` who are among the members; both ascending. */
export function among(eligible: readonly number[] | null, members: readonly number[]): readonly number[] {
  if (eligible === null) return members;
  const few = new Set(members);
  return eligible.filter((claimant) => few.has(claimant));
}
