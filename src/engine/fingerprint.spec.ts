import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonical, ENGINE_VERSION, fingerprint, seedHash } from './fingerprint.js';
import type { Earmark, Problem } from './problem.js';
import { split } from './split.js';

const PROBLEM: Problem = {
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' },
  lots: [
    { id: 'm1', item: 'MASK', units: 10 },
    { id: 'g1', item: 'GOGGLES', units: 3 },
    { id: 'm2', item: 'MASK', units: 5 },
  ],
  recipients: [{ id: 'a', groups: ['us', 'er'], claims: { MASK: 4, GOGGLES: 1 } }, { id: 'b"\n' }],
};

function earmarked(earmark: Earmark): Problem {
  return { ...PROBLEM, lots: PROBLEM.lots.with(0, { ...PROBLEM.lots[0]!, earmark }) };
}

describe('the fingerprint', () => {
  it('is SHA-256 of the canonical problem, a line feed and the version', () => {
    const expected = createHash('sha256')
      .update(`${canonical(PROBLEM)}\n${ENGINE_VERSION}`)
      .digest('hex');
    expect(fingerprint(PROBLEM)).toBe(expected);
    expect(split(PROBLEM).fingerprint).toBe(expected);
  });

  it('is of JSON that holds the whole problem', () => {
    const read = JSON.parse(canonical(PROBLEM)) as { recipients: unknown[]; lots: { id: string }[] };
    expect(read.lots.map(({ id }) => id)).toEqual(['m1', 'm2', 'g1']);
    expect(read.recipients).toEqual([
      {
        id: 'a',
        groups: ['er', 'us'],
        claims: [
          ['GOGGLES', 1],
          ['MASK', 4],
        ],
      },
      { id: 'b"\n' },
    ]);
  });

  it.each<[string, Problem]>([
    ['recipients in another order', { ...PROBLEM, recipients: PROBLEM.recipients.toReversed() }],
    ['lots of one item in another order', { ...PROBLEM, lots: [PROBLEM.lots[2]!, PROBLEM.lots[1]!, PROBLEM.lots[0]!] }],
    [
      'groups and claims in another order',
      {
        ...PROBLEM,
        recipients: [
          { claims: { GOGGLES: 1, MASK: 4 }, groups: ['er', 'us', 'er'], id: 'a' },
          { id: 'b"\n', weight: 1 },
        ],
      },
    ],
    [
      'defaults written out',
      {
        ...PROBLEM,
        plan: '',
        policy: {
          memory: { by: 'NONE' },
          wholePacks: false,
          admit: 'TIE_ORDER',
          ties: { by: 'STABLE' },
          tiers: { by: 'NONE' },
          rounding: 'LARGEST_REMAINDER',
          cap: {},
          rule: 'CONSTRAINED_EQUAL_AWARDS',
        },
      },
    ],
  ])('does not change with %s', (_, same) => {
    expect(canonical(same)).toBe(canonical(PROBLEM));
    expect(split(same)).toEqual(split(PROBLEM));
  });

  it.each<[string, Problem]>([
    ['items in another order', { ...PROBLEM, lots: PROBLEM.lots.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }],
    ['the plan', { ...PROBLEM, plan: 'p' }],
    ['the day', { ...PROBLEM, day: '2020-04-10' }],
    ['a seed', { ...PROBLEM, policy: { ...PROBLEM.policy, ties: { by: 'LOTTERY', seed: 's' } } }],
    ['a cap', { ...PROBLEM, policy: { ...PROBLEM.policy, cap: { MASK: 9 } } }],
    ['a weight', { ...PROBLEM, recipients: [{ ...PROBLEM.recipients[0]!, weight: 2 }, PROBLEM.recipients[1]!] }],
    ['no claims in place of none', { ...PROBLEM, recipients: [PROBLEM.recipients[0]!, { id: 'b"\n', claims: {} }] }],
    ['a lot', { ...PROBLEM, lots: PROBLEM.lots.with(0, { ...PROBLEM.lots[0]!, units: 11 }) }],
    ['an expiry day', { ...PROBLEM, lots: PROBLEM.lots.with(0, { ...PROBLEM.lots[0]!, expiresOn: '2022-01-01' }) }],
    ['an earmark', earmarked({ strength: 'ONLY', groups: ['us', 'er'] })],
  ])('changes with %s', (_, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(PROBLEM));
  });

  it('tells earmarks apart, but not the order of their names', () => {
    const plain = fingerprint(earmarked({ strength: 'ONLY', groups: ['us', 'er'], tiers: [2, 1] }));
    expect(fingerprint(earmarked({ tiers: [1, 2, 1], groups: ['er', 'us'], strength: 'ONLY' }))).toBe(plain);
    expect(fingerprint(earmarked({ strength: 'FIRST', groups: ['us', 'er'], tiers: [2, 1] }))).not.toBe(plain);
    expect(fingerprint(earmarked({ strength: 'ONLY', groups: ['us', 'er'], tiers: [2] }))).not.toBe(plain);
    expect(fingerprint(earmarked({ strength: 'ONLY', groups: ['us', 'er'] }))).not.toBe(plain);
  });

  it('joins the parts of a long list without a seam', () => {
    const recipients = Array.from({ length: 10_000 }, (_, i) => ({ id: `r${i}` }));
    const read = JSON.parse(canonical({ ...PROBLEM, recipients })) as { recipients: { id: string }[] };
    expect(read.recipients.map(({ id }) => id)).toEqual(recipients.map(({ id }) => id).sort());
  });
});

it('the seed is promised by its SHA-256', () => {
  expect(seedHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
