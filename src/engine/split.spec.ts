import { describe, expect, it } from '@jest/globals';
import { checkProblem } from './check.js';
import type { Lot, Policy, Problem, RecipientClaim } from './problem.js';
import { split } from './split.js';

const EQUAL: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS' };
const LOTTERY: Policy = { ...EQUAL, ties: { by: 'LOTTERY', seed: 'zhang-2020-04-10' } };

function people(count: number): RecipientClaim[] {
  return Array.from({ length: count }, (_, i) => ({ id: `r${String(i + 1).padStart(2, '0')}` }));
}

function masks(units: number, more: Partial<Lot> = {}): Lot {
  return { id: 'm1', item: 'MASK', units, ...more };
}

/** Through the check, as every caller goes. */
function splitChecked(problem: Problem) {
  expect(checkProblem(problem)).toEqual({ problem });
  return split(problem);
}

function countsOf(problem: Problem, item: string): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const award of split(problem).awards) {
    if (award.item === item) counts[award.units] = (counts[award.units] ?? 0) + 1;
  }
  return counts;
}

describe('the gift of spring 2020: 1,000 masks, 100 suits, 100 goggles for 28 people', () => {
  const lots = [masks(1000), { id: 's1', item: 'COVERALL', units: 100 }, { id: 'g1', item: 'GOGGLES', units: 100 }];
  const gift: Problem = { day: '2020-04-10', policy: LOTTERY, lots, recipients: people(28) };

  it('gives 36 masks to 20 and 35 to 8; 4 suits to 16 and 3 to 12, and goggles alike', () => {
    expect(countsOf(gift, 'MASK')).toEqual({ 36: 20, 35: 8 });
    expect(countsOf(gift, 'COVERALL')).toEqual({ 4: 16, 3: 12 });
    expect(countsOf(gift, 'GOGGLES')).toEqual({ 4: 16, 3: 12 });
  });

  it.each([{ ties: LOTTERY.ties }, { ties: { by: 'STABLE' } as const }])(
    'gives a fourth suit to each of the 8 who got 35 masks, whatever the ties: $ties',
    ({ ties }) => {
      const { awards } = split({ ...gift, policy: { ...EQUAL, ties } });
      const who = (item: string, units: number) =>
        awards.filter((award) => award.item === item && award.units === units).map((award) => award.recipient);
      expect(who('COVERALL', 4)).toEqual(expect.arrayContaining(who('MASK', 35)));
      // Goggles go first to those with one single unit so far; the 8 with two had their luck.
      const twice = who('MASK', 36).filter((id) => who('COVERALL', 4).includes(id));
      expect(twice).toHaveLength(8);
      expect(who('GOGGLES', 3)).toEqual(expect.arrayContaining(twice));
    },
  );

  it('says why, to the unit', () => {
    const winner = splitChecked(gift).awards.find(({ why }) => why.item === 'MASK' && why.rank === 3);
    expect(winner).toMatchObject({
      units: 36,
      lots: [{ lot: 'm1', units: 36 }],
      why: {
        exactShare: '250/7',
        floor: 35,
        extra: 1,
        rank: 3,
        contenders: 28,
        cutoff: 20,
        bindingConstraint: 'SUPPLY',
      },
      sentence:
        'You get 36 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; you drew place 3 of 28.',
    });
  });
});

