import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { leximinOver, type NetworkShares } from './network.js';

interface Instance {
  lots: { units: number; eligible: number[] | null }[];
  bounds: number[];
  weights: number[];
  minimums?: number[];
  given?: number[];
  /** Recipients from the first rank to the last. */
  order: number[];
}

function run({ lots, order, ...limits }: Instance): NetworkShares {
  const rankOf = new Uint32Array(order.length);
  order.forEach((recipient, rank) => {
    rankOf[recipient] = rank;
  });
  const [bounds, weights, minimums, before] = [limits.bounds, limits.weights, limits.minimums, limits.given].map(
    (values) => Float64Array.from(values ?? limits.bounds.map(() => 0)),
  );
  return leximinOver({ lots, bounds: bounds!, weights: weights!, minimums: minimums!, given: before! }, rankOf);
}

function unitsIn(instance: Instance): number[] {
  return Array.from(run(instance).units);
}

const sum = (values: Iterable<number>) => Array.from(values).reduce((total, value) => total + value, 0);
const given = (instance: Instance, i: number) => instance.given?.[i] ?? 0;
const may = (instance: Instance, lot: number, i: number) => instance.lots[lot]!.eligible?.includes(i) ?? true;

const middling: fc.Arbitrary<Instance> = fc.integer({ min: 1, max: 12 }).chain((n) => {
  const list = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: n, maxLength: n });
  const everyone = Array.from({ length: n }, (_, i) => i);
  const lot = fc.record({
    units: fc.integer({ min: 0, max: 30 }),
    eligible: fc.option(fc.subarray(everyone), { freq: 4 }),
  });
  return fc.record(
    {
      lots: fc.array(lot, { minLength: 1, maxLength: 6 }),
      bounds: list(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(Infinity))),
      weights: list(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 }))),
      order: fc.shuffledSubarray(everyone, { minLength: n }),
      minimums: list(fc.integer({ min: 0, max: 4 })),
      given: list(fc.integer({ min: 0, max: 4 })),
    },
    { requiredKeys: ['lots', 'bounds', 'weights', 'order'] },
  );
});

function law(name: string, check: (instance: Instance) => void): void {
  // oxlint-disable-next-line jest/valid-title -- every caller passes a text
  it(name, () => fc.assert(fc.property(middling, check), { numRuns: 300 }));
}

/** Renames recipients and lots: entry `i` of a result is the old name of the new `i`. */
function rearranged(instance: Instance, people: number[], lots: number[]): Instance {
  const pick = <T>(values: T[]) => people.map((i) => values[i]!);
  return {
    lots: lots.map((lot) => {
      const { units, eligible } = instance.lots[lot]!;
      return { units, eligible: eligible && eligible.map((i) => people.indexOf(i)).toReversed() };
    }),
    bounds: pick(instance.bounds),
    weights: pick(instance.weights),
    ...(instance.minimums && { minimums: pick(instance.minimums) }),
    ...(instance.given && { given: pick(instance.given) }),
    order: instance.order.map((i) => people.indexOf(i)),
  };
}

