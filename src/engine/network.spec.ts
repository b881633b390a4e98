import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { leximinOver, type Network, type NetworkShares } from './network.js';
import { sharesOf } from './rule.js';
import type { Shares } from './shares.js';

interface Instance {
  lots: { units: number; eligible: number[] | null }[];
  bounds: number[];
  weights: number[];
  minimums?: number[];
  given?: number[];
  /** Recipients from the first rank to the last. */
  order: number[];
}

function networkOf({ lots, bounds, weights, minimums, given }: Instance): Network {
  return {
    lots,
    bounds: Float64Array.from(bounds),
    weights: Float64Array.from(weights),
    ...(minimums && { minimums: Float64Array.from(minimums) }),
    ...(given && { given: Float64Array.from(given) }),
  };
}

function run(instance: Instance): NetworkShares {
  const rankOf = new Uint32Array(instance.order.length);
  instance.order.forEach((recipient, rank) => {
    rankOf[recipient] = rank;
  });
  return leximinOver(networkOf(instance), rankOf);
}

function unitsIn(instance: Instance): number[] {
  return Array.from(run(instance).units);
}

const sum = (values: Iterable<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** Every choice of lots as a mask. */
const choices = (lots: readonly unknown[]) => Array.from({ length: 2 ** lots.length }, (_, mask) => mask);
const unitsOfChoice = ({ lots }: Instance, mask: number) =>
  sum(lots.map(({ units }, l) => (mask & (1 << l) ? units : 0)));
const maskOf = ({ lots }: Instance, recipient: number) =>
  lots.reduce((mask, { eligible }, l) => mask | (eligible === null || eligible.includes(recipient) ? 1 << l : 0), 0);
const dependents = (instance: Instance, mask: number) =>
  Array.from(instance.bounds.keys()).filter((recipient) => (maskOf(instance, recipient) & ~mask) === 0);

/** Gale 1957: awards can be routed when no choice of lots is overdrawn by those who depend on it. No flow is computed. */
function allRoutable(instance: Instance): number[][] {
  const { bounds, given, lots } = instance;
  const limits = choices(lots).map((mask) => ({
    units: unitsOfChoice(instance, mask),
    of: dependents(instance, mask),
  }));
  const found: number[][] = [];
  const search = (units: number[], left: number): void => {
    const recipient = units.length;
    if (recipient === bounds.length) {
      if (limits.every((limit) => sum(limit.of.map((i) => units[i]!)) <= limit.units)) found.push(units);
      return;
    }
    const room = Math.max(0, bounds[recipient]! - (given?.[recipient] ?? 0));
    for (let x = 0; x <= Math.min(room, left); x++) search([...units, x], left - x);
  };
  search([], sum(lots.map(({ units }) => units)));
  return found;
}

function keepBest<T>(candidates: T[], valueOf: (candidate: T) => number): T[] {
  const best = Math.max(...candidates.map(valueOf));
  return candidates.filter((candidate) => valueOf(candidate) === best);
}

/** All leximin vectors, once the minimums are met as far as they can be. */
function leximinBySearch(instance: Instance): number[][] {
  const { bounds, weights, minimums, given, order } = instance;
  const held = (units: number[], i: number) => units[i]! + (given?.[i] ?? 0);
  let candidates = allRoutable(instance);
  for (const i of order) candidates = keepBest(candidates, (units) => Math.min(held(units, i), minimums?.[i] ?? 0));
  const common = weights.reduce((product, weight) => product * weight, 1);
  const profiles = new Map(
    candidates.map((units) => [
      units,
      units.map((_, i) => (held(units, i) * common) / weights[i]!).sort((a, b) => a - b),
    ]),
  );
  for (let place = 0; place < bounds.length; place++) {
    candidates = keepBest(candidates, (units) => profiles.get(units)![place]!);
  }
  return candidates;
}

/** The one vector the ranks prefer. */
function bestBySearch(instance: Instance): number[] {
  let candidates = leximinBySearch(instance);
  for (const i of instance.order) candidates = keepBest(candidates, (units) => units[i]!);
  expect(candidates).toHaveLength(1);
  return candidates[0]!;
}

interface Sizes {
  people: number;
  lots: number;
  units: number;
  weight?: number;
}

function instancesOf({ people, lots, units, weight = 6 }: Sizes, withLimits: boolean): fc.Arbitrary<Instance> {
  return fc.integer({ min: 1, max: people }).chain((n) => {
    const list = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: n, maxLength: n });
    const everyone = Array.from({ length: n }, (_, i) => i);
    const small = list(fc.integer({ min: 0, max: Math.ceil(units / 4) + 2 }));
    return fc.record(
      {
        lots: fc.array(
          fc.record({
            units: fc.integer({ min: 0, max: units }),
            eligible: fc.option(fc.subarray(everyone), { freq: 4 }),
          }),
          { minLength: 1, maxLength: lots },
        ),
        bounds: list(fc.oneof(fc.integer({ min: 0, max: 2 * units - 1 }), fc.constant(Infinity))),
        weights: list(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: weight }))),
        order: fc.shuffledSubarray(everyone, { minLength: n }),
        ...(withLimits && { minimums: small, given: small }),
      },
      { requiredKeys: ['lots', 'bounds', 'weights', 'order'] },
    );
  });
}

