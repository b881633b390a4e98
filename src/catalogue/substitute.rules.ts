import type { ItemCategory } from './item.rules.js';

/** The most items that may stand in for one. */
export const MOST_SUBSTITUTES = 20;

/** An item, and what may be given in its place, the best first. By ids. */
export interface Ranking {
  readonly itemId: string;
  readonly substituteIds: readonly string[];
}

/** An item that is to be split. */
interface Stocked {
  readonly itemId: string;
  readonly category: ItemCategory;
}

type Graph = ReadonlyMap<string, readonly string[]>;

function graphOf(rankings: readonly Ranking[]): Graph {
  return new Map(rankings.map(({ itemId, substituteIds }) => [itemId, substituteIds]));
}

/** Every item that may stand in for this one, or for what may stand in for it, and so on. */
function standInsOf(itemId: string, graph: Graph): Set<string> {
  const found = new Set<string>();
  const open = [itemId];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const substitute of graph.get(next) ?? []) {
      if (found.has(substitute)) continue;
      found.add(substitute);
      open.push(substitute);
    }
  }
  return found;
}

/** Every two items of which one is ranked before the other somewhere. */
function preferencesOf(rankings: readonly Ranking[]): Set<string> {
  return new Set(
    rankings.flatMap(({ substituteIds }) =>
      substituteIds.flatMap((id, i) => substituteIds.slice(i + 1).map((worse) => `${id} ${worse}`)),
    ),
  );
}

/**
 * Puts items before what may stand in for them. Where items stand in for each other in a circle, and where nothing else
 * decides, they keep their order.
 */
function inTurn(itemIds: readonly string[], rankings: readonly Ranking[]): string[] {
  const graph = graphOf(rankings);
  const preferences = preferencesOf(rankings);
  const standIns = new Map(itemIds.map((id) => [id, standInsOf(id, graph)]));
  const standsInFor = (a: string, b: string): boolean => standIns.get(b)!.has(a);
  const left = [...itemIds];
  const ordered: string[] = [];
  while (left.length > 0) {
    const free = left.filter((a) => left.every((b) => !standsInFor(a, b) || standsInFor(b, a)));
    const next = free.find((a) => free.every((b) => !preferences.has(`${b} ${a}`))) ?? free[0]!;
    ordered.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return ordered;
}

/** Changes the order of those items alone that a ranking names; all others keep their places. */
function inTurnWithin(itemIds: readonly string[], rankings: readonly Ranking[]): string[] {
  const ranked = new Set(rankings.flatMap(({ itemId, substituteIds }) => [itemId, ...substituteIds]));
  const ordered = inTurn(
    itemIds.filter((id) => ranked.has(id)),
    rankings,
  ).values();
  return itemIds.map((id) => (ranked.has(id) ? ordered.next().value! : id));
}

/**
 * The order in which to split items, so that an item comes before what may stand in for it: nobody is given a substitute
 * while the very item is still to be shared. Categories keep their order, and items that are not ranked their places.
 * @param stock in the order in which it is split otherwise, category by category; an item may stand in it several times
 */
export function inOrderOfSubstitution<Row extends Stocked>(stock: readonly Row[], rankings: readonly Ranking[]): Row[] {
  const itemsOf = new Map<ItemCategory, Set<string>>();
  for (const { itemId, category } of stock) itemsOf.set(category, (itemsOf.get(category) ?? new Set()).add(itemId));
  const order = Array.from(itemsOf.values()).flatMap((items) => inTurnWithin([...items], rankings));
  const placeOf = new Map(order.map((id, place) => [id, place]));
  return stock.toSorted((a, b) => placeOf.get(a.itemId)! - placeOf.get(b.itemId)!);
}

/**
 * What of the stock may stand in for what in one split: every item of the stock, in the order in which it is split, after
 * the items that are not there. An item that is there is replaced only by those split after it: of two that stand in for
 * each other, the first by the second.
 * @param stock as {@link inOrderOfSubstitution} puts it
 */
export function substitutesIn(stock: readonly Stocked[], rankings: readonly Ranking[]): Ranking[] {
  const items = [...new Set(stock.map(({ itemId }) => itemId))];
  const placeOf = new Map(items.map((id, place) => [id, place]));
  const graph = graphOf(rankings);
  const rankingOf = (itemId: string): Ranking => {
    const own = placeOf.get(itemId) ?? -1;
    return { itemId, substituteIds: (graph.get(itemId) ?? []).filter((id) => (placeOf.get(id) ?? -1) > own) };
  };
  const absent = [...graph.keys()].filter((id) => !placeOf.has(id)).sort();
  return [...absent.map(rankingOf).filter(({ substituteIds }) => substituteIds.length > 0), ...items.map(rankingOf)];
}

/** Whether two splits let the same stand in for the same, in the same order. */
export function areSameSubstitutes(a: readonly Ranking[] | null, b: readonly Ranking[] | null): boolean {
  const keyOf = (rankings: readonly Ranking[] | null): string =>
    JSON.stringify(rankings && rankings.map(({ itemId, substituteIds }) => [itemId, ...substituteIds]));
  return keyOf(a) === keyOf(b);
}
