import { cut, type Box } from './cut.js';
import { boxOf } from './equal-awards.js';
import { largestOf, sumOf } from './figures.js';
import { exactShares, GainLines, levelOf, LossLines } from './level.js';
import { orderByKeys } from './ordering.js';
import { ExactSum } from './ratio.js';
import type { Contest, Figures, RuleFunction, Shares } from './shares.js';
import { LossOrder, QuotientOrder, Votes, type UnitOrder } from './unit-order.js';

/**
 * The rule of the Talmud (Aumann & Maschler 1985) in whole units: while there is at most half of what is claimed,
 * constrained equal awards on half the claims; beyond, constrained equal losses from the halves on.
 *
 * Half of an odd claim is not whole. Of the people with one odd claim (and weight) half therefore get the middle unit in
 * the lower half of the rule, the others in the upper one, drawn among them; where their number is odd too, the odd
 * middle unit comes early and late in turn, from claim to claim. So what has been rounded never adds up to more than half
 * a unit, which among equal weights keeps everybody within one unit of the real-valued award; more to share gives nobody
 * less; and the rule stays its own dual within one unit.
 */
export const talmud: RuleFunction = (estate, figures): Shares => {
  const { lows, highs } = boxOf(Infinity, figures);
  const odd = oddClaims(figures);
  const halves = wholeHalves(figures, odd);
  const isLower = estate <= sumOf(halves);
  const box = isLower ? { lows, highs: halves } : { lows: halves, highs };
  const result = cut(estate, box, isLower ? lowerOrder(figures) : upperOrder(figures));
  return {
    ...withMiddleUnitsDrawn(result, odd, figures),
    limitedPeople: 0,
    limitedUnits: 0,
    exactShare: onceAsked(() => realShares(estate, figures)),
    half: isLower ? 'LOWER' : 'UPPER',
  };
};

/** Claimants with an odd claim whose middle unit no low or bound decides: by claim, then weight, then place. */
interface OddClaims {
  claimants: Uint32Array;
  classes: OddClass[];
}

/** Those of one claim and weight: `claimants` from `start` up to `end`. */
interface OddClass {
  start: number;
  end: number;
  /** How many of them get the middle unit in the lower half. */
  early: number;
}

function oddClaims(figures: Figures): OddClaims {
  const { claims, weights } = figures;
  const claimants = inClassOrder(withMiddleUnit(figures), figures);
  const classes: OddClass[] = [];
  let isEarly = true;
  for (let start = 0, end = 0; start < claimants.length; start = end) {
    const first = claimants[start]!;
    while (
      end < claimants.length &&
      claims[claimants[end]!] === claims[first] &&
      weights[claimants[end]!] === weights[first]
    ) {
      end++;
    }
    const half = Math.floor((end - start) / 2);
    const isOdd = (end - start) % 2 === 1;
    classes.push({ start, end, early: isOdd && isEarly ? half + 1 : half });
    if (isOdd) isEarly = !isEarly;
  }
  return { claimants, classes };
}

function withMiddleUnit({ claims, bounds, lows }: Figures): Uint32Array {
  const found = new Uint32Array(claims.length);
  let count = 0;
  for (let i = 0; i < claims.length; i++) {
    const whole = (claims[i]! - 1) / 2;
    if (claims[i]! % 2 === 1 && lows[i]! <= whole && bounds[i]! > whole) found[count++] = i;
  }
  return found.slice(0, count);
}

function inClassOrder(claimants: Uint32Array, { claims, weights }: Figures): Uint32Array {
  const heaviest = largestOf(weights);
  const largest = largestOf(claims);
  // One whole number for claim and weight where it stays exact; else the weights are compared.
  const factor = (largest + 1) * heaviest <= Number.MAX_SAFE_INTEGER ? heaviest : 0;
  const high = new Uint32Array(claimants.length);
  const low = new Uint32Array(claimants.length);
  for (let place = 0; place < claimants.length; place++) {
    const claimant = claimants[place]!;
    const key = factor > 0 ? claims[claimant]! * factor + weights[claimant]! - 1 : claims[claimant]!;
    high[place] = Math.floor(key / 2 ** 32);
    low[place] = key >>> 0;
  }
  const order = orderByKeys({ high, low }, (a, b) => weights[claimants[a]!]! - weights[claimants[b]!]! || a - b);
  for (let place = 0; place < order.length; place++) order[place] = claimants[order[place]!]!;
  return order;
}

