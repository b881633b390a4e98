import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { chineseNounOf } from './chinese-nouns.js';
import { inChinese } from './chinese.js';
import { RULES, type Earmark, type Policy, type Pool, type Problem, type RecipientClaim, type Why } from './problem.js';
import { sentenceOf } from './sentences.js';
import { split } from './split.js';
import { CERTAIN, LUCKY, NOTHING } from '../../test/support/reasons.js';

function chinese(why: Why): string {
  return sentenceOf(why, chineseNounOf(why.item), inChinese);
}

const FOR_US: Earmark = { strength: 'ONLY', countries: ['US'] };
const POOL: Pool = {
  units: 300,
  people: 12,
  earmarks: [FOR_US],
  before: 0,
  bestPlacesWin: true,
  step: null,
  tier: null,
};

describe('the Chinese sentence of an item with earmarked lots', () => {
  it.each<[string, Partial<Why>, Partial<Pool>, string]>([
    [
      'given for some only',
      { ...CERTAIN, units: 25, exactShare: '25' },
      {},
      '您分到25只口罩：1,300只口罩中的300只指定仅供在美国的人员使用，分配给12人，您应得25只。',
    ],
    [
      'for everybody, with a draw',
      { units: 7, floor: 6, exactShare: '25/4', rank: 1, contenders: 16, cutoff: 4 },
      { units: 100, people: 16, earmarks: [null] },
      '您分到7只口罩：1,300只口罩中的100只分配给16人，您应得6.25只，与您情况相同的16人中有4人多得1只；抽签决定，您排在第1位（共16位）。',
    ],
    [
      'every list of an earmark named',
      { ...CERTAIN, units: 5, supply: 10, exactShare: '5' },
      {
        units: 10,
        people: 2,
        earmarks: [{ strength: 'FIRST', countries: ['US', 'PT'], groups: ['er', 'icu'], tiers: [1, 2] }],
      },
      '您分到5只口罩：10只口罩指定优先供在美国或PT且属于er或icu组且暴露等级为1或2级的人员使用，分配给2人，您应得5只。',
    ],
    [
      'lots of several earmarks shared at once',
      { ...CERTAIN, units: 46, supply: 1300, exactShare: '325/7' },
      { units: 1300, people: 28, earmarks: [FOR_US, { strength: 'FIRST', tiers: [1] }, null] },
      '您分到46只口罩：1,300只口罩（其中一部分指定仅供在美国的人员使用，一部分指定优先供暴露等级为1级的人员使用）分配给28人，您应得46.42只。',
    ],
    [
      'nothing left for her',
      { ...CERTAIN, ...NOTHING, exactShare: '0' },
      { units: 0, people: 0 },
      '很抱歉，您本次未能分到口罩：可以分给您的部分已无剩余。',
    ],
    [
      'she alone, counting what she had before',
      { ...CERTAIN, units: 40, exactShare: '40' },
      { people: 1, units: 30, before: 10 },
      '您分到40只口罩：1,300只口罩中的30只指定仅供在美国的人员使用，仅分配给您一人，您应得40只（含本次已分到的10只）。',
    ],
    [
      'weights and a guarantee',
      { ...CERTAIN, units: 25, exactShare: '25', weighted: true, guarantee: 2 },
      {},
      '您分到25只口罩：1,300只口罩中的300只指定仅供在美国的人员使用，按权重分配给12人（每人保证2只），您应得25只。',
    ],
    [
      'too little for all guarantees',
      { ...CERTAIN, units: 25, exactShare: '25', guarantee: 50, guaranteesCovered: false },
      {},
      '您分到25只口罩：1,300只口罩中的300只指定仅供在美国的人员使用，分配给12人，不足以保证每人50只，您应得25只。',
    ],
    [
      'places that lots kept for others overrule',
      { units: 2, floor: 1, exactShare: '3/2', rank: 2, contenders: 2, cutoff: 1 },
      { units: 3, people: 2, earmarks: [null], bestPlacesWin: false },
      '您分到2只口罩：1,300只口罩中的3只分配给2人，您应得1.5只，与您情况相同的2人中有1人多得1只（以不动用指定给他人的部分为限）。',
    ],
    [
      'in proportion to claims',
      { ...CERTAIN, units: 25, exactShare: '25', rule: 'PROPORTIONAL', inProportionTo: 'CLAIM' },
      {},
      '您分到25只口罩：1,300只口罩中的300只指定仅供在美国的人员使用，按申请量的比例分配给12人，您应得25只。',
    ],
    [
      'equal losses',
      { ...CERTAIN, units: 25, exactShare: '25', rule: 'CONSTRAINED_EQUAL_LOSSES', claim: 40 },
      { earmarks: [null] },
      '您分到25只口罩：1,300只口罩中的300只分配给12人，使每人未获满足的数量尽可能相等，您应得25只。',
    ],
    [
      'the Talmud',
      { ...CERTAIN, units: 25, exactShare: '25', rule: 'TALMUD', half: 'UPPER', claim: 40 },
      { earmarks: [null] },
      '您分到25只口罩：1,300只口罩中的300只分配给12人，使每人未获满足的数量相等，但不超过各自申请量的一半，您应得25只。',
    ],
    [
      'equal fill',
      { ...CERTAIN, units: 25, exactShare: '25', rule: 'MAX_MIN_FILL_RATE', claim: 40 },
      { earmarks: [null] },
      '您分到25只口罩：1,300只口罩中的300只分配给12人，使每人申请得到满足的比例尽可能相等，您应得25只。',
    ],
    [
      'all she asked for',
      { ...CERTAIN, units: 10, claim: 10, bindingConstraint: 'CLAIM' },
      {},
      '您申请10只口罩，已全部分配给您。',
    ],
  ])('%s', (_case, change, pool, sentence) => {
    expect(chinese({ ...LUCKY, supply: 1300, ...change, pool: { ...POOL, ...pool } })).toBe(sentence);
  });
});

