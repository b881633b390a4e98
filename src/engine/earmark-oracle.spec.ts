import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Earmark, Lot, Problem, RecipientClaim, Rule } from './problem.js';
import { split } from './split.js';

interface OracleLot {
  units: number;
  people: number[];
}

/** Hall's condition: no group wants more than the lots hold that may go to any of it. */
function isRoutable(units: readonly number[], lots: readonly OracleLot[]): boolean {
  for (let set = 1; set < 1 << units.length; set++) {
    const inSet = (i: number) => (set >> i) % 2 === 1;
    const wanted = units.reduce((sum, x, i) => sum + (inSet(i) ? x : 0), 0);
    const there = lots.reduce((sum, lot) => sum + (lot.people.some(inSet) ? lot.units : 0), 0);
    if (wanted > there) return false;
  }
  return true;
}

function* vectors(bounds: readonly number[]): Generator<number[]> {
  const [first, ...rest] = bounds;
  if (first === undefined) {
    yield [];
    return;
  }
  for (let units = 0; units <= first; units++) for (const others of vectors(rest)) yield [units, ...others];
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place < 0 ? 0 : a[place]! - b[place]!;
}

/** Of all awards that can be routed the leximin ones, and of these the one that favours the first most. */
function bestAwards(lots: OracleLot[], bounds: number[], weights: number[], before: number[]): number[] {
  let best: number[] | null = null;
  let bestLevels: number[] = [];
  for (const units of vectors(bounds.map((bound, i) => bound - before[i]!))) {
    const levels = units.map((x, i) => (x + before[i]!) / weights[i]!).sort((a, b) => a - b);
    const comes = best === null ? 1 : compareLists(levels, bestLevels) || compareLists(units, best);
    if (comes > 0 && isRoutable(units, lots)) [best, bestLevels] = [units, levels];
  }
  return best!;
}

/** `FIRST` lots to those they name, then what is left of them with the other lots, counting the former. */
function expectedAwards({ policy, lots, recipients }: Problem): number[] {
  const everyone = Array.from(recipients.keys());
  const named = ({ earmark }: Lot) =>
    everyone.filter((i) => earmark?.groups?.some((group) => recipients[i]!.groups!.includes(group)) ?? true);
  const bounds = recipients.map(({ claims }) => claims!['MASK']!);
  const isFill = policy.rule === 'MAX_MIN_FILL_RATE';
  const weights = recipients.map(({ weight }, i) => weight! * (isFill ? bounds[i]! : 1));
  const none = everyone.map(() => 0);
  const isFirst = ({ earmark }: Lot) => earmark?.strength === 'FIRST';
  const firstLots = lots.filter(isFirst).map((lot) => ({ units: lot.units, people: named(lot) }));
  const before = bestAwards(firstLots, bounds, weights, none);
  // What is left of a FIRST lot is open to all, so that only the sum matters.
  const used = before.reduce((sum, units) => sum + units, 0);
  const left = firstLots.reduce((sum, { units }) => sum + units, 0) - used;
  const thenLots = lots
    .filter((lot) => !isFirst(lot))
    .map((lot) => ({ units: lot.units, people: named(lot) }))
    .concat({ units: left, people: everyone });
  return bestAwards(thenLots, bounds, weights, before).map((units, i) => units + before[i]!);
}

const GROUPS = ['a', 'b', 'c'];

