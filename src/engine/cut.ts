import { sumOf } from './figures.js';
import { positions } from './ordering.js';
import type { Contest } from './shares.js';
import type { UnitOrder } from './unit-order.js';

/** Everybody gets at least her low and at most her high; whole units, all finite. */
export interface Box {
  lows: Float64Array;
  highs: Float64Array;
}

/** One unit of one claimant, `k` from 1. */
interface Unit {
  claimant: number;
  k: number;
}

/** What comes before one unit of the order, and which units stand equal to it. */
interface Division {
  before: Float64Array;
  /** Units of `before` together. */
  units: number;
  /** Claimants, ascending, one of whose units stands equal. */
  equal: Uint32Array;
}

/**
 * Cuts a unit order after `estate` units, those of the lows included: what everybody has before the cut, and who contend
 * for the units at it.
 *
 * Doubles guess the unit at the cut; the division at this unit is then counted exactly, unit by unit comparison, and
 * either proves the guess or narrows the box for the next one. So rounding can cost time, never a unit.
 *
 * @param estate at least the sum of the lows and less than that of the highs
 */
export function cut(estate: number, box: Box, order: UnitOrder): { floors: Float64Array; contests: Contest[] } {
  const open: Box = { ...box };
  let pivot = guess(estate, open, order);
  for (let round = 1; pivot !== null; round++) {
    const { before, units, equal } = divideAt(pivot, open, order);
    if (units <= estate && estate <= units + equal.length) return settled(before, equal, estate - units);
    if (estate < units) open.highs = before;
    else open.lows = withOneMore(before, equal);
    const byRank = round < NEIGHBOURS ? null : someUnit(open, round);
    pivot = byRank ?? neighbour(open, order, estate < units);
  }
  return { floors: open.lows, contests: [] };
}

// A guess that misses at all misses by a unit or two; after these many, any unit still in doubt will do better.
const NEIGHBOURS = 8;

/** A contest in which nobody or everybody wins is none. */
function settled(before: Float64Array, equal: Uint32Array, prizes: number): ReturnType<typeof cut> {
  if (prizes === 0) return { floors: before, contests: [] };
  if (prizes === equal.length) return { floors: withOneMore(before, equal), contests: [] };
  return { floors: before, contests: [{ contenders: equal, prizes }] };
}

function withOneMore(units: Float64Array, claimants: Uint32Array): Float64Array {
  const more = units.slice();
  for (const claimant of claimants) more[claimant]!++;
  return more;
}

function divideAt({ claimant: at, k: unit }: Unit, box: Box, order: UnitOrder): Division {
  const { lows, highs } = box;
  const before = new Float64Array(lows.length);
  const equal = new Uint32Array(lows.length);
  let equalCount = 0;
  let units = 0;
  const level = order.level(at, unit);
  for (let i = 0; i < lows.length; i++) {
    const low = lows[i]!;
    const high = highs[i]!;
    let k = unitsIn(box, i, order.unitsAt(i, level));
    while (k > low && order.compare(i, k, at, unit) >= 0) k--;
    let next = k < high ? order.compare(i, k + 1, at, unit) : 1;
    while (next < 0) next = ++k < high ? order.compare(i, k + 1, at, unit) : 1;
    if (next === 0) equal[equalCount++] = i;
    before[i] = k;
    units += k;
  }
  return { before, units, equal: equal.slice(0, equalCount) };
}

/** The next unit in doubt: the last one when the cut comes earlier, else the first. Null when none is. */
function neighbour({ lows, highs }: Box, order: UnitOrder, earlier: boolean): Unit | null {
  let best: Unit | null = null;
  for (let claimant = 0; claimant < lows.length; claimant++) {
    if (lows[claimant] === highs[claimant]) continue;
    const k = earlier ? highs[claimant]! : lows[claimant]! + 1;
    const comes = best === null ? 0 : order.compare(claimant, k, best.claimant, best.k);
    if (best === null || (earlier ? comes > 0 : comes < 0)) best = { claimant, k };
  }
  return best;
}

/** Any unit still in doubt, at a different place each round, so that the doubt shrinks by a part of itself. */
function someUnit({ lows, highs }: Box, round: number): Unit | null {
  const inDoubt = sumOf(highs) - sumOf(lows);
  let skip = Math.floor(((round * GOLDEN) % 1) * inDoubt);
  for (let claimant = 0; claimant < lows.length; claimant++) {
    const width = highs[claimant]! - lows[claimant]!;
    if (skip < width) return { claimant, k: lows[claimant]! + 1 + skip };
    skip -= width;
  }
  return null;
}

const GOLDEN = 0.618_033_988_749_895;

/** The unit at the cut, as well as doubles can tell; null when there is nothing to cut. */
function guess(estate: number, box: Box, order: UnitOrder): Unit | null {
  const window = narrowed(estate, box, order);
  if (window === null) return null;
  const candidates = unitsBetween(window, box, order);
  // Should doubles not tell the units apart, exact comparison must.
  if (candidates === null) return someUnit(box, 1) ?? neighbour(box, order, false);
  const { claimants, ks } = candidates;
  const rank = Math.min(Math.max(estate - window.unitsBelow, 1), claimants.length);
  const place = placeOfRank(rank, claimants.length, (p, q) =>
    order.compare(claimants[p]!, ks[p]!, claimants[q]!, ks[q]!),
  );
  return { claimant: claimants[place]!, k: ks[place]! };
}

