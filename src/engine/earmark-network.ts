import { distinctEarmarks, type EarmarkedEstate, type HeldStage, type SharedInStages } from './earmark-stage.js';
import { leximinOver, type NetworkShares } from './network.js';
import { leximinWithFirst } from './network-stages.js';
import { positions } from './ordering.js';
import type { Pool } from './problem.js';
import { byFewestBefore, placesInTieOrder, type HeldContest, type SingleUnits } from './single-units.js';

/**
 * Shares lots with earmarks so that the awards are leximin per weight, or per claim times weight for equal fill rates,
 * over all ways to give the lots: all at once, but `FIRST` lots to those they name before.
 */
export function shareOverNetwork(estate: EarmarkedEstate): SharedInStages {
  const { lots, claimants, policy } = estate;
  const { bounds, claims, lows } = claimants;
  const weights =
    policy.rule === 'MAX_MIN_FILL_RATE' ? claimants.weights.map((weight, i) => weight * claims[i]!) : claimants.weights;
  const network = { lots, bounds, weights, ...(claimants.guarantee !== null && { minimums: lows }) };
  const rankOf = ranksOf(estate);
  const none = new Float64Array(bounds.length);
  if (!lots.some(({ strength, units }) => strength === 'FIRST' && units > 0)) {
    const shares = leximinOver(network, rankOf);
    const held = heldStage(estate, shares, { before: none, rankOf, isNamed: true });
    return { ...outcomeOf(shares), stages: [held], areGuaranteesCovered: shares.minimumsFit };
  }
  const both = leximinWithFirst(network, rankOf);
  const { toNamed, toAll } = both;
  const stages = [
    heldStage(estate, toNamed, { before: none, rankOf, isNamed: true }),
    heldStage(estate, toAll, { before: toNamed.units, rankOf, isNamed: false }),
  ].filter(({ members }) => members.length > 0);
  return { ...outcomeOf(both), stages, areGuaranteesCovered: toAll.minimumsFit };
}

/** Everybody's place: first whoever has had the fewest single units, then in tie order. */
function ranksOf({ ids, ties, extrasBefore }: EarmarkedEstate): Uint32Array {
  const rankOf = new Uint32Array(ids.length);
  byFewestBefore(placesInTieOrder(positions(ids.length), ids, ties), extrasBefore).order.forEach((claimant, rank) => {
    rankOf[claimant] = rank;
  });
  return rankOf;
}

function outcomeOf({
  units,
  flow,
  left,
}: Pick<NetworkShares, 'units' | 'flow' | 'left'>): Pick<SharedInStages, 'piecesOf' | 'left'> {
  const piecesOf = Array.from(units, (_, claimant) => {
    const pieces = [];
    for (let piece = flow.starts[claimant]!; piece < flow.starts[claimant + 1]!; piece++) {
      pieces.push({ lot: flow.lots[piece]!, units: flow.units[piece]! });
    }
    return pieces;
  });
  return { piecesOf, left };
}

interface Circumstances {
  before: Float64Array;
  rankOf: Uint32Array;
  /** False once `FIRST` lots are open to everybody. */
  isNamed: boolean;
}

function heldStage({ lots, extrasBefore }: EarmarkedEstate, shares: NetworkShares, at: Circumstances): HeldStage {
  const { before, isNamed } = at;
  const after = before.map((units, claimant) => units + shares.units[claimant]!);
  const bestPlacesWin = (claimant: number) => shares.contests[shares.contestOf[claimant]!]?.bestRanksWin ?? true;
  const pools = shares.parts.map(({ lots: within, recipients, supply }): Omit<Pool, 'before' | 'bestPlacesWin'> => {
    const earmarks = within.map((lot) => {
      const { earmark } = lots[lot]!;
      return earmark?.strength === 'FIRST' && !isNamed ? null : earmark;
    });
    return { units: supply, people: recipients.length, earmarks: distinctEarmarks(earmarks) };
  });
  return {
    lots: shares.parts.flatMap((part) => part.lots).sort((a, b) => a - b),
    units: shares.parts.reduce((sum, { supply }) => sum + supply, 0),
    members: positions(after.length).filter((claimant) => shares.partOf[claimant] !== -1),
    before,
    after,
    singles: singlesOf(shares, after, at, extrasBefore),
    exactShare: shares.exactShare,
    poolOf: (claimant) => ({ ...pools[shares.partOf[claimant]!]!, bestPlacesWin: bestPlacesWin(claimant) }),
    manner: {},
  };
}

function singlesOf(
  { contests }: NetworkShares,
  after: Float64Array,
  { rankOf }: Circumstances,
  extrasBefore: Uint32Array,
): SingleUnits {
  const extras = new Uint8Array(after.length);
  const ranks = new Uint32Array(after.length);
  const contestOf = new Uint32Array(after.length);
  const held = contests.map(({ recipients, prizes, unit }, contest): HeldContest => {
    recipients
      .toSorted((a, b) => rankOf[a]! - rankOf[b]!)
      .forEach((claimant, place) => {
        ranks[claimant] = place + 1;
        contestOf[claimant] = contest;
        if (after[claimant] === unit) extras[claimant] = 1;
      });
    const levels = new Set(Array.from(recipients, (claimant) => extrasBefore[claimant]!));
    return { contenders: recipients.length, prizes, fewestExtrasFirst: levels.size > 1 };
  });
  return { extras, ranks, contestOf, contests: held, extrasBefore };
}
