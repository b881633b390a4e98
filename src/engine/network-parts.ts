import { Bonds } from './network-bonds.js';
import type { LotClasses } from './network-classes.js';
import { Routing, type Amounts, type Edges } from './network-routing.js';

/** Lots, and the classes that are to share them and nothing else; all ascending. */
export interface Part {
  lots: readonly number[];
  classes: readonly number[];
  /** The members of the classes, class by class. */
  recipients: Uint32Array;
  /** Units in the lots. */
  supply: number;
}

/** A part whose division can be routed as it stands. */
export interface Settled<D> {
  part: Part;
  division: D;
  edges: Edges;
  routing: Routing;
}

/** Lots and classes as one network. */
export interface Ground {
  supplies: Float64Array;
  classes: LotClasses;
}

/**
 * Minimizes a separable convex function over the ways to share the lots, by decomposition (Fujishige 1980 for
 * lexicographically optimal bases; Groenevelt 1991 for any separable convex function, in whole units too): divide a part
 * as if everybody in it could draw on every lot of it. If that can be routed, it is best. If not, a minimal cut shows
 * lots that too many depend on: in the best solution these lots go wholly to those who can draw on no others, who are
 * one part, and the rest of the lots to the rest of the people, who are another. Every cut parts lots, so there are
 * fewer divisions than twice the number of lots.
 *
 * @param divide shares out a part's supply, not more, by the order in which single units count most; the order must be
 *   the same for every part
 * @returns the settled parts; where one follows from another's cut, the scarcer comes first
 */
export function settle<D extends { wanted: Amounts }>(ground: Ground, divide: (part: Part) => D): Settled<D>[] {
  const settled: Settled<D>[] = [];
  const open = componentsOf(ground, wholeOf(ground)).toReversed();
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const division = divide(part);
    const { edges, supply } = localNetwork(ground, part);
    const routing = new Routing(edges, supply, division.wanted);
    const scarce = routing.scarceLots();
    if (scarce === null) settled.push({ part, division, edges, routing });
    else open.push(...cut(ground, part, scarce));
  }
  return settled;
}

type Members = Pick<Part, 'lots' | 'classes'>;

function wholeOf({ supplies, classes }: Ground): Members {
  return {
    lots: Array.from(supplies.keys()).filter((lot) => supplies[lot]! > 0),
    classes: Array.from({ length: classes.count }, (_, c) => c).filter((c) => classes.lots(c).length > 0),
  };
}

/** The parts on both sides of a cut, the scarce side last. */
function cut(ground: Ground, part: Part, scarce: Uint8Array): Part[] {
  const onlyScarce = new Set(part.lots.filter((_, i) => scarce[i]));
  const within = new Set(part.lots);
  const isDependent = (c: number) => ground.classes.lots(c).every((lot) => !within.has(lot) || onlyScarce.has(lot));
  return [
    { lots: part.lots.filter((lot) => !onlyScarce.has(lot)), classes: part.classes.filter((c) => !isDependent(c)) },
    { lots: part.lots.filter((lot) => onlyScarce.has(lot)), classes: part.classes.filter(isDependent) },
  ].flatMap((side) => componentsOf(ground, side).toReversed());
}

/** Lots and people without any connection are parts of their own; lots that nobody draws on are left out. */
function componentsOf(ground: Ground, { lots, classes }: Members): Part[] {
  const within = new Set(lots);
  const bonds = new Bonds();
  const lotsOf = (c: number) => ground.classes.lots(c).filter((lot) => within.has(lot));
  for (const c of classes) {
    const [first, ...others] = lotsOf(c);
    for (const other of others) bonds.join(first!, other);
  }
  const components = new Map<number, { lots: number[]; classes: number[] }>();
  for (const lot of lots) {
    const root = bonds.rootOf(lot);
    if (!components.has(root)) components.set(root, { lots: [], classes: [] });
    components.get(root)!.lots.push(lot);
  }
  for (const c of classes) components.get(bonds.rootOf(lotsOf(c)[0]!))!.classes.push(c);
  return Array.from(components.values(), (members) => partOf(ground, members)).filter(
    ({ recipients }) => recipients.length > 0,
  );
}

function partOf({ supplies, classes }: Ground, members: Members): Part {
  const recipients = new Uint32Array(members.classes.reduce((sum, c) => sum + classes.size(c), 0));
  let count = 0;
  for (const c of members.classes) {
    recipients.set(classes.members(c), count);
    count += classes.size(c);
  }
  return { ...members, recipients, supply: members.lots.reduce((sum, lot) => sum + supplies[lot]!, 0) };
}

/** The network of a part, its lots and classes numbered by their places in the part. */
function localNetwork(ground: Ground, part: Part): { edges: Edges; supply: Float64Array } {
  const places = new Map(part.lots.map((lot, place) => [lot, place]));
  const lots: number[] = [];
  const starts = new Uint32Array(part.classes.length + 1);
  part.classes.forEach((c, place) => {
    for (const lot of ground.classes.lots(c)) {
      const local = places.get(lot);
      if (local !== undefined) lots.push(local);
    }
    starts[place + 1] = lots.length;
  });
  return {
    edges: { lots: Uint32Array.from(lots), starts },
    supply: Float64Array.from(part.lots, (lot) => ground.supplies[lot]!),
  };
}