const small = instancesOf({ people: 4, lots: 4, units: 4 }, false);
const smallWithLimits = instancesOf({ people: 4, lots: 3, units: 4 }, true);
/** Products of these pass 2^53 by far. */
const huge = instancesOf({ people: 5, lots: 4, units: 4e14, weight: 1e8 }, true);
const middling = instancesOf({ people: 12, lots: 6, units: 30 }, true);

function law(name: string, of: fc.Arbitrary<Instance>, check: (instance: Instance) => void, numRuns = 300): void {
  // oxlint-disable-next-line jest/valid-title -- every caller passes a text
  it(name, () => fc.assert(fc.property(of, check), { numRuns }));
}

function asOneLot(estate: number, { bounds, weights }: Pick<Network, 'bounds' | 'weights'>): Shares {
  const figures = { claims: bounds, bounds, lows: new Float64Array(bounds.length), weights };
  return sharesOf(estate, figures, { rule: 'CONSTRAINED_EQUAL_AWARDS' });
}

describe('leximin over a network, against all awards that can be routed', () => {
  law(
    'finds the best vector, and of equals the one the ranks prefer',
    small,
    (instance) => {
      expect(unitsIn(instance)).toEqual(bestBySearch(instance));
    },
    600,
  );

  law(
    'finds it with minimums and with units given before',
    smallWithLimits,
    (instance) => {
      expect(unitsIn(instance)).toEqual(bestBySearch(instance));
    },
    600,
  );

  law('says whether the minimums fit', smallWithLimits, (instance) => {
    const { bounds, minimums = [], given = [] } = instance;
    const fit = allRoutable(instance).some((units) =>
      units.every((x, i) => x + (given[i] ?? 0) >= Math.min(minimums[i] ?? 0, Math.max(bounds[i]!, given[i] ?? 0))),
    );
    expect(run(instance).minimumsFit).toBe(fit);
  });

  law('with one lot for all is constrained equal awards', small, ({ lots, ...rest }) => {
    const estate = sum(lots.map(({ units }) => units));
    const { bounds, weights } = networkOf({ lots, ...rest });
    const { floors, contests } = asOneLot(estate, { bounds, weights });
    const winners = contests.flatMap(({ contenders, prizes }) =>
      rest.order.filter((i) => contenders.includes(i)).slice(0, prizes),
    );
    const expected = Array.from(floors, (floor, i) => floor + (winners.includes(i) ? 1 : 0));
    expect(unitsIn({ ...rest, lots: [{ units: estate, eligible: null }] })).toEqual(expected);
    // However the estate is cut into lots, as long as they are for everybody.
    expect(unitsIn({ ...rest, lots: lots.map(({ units }) => ({ units, eligible: null })) })).toEqual(expected);
  });
});

/**
 * Among whole points of a polymatroid what no exchange of one unit improves is best (Murota 2003, M-convex functions):
 * this checks networks too large to look at all awards.
 */
