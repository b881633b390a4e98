import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkProblem } from './check.js';
import type { Lot, Policy, Problem, RecipientClaim, Split, Ties } from './problem.js';
import { sentenceOf } from './sentences.js';
import { split } from './split.js';

const ITEMS = ['MASK', 'GOGGLES'];
const DAYS = ['2020-04-01', '2020-04-10', '2020-05-01'];

const unitsByItem = (max: number) =>
  fc.dictionary(fc.constantFrom(...ITEMS), fc.integer({ min: 0, max }), { noNullPrototype: true });

const lotsArbitrary: fc.Arbitrary<Lot[]> = fc
  .array(
    fc.record(
      { item: fc.constantFrom(...ITEMS), units: fc.integer({ min: 0, max: 60 }), expiresOn: fc.constantFrom(...DAYS) },
      { requiredKeys: ['item', 'units'] },
    ),
    { maxLength: 5 },
  )
  .map((lots) => lots.map((lot, i) => ({ id: `lot${i}`, ...lot })));

const recipientsArbitrary: fc.Arbitrary<RecipientClaim[]> = fc
  .array(fc.record({ weight: fc.integer({ min: 1, max: 4 }), claims: unitsByItem(15) }, { requiredKeys: [] }), {
    maxLength: 9,
  })
  .map((recipients) => recipients.map((recipient, i) => ({ id: `r${i}`, ...recipient })));

const ties: fc.Arbitrary<Ties> = fc.oneof(
  fc.constant<Ties>({ by: 'STABLE' }),
  fc.string({ minLength: 1, maxLength: 5 }).map((seed): Ties => ({ by: 'LOTTERY', seed })),
);

const policyArbitrary: fc.Arbitrary<Policy> = fc.record(
  { rule: fc.constant('CONSTRAINED_EQUAL_AWARDS' as const), ties, cap: unitsByItem(12), reserveUnits: unitsByItem(30) },
  { requiredKeys: ['rule', 'ties'] },
);

const problems: fc.Arbitrary<Problem> = fc.record({
  day: fc.constant('2020-04-10'),
  policy: policyArbitrary,
  lots: lotsArbitrary,
  recipients: recipientsArbitrary,
});

/** Problems of one item, for laws about who gets more. */
const maskProblems = problems.map((problem) => ({
  ...problem,
  lots: [{ id: 'first', item: 'MASK', units: 5 }, ...problem.lots.map((lot) => ({ ...lot, item: 'MASK' }))],
}));

function unitsOf(result: Split, item = 'MASK'): Map<string, number> {
  const rows = [...result.awards, ...result.withoutAward].filter((row) => row.item === item);
  return new Map(rows.map(({ recipient, why }) => [recipient, why.units]));
}

function rowsOf(result: Split) {
  return [...result.awards, ...result.withoutAward];
}

function law(name: string, check: (problem: Problem) => void, of: fc.Arbitrary<Problem> = problems): void {
  // oxlint-disable-next-line jest/valid-title -- every caller passes a text
  it(name, () => fc.assert(fc.property(of, check), { numRuns: 250 }));
}

function bound(problem: Problem, recipient: RecipientClaim, item: string): number {
  const claim = recipient.claims ? (recipient.claims[item] ?? 0) : Infinity;
  return Math.min(claim, problem.policy.cap?.[item] ?? Infinity);
}

