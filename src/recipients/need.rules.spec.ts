import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { inOrderOfSubstitution, type Ranking, substitutesIn } from '../catalogue/substitute.rules.js';
import {
  countTowards,
  giveBack,
  isOpen,
  needStatus,
  type NeedUnits,
  type OpenNeed,
  openUnits,
  type RecipientUnits,
  unitsFromUse,
} from './need.rules.js';

const CATEGORY_OF = new Map<string, ItemCategory>([
  ['n95', 'MASK'],
  ['kn95', 'MASK'],
  ['surgical', 'MASK'],
  ['gown', 'PROTECTIVE_SUIT'],
]);
const items = fc.constantFrom(...CATEGORY_OF.keys());
const recipients = fc.constantFrom('anna', 'berta');
const wanted = fc.oneof(
  fc
    .tuple(fc.oneof(items, fc.constant('ffp2')), fc.boolean())
    .map(([itemId, acceptsSubstitutes]) => ({ itemId, category: null, acceptsSubstitutes })),
  fc.constantFrom(...CATEGORY_OF.values()).map((category) => ({ itemId: null, category, acceptsSubstitutes: false })),
);
const needs = fc.uniqueArray(
  fc
    .tuple(
      wanted,
      fc.record({
        id: fc.stringMatching(/^[a-z]{3}$/),
        recipientId: recipients,
        neededBy: fc.constantFrom('2020-04-01', '2020-04-02', '2020-05-01'),
        openUnits: fc.integer({ min: 1, max: 20 }),
      }),
    )
    .map(([what, need]): OpenNeed => ({ ...what, ...need })),
  { selector: ({ id }) => id, maxLength: 12 },
);
const awards = fc.uniqueArray(
  fc.record({ recipientId: recipients, itemId: items, units: fc.integer({ min: 0, max: 40 }) }),
  { selector: ({ recipientId, itemId }) => `${recipientId} ${itemId}`, maxLength: 6 },
);

const stock = Array.from(CATEGORY_OF, ([itemId, category]) => ({ itemId, category })).toSorted((a, b) =>
  a.category < b.category ? -1 : 1,
);
/** What may stand in for what in a plan that split all of the items; half of the plans allow nothing. */
const ranked = fc
  .tuple(
    fc.boolean(),
    fc.tuple(
      ...[...CATEGORY_OF.keys(), 'ffp2'].map((itemId) =>
        fc
          .shuffledSubarray([...CATEGORY_OF.keys()].filter((id) => id !== itemId))
          .map((substituteIds): Ranking => ({ itemId, substituteIds })),
      ),
    ),
  )
  .map(([isAllowed, rankings]) => (isAllowed ? substitutesIn(inOrderOfSubstitution(stock, rankings), rankings) : []));

const sum = (rows: readonly { units: number }[]): number => rows.reduce((total, { units }) => total + units, 0);
type Fit = 'VERY ITEM' | 'SUBSTITUTE' | 'CATEGORY' | null;
const fitOf = (need: OpenNeed, itemId: string, substitutes: readonly Ranking[]): Fit => {
  if (need.itemId === itemId) return 'VERY ITEM';
  if (need.category !== null) return need.category === CATEGORY_OF.get(itemId) ? 'CATEGORY' : null;
  const standIns = substitutes.find((one) => one.itemId === need.itemId)?.substituteIds ?? [];
  return need.acceptsSubstitutes && standIns.includes(itemId) ? 'SUBSTITUTE' : null;
};
const of = (rows: readonly NeedUnits[], needId: string): NeedUnits[] => rows.filter((row) => row.needId === needId);

