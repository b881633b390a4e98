import { inOneForm } from './earmark.js';
import { grouped } from './grouping.js';
import { compareText } from './ordering.js';
import type { Earmark, Lot, LotUnits, Problem } from './problem.js';

/** A lot that has not expired, as far as it is shared: its reserve and its broken pack are taken off. */
export interface OfferedLot {
  id: string;
  earmark: Earmark | undefined;
  /** Units in whole packs. */
  units: number;
  /** Units a pack, where whole packs are shared; else 1. */
  pack: number;
  /** Units kept back in reserve. */
  kept: number;
  /** Units that are no whole pack. */
  broken: number;
}

/** What there is of one item on the plan's day. All figures are units. */
export interface Stock {
  item: string;
  /** Lots that may be given, the one to give first in front. */
  offered: readonly OfferedLot[];
  expired: readonly LotUnits[];
  /** Sum of the lots that have not expired: what is shared, what is kept in reserve and what is broken. */
  supply: number;
  /** Kept back: the policy's reserve, or all there is when that is less. */
  reserved: number;
  /** In packs that are not whole. */
  broken: number;
  /** Sizes of the packs, the largest first; `[1]` where single units are shared. */
  sizes: readonly number[];
  /** True when whole packs are shared. */
  inPacks: boolean;
}

/** The stock of every item, in the order in which the lots first name them. */
export function stockOf({ lots, day, policy }: Problem): Stock[] {
  const byItem = grouped(lots, ({ item }) => item);
  const inPacks = policy.wholePacks === true;
  return Array.from(byItem, ([item, itemLots]) => {
    const ordered = itemLots.toSorted(firstExpiredFirstOut);
    const usable = ordered.filter((lot) => !hasExpired(lot, day));
    const supply = sumOf(usable);
    const reserved = Math.min(unitsFor(policy.reserveUnits, item) ?? 0, supply);
    const offered = offeredOf(usable, reserved, inPacks);
    return {
      item,
      offered,
      expired: ordered.filter((lot) => hasExpired(lot, day)).map((lot) => ({ lot: lot.id, units: lot.units })),
      supply,
      reserved,
      broken: offered.reduce((sum, { broken }) => sum + broken, 0),
      sizes: sizesOf(offered),
      inPacks,
    };
  });
}

/** The entry of an item, if the table has one of its own: item codes may be spelled like inherited properties. */
export function unitsFor<T>(table: Record<string, T> | undefined, item: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, item) ? table[item] : undefined;
}

/** The reserve stays in the lots that keep longest, whomever they were given for. */
function offeredOf(usable: readonly Lot[], reserved: number, inPacks: boolean): OfferedLot[] {
  let missing = reserved;
  const lastFirst = usable.toReversed().map(({ id, earmark, units, unitsPerPack }): OfferedLot => {
    const kept = Math.min(missing, units);
    missing -= kept;
    const pack = inPacks ? (unitsPerPack ?? 1) : 1;
    const broken = (units - kept) % pack;
    return { id, earmark: earmark && inOneForm(earmark), units: units - kept - broken, pack, kept, broken };
  });
  return lastFirst.toReversed();
}

function sizesOf(offered: readonly OfferedLot[]): number[] {
  const sizes = new Set(offered.filter(({ units }) => units > 0).map(({ pack }) => pack));
  return sizes.size === 0 ? [1] : Array.from(sizes).sort((a, b) => b - a);
}

function sumOf(lots: readonly Lot[]): number {
  return lots.reduce((sum, lot) => sum + lot.units, 0);
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
