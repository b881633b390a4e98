import type { Decision } from './decision.js';
import type { Deficit, Policy } from './problem.js';
import { fractionText, greatestCommonDivisor, ratio, type Ratio } from './ratio.js';
import type { Roster } from './roster.js';
import { unitsFor } from './stock.js';

/** A fraction such as `-1/3`, `250/7` or `35`; the denominator is positive. */
export const FRACTION = /^(-?\d+)(?:\/([1-9]\d*))?$/;

/** The ratio that a fraction's text names, as `FRACTION` lets it through. */
export function ratioOf(text: string): Ratio {
  const [, numerator = '0', denominator = '1'] = FRACTION.exec(text) ?? [];
  return ratio(BigInt(numerator), BigInt(denominator));
}

/** Where rounding is remembered, by how much it left each short of the item so far. */
export function deficitsOf(policy: Policy, item: string, { recipients }: Roster): ReadonlyMap<string, Ratio> {
  const deficits = new Map<string, Ratio>();
  if (policy.ties?.by !== 'CARRY_OVER' && policy.memory?.by !== 'ROUNDING') return deficits;
  for (const { id, deficit } of recipients) {
    const text = unitsFor(deficit, item);
    if (text !== undefined) deficits.set(id, ratioOf(text));
  }
  return deficits;
}

/** The deficits after this item. */
export function deficitsAfter({ stock, units, exactShare, deficits }: Decision, names: readonly string[]): Deficit[] {
  return names.map((recipient, claimant) => {
    const before = deficits.get(recipient) ?? ratio(0n, 1n);
    const award = { exactShare: exactShare(claimant), units: units[claimant]! };
    return { recipient, item: stock.item, deficit: deficitAfter(before, award) };
  });
}

/** What an award did to somebody: what she should have had, exactly, and what she got. */
export interface Rounded {
  /** A fraction such as `250/7`, or a whole number. */
  readonly exactShare: string;
  readonly units: number;
}

/**
 * By how much somebody was rounded down once an award counts: before, plus the exact share, less the award.
 * @param times -1 for an award that is taken back
 */
export function deficitAfter(before: Ratio, { exactShare, units }: Rounded, times: 1n | -1n = 1n): string {
  const share = ratioOf(exactShare);
  const change = times * (share.numerator - BigInt(units) * share.denominator);
  return deficitText(
    before.numerator * share.denominator + change * before.denominator,
    before.denominator * share.denominator,
  );
}

// Plan after plan the denominators multiply; past this many digits nobody could check the fraction by hand any more.
const WIDEST = 10n ** 60n;
const FINEST = 10n ** 12n;

/**
 * A deficit as text: exact, but a fraction whose reduced denominator has grown past sixty digits is rounded to the
 * nearest millionth of a millionth of a unit.
 */
export function deficitText(numerator: bigint, denominator: bigint): string {
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  if (denominator / divisor <= WIDEST) return signedText(numerator, denominator);
  const doubled = 2n * numerator * FINEST + denominator;
  // BigInt division cuts towards zero; rounding wants the floor.
  const floor = doubled / (2n * denominator) - (doubled < 0n && doubled % (2n * denominator) !== 0n ? 1n : 0n);
  return signedText(floor, FINEST);
}

/** `numerator / denominator`, reduced, with its sign. */
export function signedText(numerator: bigint, denominator: bigint): string {
  return numerator < 0n ? `-${fractionText(-numerator, denominator)}` : fractionText(numerator, denominator);
}
