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

export const LOT_CONDITIONS = ['GOOD', 'QUARANTINED', 'RECALLED'] as const;
export type LotCondition = (typeof LOT_CONDITIONS)[number];

/** Units of one lot that go from one place to another, at one site. */
export interface Move {
  readonly lotId: string;
  readonly siteId: string;
  readonly from: Place;
  readonly to: Place;
  readonly units: number;
  /** What moves them, where one act moves for several: each shipment of an import. */
  readonly causeId?: string;
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
    const key = `${move.lotId} ${move.siteId} ${move.from} ${move.to} ${move.causeId ?? ''}`;
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
  for (const { lotId, siteId, from, to, units } of moves) {
    add(lotId, siteId, from, -units);
    add(lotId, siteId, to, units);
  }
  return [...deltas.entries()].sort(inLockOrder(([key]) => key)).map(([, delta]) => delta);
}
