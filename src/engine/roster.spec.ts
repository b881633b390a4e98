import { describe, expect, it } from '@jest/globals';
import { rosterOf } from './roster.js';

describe('the roster', () => {
  const roster = rosterOf([{ id: 'c', weight: 3 }, { id: 'a', tier: 2 }, { id: 'b' }]);

  it('stands by id, with what belongs to each', () => {
    expect(roster.ids).toEqual(['a', 'b', 'c']);
    expect(roster.recipients.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(Array.from(roster.weights)).toEqual([1, 1, 3]);
  });

  it('reads figures of everybody, those that differ and those that do not', () => {
    expect(Array.from(roster.figures(({ tier }) => tier ?? 0))).toEqual([2, 0, 0]);
    expect(Array.from(roster.figures(() => 7))).toEqual([7, 7, 7]);
    expect(Array.from(rosterOf([]).figures(() => 7))).toEqual([]);
  });
});
