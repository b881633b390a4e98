import { greatestCommonDivisor } from '../engine/ratio.js';

/** What an award did to somebody: what she should have had, exactly, and what she got. */
export interface Rounded {
  /** A fraction such as `250/7`, or a whole number. */
  readonly exactShare: string;
  readonly units: number;
}

type Fraction = readonly [numerator: bigint, denominator: bigint];

function parsed(text: string): Fraction {
  const [numerator = '', denominator = '1'] = text.split('/');
  return [BigInt(numerator), BigInt(denominator)];
}

function written(numerator: bigint, denominator: bigint): string {
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  const [top, bottom] = [numerator / divisor, denominator / divisor];
  return bottom === 1n ? String(top) : `${top}/${bottom}`;
}

/**
 * By how much somebody was rounded down so far, once this award counts, or, taken back, counts no longer: exact, and
 * negative where she was rounded up.
 * @param deficit before, a fraction such as `1/3`
 */
export function deficitAfter(deficit: string, { exactShare, units }: Rounded, is: 'given' | 'taken back'): string {
  const [before, beforeOf] = parsed(deficit);
  const [share, shareOf] = parsed(exactShare);
  const [change, changeOf] = [share - BigInt(units) * shareOf, shareOf];
  const sign = is === 'given' ? 1n : -1n;
  return written(before * changeOf + sign * change * beforeOf, beforeOf * changeOf);
}
