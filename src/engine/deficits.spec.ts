import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { deficitText, FRACTION, ratioOf } from './deficits.js';

describe('a deficit', () => {
  it('is exact while its denominator can be written down', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 30n }),
        (a, b) => {
          const { numerator, denominator } = ratioOf(deficitText(a, b));
          expect(numerator * b).toBe(a * denominator);
        },
      ),
    );
  });

  it('is rounded to a millionth of a millionth beyond, up and down alike', () => {
    const wide = fc.bigInt({ min: 10n ** 80n, max: 10n ** 90n });
    fc.assert(
      fc.property(wide, wide, fc.boolean(), (a, b, isNegative) => {
        const numerator = isNegative ? -a : a;
        const text = deficitText(numerator, b);
        expect(text).toMatch(FRACTION);
        expect(text.length).toBeLessThan(60);
        const { numerator: n, denominator: d } = ratioOf(text);
        const difference = n * b - numerator * d;
        // |n/d - a/b| <= 1 / (2 x 10^12)
        expect(2n * 10n ** 12n * (difference < 0n ? -difference : difference) <= b * d).toBe(true);
      }),
    );
  });

  it.each([
    [0n, 7n, '0'],
    [-2n, 6n, '-1/3'],
    [9n, 3n, '3'],
  ])('%s / %s is %s', (numerator, denominator, text) => {
    expect(deficitText(numerator, denominator)).toBe(text);
  });
});
