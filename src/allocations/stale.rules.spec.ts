import { describe, expect, it } from '@jest/globals';
import type { Earmark, Problem, RecipientClaim } from '../engine/problem.js';
import { whatChanged } from './stale.rules.js';

const DAY = '2020-04-10';
const anna: RecipientClaim = {
  id: 'anna',
  groups: ['x', 'y'],
  country: 'US',
  tier: 1,
  claims: { N95: 5, GOWN: 2 },
  anyOf: [{ items: ['N95', 'KN95'], units: 3 }],
  received: { N95: 1, GOWN: 7 },
  deficit: { N95: '1/3' },
};
const berta: RecipientClaim = { id: 'berta', country: 'CN', tier: 3, claims: {} };
const problem = (recipients: RecipientClaim[], more: Partial<Problem> = {}, earmark?: Earmark): Problem => ({
  day: DAY,
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' },
  lots: [
    { id: 'l1', item: 'N95', units: 10, expiresOn: '2020-04-12', ...(earmark && { earmark }) },
    { id: 'l2', item: 'GOWN', units: 4 },
  ],
  recipients,
  ...more,
});
const changes = (now: Problem, before = problem([anna, berta])) => whatChanged(before, now, DAY);

/** As PostgreSQL gives JSON back: with the keys in another order. */
function reordered<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reordered) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reordered(inner)]),
  ) as T;
}

describe('since a preview', () => {
  it('nothing has changed when the same is only written in another order', () => {
    const before = problem([anna, berta], {}, { strength: 'ONLY', groups: ['x'], countries: ['US'] });
    const now = reordered({ ...before, lots: before.lots.toReversed(), recipients: [berta, anna] });
    expect(whatChanged(before, now, DAY)).toEqual([]);
    expect(whatChanged(now, before, DAY)).toEqual([]);
  });

  it('stock has changed when a lot did, has expired, or is for others', () => {
    expect(changes(problem([anna, berta], { lots: [{ id: 'l1', item: 'N95', units: 9 }] }))).toEqual(['stock']);
    expect(whatChanged(problem([anna]), problem([anna]), '2020-04-13')).toEqual(['stock']);
    const only = problem([anna], {}, { strength: 'ONLY', tiers: [1] });
    expect(changes(problem([anna], {}, { strength: 'FIRST', tiers: [1] }), only)).toEqual(['stock']);
  });

  it('recipients have changed when one came, went, or collects for more', () => {
    expect(changes(problem([anna]))).toEqual(['recipients']);
    expect(changes(problem([anna, berta, { id: 'carla' }]))).toEqual(['recipients']);
    expect(changes(problem([anna, { ...berta, weight: 2 }]))).toEqual(['recipients']);
    expect(changes(problem([anna, { ...berta, weight: 1 }]))).toEqual([]);
  });

  const moved: RecipientClaim = { ...anna, groups: ['y', 'z'], country: 'CN', tier: 2 };
  it.each([
    [undefined, []],
    [{ groups: ['x'] }, ['recipients']],
    [{ groups: ['y', 'q'] }, []],
    [{ countries: ['DE'] }, ['recipients']],
    [{ tiers: [3] }, ['recipients']],
  ])('group, country and tier have changed as far as they are read: by the earmark %j, %j', (names, changed) => {
    const earmark: Earmark | undefined = names && { strength: 'FIRST', ...names };
    expect(changes(problem([moved], {}, earmark), problem([anna], {}, earmark))).toEqual(changed);
  });

  it('a tier has changed when the policy reads it', () => {
    const strict = { policy: { rule: 'TALMUD', tiers: { by: 'STRICT' } } } as const;
    expect(changes(problem([{ ...anna, tier: 2 }], strict), problem([anna], strict))).toEqual(['recipients']);
    const none = { policy: { rule: 'TALMUD', tiers: { by: 'NONE' } } } as const;
    expect(changes(problem([{ ...anna, tier: 2 }], none), problem([anna], none))).toEqual([]);
  });

  it('needs have changed when a claim did, of those who are still there', () => {
    expect(changes(problem([{ ...anna, claims: { N95: 5, GOWN: 1 } }, berta]))).toEqual(['needs']);
    expect(changes(problem([{ ...anna, claims: { N95: 5 } }, berta]))).toEqual(['needs']);
    expect(changes(problem([anna, { ...berta, claims: { N95: 1 } }]))).toEqual(['needs']);
    const { anyOf: _, ...without } = anna;
    expect(changes(problem([without, berta]))).toEqual(['needs']);
    expect(changes(problem([{ ...anna, anyOf: [{ items: ['KN95', 'N95'], units: 4 }] }, berta]))).toEqual(['needs']);
    expect(changes(problem([berta, { ...anna, id: 'carla', claims: { N95: 99 } }]))).toEqual(['recipients']);
  });

  it('substitutes have changed when they are ranked otherwise, and needs are then not compared', () => {
    const before = problem([anna, berta]);
    const less = problem([{ ...anna, anyOf: [{ items: ['N95'], units: 3 }] }, berta]);
    expect(whatChanged(before, less, DAY, false)).toEqual(['substitutes']);
    expect(whatChanged(before, before, DAY, false)).toEqual(['substitutes']);
    expect(whatChanged(before, problem([anna, berta], { lots: [] }), DAY, false)).toEqual(['stock']);
  });

  it('memory has changed when what was received or is owed did', () => {
    expect(changes(problem([{ ...anna, received: { N95: 2, GOWN: 7 } }, berta]))).toEqual(['memory']);
    expect(changes(problem([{ ...anna, deficit: { N95: '2/3' } }, berta]))).toEqual(['memory']);
    expect(changes(problem([anna, { ...berta, received: {} }]))).toEqual(['memory']);
    const all = problem([{ ...anna, weight: 2, claims: {}, deficit: {} }, berta], { lots: [] });
    expect(changes(all)).toEqual(['stock', 'recipients']);
    const same = problem([{ ...anna, weight: 2, claims: {}, deficit: {} }, berta]);
    expect(changes(same)).toEqual(['recipients', 'needs', 'memory']);
  });
});
