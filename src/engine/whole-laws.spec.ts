import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkProblem } from './check.js';
import { inChinese } from './chinese.js';
import { chineseNounOf } from './chinese-nouns.js';
import {
  ROUNDINGS,
  RULES,
  type Earmark,
  type Lot,
  type Memory,
  type Policy,
  type Problem,
  type RecipientClaim,
  type Split,
  type Tiers,
  type Ties,
} from './problem.js';
import { sentenceOf } from './sentences.js';
import { split } from './split.js';

/**
 * The laws that hold for everything the engine knows, all of it together: every rule, earmarks, tiers, packs, minimum
 * lots, guarantees, caps, reserve, memory and claims that several items can meet.
 */

const ITEMS = ['MASK', 'GOGGLES'];
const GROUPS = ['icu', 'lab', 'er'];
const units = (max: number) => fc.integer({ min: 0, max });
const byItem = (max: number) => fc.dictionary(fc.constantFrom(...ITEMS), units(max), { noNullPrototype: true });
const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });

const earmarks: fc.Arbitrary<Earmark> = fc
  .record(
    {
      strength: fc.constantFrom<'ONLY' | 'FIRST'>('ONLY', 'FIRST'),
      groups: some(...GROUPS),
      countries: some('US', 'CN'),
      tiers: some(1, 2, 3),
    },
    { requiredKeys: ['strength'] },
  )
  .filter(({ groups, countries, tiers }) => Boolean(groups ?? countries ?? tiers));

