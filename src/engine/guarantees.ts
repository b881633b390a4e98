import type { Claimants } from './claims.js';
import { positions } from './ordering.js';
import type { Shares } from './shares.js';
import { placesInTieOrder, type SingleUnits, type TieOrder } from './single-units.js';

/** What everybody is guaranteed, together; past the estate the sum is not finished. */
export function areCovered(estate: number, { lows }: Pick<Claimants, 'lows'>): boolean {
  let needed = 0;
  for (const low of lows) {
    needed += low;
    if (needed > estate) return false;
  }
  return true;
}

/**
 * Where not even the guarantees fit, no rule applies: each in turn, in tie order, gets the whole of hers while there is
 * enough, the next one what is left, and the rest nothing.
 */
export function giveGuaranteesInTurn(
  estate: number,
  { lows }: Claimants,
  ids: readonly string[],
  ties: TieOrder,
): { shares: Shares; singles: SingleUnits } {
  const floors = new Float64Array(lows.length);
  const ranks = new Uint32Array(lows.length);
  let left = estate;
  let served = 0;
  placesInTieOrder(positions(lows.length), ids, ties).forEach((claimant, place) => {
    ranks[claimant] = place + 1;
    floors[claimant] = Math.min(lows[claimant]!, left);
    left -= floors[claimant]!;
    if (floors[claimant] === lows[claimant]) served = Math.max(served, place + 1);
  });
  const none = new Uint32Array(lows.length);
  return {
    shares: {
      floors,
      contests: [],
      limitedPeople: 0,
      limitedUnits: 0,
      exactShare: (claimant) => String(floors[claimant]),
    },
    singles: {
      extras: new Uint8Array(lows.length),
      ranks,
      contestOf: none,
      contests: [{ contenders: lows.length, prizes: served, fewestExtrasFirst: false }],
      extrasBefore: none,
    },
  };
}
