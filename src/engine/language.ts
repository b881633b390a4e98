import type { Noun } from './nouns.js';
import type { Why } from './problem.js';
import { fractionText } from './ratio.js';

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
  const hundredths = (BigInt(top!) * 100n) / BigInt(bottom);
  const rest = Number(hundredths % 100n);
  const places = rest === 0 ? '' : `.${String(rest).padStart(2, '0').replace(/0$/, '')}`;
  return `${thousands(Number(hundredths / 100n))}${places}`;
}

/** The same reasons, counted in packs instead of units. What is kept back is told in units elsewhere. */
export function whyInPacks(why: Why): Why {
  const pack = why.pack!;
  const packs = (units: number) => Math.floor(units / pack);
  const packsOrNull = (units: number | null) => (units === null ? null : packs(units));
  return {
    ...why,
    units: packs(why.units),
    supply: packs(why.supply - why.reserved - why.broken),
    reserved: 0,
    broken: 0,
    limitedUnits: packs(why.limitedUnits),
    claimed: packsOrNull(why.claimed),
    claim: packsOrNull(why.claim),
    guarantee: why.guarantee && Math.ceil(why.guarantee / pack),
    minimumLot: why.minimumLot && Math.ceil(why.minimumLot / pack),
    cap: packsOrNull(why.cap),
    exactShare: quotient(why.exactShare, pack),
    floor: packs(why.floor),
    extra: packs(why.extra),
    received: packsOrNull(why.received),
  };
}

/** A fraction such as `250/7`, divided by a whole number and reduced. */
function quotient(share: string, divisor: number): string {
  const [top = '0', bottom = '1'] = share.split('/');
  return fractionText(BigInt(top), BigInt(bottom) * BigInt(divisor));
}
