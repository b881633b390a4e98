import { refuse, type Refusal } from '../platform/rejection.js';

/** Where a consignment stands. */
export const SHIPMENT_STATUSES = [
  'ANNOUNCED',
  'IN_TRANSIT',
  'PARTIALLY_RECEIVED',
  'RECEIVED',
  'CANCELLED',
  'LOST',
] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** The most lines one consignment may have. */
export const MOST_LINES = 500;

/** What happens to a consignment on its way. Each of them says that it has left. */
export const CARRIAGE_EVENTS = [
  'HANDED_TO_CARRIER',
  'IN_TRANSIT',
  'CUSTOMS_ENTRY',
  'CUSTOMS_HOLD',
  'CUSTOMS_RELEASE',
  'ARRIVED',
] as const;
export type CarriageEvent = (typeof CARRIAGE_EVENTS)[number];

/** What a consignment's log says: the events of its way, and what we decided about it. */
export const SHIPMENT_EVENTS = [...CARRIAGE_EVENTS, 'CLOSED', 'CANCELLED', 'LOST', 'REOPENED'] as const;
export type ShipmentEventKind = (typeof SHIPMENT_EVENTS)[number];

/** So many events a log takes; what ends a shipment is written down even then. */
export const MOST_EVENTS = 200;

/** What can happen to a consignment. */
export const SHIPMENT_STEPS = ['carry', 'count', 'close', 'cancel', 'lose', 'reopen'] as const;
export type ShipmentStep = (typeof SHIPMENT_STEPS)[number];

type Steps = Readonly<Partial<Record<ShipmentStatus, ShipmentStatus>>>;

/**
 * What each step makes of a consignment, from each state in which it may be taken. Once something has been counted, a
 * consignment is closed, with a reason where the counts differ: it can no more be cancelled, and is not lost.
 */
const STEPS: Readonly<Record<ShipmentStep, Steps>> = {
  // News of the way are written down whenever they come, also late: only the first says that it has left.
  carry: {
    ANNOUNCED: 'IN_TRANSIT',
    IN_TRANSIT: 'IN_TRANSIT',
    PARTIALLY_RECEIVED: 'PARTIALLY_RECEIVED',
    RECEIVED: 'RECEIVED',
    CANCELLED: 'CANCELLED',
    LOST: 'LOST',
  },
  count: {
    ANNOUNCED: 'PARTIALLY_RECEIVED',
    IN_TRANSIT: 'PARTIALLY_RECEIVED',
    PARTIALLY_RECEIVED: 'PARTIALLY_RECEIVED',
  },
  close: { ANNOUNCED: 'RECEIVED', IN_TRANSIT: 'RECEIVED', PARTIALLY_RECEIVED: 'RECEIVED' },
  cancel: { ANNOUNCED: 'CANCELLED', IN_TRANSIT: 'CANCELLED' },
  lose: { ANNOUNCED: 'LOST', IN_TRANSIT: 'LOST' },
  reopen: { RECEIVED: 'PARTIALLY_RECEIVED', CANCELLED: 'IN_TRANSIT', LOST: 'IN_TRANSIT' },
};

/** What a step makes of a consignment in this state, or why it may not be taken. */
export function shipmentAfter(status: ShipmentStatus, step: ShipmentStep): ShipmentStatus | Refusal {
  return STEPS[step][status] ?? shipmentTransition(status, step);
}

const BECOMES: Readonly<Record<ShipmentStep, string>> = {
  carry: 'be on its way',
  count: 'be counted',
  close: 'be closed',
  cancel: 'be cancelled',
  lose: 'be lost',
  reopen: 'be opened again',
};

function shipmentTransition(status: ShipmentStatus, step: ShipmentStep) {
  const counted = status === 'PARTIALLY_RECEIVED' && (step === 'cancel' || step === 'lose');
  const instead = counted ? ' Some of it has been counted: close it with a discrepancy reason instead.' : '';
  return refuse(
    'ShipmentTransitionError',
    'SHIPMENT_TRANSITION',
    `A shipment that is ${status} cannot ${BECOMES[step]}.${instead}`,
    { status },
  );
}

/** The log of a shipment is full. */
export function tooManyEvents() {
  const message = `The log of this shipment has ${MOST_EVENTS} events already: it takes no more.`;
  return refuse('TooManyShipmentEventsError', 'TOO_MANY_SHIPMENT_EVENTS', message, { mostEvents: MOST_EVENTS });
}

