import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deficitAfter } from './memory.rules.js';

const award = fc.record({
  exactShare: fc.oneof(
    fc.nat({ max: 1_000_000 }).map(String),
    fc.tuple(fc.nat({ max: 1_000_000 }), fc.integer({ min: 1, max: 5000 })).map(([top, bottom]) => `${top}/${bottom}`),
  ),
  units: fc.nat({ max: 1_000_000 }),
});

describe('what rounding owes', () => {
  it.each([
    ['0', '250/7', 35, '5/7'],
    ['5/7', '250/7', 36, '3/7'],
    ['-2/7', '2/7', 0, '0'],
    ['1/3', '1/6', 1, '-1/2'],
    ['0', '12', 12, '0'],
    ['1/3', '2', 1, '4/3'],
  ])('%s, a share of %s and an award of %d leave %s', (before, exactShare, units, after) => {
    expect(deficitAfter(before, { exactShare, units }, 'given')).toBe(after);
  });

  it('is what it was once all awards are taken back, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(award, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (awards, order) => {
        const given = awards.reduce((deficit, one) => deficitAfter(deficit, one, 'given'), '-3/8');
        const back = awards
          .map((one) => ({ one, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .reduce((deficit, { one }) => deficitAfter(deficit, one, 'taken back'), given);
        expect(back).toBe('-3/8');
      }),
    );
  });

  it('is a reduced fraction that the table takes', () => {
    fc.assert(
      fc.property(award, award, (first, second) => {
        const text = deficitAfter(deficitAfter('0', first, 'given'), second, 'given');
        expect(text).toMatch(/^-?[0-9]+(\/[1-9][0-9]*)?$/);
        expect(text).not.toMatch(/^-0|\/1$/);
      }),
    );
  });
});
