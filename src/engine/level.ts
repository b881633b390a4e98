import type { Box } from './cut.js';
import {
  compareRatios,
  ExactSum,
  fractionText,
  greatestCommonDivisor,
  isCertain,
  ratio,
  signOf,
  type Ratio,
} from './ratio.js';
import type { Votes } from './unit-order.js';

/** A real-valued rule: everybody's share is a line in one level t, kept within a low and a high. */
export interface Lines {
  /** Whether a higher level means larger shares. */
  readonly rising: boolean;
  /** The sign of the claimant's line at `t` minus `value`, exact. */
  compare: (claimant: number, t: Ratio, value: number) => number;
  /** Forgets what `add` collected. */
  clear: () => void;
  /** Adds a claimant's line to those that are to sum up together. */
  add: (claimant: number) => void;
  /** The level at which the lines added sum to `units`; null when none was added. */
  solve: (units: bigint) => Ratio | null;
  /** The claimant's line at `t`: numerator and denominator. */
  at: (claimant: number, t: Ratio) => [bigint, bigint];
}

/** Shares of t times the votes. */
export class GainLines implements Lines {
  readonly rising = true;
  #votes = new ExactSum();

  constructor(private readonly votes: Votes) {}

  compare(claimant: number, t: Ratio, value: number): number {
    const share = this.votes.about[claimant]! * t.about;
    if (isCertain(share, value)) return share - value;
    return signOf(this.votes.exact(claimant) * t.numerator - BigInt(value) * t.denominator);
  }

  clear(): void {
    this.#votes = new ExactSum();
  }

  add(claimant: number): void {
    if (this.votes.areSafe) this.#votes.add(this.votes.about[claimant]!);
    else this.#votes.addWide(this.votes.exact(claimant));
  }

  solve(units: bigint): Ratio | null {
    const votes = this.#votes.value();
    return votes === 0n ? null : ratio(units, votes);
  }

  at(claimant: number, t: Ratio): [bigint, bigint] {
    return [this.votes.exact(claimant) * t.numerator, t.denominator];
  }
}

// Beyond it the exact level of many different weights would take pages to write; it is then rounded to a millionth.
const WIDEST_MULTIPLE = 1n << 256n;

/** Shares of the claim less t / weight: everybody is without the same number of units times weight. */
export class LossLines implements Lines {
  readonly rising = false;
  /** A common multiple of the weights. */
  readonly #multiple: bigint;
  #claims = new ExactSum();
  readonly #counts = new Map<number, number>();

  constructor(
    private readonly claims: Float64Array,
    private readonly weights: Float64Array,
  ) {
    this.#multiple = multipleOf(new Set(weights));
  }

  compare(claimant: number, t: Ratio, value: number): number {
    const weight = this.weights[claimant]!;
    const lack = (this.claims[claimant]! - value) * weight;
    if (isCertain(lack, t.about)) return lack - t.about;
    return signOf(BigInt(this.claims[claimant]! - value) * BigInt(weight) * t.denominator - t.numerator);
  }

  clear(): void {
    this.#claims = new ExactSum();
    this.#counts.clear();
  }

  add(claimant: number): void {
    const weight = this.weights[claimant]!;
    this.#claims.add(this.claims[claimant]!);
    this.#counts.set(weight, (this.#counts.get(weight) ?? 0) + 1);
  }

