import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evennessOf } from '../engine/fairness.js';
import { curveOf, giniOf, lorenzOf, shareOfLeast } from './lorenz.rules.js';

const received = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1_000_000 })), {
    minLength: 1,
    maxLength: 150,
  })
  .filter((units) => units.some((own) => own > 0));

describe('a Lorenz curve', () => {
  it('rises from nobody to everybody, never above equality, ever more steeply', () => {
    fc.assert(
      fc.property(received, (units) => {
        const curve = curveOf(lorenzOf(units));
        expect([curve[0], curve.at(-1)]).toEqual([
          { people: 0, units: 0 },
          { people: 1, units: 1 },
        ]);
        let slope = 0;
        for (let i = 1; i < curve.length; i++) {
          const [a, b] = [curve[i - 1]!, curve[i]!];
          const next = (b.units - a.units) / (b.people - a.people);
          expect(next).toBeGreaterThanOrEqual(slope - 1e-9);
          slope = next;
          expect(b.units).toBeGreaterThanOrEqual(0);
          expect(b.units).toBeLessThanOrEqual(b.people + 1e-9);
        }
      }),
    );
  });

  it('shows by its area the Gini coefficient that the engine reckons', () => {
    fc.assert(
      fc.property(received, (units) => {
        const all = units.reduce((sum, own) => sum + own, 0);
        expect(giniOf(curveOf(lorenzOf(units)))).toBeCloseTo(evennessOf(Float64Array.from(units), all).gini, 3);
      }),
    );
  });

  it('tells what those who received least have together', () => {
    const curve = curveOf(lorenzOf([1, 1, 2, 6]));
    expect(giniOf(curve)).toBeCloseTo(0.4, 10);
    expect([0, 0.25, 0.5, 0.6, 1].map((share) => shareOfLeast(curve, share))).toEqual([
      0,
      0.1,
      0.2,
      expect.closeTo(0.28, 10),
      1,
    ]);
  });

  it('is none where nobody received anything', () => {
    expect(curveOf(lorenzOf([0, 0]))).toEqual([]);
    expect(curveOf([])).toEqual([]);
  });
});
