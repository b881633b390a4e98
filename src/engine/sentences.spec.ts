import { describe, expect, it } from '@jest/globals';
import { nounOf } from './nouns.js';
import type { Policy, RecipientClaim, Why } from './problem.js';
import { decimal, thousands, type Language } from './language.js';
import { sentenceOf } from './sentences.js';
import { split } from './split.js';
import { CERTAIN, LUCKY, NOTHING } from '../../test/support/reasons.js';

describe('the sentence', () => {
  it.each<[Partial<Why>, string]>([
    [
      {},
      'You get 36 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; you drew place 3 of 28.',
    ],
    [
      { units: 35, extra: 0, rank: 21 },
      'You get 35 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; you drew place 21 of 28.',
    ],
    [{ ...CERTAIN, units: 35, supply: 980 }, 'You get 35 masks: 980 masks among 28 people is 35 each.'],
    [
      { supply: 981, cutoff: 1, rank: 1 },
      'You get 36 masks: 981 masks among 28 people is 35 each, and 1 person gets one more; you drew place 1 of 28.',
    ],
    [
      { ties: 'STABLE' },
      'You get 36 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; by list order you are number 3 of 28.',
    ],
    [
      { fewestExtrasFirst: true },
      'You get 36 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; people who had had fewer single extra units came first, and you drew place 3 of 28.',
    ],
    [
      { fewestExtrasFirst: true, ties: 'STABLE' },
      'You get 36 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; people who had had fewer single extra units came first, then list order, and you are number 3 of 28.',
    ],
    [
      { reserved: 19, supply: 1019 },
      'You get 36 masks: 1,000 masks (19 more kept in reserve) among 28 people is 35 each, and 20 people get one more; you drew place 3 of 28.',
    ],
    [
      { ...CERTAIN, units: 4, floor: 4, supply: 10, people: 4, limitedPeople: 2, limitedUnits: 2 },
      'You get 4 masks: 10 masks among 4 people, of whom 2 asked for fewer and get 2 between them, is 4 each for the others.',
    ],
    [
      { ...CERTAIN, units: 4, floor: 4, supply: 9, people: 3, limitedPeople: 1, limitedUnits: 1 },
      'You get 4 masks: 9 masks among 3 people, of whom 1 asked for fewer and gets 1, is 4 each for the others.',
    ],
    [
      { weighted: true, weight: 2, units: 71, floor: 70, contenders: 5, cutoff: 3, rank: 2 },
      'You get 71 masks: 1,000 masks among 28 people by weight is 70 for a weight of 2, and 3 of 5 people with your weight get one more; you drew place 2 of 5.',
    ],
    [{ ...CERTAIN, units: 1000, floor: 1000, people: 1 }, 'You get 1,000 masks: nobody else is sharing them.'],
    [{ claim: 10, units: 10, bindingConstraint: 'CLAIM' }, 'You asked for 10 masks and get all 10.'],
    [{ claim: 1, units: 1, bindingConstraint: 'CLAIM' }, 'You asked for 1 mask and get it.'],
    [{ cap: 36, bindingConstraint: 'CAP' }, 'You get 36 masks, the most one person may get this time.'],
    [
      { item: 'GOGGLES', units: 1, floor: 0, supply: 3, cutoff: 3 },
      'You get 1 pair of goggles: 3 goggles among 28 people leaves one each for 3 people; you drew place 3 of 28.',
    ],
    [
      { ...NOTHING, item: 'GOGGLES', supply: 3, cutoff: 3, rank: 7 },
      'You get no goggles this time: 3 goggles among 28 people leaves one each for 3 people; you drew place 7 of 28.',
    ],
    [
      { ...NOTHING, supply: 1, cutoff: 1, rank: 7 },
      'You get no masks this time: 1 mask among 28 people leaves one for 1 person; you drew place 7 of 28.',
    ],
    [{ ...CERTAIN, ...NOTHING, supply: 0 }, 'You get no masks this time: there are none to share.'],
    [{ ...CERTAIN, ...NOTHING, supply: 5, reserved: 5 }, 'You get no masks this time: all 5 are kept in reserve.'],
    [
      { ...CERTAIN, ...NOTHING, supply: 1, reserved: 1 },
      'You get no masks this time: the only one is kept in reserve.',
    ],
    [
      { ...CERTAIN, ...NOTHING, cap: 0, bindingConstraint: 'CAP' },
      'You get no masks this time: the most one person may get is none.',
    ],
    [
      { ...CERTAIN, ...NOTHING, supply: 3, weighted: true, weight: 2, exactShare: '3/14' },
      'You get no masks this time: 3 masks among 28 people by weight is 0.21 for your weight of 2, which in whole units, least per weight first, makes none.',
    ],
  ])('%j', (change, sentence) => {
    expect(sentenceOf({ ...LUCKY, ...change })).toBe(sentence);
  });

  it.each<[Partial<Why>, string]>([
    [
      { ...CERTAIN, guarantee: 2, units: 35 },
      'You get 35 masks: 1,000 masks among 28 people (each guaranteed 2) is 35 each.',
    ],
    [
      { guaranteesCovered: false, guarantee: 50, units: 50, floor: 50, extra: 0, cutoff: 20 },
      'You get 50 masks: 1,000 masks are too few to guarantee 50 to each of 28 people, so they were given in turn; you drew place 3 of 28.',
    ],
    [
      { ...NOTHING, guaranteesCovered: false, guarantee: 50, supply: 1, ties: 'STABLE' },
      'You get no masks this time: 1 mask is too few to guarantee 50 to each of 28 people, so they were given in turn; by list order you are number 3 of 28.',
    ],
    [
      { ...NOTHING, guaranteesCovered: false, guarantee: 50, supply: 0 },
      'You get no masks this time: there are none to share.',
    ],
    [
      { ...CERTAIN, rule: 'PROPORTIONAL', rounding: 'WEBSTER', inProportionTo: 'CLAIM', claim: 90, claimed: 2520 },
      'You get 36 masks: 1,000 masks among 28 people in proportion to claims is 35.71 for you, rounded to 36 by the method of Webster.',
    ],
    [
      {
        ...CERTAIN,
        rule: 'PROPORTIONAL',
        rounding: 'ADAMS',
        inProportionTo: 'WEIGHT',
        weighted: true,
        exactShare: '36',
      },
      'You get 36 masks: 1,000 masks among 28 people by weight is 36 for you.',
    ],
    [
      { rule: 'PROPORTIONAL', rounding: 'LARGEST_REMAINDER', inProportionTo: 'WEIGHT' },
      'You get 36 masks: 1,000 masks among 28 people in equal parts is 35.71 for you, rounded to 35 or 36 by the method of largest remainders, and 20 of 28 people in your position get one more; you drew place 3 of 28.',
    ],
    [
      { ...CERTAIN, rule: 'CONSTRAINED_EQUAL_LOSSES', claim: 50, claimed: 1400 },
      'You get 36 masks: 1,000 masks among 28 people, who asked for 1,400, leaves each without the same number as nearly as can be, which makes 36 of the 50 you asked for.',
    ],
    [
      { ...CERTAIN, rule: 'TALMUD', half: 'UPPER', claim: 50, claimed: 1400 },
      'You get 36 masks: 1,000 masks among 28 people, who asked for 1,400, is more than half, so that each goes without the same number, but no more than half of the claim, which makes 36 of the 50 you asked for.',
    ],
    [
      { ...CERTAIN, rule: 'TALMUD', half: 'LOWER', claim: 90, claimed: 2800 },
      'You get 36 masks: 1,000 masks among 28 people, who asked for 2,800, is no more than half, so that each gets the same number, but no more than half of the claim, which makes 36 of the 90 you asked for.',
    ],
    [
      { rule: 'MAX_MIN_FILL_RATE', claim: 50, claimed: 1400, contenders: 4, cutoff: 1, rank: 1 },
      'You get 36 masks: 1,000 masks among 28 people, who asked for 1,400, fills the same part of each claim as nearly as can be, which makes 36 of the 50 you asked for, and 1 of 4 people in your position gets one more; you drew place 1 of 4.',
    ],
  ])('of other rules and of guarantees: %j', (change, sentence) => {
    expect(sentenceOf({ ...LUCKY, ...change })).toBe(sentence);
  });

  it('of reasons written before there were other rules is as it was', () => {
    const { rule: _rule, guaranteesCovered: _covered, guarantee: _guarantee, ...old } = LUCKY;
    expect(sentenceOf(old as Why)).toBe(sentenceOf(LUCKY));
  });

  it('takes the noun it is given', () => {
    const sentence = sentenceOf(
      { ...LUCKY, ...CERTAIN, units: 35 },
      { one: 'KN95 respirator', other: 'KN95 respirators' },
    );
    expect(sentence).toBe('You get 35 KN95 respirators: 1,000 KN95 respirators among 28 people is 35 each.');
  });

  it('can be told in another language from the same reasons', () => {
    const tersely: Language = (why) => ({ before: `${why.units} (`, after: ')!' });
    expect(sentenceOf(LUCKY, undefined, tersely)).toBe('36 (3)!');
  });

  it('of a split is the one its reasons tell, for everyone, weighted, capped and reserved', () => {
    const recipients: RecipientClaim[] = Array.from({ length: 40 }, (_, i) => ({
      id: `r${i}`,
      weight: 1 + (i % 3),
      ...(i % 4 === 0 ? { claims: { MASK: 1 + i } } : {}),
    }));
    const policy: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: { MASK: 30 }, reserveUnits: { MASK: 7 } };
    const { awards } = split({ policy, lots: [{ id: 'm', item: 'MASK', units: 1011 }], recipients });
    expect(new Set(awards.map(({ sentence }) => sentence)).size).toBeGreaterThan(8);
    for (const { why, sentence } of awards) expect(sentenceOf(why)).toBe(sentence);
  });
});

describe('numbers and nouns', () => {
  it.each([
    ['250/7', '35.71'],
    ['35', '35'],
    ['71/2', '35.5'],
    ['1000001/1000', '1,000'],
    ['999999/1000', '999.99'],
  ])('%s is read as %s', (share, read) => expect(decimal(share)).toBe(read));

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [20_045, '20,045'],
    [1_234_567, '1,234,567'],
    [1e15, '1,000,000,000,000,000'],
  ])('%d is written %s', (value, written) => expect(thousands(value)).toBe(written));

  it.each([
    ['MASK', 'mask', 'masks'],
    ['FACE_SHIELD', 'face shield', 'face shields'],
    ['NITRILE_GLOVES', 'nitrile glove', 'nitrile gloves'],
    ['GOGGLES', 'pair of goggles', 'goggles'],
    ['N95', 'N95', 'N95s'],
    ['KN95_MASK', 'KN95 mask', 'KN95 masks'],
    ['DRESS', 'dress', 'dresses'],
    ['ASSEMBLY', 'assembly', 'assemblies'],
    ['_', '_', '_'],
  ])('%s is one %s, several %s', (item, one, other) => {
    expect(nounOf(item)).toEqual({ one, other });
  });
});
