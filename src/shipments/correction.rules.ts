import type { Earmark } from '../engine/problem.js';
import type { LotFacts } from '../stock/lot.rules.js';

/** Why a shipment was written down wrongly. */
export const CORRECTION_REASONS = ['DATA_ENTRY_ERROR', 'WRONG_ITEM', 'PACK_SIZE', 'OTHER'] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

/** What of a shipment, or of one of its lines, can turn out to be otherwise than was written down. */
export const SHIPMENT_FIELDS = [
  'DONOR',
  'REFERENCE',
  'CARRIER',
  'TRACKING_NUMBER',
  'EXPECTED_ON',
  'ITEM',
  'ANNOUNCED_UNITS',
  'UNITS_PER_PACK',
  'EARMARK',
] as const;
export type ShipmentField = (typeof SHIPMENT_FIELDS)[number];

/** What is known of a shipment, as far as it can be corrected. */
export interface ShipmentFacts {
  readonly donorId: string;
  readonly reference: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  /** `YYYY-MM-DD` */
  readonly expectedOn: string | null;
}

/** What is known of a line, as far as it can be corrected. */
export interface LineFacts {
  readonly itemId: string;
  readonly announcedUnits: number;
  readonly unitsPerPack: number | null;
  readonly earmark: Earmark | null;
}

/** One fact that is known otherwise, as text. */
export interface Difference {
  readonly field: ShipmentField;
  readonly before: string | null;
  readonly after: string | null;
}

const FIELD_OF: Readonly<Record<keyof ShipmentFacts | keyof LineFacts, ShipmentField>> = {
  donorId: 'DONOR',
  reference: 'REFERENCE',
  carrier: 'CARRIER',
  trackingNumber: 'TRACKING_NUMBER',
  expectedOn: 'EXPECTED_ON',
  itemId: 'ITEM',
  announcedUnits: 'ANNOUNCED_UNITS',
  unitsPerPack: 'UNITS_PER_PACK',
  earmark: 'EARMARK',
};

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  // The database keeps the keys of an earmark in an order of its own.
  return typeof value === 'object' ? JSON.stringify(value, Object.keys(value).sort()) : String(value);
}

/** What differs from what is asked; what is left out of the asking stays as it is. */
export function correctionsOf<Facts extends object>(known: Facts, asked: Partial<Facts>): Difference[] {
  return (Object.keys(FIELD_OF) as (keyof typeof FIELD_OF & keyof Facts)[])
    .filter((name) => asked[name] !== undefined)
    .map((name) => ({ field: FIELD_OF[name], before: textOf(known[name]), after: textOf(asked[name]) }))
    .filter(({ before, after }) => before !== after);
}

/** What of a corrected line its lots follow. How many were announced is a fact of the line alone. */
export function factsForLots(
  line: LineFacts,
  asked: Partial<LineFacts>,
): Partial<Pick<LotFacts, 'itemId' | 'unitsPerPack' | 'earmark'>> {
  const changed = new Set(correctionsOf(line, asked).map(({ field }) => field));
  return {
    ...(changed.has('ITEM') && { itemId: asked.itemId! }),
    ...(changed.has('UNITS_PER_PACK') && { unitsPerPack: asked.unitsPerPack! }),
    ...(changed.has('EARMARK') && { earmark: asked.earmark! }),
  };
}
