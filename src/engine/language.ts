import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

/**
 * A sentence in two parts. Between them stands the person's place among the contenders, if she had one: the only word
 * that differs between people in the same position, so that a million sentences need few halves.
 */
export interface Halves {
  before: string;
  /** Null when the sentence is complete without a place. */
  after: string | null;
}

/** One language's way to say a `Why`; another language is another function of this shape. */
export type Language = (why: Why, noun: Noun) => Halves;

/** `1234567` as `1,234,567`: by hand, since the engine's text may not depend on the machine's locale. */
export function thousands(value: number): string {
  if (value < 1000) return String(value);
  const rest = value % 1000;
  return `${thousands((value - rest) / 1000)},${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}`;
}

/** A fraction such as `250/7` as a decimal with at most two places, cut off: `35.71`. For reading, not for sums. */
export function decimal(share: string): string {
  const [top, bottom = '1'] = share.split('/');
  const hundredths = Number((BigInt(top!) * 100n) / BigInt(bottom));
  const rest = hundredths % 100;
  const places = rest === 0 ? '' : `.${String(rest).padStart(2, '0').replace(/0$/, '')}`;
  return `${thousands((hundredths - rest) / 100)}${places}`;
}

/** A fraction such as `250/7`, divided by a whole number. */
export function quotient(share: string, divisor: number): string {
  const [top, bottom = '1'] = share.split('/');
  return `${top}/${BigInt(bottom) * BigInt(divisor)}`;
}
