import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Lot, Policy, Problem, RecipientClaim, Split } from './problem.js';
import { split } from './split.js';

const EQUAL: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS' };
const masks = (units: number, more: Partial<Lot> = {}): Lot => ({ id: 'm1', item: 'MASK', units, ...more });
const claiming = (...claims: number[]): RecipientClaim[] =>
  claims.map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } }));

function unitsOf({ awards, withoutAward }: Split): number[] {
  return [...awards, ...withoutAward].sort((a, b) => (a.recipient < b.recipient ? -1 : 1)).map(({ why }) => why.units);
}

const sentencesOf = ({ awards, withoutAward }: Split) =>
  Object.fromEntries([...awards, ...withoutAward].map(({ recipient, sentence }) => [recipient, sentence]));

describe('strict tiers', () => {
  const recipients: RecipientClaim[] = [
    { id: 'icu', tier: 1, claims: { MASK: 60 } },
    { id: 'ward1', tier: 2, claims: { MASK: 50 } },
    { id: 'ward2', tier: 2, claims: { MASK: 50 } },
    { id: 'office', tier: 3, claims: { MASK: 10 } },
    { id: 'unknown', claims: { MASK: 10 } },
  ];
  const strict = (units: number) =>
    split({ policy: { ...EQUAL, tiers: { by: 'STRICT' } }, lots: [masks(units)], recipients });

  it('serve the first tier with all it can take, then the next', () => {
    expect(unitsOf(strict(100))).toEqual([60, 0, 0, 20, 20]);
    expect(unitsOf(strict(175))).toEqual([60, 10, 5, 50, 50]);
  });

  it('say who gets nothing because of it, and in which order tiers were served', () => {
    const { notes, awards, withoutAward } = strict(100);
    expect(notes).toEqual([
      {
        code: 'STAGES',
        item: 'MASK',
        stages: [
          { lots: ['m1'], units: 100, people: 1, tier: 1 },
          { lots: ['m1'], units: 40, people: 2, tier: 2 },
        ],
      },
      { code: 'TIERS', item: 'MASK', tier: 3, people: 1 },
      { code: 'TIERS', item: 'MASK', tier: null, people: 1 },
    ]);
    expect(withoutAward.map(({ why }) => why.bindingConstraint)).toEqual(['TIER', 'TIER']);
    expect(sentencesOf({ awards, withoutAward } as Split)).toEqual({
      icu: 'You asked for 60 masks and get all 60.',
      office: 'You get no masks this time: earlier tiers are served first, and nothing was left for tier 3.',
      unknown:
        'You get no masks this time: earlier tiers are served first, and nothing was left for people without a tier.',
      ward1:
        'You get 20 masks: 40 of the 100 masks were left and shared among 2 people of tier 2, which makes 20 for you.',
      ward2:
        'You get 20 masks: 40 of the 100 masks were left and shared among 2 people of tier 2, which makes 20 for you.',
    });
  });

  it('come to what splitting for one tier after the other comes to, under every rule', () => {
    const problems = fc.record({
      rule: fc.constantFrom<Policy['rule']>('CONSTRAINED_EQUAL_AWARDS', 'PROPORTIONAL', 'TALMUD', 'MAX_MIN_FILL_RATE'),
      units: fc.integer({ min: 0, max: 80 }),
      people: fc.array(fc.record({ tier: fc.constantFrom(1, 2, 3), claim: fc.integer({ min: 1, max: 20 }) }), {
        maxLength: 9,
      }),
    });
    fc.assert(
      fc.property(problems, ({ rule, units, people }) => {
        const all = people.map(({ tier, claim }, i) => ({ id: `r${i}`, tier, claims: { MASK: claim } }));
        const whole = split({ policy: { rule, tiers: { by: 'STRICT' } }, lots: [masks(units)], recipients: all });
        let left = units;
        const expected = new Map<string, number>();
        for (const tier of [1, 2, 3]) {
          const some = all.filter((one) => one.tier === tier);
          const part = split({ policy: { rule }, lots: [masks(left)], recipients: some });
          for (const { recipient, why } of [...part.awards, ...part.withoutAward]) expected.set(recipient, why.units);
          left -= part.metrics['MASK']!.awarded;
        }
        expect(unitsOf(whole)).toEqual(all.map(({ id }) => expected.get(id)!));
      }),
    );
  });

  it('serve earlier tiers from lots that leave most to later ones', () => {
    const lots: Lot[] = [
      { id: 'a-open', item: 'MASK', units: 10 },
      { id: 'b-icu', item: 'MASK', units: 10, earmark: { strength: 'ONLY', groups: ['icu'] } },
    ];
    const both: RecipientClaim[] = [
      { id: 'first', tier: 1, groups: ['icu'], claims: { MASK: 10 } },
      { id: 'second', tier: 2, claims: { MASK: 10 } },
    ];
    expect(unitsOf(split({ policy: { ...EQUAL, tiers: { by: 'STRICT' } }, lots, recipients: both }))).toEqual([10, 10]);
  });
});

