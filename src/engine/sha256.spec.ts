import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hmacOverEndings } from './sha256.js';

function hex(digest: Int32Array): string {
  return Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const text = fc.string({ unit: 'grapheme', maxLength: 90 });

describe('HMAC-SHA-256 over many endings', () => {
  it('is what node:crypto computes, for every key, beginning and ending', () => {
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 6 }), (key, beginning, endings) => {
        const digestOf = hmacOverEndings(key, beginning);
        for (const ending of endings) {
          const expected = createHmac('sha256', key)
            .update(beginning + ending, 'utf8')
            .digest('hex');
          expect(hex(digestOf(ending))).toBe(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('pads rightly at every length around the blocks', () => {
    for (let length = 0; length < 200; length++) {
      const [beginning, ending] = ['b'.repeat(length), 'e'.repeat(200 - length)];
      for (const [head, tail] of [
        [beginning, 'x'],
        ['x', ending],
        [beginning, ending],
      ] as const) {
        const expected = createHmac('sha256', 'k'.repeat(length))
          .update(head + tail)
          .digest('hex');
        expect(hex(hmacOverEndings('k'.repeat(length), head)(tail))).toBe(expected);
      }
    }
  });
});