describe('what a split counts', () => {
  it('reports those who get nothing, apart, with the same reasons', () => {
    const { awards, withoutAward } = split({ policy: EQUAL, lots: [masks(2)], recipients: people(3) });
    expect(awards.map(({ recipient }) => recipient)).toEqual(['r01', 'r02']);
    expect(withoutAward).toMatchObject([
      { recipient: 'r03', item: 'MASK', why: { units: 0, floor: 0, extra: 0, rank: 3, cutoff: 2 } },
    ]);
  });

  it('reports every eligible person also when there is nothing at all', () => {
    const { awards, withoutAward } = split({ policy: EQUAL, lots: [masks(0)], recipients: people(3) });
    expect(awards).toEqual([]);
    expect(withoutAward).toHaveLength(3);
  });

  it('takes only the items a recipient claims, and every item from those who claim none', () => {
    const recipients: RecipientClaim[] = [{ id: 'a' }, { id: 'b', claims: { GOGGLES: 5 } }, { id: 'c', claims: {} }];
    const { awards, withoutAward } = split({ policy: EQUAL, lots: [masks(4)], recipients });
    expect(awards.map(({ recipient, units }) => [recipient, units])).toEqual([['a', 4]]);
    expect(withoutAward).toEqual([]);
  });

  it('is not misled by items named like inherited properties', () => {
    const recipients: RecipientClaim[] = [{ id: 'a' }, { id: 'b', claims: {} }];
    const lots = [{ id: 'x', item: 'constructor', units: 4 }];
    expect(splitChecked({ policy: { ...EQUAL, cap: {} }, lots, recipients }).awards).toHaveLength(1);
  });

  it('caps what one person may get and leaves the rest', () => {
    const problem: Problem = { policy: { ...EQUAL, cap: { MASK: 3 } }, lots: [masks(10)], recipients: people(2) };
    const { awards, unallocated } = splitChecked(problem);
    expect(awards.map(({ units, why }) => [units, why.bindingConstraint])).toEqual([
      [3, 'CAP'],
      [3, 'CAP'],
    ]);
    expect(unallocated).toEqual([{ lot: 'm1', units: 4, reason: 'NO_ELIGIBLE_CLAIM' }]);
  });

  it('calls the claim binding when claim and cap are the same', () => {
    const recipients = [{ id: 'a', claims: { MASK: 3 } }];
    const { awards } = split({ policy: { ...EQUAL, cap: { MASK: 3 } }, lots: [masks(10)], recipients });
    expect(awards[0]!.why.bindingConstraint).toBe('CLAIM');
  });

  it('keeps the reserve back first, in the lots that keep longest', () => {
    const lots = [masks(6, { id: 'late', expiresOn: '2022-01-01' }), masks(6, { id: 'soon', expiresOn: '2021-01-01' })];
    const problem: Problem = { policy: { ...EQUAL, reserveUnits: { MASK: 4 } }, lots, recipients: people(2) };
    const { awards, unallocated, metrics } = splitChecked(problem);
    expect(awards.map(({ units }) => units)).toEqual([4, 4]);
    expect(unallocated).toEqual([{ lot: 'late', units: 4, reason: 'RESERVED' }]);
    expect(metrics['MASK']).toMatchObject({ supply: 12, awarded: 8 });
  });

  it('reserves all there is when that is less than the reserve', () => {
    const problem: Problem = {
      policy: { ...EQUAL, reserveUnits: { MASK: 99 } },
      lots: [masks(4)],
      recipients: people(2),
    };
    expect(split(problem).unallocated).toEqual([{ lot: 'm1', units: 4, reason: 'RESERVED' }]);
  });

  it('names what stays in one lot for two reasons twice', () => {
    const policy: Policy = { ...EQUAL, reserveUnits: { MASK: 4 }, cap: { MASK: 1 } };
    expect(split({ policy, lots: [masks(10)], recipients: people(2) }).unallocated).toEqual([
      { lot: 'm1', units: 4, reason: 'NO_ELIGIBLE_CLAIM' },
      { lot: 'm1', units: 4, reason: 'RESERVED' },
    ]);
  });
});

describe('lots', () => {
  it('go out by expiry day, then by id, those without a day last', () => {
    const lots = [
      masks(1, { id: 'z-no-day' }),
      masks(1, { id: 'a-no-day' }),
      masks(1, { id: 'b', expiresOn: '2021-01-01' }),
      masks(1, { id: 'a', expiresOn: '2021-01-01' }),
      masks(1, { id: 'c', expiresOn: '2020-12-31' }),
    ];
    const [award] = split({ policy: EQUAL, lots, recipients: people(1) }).awards;
    expect(award!.lots.map(({ lot }) => lot)).toEqual(['c', 'a', 'b', 'a-no-day', 'z-no-day']);
  });

  it('are given on their last day and not after it', () => {
    const lots = [
      masks(5, { id: 'over', expiresOn: '2020-04-09' }),
      masks(5, { id: 'today', expiresOn: '2020-04-10' }),
    ];
    const problem: Problem = { day: '2020-04-10', policy: EQUAL, lots, recipients: people(1) };
    const { awards, unallocated, metrics } = splitChecked(problem);
    expect(awards[0]!.lots).toEqual([{ lot: 'today', units: 5 }]);
    expect(unallocated).toEqual([{ lot: 'over', units: 5, reason: 'EXPIRED' }]);
    expect(metrics['MASK']!.supply).toBe(5);
  });

  it('are cut into as few pieces as there are lots to cross', () => {
    const lots = [masks(10, { id: 'm1' }), masks(10, { id: 'm2' }), masks(8, { id: 'm3' })];
    const { awards } = split({ policy: EQUAL, lots, recipients: people(7) });
    // 2 + 2 + 2 awards of 4 fit into 10, 10 and 8 units; the seventh takes what two of the lots have left.
    expect(awards.map((award) => award.lots.length).sort()).toEqual([1, 1, 1, 1, 1, 1, 2]);
    expect(awards.flatMap((award) => award.lots).reduce((sum, { units }) => sum + units, 0)).toBe(28);
  });

  it('of the sizes of awards are not cut for them, whatever their order', () => {
    const claims = [3, 40, 7, 20, 30];
    const recipients = claims.map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } }));
    const lots = [masks(10, { id: 'm1' }), masks(50, { id: 'm2' }), masks(40, { id: 'm3' })];
    const { awards } = split({ policy: EQUAL, lots, recipients });
    expect(awards.map((award) => award.lots)).toEqual([
      [{ lot: 'm1', units: 3 }],
      [{ lot: 'm3', units: 40 }],
      [{ lot: 'm1', units: 7 }],
      [{ lot: 'm2', units: 20 }],
      [{ lot: 'm2', units: 30 }],
    ]);
  });

  it('that expire later are not begun before those that expire first are used up', () => {
    const lots = [
      masks(30, { id: 'late', expiresOn: '2030-01-01' }),
      masks(5, { id: 'soon', expiresOn: '2021-01-01' }),
    ];
    const recipients = [12, 9].map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } }));
    const { awards, unallocated } = split({ policy: EQUAL, lots, recipients });
    const soon = awards.flatMap((award) => award.lots).filter(({ lot }) => lot === 'soon');
    expect(soon.reduce((sum, { units }) => sum + units, 0)).toBe(5);
    expect(unallocated).toEqual([{ lot: 'late', units: 14, reason: 'NO_ELIGIBLE_CLAIM' }]);
  });
});

