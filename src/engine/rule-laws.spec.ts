import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkProblem } from './check.js';
import { ROUNDINGS, type Policy, type Problem, type RecipientClaim, type Ties } from './problem.js';
import { sentenceOf } from './sentences.js';
import { split } from './split.js';

type Rule = Pick<Policy, 'rule' | 'rounding'>;

const PROPORTIONAL: Rule[] = ROUNDINGS.map((rounding) => ({ rule: 'PROPORTIONAL', rounding }));
const DIVISORS = PROPORTIONAL.filter(({ rounding }) => rounding !== 'LARGEST_REMAINDER');
const AWARDS: Rule = { rule: 'CONSTRAINED_EQUAL_AWARDS' };
const LOSSES: Rule = { rule: 'CONSTRAINED_EQUAL_LOSSES' };
const TALMUD: Rule = { rule: 'TALMUD' };
const FILL: Rule = { rule: 'MAX_MIN_FILL_RATE' };
const RULES = [AWARDS, LOSSES, TALMUD, FILL, ...PROPORTIONAL];
const TIES: NonNullable<Policy['ties']>[] = [{ by: 'STABLE' }, { by: 'LOTTERY', seed: 'law' }];

/** One item, everybody with a claim: what every rule can split. */
interface Instance {
  estate: number;
  claims: number[];
  weights: number[];
  cap: number | null;
  guarantee: number;
  ties: NonNullable<Policy['ties']>;
}

function instances(change: Partial<Record<'weights' | 'cap' | 'guarantee', false>> = {}): fc.Arbitrary<Instance> {
  return fc.integer({ min: 1, max: 7 }).chain((people) =>
    fc.record({
      estate: fc.integer({ min: 0, max: 70 }),
      claims: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: people, maxLength: people }),
      weights: fc.array(change.weights === false ? fc.constant(1) : fc.integer({ min: 1, max: 4 }), {
        minLength: people,
        maxLength: people,
      }),
      cap: change.cap === false ? fc.constant(null) : fc.option(fc.integer({ min: 0, max: 15 })),
      guarantee: change.guarantee === false ? fc.constant(0) : fc.integer({ min: 0, max: 4 }),
      ties: fc.constantFrom(...TIES),
    }),
  );
}

function problemOf(rule: Rule, { estate, claims, weights, cap, guarantee, ties }: Instance): Problem {
  return {
    policy: { ...rule, ties, guarantee: { E: guarantee }, ...(cap === null ? {} : { cap: { E: cap } }) },
    lots: [{ id: 'lot', item: 'E', units: estate }],
    recipients: claims.map((claim, i): RecipientClaim => ({ id: `r${i}`, weight: weights[i]!, claims: { E: claim } })),
  };
}

/** Everybody's reasons, in the order of the recipients. */
function whysOf(problem: Problem) {
  const { awards, withoutAward } = split(problem);
  const byId = new Map([...awards, ...withoutAward].map((row) => [row.recipient, row]));
  return problem.recipients.map(({ id }) => byId.get(id)!);
}

function unitsOf(problem: Problem): number[] {
  return whysOf(problem).map(({ why }) => why.units);
}

function valueOf(share: string): number {
  const [top, bottom = '1'] = share.split('/');
  return Number(top) / Number(bottom);
}

