import { describe, expect, it } from '@jest/globals';
import { CERTAIN, LUCKY, NOTHING } from '../../test/support/reasons.js';
import { listsOf, type ItemAnswers } from './lazy.js';
import type { Why } from './problem.js';

const WHYS: Why[] = [LUCKY, { ...LUCKY, ...CERTAIN, ...NOTHING }, { ...LUCKY, ...CERTAIN, units: 2 ** 40 }];
const LOTS = [{ lot: 'm1', units: 36 }];

/** Counts how often a reason is asked for. */
function answers(): ItemAnswers & { asked: number } {
  return {
    asked: 0,
    item: 'MASK',
    ids: ['a', 'b', 'c'],
    units: Float64Array.of(36, 0, 2 ** 40),
    lotsOf: () => [LOTS, [], LOTS],
    whyOf(claimant) {
      this.asked++;
      return { ...WHYS[claimant]! };
    },
    sentenceFor: ({ units }) => `You get ${units}.`,
  };
}

const FIRST = { recipient: 'a', item: 'MASK', units: 36, lots: LOTS, why: WHYS[0], sentence: 'You get 36.' };
const AWARDS = [
  FIRST,
  { recipient: 'c', item: 'MASK', units: 2 ** 40, lots: LOTS, why: WHYS[2], sentence: 'You get 1099511627776.' },
];
const WITHOUT = [{ recipient: 'b', item: 'MASK', why: WHYS[1], sentence: 'You get 0.' }];

describe('answers whose reasons are made when read', () => {
  it('are those with units, and those without, with their reasons', () => {
    expect(listsOf([answers()])).toEqual({ awards: AWARDS, withoutAward: WITHOUT });
  });

  it('have their fields in the order of plain ones, so that their JSON is the same', () => {
    const lists = listsOf([answers()]);
    expect(Object.keys(lists.awards[0]!)).toEqual(['recipient', 'item', 'units', 'lots', 'why', 'sentence']);
    expect(Object.keys(lists.withoutAward[0]!)).toEqual(['recipient', 'item', 'why', 'sentence']);
    expect(JSON.stringify(lists)).toBe(JSON.stringify({ awards: AWARDS, withoutAward: WITHOUT }));
  });

  it('are whole when spread, when picked apart and when cloned', () => {
    const [award] = listsOf([answers()]).awards;
    expect({ ...award, recipient: 'other' }).toStrictEqual({ ...FIRST, recipient: 'other' });
    const { why, ...rest } = award!;
    expect(why).toEqual(WHYS[0]);
    expect(rest).toHaveProperty('sentence', 'You get 36.');
    expect(structuredClone(award)).toStrictEqual(FIRST);
  });

  it('stand item by item in one list, which is made once', () => {
    const lists = listsOf([answers(), { ...answers(), item: 'GOGGLES' }]);
    expect(lists.awards.map(({ item }) => item)).toEqual(['MASK', 'MASK', 'GOGGLES', 'GOGGLES']);
    expect(lists.awards).toBe(lists.awards);
    expect(lists.withoutAward).toBe(lists.withoutAward);
  });

  it('cost no reason until one is read', () => {
    const counted = answers();
    const { awards, withoutAward } = listsOf([counted]);
    expect(awards.length + withoutAward.length).toBe(3);
    expect(counted.asked).toBe(0);
    expect(awards[1]!.why.units).toBe(2 ** 40);
    expect(counted.asked).toBe(1);
  });
});
