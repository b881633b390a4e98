import { ratioOf, deficitText } from '../engine/deficits.js';

/** What an award did to somebody: what she should have had, exactly, and what she got. */
export interface Rounded {
  /** A fraction such as `250/7`, or a whole number. */
  readonly exactShare: string;
  readonly units: number;
}

/**
 * By how much somebody was rounded down so far, once this award counts, or, taken back, counts no longer: exact, and
 * negative where she was rounded up.
 * @param deficit before, a fraction such as `1/3`
 */
export function deficitAfter(deficit: string, { exactShare, units }: Rounded, is: 'given' | 'taken back'): string {
  const before = ratioOf(deficit);
  const share = ratioOf(exactShare);
  const sign = is === 'given' ? 1n : -1n;
  const change = sign * (share.numerator - BigInt(units) * share.denominator);
  return deficitText(
    before.numerator * share.denominator + change * before.denominator,
    before.denominator * share.denominator,
  );
}
