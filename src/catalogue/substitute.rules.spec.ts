import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ItemCategory } from './item.rules.js';
import { areSameSubstitutes, inOrderOfSubstitution, type Ranking, substitutesIn } from './substitute.rules.js';

const stock = (text: string) =>
  text
    .split(' ')
    .map((itemId, lot) => ({ itemId, category: (itemId < 'g' ? 'MASK' : 'GOGGLES') as ItemCategory, lot }));
const rank = (text: string): Ranking[] =>
  text
    .split('; ')
    .map((row) => row.split(': '))
    .map(([itemId = '', list = '']) => ({ itemId, substituteIds: list.split(' ') }));
const order = (items: string, ranks: string): string =>
  inOrderOfSubstitution(stock(items), rank(ranks))
    .map(({ itemId }) => itemId)
    .join(' ');

const ids = ['a', 'b', 'c', 'd', 'e', 'x', 'y', 'z'];
const stocks = fc.shuffledSubarray(ids, { minLength: 1 }).map((some) => stock(some.toSorted().join(' ')));
const rankings = fc
  .tuple(
    ...ids.map((itemId) =>
      fc.shuffledSubarray(
        ids.filter((id) => id !== itemId),
        { maxLength: 4 },
      ),
    ),
  )
  .map((lists) =>
    lists.map((substituteIds, i) => ({ itemId: ids[i]!, substituteIds })).filter((one) => one.substituteIds.length > 0),
  );
/** Nothing stands in for what comes before it in the list of ids, in whatever order that list is. */
const acyclic = fc.tuple(rankings, fc.shuffledSubarray(ids, { minLength: ids.length })).map(([all, grades]) =>
  all.map(({ itemId, substituteIds }) => ({
    itemId,
    substituteIds: substituteIds.filter((id) => grades.indexOf(id) > grades.indexOf(itemId)),
  })),
);

describe('the order in which items are split', () => {
  it('is the one it was where nothing stands in for anything', () => {
    expect(order('a b b c x y', 'p: q')).toBe('a b b c x y');
  });

  it('has an item before what may stand in for it, and that in the order in which it is ranked', () => {
    expect(order('a b c', 'c: a b')).toBe('c a b');
    expect(order('a b c', 'c: b a')).toBe('c b a');
    expect(order('a a b c c', 'c: b a')).toBe('c c b a a');
    expect(order('a b c d', 'd: b')).toBe('a d c b');
  });

  it('has a circle where its first stood, before what stands in for any of it, and in the order it had', () => {
    expect(order('a b c d', 'b: d; d: b; c: d')).toBe('a c b d');
    expect(order('a b c d', 'd: b a; b: d a')).toBe('b d c a');
  });

  it('keeps categories in their order, even where one item stands in for one of an earlier category', () => {
    expect(order('a x', 'x: a')).toBe('a x');
    expect(order('a b x y', 'y: x a')).toBe('a b y x');
  });

  it('leaves nothing out, and keeps the lots of an item together and in their order', () => {
    fc.assert(
      fc.property(stocks, rankings, (some, ranks) => {
        const twice = some.flatMap((one) => [one, { ...one, lot: one.lot + 100 }]);
        const ordered = inOrderOfSubstitution(twice, ranks);
        expect(
          ordered.toSorted((a, b) => (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : a.lot - b.lot)),
        ).toEqual(twice);
        for (let i = 0; i < ordered.length; i += 2) expect(ordered[i + 1]!.lot).toBe(ordered[i]!.lot + 100);
        expect(ordered.map(({ category }) => category)).toEqual(twice.map(({ category }) => category));
      }),
    );
  });

  it('without circles has every item before what may stand in for it within its category', () => {
    fc.assert(
      fc.property(stocks, acyclic, (some, ranks) => {
        const ordered = inOrderOfSubstitution(some, ranks).map(({ itemId }) => itemId);
        for (const { itemId, substituteIds } of ranks)
          for (const id of substituteIds) {
            const [own, other] = [ordered.indexOf(itemId), ordered.indexOf(id)];
            if (own >= 0 && other >= 0 && itemId < 'g' === id < 'g')
              expect([itemId, id, own < other]).toEqual([itemId, id, true]);
          }
      }),
    );
  });

  it('does not hang on the order in which rankings are read', () => {
    fc.assert(
      fc.property(stocks, rankings, (some, ranks) => {
        expect(inOrderOfSubstitution(some, ranks.toReversed())).toEqual(inOrderOfSubstitution(some, ranks));
      }),
    );
  });
});

describe('what may stand in for what in one split', () => {
  it('is there, and is split later; an item that is not there is replaced by whatever is', () => {
    expect(substitutesIn(stock('b a c'), rank('a: b c; p: c b q; q: r; b: a c'))).toEqual([
      { itemId: 'p', substituteIds: ['c', 'b'] },
      { itemId: 'b', substituteIds: ['a', 'c'] },
      { itemId: 'a', substituteIds: ['c'] },
      { itemId: 'c', substituteIds: [] },
    ]);
  });

  it('never goes in a circle, and does not hang on the order in which rankings are read', () => {
    fc.assert(
      fc.property(stocks, rankings, (some, ranks) => {
        const found = substitutesIn(inOrderOfSubstitution(some, ranks), ranks);
        const placeOf = new Map(found.map(({ itemId }, place) => [itemId, place]));
        for (const { itemId, substituteIds } of found)
          for (const id of substituteIds) expect(placeOf.get(id)).toBeGreaterThan(placeOf.get(itemId)!);
        expect(areSameSubstitutes(substitutesIn(inOrderOfSubstitution(some, ranks), ranks.toReversed()), found)).toBe(
          true,
        );
      }),
    );
  });

  it('differs where an item, a rank or the order does', () => {
    const one = rank('a: b c; b: c');
    expect(areSameSubstitutes(one, rank('a: b c; b: c'))).toBe(true);
    for (const other of ['a: c b; b: c', 'a: b; b: c', 'b: c; a: b c', 'a: b c'])
      expect([other, areSameSubstitutes(one, rank(other))]).toEqual([other, false]);
    expect([areSameSubstitutes(null, one), areSameSubstitutes(null, null)]).toEqual([false, true]);
  });
});
