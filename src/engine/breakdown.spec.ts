import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { breakdownOf, DIMENSIONS, type BreakdownRow } from './breakdown.js';
import type { Policy, Problem, RecipientClaim } from './problem.js';
import { split } from './split.js';

function rowsOf(problem: Problem): BreakdownRow[] {
  return breakdownOf(problem, split(problem));
}

const POLICY: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS' };

describe('the breakdown', () => {
  const recipients: RecipientClaim[] = [
    { id: 'a', groups: ['icu', 'night'], country: 'US', tier: 1, claims: { MASK: 4 } },
    { id: 'b', groups: ['icu'], country: 'US', tier: 2, claims: { MASK: 10 } },
    { id: 'c', groups: [], country: 'CN', claims: { MASK: 8 } },
    { id: 'd', tier: 1, claims: { MASK: 2, GOGGLES: 1 } },
  ];
  const lots = [
    { id: 'm', item: 'MASK', units: 15 },
    { id: 'g', item: 'GOGGLES', units: 3 },
    { id: 'x', item: 'GOWN', units: 5 },
  ];
  const rows = rowsOf({ policy: POLICY, lots, recipients });

  it('has a row for every group, tier and country of the claimants, and one for those who have none', () => {
    expect(rows.map(({ item, by, key, people }) => [item, by, key, people])).toEqual([
      ['MASK', 'GROUP', 'icu', 2],
      ['MASK', 'GROUP', 'night', 1],
      ['MASK', 'GROUP', null, 2],
      ['MASK', 'TIER', '1', 2],
      ['MASK', 'TIER', '2', 1],
      ['MASK', 'TIER', null, 1],
      ['MASK', 'COUNTRY', 'CN', 1],
      ['MASK', 'COUNTRY', 'US', 2],
      ['MASK', 'COUNTRY', null, 1],
      ['GOGGLES', 'GROUP', null, 1],
      ['GOGGLES', 'TIER', '1', 1],
      ['GOGGLES', 'COUNTRY', null, 1],
    ]);
  });

  it('counts whoever is in two groups in both', () => {
    // 15 masks: a 4, b 5, c 4, d 2 (by list order, b gets the one left over of 13).
    expect(rows[0]).toEqual({
      item: 'MASK',
      by: 'GROUP',
      key: 'icu',
      people: 2,
      served: 2,
      claimed: 14,
      awarded: 9,
      fillMin: 0.5,
      fillMean: 0.75,
      fillP10: 0.5,
      gini: 0.0556,
      jain: 0.9878,
    });
    expect(rows[1]).toMatchObject({ key: 'night', claimed: 4, awarded: 4, fillMin: 1, gini: 0, jain: 1 });
  });

  it('knows no claims and no fill where somebody claims without bound', () => {
    const [row] = rowsOf({ policy: POLICY, lots, recipients: [...recipients, { id: 'e', groups: ['icu'] }] });
    expect(row).toMatchObject({ key: 'icu', people: 3, claimed: null, fillMin: null, fillMean: null, fillP10: null });
  });

  it('counts those who get nothing', () => {
    const problem: Problem = {
      policy: POLICY,
      lots: [{ id: 'm', item: 'MASK', units: 1 }],
      recipients: [
        { id: 'a', tier: 1, claims: { MASK: 4 } },
        { id: 'b', tier: 1, claims: { MASK: 4 } },
      ],
    };
    expect(rowsOf(problem)[1]).toMatchObject({ by: 'TIER', people: 2, served: 1, fillMin: 0, gini: 0.5, jain: 0.5 });
  });

  it('takes groups and countries for what they are called, whatever that is', () => {
    const strange = ['__proto__', 'constructor', '1', 'null'];
    const problem: Problem = {
      policy: POLICY,
      lots: [{ id: 'm', item: 'MASK', units: 9 }],
      recipients: [{ id: 'a', groups: strange, country: 'constructor' }, { id: 'b' }],
    };
    expect(rowsOf(problem).map(({ key }) => key)).toEqual([...strange.toSorted(), null, null, 'constructor', null]);
  });

  it('of nobody is empty', () => {
    expect(rowsOf({ policy: POLICY, lots, recipients: [] })).toEqual([]);
  });
});

const ITEMS = ['MASK', 'GOGGLES'];

