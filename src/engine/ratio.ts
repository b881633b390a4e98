/**
 * Exact ratios of whole numbers. Products are taken as plain numbers while they stay below 2^53 and as BigInt beyond, so
 * that no result is ever rounded. Where the products of doubles differ by far more than their rounding could explain,
 * their order is certain and is taken from them; only the rest is worth a BigInt.
 */

/** `numerator / denominator`, with `denominator > 0`; not necessarily reduced. */
export interface Ratio {
  numerator: bigint;
  denominator: bigint;
  /** The nearest double, or nearly so: a first guess, never an answer. */
  about: number;
}

export function ratio(numerator: bigint, denominator: bigint): Ratio {
  return { numerator, denominator, about: Number(numerator) / Number(denominator) };
}

// Products here take at most eight roundings of 2^-53 each; this leaves room for ten times as many.
const DOUBT = 2 ** -46;

/** True when two rounded, non-negative products differ by so much that the exact ones are in the same order. */
export function isCertain(left: number, right: number): boolean {
  return Math.abs(left - right) > DOUBT * Math.max(left, right);
}

/** Compares a * b with c * d exactly, for non-negative safe integers: negative, zero or positive. */
export function compareProducts(a: number, b: number, c: number, d: number): number {
  const left = a * b;
  const right = c * d;
  if ((left <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER) || isCertain(left, right)) {
    return left - right;
  }
  return signOf(BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d));
}

export function signOf(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}

export function compareRatios(a: Ratio, b: Ratio): number {
  return signOf(a.numerator * b.denominator - b.numerator * a.denominator);
}

/** `numerator / denominator` as text, reduced: `250/7`, or `35` when whole; for non-negative values. */
export function fractionText(numerator: bigint, denominator: bigint): string {
  if (numerator <= Number.MAX_SAFE_INTEGER && denominator <= Number.MAX_SAFE_INTEGER) {
    const [top, bottom] = [Number(numerator), Number(denominator)];
    let [divisor, rest] = [bottom, top % bottom];
    while (rest > 0) [divisor, rest] = [rest, divisor % rest];
    return written(top / divisor, bottom / divisor);
  }
  const divisor = greatestCommonDivisor(numerator, denominator);
  return written(numerator / divisor, denominator / divisor);
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [divisor, rest] = [a, b];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}

function written(numerator: number | bigint, denominator: number | bigint): string {
  return String(denominator) === '1' ? String(numerator) : `${numerator}/${denominator}`;
}

/** A sum of non-negative whole numbers without limit: a double as long as it is exact, then a BigInt. */
export class ExactSum {
  #part = 0;
  #whole = 0n;

  /** @param value a safe integer */
  add(value: number): void {
    if (this.#part + value > Number.MAX_SAFE_INTEGER) {
      this.#whole += BigInt(this.#part);
      this.#part = 0;
    }
    this.#part += value;
  }

  addWide(value: bigint): void {
    this.#whole += value;
  }

  value(): bigint {
    return this.#whole + BigInt(this.#part);
  }
}
