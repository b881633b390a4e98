/**
 * Exact ratios of whole numbers. Numerators and denominators are safe integers; products are taken as plain numbers
 * while they stay below 2^53 and as BigInt beyond, so that no result is ever rounded.
 */

/** `numerator / denominator`, with `denominator > 0`; not necessarily reduced. */
export interface Ratio {
  numerator: number;
  denominator: number;
}

/** Compares a/b with c/d exactly: negative, zero or positive. */
export function compareRatios(a: number, b: number, c: number, d: number): number {
  const left = a * d;
  const right = c * b;
  if (left <= Number.MAX_SAFE_INTEGER && right <= Number.MAX_SAFE_INTEGER) {
    return left - right;
  }
  const difference = BigInt(a) * BigInt(d) - BigInt(c) * BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The whole part of `factor * ratio`, for non-negative values whose result is a safe integer. */
export function floorTimes(factor: number, { numerator, denominator }: Ratio): number {
  const product = factor * numerator;
  if (product <= Number.MAX_SAFE_INTEGER) {
    // A rounded quotient could jump to the next whole number; subtracting the remainder first makes it exact.
    return (product - (product % denominator)) / denominator;
  }
  return Number((BigInt(factor) * BigInt(numerator)) / BigInt(denominator));
}

/** The least whole number not below `factor * ratio`. */
export function ceilTimes(factor: number, { numerator, denominator }: Ratio): number {
  const product = factor * numerator;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const rest = product % denominator;
    return (product - rest) / denominator + (rest > 0 ? 1 : 0);
  }
  return Number((BigInt(factor) * BigInt(numerator) + BigInt(denominator) - 1n) / BigInt(denominator));
}

/** `factor * ratio` as text, reduced: `250/7`, or `35` when whole. */
export function textTimes(factor: number, { numerator, denominator }: Ratio): string {
  const product = factor * numerator;
  if (product <= Number.MAX_SAFE_INTEGER) {
    let [divisor, rest] = [denominator, product % denominator];
    while (rest > 0) [divisor, rest] = [rest, divisor % rest];
    return fraction(product / divisor, denominator / divisor);
  }
  const top = BigInt(factor) * BigInt(numerator);
  const bottom = BigInt(denominator);
  let [divisor, rest] = [bottom, top % bottom];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  return fraction(top / divisor, bottom / divisor);
}

function fraction(numerator: number | bigint, denominator: number | bigint): string {
  return String(denominator) === '1' ? String(numerator) : `${numerator}/${denominator}`;
}