describe('reserved tiers', () => {
  const reserved: Policy = { ...EQUAL, tiers: { by: 'RESERVED', shares: { 1: 5, 2: 3, 3: 2 } } };
  const recipients: RecipientClaim[] = [
    ...['a', 'b'].map((id) => ({ id, tier: 1, claims: { MASK: 20 } })),
    ...['c', 'd', 'e'].map((id) => ({ id, tier: 2, claims: { MASK: 50 } })),
    ...['f', 'g', 'h', 'i', 'j'].map((id) => ({ id, tier: 3, claims: { MASK: 50 } })),
  ];

  it('serve each tier from its part, and share among everybody what a tier cannot take', () => {
    const result = split({ policy: reserved, lots: [masks(100)], recipients });
    // Tier 1 takes 40 of its 50; tier 2 has 10 each, tier 3 4 each; the 10 left go to whoever has least.
    expect(unitsOf(result)).toEqual([20, 20, 10, 10, 10, 6, 6, 6, 6, 6]);
    const { sentence } = result.awards.at(-1)!;
    expect(sentence).toBe(
      'You get 6 masks: 10 of the 100 masks were shared among 10 people, which makes 6 for you with the 4 you already had.',
    );
    expect(result.awards[2]!.sentence).toBe(
      'You get 10 masks: 30 of the 100 masks were set aside and shared among 3 people of tier 2, which makes 10 for you.',
    );
  });

  it('cut lots so that no lot leaves a tier out of what it is due by then', () => {
    const lots = [7, 1, 1, 1].map((units, i) => masks(units, { id: `m${i}` }));
    const none = recipients.map((one) => ({ ...one, claims: { MASK: 100 } }));
    const { notes } = split({ policy: reserved, lots, recipients: none });
    const stages = notes.flatMap((note) => (note.code === 'STAGES' ? note.stages : []));
    expect(stages.map(({ units }) => units)).toEqual([5, 3, 2]);
  });
});