function expectNoBetterExchange(instance: Instance): void {
  const { bounds, weights, order, lots } = instance;
  const { units, minimumsFit } = run(instance);
  if (!minimumsFit) return;
  const limits = choices(lots).map((mask) => {
    const of = new Set(dependents(instance, mask));
    return { of, slack: unitsOfChoice(instance, mask) - sum(Array.from(of, (i) => units[i]!)) };
  });
  const before = (i: number) => instance.given?.[i] ?? 0;
  const most = bounds.map((bound, i) => Math.max(bound, before(i)));
  const held = units.map((x, i) => x + before(i));
  const mayTake = (i: number, from: number) => limits.every(({ of, slack }) => slack > 0 || !of.has(i) || of.has(from));
  for (const { slack } of limits) expect(slack).toBeGreaterThanOrEqual(0);
  for (const i of bounds.keys()) {
    if (held[i]! >= most[i]!) continue;
    expect(mayTake(i, -1)).toBe(false);
    for (const from of bounds.keys()) {
      const least = Math.max(before(from), Math.min(instance.minimums?.[from] ?? 0, most[from]!));
      if (held[from]! <= least || from === i || !mayTake(i, from)) continue;
      const next = BigInt(held[i]!) * BigInt(weights[from]!);
      const last = BigInt(held[from]! - 1) * BigInt(weights[i]!);
      const byWeightThenRank = weights[i]! - weights[from]! || order.indexOf(i) - order.indexOf(from);
      expect(next > last || (next === last && byWeightThenRank > 0)).toBe(true);
    }
  }
}

describe('leximin over larger networks', () => {
  law('no exchange of one unit makes it better', middling, expectNoBetterExchange);
  law('nor where products pass 2^53', huge, expectNoBetterExchange);
});

describe('contests for single units', () => {
  law(
    'hold those, and only those, who could have a unit more or less, in the smallest groups whose sum never changes',
    smallWithLimits,
    (instance) => {
      const best = leximinBySearch(instance);
      const { contests, contestOf, units } = run(instance);
      const isFixed = (people: readonly number[]) =>
        new Set(best.map((vector) => sum(people.map((i) => vector[i]!)))).size === 1;
      instance.bounds.forEach((_, i) => expect(contestOf[i] === -1).toBe(isFixed([i])));
      for (const [index, { recipients, prizes, unit, weight }] of contests.entries()) {
        const people = Array.from(recipients);
        const held = people.map((i) => units[i]! + (instance.given?.[i] ?? 0));
        expect(sum(held)).toBe(people.length * (unit - 1) + prizes);
        for (const i of people) expect([contestOf[i], instance.weights[i]]).toEqual([index, weight]);
        for (const mask of choices(people)) {
          const some = people.filter((_, place) => mask & (1 << place));
          expect(isFixed(some)).toBe(some.length === 0 || some.length === people.length);
        }
      }
    },
    600,
  );

  it('can pass over a better rank where a lot is not for her', () => {
    // Everyone gets one unit and two are left over. The first two may draw on one lot only, which has one of them.
    const shares = run({
      lots: [
        { units: 3, eligible: null },
        { units: 3, eligible: [2, 3] },
      ],
      bounds: [Infinity, Infinity, Infinity, Infinity],
      weights: [1, 1, 1, 1],
      order: [0, 1, 2, 3],
    });
    expect(Array.from(shares.units)).toEqual([2, 1, 2, 1]);
    expect(shares.contests).toEqual([
      { recipients: Uint32Array.of(0, 1, 2, 3), prizes: 2, unit: 2, weight: 1, bestRanksWin: false },
    ]);
  });
});