describe('what counts towards a need', () => {
  it('is units that fit it, no more than it wants, each unit once, and as many as can be', () => {
    fc.assert(
      fc.property(needs, awards, ranked, (open, given, substitutes) => {
        const fits = (need: OpenNeed, award: RecipientUnits): boolean =>
          need.recipientId === award.recipientId && fitOf(need, award.itemId, substitutes) !== null;
        const counted = countTowards(open, given, CATEGORY_OF, substitutes);
        const ownerOf = new Map(open.map((need) => [need.id, need]));
        for (const need of open) expect(sum(of(counted, need.id))).toBeLessThanOrEqual(need.openUnits);
        for (const award of given) {
          const mine = counted.filter(
            ({ needId, itemId }) => itemId === award.itemId && ownerOf.get(needId)!.recipientId === award.recipientId,
          );
          for (const { needId, units } of mine)
            expect([fits(ownerOf.get(needId)!, award), units > 0]).toEqual([true, true]);
          const isIdle = sum(mine) < award.units;
          const wanting = open.filter((need) => fits(need, award) && sum(of(counted, need.id)) < need.openUnits);
          expect(isIdle ? wanting : []).toEqual([]);
          expect(sum(mine)).toBeLessThanOrEqual(award.units);
        }
      }),
    );
  });

  it('does not hang on the order in which needs and awards are read', () => {
    fc.assert(
      fc.property(needs, awards, ranked, (open, given, substitutes) => {
        const again = countTowards(open.toReversed(), given.toReversed(), CATEGORY_OF, substitutes);
        expect(again.map((row) => JSON.stringify(row)).sort()).toEqual(
          countTowards(open, given, CATEGORY_OF, substitutes)
            .map((row) => JSON.stringify(row))
            .sort(),
        );
      }),
    );
  });

  it('is the very item before another in its place, and that before any of its category', () => {
    fc.assert(
      fc.property(needs, awards, ranked, (open, given, substitutes) => {
        const counted = countTowards(open, given, CATEGORY_OF, substitutes);
        for (const { needId, itemId } of counted) {
          const need = open.find(({ id }) => id === needId)!;
          const fit = fitOf(need, itemId, substitutes);
          const before = fit === 'VERY ITEM' ? [] : fit === 'SUBSTITUTE' ? ['VERY ITEM'] : ['VERY ITEM', 'SUBSTITUTE'];
          const waiting = open.filter(
            (one) =>
              one.recipientId === need.recipientId &&
              before.includes(fitOf(one, itemId, substitutes) ?? '') &&
              sum(of(counted, one.id)) < one.openUnits,
          );
          expect(waiting).toEqual([]);
        }
      }),
    );
  });

  it('is nothing else where the plan allows no substitutes, whatever people accept', () => {
    fc.assert(
      fc.property(needs, awards, (open, given) => {
        const none = open.map((need) => ({ ...need, acceptsSubstitutes: false }));
        expect(countTowards(open, given, CATEGORY_OF)).toEqual(countTowards(none, given, CATEGORY_OF));
      }),
    );
  });

  it('is the need of the very item first, then the earliest day, then the id', () => {
    const need = (id: string, what: object, neededBy: string): OpenNeed =>
      ({
        id,
        recipientId: 'anna',
        itemId: null,
        category: null,
        acceptsSubstitutes: false,
        neededBy,
        openUnits: 10,
        ...what,
      }) as OpenNeed;
    const open = [
      need('a', { category: 'MASK' }, '2020-04-01'),
      need('b', { itemId: 'n95' }, '2020-04-09'),
      need('d', { itemId: 'n95' }, '2020-04-08'),
      need('c', { itemId: 'n95' }, '2020-04-08'),
    ];
    const counts = (units: number) =>
      countTowards(open, [{ recipientId: 'anna', itemId: 'n95', units }], CATEGORY_OF).map((row) => [
        row.needId,
        row.units,
      ]);
    expect(counts(12)).toEqual([
      ['c', 10],
      ['d', 2],
    ]);
    expect(counts(35)).toEqual([
      ['c', 10],
      ['d', 10],
      ['b', 10],
      ['a', 5],
    ]);
    expect(counts(99)).toHaveLength(4);
  });
});