/** A line as it stands before a count. */
export interface LineCounts {
  readonly id: string;
  readonly announcedUnits: number;
  readonly acceptedUnits: number;
  readonly rejectedUnits: number;
  /** Why units of it were rejected, at this count or before. */
  readonly rejectReason: string | null;
  /** Why it was not counted as announced. */
  readonly discrepancyReason: string | null;
}

/** What was counted of a line, in one visit. */
export interface Count {
  readonly lineId: string;
  readonly acceptedUnits: number;
  readonly rejectedUnits: number;
  readonly rejectReason: string | null;
}

/** What somebody says about a visit: whether it was the last, and why counts differ, of the whole and line by line. */
export interface Closing {
  /** true: no more will come; false: more will; null: as the counts say. */
  readonly close: boolean | null;
  readonly reason: string | null;
  readonly lineReasons: ReadonlyMap<string, string>;
}

/** What a count makes of a shipment. */
export interface Reception {
  readonly status: ShipmentStatus;
  readonly lines: readonly LineCounts[];
}

function counted(line: LineCounts, counts: readonly Count[], discrepancyReason: string | null): LineCounts {
  return counts
    .filter((count) => count.lineId === line.id)
    .reduce(
      (sum, count) => ({
        ...sum,
        acceptedUnits: sum.acceptedUnits + count.acceptedUnits,
        rejectedUnits: sum.rejectedUnits + count.rejectedUnits,
        rejectReason: count.rejectReason ?? sum.rejectReason,
      }),
      { ...line, discrepancyReason },
    );
}

function isComplete(line: LineCounts): boolean {
  return line.acceptedUnits + line.rejectedUnits === line.announcedUnits;
}

/**
 * A line needs no further reason when all of it came, or all that was rejected has its own reason, or somebody said why
 * it differs.
 */
function isExplained(line: LineCounts): boolean {
  return isAsAnnounced(line) || line.discrepancyReason !== null;
}

function isAsAnnounced(line: LineCounts): boolean {
  return isComplete(line) && (line.rejectedUnits === 0 || line.rejectReason !== null);
}

/**
 * Counts what arrived. A shipment is received when it is closed, or when every line is as announced, unless the caller
 * says that more will come (`close: false`). Closing one whose counts differ, short or over, needs a reason, for the whole
 * or for each line that differs.
 */
export function receive(
  shipment: { readonly status: ShipmentStatus; readonly lines: readonly LineCounts[] },
  counts: readonly Count[],
  { close, reason, lineReasons }: Closing,
): Reception | Refusal {
  const [open, closed] = [shipmentAfter(shipment.status, 'count'), shipmentAfter(shipment.status, 'close')];
  if (typeof open !== 'string' || typeof closed !== 'string') return shipmentNotReceivable(shipment.status);
  const lines = shipment.lines
    .map((line) => counted(line, counts, lineReasons.get(line.id) ?? line.discrepancyReason))
    .map((line) => (isAsAnnounced(line) ? { ...line, discrepancyReason: null } : line));
  const unexplained = lines.filter((line) => !isExplained(line)).map((line) => line.id);
  if (close && unexplained.length > 0 && reason === null) return discrepancyReasonRequired(unexplained);
  if (close ?? lines.every(isAsAnnounced)) return { status: closed, lines };
  const isCounted = lines.some((line) => line.acceptedUnits + line.rejectedUnits > 0);
  return { status: isCounted ? open : shipment.status, lines };
}

function shipmentNotReceivable(status: ShipmentStatus) {
  return refuse(
    'ShipmentNotReceivableError',
    'SHIPMENT_NOT_RECEIVABLE',
    `A shipment that is ${status} cannot be received. If it turned up after all, open it again first.`,
    { status },
  );
}

function discrepancyReasonRequired(lineIds: readonly string[]) {
  return refuse(
    'DiscrepancyReasonRequiredError',
    'DISCREPANCY_REASON_REQUIRED',
    `${lineIds.length === 1 ? 'One line was' : `${lineIds.length} lines were`} not counted as announced: say why to close the shipment.`,
    { lineIds: [...lineIds] },
  );
}

/** A reference people can say on the phone, for a shipment that came without one. */
export function referenceFor(id: string, day: string): string {
  return `S-${day.replaceAll('-', '')}-${id.slice(-6).toUpperCase()}`;
}
