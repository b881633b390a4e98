import { positions } from './ordering.js';
import type { Admission } from './problem.js';
import type { Seats } from './seats.js';
import { placesInTieOrder, type TieOrder } from './single-units.js';

/** Who takes part where nobody is to get less than a minimum lot. */
export interface Admitted {
  /** 1 for those who do. */
  isIn: Uint8Array;
  /** Place in the order of admission, from 1; 0 for whoever has no room for a pack and so wants no place. */
  ranks: Uint32Array;
  /** How many take part. */
  count: number;
}

/** In which order people are admitted: in tie order, or the smallest claims first and equal ones in tie order. */
export function admissionOrder(
  claims: Float64Array,
  ids: readonly string[],
  ties: TieOrder,
  admit: Admission = 'TIE_ORDER',
): Uint32Array {
  const order = placesInTieOrder(positions(claims.length), ids, ties);
  if (admit === 'TIE_ORDER') return order;
  // The sort is stable; the difference of two claims without bound is no number, and counts as none.
  return order.slice().sort((a, b) => Math.sign(claims[a]! - claims[b]!) || 0);
}

/**
 * Admits one after the other while all minimum lots together fit. Where all who were admitted can be satisfied and units
 * are left, whoever comes later in the order and fits the rest is admitted, too: nothing lies idle that somebody could
 * take.
 *
 * @param packs to be shared, apart from what is held
 */
export function admitted(packs: number, { held, bounds, minimums }: Seats, order: Uint32Array): Admitted {
  const isIn = new Uint8Array(held.length);
  const ranks = new Uint32Array(held.length);
  const lacking = (claimant: number) => minimums![claimant]! - held[claimant]!;
  let left = packs;
  let spare = packs;
  let count = 0;
  const take = (claimant: number) => {
    isIn[claimant] = 1;
    count++;
    left -= lacking(claimant);
    spare -= bounds[claimant]! - held[claimant]!;
  };
  let isOpen = true;
  let place = 0;
  const waiting = order.filter((claimant) => bounds[claimant]! > held[claimant]! || held[claimant]! > 0);
  for (const claimant of waiting) {
    ranks[claimant] = ++place;
    isOpen = isOpen && lacking(claimant) <= left;
    // Who has her minimum lot already, from lots shared before, takes part in any case.
    if (isOpen || lacking(claimant) === 0) take(claimant);
  }
  for (const claimant of waiting) {
    if (!isIn[claimant] && lacking(claimant) <= spare) take(claimant);
  }
  return { isIn, ranks, count };
}

/** Who of some candidates is in, with their places among themselves. */
export function admissionAmong(candidates: Uint32Array, order: Uint32Array, isIn: Uint8Array): Admitted {
  const isCandidate = new Uint8Array(isIn.length);
  for (const claimant of candidates) isCandidate[claimant] = 1;
  const ranks = new Uint32Array(isIn.length);
  let [rank, count] = [0, 0];
  for (const claimant of order) {
    if (!isCandidate[claimant]) continue;
    ranks[claimant] = ++rank;
    count += isIn[claimant]!;
  }
  return { isIn, ranks, count };
}