describe('cases', () => {
  const base = { weights: [1, 1, 1], bounds: [Infinity, Infinity, Infinity], order: [0, 1, 2] };

  it('keeps an earmarked lot for those it names and makes up for it from the open lot', () => {
    const lots = [
      { units: 6, eligible: [0] },
      { units: 9, eligible: null },
    ];
    expect(unitsIn({ ...base, lots })).toEqual([6, 5, 4]);
    expect(unitsIn({ ...base, lots, order: [2, 1, 0] })).toEqual([6, 4, 5]);
  });

  it('does not start from the rounded-down fractional optimum: a large weight loses more than a unit', () => {
    const weights = [1000, ...Array.from({ length: 1000 }, () => 1)];
    const shares = run({
      lots: [
        { units: 500, eligible: null },
        { units: 500, eligible: Array.from(weights.keys()) },
      ],
      bounds: weights.map(() => Infinity),
      weights,
      order: Array.from(weights.keys()),
    });
    expect(shares.exactShare(0)).toBe('500');
    expect(shares.units[0]).toBe(0);
  });

  it('tells who shared what: 300 masks kept for 12 people are 25 each, the open 1,000 are 125/2 for the other 16', () => {
    const weights = Array.from({ length: 28 }, () => 1);
    const order = Array.from(weights.keys());
    const us = order.slice(0, 12);
    const shares = run({
      lots: [
        { units: 300, eligible: us },
        { units: 1000, eligible: order.slice(12) },
      ],
      bounds: weights.map(() => Infinity),
      weights,
      order,
    });
    expect(shares.parts).toMatchObject([
      { lots: [0], supply: 300, level: { numerator: 300, denominator: 12 } },
      { lots: [1], supply: 1000, level: { numerator: 1000, denominator: 16 } },
    ]);
    expect(Array.from(shares.parts[0]!.recipients)).toEqual(us);
    expect([shares.exactShare(0), shares.exactShare(20)]).toEqual(['25', '125/2']);
    expect([shares.bindingOf(0), shares.partOf[20]]).toEqual(['SUPPLY', 1]);
  });

  it('keeps lots apart that no recipient connects, also when their levels are the same', () => {
    const lots = [
      { units: 4, eligible: [0, 2] },
      { units: 2, eligible: [1] },
    ];
    expect(run({ ...base, lots }).parts.map((part) => part.lots)).toEqual([[0], [1]]);
  });

  it('counts a recipient once whom a lot names twice', () => {
    const lots = [
      { units: 4, eligible: [0, 1, 0] },
      { units: 3, eligible: [1, 1, 2] },
    ];
    const once = [
      { units: 4, eligible: [0, 1] },
      { units: 3, eligible: [1, 2] },
    ];
    expect(run({ ...base, lots })).toMatchObject({
      ...run({ ...base, lots: once }),
      exactShare: expect.anything(),
      bindingOf: expect.anything(),
    });
    expect(
      unitsIn({
        ...base,
        lots: [
          { units: 7, eligible: [0, 0] },
          { units: 7, eligible: null },
        ],
      }),
    ).toEqual([7, 4, 3]);
  });

  it('names what keeps each from more: bound, minimum, supply, or no lot', () => {
    const shares = run({
      lots: [{ units: 12, eligible: [0, 1, 2] }],
      bounds: [1, Infinity, Infinity, Infinity],
      minimums: [0, 8, 0, 0],
      weights: [1, 1, 1, 1],
      order: [0, 1, 2, 3],
    });
    expect(Array.from(shares.units)).toEqual([1, 8, 3, 0]);
    expect([0, 1, 2, 3].map(shares.bindingOf)).toEqual(['BOUND', 'MINIMUM', 'SUPPLY', 'NO_LOT']);
    expect([0, 1, 2, 3].map(shares.exactShare)).toEqual(['1', '8', '3', '0']);
  });

  it('takes the lots in their order when not all is wanted', () => {
    const shares = run({
      lots: [
        { units: 5, eligible: null },
        { units: 5, eligible: [1] },
        { units: 5, eligible: [0, 1] },
      ],
      bounds: [4, 6],
      weights: [1, 1],
      order: [0, 1],
    });
    expect(Array.from(shares.left)).toEqual([0, 0, 5]);
  });

  it('stays exact where products pass 2^53', () => {
    const weights = [99_999_999, 99_999_998, 3, 99_999_999, 99_999_998, 2];
    const lots = [
      { units: 1e15, eligible: [0, 1, 2] },
      { units: 1e15 + 1, eligible: null },
    ];
    const instance = { lots, bounds: weights.map(() => Infinity), weights, order: [0, 1, 2, 3, 4, 5] };
    const shares = run(instance);
    const plain = asOneLot(2e15 + 1, networkOf(instance));
    expect(shares.parts).toHaveLength(1);
    expect(sum(shares.units)).toBe(2e15 + 1);
    weights.forEach((_, i) => expect(shares.exactShare(i)).toBe(plain.exactShare(i)));
    for (const [i, floor] of plain.floors.entries()) expect([floor, floor + 1]).toContain(shares.units[i]);
  });

  it('parts what differs by less than a float can tell', () => {
    // Two bottlenecks whose levels differ in the sixteenth digit: the first three hold a trifle more per weight.
    const weights = [99_999_999, 99_999_998, 5, 99_999_999, 99_999_998, 5];
    const lots = [
      { units: 1e15 + 1, eligible: [0, 1, 2] },
      { units: 1e15, eligible: null },
    ];
    const instance = { lots, bounds: weights.map(() => Infinity), weights, order: [0, 1, 2, 3, 4, 5] };
    expect(run(instance).parts.map((part) => part.supply)).toEqual([1e15, 1e15 + 1]);
  });
});

