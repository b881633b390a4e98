import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import highsModule from 'highs';
import { ROUNDINGS, type Lot, type Policy, type Problem, type RecipientClaim } from './problem.js';
import { split } from './split.js';

/**
 * The real-valued awards of the rules, found by linear programs that know nothing of levels, lines or cuts: HiGHS makes
 * the smallest share per weight as large as can be (or the greatest loss as small), holds those who cannot have more,
 * which their dual prices tell, and goes on with the rest.
 */
interface Solved {
  Status: string;
  Columns: Record<string, { Primal: number }>;
  Rows: { Name: string; Dual: number }[];
}

// The package declares its ES module as the CommonJS one, and nothing tells a linear result from an integer one.
const loadHighs = highsModule as unknown as () => Promise<{ solve: (program: string, options: object) => Solved }>;
const highs = await loadHighs();

interface Person {
  weight: number;
  low: number;
  high: number;
  /** Counted in losses. */
  claim: number;
  /** Lots that may go to her. */
  lots: readonly number[];
}

type Aim = 'GAINS' | 'LOSSES';

function optimum(aim: Aim, lots: readonly number[], people: readonly Person[]): number[] {
  const held = new Map<number, number>();
  // What one lot cannot give nobody has; over a network it depends.
  const total = aim === 'LOSSES' ? lots[0]! : null;
  while (held.size < people.length) {
    const { Status, Rows, Columns } = highs.solve(program(aim, lots, people, held, total), { output_flag: false });
    expect(Status).toBe('Optimal');
    const level = Columns['t']!.Primal;
    const before = held.size;
    for (const row of Rows) {
      const person = /^level(\d+)$/.exec(row.Name)?.[1];
      if (person === undefined || Math.abs(row.Dual) < 1e-7) continue;
      const { weight, claim } = people[Number(person)]!;
      held.set(Number(person), aim === 'GAINS' ? weight * level : claim - level / weight);
    }
    expect(held.size).toBeGreaterThan(before);
  }
  return people.map((_, i) => held.get(i)!);
}

/** In the LP format; `f0_2` is what goes from the first lot to the third person. */
function program(
  aim: Aim,
  lots: readonly number[],
  people: readonly Person[],
  held: ReadonlyMap<number, number>,
  total: number | null,
): string {
  const sum = (terms: string[]) => (terms.length > 0 ? terms.join(' + ') : '0 t');
  const flows = people.map((person, i) => person.lots.map((lot) => `f${lot}_${i}`));
  const rows = [
    ...people.map((_, i) => `award${i}: ${sum(flows[i]!)} - x${i} = 0`),
    ...lots.map((units, lot) => {
      const out = people.flatMap((person, i) => (person.lots.includes(lot) ? [`f${lot}_${i}`] : []));
      return `lot${lot}: ${sum(out)} <= ${units}`;
    }),
    ...people.flatMap(({ weight, claim }, i) => {
      if (held.has(i)) return [];
      return aim === 'GAINS'
        ? [`level${i}: x${i} - ${weight} t >= 0`]
        : [`level${i}: ${weight} x${i} + t >= ${claim * weight}`];
    }),
    ...(total === null ? [] : [`all: ${sum(people.map((_, i) => `x${i}`))} = ${total}`]),
  ];
  const bounds = people.map(({ low, high }, i) => {
    const value = held.get(i);
    return value === undefined ? `${low} <= x${i} <= ${high}` : `x${i} = ${value}`;
  });
  const objective = aim === 'GAINS' ? 'Maximize\n obj: t' : 'Minimize\n obj: t';
  return `${objective}\nSubject To\n ${rows.join('\n ')}\nBounds\n t free\n ${bounds.join('\n ')}\nEnd`;
}

const valueOf = (fraction: string) => {
  const [top, bottom = '1'] = fraction.split('/');
  return Number(top) / Number(bottom);
};

/** Shares as the engine tells them and whole awards, by recipient; null for whoever has none to tell. */
function answersOf(problem: Problem): { share: number; units: number }[] {
  const { awards, withoutAward } = split(problem);
  const rows = [...awards, ...withoutAward].map(({ recipient, why }) => [recipient, why] as const);
  const whys = new Map(rows);
  return problem.recipients.map(({ id }) => {
    const why = whys.get(id)!;
    return { share: valueOf(why.exactShare), units: why.units };
  });
}

function expectShares(shares: readonly number[], expected: readonly number[]): void {
  shares.forEach((share, i) => expect(Math.abs(share - expected[i]!)).toBeLessThan(1e-6));
}

const claimed = ({ claims }: RecipientClaim) => claims!['MASK']!;

const recipientsOf = (claims: fc.Arbitrary<number>, weights: fc.Arbitrary<number>): fc.Arbitrary<RecipientClaim[]> =>
  fc
    .array(fc.record({ claims: fc.record({ MASK: claims }), weight: weights }), { minLength: 1, maxLength: 6 })
    .map((list) => list.map((recipient, i) => ({ id: `r${i}`, ...recipient })));

const weights = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 5 }));
const claims = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3 }));

const policies: fc.Arbitrary<Policy> = fc.oneof(
  fc.constantFrom<Policy>(
    { rule: 'CONSTRAINED_EQUAL_AWARDS' },
    { rule: 'CONSTRAINED_EQUAL_LOSSES' },
    { rule: 'TALMUD' },
    { rule: 'MAX_MIN_FILL_RATE' },
  ),
  fc.constantFrom(...ROUNDINGS).map((rounding): Policy => ({ rule: 'PROPORTIONAL', rounding })),
);

