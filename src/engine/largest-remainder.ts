import { placeOfRank, type Box } from './cut.js';
import { boxOf } from './equal-awards.js';
import { sumOf } from './figures.js';
import { exactShares, GainLines, levelOf } from './level.js';
import { isCertain, signOf, type Ratio } from './ratio.js';
import type { Contest, Figures, Shares } from './shares.js';
import type { Votes } from './unit-order.js';

type Rounded = Pick<Shares, 'floors' | 'contests' | 'exactShare'>;

/**
 * Hamilton's method: everybody gets the whole part of the quota, and the units left over go to the largest remainders.
 *
 * A guarantee is handled as legislatures do: quotas are computed without it, whoever's whole part is less gets the
 * guarantee and has no remainder. Only where this gives away more than there is are the quotas computed of what the
 * guarantees leave.
 */
export function largestRemainder(estate: number, figures: Figures, votes: Votes): Rounded {
  const box = boxOf(estate, figures);
  const lines = new GainLines(votes);
  const quotas = (within: Box): Quotas => {
    const level = levelOf(estate, within, lines);
    return { box: within, level, ...wholeParts(within, votes, lines, level) };
  };
  let found = quotas({ lows: figures.held ?? new Float64Array(box.lows.length), highs: box.highs });
  let floors = raised(found.wholes, box.lows);
  if (sumOf(floors) > estate) {
    found = quotas(box);
    floors = found.wholes;
  }
  const { level } = found;
  return {
    ...giveLargest(estate - sumOf(floors), floors, found),
    exactShare: exactShares(found.box, lines, () => level),
  };
}

interface Quotas {
  box: Box;
  level: Ratio;
  wholes: Float64Array;
  /** What is left of the quotas, over the level's denominator; null where all of it is whole. */
  remainders: Remainders;
}

interface Remainders {
  about: Float64Array;
  /** The exact numerators where doubles cannot hold them. */
  exact: bigint[] | null;
}

function raised(wholes: Float64Array, lows: Float64Array): Float64Array {
  const floors = wholes.slice();
  for (let i = 0; i < floors.length; i++) if (lows[i]! > floors[i]!) floors[i] = lows[i]!;
  return floors;
}

function wholeParts(
  { lows, highs }: Box,
  votes: Votes,
  lines: GainLines,
  level: Ratio,
): Pick<Quotas, 'wholes' | 'remainders'> {
  const wholes = new Float64Array(lows.length);
  const about = new Float64Array(lows.length);
  const exact = level.denominator > Number.MAX_SAFE_INTEGER ? Array.from(lows, () => 0n) : null;
  const [numerator, denominator] = [Number(level.numerator), Number(level.denominator)];
  const isSafe = exact === null && numerator <= Number.MAX_SAFE_INTEGER;
  for (let i = 0; i < lows.length; i++) {
    if (lines.compare(i, level, highs[i]!) >= 0) wholes[i] = highs[i]!;
    else if (lines.compare(i, level, lows[i]!) <= 0) wholes[i] = lows[i]!;
    else {
      const product = votes.about[i]! * numerator;
      if (isSafe && product <= Number.MAX_SAFE_INTEGER) {
        about[i] = product % denominator;
        wholes[i] = (product - about[i]!) / denominator;
        continue;
      }
      const wide = votes.exact(i) * level.numerator;
      const rest = wide % level.denominator;
      wholes[i] = Number(wide / level.denominator);
      about[i] = Number(rest);
      if (exact) exact[i] = rest;
    }
  }
  return { wholes, remainders: { about, exact } };
}

/** Gives `units` to the largest remainders; those that are equal to the last of them contend. */
function giveLargest(
  units: number,
  floors: Float64Array,
  { wholes, remainders }: Quotas,
): { floors: Float64Array; contests: Contest[] } {
  const given = floors.slice();
  if (units === 0) return { floors: given, contests: [] };
  const candidates = new Uint32Array(floors.length);
  let count = 0;
  for (let i = 0; i < floors.length; i++) {
    if (remainders.about[i]! > 0 && floors[i] === wholes[i]) candidates[count++] = i;
  }
  const compare = (a: number, b: number) => compareRemainders(remainders, b, a);
  const last = candidates[placeOfRank(units, count, (p, q) => compare(candidates[p]!, candidates[q]!))]!;
  const equal = new Uint32Array(count);
  let equals = 0;
  let prizes = units;
  for (let place = 0; place < count; place++) {
    const candidate = candidates[place]!;
    const comes = compare(candidate, last);
    if (comes === 0) equal[equals++] = candidate;
    if (comes >= 0) continue;
    given[candidate]!++;
    prizes--;
  }
  const contenders = equal.slice(0, equals);
  if (prizes < equals) return { floors: given, contests: [{ contenders, prizes }] };
  for (const claimant of contenders) given[claimant]!++;
  return { floors: given, contests: [] };
}

function compareRemainders({ about, exact }: Remainders, a: number, b: number): number {
  const [left, right] = [about[a]!, about[b]!];
  return exact === null || isCertain(left, right) ? left - right : signOf(exact[a]! - exact[b]!);
}
