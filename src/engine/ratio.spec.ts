import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ceilTimes, compareRatios, floorTimes, textTimes } from './ratio.js';

/** Small numbers, and numbers whose products pass 2^53. */
const whole = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1e15 }));
const positive = whole.map((value) => value + 1);

function law(name: string, check: (a: number, b: number, c: number, d: number) => void): void {
  // oxlint-disable-next-line jest/valid-title -- every caller passes a text
  it(name, () => fc.assert(fc.property(whole, positive, whole, positive, check), { numRuns: 1000 }));
}

describe('ratios are exact, also where products pass 2^53', () => {
  law('in comparison', (a, b, c, d) => {
    const difference = BigInt(a) * BigInt(d) - BigInt(c) * BigInt(b);
    expect(Math.sign(compareRatios(a, b, c, d))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
  });

  law('in whole parts', (factor, denominator, numerator) => {
    const product = BigInt(factor) * BigInt(numerator);
    const whole = product / BigInt(denominator);
    // The engine asks for results within its sums only; larger ones need not be representable.
    fc.pre(whole < BigInt(Number.MAX_SAFE_INTEGER));
    const rest = product % BigInt(denominator);
    expect(BigInt(floorTimes(factor, { numerator, denominator }))).toBe(whole);
    expect(BigInt(ceilTimes(factor, { numerator, denominator }))).toBe(rest > 0n ? whole + 1n : whole);
  });

  law('in text, reduced', (factor, denominator, numerator) => {
    const [top, bottom = '1'] = textTimes(factor, { numerator, denominator }).split('/');
    expect(BigInt(top!) * BigInt(denominator)).toBe(BigInt(factor) * BigInt(numerator) * BigInt(bottom));
    expect(commonDivisor(BigInt(top!), BigInt(bottom))).toBe(1n);
  });
});

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

it('a whole ratio is written without a denominator', () => {
  expect(textTimes(7, { numerator: 10, denominator: 2 })).toBe('35');
  expect(textTimes(1, { numerator: 1000, denominator: 28 })).toBe('250/7');
});
