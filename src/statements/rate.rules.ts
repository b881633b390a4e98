import type { DayRange } from '../history/distribution.rules.js';

/** A table of figures may have this many rows; more is a question for an export. */
export const MOST_ROWS = 5000;

/** Which awards of committed plans; what is left out does not restrict. */
export interface FillRateFilter {
  readonly itemCodes?: readonly string[] | null;
  readonly categories?: readonly string[] | null;
  readonly planIds?: readonly string[] | null;
  readonly recipientIds?: readonly string[] | null;
  readonly groupIds?: readonly string[] | null;
  readonly committedOn?: DayRange | null;
  readonly timeZone?: string | null;
}

/** Which gifts that came into a hand; what is left out does not restrict. */
export interface WaitingFilter {
  readonly donorIds?: readonly string[] | null;
  readonly shipmentIds?: readonly string[] | null;
  readonly itemCodes?: readonly string[] | null;
  readonly handedOn?: DayRange | null;
  readonly timeZone?: string | null;
}

/** What waiting can be summed by. */
export const WAITING_DIMENSIONS = ['ITEM', 'DONOR', 'MONTH'] as const;
export type WaitingDimension = (typeof WAITING_DIMENSIONS)[number];

/** Units given of units claimed; null where nothing was claimed. */
export function fillRateOf({
  awardedUnits,
  claimedUnits,
}: {
  awardedUnits: number;
  claimedUnits: number;
}): number | null {
  return claimedUnits === 0 ? null : awardedUnits / claimedUnits;
}
