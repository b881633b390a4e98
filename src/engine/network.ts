import { LotClasses, type NetworkLot } from './network-classes.js';
import { contestsOf, type Contests } from './network-contests.js';
import { dividePriority, divideReal, divideWhole, shareLimit, type Holdings } from './network-division.js';
import { textTimesLevel, type Level } from './network-level.js';
import { settle, type Ground, type Settled } from './network-parts.js';

/** One item: its lots, and who may get how much of them. Entry `i` of every list is about the same recipient. */
export interface Network {
  /** The lot to give first in front. */
  lots: readonly NetworkLot[];
  /** The most units a recipient may hold, what she was given included; whole or Infinity. */
  bounds: Float64Array;
  /** What units are counted by: the weight for constrained equal awards, the claim for the fill rate. Whole, positive. */
  weights: Float64Array;
  /** The fewest units a recipient is to hold, as far as her bound allows; nothing when absent. */
  minimums?: Float64Array;
  /** The part of the minimums, in units of these lots, that nobody loses to another's minimum; nothing when absent. */
  kept?: Float64Array;
  /** Units a recipient was given before and that count as hers, but do not come from these lots; none when absent. */
  given?: Float64Array;
}

/** Who gets units of which lot: the pieces of recipient `i` stand from `starts[i]` up to `starts[i + 1]`. */
export interface Flow {
  starts: Uint32Array;
  /** The lot of each piece, ascending for each recipient. */
  lots: Uint32Array;
  units: Float64Array;
}

/** Lots that are divided among some people, who can get no others: a bottleneck of the network. */
export interface NetworkPart {
  lots: readonly number[];
  /** Ascending. */
  recipients: Uint32Array;
  /** Units in the lots. */
  supply: number;
  /** Units per weight up to which everybody gets, within her limits; null when the lots satisfy everyone. */
  level: Level | null;
}

/**
 * What keeps a recipient from more: her bound; her part's supply, of which her minimum gives her more than the level
 * does; her part's supply; or that no lot with any units is for her.
 */
export type NetworkBinding = 'BOUND' | 'MINIMUM' | 'SUPPLY' | 'NO_LOT';

export interface NetworkShares extends Contests {
  /** Units each recipient gets of these lots. */
  units: Float64Array;
  flow: Flow;
  /** Units that stay in each lot. */
  left: Float64Array;
  /** False when not even the minimums fit; they are then met in order of rank as far as the lots go. */
  minimumsFit: boolean;
  /** The bottlenecks of the real-valued split; the same whatever the ranks. */
  parts: readonly NetworkPart[];
  /** Each recipient's part; -1 for whom there is no lot. */
  partOf: Int32Array;
  bindingOf: (recipient: number) => NetworkBinding;
  /** What a recipient would hold, with what she was given, in the real-valued split; exact: `250/7`. */
  exactShare: (recipient: number) => string;
}

/**
 * Leximin over a network of lots and recipients, in whole units: of all ways to give as much as possible, the awards
 * whose units per weight, in ascending order, are lexicographically largest.
 *
 * The awards that can be routed are the whole points of a polymatroid (Megiddo 1974), so leximin is greedy: unit after
 * unit to whoever has least per weight (among equals to the smaller weight, whom a unit raises further) of those who can
 * still get one, if need be by others drawing on other lots (Federgruen & Groenevelt 1986; Frank & Murota 2018-2022,
 * decreasing minimization). Units equal in both are of one kind; which of them to take is a choice among the bases of a
 * matroid, for each kind without regard to the others, and taking them in order of rank is to ask, from the first rank
 * on, "may she have it, with all that was decided before?". With ranks the best vector is unique, and it is found not
 * unit by unit but part by part: see `settle`.
 *
 * Rounding a fractional optimum down and filling up would be wrong: a large weight can lose more than a unit.
 *
 * @param rankOf each recipient's place in the order of ties, from 0, every place once
 */
export function leximinOver(network: Network, rankOf: Uint32Array): NetworkShares {
  const people = network.bounds.length;
  const ground: Ground = {
    supplies: Float64Array.from(network.lots, ({ units }) => units),
    classes: new LotClasses(network.lots, people),
  };
  const { holdings, minimumsFit } = limitsOf(network, ground, rankOf);
  const after = holdings.before.slice();
  const whole = settle(ground, divideWhole(holdings, ground.classes, rankOf, after));
  const units = after.map((held, recipient) => held - holdings.before[recipient]!);
  const flow = flowOf(whole, ground.classes, units);
  const routed = { after, drawnBy: drawnBy(whole, ground.classes.count) };
  return {
    units,
    flow,
    left: leftBy(flow, ground.supplies),
    minimumsFit,
    ...contestsOf(holdings, ground.classes, routed, rankOf),
    ...reasonsOf(ground, holdings, after),
  };
}

