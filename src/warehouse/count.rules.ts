import { refuse, type Refusal } from '../platform/rejection.js';
import {
  type DiscrepancyReason,
  type LotCondition,
  type Move,
  placeOfMissing,
  shelfOf,
} from '../stock/ledger.rules.js';
import { freeUnits, type Shelf } from './shelf.rules.js';

/**
 * What a count of a shelf moves. Fewer than the books say: free units are LOST, or DISCARDED where they are not fit for
 * use. More: what was lost here has turned up, and only what is more than that comes from outside.
 * @param countedUnits everything of the lot that stands at the site, promised or set aside or not
 * @returns no moves where the count agrees; a refusal where fewer were counted than are promised
 */
export function recount(
  shelf: Shelf,
  condition: LotCondition,
  countedUnits: number,
  reasonCode: DiscrepancyReason,
): Move[] | Refusal {
  const { lotId, siteId, availableUnits, allocatedUnits, quarantinedUnits, lostUnits } = shelf;
  if (countedUnits < allocatedUnits) return countBelowAllocated(countedUnits, allocatedUnits);
  const more = countedUnits - (availableUnits + allocatedUnits + quarantinedUnits);
  const at = { lotId, siteId };
  if (more > 0) {
    const to = shelfOf(condition);
    const foundUnits = Math.min(more, lostUnits);
    return sound([
      { ...at, from: 'LOST', to, units: foundUnits },
      { ...at, from: 'SOURCE', to, units: more - foundUnits },
    ]);
  }
  const to = placeOfMissing(reasonCode);
  const fromAvailable = Math.min(-more, availableUnits);
  return sound([
    { ...at, from: 'AVAILABLE', to, units: fromAvailable },
    { ...at, from: 'QUARANTINED', to, units: -more - fromAvailable },
  ]);
}

/**
 * What leaves a shelf for good.
 * @returns a refusal where fewer are free; of a lot that is set aside, those that wait are free
 */
export function takeOff(
  shelf: Shelf,
  condition: LotCondition,
  units: number,
  to: 'DISCARDED' | 'RETURNED_TO_DONOR',
): Move[] | Refusal {
  const { lotId, siteId, allocatedUnits } = shelf;
  const availableUnits = freeUnits(shelf, condition);
  if (units > availableUnits) return notOnShelf(units, availableUnits, allocatedUnits);
  return [{ lotId, siteId, from: shelfOf(condition), to, units }];
}

function sound(moves: readonly Move[]): Move[] {
  return moves.filter(({ units }) => units > 0);
}

function countBelowAllocated(countedUnits: number, allocatedUnits: number) {
  return refuse(
    'CountBelowAllocatedError',
    'COUNT_BELOW_ALLOCATED',
    `${countedUnits} were counted, and ${allocatedUnits} of the lot are promised here: cancel awards first.`,
    { countedUnits, allocatedUnits, leastUnits: allocatedUnits },
  );
}

function notOnShelf(units: number, availableUnits: number, allocatedUnits: number) {
  return refuse(
    'NotOnShelfError',
    'NOT_ON_SHELF',
    `${availableUnits} units of the lot are free here, ${allocatedUnits} are promised: ${units} cannot be taken.`,
    { availableUnits, allocatedUnits },
  );
}
