/** Where units can be. Only `SOURCE`, the outside, may hold fewer than none. */
export const PLACES = [
  'SOURCE',
  'AVAILABLE',
  'ALLOCATED',
  'QUARANTINED',
  'IN_TRANSIT',
  'DELIVERED',
  'RETURNED_TO_DONOR',
  'LOST',
  'DISCARDED',
] as const;
export type Place = (typeof PLACES)[number];

/**
 * The most units of a lot that one place of a site may come to hold, or the outside may have given: twenty times what a line
 * may bring. A place that holds more was filled by counts that cannot be right.
 */
export const MOST_UNITS_IN_A_PLACE = 2_000_000_000;

/** Why units moved. */
export const CAUSES = [
  'SHIPMENT_RECEIVED',
  'ALLOCATION_COMMITTED',
  'ALLOCATION_CANCELLED',
  'DELIVERY_DISPATCHED',
  'DELIVERY_DELIVERED',
  'DELIVERY_CONFIRMED',
  'DELIVERY_RETURNED',
  'DELIVERY_LOST',
  'DELIVERY_LINES_TAKEN_OUT',
  'TRANSFER_DISPATCHED',
  'TRANSFER_RECEIVED',
  'TRANSFER_CANCELLED',
  'TRANSFER_LOST',
  'LOT_QUARANTINED',
  'LOT_RELEASED',
  'LOT_RECALLED',
  'INTAKE_CORRECTED',
  'STOCK_RECOUNTED',
  'STOCK_DISCARDED',
  'RETURNED_TO_DONOR',
] as const;
export type Cause = (typeof CAUSES)[number];

/** Reasons for a count that differs from what was expected. */
export const DISCREPANCY_REASONS = [
  'MISSING',
  'DAMAGED',
  'EXPIRED',
  'WRONG_ITEM',
  'PACK_SIZE',
  'COUNTERFEIT_SUSPECTED',
  'RECOUNTED',
  'DATA_ENTRY_ERROR',
  'FOUND',
  'STOLEN',
  'OTHER',
] as const;
export type DiscrepancyReason = (typeof DISCREPANCY_REASONS)[number];

/** Units that were sent and did not arrive fit for use: where they are now. */
export function placeOfMissing(reason: DiscrepancyReason | null): 'DISCARDED' | 'LOST' {
  return reason === 'DAMAGED' || reason === 'EXPIRED' ? 'DISCARDED' : 'LOST';
}

export const LOT_CONDITIONS = ['GOOD', 'QUARANTINED', 'RECALLED'] as const;
export type LotCondition = (typeof LOT_CONDITIONS)[number];

/** Where units of a lot stand that come to a shelf, for the first time or again: only good ones are free to be split. */
export function shelfOf(condition: LotCondition): 'AVAILABLE' | 'QUARANTINED' {
  return condition === 'GOOD' ? 'AVAILABLE' : 'QUARANTINED';
}

/** What is wrong where a place would come to hold more than {@link MOST_UNITS_IN_A_PLACE}. */
export function tooManyInAPlace(place: Place): string {
  const what = place === 'SOURCE' ? 'more would have come of the lot' : `more of the lot would be ${place}`;
  return `${what} than ${MOST_UNITS_IN_A_PLACE} units`;
}

/** Units of one lot that go from one place to another. */
export interface Move {
  readonly lotId: string;
  readonly siteId: string;
  /** Where they go to, if that is another site. */
  readonly toSiteId?: string;
  readonly from: Place;
  readonly to: Place;
  readonly units: number;
  /** What moves them, where one act moves for several: each shipment of an import. */
  readonly causeId?: string;
  /** Why these units and not others of the same act: those of a parcel that did not arrive. */
  readonly reasonCode?: DiscrepancyReason | null;
}

/** What a set of moves does to one balance. */
export interface Delta {
  readonly lotId: string;
  readonly siteId: string;
  readonly place: Place;
  readonly units: number;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function inLockOrder<T>(keyOf: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => byText(keyOf(a), keyOf(b));
}

/** Adds up moves of the same lot between the same places: two lines of one item are checked together. */
export function sumMoves(moves: readonly Move[]): Move[] {
  const sums = new Map<string, Move>();
  for (const move of moves) {
    if (!Number.isSafeInteger(move.units) || move.units < 0) throw new RangeError(`cannot move ${move.units} units`);
    const key = `${move.lotId} ${move.siteId} ${move.from} ${move.toSiteId ?? move.siteId} ${move.to} ${move.causeId ?? ''} ${move.reasonCode ?? ''}`;
    sums.set(key, { ...move, units: (sums.get(key)?.units ?? 0) + move.units });
  }
  return [...sums.entries()]
    .filter(([, move]) => move.units > 0)
    .sort(inLockOrder(([key]) => key))
    .map(([, move]) => move);
}

/** What moves do to the balances they touch, in the order in which all writers lock them. */
export function deltasOf(moves: readonly Move[]): Delta[] {
  const deltas = new Map<string, Delta>();
  const add = (lotId: string, siteId: string, place: Place, units: number): void => {
    const key = `${lotId} ${siteId} ${place}`;
    deltas.set(key, { lotId, siteId, place, units: (deltas.get(key)?.units ?? 0) + units });
  };
  for (const { lotId, siteId, toSiteId = siteId, from, to, units } of moves) {
    add(lotId, siteId, from, -units);
    add(lotId, toSiteId, to, units);
  }
  return [...deltas.entries()].sort(inLockOrder(([key]) => key)).map(([, delta]) => delta);
}

/** A move, and what the two balances it touches hold once it is done. */
export interface DoneMove extends Move {
  readonly toSiteId: string;
  readonly fromUnitsAfter: number;
  readonly toUnitsAfter: number;
}

/**
 * The moves one after the other, each with what it leaves behind.
 * @param held what the balances of the deltas held before, in the order of the deltas
 */
export function doneMoves(moves: readonly Move[], deltas: readonly Delta[], held: readonly number[]): DoneMove[] {
  const keyOf = (lotId: string, siteId: string, place: Place): string => `${lotId} ${siteId} ${place}`;
  const balance = new Map(deltas.map(({ lotId, siteId, place }, i) => [keyOf(lotId, siteId, place), held[i]!]));
  const after = (key: string, units: number): number => {
    const sum = balance.get(key)! + units;
    balance.set(key, sum);
    return sum;
  };
  return moves.map((move) => {
    const { lotId, siteId, toSiteId = siteId, from, to, units } = move;
    const fromUnitsAfter = after(keyOf(lotId, siteId, from), -units);
    return { ...move, toSiteId, fromUnitsAfter, toUnitsAfter: after(keyOf(lotId, toSiteId, to), units) };
  });
}
