import { draw, type Lottery } from './lottery.js';
import type { Ties } from './problem.js';
import { compareRatios, ratio, type Ratio } from './ratio.js';
import type { Contest, Shares } from './shares.js';

/** Who got the single units of one item; all typed arrays run over the claimants. */
export interface SingleUnits {
  /** 1 for those who got one. */
  extras: Uint8Array;
  /** Place in the contest, from 1; 0 for those who did not contend. */
  ranks: Uint32Array;
  /** Each claimant's contest, by its place in `contests`; only those with a rank have one. */
  contestOf: Uint32Array;
  contests: readonly HeldContest[];
  /** Single units each claimant had won for earlier items. */
  extrasBefore: Uint32Array;
}

/** A contest that was held. */
export interface HeldContest {
  contenders: number;
  prizes: number;
  /** True when contenders came with different numbers of single units. */
  fewestExtrasFirst: boolean;
}

/**
 * Gives the single units that the rule left over: first to whoever has had the fewest of them in this plan, then in tie
 * order. So the disappointed of one item come first at the next.
 *
 * @param ids of the claimants, ascending, which is the `STABLE` order
 */
export function giveSingleUnits(
  { contests, floors }: Pick<Shares, 'contests' | 'floors'>,
  ids: readonly string[],
  extrasBefore: Uint32Array,
  ties: TieOrder,
): SingleUnits {
  const extras = new Uint8Array(floors.length);
  const ranks = new Uint32Array(floors.length);
  const contestOf = new Uint32Array(floors.length);
  contests.forEach(({ contenders }, contest) => {
    for (const claimant of contenders) contestOf[claimant] = contest;
  });
  const held = inTieOrder(contests, contestOf, ids, ties).map((tieOrder, contest): HeldContest => {
    const { prizes } = contests[contest]!;
    const { order, levels } = byFewestBefore(tieOrder, extrasBefore);
    order.forEach((claimant, place) => {
      ranks[claimant] = place + 1;
      if (place < prizes) extras[claimant] = 1;
    });
    return { contenders: order.length, prizes, fewestExtrasFirst: levels > 1 };
  });
  return { extras, ranks, contestOf, contests: held, extrasBefore };
}

/** The policy's ties, with what a lottery needs beside the seed. */
export interface TieOrder {
  ties: Ties;
  plan: string;
  item: string;
  /** Rounding deficits by id, for `CARRY_OVER`; whoever is not there has none. */
  deficits: ReadonlyMap<string, Ratio>;
}

/** The contenders of every contest in tie order: one draw for all, in which each contest has its own winners. */
function inTieOrder(
  contests: readonly Contest[],
  contestOf: Uint32Array,
  ids: readonly string[],
  ties: TieOrder,
): Uint32Array[] {
  if (contests.length < 2) return contests.map(({ contenders }) => placesInTieOrder(contenders, ids, ties));
  const everyone = Uint32Array.from(contests.flatMap(({ contenders }) => Array.from(contenders))).sort();
  const orders = contests.map(({ contenders }) => new Uint32Array(contenders.length));
  const next = new Uint32Array(contests.length);
  for (const claimant of placesInTieOrder(everyone, ids, ties)) {
    const contest = contestOf[claimant]!;
    orders[contest]![next[contest]!++] = claimant;
  }
  return orders;
}

/** The contenders, first place first. */
export function placesInTieOrder(
  contenders: Uint32Array,
  ids: readonly string[],
  { ties, plan, item, deficits }: TieOrder,
): Uint32Array {
  if (ties.by === 'STABLE') return contenders;
  const lottery: Lottery = { seed: ties.seed, plan, item };
  const names = contenders.length === ids.length ? ids : Array.from(contenders, (claimant) => ids[claimant]!);
  const order = draw(names, lottery);
  if (ties.by === 'CARRY_OVER') order.sort(byLargestDeficit(names, deficits));
  for (let place = 0; place < order.length; place++) order[place] = contenders[order[place]!]!;
  return order;
}

const NO_DEFICIT = ratio(0n, 1n);

/** Sorting is stable: among equal deficits the draw stands. */
function byLargestDeficit(names: readonly string[], deficits: TieOrder['deficits']): (a: number, b: number) => number {
  const deficitOf = (place: number) => deficits.get(names[place]!) ?? NO_DEFICIT;
  return (a, b) => compareRatios(deficitOf(b), deficitOf(a));
}

/** A stable sort by the few different numbers of earlier single units. */
export function byFewestBefore(
  tieOrder: Uint32Array,
  extrasBefore: Uint32Array,
): { order: Uint32Array; levels: number } {
  const sizes: number[] = [];
  for (const claimant of tieOrder) {
    const before = extrasBefore[claimant]!;
    sizes[before] = (sizes[before] ?? 0) + 1;
  }
  const starts: number[] = [];
  let start = 0;
  let levels = 0;
  for (let before = 0; before < sizes.length; before++) {
    starts[before] = start;
    start += sizes[before] ?? 0;
    if (sizes[before]) levels++;
  }
  const order = new Uint32Array(tieOrder.length);
  for (const claimant of tieOrder) order[starts[extrasBefore[claimant]!]!++] = claimant;
  return { order, levels };
}
