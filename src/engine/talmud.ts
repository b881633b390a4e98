import { cut, type Box } from './cut.js';
import { boxOf } from './equal-awards.js';
import { exactShares, GainLines, levelOf, LossLines } from './level.js';
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
  const classes = oddClasses(figures);
  const halves = wholeHalves(figures, classes);
  const isLower = estate <= sumOf(halves);
  const box = isLower ? { lows, highs: halves } : { lows: halves, highs };
  const result = cut(estate, box, isLower ? lowerOrder(figures) : upperOrder(figures));
  return {
    ...withMiddleUnitsDrawn(result, classes, figures),
    limitedPeople: 0,
    limitedUnits: 0,
    exactShare: realShares(estate, figures),
    half: isLower ? 'LOWER' : 'UPPER',
  };
};

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Claimants (ascending) with one odd claim and one weight, whose middle unit no low or bound decides. */
interface OddClass {
  members: number[];
  /** How many of them get the middle unit in the lower half. */
  early: number;
}

function oddClasses({ claims, bounds, lows, weights }: Figures): OddClass[] {
  const byClaim = new Map<number, Map<number, number[]>>();
  claims.forEach((claim, i) => {
    const whole = (claim - 1) / 2;
    if (claim % 2 === 0 || lows[i]! > whole || bounds[i]! <= whole) return;
    let byWeight = byClaim.get(claim);
    if (!byWeight) byClaim.set(claim, (byWeight = new Map()));
    const members = byWeight.get(weights[i]!);
    if (members) members.push(i);
    else byWeight.set(weights[i]!, [i]);
  });
  const ordered = Array.from(byClaim.values(), (byWeight) => Array.from(byWeight.values()))
    .flat()
    .sort(([a], [b]) => claims[a!]! - claims[b!]! || weights[a!]! - weights[b!]!);
  let isEarly = true;
  return ordered.map((members) => {
    const half = Math.floor(members.length / 2);
    if (members.length % 2 === 0) return { members, early: half };
    isEarly = !isEarly;
    return { members, early: isEarly ? half : half + 1 };
  });
}

/** Half the claims, within lows and bounds; the first members of a class stand for those who will be drawn. */
function wholeHalves({ claims, bounds, lows }: Figures, classes: readonly OddClass[]): Float64Array {
  const halves = claims.map((claim, i) => Math.min(Math.max(Math.floor(claim / 2), lows[i]!), bounds[i]!));
  for (const { members, early } of classes) {
    for (let place = 0; place < early; place++) halves[members[place]!]!++;
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
  classes: readonly OddClass[],
  { claims, weights }: Figures,
): Pick<Shares, 'floors' | 'contests'> {
  const floors = result.floors.slice();
  const contests: Contest[] = [];
  let atCut: Contest | undefined = result.contests[0];
  for (const { members } of classes) {
    const whole = (claims[members[0]!]! - 1) / 2;
    if (members.some((i) => floors[i] !== whole && floors[i] !== whole + 1)) continue;
    let prizes = members.reduce((sum, i) => sum + floors[i]! - whole, 0);
    const one = atCut?.contenders[0];
    const isTheirs =
      one !== undefined &&
      floors[one] === whole &&
      claims[one] === claims[members[0]!] &&
      weights[one] === weights[members[0]!];
    if (isTheirs) {
      prizes += atCut!.prizes;
      atCut = undefined;
    }
    if (prizes === 0 || prizes === members.length) continue;
    for (const i of members) floors[i] = whole;
    contests.push({ contenders: Uint32Array.from(members), prizes });
  }
  if (atCut) contests.push(atCut);
  return { floors, contests };
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
