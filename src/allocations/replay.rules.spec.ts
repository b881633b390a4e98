import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { canonicalJson, compare, type Given, headingOf, linesOf, type Outcome, outcomeOf } from './replay.rules.js';

const PROBLEM: Problem = {
  plan: 'p',
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', ties: { by: 'LOTTERY', seed: 'hush' }, reserveUnits: { GOWN: 1 } },
  lots: [
    { id: 'm2', item: 'MASK', units: 5, expiresOn: '2030-01-01' },
    { id: 'm1', item: 'MASK', units: 6 },
    { id: 'g', item: 'GOWN', units: 3 },
  ],
  recipients: ['a', 'b', 'c'].map((id) => ({ id })),
};
const heading = headingOf(PROBLEM, (seed) => `hash of ${seed}`);
const computed = { ...outcomeOf(PROBLEM, split(PROBLEM)), heading };
type Kept = typeof computed;

/** As the database gives it back: the fields of every object in another order. */
function turned<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(turned) as T;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner as unknown)]),
  ) as T;
}
const digest = (outcome: Outcome) => [...linesOf(outcome)].join('');
const differencesOf = (change: (kept: Kept) => Partial<Kept>) => {
  const kept = turned(structuredClone(computed));
  return compare({ ...kept, ...change(kept) }, computed);
};
const changed = (which: (given: Given) => boolean, change: Partial<Given>) =>
  differencesOf(({ given }) => ({ given: given.map((one) => (which(one) ? { ...one, ...change } : one)) }));
const hers = ({ recipient, item }: Given) => recipient === 'b' && item === 'MASK';
const award = computed.given.find(hers)!;

describe('a replay', () => {
  it('is the same whatever the order of fields and lots', () => {
    expect(differencesOf(() => ({}))).toEqual({ sameUnits: true, differences: [] });
    const lotsTurned = computed.given.map((given) => ({ ...given, lots: given.lots.toReversed() }));
    expect(differencesOf(() => ({ given: lotsTurned }))).toEqual({ sameUnits: true, differences: [] });
    expect(digest({ ...turned(computed), given: lotsTurned })).toBe(digest(computed));
  });

  it.each([
    ['units', { units: award.units + 1 }, `MASK for b: ${award.units + 1} units kept, ${award.units} computed`, false],
    ['lots', { lots: [{ lot: 'm1', units: award.units - 1 }] }, 'MASK for b: other lots kept than computed', false],
    ['why', { why: { ...award.why, floor: 9, rank: null } }, 'MASK for b: why: floor, rank', true],
    ['position', { position: 17 }, `MASK for b: stands in place 17, not ${award.position}`, true],
  ])('names the award whose %s was changed', (_field, change, difference, sameUnits) => {
    expect(changed(hers, change)).toEqual({ sameUnits, differences: [difference] });
  });

  it('names awards that are gone, and awards that came from nowhere', () => {
    const gone = differencesOf(({ given }) => ({ given: given.filter((one) => !hers(one)) }));
    expect(gone).toEqual({ sameUnits: false, differences: [`MASK for b: ${award.units} units computed, not kept`] });
    const from = { ...award, recipient: 'z', units: 1 };
    const come = differencesOf(({ given }) => ({ given: [...given, from] }));
    expect(come).toEqual({ sameUnits: false, differences: ['MASK for z: 1 unit kept, not computed'] });
  });

  it('names what else was changed: what is left, the metrics, and what stands beside the problem', () => {
    const left = computed.unallocated.map((lot) => ({ ...lot, units: lot.units + 1 }));
    expect(differencesOf(() => ({ unallocated: left })).differences).toEqual(['what stays unallocated']);
    expect(
      differencesOf(({ metrics: [first, ...rest] }) => ({ metrics: [{ ...first!, gini: 0.5 }, ...rest] })),
    ).toEqual({
      sameUnits: true,
      differences: ['metrics of MASK: gini'],
    });
    expect(differencesOf(({ metrics }) => ({ metrics: metrics.slice(1) })).differences).toEqual([
      'metrics of MASK: computed, not kept',
    ]);
    expect(
      differencesOf(() => ({ notes: [{ code: 'TIERS', item: 'MASK', tier: 1, people: 1 }], breakdown: [] })),
    ).toEqual({
      sameUnits: true,
      differences: ['the breakdown', 'the notes'],
    });
    expect(differencesOf(() => ({ notes: null, breakdown: null })).differences).toEqual([]);
    const beside = differencesOf(() => ({ heading: { ...heading, rule: 'TALMUD', seed: 'other' } }));
    expect(beside.differences).toEqual([
      'the rule beside the plan is not that of its problem',
      'the seed beside the plan is not that of its problem',
    ]);
    expect(JSON.stringify(beside)).not.toMatch(/hush|other/);
  });

  it('names twenty differences and counts the rest', () => {
    const given = Array.from({ length: 25 }, (_, i) => ({ ...award, recipient: `z${i}` }));
    const { differences } = differencesOf((kept) => ({ given: [...kept.given, ...given] }));
    expect([differences.length, differences.at(-1)]).toEqual([21, 'and 5 more']);
  });

  it('writes JSON in one form, whatever the order of its fields', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(canonicalJson(turned(plain))).toBe(canonicalJson(plain));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
    expect(canonicalJson({ b: null, a: undefined })).toBe('{"b":null}');
  });
});