/** `exactShare` as a fraction. */
function fractionOf(text: string): { top: bigint; bottom: bigint } {
  const [top, bottom = '1'] = text.split('/');
  return { top: BigInt(top!), bottom: BigInt(bottom) };
}

function expectBottlenecks(instance: Instance): void {
  const { weights, given, bounds, lots } = instance;
  const shares = run(instance);
  const fractions = bounds.map((_, i) => fractionOf(shares.exactShare(i)));
  const common = fractions.reduce((product, { bottom }) => product * bottom, 1n);
  const held = fractions.map(({ top, bottom }) => (top * common) / bottom);
  const drawn = held.map((units, i) => units - BigInt(given?.[i] ?? 0) * common);
  const used = choices(lots).map((mask) => {
    const of = dependents(instance, mask);
    return {
      of,
      slack: BigInt(unitsOfChoice(instance, mask)) * common - of.reduce((all, i) => all + drawn[i]!, 0n),
    };
  });
  for (const { slack } of used) expect(slack >= 0n).toBe(true);
  const isAtMost = (i: number) =>
    held[i] === BigInt(Math.max(given?.[i] ?? 0, Math.min(bounds[i]!, Number.MAX_SAFE_INTEGER))) * common;
  held.forEach((units, i) => {
    if (isAtMost(i)) return;
    const holdsMore = (j: number) => held[j]! * BigInt(weights[i]!) > units * BigInt(weights[j]!);
    // Those who hold more may do so only because their minimum, or what they had before, says so.
    const isRaised = (j: number) => held[j]! <= BigInt(Math.max(given?.[j] ?? 0, instance.minimums?.[j] ?? 0)) * common;
    expect(
      used.some(({ of, slack }) => slack === 0n && of.includes(i) && of.every((j) => !holdsMore(j) || isRaised(j))),
    ).toBe(true);
  });
}

describe('the real-valued split behind the explanations', () => {
  const fact = 'is routable; whoever is short belongs to people with no other lots, used up, none of whom holds more';
  law(fact, smallWithLimits, expectBottlenecks);
  law(`${fact}, with more lots too`, middling, expectBottlenecks);
  law(`${fact}, where products pass 2^53 too`, huge, expectBottlenecks);

  law(
    'gives each part its lots, to the unit, among people who can get no others but scarcer ones',
    middling,
    (instance) => {
      const { parts, partOf } = run({ ...instance, given: instance.bounds.map(() => 0) });
      const seen = new Set<number>();
      for (const [index, part] of parts.entries()) {
        expect(part.supply).toBe(sum(part.lots.map((lot) => instance.lots[lot]!.units)));
        for (const lot of part.lots) {
          expect(seen.has(lot)).toBe(false);
          seen.add(lot);
        }
        for (const recipient of part.recipients) expect(partOf[recipient]).toBe(index);
      }
      expect(sum(parts.map((part) => part.recipients.length))).toBe(partOf.filter((part) => part >= 0).length);
    },
  );

  law('does not depend on ranks', middling, (instance) => {
    if (!run(instance).minimumsFit) return;
    const turned = { ...instance, order: instance.order.toReversed() };
    expect(run(turned).parts).toEqual(run(instance).parts);
  });
});
