import { compareText } from './ordering.js';
import type { Lot, LotUnits, Problem } from './problem.js';

/** What there is of one item on the plan's day. All figures are units. */
export interface Stock {
  item: string;
  /** Lots that may be given, the one to give first in front. */
  usable: readonly Lot[];
  expired: readonly LotUnits[];
  /** Sum of the usable lots: what is shared and what is kept in reserve. */
  supply: number;
  /** Kept back: the policy's reserve, or all there is when that is less. */
  reserved: number;
}

/** The stock of every item, in the order in which the lots first name them. */
export function stockOf({ lots, day, policy }: Problem): Stock[] {
  const byItem = new Map<string, Lot[]>();
  for (const lot of lots) {
    const sameItem = byItem.get(lot.item);
    if (sameItem) sameItem.push(lot);
    else byItem.set(lot.item, [lot]);
  }
  return Array.from(byItem, ([item, itemLots]) => {
    const ordered = itemLots.toSorted(firstExpiredFirstOut);
    const usable = ordered.filter((lot) => !hasExpired(lot, day));
    const supply = usable.reduce((sum, lot) => sum + lot.units, 0);
    return {
      item,
      usable,
      expired: ordered.filter((lot) => hasExpired(lot, day)).map((lot) => ({ lot: lot.id, units: lot.units })),
      supply,
      reserved: Math.min(unitsFor(policy.reserveUnits, item) ?? 0, supply),
    };
  });
}

/** The entry of an item, if the table has one of its own: item codes may be spelled like inherited properties. */
export function unitsFor(table: Record<string, number> | undefined, item: string): number | undefined {
  return table !== undefined && Object.hasOwn(table, item) ? table[item] : undefined;
}

/** A lot may still be given on its last day. */
function hasExpired(lot: Lot, day: string | undefined): boolean {
  return day !== undefined && lot.expiresOn !== undefined && lot.expiresOn < day;
}

function firstExpiredFirstOut(a: Lot, b: Lot): number {
  if (a.expiresOn !== b.expiresOn) {
    if (a.expiresOn === undefined) return 1;
    if (b.expiresOn === undefined) return -1;
    return compareText(a.expiresOn, b.expiresOn);
  }
  return compareText(a.id, b.id);
}