describe('laws of one split', () => {
  law('every unit is awarded or accounted for, lot by lot', (problem) => {
    const { awards, unallocated } = split(problem);
    for (const lot of problem.lots) {
      const given = awards.flatMap((award) => award.lots).filter((part) => part.lot === lot.id);
      const left = unallocated.filter((part) => part.lot === lot.id);
      expect([...given, ...left].reduce((sum, part) => sum + part.units, 0)).toBe(lot.units);
    }
    for (const part of [...unallocated, ...awards.flatMap((award) => award.lots)])
      expect(part.units).toBeGreaterThan(0);
  });

  law('an award is made of lots of its item, and of none that has expired', (problem) => {
    for (const award of split(problem).awards) {
      expect(award.lots.reduce((sum, part) => sum + part.units, 0)).toBe(award.units);
      for (const part of award.lots) {
        const lot = problem.lots.find(({ id }) => id === part.lot)!;
        expect(lot.item).toBe(award.item);
        expect(lot.expiresOn ?? '9999').not.toBe('2020-04-01');
      }
    }
  });

  law('nobody gets more than the claim or the cap, and whoever does not want an item is not named', (problem) => {
    const result = split(problem);
    for (const { recipient, item, why } of rowsOf(result)) {
      const claimant = problem.recipients.find(({ id }) => id === recipient)!;
      expect(claimant.claims === undefined || claimant.claims[item]! > 0).toBe(true);
      expect(why.units).toBeLessThanOrEqual(bound(problem, claimant, item));
    }
    const items = new Set(problem.lots.map(({ item }) => item));
    const wanting = [...items].flatMap((item) =>
      problem.recipients.filter(({ claims }) => claims === undefined || (claims[item] ?? 0) > 0),
    );
    expect(rowsOf(result)).toHaveLength(wanting.length);
  });

  law('nobody is short while an eligible unit lies idle', (problem) => {
    const result = split(problem);
    const idle = result.unallocated.filter(({ reason }) => reason === 'NO_ELIGIBLE_CLAIM');
    for (const { item, recipient, why } of rowsOf(result)) {
      const claimant = problem.recipients.find(({ id }) => id === recipient)!;
      if (why.units === bound(problem, claimant, item)) continue;
      expect(idle.filter((part) => problem.lots.find(({ id }) => id === part.lot)!.item === item)).toEqual([]);
    }
  });

  law('the reserve is kept back, or all there is', (problem) => {
    const result = split(problem);
    for (const [item, { supply, awarded }] of Object.entries(result.metrics)) {
      const ids = problem.lots.filter((lot) => lot.item === item).map(({ id }) => id);
      const reserved = result.unallocated.filter(({ lot, reason }) => reason === 'RESERVED' && ids.includes(lot));
      const kept = reserved.reduce((sum, { units }) => sum + units, 0);
      expect(kept).toBe(Math.min(problem.policy.reserveUnits?.[item] ?? 0, supply));
      expect(awarded + kept).toBeLessThanOrEqual(supply);
    }
  });

  law('equals differ by one unit at most, and then by single units alone', (problem) => {
    const rows = rowsOf(split(problem));
    for (const a of rows) {
      for (const b of rows) {
        if (a.item !== b.item || a.why.claim !== b.why.claim || a.why.weight !== b.why.weight) continue;
        expect(a.why.floor).toBe(b.why.floor);
        if (a.why.units <= b.why.units) continue;
        expect([a.why.extra, b.why.extra]).toEqual([1, 0]);
        expect(a.why.rank!).toBeLessThan(b.why.rank!);
      }
    }
  });

  law('among one weight a higher claim never has a lower floor', (problem) => {
    const rows = rowsOf(split(problem));
    for (const a of rows) {
      for (const b of rows) {
        if (a.item !== b.item || a.why.weight !== b.why.weight) continue;
        if ((a.why.claim ?? Infinity) >= (b.why.claim ?? Infinity)) {
          expect(a.why.floor).toBeGreaterThanOrEqual(b.why.floor);
          expect(a.why.units).toBeGreaterThanOrEqual(b.why.units - 1);
        }
      }
    }
  });

  law('the explanation adds up, and the sentence can be told again from it', (problem) => {
    for (const { why, sentence } of rowsOf(split(problem))) {
      expect(why.floor + why.extra).toBe(why.units);
      expect(why.extra).toBe(why.rank !== null && why.rank <= why.cutoff! ? 1 : 0);
      expect(sentenceOf(JSON.parse(JSON.stringify(why)))).toBe(sentence);
      expect(sentence).toMatch(/^You .*[^.,;: ]\.$/);
    }
  });

  law('exact shares of an item sum to what is shared, and places run without gaps', (problem) => {
    const rows = rowsOf(split(problem));
    for (const item of ITEMS) {
      const ofItem = rows.filter((row) => row.item === item);
      const shared = ofItem.map(({ why }) => overCommon(why.exactShare));
      const awarded = ofItem.reduce((sum, { why }) => sum + why.units, 0);
      expect(shared.reduce((sum, share) => sum + share, 0)).toBe(awarded * COMMON);
      const ranks = ofItem.flatMap(({ why }) => (why.rank === null ? [] : [why.rank])).sort((a, b) => a - b);
      expect(ranks).toEqual(ranks.map((_, i) => i + 1));
    }
  });

  law('the same problem gives the same bytes, and the input is left as it was', (problem) => {
    const before = JSON.stringify(problem);
    expect(JSON.stringify(split(problem))).toBe(JSON.stringify(split(JSON.parse(before))));
    expect(JSON.stringify(problem)).toBe(before);
    expect(checkProblem(problem)).toEqual({ problem });
  });
});