const GROUPS = ['er', 'icu'];
const COUNTRIES = ['DE', 'PT', 'US'];
const ITEMS = ['MASK', 'KN95', 'SYRINGE'];

const earmarks: fc.Arbitrary<Earmark> = fc
  .record(
    {
      strength: fc.constantFrom('ONLY' as const, 'FIRST' as const),
      groups: fc.subarray(GROUPS, { minLength: 1 }),
      countries: fc.subarray(COUNTRIES, { minLength: 1 }),
      tiers: fc.subarray([1, 2, 3], { minLength: 1 }),
    },
    { requiredKeys: ['strength'] },
  )
  .map((earmark) => (Object.keys(earmark).length > 1 ? earmark : { ...earmark, tiers: [1] }));

const unitsByItem = (max: number) =>
  fc.dictionary(fc.constantFrom(...ITEMS), fc.integer({ min: 0, max }), { noNullPrototype: true });

const policies: fc.Arbitrary<Policy> = fc
  .record(
    {
      rule: fc.constantFrom(...RULES),
      ties: fc.constantFrom({ by: 'STABLE' as const }, { by: 'LOTTERY' as const, seed: 's' }),
      cap: unitsByItem(12),
      reserveUnits: unitsByItem(9),
      guarantee: unitsByItem(4),
    },
    { requiredKeys: ['rule'] },
  )
  .map(({ guarantee, ...policy }) =>
    guarantee && (policy.rule === 'CONSTRAINED_EQUAL_AWARDS' || policy.rule === 'MAX_MIN_FILL_RATE')
      ? { ...policy, guarantee }
      : policy,
  );

const recipientsArbitrary: fc.Arbitrary<RecipientClaim[]> = fc
  .array(
    fc.record(
      {
        groups: fc.subarray(GROUPS),
        country: fc.constantFrom(...COUNTRIES),
        tier: fc.integer({ min: 1, max: 3 }),
        weight: fc.integer({ min: 1, max: 3 }),
        claims: unitsByItem(15),
      },
      { requiredKeys: ['claims'] },
    ),
    { maxLength: 8 },
  )
  .map((recipients) => recipients.map((recipient, i) => ({ id: `r${i}`, ...recipient })));

/** Splits of all kinds: every rule, lots for all and lots for some. */
const problems: fc.Arbitrary<Problem> = fc.record({
  policy: policies,
  lots: fc
    .array(
      fc.record(
        { item: fc.constantFrom(...ITEMS), units: fc.integer({ min: 0, max: 25 }), earmark: earmarks },
        { requiredKeys: ['item', 'units'] },
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((lots) => lots.map((lot, i) => ({ id: `lot${i}`, ...lot }))),
  recipients: recipientsArbitrary,
});

function reasonsIn(problem: Problem): Why[] {
  const { awards, withoutAward } = split(problem);
  return [...awards, ...withoutAward].map(({ why }) => why);
}

function numbersIn(sentence: string): string[] {
  return sentence.match(/\d[\d,.]*(?<=\d)/g) ?? [];
}

describe('the two languages', () => {
  it('both answer every reason of a split, with the same numbers', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        for (const why of reasonsIn(problem)) {
          const english = sentenceOf(why);
          expect(english).toMatch(/^You .+\.$/);
          expect(english).not.toMatch(/undefined|null|NaN/);
          expect(chinese(why)).toMatch(/^(您|很抱歉，您)[^。]+。$/);
          expect(numbersIn(chinese(why))).toEqual(expect.arrayContaining(numbersIn(english)));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('leave no Latin letter in the Chinese one but in codes of items and countries and names of groups', () => {
    const codes = new RegExp([...ITEMS, ...COUNTRIES, ...GROUPS].join('|'), 'g');
    fc.assert(
      fc.property(problems, (problem) => {
        for (const why of reasonsIn(problem)) expect(chinese(why).replace(codes, '')).not.toMatch(/[A-Za-z]/);
      }),
      { numRuns: 400 },
    );
  });

  it('tell the same people of a split apart', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const englishOf = new Map<string, string>();
        for (const why of reasonsIn(problem)) {
          const english = sentenceOf(why);
          expect([chinese(why), englishOf.get(chinese(why)) ?? english]).toEqual([chinese(why), english]);
          englishOf.set(chinese(why), english);
        }
      }),
      { numRuns: 400 },
    );
  });
});
