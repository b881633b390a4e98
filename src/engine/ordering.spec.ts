import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { orderByKeys, orderOfTexts } from './ordering.js';

function ordered(texts: readonly string[]): string[] {
  return Array.from(orderOfTexts(texts), (position) => texts[position]!);
}

/** Long enough that the radix sort is taken, by repeating a small list with different endings. */
function many(texts: string[]): string[] {
  return Array.from({ length: 5000 }, (_, i) => `${texts[i % texts.length]}${(i * 7919) % 5000}`);
}

describe('the order of texts', () => {
  it('is that of code units, in short and long lists', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(texts, (list) => {
        expect(ordered(list)).toEqual(list.toSorted());
        expect(ordered(many(list))).toEqual(many(list).toSorted());
      }),
      { numRuns: 40 },
    );
  });

  it('knows no locale: capitals come before small letters, z before an umlaut', () => {
    expect(ordered(['ä', 'b', 'z', 'B', 'a'])).toEqual(['B', 'a', 'b', 'z', 'ä']);
  });

  it('tells apart texts that agree far beyond the packed characters', () => {
    const texts = Array.from(
      { length: 5000 },
      (_, i) => `${'same-for-long-'.repeat(i % 2)}${'x'.repeat(20)}${(i * 7) % 5000}`,
    );
    expect(ordered(texts)).toEqual(texts.toSorted());
  });
});

describe('the order by keys', () => {
  it('asks the second comparison only about equal keys, in short and long lists', () => {
    for (const length of [10, 5000]) {
      const high = Uint32Array.from({ length }, (_, i) => (i * 2_654_435_761) >>> 31);
      const low = Uint32Array.from({ length }, (_, i) => (i % 3) * 0xffff_fff0);
      const order = orderByKeys({ high, low }, (a, b) => b - a);
      const expected = Array.from({ length }, (_, i) => i).sort(
        (a, b) => high[a]! - high[b]! || low[a]! - low[b]! || b - a,
      );
      expect(Array.from(order)).toEqual(expected);
    }
  });
});
