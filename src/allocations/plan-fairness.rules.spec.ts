import { describe, expect, it } from '@jest/globals';
import { figuresOf } from './plan-fairness.rules.js';

describe('the figures of a note', () => {
  it('are its numbers, by their paths', () => {
    expect(
      figuresOf({ code: 'CLAIM_FAR_ABOVE_MEDIAN', recipient: 'r', item: 'MASK', claim: 500, median: 4.5 }),
    ).toEqual([
      { name: 'claim', value: 500 },
      { name: 'median', value: 4.5 },
    ]);
    const stages = [
      { lots: ['a', 'b'], units: 3, people: 2 },
      { lots: ['c'], units: 4, people: 5 },
    ];
    expect(figuresOf({ code: 'STAGES', item: 'MASK', stages })).toEqual([
      { name: 'stages.0.units', value: 3 },
      { name: 'stages.0.people', value: 2 },
      { name: 'stages.1.units', value: 4 },
      { name: 'stages.1.people', value: 5 },
    ]);
  });

  it('are a hundred at most', () => {
    const stages = Array.from({ length: 70 }, () => ({ lots: [], units: 1, people: 1 }));
    expect(figuresOf({ code: 'STAGES', item: 'MASK', stages })).toHaveLength(100);
  });
});
