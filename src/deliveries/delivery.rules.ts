import { refuse, type Refusal } from '../platform/rejection.js';
import type { DiscrepancyReason, LotCondition, Place } from '../stock/ledger.rules.js';

/** Where a parcel stands. */
export const DELIVERY_STATUSES = [
  'PREPARED',
  'DISPATCHED',
  'DELIVERED',
  'CONFIRMED',
  'RETURNED',
  'LOST',
  'CANCELLED',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What can happen to a parcel, from which states, and what it becomes. */
const STEPS = {
  dispatch: { from: ['PREPARED'], to: 'DISPATCHED', place: 'IN_TRANSIT' },
  cancel: { from: ['PREPARED'], to: 'CANCELLED', place: 'AVAILABLE' },
  deliver: { from: ['DISPATCHED'], to: 'DELIVERED', place: 'DELIVERED' },
  confirm: { from: ['DISPATCHED', 'DELIVERED'], to: 'CONFIRMED', place: 'DELIVERED' },
  return: { from: ['DISPATCHED'], to: 'RETURNED', place: 'AVAILABLE' },
  lose: { from: ['DISPATCHED'], to: 'LOST', place: 'LOST' },
} as const satisfies Record<string, { from: readonly DeliveryStatus[]; to: DeliveryStatus; place: Place }>;
export type DeliveryStep = keyof typeof STEPS;

/** Where the units of a parcel are, as the ledger calls it. */
const PLACE_OF: Readonly<Record<DeliveryStatus, Place>> = {
  PREPARED: 'ALLOCATED',
  DISPATCHED: 'IN_TRANSIT',
  DELIVERED: 'DELIVERED',
  CONFIRMED: 'DELIVERED',
  RETURNED: 'AVAILABLE',
  LOST: 'LOST',
  CANCELLED: 'AVAILABLE',
};

/**
 * A step that may be taken: what the parcel becomes, and the places its units leave and reach. `AVAILABLE` stands for the
 * shelf: units of a lot that is not good are set aside there.
 */
export interface Transition {
  readonly status: DeliveryStatus;
  readonly from: Place;
  readonly to: Place;
}

/** Whether a parcel in this state may take this step; once taken, it may not be taken again. */
export function transition(status: DeliveryStatus, step: DeliveryStep): Transition | Refusal {
  const { from, to, place } = STEPS[step];
  if (!(from as readonly DeliveryStatus[]).includes(status)) {
    return refuse(
      'DeliveryTransitionError',
      'DELIVERY_TRANSITION',
      `A delivery that is ${status} cannot become ${to}.`,
      { status },
    );
  }
  return { status: to, from: PLACE_OF[status], to: place };
}

/** A line of a parcel, and what its recipient counted. */
export interface CountedLine {
  readonly id: string;
  readonly sentUnits: number;
  readonly confirmedUnits: number;
  readonly reason: DiscrepancyReason | null;
}

/**
 * What was counted of each line: as sent where nothing is said.
 * @returns the line that was counted over what was sent, or the lines
 */
export function counted(
  lines: readonly { readonly id: string; readonly units: number }[],
  counts: readonly { readonly lineId: string; readonly units: number; readonly reason?: string | null }[],
): CountedLine[] {
  const countOf = new Map(counts.map((count) => [count.lineId, count]));
  return lines.map(({ id, units }) => {
    const count = countOf.get(id);
    const confirmedUnits = count?.units ?? units;
    const reason = (count?.reason ?? null) as DiscrepancyReason | null;
    return { id, sentUnits: units, confirmedUnits, reason: confirmedUnits < units ? (reason ?? 'MISSING') : null };
  });
}

/** Lines that are in the parcel still. What was taken out before it left stays on record as CANCELLED. */
export function standing<Line extends { readonly status: DeliveryStatus }>(lines: readonly Line[]): Line[] {
  return lines.filter(({ status }) => status !== 'CANCELLED');
}

/** The parcels of which nothing is left once the chosen lines are taken out. */
export function emptied(
  lines: readonly { readonly id: string; readonly deliveryId: string; readonly status: DeliveryStatus }[],
  chosen: readonly { readonly id: string; readonly deliveryId: string }[],
): string[] {
  const out = new Set(chosen.map(({ id }) => id));
  const kept = new Set(standing(lines).flatMap(({ id, deliveryId }) => (out.has(id) ? [] : [deliveryId])));
  return [...new Set(chosen.map(({ deliveryId }) => deliveryId))].filter((id) => !kept.has(id));
}

/** A line whose lot keeps its parcel from leaving. */
export interface StoppedLine {
  readonly lineId: string;
  readonly lotId: string;
  readonly condition: LotCondition;
  /** `YYYY-MM-DD` */
  readonly expiresOn: string | null;
}

/**
 * Which lines may not leave: their lot is set aside, called back, or past its last day.
 * @param today the calendar day in UTC, `YYYY-MM-DD`
 */
export function stoppedLines(
  lines: readonly { readonly id: string; readonly lotId: string; readonly status: DeliveryStatus }[],
  lots: readonly { readonly id: string; readonly condition: LotCondition; readonly expiresOn: string | null }[],
  today: string,
): StoppedLine[] {
  const lotOf = new Map(lots.map((lot) => [lot.id, lot]));
  return standing(lines).flatMap(({ id, lotId }) => {
    const { condition, expiresOn } = lotOf.get(lotId)!;
    const isUsable = condition === 'GOOD' && (expiresOn === null || expiresOn >= today);
    return isUsable ? [] : [{ lineId: id, lotId, condition, expiresOn }];
  });
}

/** What must not be used is not sent. */
export function lotNotUsable(lots: readonly StoppedLine[]) {
  const message = `${lots.length === 1 ? 'One line is' : `${lots.length} lines are`} of a lot that is set aside, recalled or expired: take ${lots.length === 1 ? 'it' : 'them'} out of the parcel.`;
  return refuse('LotNotUsableError', 'LOT_NOT_USABLE', message, { lots: [...lots] });
}

/** Only what has not left can be unpacked. */
export function notPrepared(status: DeliveryStatus) {
  const message = `Lines are taken out of a parcel that is PREPARED; this one is ${status}.`;
  return refuse('DeliveryTransitionError', 'DELIVERY_TRANSITION', message, { status });
}

/** A line is taken out once. */
export function takenOutAlready(lineIds: readonly string[]) {
  const message = `${lineIds.length === 1 ? 'One of these lines is' : `${lineIds.length} of these lines are`} taken out already.`;
  return refuse('LinesTakenOutError', 'LINES_TAKEN_OUT', message, { lineIds: [...lineIds] });
}