const recipientArbitrary = fc.record(
  {
    groups: fc.uniqueArray(fc.constantFrom('er', 'icu', 'lab'), { maxLength: 3 }),
    country: fc.constantFrom('US', 'CN', 'DE'),
    tier: fc.integer({ min: 1, max: 3 }),
    claims: fc.dictionary(fc.constantFrom(...ITEMS), fc.integer({ min: 0, max: 15 }), { noNullPrototype: true }),
  },
  { requiredKeys: [] },
);

const problems: fc.Arbitrary<Problem> = fc.record({
  policy: fc.constant(POLICY),
  lots: fc
    .array(fc.record({ item: fc.constantFrom(...ITEMS), units: fc.integer({ min: 0, max: 60 }) }), { maxLength: 4 })
    .map((lots) => lots.map((lot, i) => ({ id: `lot${i}`, ...lot }))),
  recipients: fc
    .array(recipientArbitrary, { maxLength: 12 })
    .map((recipients) => recipients.map((recipient, i) => ({ id: `r${i}`, ...recipient }))),
});

function sumOf(rows: readonly BreakdownRow[], figure: 'people' | 'served' | 'awarded'): number {
  return rows.reduce((sum, row) => sum + row[figure], 0);
}

describe('every breakdown', () => {
  it('sums, over tiers and over countries, to the metrics of the item', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const result = split(problem);
        const rows = breakdownOf(problem, result);
        for (const [item, metrics] of Object.entries(result.metrics)) {
          for (const by of ['TIER', 'COUNTRY'] as const) {
            const parts = rows.filter((row) => row.item === item && row.by === by);
            expect(sumOf(parts, 'awarded')).toBe(metrics.awarded);
            expect(sumOf(parts, 'served')).toBe(metrics.served);
            const claims = parts.map(({ claimed }) => claimed);
            const claimed = claims.includes(null) ? null : claims.reduce<number>((sum, claim) => sum + claim!, 0);
            expect(claimed).toBe(metrics.claimed);
          }
        }
      }),
    );
  });

  it('is that of the metrics themselves where all share one key', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const alike: Problem = {
          ...problem,
          recipients: problem.recipients.map((recipient) => ({
            ...recipient,
            groups: ['all'],
            tier: 2,
            country: 'US',
          })),
        };
        const result = split(alike);
        for (const { item, by, key, people, ...figures } of breakdownOf(alike, result)) {
          const { supply: _supply, maxEnvyUnits: _envy, ...metrics } = result.metrics[item]!;
          expect(figures).toEqual(metrics);
          expect(key).toBe({ GROUP: 'all', TIER: '2', COUNTRY: 'US' }[by]);
          expect(people).toBe([...result.awards, ...result.withoutAward].filter((row) => row.item === item).length);
        }
      }),
    );
  });

  it('of a group is that of its members among the claimants, however many groups they are in', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const result = split(problem);
        const claimants = [...result.awards, ...result.withoutAward];
        const groupsOf = new Map(problem.recipients.map(({ id, groups = [] }) => [id, groups]));
        for (const row of breakdownOf(problem, result)) {
          if (row.by !== 'GROUP' || row.key === null) continue;
          const members = claimants.filter(
            ({ item, recipient }) => item === row.item && groupsOf.get(recipient)!.includes(row.key!),
          );
          expect(row.people).toBe(members.length);
          expect(row.awarded).toBe(members.reduce((sum, { why }) => sum + why.units, 0));
        }
      }),
    );
  });

  it('has figures within their bounds, in an order that the input does not change', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const rows = rowsOf(problem);
        expect(rowsOf({ ...problem, recipients: problem.recipients.toReversed() })).toEqual(rows);
        for (const { by, people, served, gini, jain, fillMin, fillMean, fillP10 } of rows) {
          expect(DIMENSIONS).toContain(by);
          expect(people).toBeGreaterThan(0);
          expect(served).toBeLessThanOrEqual(people);
          expect(gini).toBeGreaterThanOrEqual(0);
          expect(gini).toBeLessThan(1);
          expect(jain).toBeGreaterThan(0);
          expect(jain).toBeLessThanOrEqual(1);
          if (fillMin === null) continue;
          expect(fillMin).toBeLessThanOrEqual(fillP10!);
          expect(fillMean!).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
