import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { inOrderOfSubstitution, type Ranking, substitutesIn } from '../catalogue/substitute.rules.js';
import { checkProblem } from '../engine/check.js';
import type { Policy } from '../engine/problem.js';
import { split } from '../engine/split.js';
import { countTowards, type OpenNeed } from '../recipients/need.rules.js';
import { recipientsOf } from './claim.rules.js';
import { type FreeUnits, problemOf } from './plan.rules.js';

const CATEGORY_OF = new Map<string, ItemCategory>([
  ['FFP2', 'MASK'],
  ['KN95', 'MASK'],
  ['N95', 'MASK'],
  ['SURGICAL_MASK', 'MASK'],
  ['GOGGLES', 'GOGGLES'],
  ['FACE_SHIELD', 'FACE_SHIELD'],
]);
const ITEMS = [...CATEGORY_OF.keys()];
const PEOPLE = ['anna', 'berta', 'carla'];
const POLICY: Policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', ties: { by: 'LOTTERY', seed: 's' } };

const lot = (itemCode: string, units: number): FreeUnits => ({
  lotId: `lot of ${itemCode}`,
  siteId: 'site',
  itemId: itemCode,
  itemCode,
  category: CATEGORY_OF.get(itemCode)!,
  units,
  unitsPerPack: null,
  expiresOn: null,
  earmark: null,
});

interface Given {
  readonly recipientId: string;
  readonly itemId: string;
  readonly units: number;
}

/** What people get by their needs, and what of it counts towards them. */
function byNeed(available: readonly FreeUnits[], needs: readonly OpenNeed[], rankings: readonly Ranking[] | null) {
  const stock = rankings ? inOrderOfSubstitution(available, rankings) : available;
  const substitutes = rankings && substitutesIn(stock, rankings);
  const people = PEOPLE.map((id) => ({ id, country: null, exposureTier: 3, headcount: 1, createdAt: new Date(0) }));
  const wanted = new Map<string, OpenNeed>();
  for (const need of needs) {
    const key = JSON.stringify([need.recipientId, need.itemId, need.category, need.acceptsSubstitutes]);
    wanted.set(key, { ...need, openUnits: need.openUnits + (wanted.get(key)?.openUnits ?? 0) });
  }
  const circumstances = {
    people,
    memberships: [],
    wanted: Array.from(wanted.entries())
      .sort()
      .map(([, need]) => ({ ...need, units: need.openUnits })),
    substitutes,
    since: null,
    received: [],
    deficits: [],
  };
  const recipients = recipientsOf(circumstances, stock, { policy: POLICY, claims: 'NEED' });
  const problem = problemOf('plan', '2020-04-10', POLICY, stock, recipients);
  expect(checkProblem(problem)).toEqual({ problem });
  const given: Given[] = split(problem).awards.map(({ recipient, item, units }) => ({
    recipientId: recipient,
    itemId: item,
    units,
  }));
  return { problem, given, counted: countTowards(needs, given, CATEGORY_OF, substitutes ?? []) };
}

const need = (recipientId: string, itemId: string, openUnits: number, more: Partial<OpenNeed> = {}): OpenNeed => ({
  id: `${recipientId} ${itemId}`,
  recipientId,
  itemId,
  category: null,
  acceptsSubstitutes: true,
  neededBy: '2020-04-10',
  openUnits,
  ...more,
});
const rank = (itemId: string, ...substituteIds: string[]): Ranking => ({ itemId, substituteIds });
const gets = (given: readonly Given[], who: string) =>
  Object.fromEntries(given.filter((one) => one.recipientId === who).map(({ itemId, units }) => [itemId, units]));

