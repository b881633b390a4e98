import { equalAwards } from './equal-awards.js';
import type { LotClasses } from './network-classes.js';
import { compareWithLevel, timesLevel, waterLevel, type Level } from './network-level.js';
import type { Part } from './network-parts.js';
import type { Amounts } from './network-routing.js';
import { areSatisfied, type Contest } from './shares.js';

/** What every recipient holds at least and at most when all is given, and what she holds before; in units. */
export interface Holdings {
  before: Float64Array;
  /** At least `before`. */
  least: Float64Array;
  /** At least `least`; may be Infinity. */
  most: Float64Array;
  weights: Float64Array;
}

/** Divides a part in whole units, leximin in units per weight, single units by rank; writes what each then holds. */
export function divideWhole(
  holdings: Holdings,
  classes: LotClasses,
  rankOf: Uint32Array,
  after: Float64Array,
): (part: Part) => { wanted: Amounts } {
  return (part) => {
    const aside = raiseToLeast(holdings, part, (open, units) => {
      const { floors, contest } = equally(units, valuesOf(holdings.most, open), valuesOf(holdings.weights, open));
      const { contenders, prizes } = contest;
      const ranks = Uint32Array.from(contenders, (place) => rankOf[open[place]!]!);
      const lastToWin = prizes === 0 ? -1 : ranks.toSorted()[prizes - 1]!;
      open.forEach((recipient, place) => {
        after[recipient] = floors[place]!;
      });
      contenders.forEach((place, i) => {
        if (ranks[i]! <= lastToWin) after[open[place]!]!++;
      });
      return (recipient) => after[recipient]! < holdings.least[recipient]!;
    });
    for (const recipient of aside) after[recipient] = holdings.least[recipient]!;
    return { wanted: wholeAmounts(part, classes, (recipient) => after[recipient]! - holdings.before[recipient]!) };
  };
}

const NO_CONTEST: Contest = { contenders: new Uint32Array(0), prizes: 0 };

function equally(
  units: number,
  bounds: Float64Array,
  weights: Float64Array,
): { floors: Float64Array; contest: Contest } {
  if (areSatisfied(units, bounds)) return { floors: bounds, contest: NO_CONTEST };
  const lows = new Float64Array(bounds.length);
  const { floors, contests } = equalAwards(units, { claims: bounds, bounds, lows, weights });
  return { floors, contest: contests[0] ?? NO_CONTEST };
}

/** A part divided in real numbers: units up to `level` per weight, within everyone's limits; null when all get their most. */
export interface RealDivision {
  wanted: Amounts;
  level: Level | null;
}

/** Divides a part in real numbers: the lexicographically optimal flow of Megiddo 1974. */
export function divideReal(holdings: Holdings, classes: LotClasses): (part: Part) => RealDivision {
  const { most, least, weights } = holdings;
  return (part) => {
    let level: Level | null = null;
    raiseToLeast(holdings, part, (open, units) => {
      const reached = waterLevel(units, valuesOf(most, open), valuesOf(weights, open));
      level = reached;
      return (recipient) => reached !== null && isAbove(reached, least[recipient]!, weights[recipient]!);
    });
    return { level, wanted: realAmounts(holdings, classes, part, level) };
  };
}

/** What decides a recipient's real-valued share: her own limits, or the common level. */
export type ShareLimit = 'LEAST' | 'MOST' | 'LEVEL';

export function shareLimit({ least, most, weights }: Holdings, recipient: number, level: Level | null): ShareLimit {
  if (level === null) return 'MOST';
  const weight = weights[recipient]!;
  if (isAbove(level, least[recipient]!, weight)) return 'LEAST';
  return isAbove(level, most[recipient]!, weight) ? 'LEVEL' : 'MOST';
}

function isAbove(level: Level, units: number, weight: number): boolean {
  return units === Infinity || compareWithLevel(units, weight, level) > 0;
}

/**
 * In order of rank everybody gets what she is to have at least, as long as there is any of it.
 *
 * @param kept the part of it that comes before anybody's rest
 */
export function dividePriority(
  { least, kept }: { least: Float64Array; kept: Float64Array | null },
  classes: LotClasses,
  rankOf: Uint32Array,
  after: Float64Array,
): (part: Part) => { wanted: Amounts } {
  const inOrder = new Uint32Array(rankOf.length);
  rankOf.forEach((rank, recipient) => {
    inOrder[rank] = recipient;
  });
  return (part) => {
    let left = part.supply;
    const ranks = Uint32Array.from(part.recipients, (recipient) => rankOf[recipient]!).sort();
    for (const recipient of part.recipients) after[recipient] = 0;
    for (const wanted of kept === null ? [least] : [kept, least]) {
      for (const rank of ranks) {
        const recipient = inOrder[rank]!;
        const more = Math.min(Math.max(0, wanted[recipient]! - after[recipient]!), left);
        after[recipient]! += more;
        left -= more;
      }
    }
    return { wanted: wholeAmounts(part, classes, (recipient) => after[recipient]!) };
  };
}

/**
 * Shares a part's supply, and what its people held before, so that everybody ends with her least or more. Whoever falls
 * short when these limits are ignored gets exactly her least: they only take from the others, so her share could but
 * sink. She is set aside with it, and the others share the rest, until nobody falls short.
 *
 * @param share shares units among some, and answers who falls short
 * @returns those set aside
 */
function raiseToLeast(
  { before, least }: Holdings,
  { recipients, supply }: Part,
  share: (open: Uint32Array, units: number) => (recipient: number) => boolean,
): number[] {
  const aside: number[] = [];
  let units = recipients.reduce((sum, recipient) => sum + before[recipient]!, supply);
  let open = recipients;
  for (;;) {
    const fallsShort = share(open, units);
    const short = open.filter(fallsShort);
    if (short.length === 0) return aside;
    open = open.filter((recipient) => !fallsShort(recipient));
    for (const recipient of short) {
      aside.push(recipient);
      units -= least[recipient]!;
    }
  }
}

function valuesOf(values: Float64Array, recipients: Uint32Array): Float64Array {
  const found = new Float64Array(recipients.length);
  for (let i = 0; i < found.length; i++) found[i] = values[recipients[i]!]!;
  return found;
}

function wholeAmounts({ classes: places }: Part, classes: LotClasses, of: (recipient: number) => number): Amounts {
  const whole = Float64Array.from(places, (c) => classes.members(c).reduce((sum, recipient) => sum + of(recipient), 0));
  return { whole, rest: new Float64Array(whole.length), unit: 1 };
}

function realAmounts(holdings: Holdings, classes: LotClasses, part: Part, level: Level | null): Amounts {
  const { before, least, most, weights } = holdings;
  const count = part.classes.length;
  const amounts = { whole: new Float64Array(count), rest: new Float64Array(count), unit: level?.denominator ?? 1 };
  part.classes.forEach((c, place) => {
    let units = 0;
    let weightUpToLevel = 0;
    for (const recipient of classes.members(c)) {
      const limit = shareLimit(holdings, recipient, level);
      units -= before[recipient]!;
      if (limit === 'LEVEL') weightUpToLevel += weights[recipient]!;
      else units += limit === 'LEAST' ? least[recipient]! : most[recipient]!;
    }
    const upToLevel = level === null ? { whole: 0, rest: 0 } : timesLevel(weightUpToLevel, level);
    amounts.whole[place] = units + upToLevel.whole;
    amounts.rest[place] = upToLevel.rest;
  });
  return amounts;
}