describe('metrics', () => {
  it('are those of the definitions', () => {
    const recipients = [1, 2, 5, 12].map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } }));
    const { metrics } = split({ policy: EQUAL, lots: [masks(11)], recipients });
    // Awards 1, 2, 4, 4. Gini: sum of all differences 2 (1+3+3+2+2+0) = 22 over 2 x 4 x 11; Jain: 121 / (4 x 37).
    expect(metrics).toEqual({
      MASK: {
        supply: 11,
        claimed: 20,
        awarded: 11,
        served: 4,
        fillMin: 0.3333,
        fillMean: 0.7833,
        fillP10: 0.3333,
        gini: 0.25,
        jain: 0.8176,
        maxEnvyUnits: 0,
      },
    });
  });

  it('say null for fill when a claim has no bound, and count envy by what was asked for', () => {
    const { metrics } = split({ policy: LOTTERY, lots: [masks(29)], recipients: people(28) });
    expect(metrics['MASK']).toMatchObject({
      claimed: null,
      fillMin: null,
      fillMean: null,
      fillP10: null,
      maxEnvyUnits: 1,
    });
  });

  it('do not call it envy when a greater weight holds more', () => {
    const recipients = [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 3 },
    ];
    expect(split({ policy: EQUAL, lots: [masks(8)], recipients }).metrics['MASK']!.maxEnvyUnits).toBe(0);
  });

  it('of an item that nobody wants are those of perfect equality', () => {
    const { metrics } = split({ policy: EQUAL, lots: [masks(8)], recipients: [] });
    expect(metrics['MASK']).toMatchObject({ claimed: 0, awarded: 0, served: 0, gini: 0, jain: 1, fillMin: null });
  });
});

describe('a guarantee', () => {
  const policy: Policy = { ...EQUAL, guarantee: { MASK: 5 } };

  it('is a floor, as far as claim and cap allow', () => {
    const recipients = [{ id: 'a', weight: 99 }, { id: 'b' }, { id: 'c', claims: { MASK: 3 } }];
    const { awards, notes } = splitChecked({ policy, lots: [masks(50)], recipients });
    expect(awards.map(({ units }) => units)).toEqual([42, 5, 3]);
    expect(awards.map(({ why }) => why.exactShare)).toEqual(['42', '5', '3']);
    expect(notes).toEqual([]);
  });

  it('is given in tie order where there is too little for all, and the split says so', () => {
    const { awards, withoutAward, notes, unallocated } = splitChecked({
      policy,
      lots: [masks(12)],
      recipients: people(4),
    });
    expect(awards.map(({ units, why }) => [units, why.rank, why.cutoff, why.guaranteesCovered])).toEqual([
      [5, 1, 2, false],
      [5, 2, 2, false],
      [2, 3, 2, false],
    ]);
    expect(withoutAward.map(({ recipient }) => recipient)).toEqual(['r04']);
    expect(notes).toEqual([{ code: 'GUARANTEES_NOT_COVERED', item: 'MASK', guaranteed: 20, estate: 12 }]);
    expect(unallocated).toEqual([]);
  });
});

describe('a claim far above the median', () => {
  it('is honoured, and noted', () => {
    const claims = [10, 10, 12, 1101];
    const recipients = claims.map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } }));
    const { awards, notes } = split({ policy: EQUAL, lots: [masks(1000)], recipients });
    expect(awards.map(({ units }) => units)).toEqual([10, 10, 12, 968]);
    expect(notes).toEqual([{ code: 'CLAIM_FAR_ABOVE_MEDIAN', recipient: 'r3', item: 'MASK', claim: 1101, median: 11 }]);
  });

  it('is more than a hundred times, not a hundred times; claims without bound are no part of it', () => {
    const recipients = [
      { id: 'a' },
      ...[10, 10, 12, 1100].map((claim, i) => ({ id: `r${i}`, claims: { MASK: claim } })),
    ];
    expect(split({ policy: EQUAL, lots: [masks(1000)], recipients }).notes).toEqual([]);
  });
});
