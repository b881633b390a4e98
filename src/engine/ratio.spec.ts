import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compareProducts, ExactSum, fractionText, isCertain } from './ratio.js';

/** Small numbers, and numbers whose products pass 2^53. */
const whole = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1e15 }));
const positive = whole.map((value) => value + 1);

function law(name: string, check: (a: number, b: number, c: number, d: number) => void): void {
  // oxlint-disable-next-line jest/valid-title -- every caller passes a text
  it(name, () => fc.assert(fc.property(whole, positive, whole, positive, check), { numRuns: 1000 }));
}

describe('ratios are exact, also where products pass 2^53', () => {
  law('in comparison', (a, b, c, d) => {
    const difference = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d);
    expect(Math.sign(compareProducts(a, b, c, d))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
  });

  law('in comparison of products that hardly differ', (a, b, shift) => {
    const [c, d] = [a + (shift % 3), b + (shift % 2)];
    const difference = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d);
    expect(Math.sign(compareProducts(a, b, c, d))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
  });

  law('in text, reduced', (numerator, denominator, factor) => {
    const product = BigInt(factor) * BigInt(numerator);
    const [top, bottom = '1'] = fractionText(product, BigInt(denominator)).split('/');
    expect(BigInt(top!) * BigInt(denominator)).toBe(product * BigInt(bottom));
    expect(commonDivisor(BigInt(top!), BigInt(bottom))).toBe(1n);
  });

  law('in sums', (...values) => {
    const sum = new ExactSum();
    for (let i = 0; i < 40; i++) for (const value of values) sum.add(value);
    expect(sum.value()).toBe(values.reduce((total, value) => total + BigInt(value), 0n) * 40n);
  });
});

it('doubles are not believed about what their rounding could have made', () => {
  expect(isCertain(1e20, 1e20 * (1 + 2 ** -50))).toBe(false);
  expect(isCertain(1e20, 1e20 * (1 + 2 ** -40))).toBe(true);
  expect(isCertain(0, 0)).toBe(false);
});

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

it('a whole ratio is written without a denominator', () => {
  expect(fractionText(70n, 2n)).toBe('35');
  expect(fractionText(1000n, 28n)).toBe('250/7');
  expect(fractionText(0n, 28n)).toBe('0');
});
