import { type LotCondition, shelfOf } from '../stock/ledger.rules.js';

/** What a site holds of a lot, and what was lost of it there. */
export interface Shelf {
  readonly lotId: string;
  readonly siteId: string;
  readonly availableUnits: number;
  readonly allocatedUnits: number;
  readonly quarantinedUnits: number;
  readonly lostUnits: number;
}

/** A site of which nothing is known holds nothing. */
export function shelfAt(shelves: readonly Shelf[], lotId: string, siteId: string): Shelf {
  const nothing = { lotId, siteId, availableUnits: 0, allocatedUnits: 0, quarantinedUnits: 0, lostUnits: 0 };
  return shelves.find((shelf) => shelf.lotId === lotId && shelf.siteId === siteId) ?? nothing;
}

/** Units of a shelf that nobody was promised: those a split may take or, of a lot set aside, those that wait. */
export function freeUnits(shelf: Shelf, condition: LotCondition): number {
  return shelfOf(condition) === 'AVAILABLE' ? shelf.availableUnits : shelf.quarantinedUnits;
}
