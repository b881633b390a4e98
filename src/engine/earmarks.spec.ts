import { describe, expect, it } from '@jest/globals';
import type { Earmark, Lot, Policy, Problem, RecipientClaim, Split } from './problem.js';
import { split } from './split.js';

const FOR_US: Earmark = { strength: 'ONLY', countries: ['US'] };

function lot(id: string, units: number, earmark?: Earmark, more: Partial<Lot> = {}): Lot {
  return { id, item: 'MASK', units, ...(earmark && { earmark }), ...more };
}

function people(count: number, prefix: string, more: Partial<RecipientClaim> = {}): RecipientClaim[] {
  return Array.from({ length: count }, (_, i) => ({ id: `${prefix}${String(i + 1).padStart(2, '0')}`, ...more }));
}

const US_AND_UK = [...people(12, 'us', { country: 'US' }), ...people(16, 'gb', { country: 'GB' })];

function problem(lots: Lot[], recipients: RecipientClaim[] = US_AND_UK, policy: Partial<Policy> = {}): Problem {
  return { policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', ...policy }, lots, recipients };
}

function rowOf({ awards, withoutAward }: Split, id: string, item = 'MASK') {
  return [...awards, ...withoutAward].find((row) => row.recipient === id && row.item === item)!;
}

describe('hard earmarks', () => {
  it('are shared among those they name, who then take less of the open lots', () => {
    const result = split(problem([lot('m1', 300, FOR_US), lot('m2', 1000)]));
    expect(rowOf(result, 'us01').why.exactShare).toBe('325/7');
    expect(result.awards.flatMap(({ recipient, lots }) => lots.map((piece) => [recipient, piece.lot]))).toContainEqual([
      'us01',
      'm1',
    ]);
    for (const { recipient, lots } of result.awards) {
      if (recipient.startsWith('gb')) expect(lots.map((piece) => piece.lot)).toEqual(['m2']);
    }
    expect(result.notes).toEqual([]);
  });

  it('that are a bottleneck are the pool that is told', () => {
    const result = split(problem([lot('m1', 1200, FOR_US), lot('m2', 100)]));
    expect(rowOf(result, 'us01').sentence).toBe(
      'You get 100 masks: 1,200 of the 1,300 masks were given for the US only and were shared among 12 people, which makes 100 for you.',
    );
    expect(rowOf(result, 'gb01').sentence).toBe(
      'You get 7 masks: 100 of the 1,300 masks were shared among 16 people, which makes 6.25 for you, and 4 of 16 people in your position get one more; by list order you are number 1 of 16.',
    );
    expect(rowOf(result, 'gb01').why).toMatchObject({
      people: 28,
      floor: 6,
      extra: 1,
      rank: 1,
      contenders: 16,
      cutoff: 4,
      pool: { units: 100, people: 16, earmarks: [null], before: 0, bestPlacesWin: true },
    });
  });

  it('name whoever matches every list: any of the groups, her country, her tier', () => {
    const recipients: RecipientClaim[] = [
      { id: 'a', groups: ['er', 'lab'], country: 'US', tier: 1 },
      { id: 'b', groups: ['icu'], country: 'US', tier: 2 },
      { id: 'c', groups: ['lab'], country: 'US', tier: 1 },
      { id: 'd', groups: ['er'], country: 'DE', tier: 1 },
      { id: 'e', groups: ['er'], country: 'US', tier: 3 },
      { id: 'f', groups: ['er'], tier: 1 },
      { id: 'g', groups: ['er'], country: 'US' },
      { id: 'h', country: 'US', tier: 1 },
    ];
    const earmark: Earmark = { strength: 'ONLY', groups: ['er', 'icu'], countries: ['US'], tiers: [1, 2] };
    const result = split(problem([lot('m1', 10, earmark)], recipients));
    expect(result.awards.map(({ recipient }) => recipient)).toEqual(['a', 'b']);
    expect(result.withoutAward).toEqual([]);
    expect(result.awards[0]!.sentence).toBe(
      'You get 5 masks: 10 masks were given for the US and groups er or icu and tiers 1 or 2 only and were shared among 2 people, which makes 5 for you.',
    );
  });

  it('stay idle when nobody named can take them, and say so', () => {
    const lots = [
      lot('m1', 7, { strength: 'ONLY', groups: ['nobody'] }),
      lot('m2', 9, FOR_US, { expiresOn: '2020-04-01' }),
      lot('m3', 30, FOR_US, { expiresOn: '2020-05-01' }),
      lot('m4', 4, FOR_US),
    ];
    const recipients = people(2, 'us', { country: 'US', claims: { MASK: 10 } });
    const result = split({ ...problem(lots, recipients, { reserveUnits: { MASK: 5 } }), day: '2020-04-10' });
    expect(result.unallocated).toEqual([
      { lot: 'm2', units: 9, reason: 'EXPIRED' },
      { lot: 'm3', units: 10, reason: 'NO_ELIGIBLE_CLAIM' },
      { lot: 'm1', units: 6, reason: 'NO_ELIGIBLE_CLAIM' },
      { lot: 'm1', units: 1, reason: 'RESERVED' },
      { lot: 'm4', units: 4, reason: 'RESERVED' },
    ]);
    expect(result.metrics['MASK']).toMatchObject({ supply: 41, awarded: 20, claimed: 20, served: 2 });
  });

  it('leave whoever finds her lots empty with a reason', () => {
    const result = split(problem([lot('m1', 0, FOR_US), lot('m2', 5, { strength: 'ONLY', countries: ['GB'] })]));
    expect(rowOf(result, 'us01').sentence).toBe(
      'You get no masks this time: nothing is left of those that may go to you.',
    );
    expect(rowOf(result, 'us01').why).toMatchObject({ units: 0, exactShare: '0', pool: { units: 0, people: 0 } });
  });

  it('count in whom single units go to first at the next item', () => {
    const recipients = people(2, 'us', { country: 'US' });
    const item2 = { ...lot('g1', 1), item: 'GOWN' };
    const result = split(problem([lot('m1', 3, FOR_US), item2], recipients));
    expect(rowOf(result, 'us01').why.units).toBe(2);
    expect(rowOf(result, 'us02', 'GOWN').why.units).toBe(1);
    const turned = split(problem([item2, lot('m1', 3, FOR_US)], recipients));
    expect([rowOf(turned, 'us01', 'GOWN').why.units, rowOf(turned, 'us02').why.units]).toEqual([1, 2]);
    expect(rowOf(turned, 'us02').why).toMatchObject({ rank: 1, fewestExtrasFirst: true, extrasBefore: 0 });
  });

  it('that decide beside places are told as such', () => {
    const recipients = [...people(2, 'gb', { country: 'GB' }), ...people(2, 'us', { country: 'US' })];
    const result = split(problem([lot('m1', 3), lot('m2', 3, FOR_US)], recipients));
    // The three open units are one each and one more for gb01; gb02 comes second, but what is left is for the US.
    expect(result.awards.map(({ recipient, units }) => [recipient, units])).toEqual([
      ['gb01', 2],
      ['gb02', 1],
      ['us01', 2],
      ['us02', 1],
    ]);
    expect(rowOf(result, 'gb02').why).toMatchObject({ rank: 2, cutoff: 2, extra: 0, pool: { bestPlacesWin: false } });
    expect(rowOf(result, 'gb02').sentence).toBe(
      'You get 1 mask: 6 masks, some of them given for the US only, were shared among 4 people, which makes 1.5 for you, and 2 of 4 people in your position get one more, as far as what was given for others allows.',
    );
  });

  it('go with guarantees under equal awards, and tell when they do not fit', () => {
    const lots = [lot('m1', 2, FOR_US), lot('m2', 20)];
    const fits = split(
      problem(lots, [...people(2, 'us', { country: 'US', weight: 9 }), ...people(3, 'gb')], {
        guarantee: { MASK: 4 },
      }),
    );
    expect(fits.awards.map(({ units }) => units)).toEqual([4, 4, 4, 5, 5]);
    const short = split(
      problem([lot('m1', 6, FOR_US)], people(3, 'us', { country: 'US' }), { guarantee: { MASK: 4 } }),
    );
    expect(short.awards.map(({ units }) => units)).toEqual([4, 2]);
    expect(short.notes).toEqual([{ code: 'GUARANTEES_NOT_COVERED', item: 'MASK', guaranteed: 12, estate: 6 }]);
    expect(rowOf(short, 'us03').sentence).toContain('too few to guarantee 4 to everybody');
  });
});

describe('soft earmarks', () => {
  const first: Earmark = { strength: 'FIRST', countries: ['US'] };

  it('go to those named first; what they cannot take is open, and the order is told', () => {
    const recipients = [...people(2, 'us', { country: 'US', claims: { MASK: 3 } }), ...people(2, 'gb')];
    const result = split(problem([lot('m1', 10, first)], recipients));
    expect(result.awards.map(({ recipient, units }) => [recipient, units])).toEqual([
      ['gb01', 2],
      ['gb02', 2],
      ['us01', 3],
      ['us02', 3],
    ]);
    expect(result.notes).toEqual([
      {
        code: 'STAGES',
        item: 'MASK',
        stages: [
          { lots: ['m1'], units: 10, people: 2 },
          { lots: ['m1'], units: 4, people: 4 },
        ],
      },
    ]);
    expect(rowOf(result, 'us01').sentence).toBe('You asked for 3 masks and get all 3.');
    expect(rowOf(result, 'gb01').sentence).toMatch(/^You get 2 masks: 4 of the 10 masks were shared among /);
  });

  it('count against those named when the open lots are shared', () => {
    const result = split(problem([lot('m1', 120, first), lot('m2', 400)]));
    expect(rowOf(result, 'us01').why.units + rowOf(result, 'gb16').why.units).toBe(37);
    expect(rowOf(result, 'us12').sentence).toMatch(
      /^You get 18 masks: 400 of the 520 masks were shared among 28 people, which makes 18.57 for you with the 10 you already had, /,
    );
  });

  it('alone decide when they are enough', () => {
    const result = split(problem([lot('m1', 1200, first), lot('m2', 16)]));
    expect(rowOf(result, 'us01').sentence).toBe(
      'You get 100 masks: 1,200 of the 1,216 masks were given for the US first and were shared among 12 people, which makes 100 for you.',
    );
    expect(rowOf(result, 'gb01').why.units).toBe(1);
  });
});

describe('rules that share stage by stage', () => {
  const recipients = [
    ...people(2, 'er', { groups: ['er', 'all'], claims: { MASK: 30 } }),
    ...people(2, 'lab', { groups: ['all'], claims: { MASK: 30 } }),
    { id: 'x', claims: { MASK: 30 } },
  ];
  const lots = [
    lot('m1', 40, { strength: 'ONLY', groups: ['all'] }),
    lot('m2', 10),
    lot('m3', 20, { strength: 'ONLY', groups: ['er'] }),
  ];

  it.each(['PROPORTIONAL', 'CONSTRAINED_EQUAL_LOSSES', 'TALMUD'] as const)(
    '%s: the narrowest first, later ones counting what earlier ones gave',
    (rule) => {
      const result = split(problem(lots, recipients, { rule }));
      expect(result.awards.map(({ units, lots: pieces }) => [units, pieces.map((piece) => piece.lot).join()])).toEqual([
        [15, 'm3'],
        [15, 'm1,m3'],
        [15, 'm1'],
        [15, 'm1'],
        [10, 'm2'],
      ]);
      expect(result.notes).toEqual([
        {
          code: 'STAGES',
          item: 'MASK',
          stages: [
            { lots: ['m3'], units: 20, people: 2 },
            { lots: ['m1'], units: 40, people: 4 },
            { lots: ['m2'], units: 10, people: 5 },
          ],
        },
      ]);
      expect(rowOf(result, 'er01').why).toMatchObject({ floor: 15, extra: 0, exactShare: '15', pool: { before: 10 } });
    },
  );

  it('give single units to those who had fewest in earlier stages', () => {
    const three: RecipientClaim[] = [
      { id: 'a', groups: ['er'], claims: { MASK: 9 } },
      { id: 'b', groups: ['er'], claims: { MASK: 9 } },
      { id: 'c', claims: { MASK: 9 } },
    ];
    const result = split(
      problem([lot('m1', 3, { strength: 'ONLY', groups: ['er'] }), lot('m2', 4)], three, { rule: 'TALMUD' }),
    );
    expect(result.awards.map(({ units }) => units)).toEqual([2, 3, 2]);
    expect(rowOf(result, 'b').why).toMatchObject({
      floor: 2,
      extra: 1,
      rank: 1,
      contenders: 3,
      fewestExtrasFirst: true,
    });
    expect(rowOf(result, 'a').why).toMatchObject({ extra: 0, rank: 3, extrasBefore: 1, pool: { before: 2 } });
  });

  it('take lots for the same people together, the first to expire in front', () => {
    const er: Earmark = { strength: 'ONLY', groups: ['er'] };
    const same = [
      lot('m1', 10, er),
      lot('m2', 10, er, { expiresOn: '2021-01-01' }),
      lot('m3', 10, { strength: 'ONLY', groups: ['er', 'none'] }, { expiresOn: '2020-12-01' }),
    ];
    const result = split(problem(same, recipients, { rule: 'PROPORTIONAL' }));
    expect(result.awards.map((award) => award.lots)).toEqual([
      [
        { lot: 'm3', units: 10 },
        { lot: 'm2', units: 5 },
      ],
      [
        { lot: 'm2', units: 5 },
        { lot: 'm1', units: 10 },
      ],
    ]);
    expect(result.notes).toEqual([]);
  });
});
