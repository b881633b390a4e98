import { Bonds } from './network-bonds.js';
import type { LotClasses } from './network-classes.js';
import type { Holdings } from './network-division.js';

/**
 * People who contend for single units: each holds `unit - 1` units or one more, and might hold either in some leximin
 * vector. Contests are as small as can be: how many single units a contest has does not depend on any other.
 */
export interface Contest {
  /** Contenders, ascending. */
  recipients: Uint32Array;
  /** How many of them get the unit. */
  prizes: number;
  /** Which unit they contend for: their `unit`-th, what they were given before included. */
  unit: number;
  weight: number;
  /** True when the best ranks won; false when lots are not for all of them, so that a better rank could go without. */
  bestRanksWin: boolean;
}

export interface Contests {
  contests: readonly Contest[];
  /** Each recipient's contest; -1 for those who did not contend. */
  contestOf: Int32Array;
}

/** The leximin awards and how they were routed. */
export interface Routed {
  /** Units held after all was given. */
  after: Float64Array;
  /** Lots that each class draws on. */
  drawnBy: readonly (readonly number[])[];
}

/**
 * Who contended with whom. Single units of one kind - the same unit for the same weight - are a matroid, the winners a
 * basis of it. A loser and a winner contend when the winner's unit could have come to the loser, others drawing on other
 * lots if need be; what hangs together by such exchanges is a connected component of the matroid (Krogdahl 1977), and
 * nothing else can ever be exchanged.
 */
export function contestsOf(
  holdings: Holdings,
  classes: LotClasses,
  { after, drawnBy }: Routed,
  rankOf: Uint32Array,
): Contests {
  const contestOf = new Int32Array(after.length).fill(-1);
  const contests: Contest[] = [];
  const reachedBy = reachOfClasses(classes, drawnBy);
  for (const kind of kindsOf(holdings, classes, after)) {
    for (const recipients of componentsOf(kind, classes, drawnBy, reachedBy)) {
      for (const recipient of recipients) contestOf[recipient] = contests.length;
      const { unit, weight } = kind;
      const winners = recipients.filter((recipient) => after[recipient] === unit);
      const prizes = winners.length;
      const worstRank = winners.reduce((worst, winner) => Math.max(worst, rankOf[winner]!), -1);
      const ranks = recipients.map((recipient) => rankOf[recipient]!).sort();
      contests.push({ recipients, prizes, unit, weight, bestRanksWin: ranks[prizes - 1] === worstRank });
    }
  }
  return { contests, contestOf };
}

/** Those who could lose, or could get, the same unit for the same weight. */
interface Kind {
  unit: number;
  weight: number;
  winners: Map<number, number[]>;
  losers: Map<number, number[]>;
}

function kindsOf({ least, most, weights }: Holdings, classes: LotClasses, after: Float64Array): Kind[] {
  const byWeight = new Map<number, Map<number, Kind>>();
  const kindOf = (unit: number, weight: number): Kind => {
    let byUnit = byWeight.get(weight);
    if (!byUnit) byWeight.set(weight, (byUnit = new Map<number, Kind>()));
    let kind = byUnit.get(unit);
    if (!kind) byUnit.set(unit, (kind = { unit, weight, winners: new Map(), losers: new Map() }));
    return kind;
  };
  for (let c = 0; c < classes.count; c++) {
    if (classes.lots(c).length === 0) continue;
    for (const recipient of classes.members(c)) {
      const units = after[recipient]!;
      const weight = weights[recipient]!;
      if (units > least[recipient]!) append(kindOf(units, weight).winners, c, recipient);
      if (units < most[recipient]!) append(kindOf(units + 1, weight).losers, c, recipient);
    }
  }
  return Array.from(byWeight.values(), (byUnit) => Array.from(byUnit.values()))
    .flat()
    .filter(({ winners, losers }) => winners.size > 0 && losers.size > 0);
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** For a class, the lots of which a unit could come to it, if need be by others drawing on other lots. */
function reachOfClasses(classes: LotClasses, drawnBy: Routed['drawnBy']): (c: number) => readonly number[] {
  // A unit of the key's lot can be set free by whoever draws on it drawing on one of the others instead.
  const next = new Map<number, Set<number>>();
  drawnBy.forEach((lots, c) => {
    for (const lot of lots) {
      if (!next.has(lot)) next.set(lot, new Set());
      for (const other of classes.lots(c)) next.get(lot)!.add(other);
    }
  });
  const known = new Map<number, readonly number[]>();
  return (c) => {
    let reached = known.get(c);
    if (!reached) {
      const found = new Set(classes.lots(c));
      // Iterating over a set also visits what is added meanwhile.
      for (const from of found) for (const to of next.get(from) ?? []) found.add(to);
      known.set(c, (reached = Array.from(found)));
    }
    return reached;
  };
}

/** The contests of one kind: classes joined by lots that losers can reach and winners draw on. */
function componentsOf(
  { winners, losers }: Kind,
  classes: LotClasses,
  drawnBy: Routed['drawnBy'],
  reachedBy: (c: number) => readonly number[],
): Uint32Array[] {
  // Lots are numbered as they are; then come the classes as losers, then the classes as winners.
  const bonds = new Bonds();
  const asLosers = (c: number) => classes.lotCount + c;
  const asWinners = (c: number) => classes.lotCount + classes.count + c;
  const drawnByWinners = new Set(Array.from(winners.keys()).flatMap((c) => drawnBy[c]!));
  const reachedByLosers = new Set<number>();
  for (const c of losers.keys()) {
    for (const lot of reachedBy(c)) {
      if (!drawnByWinners.has(lot)) continue;
      reachedByLosers.add(lot);
      bonds.join(lot, asLosers(c));
    }
  }
  for (const c of winners.keys()) {
    for (const lot of drawnBy[c]!) if (reachedByLosers.has(lot)) bonds.join(lot, asWinners(c));
  }
  const components = new Map<number, number[]>();
  const gather = (node: number, members: readonly number[]) => {
    if (!bonds.has(node)) return;
    for (const recipient of members) append(components, bonds.rootOf(node), recipient);
  };
  for (const [c, members] of winners) gather(asWinners(c), members);
  for (const [c, members] of losers) gather(asLosers(c), members);
  return Array.from(components.values(), (members) => Uint32Array.from(members).sort());
}