const lots: fc.Arbitrary<Lot[]> = fc
  .array(
    fc.record(
      {
        units: fc.integer({ min: 0, max: 6 }),
        earmark: fc.record({
          strength: fc.constantFrom<Earmark['strength']>('ONLY', 'ONLY', 'FIRST'),
          groups: fc.subarray(GROUPS, { minLength: 1 }),
        }),
      },
      { requiredKeys: ['units'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((lot, i) => ({ id: `lot${i}`, item: 'MASK', ...lot })));

const recipientsArbitrary: fc.Arbitrary<RecipientClaim[]> = fc
  .array(
    fc.record({
      groups: fc.subarray(GROUPS),
      weight: fc.integer({ min: 1, max: 3 }),
      claims: fc.record({ MASK: fc.integer({ min: 1, max: 4 }) }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((recipient, i) => ({ id: `r${i}`, ...recipient })));

describe('splits with earmarks, against all awards there are', () => {
  it.each<Rule>(['CONSTRAINED_EQUAL_AWARDS', 'MAX_MIN_FILL_RATE'])(
    '%s is leximin, ties by the order of ids',
    (rule) => {
      fc.assert(
        fc.property(lots, recipientsArbitrary, (given, recipients) => {
          const problem: Problem = { policy: { rule }, lots: given, recipients };
          const { awards } = split(problem);
          const units = recipients.map(({ id }) => awards.find(({ recipient }) => recipient === id)?.units ?? 0);
          expect(units).toEqual(expectedAwards(problem));
        }),
        { numRuns: 600 },
      );
    },
  );

  it('the lottery decides nothing but who of equals gets single units', () => {
    fc.assert(
      fc.property(lots, recipientsArbitrary, fc.string({ minLength: 1 }), (given, recipients, seed) => {
        const levelsUnder = (ties: Problem['policy']['ties']) => {
          const { awards } = split({
            policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', ...(ties && { ties }) },
            lots: given.map((lot) => (lot.earmark ? { ...lot, earmark: { ...lot.earmark, strength: 'ONLY' } } : lot)),
            recipients,
          });
          return awards.map(({ units, why }) => units / why.weight).sort((a, b) => a - b);
        };
        expect(levelsUnder({ by: 'LOTTERY', seed })).toEqual(levelsUnder({ by: 'STABLE' }));
      }),
      { numRuns: 200 },
    );
  });
});

/** Tier by tier, with what earlier tiers have of all lots together, from whichever lots it may come. */
function expectedByTiers({ policy, lots: given, recipients }: Problem): number[] {
  const everyone = Array.from(recipients.keys());
  const open = given.map(({ units, earmark }) => ({
    units,
    people: everyone.filter((i) => earmark?.groups?.some((group) => recipients[i]!.groups!.includes(group)) ?? true),
  }));
  const isFill = policy.rule === 'MAX_MIN_FILL_RATE';
  const settled = everyone.map(() => 0);
  for (const tier of [1, 2, 3, undefined]) {
    const members = everyone.filter((i) => recipients[i]!.tier === tier);
    let best: number[] | null = null;
    let bestLevels: number[] = [];
    for (const units of vectors(members.map((i) => recipients[i]!.claims!['MASK']!))) {
      const levels = units
        .map((x, place) => {
          const { weight, claims } = recipients[members[place]!]!;
          return x / (weight! * (isFill ? claims!['MASK']! : 1));
        })
        .sort((a, b) => a - b);
      const comes = best === null ? 1 : compareLists(levels, bestLevels) || compareLists(units, best);
      if (comes <= 0) continue;
      const all = settled.map((x, i) => (members.includes(i) ? units[members.indexOf(i)]! : x));
      if (isRoutable(all, open)) [best, bestLevels] = [units, levels];
    }
    members.forEach((i, place) => {
      settled[i] = best![place]!;
    });
  }
  return settled;
}

describe('strict tiers over lots with earmarks, against all awards there are', () => {
  const hard = lots.map((list) =>
    list.map((lot): Lot => (lot.earmark ? { ...lot, earmark: { ...lot.earmark, strength: 'ONLY' } } : lot)),
  );
  const tiered = recipientsArbitrary.chain((people) =>
    fc
      .array(fc.constantFrom(1, 2, 3, undefined), { minLength: people.length, maxLength: people.length })
      .map((tiers) => people.map((one, i) => ({ ...one, ...(tiers[i] && { tier: tiers[i] }) }))),
  );

  it.each<Rule>(['CONSTRAINED_EQUAL_AWARDS', 'MAX_MIN_FILL_RATE'])('%s is leximin tier by tier', (rule) => {
    fc.assert(
      fc.property(hard, tiered, (given, recipients) => {
        const problem: Problem = { policy: { rule, tiers: { by: 'STRICT' } }, lots: given, recipients };
        const { awards } = split(problem);
        const units = recipients.map(({ id }) => awards.find(({ recipient }) => recipient === id)?.units ?? 0);
        expect(units).toEqual(expectedByTiers(problem));
      }),
      { numRuns: 500 },
    );
  });
});