const lots: fc.Arbitrary<Lot[]> = fc
  .array(
    fc.record(
      {
        item: fc.constantFrom(...ITEMS),
        units: units(70),
        unitsPerPack: fc.constantFrom(1, 2, 5, 10),
        expiresOn: fc.constantFrom('2020-04-01', '2020-05-01', '2021-01-01'),
        earmark: earmarks,
      },
      { requiredKeys: ['item', 'units'] },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.map((lot, i) => ({ id: `lot${i}`, ...lot })));

const recipients: fc.Arbitrary<RecipientClaim[]> = fc
  .array(
    fc.record(
      {
        groups: some(...GROUPS),
        country: fc.constantFrom('US', 'CN'),
        tier: fc.integer({ min: 1, max: 3 }),
        weight: fc.integer({ min: 1, max: 3 }),
        anyOf: fc.array(fc.record({ items: some(...ITEMS), units: units(12) }), { maxLength: 2 }),
        received: byItem(20),
        deficit: fc.dictionary(fc.constantFrom(...ITEMS), fc.constantFrom('1/3', '-1/3', '1/2', '0'), {
          noNullPrototype: true,
        }),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 8 },
  )
  .chain((list) =>
    fc.tuple(fc.constant(list), fc.array(byItem(25), { minLength: list.length, maxLength: list.length })),
  )
  .map(([list, claims]) => list.map((recipient, i) => ({ id: `r${i}`, claims: claims[i]!, ...recipient })));

const ties: fc.Arbitrary<Ties> = fc.oneof(
  fc.constant<Ties>({ by: 'STABLE' }),
  fc.constantFrom<'LOTTERY' | 'CARRY_OVER'>('LOTTERY', 'CARRY_OVER').map((by): Ties => ({ by, seed: 's' })),
);
const tiers: fc.Arbitrary<Tiers> = fc.oneof(
  fc.constantFrom<Tiers>({ by: 'NONE' }, { by: 'STRICT' }),
  fc
    .dictionary(fc.constantFrom<'1' | '2' | '3'>('1', '2', '3'), fc.integer({ min: 1, max: 5 }), {
      minKeys: 1,
      noNullPrototype: true,
    })
    .map((shares): Tiers => ({ by: 'RESERVED', shares })),
);
const memory = fc.constantFrom<Memory>({ by: 'NONE' }, { by: 'ROUNDING' }, { by: 'CUMULATIVE', days: 30 });

const policies: fc.Arbitrary<Policy> = fc.record(
  {
    rule: fc.constantFrom(...RULES),
    rounding: fc.constantFrom(...ROUNDINGS),
    ties,
    tiers,
    memory,
    reserveUnits: byItem(15),
    cap: byItem(15),
    guarantee: byItem(4),
    minimumLot: byItem(9),
    admit: fc.constantFrom<'TIE_ORDER' | 'SMALLEST_CLAIM_FIRST'>('TIE_ORDER', 'SMALLEST_CLAIM_FIRST'),
    wholePacks: fc.boolean(),
  },
  { requiredKeys: ['rule', 'ties'] },
);

const problems: fc.Arbitrary<Problem> = fc.record({
  day: fc.constant('2020-04-10'),
  policy: policies,
  lots,
  recipients,
});

function law(name: string, check: (problem: Problem, result: Split) => void, of = problems, numRuns = 400): void {
  // oxlint-disable-next-line jest/valid-title -- every caller passes a text
  it(name, () => {
    fc.assert(
      fc.property(of, (problem) => {
        expect(checkProblem(problem)).toEqual({ problem });
        check(problem, split(problem));
      }),
      { numRuns },
    );
  });
}

const rowsOf = ({ awards, withoutAward }: Split) => [...awards, ...withoutAward];

/** The most units of an item somebody may get, claims on any of several items all counted. */
function mostOf({ policy }: Problem, { claims, anyOf = [] }: RecipientClaim, item: string): number {
  const any = anyOf.reduce((sum, { items, units: more }) => (items.includes(item) ? sum + more : sum), 0);
  return Math.min((claims?.[item] ?? 0) + any, policy.cap?.[item] ?? Infinity);
}

function mayHave(
  { earmark, expiresOn }: Lot,
  { groups = [], country, tier }: RecipientClaim,
  strict: boolean,
): boolean {
  if (expiresOn !== undefined && expiresOn < '2020-04-10') return false;
  if (earmark === undefined || (earmark.strength === 'FIRST' && !strict)) return true;
  if (earmark.groups && !groups.some((group) => earmark.groups!.includes(group))) return false;
  if (earmark.countries && !(country && earmark.countries.includes(country))) return false;
  return !earmark.tiers || (tier !== undefined && earmark.tiers.includes(tier));
}

const packOf = ({ policy }: Problem, lot: Lot) => (policy.wholePacks ? (lot.unitsPerPack ?? 1) : 1);

describe('laws of everything together', () => {
  law('every unit is awarded or accounted for, lot by lot', (problem, { awards, unallocated }) => {
    for (const lot of problem.lots) {
      const given = awards.flatMap((award) => award.lots).filter((part) => part.lot === lot.id);
      const left = unallocated.filter((part) => part.lot === lot.id);
      expect([...given, ...left].reduce((sum, part) => sum + part.units, 0)).toBe(lot.units);
      for (const part of [...given, ...left]) expect(part.units).toBeGreaterThan(0);
    }
  });

  law(
    'nobody gets more than she claims or may have, nor from a lot that is not for her or has expired',
    (problem, { awards }) => {
      const lotOf = new Map(problem.lots.map((lot) => [lot.id, lot]));
      for (const award of awards) {
        const recipient = problem.recipients.find(({ id }) => id === award.recipient)!;
        expect(award.units).toBeLessThanOrEqual(mostOf(problem, recipient, award.item));
        expect(award.lots.reduce((sum, part) => sum + part.units, 0)).toBe(award.units);
        for (const { lot } of award.lots) {
          expect(lotOf.get(lot)!.item).toBe(award.item);
          expect(mayHave(lotOf.get(lot)!, recipient, false)).toBe(true);
        }
      }
    },
  );

  law('claims on any of several items are met once', (problem, { awards }) => {
    for (const { id, claims, anyOf = [] } of problem.recipients) {
      const got = awards.filter((award) => award.recipient === id).reduce((sum, award) => sum + award.units, 0);
      const own = ITEMS.reduce((sum, item) => sum + (claims?.[item] ?? 0), 0);
      expect(got).toBeLessThanOrEqual(own + anyOf.reduce((sum, any) => sum + any.units, 0));
    }
  });

  law('whole packs are whole, lot by lot and award by award', (problem, { awards, unallocated }) => {
    for (const lot of problem.lots) {
      const pack = packOf(problem, lot);
      for (const part of awards.flatMap((award) => award.lots)) {
        if (part.lot === lot.id) expect(part.units % pack).toBe(0);
      }
      const left = unallocated.filter((part) => part.lot === lot.id && part.reason === 'NO_ELIGIBLE_CLAIM');
      for (const part of left) expect(part.units % pack).toBe(0);
    }
  });

  law('nobody gets something that is less than a minimum lot', (problem, { awards }) => {
    const largest = problem.lots.reduce((most, lot) => Math.max(most, packOf(problem, lot)), 1);
    for (const { recipient, item, units: award, why } of awards) {
      const least = Math.min(
        problem.policy.minimumLot?.[item] ?? 0,
        why.claim!,
        problem.policy.cap?.[item] ?? Infinity,
      );
      // Where packs do not fit the claim, the whole packs in it are all she can be given.
      expect({ recipient, award, least }).toEqual({ recipient, award: expect.any(Number), least });
      expect(award + largest - 1).toBeGreaterThanOrEqual(least);
    }
  });

  law(
    'no unit lies idle for which somebody is short, unless reserve, packs or minimum lots say so',
    (problem, result) => {
      for (const { lot: id, reason } of result.unallocated) {
        if (reason !== 'NO_ELIGIBLE_CLAIM') continue;
        const lot = problem.lots.find((one) => one.id === id)!;
        for (const { recipient, why } of rowsOf(result).filter(({ item }) => item === lot.item)) {
          const person = problem.recipients.find((one) => one.id === recipient)!;
          if (!mayHave(lot, person, false)) continue;
          // What she may still have may be less than a pack of this lot.
          const most = Math.min(why.claim!, problem.policy.cap?.[lot.item] ?? Infinity);
          expect(most - why.units).toBeLessThan(packOf(problem, lot));
        }
      }
    },
  );

  law('minimum lots are blamed only for what they hold back', (problem, result) => {
    for (const { lot: id, reason } of result.unallocated) {
      if (reason === 'BROKEN_PACK') expect(problem.policy.wholePacks).toBe(true);
      if (reason !== 'BELOW_MINIMUM_LOT') continue;
      const lot = problem.lots.find((one) => one.id === id)!;
      expect(problem.policy.minimumLot?.[lot.item]).toBeGreaterThan(0);
      expect(rowsOf(result).some(({ why }) => why.item === lot.item && why.bindingConstraint === 'MINIMUM_LOT')).toBe(
        true,
      );
    }
  });

  law('strict tiers: whoever goes short leaves nothing she may have to a later tier', (problem, result) => {
    const { policy } = problem;
    if (policy.tiers?.by !== 'STRICT' || policy.minimumLot || policy.wholePacks) return;
    const personOf = new Map(problem.recipients.map((one) => [one.id, one]));
    const tierOf = (id: string) => personOf.get(id)!.tier ?? Infinity;
    for (const short of rowsOf(result)) {
      if (short.why.bindingConstraint === 'CLAIM' || short.why.bindingConstraint === 'CAP') continue;
      for (const award of result.awards) {
        if (award.item !== short.item || tierOf(award.recipient) <= tierOf(short.recipient)) continue;
        for (const { lot: id } of award.lots) {
          const lot = problem.lots.find((one) => one.id === id)!;
          // What a donor gave to a later tier first or only is that tier's.
          const isFirst = lot.earmark?.strength === 'FIRST';
          expect(!isFirst && mayHave(lot, personOf.get(short.recipient)!, true)).toBe(false);
        }
      }
    }
  });

  law('floor and extra add up, and places are places', (_, result) => {
    for (const row of rowsOf(result)) {
      const { why } = row;
      expect(why.floor + why.extra).toBe(why.units);
      expect('units' in row ? row.units : 0).toBe(why.units);
      expect(why.floor).toBeGreaterThanOrEqual(0);
      if (why.rank !== null) {
        expect(why.rank).toBeGreaterThan(0);
        expect(why.rank).toBeLessThanOrEqual(why.contenders!);
      }
      expect(why.exactShare).toMatch(/^\d+(\/\d+)?$/);
    }
  });

  law('everybody eligible has an answer, in two languages, rebuilt from the reasons alone', (_, result) => {
    for (const { why, sentence } of rowsOf(result)) {
      expect(sentenceOf(why)).toBe(sentence);
      expect(sentenceOf(JSON.parse(JSON.stringify(why)))).toBe(sentence);
      expect(sentence).toMatch(/^You [^{}]*\.$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|Infinity|\[object/);
      const chinese = sentenceOf(why, chineseNounOf(why.item), inChinese);
      expect(chinese).not.toMatch(/undefined|null|NaN|Infinity|\[object/);
    }
    const answers = new Set(rowsOf(result).map(({ recipient, item }) => `${recipient} ${item}`));
    expect(answers.size).toBe(rowsOf(result).length);
    for (const award of result.awards) expect(answers).toContain(`${award.recipient} ${award.item}`);
  });

  law('the same problem gives the same bytes, in whatever order it is written', (problem, result) => {
    expect(JSON.stringify(split(structuredClone(problem)))).toBe(JSON.stringify(result));
    const recipientsTurned = problem.recipients.toReversed();
    expect(JSON.stringify(split({ ...problem, recipients: recipientsTurned }))).toBe(JSON.stringify(result));
  });

  law(
    'deficits after the plan are those before, plus the exact share, less the award',
    ({ policy, recipients: people }, result) => {
      expect(result.deficits !== undefined).toBe(policy.memory?.by === 'ROUNDING');
      for (const { recipient, item, deficit } of result.deficits ?? []) {
        const { why } = rowsOf(result).find((row) => row.recipient === recipient && row.item === item)!;
        const before = people.find(({ id }) => id === recipient)!.deficit?.[item] ?? '0';
        const valueOf = (text: string) => Number(text.split('/')[0]) / Number(text.split('/')[1] ?? 1);
        expect(valueOf(deficit)).toBeCloseTo(valueOf(before) + valueOf(why.exactShare) - why.units, 9);
      }
    },
  );
});