function sumOf(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function forAll(of: fc.Arbitrary<Instance>, check: (instance: Instance) => void): void {
  fc.assert(fc.property(of, check), { numRuns: 120 });
}

const bound = ({ claims, cap }: Instance, i: number) => Math.min(claims[i]!, cap ?? Infinity);
const PLAIN = { cap: false, guarantee: false } as const;

describe.each(RULES)('$rule $rounding', (rule) => {
  it('is conserved, within bounds, above the guarantees, and explained', () => {
    forAll(instances(), (instance) => {
      const problem = problemOf(rule, instance);
      expect(checkProblem(problem)).toEqual({ problem });
      const rows = whysOf(problem);
      const bounds = instance.claims.map((_, i) => bound(instance, i));
      expect(sumOf(rows.map(({ why }) => why.units))).toBe(Math.min(instance.estate, sumOf(bounds)));
      rows.forEach(({ why, sentence }, i) => {
        expect(why.units).toBeGreaterThanOrEqual(0);
        expect(why.units).toBeLessThanOrEqual(bounds[i]!);
        if (why.guaranteesCovered) {
          expect(why.units).toBeGreaterThanOrEqual(Math.min(bounds[i]!, instance.guarantee));
          expect(why.extra).toBe(why.rank !== null && why.rank <= why.cutoff! ? 1 : 0);
        }
        expect(why.floor + why.extra).toBe(why.units);
        expect(sentenceOf(JSON.parse(JSON.stringify(why)))).toBe(sentence);
        expect(sentence).toMatch(/^You [^{}]*[^.,;: ]\.$/);
      });
      const exact = sumOf(rows.map(({ why }) => valueOf(why.exactShare)));
      expect(exact).toBeCloseTo(Math.min(instance.estate, sumOf(bounds)), 6);
    });
  });

  it('treats equals alike but for one unit, and that only by a draw', () => {
    forAll(instances(), (instance) => {
      const rows = whysOf(problemOf(rule, instance));
      rows.forEach(({ why: a }, i) => {
        rows.forEach(({ why: b }, j) => {
          if (instance.claims[i] !== instance.claims[j] || instance.weights[i] !== instance.weights[j]) return;
          if (!a.guaranteesCovered) return;
          expect([a.floor, a.contenders, a.cutoff, a.exactShare]).toEqual([
            b.floor,
            b.contenders,
            b.cutoff,
            b.exactShare,
          ]);
          if (a.units > b.units) expect(a.rank!).toBeLessThan(b.rank!);
        });
      });
    });
  });

  it('preserves the order of claims, within the unit that a draw or a zero decides', () => {
    forAll(instances(), (instance) => {
      const rows = whysOf(problemOf(rule, instance)).filter(({ why }) => why.guaranteesCovered);
      for (const { why: a } of rows) {
        for (const { why: b } of rows) {
          if (a.claim! < b.claim! || a.weight !== b.weight) continue;
          expect(a.units).toBeGreaterThanOrEqual(b.units - 1);
        }
      }
    });
  });

  it('gives nobody less for asking for more', () => {
    forAll(instances(PLAIN), (instance) => {
      const before = unitsOf(problemOf(rule, instance));
      instance.claims.forEach((claim, i) => {
        const after = unitsOf(problemOf(rule, { ...instance, claims: instance.claims.with(i, claim + 1) }));
        // Least filled first means the smaller claim first while nobody has anything; Talmud parts odd claims by pairs;
        // largest remainders know no such law.
        const exempt = rule === FILL || rule === TALMUD || rule.rounding === 'LARGEST_REMAINDER';
        expect(after[i]).toBeGreaterThanOrEqual(before[i]! - (exempt ? 1 : 0));
      });
    });
  });

  it('does not change by shuffling, by scaling weights, or by whoever claims nothing', () => {
    forAll(instances(), (instance) => {
      const problem = problemOf(rule, instance);
      const { fingerprint: _one, ...before } = split(problem);
      const { fingerprint: _two, ...shuffled } = split({ ...problem, recipients: problem.recipients.toReversed() });
      expect(shuffled).toEqual(before);
      const recipients = [...problem.recipients, { id: 'r0-between', claims: { E: 0 } }];
      expect(split({ ...problem, recipients })).toMatchObject(before);
      const weights = instance.weights.map((weight) => weight * 6);
      expect(unitsOf(problemOf(rule, { ...instance, weights }))).toEqual(unitsOf(problem));
    });
  });
});

describe.each(RULES.filter(({ rounding }) => rounding !== 'LARGEST_REMAINDER'))('$rule $rounding', (rule) => {
  it('gives nobody less when there is more', () => {
    forAll(instances(), (instance) => {
      const before = unitsOf(problemOf(rule, instance));
      const after = unitsOf(problemOf(rule, { ...instance, estate: instance.estate + 1 }));
      after.forEach((units, i) => expect(units).toBeGreaterThanOrEqual(before[i]!));
    });
  });
});

describe.each([AWARDS, LOSSES, FILL, ...DIVISORS])('$rule $rounding', (rule) => {
  it('is consistent: when one leaves with her award, a new split gives the others theirs', () => {
    forAll(instances(), (instance) => {
      const problem = problemOf(rule, instance);
      const before = unitsOf(problem);
      if (!whysOf(problem).every(({ why }) => why.guaranteesCovered)) return;
      problem.recipients.forEach((_, i) => {
        const lots = [{ id: 'rest', item: 'E', units: sumOf(before) - before[i]! }];
        const recipients = problem.recipients.toSpliced(i, 1);
        expect(unitsOf({ ...problem, lots, recipients })).toEqual(before.toSpliced(i, 1));
      });
    });
  });
});

describe('laws of single rules', () => {
  it('largest remainders stay within the quota', () => {
    forAll(instances(PLAIN), (instance) => {
      const problem = problemOf({ rule: 'PROPORTIONAL', rounding: 'LARGEST_REMAINDER' }, instance);
      for (const { why } of whysOf(problem)) expect(Math.abs(why.units - valueOf(why.exactShare))).toBeLessThan(1);
    });
  });

  it.each(PROPORTIONAL)('a higher vote never gets less under $rounding but by a draw', (rule) => {
    forAll(instances(PLAIN), ({ estate, weights, ties }) => {
      const recipients = weights.map((weight, i) => ({ id: `p${i}`, weight }));
      const lots = [{ id: 'house', item: 'E', units: estate }];
      const units = unitsOf({ policy: { ...rule, ties }, lots, recipients });
      expect(sumOf(units)).toBe(estate);
      units.forEach((a, i) =>
        units.forEach((b, j) => {
          if (weights[i]! > weights[j]!) expect(a).toBeGreaterThanOrEqual(b);
        }),
      );
    });
  });

  it('equal losses are the dual of equal awards, with ties reversed', () => {
    forAll(instances({ ...PLAIN, weights: false }), (instance) => {
      const claimed = sumOf(instance.claims);
      const estate = Math.min(instance.estate, claimed);
      const stable = { ...instance, ties: { by: 'STABLE' } as const };
      const awards = unitsOf(problemOf(AWARDS, { ...stable, estate }));
      const dual = problemOf(LOSSES, { ...stable, estate: claimed - estate });
      // The last in list order becomes the first.
      const reversed = dual.recipients.map((recipient, i) => ({ ...recipient, id: `r${9 - i}` }));
      const losses = unitsOf({ ...dual, recipients: reversed }).map((units, i) => instance.claims[i]! - units);
      expect(losses).toEqual(awards);
    });
  });

  it('the rule of the Talmud is within one unit of the real one, and its own dual within one', () => {
    forAll(instances({ ...PLAIN, weights: false }), (instance) => {
      const claimed = sumOf(instance.claims);
      const estate = Math.min(instance.estate, claimed);
      const rows = whysOf(problemOf(TALMUD, { ...instance, estate }));
      const dual = unitsOf(problemOf(TALMUD, { ...instance, estate: claimed - estate }));
      rows.forEach(({ why }, i) => {
        expect(Math.abs(why.units - valueOf(why.exactShare))).toBeLessThan(1);
        expect(Math.abs(why.units - (instance.claims[i]! - dual[i]!))).toBeLessThanOrEqual(1);
      });
    });
  });

  it('claims without bound count as the largest with one', () => {
    const recipients = [{ id: 'a', claims: { E: 10 } }, { id: 'b', claims: { E: 30 } }, { id: 'c' }];
    const problem: Problem = { policy: PROPORTIONAL[0]!, lots: [{ id: 'lot', item: 'E', units: 35 }], recipients };
    expect(unitsOf(problem)).toEqual([5, 15, 15]);
  });
});

/** Every whole vector between guarantees and claims that gives all away: the best by the figures, compared in order. */
function bestBySearch({ estate, claims, guarantee }: Instance, figures: (units: number[]) => number[]): number[] {
  let best: number[] | null = null;
  const lows = claims.map((claim) => Math.min(claim, guarantee));
  const search = (units: number[], left: number): void => {
    const i = units.length;
    if (i === claims.length) {
      if (left > 0) return;
      const found = figures(units).sort((a, b) => a - b);
      const at = best === null ? 0 : found.findIndex((value, place) => value !== best![place]);
      if (best === null || (at >= 0 && found[at]! > best[at]!)) best = found;
      return;
    }
    for (let x = lows[i]!; x <= Math.min(claims[i]!, left); x++) search([...units, x], left - x);
  };
  search([], estate);
  return best!;
}

const small = fc.integer({ min: 1, max: 4 }).chain((people) =>
  fc
    .record({
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      claims: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: people, maxLength: people }),
      weights: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: people, maxLength: people }),
      guarantee: fc.integer({ min: 0, max: 2 }),
    })
    .map(({ part, ...rest }): Instance => {
      const least = sumOf(rest.claims.map((claim) => Math.min(claim, rest.guarantee)));
      const estate = least + Math.round(part * (sumOf(rest.claims) - least));
      return { ...rest, estate, cap: null, ties: { by: 'STABLE' } };
    }),
);

