import { among, partsOf, type OpenLot, type Round, type TierMembers } from './rounds.js';

/** Parts of lots that are open to the tiers whose they are. */
export function cutInOffers(
  lots: readonly OpenLot[],
  tiers: readonly TierMembers[],
  packsIn: (lot: number) => number,
): (OpenLot & { packs: number })[] {
  const parts = partsOf(
    lots.map(({ lot }) => packsIn(lot)),
    tiers,
  );
  return lots.flatMap(({ lot, eligible }, place) =>
    tiers.flatMap(({ members }, tier) => {
      const packs = parts[place]![tier]!;
      return packs > 0 ? [{ lot, packs, eligible: among(eligible, members) }] : [];
    }),
  );
}

/** The tier in which a claimant takes part in a step; null where tiers do not matter or she has none. */
export function tierOfClaimants(step: Round['step']): (claimant: number) => number | null {
  if (step.by === 'ALL') return () => null;
  const tiers = step.by === 'STRICT' ? [step.tier] : step.tiers;
  const tierOf = new Map(tiers.flatMap(({ tier, members }) => members.map((claimant) => [claimant, tier])));
  return (claimant) => tierOf.get(claimant) ?? null;
}
