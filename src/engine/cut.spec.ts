import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { cut } from './cut.js';
import { exactShares, GainLines, levelOf, LossLines } from './level.js';
import { GeometricOrder, LossOrder, QuotientOrder, Votes, type UnitOrder } from './unit-order.js';

const MANY = 60;
const boxes = fc.record({
  highs: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: MANY }),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
  weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: MANY, maxLength: MANY }),
});

const draw = () => 0;

function orders(weights: Float64Array, highs: Float64Array): UnitOrder[] {
  const votes = new Votes(null, weights);
  return [
    new QuotientOrder(votes, 0, draw),
    new QuotientOrder(votes, 1, draw),
    new QuotientOrder(votes, 2, (a, _k, b) => votes.compare(b, a)),
    new GeometricOrder(votes, draw),
    new LossOrder(highs, weights, draw),
  ];
}

/** The same order with a sense of levels that is no help at all. */
function misled(order: UnitOrder, howFar: number): UnitOrder {
  return {
    level: (claimant, k) => order.level(claimant, k) * howFar,
    unitsAt: (claimant, level) => order.unitsAt(claimant, level) + Math.round(howFar * claimant) - 3,
    compare: (a, k, b, l) => order.compare(a, k, b, l),
  };
}

describe('a cut', () => {
  it('is where sorting all the units puts it, however badly the doubles guess', () => {
    fc.assert(
      fc.property(boxes, fc.constantFrom(0, 0.01, -2, 5), (box, howFar) => {
        const highs = Float64Array.from(box.highs);
        const lows = highs.map((high) => Math.min(high, 1));
        const weights = Float64Array.from(box.weights.slice(0, highs.length));
        const least = lows.reduce((sum, low) => sum + low, 0);
        const estate = least + Math.floor(box.part * (highs.reduce((sum, high) => sum + high, 0) - least));
        for (const order of orders(weights, highs)) {
          const expected = bySorting(estate, lows, highs, order);
          expect(cut(estate, { lows, highs }, order)).toEqual(expected);
          expect(cut(estate, { lows, highs }, misled(order, howFar))).toEqual(expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is exact where figures pass 2^53', () => {
    const weights = Float64Array.of(999_999_999_989, 999_999_999_988, 7);
    const claims = Float64Array.of(1e15, 1e15 - 1, 1e15 - 2);
    const votes = new Votes(claims, weights);
    const lows = new Float64Array(3);
    for (const order of [
      new QuotientOrder(votes, 1, draw),
      new GeometricOrder(votes, draw),
      new LossOrder(claims, weights, draw),
    ]) {
      const { floors, contests } = cut(1e15, { lows, highs: claims }, order);
      expect(contests).toEqual([]);
      expect(floors.reduce((sum, floor) => sum + floor, 0)).toBe(1e15);
      // The last unit given to anyone comes before the first not given to anyone else.
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b < 3; b++) {
          if (a === b || floors[a] === 0) continue;
          expect(order.compare(a, floors[a]!, b, floors[b]! + 1)).toBeLessThan(0);
        }
      }
    }
  });
});

function bySorting(estate: number, lows: Float64Array, highs: Float64Array, order: UnitOrder): ReturnType<typeof cut> {
  const units: { i: number; k: number }[] = [];
  highs.forEach((high, i) => {
    for (let k = lows[i]! + 1; k <= high; k++) units.push({ i, k });
  });
  units.sort((a, b) => order.compare(a.i, a.k, b.i, b.k));
  const wanted = estate - lows.reduce((sum, low) => sum + low, 0);
  const floors = lows.slice();
  if (wanted === 0) return { floors, contests: [] };
  const last = units[wanted - 1]!;
  const comes = (unit: { i: number; k: number }) => order.compare(unit.i, unit.k, last.i, last.k);
  const before = units.filter((unit) => comes(unit) < 0);
  const equal = units.filter((unit) => comes(unit) === 0);
  for (const { i } of before) floors[i]!++;
  const prizes = wanted - before.length;
  if (prizes === equal.length) {
    for (const { i } of equal) floors[i]!++;
    return { floors, contests: [] };
  }
  const contenders = Uint32Array.from(equal, ({ i }) => i).sort();
  return { floors, contests: [{ contenders, prizes }] };
}

describe('the level of a real-valued rule', () => {
  it('makes the exact shares sum to the estate, between lows and highs that leave flat stretches', () => {
    fc.assert(
      fc.property(boxes, fc.boolean(), (box, isLoss) => {
        const highs = Float64Array.from(box.highs, (high) => high + 1);
        const lows = highs.map((high, i) => Math.min(high, (box.weights[i]! * 7) % 20));
        const weights = Float64Array.from(box.weights.slice(0, highs.length));
        const least = lows.reduce((sum, low) => sum + low, 0);
        const estate = least + Math.floor(box.part * (highs.reduce((sum, high) => sum + high, 0) - least));
        const lines = isLoss ? new LossLines(highs, weights) : new GainLines(new Votes(null, weights));
        const shareOf = exactShares({ lows, highs }, lines, () => levelOf(estate, { lows, highs }, lines));
        let [top, bottom] = [0n, 1n];
        highs.forEach((_, i) => {
          const [part, whole = '1'] = shareOf(i).split('/');
          [top, bottom] = [top * BigInt(whole) + BigInt(part!) * bottom, bottom * BigInt(whole)];
        });
        expect(top).toBe(BigInt(estate) * bottom);
      }),
      { numRuns: 300 },
    );
  });

  it('is rounded to a millionth where the weights have no common multiple worth writing', () => {
    const primes = Array.from({ length: 2000 }, (_, i) => i + 2).filter((n) => isPrime(n));
    const weights = Float64Array.from(primes);
    const claims = weights.map(() => 100);
    const box = { lows: claims.map(() => 0), highs: claims };
    const lines = new LossLines(claims, weights);
    const shareOf = exactShares(box, lines, () => levelOf(20_000, box, lines));
    const sum = primes.reduce((total, _, i) => {
      const [top, bottom = '1'] = shareOf(i).split('/');
      expect(1_000_000 % Number(bottom)).toBe(0);
      return total + Number(top) / Number(bottom);
    }, 0);
    expect(Math.abs(sum - 20_000)).toBeLessThan(0.01);
  });
});

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}
