import { leximinOver, type Flow, type Network, type NetworkShares } from './network.js';
import type { NetworkLot } from './network-classes.js';
import { compareText } from './ordering.js';

/** Lots that name the same recipients, to be split as one estate. */
export interface Stage {
  /** Positions of the lots, ascending. */
  lots: readonly number[];
  /** Ascending; null for everyone. */
  eligible: readonly number[] | null;
  /** Units in the lots. */
  units: number;
}

/**
 * The stages in which a rule for one estate splits lots with hard earmarks: lots that name the same recipients are one
 * stage; the stage with the fewest people comes first, so that whoever may draw on more lots is known to have been given
 * of the narrow ones when the wide ones are split. Of stages with equally many people the one with the first lot id (by
 * code units) comes first. Lots for everyone come last, also where they list everyone by name.
 *
 * Soft earmarks need two calls: their lots as if the earmarks were hard, then what is left of them, for everyone, with
 * the other lots.
 */
export function stagesOf(lots: readonly (NetworkLot & { id: string })[], people: number): Stage[] {
  const stages = new Map<string, { lots: number[]; eligible: number[] | null; units: number; firstId: string }>();
  lots.forEach(({ id, units, eligible }, position) => {
    const named = eligible && Array.from(new Set(eligible)).sort((a, b) => a - b);
    const narrow = named && named.length < people ? named : null;
    const key = narrow ? narrow.join(' ') : 'everyone';
    const stage = stages.get(key);
    if (stage === undefined) {
      stages.set(key, { lots: [position], eligible: narrow, units, firstId: id });
      return;
    }
    stage.lots.push(position);
    stage.units += units;
    if (compareText(id, stage.firstId) < 0) stage.firstId = id;
  });
  const sizeOf = ({ eligible }: Stage) => eligible?.length ?? people;
  return Array.from(stages.values())
    .sort((a, b) => sizeOf(a) - sizeOf(b) || compareText(a.firstId, b.firstId))
    .map(({ lots, eligible, units }) => ({ lots, eligible, units }));
}

/** A lot whose earmark holds always (`ONLY`), or until those it names want no more of it (`FIRST`). */
export interface EarmarkedLot extends NetworkLot {
  strength: 'ONLY' | 'FIRST';
}

export interface SoftNetwork extends Omit<Network, 'lots'> {
  lots: readonly EarmarkedLot[];
}

/** Both stages, and what they give together. */
export interface SoftShares extends Pick<NetworkShares, 'units' | 'flow' | 'left'> {
  /** What those whom the `FIRST` lots name get of them. */
  toNamed: NetworkShares;
  /** What everybody gets of the other lots and of what those left over. */
  toAll: NetworkShares;
}

/**
 * Leximin with soft earmarks, in two stages. First the `FIRST` lots go to those they name, up to their bounds. Then what
 * is left of them is open to everyone and goes, with all other lots, to whoever has least, counting what the first stage
 * gave. Nobody gives back in the second stage what she got in the first. Minimums are met in the second stage, where all
 * lots count: the first gives the named their due whether they need it for a minimum or not.
 */
export function leximinWithFirst(network: SoftNetwork, rankOf: Uint32Array): SoftShares {
  const { lots, bounds, weights, minimums } = network;
  const given = network.given ?? new Float64Array(bounds.length);
  const firstLots = lots.map(({ units, eligible, strength }) => ({
    units: strength === 'FIRST' ? units : 0,
    eligible,
  }));
  const toNamed = leximinOver({ lots: firstLots, bounds, weights, given }, rankOf);
  const thenLots = lots.map(({ units, eligible, strength }, lot) =>
    strength === 'FIRST' ? { units: toNamed.left[lot]!, eligible: null } : { units, eligible },
  );
  const givenThen = given.map((units, recipient) => units + toNamed.units[recipient]!);
  const toAll = leximinOver(
    { lots: thenLots, bounds, weights, given: givenThen, ...(minimums && { minimums }) },
    rankOf,
  );
  return {
    toNamed,
    toAll,
    units: toNamed.units.map((units, recipient) => units + toAll.units[recipient]!),
    flow: together(toNamed.flow, toAll.flow),
    left: toAll.left,
  };
}

/** The pieces of two stages, one piece a recipient and lot. */
function together(a: Flow, b: Flow): Flow {
  const people = a.starts.length - 1;
  const starts = new Uint32Array(people + 1);
  const lots: number[] = [];
  const units: number[] = [];
  for (let recipient = 0; recipient < people; recipient++) {
    let [i, j] = [a.starts[recipient]!, b.starts[recipient]!];
    const [endOfA, endOfB] = [a.starts[recipient + 1]!, b.starts[recipient + 1]!];
    while (i < endOfA || j < endOfB) {
      const lot = Math.min(i < endOfA ? a.lots[i]! : Infinity, j < endOfB ? b.lots[j]! : Infinity);
      let piece = 0;
      if (i < endOfA && a.lots[i] === lot) piece += a.units[i++]!;
      if (j < endOfB && b.lots[j] === lot) piece += b.units[j++]!;
      lots.push(lot);
      units.push(piece);
    }
    starts[recipient + 1] = lots.length;
  }
  return { starts, lots: Uint32Array.from(lots), units: Float64Array.from(units) };
}