/** What the rule's definition asks of the linear programs. */
function optimumOf({ policy, recipients }: Problem, estate: number): number[] {
  const cap = policy.cap?.['MASK'] ?? Infinity;
  const low = policy.guarantee?.['MASK'] ?? 0;
  const people = recipients.map((recipient): Person => {
    const claim = claimed(recipient);
    const high = Math.min(claim, cap);
    return { claim, high, low: Math.min(low, high), weight: recipient.weight!, lots: [0] };
  });
  const { rule } = policy;
  if (rule === 'CONSTRAINED_EQUAL_AWARDS') return optimum('GAINS', [estate], people);
  if (rule === 'CONSTRAINED_EQUAL_LOSSES') return optimum('LOSSES', [estate], people);
  if (rule === 'TALMUD') {
    const halves = people.map(({ claim, low: least, high }) => Math.min(Math.max(claim / 2, least), high));
    const isLower = estate <= halves.reduce((sum, half) => sum + half, 0);
    const halved = people.map((person, i) => ({
      ...person,
      ...(isLower ? { high: halves[i]! } : { low: halves[i]! }),
    }));
    return optimum(isLower ? 'GAINS' : 'LOSSES', [estate], halved);
  }
  return optimum(
    'GAINS',
    [estate],
    people.map((person) => ({ ...person, weight: person.weight * person.claim })),
  );
}

describe('the exact shares, against the optimum of linear programs', () => {
  it('are the same under every rule, for claims, weights and caps', () => {
    const problems = fc
      .record({
        policy: policies,
        cap: fc.option(fc.integer({ min: 1, max: 20 })),
        guarantee: fc.option(fc.integer({ min: 1, max: 3 })),
        recipients: recipientsOf(claims, weights),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ policy, cap, guarantee, recipients, part }): Problem => {
        const bounds = recipients.map((recipient) => Math.min(claimed(recipient), cap ?? Infinity));
        const most = bounds.reduce((sum, bound) => sum + bound, 0);
        // A guarantee bends proportional quotas after the fact, which is no optimum of anything.
        const isGuaranteed = guarantee !== null && policy.rule !== 'PROPORTIONAL';
        const lows = bounds.map((bound) => (isGuaranteed ? Math.min(guarantee, bound) : 0));
        const least = lows.reduce((sum, low) => sum + low, 0);
        return {
          policy: {
            ...policy,
            ...(cap !== null && { cap: { MASK: cap } }),
            ...(isGuaranteed && { guarantee: { MASK: guarantee } }),
          },
          lots: [{ id: 'm1', item: 'MASK', units: least + Math.floor(part * (most - least)) }],
          recipients,
        };
      });
    fc.assert(
      fc.property(problems, (problem) => {
        const answers = answersOf(problem);
        expectShares(
          answers.map(({ share }) => share),
          optimumOf(problem, problem.lots[0]!.units),
        );
        const { rule, rounding } = problem.policy;
        const areEqual = problem.recipients.every(({ weight }) => weight === problem.recipients[0]!.weight);
        const isNear =
          rule === 'PROPORTIONAL' ? rounding === 'LARGEST_REMAINDER' : rule !== 'MAX_MIN_FILL_RATE' && areEqual;
        if (isNear) for (const { share, units } of answers) expect(Math.abs(units - share)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 250 },
    );
  });

  it.each(['CONSTRAINED_EQUAL_AWARDS', 'MAX_MIN_FILL_RATE'] as const)(
    'are the same under %s over lots that are only for some',
    (rule) => {
      const GROUPS = ['a', 'b', 'c'];
      const groups = fc.subarray(GROUPS);
      const lotsArbitrary = fc
        .array(fc.tuple(fc.integer({ min: 0, max: 30 }), groups), { minLength: 1, maxLength: 4 })
        .map((list) =>
          list.map(([units, named], i): Lot => {
            const lot = { id: `lot${i}`, item: 'MASK', units };
            return named.length === 0 ? lot : { ...lot, earmark: { strength: 'ONLY', groups: named } };
          }),
        );
      const recipientsArbitrary = fc
        .tuple(recipientsOf(claims, weights), fc.array(groups, { minLength: 6, maxLength: 6 }))
        .map(([recipients, lists]) => recipients.map((recipient, i) => ({ ...recipient, groups: lists[i]! })));
      fc.assert(
        fc.property(lotsArbitrary, recipientsArbitrary, (lots, recipients) => {
          const people = recipients.map((recipient): Person => {
            const claim = claimed(recipient);
            const mayGet = ({ earmark }: Lot) => earmark?.groups?.some((g) => recipient.groups.includes(g)) ?? true;
            const eligible = Array.from(lots.keys()).filter((lot) => mayGet(lots[lot]!));
            const weight = recipient.weight! * (rule === 'MAX_MIN_FILL_RATE' ? claim : 1);
            return { claim, high: claim, low: 0, weight, lots: eligible };
          });
          // Whoever may get from no lot is not in the split at all.
          const served = people.flatMap((person, i) => (person.lots.length > 0 ? [i] : []));
          fc.pre(served.length > 0);
          const problem: Problem = { policy: { rule }, lots, recipients: served.map((i) => recipients[i]!) };
          const there = served.map((i) => people[i]!);
          const answers = answersOf(problem);
          expectShares(
            answers.map(({ share }) => share),
            optimum(
              'GAINS',
              lots.map(({ units }) => units),
              there,
            ),
          );
          const isNear =
            rule === 'CONSTRAINED_EQUAL_AWARDS' && there.every(({ weight }) => weight === there[0]!.weight);
          if (isNear) for (const { share, units } of answers) expect(Math.abs(units - share)).toBeLessThanOrEqual(1);
        }),
        { numRuns: 120 },
      );
    },
  );
});