describe('whole packs', () => {
  const packs: Policy = { ...EQUAL, wholePacks: true };

  it('are shared whole, and what is broken is reported', () => {
    const people = Array.from({ length: 28 }, (_, i) => ({ id: `r${10 + i}` }));
    const result = split({ policy: packs, lots: [masks(1019, { unitsPerPack: 50 })], recipients: people });
    expect(result.awards.map(({ units }) => units)).toEqual(Array.from({ length: 20 }, () => 50));
    expect(result.unallocated).toEqual([{ lot: 'm1', units: 19, reason: 'BROKEN_PACK' }]);
    expect(result.awards[0]!.sentence).toBe(
      'You get 1 pack of 50 masks: 20 packs of 50 masks among 28 people leaves one each for 20 people; by list order you are number 1 of 28.',
    );
    expect(result.awards[0]!.why).toMatchObject({ floor: 0, extra: 50, exactShare: '250/7', pack: 50, broken: 19 });
  });

  it('are no more than fit the claim', () => {
    const result = split({ policy: packs, lots: [masks(500, { unitsPerPack: 50 })], recipients: claiming(120, 30) });
    expect(unitsOf(result)).toEqual([100, 0]);
    expect(result.unallocated).toEqual([{ lot: 'm1', units: 400, reason: 'NO_ELIGIBLE_CLAIM' }]);
    expect(sentencesOf(result)).toEqual({
      r0: 'You get 2 packs of 50 masks: what you may still have is less than a whole pack.',
      r1: 'You get no packs of 50 masks this time: what you may have is less than a whole pack.',
    });
  });

  it('of several sizes are shared the largest first, and loose units last', () => {
    const lots = [masks(100, { id: 'boxes', unitsPerPack: 50 }), masks(31, { id: 'loose' })];
    const result = split({ policy: packs, lots, recipients: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
    expect(unitsOf(result)).toEqual([50, 50, 31]);
  });
});

describe('minimum lots', () => {
  const lotsOf50: Policy = { ...EQUAL, minimumLot: { MASK: 50 } };

  it('serve as many as can have one, and split the rest among those', () => {
    const recipients = claiming(200, 200, 30, 200, 200);
    const result = split({ policy: lotsOf50, lots: [masks(145)], recipients });
    // 50 + 50 + 30 fit; the 15 left go to those three, of whom one has all she asked for.
    expect(unitsOf(result)).toEqual([58, 57, 30, 0, 0]);
    expect(result.notes).toContainEqual({
      code: 'MINIMUM_LOTS',
      item: 'MASK',
      admit: 'TIE_ORDER',
      admitted: 3,
      without: 2,
      claimed: 400,
    });
    expect(sentencesOf(result)).toMatchObject({
      r1: 'You get 57 masks: 145 masks in lots of at least 50 among 3 of 5 people, of whom 1 asked for fewer and gets 30, is 57 each for the others, and 1 person gets one more; by list order you are number 2 of 2.',
      r4: 'You get no masks this time: 145 masks in lots of at least 50 are enough for 3 of 5 people; by list order you are number 5 of 5.',
    });
  });

  it('admit the smallest claims first where that is wanted, and say whom it starves', () => {
    const policy: Policy = { ...lotsOf50, admit: 'SMALLEST_CLAIM_FIRST' };
    const result = split({ policy, lots: [masks(100)], recipients: claiming(300, 40, 60, 10, 200) });
    expect(unitsOf(result)).toEqual([0, 40, 50, 10, 0]);
    expect(result.withoutAward[0]!.sentence).toBe(
      'You get no masks this time: 100 masks in lots of at least 50 are enough for 3 of 5 people; the smallest claims came first, and you are number 5 of 5.',
    );
  });

  it('leave what is less than a minimum where it is, unless it fits somebody later in the order', () => {
    const result = split({ policy: lotsOf50, lots: [masks(70)], recipients: claiming(40, 80, 90) });
    expect(unitsOf(result)).toEqual([40, 0, 0]);
    expect(result.unallocated).toEqual([{ lot: 'm1', units: 30, reason: 'BELOW_MINIMUM_LOT' }]);
    expect(unitsOf(split({ policy: lotsOf50, lots: [masks(70)], recipients: claiming(40, 80, 25) }))).toEqual([
      40, 0, 25,
    ]);
  });
});

describe('rounding that is remembered', () => {
  const policy: Policy = {
    ...EQUAL,
    ties: { by: 'CARRY_OVER', seed: 's' },
    memory: { by: 'ROUNDING' },
  };

  it('gives the single units to those whom it left short, so that nobody is ever a unit behind', () => {
    const estates = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(estates, fc.integer({ min: 1, max: 9 }), (units, count) => {
        let recipients: RecipientClaim[] = Array.from({ length: count }, (_, i) => ({ id: `r${i}` }));
        const had = new Map<string, number>();
        for (const [round, estate] of units.entries()) {
          const { awards, deficits } = split({ plan: `p${round}`, policy, lots: [masks(estate)], recipients });
          for (const award of awards) had.set(award.recipient, (had.get(award.recipient) ?? 0) + award.units);
          recipients = deficits!.map(({ recipient, deficit }) => ({ id: recipient, deficit: { MASK: deficit } }));
          const values = deficits!.map(({ deficit }) => valueOf(deficit));
          for (const value of values) expect(Math.abs(value)).toBeLessThan(1);
          expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
        }
        const counts = recipients.map(({ id }) => had.get(id) ?? 0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('counts before the lottery and after single units of the same plan', () => {
    const recipients = ['1/3', '2/3', '-1/3', '0'].map((deficit, i) => ({ id: `r${i}`, deficit: { MASK: deficit } }));
    const { awards } = split({ policy, lots: [masks(2)], recipients });
    expect(awards.map(({ recipient, why }) => [recipient, why.rank, why.deficit])).toEqual([
      ['r0', 2, '1/3'],
      ['r1', 1, '2/3'],
    ]);
    expect(awards[1]!.sentence).toBe(
      'You get 1 mask: 2 masks among 4 people leaves one each for 2 people; those whom earlier rounding left short came first, then by lottery, and you are number 1 of 4.',
    );
  });
});

const valueOf = (fraction: string) => Number(fraction.split('/')[0]) / Number(fraction.split('/')[1] ?? 1);

describe('what was received before', () => {
  const policy: Policy = { ...EQUAL, memory: { by: 'CUMULATIVE', days: 90 } };

  it('counts as if this plan had given it: the water rises from there', () => {
    const recipients = [30, 10, 0].map((units, i) => ({ id: `r${i}`, received: { MASK: units } }));
    const result = split({ policy, lots: [masks(40)], recipients });
    expect(unitsOf(result)).toEqual([0, 15, 25]);
    expect(sentencesOf(result)).toMatchObject({
      r0: 'You get no masks this time: 40 masks among 3 people, counting what each had received before, is 0 for you, who had 30.',
      r1: 'You get 15 masks: 40 masks among 3 people, counting what each had received before, is 15 for you, who had 10.',
    });
  });

  it('is min(claim, max(0, level x weight - received)) for one level, within a unit', () => {
    const people = fc.array(
      fc.record({
        claim: fc.integer({ min: 1, max: 40 }),
        received: fc.integer({ min: 0, max: 30 }),
        weight: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(people, fc.integer({ min: 0, max: 120 }), (list, units) => {
        const recipients = list.map(({ claim, received, weight }, i) => ({
          id: `r${i}`,
          weight,
          claims: { MASK: claim },
          received: { MASK: received },
        }));
        const result = split({ policy, lots: [masks(units)], recipients });
        const at = (level: number) =>
          list.map(({ claim, received, weight }) => Math.min(claim, Math.max(0, level * weight - received)));
        let [low, high] = [0, 200];
        for (let i = 0; i < 60; i++) {
          const middle = (low + high) / 2;
          if (at(middle).reduce((sum, share) => sum + share, 0) < units) low = middle;
          else high = middle;
        }
        // Leximin per weight can take more than a unit from a large weight.
        if (list.every(({ weight }) => weight === 1)) {
          unitsOf(result).forEach((award, i) => expect(Math.abs(award - at(high)[i]!)).toBeLessThan(1 + 1e-9));
        }
        for (const { recipient, why } of [...result.awards, ...result.withoutAward]) {
          expect(valueOf(why.exactShare)).toBeCloseTo(at(high)[Number(recipient.slice(1))]!, 6);
        }
      }),
    );
  });

  it('of newcomers is the mean of the others, so that they need not be given years at once', () => {
    const recipients: RecipientClaim[] = [
      { id: 'a', received: { MASK: 30 } },
      { id: 'b', received: { MASK: 10 } },
      { id: 'new' },
      { id: 'nothing', received: {} },
    ];
    // The mean of 30, 10 and 0 is 13; the water rises to 11 and a half.
    expect(unitsOf(split({ policy, lots: [masks(13)], recipients }))).toEqual([0, 2, 0, 11]);
  });
});

describe('claims that several items can meet', () => {
  const lots = [masks(30, { id: 'n95', item: 'N95' }), masks(40, { id: 'kn95', item: 'KN95' })];
  const anyMask: RecipientClaim = { id: 'any', anyOf: [{ items: ['N95', 'KN95'], units: 50 }] };

  it('are met once, item after item', () => {
    const { awards } = split({ policy: EQUAL, lots, recipients: [anyMask] });
    expect(awards.map(({ item, units }) => [item, units])).toEqual([
      ['N95', 30],
      ['KN95', 20],
    ]);
  });

  it('come after the claim on the item itself', () => {
    const one: RecipientClaim = { ...anyMask, claims: { N95: 25 } };
    const { awards } = split({ policy: EQUAL, lots: [masks(30, { id: 'n95', item: 'N95' })], recipients: [one] });
    expect(awards[0]).toMatchObject({ units: 30, why: { claim: 75 } });
    const both: Problem = { policy: EQUAL, lots, recipients: [one] };
    expect(split(both).awards.map(({ units }) => units)).toEqual([30, 40]);
  });
});

describe('an item of which there is no lot', () => {
  it('does not pass in silence', () => {
    const policy: Policy = { ...EQUAL, cap: { MAKS: 5 } };
    const recipients = [...claiming(3), { id: 'z', claims: { GOGGLES: 2, GOWN: 0 } }];
    expect(split({ policy, lots: [masks(3)], recipients }).notes).toEqual([
      { code: 'NOT_IN_STOCK', item: 'GOGGLES', people: 1 },
      { code: 'NOT_IN_STOCK', item: 'MAKS', people: 0 },
    ]);
  });
});