/** The units that seem to lie in the window; null when it seems to hold none or too many. */
function unitsBetween(
  { below, above, unitsBelow, unitsAbove }: Window,
  box: Box,
  order: UnitOrder,
): { claimants: Uint32Array; ks: Float64Array } | null {
  if (unitsAbove - unitsBelow > 8 * fewUnits(box)) return null;
  // As many as there seemed to be, and some in case that rounding saw too few.
  const room = Math.max(0, unitsAbove - unitsBelow) + 64;
  const claimants = new Uint32Array(room);
  const ks = new Float64Array(room);
  let found = 0;
  for (let i = 0; i < box.lows.length; i++) {
    const first = unitsIn(box, i, order.unitsAt(i, below)) + 1;
    const last = unitsIn(box, i, order.unitsAt(i, above));
    for (let k = first; k <= last; k++) {
      if (found === room) return null;
      claimants[found] = i;
      ks[found++] = k;
    }
  }
  return found === 0 ? null : { claimants: claimants.subarray(0, found), ks };
}

/** Compared by hand: `Math.min` and `Math.max` take twice the time, for the sake of zeros with a sign. */
function unitsIn({ lows, highs }: Box, claimant: number, units: number): number {
  const low = lows[claimant]!;
  const high = highs[claimant]!;
  return units < low ? low : units > high ? high : units;
}

/** Levels with the cut between them, and the units up to each, as doubles see it. */
interface Window {
  below: number;
  above: number;
  unitsBelow: number;
  unitsAbove: number;
}

/**
 * Narrows the levels around the cut until about one unit a claimant lies between them or doubles run out: two steps in
 * three by interpolation, which suits the nearly straight parts of the curve, the third by halving.
 */
function narrowed(estate: number, box: Box, order: UnitOrder): Window | null {
  const range = levelsOf(box, order);
  if (range === null) return null;
  let [below, above] = range;
  let unitsBelow = sumOf(box.lows);
  let unitsAbove = sumOf(box.highs);
  // How far the ends seem to be from the cut; an end that stays is drawn nearer (the Illinois algorithm).
  let lack = estate - unitsBelow;
  let excess = unitsAbove - estate;
  let movedLast: 'BELOW' | 'ABOVE' | null = null;
  for (let pass = 1; unitsAbove - unitsBelow > fewUnits(box) && pass <= 200; pass++) {
    const part = pass % 5 === 0 ? 0.5 : lack / (lack + excess);
    const middle = below + (above - below) * Math.min(Math.max(part, NEVER_STILL), 1 - NEVER_STILL);
    if (middle <= below || middle >= above) break;
    const units = unitsUpTo(middle, box, order);
    if (units >= estate) {
      above = middle;
      unitsAbove = units;
      excess = units - estate;
      if (movedLast === 'ABOVE') lack /= 2;
      movedLast = 'ABOVE';
    } else {
      below = middle;
      unitsBelow = units;
      lack = estate - units;
      if (movedLast === 'BELOW') excess /= 2;
      movedLast = 'BELOW';
    }
  }
  return { below, above, unitsBelow, unitsAbove };
}

function fewUnits({ lows }: Box): number {
  return Math.max(64, lows.length);
}

// Interpolation may ask for a step so small that doubles would not take it.
const NEVER_STILL = 2 ** -40;

function unitsUpTo(level: number, box: Box, order: UnitOrder): number {
  let sum = 0;
  for (let i = 0; i < box.lows.length; i++) sum += unitsIn(box, i, order.unitsAt(i, level));
  return sum;
}

/** From before the first unit in doubt to the last. */
function levelsOf({ lows, highs }: Box, order: UnitOrder): [number, number] | null {
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < lows.length; i++) {
    if (lows[i] === highs[i]) continue;
    const [from, to] = [order.level(i, lows[i]! + 1), order.level(i, highs[i]!)];
    if (from < first) first = from;
    if (to > last) last = to;
  }
  if (first === Infinity) return null;
  return [first - ((last - first + Math.abs(first)) * NEVER_STILL || 1), last];
}

/** The place of the entry that is `rank`-th (from 1) in ascending order: selection by pivots, equals in one step. */
export function placeOfRank(rank: number, count: number, compare: (p: number, q: number) => number): number {
  const open = positions(count);
  // Smaller entries are put to its front, larger ones to its end.
  const sides = new Uint32Array(count);
  let openCount = count;
  for (let round = 0, wanted = rank; ; round++) {
    const pivot = open[(Math.imul(round + 1, 0x9e37_79b1) >>> 0) % openCount]!;
    let below = 0;
    let above = count;
    for (let i = 0; i < openCount; i++) {
      const place = open[i]!;
      const comes = compare(place, pivot);
      if (comes < 0) sides[below++] = place;
      else if (comes > 0) sides[--above] = place;
    }
    const upToEqual = openCount - (count - above);
    if (wanted > below && wanted <= upToEqual) return pivot;
    const isBelow = wanted <= below;
    open.set(isBelow ? sides.subarray(0, below) : sides.subarray(above));
    openCount = isBelow ? below : count - above;
    if (!isBelow) wanted -= upToEqual;
  }
}