/** What everybody holds at least and at most: minimums that do not fit together are met by rank. */
function limitsOf(
  { bounds, weights, minimums, given, kept }: Network,
  ground: Ground,
  rankOf: Uint32Array,
): { holdings: Holdings; minimumsFit: boolean } {
  const before = given ?? new Float64Array(bounds.length);
  const most = bounds.map((bound, recipient) => Math.max(bound, before[recipient]!));
  if (minimums === undefined) return { holdings: { before, least: before, most, weights }, minimumsFit: true };
  const missing = minimums.map((minimum, i) => Math.max(0, Math.min(minimum, most[i]!) - before[i]!));
  const met = new Float64Array(bounds.length);
  settle(ground, dividePriority({ least: missing, kept: kept ?? null }, ground.classes, rankOf, met));
  return {
    holdings: { before, least: before.map((units, i) => units + met[i]!), most, weights },
    minimumsFit: missing.every((units, i) => units === met[i]),
  };
}

/** Cuts what each class draws on its lots into its members' units. */
function flowOf(settled: readonly Settled<unknown>[], classes: LotClasses, units: Float64Array): Flow {
  const pieces: { recipient: number; lot: number; units: number }[] = [];
  const starts = new Uint32Array(units.length + 1);
  for (const { part, edges, routing } of settled) {
    part.classes.forEach((c, place) => {
      let edge = edges.starts[place]!;
      let leftOnEdge = 0;
      for (const recipient of classes.members(c)) {
        for (let missing = units[recipient]!; missing > 0;) {
          for (; leftOnEdge === 0; edge++) leftOnEdge = routing.flowAlong(edge);
          const taken = Math.min(missing, leftOnEdge);
          pieces.push({ recipient, lot: part.lots[edges.lots[edge - 1]!]!, units: taken });
          starts[recipient + 1]!++;
          leftOnEdge -= taken;
          missing -= taken;
        }
      }
    });
  }
  for (let recipient = 0; recipient < units.length; recipient++) starts[recipient + 1]! += starts[recipient]!;
  const flow = { starts, lots: new Uint32Array(pieces.length), units: new Float64Array(pieces.length) };
  const next = starts.slice();
  for (const piece of pieces) {
    const at = next[piece.recipient]!++;
    flow.lots[at] = piece.lot;
    flow.units[at] = piece.units;
  }
  return flow;
}

/** The lots each class draws on. */
function drawnBy(settled: readonly Settled<unknown>[], count: number): number[][] {
  const lots = Array.from({ length: count }, (): number[] => []);
  for (const { part, edges, routing } of settled) {
    part.classes.forEach((c, place) => {
      for (let edge = edges.starts[place]!; edge < edges.starts[place + 1]!; edge++) {
        if (routing.flowAlong(edge) > 0) lots[c]!.push(part.lots[edges.lots[edge]!]!);
      }
    });
  }
  return lots;
}

function leftBy({ lots, units }: Flow, supplies: Float64Array): Float64Array {
  const left = supplies.slice();
  lots.forEach((lot, piece) => {
    left[lot]! -= units[piece]!;
  });
  return left;
}

type Reasons = Pick<NetworkShares, 'parts' | 'partOf' | 'bindingOf' | 'exactShare'>;

/** The real-valued split tells which lots were shared by whom, and up to which level. */
function reasonsOf(ground: Ground, holdings: Holdings, after: Float64Array): Reasons {
  const { before, least, most, weights } = holdings;
  const partOf = new Int32Array(before.length).fill(-1);
  const parts = settle(ground, divideReal(holdings, ground.classes)).map(({ part, division }, index): NetworkPart => {
    for (const recipient of part.recipients) partOf[recipient] = index;
    return { lots: part.lots, recipients: part.recipients.toSorted(), supply: part.supply, level: division.level };
  });
  return {
    parts,
    partOf,
    bindingOf: (recipient) => {
      if (after[recipient] === most[recipient]) return 'BOUND';
      const part = parts[partOf[recipient]!];
      if (part === undefined) return 'NO_LOT';
      const hasMinimum = least[recipient]! > before[recipient]!;
      return hasMinimum && shareLimit(holdings, recipient, part.level) === 'LEAST' ? 'MINIMUM' : 'SUPPLY';
    },
    exactShare: (recipient) => {
      const part = parts[partOf[recipient]!];
      if (part === undefined) return String(before[recipient]);
      const limit = shareLimit(holdings, recipient, part.level);
      if (limit === 'LEVEL') return textTimesLevel(weights[recipient]!, part.level!);
      return String((limit === 'LEAST' ? least : most)[recipient]);
    },
  };
}
