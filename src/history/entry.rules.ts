import type { Cause, Place } from '../stock/ledger.rules.js';
import type { DayRange } from './distribution.rules.js';

/** What the id of a cause names. */
export const CAUSE_KINDS = ['SHIPMENT', 'PLAN', 'DELIVERY', 'TRANSFER', 'LOT', 'RECALL'] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

const KIND_OF: Readonly<Record<Cause, CauseKind>> = {
  SHIPMENT_RECEIVED: 'SHIPMENT',
  ALLOCATION_COMMITTED: 'PLAN',
  ALLOCATION_CANCELLED: 'PLAN',
  DELIVERY_DISPATCHED: 'DELIVERY',
  DELIVERY_DELIVERED: 'DELIVERY',
  DELIVERY_CONFIRMED: 'DELIVERY',
  DELIVERY_RETURNED: 'DELIVERY',
  DELIVERY_LOST: 'DELIVERY',
  DELIVERY_LINES_TAKEN_OUT: 'DELIVERY',
  TRANSFER_DISPATCHED: 'TRANSFER',
  TRANSFER_RECEIVED: 'TRANSFER',
  TRANSFER_CANCELLED: 'TRANSFER',
  TRANSFER_LOST: 'TRANSFER',
  LOT_QUARANTINED: 'LOT',
  LOT_RELEASED: 'LOT',
  LOT_RECALLED: 'RECALL',
  INTAKE_CORRECTED: 'SHIPMENT',
  STOCK_RECOUNTED: 'LOT',
  STOCK_DISCARDED: 'LOT',
  RETURNED_TO_DONOR: 'LOT',
};

/** What the id of an entry's cause names. */
export function kindOf(cause: Cause): CauseKind {
  return KIND_OF[cause];
}

/** Which entries; what is left out does not restrict, what is given must all hold. */
export interface EntryFilter {
  readonly lotIds?: readonly string[] | null;
  readonly itemCodes?: readonly string[] | null;
  readonly siteIds?: readonly string[] | null;
  readonly places?: readonly Place[] | null;
  readonly causes?: readonly Cause[] | null;
  readonly causeIds?: readonly string[] | null;
  readonly recordedOn?: DayRange | null;
  readonly timeZone?: string | null;
}