describe('an exhaustive search finds nothing better', () => {
  // Over a common multiple of everything up to 7 x 4 the figures are whole.
  const COMMON = 420 * 12;
  it.each<[Rule, (x: number, claim: number, weight: number) => number]>([
    [AWARDS, (x, _claim, weight) => (x * COMMON) / weight],
    [FILL, (x, claim, weight) => (x * COMMON) / (claim * weight)],
    [LOSSES, (x, claim, weight) => (x - claim) * weight],
  ])('than %j', (rule, figure) => {
    const check = (instance: Instance): void => {
      const { claims, weights } = instance;
      const figures = (units: number[]) => units.map((x, i) => figure(x, claims[i]!, weights[i]!));
      const found = figures(unitsOf(problemOf(rule, instance))).sort((a, b) => a - b);
      expect(found).toEqual(bestBySearch(instance, figures));
    };
    fc.assert(fc.property(small, check), { numRuns: 600 });
  });
});

describe('28 people', () => {
  const recipients = Array.from({ length: 28 }, (_, i) => ({
    id: `r${String(i).padStart(2, '0')}`,
    weight: 1 + (i % 3),
    claims: { E: 5 + ((i * 17) % 60) },
  }));
  const carryOver: Ties = { by: 'CARRY_OVER', seed: 's' };
  const cases = RULES.flatMap((rule) => [...TIES, carryOver].map((ties) => ({ ...rule, ties })));
  it.each(cases)('balance under $rule $rounding, ties $ties.by, whatever there is', (policy) => {
    const claimed = sumOf(recipients.map(({ claims }) => claims.E));
    for (const units of [0, 1, 27, 28, 29, 100, 500, Math.floor(claimed / 2), claimed - 1, claimed, claimed + 9]) {
      const { awards, unallocated } = split({ policy, lots: [{ id: 'lot', item: 'E', units }], recipients });
      expect(sumOf(awards.map((award) => award.units))).toBe(Math.min(units, claimed));
      expect(sumOf(unallocated.map((part) => part.units))).toBe(Math.max(0, units - claimed));
      for (const { why } of awards) expect(why.units).toBeLessThanOrEqual(why.claim!);
    }
  });
});