  solve(units: bigint): Ratio | null {
    if (this.#counts.size === 0) return null;
    let slope = 0n;
    for (const [weight, count] of this.#counts) slope += (BigInt(count) * this.#multiple) / BigInt(weight);
    return ratio((this.#claims.value() - units) * this.#multiple, slope);
  }

  at(claimant: number, t: Ratio): [bigint, bigint] {
    const weight = BigInt(this.weights[claimant]!);
    const bottom = t.denominator * weight;
    const top = BigInt(this.claims[claimant]!) * bottom - t.numerator;
    return this.#multiple < WIDEST_MULTIPLE ? [top, bottom] : [(top * 1_000_000n + bottom / 2n) / bottom, 1_000_000n];
  }
}

function multipleOf(weights: ReadonlySet<number>): bigint {
  let multiple = 1n;
  for (const weight of weights) {
    let [divisor, rest] = [BigInt(weight), multiple % BigInt(weight)];
    while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
    multiple *= BigInt(weight) / divisor;
    if (multiple >= WIDEST_MULTIPLE) return WIDEST_MULTIPLE;
  }
  return multiple;
}

const NONE = ratio(0n, 1n);
// Each step is exact and ends on another piece of the sum; ordinary problems take fewer than ten.
const MOST_STEPS = 400;

/**
 * The level at which everybody's share sums to the estate (or one of several): Newton's method on a monotone sum of
 * broken lines, each step solving the piece it stands on exactly; should a step leave what is known to enclose the
 * solution, the middle is taken instead.
 */
export function levelOf(estate: number, box: Box, lines: Lines): Ratio {
  let t = firstLevel(estate, box, lines);
  let least: Ratio | null = null;
  let most: Ratio | null = null;
  for (let step = 0; step < MOST_STEPS; step++) {
    const fixed = sumOfFixed(box, lines, t);
    const next = lines.solve(BigInt(estate) - fixed);
    if (next === null && fixed === BigInt(estate)) return t;
    const comes = next === null ? upwards(fixed < BigInt(estate), lines) : compareRatios(next, t);
    if (comes === 0) return t;
    if (comes > 0) least = t;
    else most = t;
    t = next !== null && isBetween(next, least, most) ? next : middleOf(least, most);
  }
  return t;
}

function upwards(tooLittle: boolean, { rising }: Lines): number {
  return tooLittle === rising ? 1 : -1;
}

/** Strictly: had the level at an end been the solution, it would have been returned. */
function isBetween(t: Ratio, least: Ratio | null, most: Ratio | null): boolean {
  return (
    t.numerator >= 0n &&
    (least === null || compareRatios(t, least) > 0) &&
    (most === null || compareRatios(t, most) < 0)
  );
}

function middleOf(least: Ratio | null, most: Ratio | null): Ratio {
  const from = least ?? NONE;
  if (most === null) return ratio(2n * from.numerator + from.denominator, from.denominator);
  const top = from.numerator * most.denominator + most.numerator * from.denominator;
  const bottom = 2n * from.denominator * most.denominator;
  // Reduced, a middle is one bit longer than its ends; unreduced it would be twice as long, step after step.
  const divisor = greatestCommonDivisor(top, bottom);
  return ratio(top / divisor, bottom / divisor);
}

function firstLevel(estate: number, { lows }: Box, lines: Lines): Ratio {
  lines.clear();
  for (let claimant = 0; claimant < lows.length; claimant++) lines.add(claimant);
  const t = lines.solve(BigInt(estate));
  return t === null || t.numerator < 0n ? NONE : t;
}

/** What those at their low or high have together; the others' lines are added up. */
function sumOfFixed({ lows, highs }: Box, lines: Lines, t: Ratio): bigint {
  const fixed = new ExactSum();
  lines.clear();
  for (let claimant = 0; claimant < lows.length; claimant++) {
    if (lines.compare(claimant, t, highs[claimant]!) >= 0) fixed.add(highs[claimant]!);
    else if (lines.compare(claimant, t, lows[claimant]!) <= 0) fixed.add(lows[claimant]!);
    else lines.add(claimant);
  }
  return fixed.value();
}

/**
 * The exact shares as texts. The level is found when the first is asked for.
 *
 * @param scale what the box and the lines are multiples by: 2 where halves of claims must be whole
 */
export function exactShares(box: Box, lines: Lines, level: () => Ratio, scale = 1n): (claimant: number) => string {
  let known: Ratio | null = null;
  const whole = (units: number) => fractionText(BigInt(units), scale);
  return (claimant) => {
    known ??= level();
    if (lines.compare(claimant, known, box.highs[claimant]!) >= 0) return whole(box.highs[claimant]!);
    if (lines.compare(claimant, known, box.lows[claimant]!) <= 0) return whole(box.lows[claimant]!);
    const [top, bottom] = lines.at(claimant, known);
    return fractionText(top, bottom * scale);
  };
}
