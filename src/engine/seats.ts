import { valuesAt, type Claimants } from './claims.js';
import { sumOf } from './figures.js';

/** What people bring to an estate that is shared at once, in whole packs of one size. */
export interface Seats {
  /** What each has already: units of this plan, and with memory those of earlier ones. */
  held: Float64Array;
  /** Claims and the most one may end with, what is held included. */
  claims: Float64Array;
  bounds: Float64Array;
  weights: Float64Array;
  /** What each is guaranteed to end with, at least what is held. */
  guaranteed: Float64Array;
  /** With less than this nobody ends who gets anything; null where there is no minimum lot. */
  minimums: Float64Array | null;
}

/**
 * The seats of some claimants.
 *
 * @param members places among the claimants; null for all of them
 * @param awarded units each claimant has of this plan
 * @param pack units a pack; what is held counts in whole packs
 */
export function seatsOf(claimants: Claimants, members: Uint32Array | null, awarded: Float64Array, pack: number): Seats {
  const of = (values: Float64Array) => (members === null ? values : valuesAt(values, members));
  const [claims, bounds, given] = [of(claimants.claims), of(claimants.bounds), of(awarded)];
  const received = claimants.received && of(claimants.received);
  const weights = of(claimants.weights);
  const total = received ? given.map((units, i) => units + received[i]!) : given;
  const held = pack === 1 ? total : total.map((units) => Math.floor(units / pack));
  /** Packs with which somebody has so many units of this plan. */
  const reaching = (units: number, i: number) => {
    const room = Math.floor((bounds[i]! - given[i]!) / pack);
    return held[i]! + Math.min(room, Math.max(0, Math.ceil((units - given[i]!) / pack)));
  };
  const { guarantee, minimumLot } = claimants;
  const nothingDone = pack === 1 && received === null && members === null && sumOf(given) === 0;
  return {
    held,
    claims: nothingDone ? claims : claims.map((claim, i) => held[i]! + Math.floor((claim - given[i]!) / pack)),
    bounds: nothingDone ? bounds : bounds.map((bound, i) => held[i]! + Math.floor((bound - given[i]!) / pack)),
    weights,
    guaranteed: guarantee === null ? held : held.map((_, i) => reaching(guarantee, i)),
    minimums: minimumLot === null ? null : held.map((_, i) => reaching(minimumLot, i)),
  };
}

/** The seats in some places. */
export function someSeats(seats: Seats, places: Uint32Array): Seats {
  return {
    held: valuesAt(seats.held, places),
    claims: valuesAt(seats.claims, places),
    bounds: valuesAt(seats.bounds, places),
    weights: valuesAt(seats.weights, places),
    guaranteed: valuesAt(seats.guaranteed, places),
    minimums: seats.minimums && valuesAt(seats.minimums, places),
  };
}