/** Half the claims, within lows and bounds; the first members of a class stand for those who will be drawn. */
function wholeHalves({ claims, bounds, lows }: Figures, { claimants, classes }: OddClaims): Float64Array {
  const halves = new Float64Array(claims.length);
  for (let i = 0; i < halves.length; i++) {
    halves[i] = Math.min(Math.max(Math.floor(claims[i]! / 2), lows[i]!), bounds[i]!);
  }
  for (const { start, early } of classes) {
    for (let place = start; place < start + early; place++) halves[claimants[place]!]!++;
  }
  return halves;
}

/** Least per weight first; at one level the middle units of odd claims before whole ones, then the smaller weight. */
function lowerOrder({ claims, weights }: Figures): UnitOrder {
  return new QuotientOrder(new Votes(null, weights), 0, (a, k, b, l) => {
    const [isMiddle, isOther] = [2 * k > claims[a]!, 2 * l > claims[b]!];
    return isMiddle === isOther ? weights[a]! - weights[b]! : isMiddle ? -1 : 1;
  });
}

/** The mirror image: greatest loss first; of equal ones the greater weight, and the middle units last. */
function upperOrder({ claims, weights }: Figures): UnitOrder {
  return new LossOrder(claims, weights, (a, k, b, l) => {
    const [isMiddle, isOther] = [2 * k - 1 === claims[a]!, 2 * l - 1 === claims[b]!];
    return isMiddle === isOther ? weights[b]! - weights[a]! : isMiddle ? 1 : -1;
  });
}

/**
 * Once it is known how many of a class have their middle unit, all of them contend for those. A contest of the cut about
 * middle units is always about those of one class; it becomes part of theirs.
 */
function withMiddleUnitsDrawn(
  result: ReturnType<typeof cut>,
  { claimants, classes }: OddClaims,
  { claims, weights }: Figures,
): Pick<Shares, 'floors' | 'contests'> {
  const floors = result.floors.slice();
  const contests: Contest[] = [];
  let atCut: Contest | undefined = result.contests[0];
  for (const { start, end } of classes) {
    const first = claimants[start]!;
    const whole = (claims[first]! - 1) / 2;
    let prizes = middleUnits(claimants, { start, end }, floors, whole);
    if (prizes === null) continue;
    const one = atCut?.contenders[0];
    const isTheirs =
      one !== undefined && floors[one] === whole && claims[one] === claims[first] && weights[one] === weights[first];
    if (isTheirs) {
      prizes += atCut!.prizes;
      atCut = undefined;
    }
    if (prizes === 0 || prizes === end - start) continue;
    const contenders = claimants.slice(start, end);
    for (const claimant of contenders) floors[claimant] = whole;
    contests.push({ contenders, prizes });
  }
  if (atCut) contests.push(atCut);
  return { floors, contests };
}

/** How many of a class have their middle unit; null when the cut lies elsewhere for them. */
function middleUnits(
  claimants: Uint32Array,
  { start, end }: Pick<OddClass, 'start' | 'end'>,
  floors: Float64Array,
  whole: number,
): number | null {
  let units = 0;
  for (let place = start; place < end; place++) {
    const more = floors[claimants[place]!]! - whole;
    if (more !== 0 && more !== 1) return null;
    units += more;
  }
  return units;
}

/** Whole lists are computed for it, and nobody may ask. */
function onceAsked(make: () => Shares['exactShare']): Shares['exactShare'] {
  let exactShare: Shares['exactShare'] | undefined;
  return (claimant) => {
    exactShare ??= make();
    return exactShare(claimant);
  };
}

/** In halves of units, so that half a claim is whole. */
function realShares(estate: number, figures: Figures): Shares['exactShare'] {
  const { claims, bounds, lows, weights } = figures;
  const lowest = lows.map((low) => 2 * low);
  const highest = bounds.map((bound) => 2 * bound);
  const halves = claims.map((claim, i) => Math.min(Math.max(claim, lowest[i]!), highest[i]!));
  const half = new ExactSum();
  for (const units of halves) half.add(units);
  const isLower = BigInt(2 * estate) <= half.value();
  const box: Box = isLower ? { lows: lowest, highs: halves } : { lows: halves, highs: highest };
  const lines = isLower
    ? new GainLines(new Votes(null, weights))
    : new LossLines(
        claims.map((claim) => 2 * claim),
        weights,
      );
  return exactShares(box, lines, () => levelOf(2 * estate, box, lines), 2n);
}
