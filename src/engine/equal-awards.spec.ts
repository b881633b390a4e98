import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { equalAwards } from './equal-awards.js';

interface Instance {
  estate: number;
  bounds: number[];
  weights: number[];
}

function run({ estate, bounds, weights }: Instance) {
  const figures = {
    claims: Float64Array.from(bounds),
    bounds: Float64Array.from(bounds),
    lows: Float64Array.from(bounds, () => 0),
    weights: Float64Array.from(weights),
  };
  // When there is enough for all, no rule is asked.
  const needed = bounds.reduce((sum, bound) => sum + bound, 0);
  const { contests, ...shares } = equalAwards(Math.min(estate, needed), figures);
  expect(contests.length).toBeLessThan(2);
  return { ...shares, contenders: contests[0]?.contenders ?? new Uint32Array(0), prizes: contests[0]?.prizes ?? 0 };
}

/** The first contenders in list order get the single units. */
function award(instance: Instance): number[] {
  const { floors, contenders, prizes } = run(instance);
  const winners = new Set(contenders.subarray(0, prizes));
  return Array.from(floors, (floor, claimant) => floor + (winners.has(claimant) ? 1 : 0));
}

/** Units per weight in ascending order, over a common denominator so that they compare as whole numbers. */
function profile(units: number[], weights: number[]): number[] {
  const common = weights.reduce((product, weight) => product * weight, 1);
  return units.map((x, i) => (x * common) / weights[i]!).sort((a, b) => a - b);
}

function compareProfiles(a: number[], b: number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Every whole vector within the bounds that gives away as much as possible; the best profile among them. */
function bestProfileBySearch({ estate, bounds, weights }: Instance): number[] {
  let best: number[] = [];
  const search = (units: number[], left: number): void => {
    const i = units.length;
    if (i === bounds.length) {
      if (left > 0 && units.some((x, k) => x < bounds[k]!)) return;
      const candidate = profile(units, weights);
      if (best.length === 0 || compareProfiles(candidate, best) > 0) best = candidate;
      return;
    }
    for (let x = 0; x <= Math.min(bounds[i]!, left); x++) search([...units, x], left - x);
  };
  search([], estate);
  return best;
}

const bound = fc.oneof(fc.integer({ min: 0, max: 7 }), fc.constant(Infinity));
const instances = fc.integer({ min: 1, max: 4 }).chain((people) =>
  fc.record({
    estate: fc.integer({ min: 0, max: 11 }),
    bounds: fc.array(bound, { minLength: people, maxLength: people }),
    weights: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: people, maxLength: people }),
  }),
);

describe('constrained equal awards in whole units', () => {
  it('is leximin in units per weight: an exhaustive search finds nothing better', () => {
    fc.assert(
      fc.property(instances, (instance) => {
        expect(profile(award(instance), instance.weights)).toEqual(bestProfileBySearch(instance));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes more than one unit from a large weight when many small ones stand against it', () => {
    const weights = [1000, ...Array.from({ length: 1000 }, () => 1)];
    const bounds = weights.map(() => Infinity);
    // The real-valued share of the large weight is 500; leximin in whole units gives everyone else a unit first.
    expect(run({ estate: 1000, bounds, weights }).exactShare(0)).toBe('500');
    expect(award({ estate: 1000, bounds, weights })).toEqual([0, ...Array.from({ length: 1000 }, () => 1)]);
  });

  it('lets only people of one weight, with room for one more, contend', () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const { contenders, floors, prizes } = run(instance);
        expect(new Set(Array.from(contenders, (i) => instance.weights[i])).size).toBeLessThanOrEqual(1);
        expect(new Set(Array.from(contenders, (i) => floors[i])).size).toBeLessThanOrEqual(1);
        for (const i of contenders) expect(floors[i]).toBeLessThan(instance.bounds[i]!);
        // A contest in which nobody or everybody wins is none.
        expect(contenders.length === 0 ? prizes === 0 : prizes > 0 && prizes < contenders.length).toBe(true);
      }),
    );
  });

  it('stays exact where products pass 2^53', () => {
    const instance = { estate: 1e15, bounds: [Infinity, Infinity, Infinity], weights: [99_999_999, 99_999_998, 3] };
    const { floors, contenders, prizes, exactShare } = run(instance);
    const sum = floors.reduce((total, floor) => total + floor, 0);
    expect(sum + prizes).toBe(1e15);
    expect(exactShare(0)).toBe(`${(10n ** 15n * 99_999_999n) / 200_000_000n}`);
    expect(contenders.length).toBe(0);
    for (const i of [0, 1, 2]) {
      const real = 5_000_000n * BigInt(instance.weights[i]!);
      expect(BigInt(floors[i]!) - real).toBe(0n);
    }
  });

  it('counts whom the level leaves behind and what they get', () => {
    expect(run({ estate: 14, bounds: [1, 1, Infinity, 20, 4], weights: [1, 1, 1, 1, 1] })).toMatchObject({
      limitedPeople: 2,
      limitedUnits: 2,
    });
  });
});

/** Figures of `allocation-cases.json`; E and c scaled to whole numbers where the source has fractions. */
describe('published cases of constrained equal awards', () => {
  const WIKIPEDIA = 'Wikipedia "Constrained equal awards"';
  const KESHAV = 'Keshav 1997, An Engineering Approach to Computer Networking, pp. 215-217, times 10';
  it.each([
    { source: WIKIPEDIA, estate: 100, claims: [60, 90], expected: ['50', '50'] },
    { source: WIKIPEDIA, estate: 100, claims: [40, 80], expected: ['40', '60'] },
    { source: WIKIPEDIA, estate: 100, claims: [50, 100, 150], expected: ['100/3', '100/3', '100/3'] },
    { source: WIKIPEDIA, estate: 200, claims: [50, 100, 150], expected: ['50', '75', '75'] },
    { source: WIKIPEDIA, estate: 300, claims: [50, 100, 150], expected: ['50', '100', '150'] },
    { source: WIKIPEDIA, estate: 300, claims: [100, 200, 300], expected: ['100', '100', '100'] },
    { source: WIKIPEDIA, estate: 500, claims: [100, 200, 300], expected: ['100', '200', '200'] },
    { source: KESHAV, estate: 100, claims: [20, 26, 40, 50], expected: ['20', '26', '27', '27'] },
  ])('$source: $estate among $claims', ({ estate, claims, expected }) => {
    const instance = { estate, bounds: claims, weights: claims.map(() => 1) };
    const { exactShare } = run(instance);
    expect(claims.map((_, i) => exactShare(i))).toEqual(expected);
    const whole = award(instance);
    expect(whole.reduce((sum, x) => sum + x, 0)).toBe(estate);
    whole.forEach((x, i) => expect(Math.abs(x - valueOf(expected[i]!))).toBeLessThan(1));
  });
});

function valueOf(share: string): number {
  const [top, bottom = '1'] = share.split('/');
  return Number(top) / Number(bottom);
}