describe('a split by need in which items may stand in for others', () => {
  const N95 = rank('N95', 'KN95', 'SURGICAL_MASK');

  it('gives the very item as far as it goes, and then what stands in for it in the order of its rank', () => {
    const stock = [lot('KN95', 5), lot('N95', 30), lot('SURGICAL_MASK', 100)];
    const needs = [need('anna', 'N95', 20), need('berta', 'N95', 20, { acceptsSubstitutes: false })];
    const { given, counted } = byNeed(stock, needs, [N95]);
    expect(gets(given, 'anna')).toEqual({ N95: 15, KN95: 5 });
    expect(gets(given, 'berta')).toEqual({ N95: 15 });
    expect(counted).toHaveLength(3);
    const turned = byNeed(stock, [need('anna', 'N95', 60)], [rank('N95', 'SURGICAL_MASK', 'KN95')]);
    expect(gets(turned.given, 'anna')).toEqual({ N95: 30, SURGICAL_MASK: 30 });
  });

  it('shares a substitute with those who asked for it', () => {
    const needs = [need('anna', 'N95', 20), need('berta', 'KN95', 20)];
    const { given } = byNeed([lot('KN95', 10), lot('N95', 4)], needs, [N95]);
    expect([gets(given, 'anna'), gets(given, 'berta')]).toEqual([{ N95: 4, KN95: 5 }, { KN95: 5 }]);
  });

  it('of two items that stand in for each other lets the one that is split first be replaced', () => {
    const stock = [lot('FFP2', 10), lot('N95', 10)];
    const both = [rank('FFP2', 'N95'), rank('N95', 'FFP2')];
    const { given } = byNeed(stock, [need('anna', 'N95', 15), need('berta', 'FFP2', 15)], both);
    expect([gets(given, 'anna'), gets(given, 'berta')]).toEqual([{ N95: 5 }, { FFP2: 10, N95: 5 }]);
    const absent = byNeed([lot('FFP2', 10)], [need('anna', 'N95', 15)], both);
    expect(gets(absent.given, 'anna')).toEqual({ FFP2: 10 });
  });

  const needs = fc.uniqueArray(
    fc
      .record({
        recipientId: fc.constantFrom(...PEOPLE),
        what: fc.constantFrom(...ITEMS, 'any MASK', 'any FACE_SHIELD'),
        accepts: fc.boolean(),
        neededBy: fc.constantFrom('2020-04-01', '2020-04-02'),
        openUnits: fc.integer({ min: 1, max: 20 }),
        number: fc.nat(9),
      })
      .map(({ recipientId, what, accepts, neededBy, openUnits, number }): OpenNeed => {
        const category = what.startsWith('any ') ? (what.slice(4) as ItemCategory) : null;
        return {
          id: `${number} ${recipientId}`,
          recipientId,
          itemId: category === null ? what : null,
          category,
          acceptsSubstitutes: category === null && accepts,
          neededBy,
          openUnits,
        };
      }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
  );
  const stocks = fc
    .subarray(ITEMS, { minLength: 1 })
    .chain((some) => fc.tuple(...some.map((code) => fc.integer({ min: 1, max: 30 }).map((units) => lot(code, units)))));
  const rankings = fc
    .tuple(...ITEMS.map((id) => fc.shuffledSubarray(ITEMS.filter((other) => other !== id))))
    .map((lists) => lists.map((list, i) => rank(ITEMS[i]!, ...list)));

  it('counts every unit it gives towards a need', () => {
    fc.assert(
      fc.property(stocks, needs, rankings, (stock, open, ranks) => {
        const { given, counted } = byNeed(stock, open, ranks);
        for (const award of given) {
          const mine = counted.filter(
            ({ needId, itemId }) => itemId === award.itemId && needId.endsWith(award.recipientId),
          );
          expect([award, mine.reduce((sum, { units }) => sum + units, 0)]).toEqual([award, award.units]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives nothing but the very item to those who accept nothing else', () => {
    fc.assert(
      fc.property(stocks, needs, rankings, (stock, open, ranks) => {
        const strict = open.map((one) => ({ ...one, acceptsSubstitutes: false }));
        const { counted } = byNeed(stock, strict, ranks);
        const strange = counted.filter(({ needId, itemId }) => {
          const { itemId: asked, category } = strict.find(({ id }) => id === needId)!;
          return asked !== itemId && category !== CATEGORY_OF.get(itemId);
        });
        expect(strange).toEqual([]);
      }),
    );
  });

  it('is the split it would be if nobody accepted anything else, to the byte, where that is not allowed', () => {
    fc.assert(
      fc.property(stocks, needs, (stock, open) => {
        const strict = open.map((one) => ({ ...one, acceptsSubstitutes: false }));
        expect(JSON.stringify(byNeed(stock, open, null))).toBe(JSON.stringify(byNeed(stock, strict, null)));
      }),
    );
  });
});
