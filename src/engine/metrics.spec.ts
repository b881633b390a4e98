import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { metricsOf } from './metrics.js';

/** Claim, weight and award of one claimant; awards are small and shared by many, or large and far apart. */
const claimant = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1e12 })),
    fc.integer({ min: 1, max: 3 }),
    fc.nat(100),
  )
  .map(([claim, weight, percent]) => ({ claim, weight, award: Math.floor((claim * percent) / 100) }));

function measured(people: readonly { claim: number; weight: number; award: number }[]) {
  const [claims, weights] = [
    Float64Array.from(people, ({ claim }) => claim),
    Float64Array.from(people, ({ weight }) => weight),
  ];
  const none = { received: null, guarantee: null, minimumLot: null, cap: null };
  const recipients = new Uint32Array(people.length);
  const units = Float64Array.from(people, ({ award }) => award);
  return metricsOf(7, { ...none, recipients, claims, bounds: claims, weights }, units);
}

describe('the metrics of one item', () => {
  it('are what their definitions say, for awards that are counted and for those that are sorted', () => {
    fc.assert(
      fc.property(fc.array(claimant, { minLength: 1, maxLength: 12 }), (people) => {
        const metrics = measured(people);
        const [n, sum] = [people.length, people.reduce((total, { award }) => total + award, 0)];
        const fills = people.map(({ award, claim }) => award / claim).sort((a, b) => a - b);
        const apart = people.flatMap((a) => people.map((b) => Math.abs(a.award - b.award)));
        const squares = people.reduce((total, { award }) => total + award * award, 0);
        const envies = people.flatMap((a) =>
          people.map((b) => (b.weight <= a.weight ? Math.min(a.claim, b.award) - a.award : 0)),
        );
        expect(metrics).toMatchObject({
          supply: 7,
          awarded: sum,
          served: people.filter(({ award }) => award > 0).length,
          maxEnvyUnits: Math.max(0, ...envies),
        });
        expect(metrics.gini).toBeCloseTo(sum === 0 ? 0 : apart.reduce((a, b) => a + b, 0) / (2 * n * sum), 3);
        expect(metrics.jain).toBeCloseTo(sum === 0 ? 1 : sum ** 2 / (n * squares), 3);
        expect(metrics.fillMin).toBeCloseTo(fills[0]!, 3);
        expect(metrics.fillMean).toBeCloseTo(fills.reduce((a, b) => a + b, 0) / n, 3);
        expect(metrics.fillP10).toBeCloseTo(fills[Math.ceil(n / 10) - 1]!, 3);
      }),
    );
  });
});