describe('laws of the network', () => {
  law(
    'every unit of every lot is with someone who may have it, or stays where nobody who may wants more',
    (instance) => {
      const { units, flow, left } = run(instance);
      const drawn = instance.lots.map(() => 0);
      units.forEach((award, i) => {
        const pieces = Array.from(flow.lots.subarray(flow.starts[i], flow.starts[i + 1]));
        const amounts = Array.from(flow.units.subarray(flow.starts[i], flow.starts[i + 1]));
        expect(pieces).toEqual(Array.from(new Set(pieces)).sort((a, b) => a - b));
        expect(sum(amounts)).toBe(award);
        pieces.forEach((lot, piece) => {
          expect(may(instance, lot, i)).toBe(true);
          expect(amounts[piece]).toBeGreaterThan(0);
          drawn[lot]! += amounts[piece]!;
        });
        expect(given(instance, i) + award).toBeLessThanOrEqual(Math.max(instance.bounds[i]!, given(instance, i)));
      });
      instance.lots.forEach((lot, l) => {
        expect(drawn[l]! + left[l]!).toBe(lot.units);
        if (left[l] === 0) return;
        units.forEach((award, i) => {
          if (may(instance, l, i)) expect(given(instance, i) + award).toBeGreaterThanOrEqual(instance.bounds[i]!);
        });
      });
    },
  );

  law('more units in any lot never give anyone less', (instance) => {
    const before = run(instance).units;
    instance.lots.forEach((lot, l) => {
      const richer = instance.lots.with(l, { ...lot, units: lot.units + 1 + (l % 3) });
      run({ ...instance, lots: richer }).units.forEach((award, i) => expect(award).toBeGreaterThanOrEqual(before[i]!));
    });
  });

  it('the order of recipients and of lots changes nothing', () => {
    const shuffled = middling.chain((instance) =>
      fc.tuple(
        fc.constant(instance),
        fc.shuffledSubarray(Array.from(instance.bounds.keys()), { minLength: instance.bounds.length }),
        fc.shuffledSubarray(Array.from(instance.lots.keys()), { minLength: instance.lots.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([instance, people, lots]) => {
        const plain = run(instance);
        const other = run(rearranged(instance, people, lots));
        expect(Array.from(other.units)).toEqual(people.map((i) => plain.units[i]));
        people.forEach((i, renamed) => {
          expect(other.exactShare(renamed)).toBe(plain.exactShare(i));
          expect(other.bindingOf(renamed)).toBe(plain.bindingOf(i));
        });
        const namesOf = (shares: NetworkShares, name: (i: number) => number) =>
          shares.contests
            .map((contest) =>
              Array.from(contest.recipients, name)
                .sort((a, b) => a - b)
                .join(),
            )
            .sort();
        expect(namesOf(other, (i) => people[i]!)).toEqual(namesOf(plain, (i) => i));
      }),
      { numRuns: 300 },
    );
  });

  law('recipients who want nothing, or for whom there is no lot, change nothing for the others', (instance) => {
    const n = instance.bounds.length;
    const plus = (values: number[] | undefined, added: number[]) => values && [...values, ...added];
    const joined = {
      lots: instance.lots.map((lot, l) => ({
        ...lot,
        eligible: lot.eligible ?? [...instance.bounds.keys(), ...(l % 2 ? [n] : [])],
      })),
      bounds: [...instance.bounds, 0, Infinity],
      weights: [...instance.weights, 3, 5],
      minimums: plus(instance.minimums, [2, 2]),
      given: plus(instance.given, [0, 0]),
      order: [n + 1, ...instance.order, n],
    } as Instance;
    expect(unitsIn(joined)).toEqual([...unitsIn(instance), 0, 0]);
  });

  law('whoever leaves with her pieces leaves the others what they have', (instance) => {
    const { units, flow, minimumsFit } = run(instance);
    if (!minimumsFit) return;
    const leaving = instance.order[0]!;
    const lots = instance.lots.map((lot) => ({ ...lot }));
    for (let piece = flow.starts[leaving]!; piece < flow.starts[leaving + 1]!; piece++) {
      lots[flow.lots[piece]!]!.units -= flow.units[piece]!;
    }
    const bounds = instance.bounds.with(leaving, given(instance, leaving));
    const rest = unitsIn({ ...instance, lots, bounds });
    expect(rest).toEqual(Array.from(units.with(leaving, 0)));
  });

  law(
    'people of one kind differ by at most a unit, and only by rank; who claims more never gets less but by rank',
    (instance) => {
      const { lots, bounds, weights, order, minimums } = instance;
      const { units, minimumsFit } = run(instance);
      if (!minimumsFit) return;
      const signature = (i: number) =>
        [...lots.map((_, lot) => may(instance, lot, i)), weights[i], minimums?.[i], given(instance, i)].join();
      order.forEach((better, rank) => {
        for (const worse of order.slice(rank + 1)) {
          if (signature(better) !== signature(worse)) continue;
          if (bounds[better]! >= bounds[worse]!) expect(units[better]).toBeGreaterThanOrEqual(units[worse]!);
          if (bounds[better]! <= bounds[worse]!)
            expect(units[worse]).toBeGreaterThanOrEqual(Math.min(units[better]! - 1, bounds[better]!));
        }
      });
    },
  );

  law('weights matter by their proportions, and a lot may be cut in two', (instance) => {
    const units = unitsIn(instance);
    expect(unitsIn({ ...instance, weights: instance.weights.map((weight) => 7 * weight) })).toEqual(units);
    const halves = instance.lots.flatMap((lot) => {
      const half = Math.floor(lot.units / 2);
      return [
        { ...lot, units: half },
        { ...lot, units: lot.units - half },
      ];
    });
    expect(unitsIn({ ...instance, lots: halves })).toEqual(units);
  });

  law('the same network gives the same shares, piece by piece', (instance) => {
    const [one, other] = [run(instance), run(structuredClone(instance))];
    expect([other.units, other.flow, other.left, other.parts]).toEqual([one.units, one.flow, one.left, one.parts]);
  });
});