describe('what is given back', () => {
  const standing = fc.array(fc.nat({ max: 40 }), { minLength: 6, maxLength: 6 });

  it('is what was counted beyond the units that still stand, and nothing more', () => {
    fc.assert(
      fc.property(needs, awards, ranked, standing, (open, given, substitutes, left) => {
        const needOf = new Map(open.map((need) => [need.id, need]));
        const counted = countTowards(open, given, CATEGORY_OF, substitutes).map((row) => {
          const need = needOf.get(row.needId)!;
          return { ...need, ...row, isSubstitute: fitOf(need, row.itemId, substitutes) === 'SUBSTITUTE' };
        });
        const shrunk = given.map((award, i) => ({ ...award, units: Math.min(award.units, left[i]!) }));
        const back = giveBack(counted, shrunk);
        for (const award of shrunk) {
          const mine = (rows: readonly NeedUnits[]) =>
            rows.filter(
              ({ needId, itemId }) => itemId === award.itemId && needOf.get(needId)!.recipientId === award.recipientId,
            );
          expect(sum(mine(counted)) - sum(mine(back))).toBe(Math.min(sum(mine(counted)), award.units));
        }
        for (const { needId, itemId, units } of back) {
          const row = counted.find((one) => one.needId === needId && one.itemId === itemId)!;
          expect([units > 0, units <= row.units]).toEqual([true, true]);
        }
      }),
    );
  });

  it('comes off the need that was counted last', () => {
    const rows = [
      { needId: 'a', category: null, neededBy: '2020-04-01' },
      { needId: 'b', category: null, neededBy: '2020-04-02' },
      { needId: 'd', category: null, neededBy: '2020-01-02', isSubstitute: true, units: 3 },
      { needId: 'c', category: 'MASK' as const, neededBy: '2020-01-01', units: 5 },
    ].map((row) => ({ itemId: 'n95', recipientId: 'anna', units: 10, isSubstitute: false, ...row }));
    const left = (units: number) => giveBack(rows, [{ recipientId: 'anna', itemId: 'n95', units }]);
    expect(left(28)).toEqual([]);
    expect(left(18)).toEqual([
      { needId: 'c', itemId: 'n95', units: 5 },
      { needId: 'd', itemId: 'n95', units: 3 },
      { needId: 'b', itemId: 'n95', units: 2 },
    ]);
    expect(sum(left(0))).toBe(28);
  });
});

describe('where a need stands', () => {
  const need = { units: 10, metUnits: 0, validUntil: '2020-04-10', withdrawnAt: null };
  it.each([
    [{}, '2020-04-10', 'OPEN', 10],
    [{ metUnits: 4 }, '2020-04-10', 'PARTLY_MET', 6],
    [{ metUnits: 10 }, '2020-04-10', 'MET', 0],
    [{}, '2020-04-11', 'EXPIRED', 0],
    [{ metUnits: 4 }, '2020-04-11', 'EXPIRED', 0],
    [{ metUnits: 10 }, '2020-04-11', 'MET', 0],
    [{ withdrawnAt: new Date(0) }, '2020-04-10', 'WITHDRAWN', 0],
    [{ withdrawnAt: new Date(0), metUnits: 4 }, '2020-04-11', 'WITHDRAWN', 0],
  ])('%j on %s: %s, %d open', (change, today, status, units) => {
    const now = { ...need, ...change };
    expect([needStatus(now, today), openUnits(now, today)]).toEqual([status, units]);
    expect(isOpen(needStatus(now, today))).toBe(units > 0);
  });
});

it.each([
  [{ unitsPerDay: 5, onHandUnits: 20, horizonDays: 14 }, 50],
  [{ unitsPerDay: 5, onHandUnits: 70, horizonDays: 14 }, 0],
  [{ unitsPerDay: 5, onHandUnits: 700, horizonDays: 14 }, 0],
  [{ unitsPerDay: 100_000_000, onHandUnits: 0, horizonDays: 366 }, 36_600_000_000],
])('%j makes %d units', (use, units) => {
  expect(unitsFromUse(use)).toBe(units);
});