/** Divisible by every sum of up to nine weights from 1 to 4. */
const COMMON = Array.from({ length: 36 }, (_, i) => i + 1).reduce((multiple, n) => leastCommonMultiple(multiple, n), 1);

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

function overCommon(share: string): number {
  const [top, bottom = '1'] = share.split('/');
  return Number(top) * (COMMON / Number(bottom));
}

describe('laws between splits', () => {
  law('shuffling recipients and the lots of an item changes nothing', (problem) => {
    const shuffled: Problem = {
      ...problem,
      recipients: problem.recipients.toReversed(),
      lots: ITEMS.toSorted(firstIn(problem)).flatMap((item) =>
        problem.lots.filter((lot) => lot.item === item).toReversed(),
      ),
    };
    expect(split(shuffled)).toEqual(split(problem));
  });

  law('a recipient who claims none changes nothing for the others', (problem) => {
    const more = [...problem.recipients, { id: 'r0-between', claims: { MASK: 0 } }];
    const { fingerprint: _before, ...before } = split(problem);
    expect(split({ ...problem, recipients: more })).toMatchObject(before);
  });

  law('scaling every weight changes no award', (problem) => {
    const scaled = problem.recipients.map((recipient) => ({ ...recipient, weight: (recipient.weight ?? 1) * 7 }));
    const after = split({ ...problem, recipients: scaled });
    for (const item of ITEMS) expect(unitsOf(after, item)).toEqual(unitsOf(split(problem), item));
  });

  law(
    'more supply gives nobody less',
    (problem) => {
      const before = unitsOf(split(problem));
      const lots = [...problem.lots, { id: 'more', item: 'MASK', units: 1 }];
      for (const [recipient, units] of unitsOf(split({ ...problem, lots }))) {
        expect(units).toBeGreaterThanOrEqual(before.get(recipient) ?? 0);
      }
    },
    maskProblems,
  );

  law(
    'asking for one more never gets anyone less',
    (problem) => {
      const before = unitsOf(split(problem));
      problem.recipients.forEach((recipient, i) => {
        const claim = recipient.claims?.['MASK'];
        if (!claim) return;
        const recipients = problem.recipients.with(i, { ...recipient, claims: { MASK: claim + 1 } });
        expect(unitsOf(split({ ...problem, recipients })).get(recipient.id)).toBeGreaterThanOrEqual(
          before.get(recipient.id)!,
        );
      });
    },
    maskProblems,
  );

  law(
    'is consistent: when one leaves with her award, a new split gives the others theirs',
    (problem) => {
      const before = unitsOf(split(problem));
      const supply = [...before.values()].reduce((sum, units) => sum + units, 0);
      const policy = { ...problem.policy, reserveUnits: {} };
      problem.recipients.forEach((leaver, i) => {
        const lots = [{ id: 'rest', item: 'MASK', units: supply - (before.get(leaver.id) ?? 0) }];
        const after = unitsOf(split({ policy, lots, recipients: problem.recipients.toSpliced(i, 1) }));
        for (const [recipient, units] of after) expect(units).toBe(before.get(recipient));
      });
    },
    maskProblems,
  );

  law(
    'new names in the same order permute a stable split; any new names keep the shape of a lottery',
    (problem) => {
      const shape = (result: Split) =>
        rowsOf(result)
          .map(({ why }) => why.units)
          .sort((a, b) => a - b);
      const renamed = {
        ...problem,
        recipients: problem.recipients.map((recipient) => ({ ...recipient, id: `x-${recipient.id}` })),
      };
      if (problem.policy.ties!.by === 'STABLE') {
        expect(split(renamed).awards.map(({ units }) => units)).toEqual(
          split(problem).awards.map(({ units }) => units),
        );
      }
      expect(shape(split(renamed))).toEqual(shape(split(problem)));
    },
    maskProblems,
  );
});

function firstIn({ lots }: Problem): (a: string, b: string) => number {
  const place = (item: string) => lots.findIndex((lot) => lot.item === item);
  return (a, b) => place(a) - place(b);
}
