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

/** A line as it stands before a count. */
export interface LineCounts {
  readonly id: string;
  readonly announcedUnits: number;
  readonly acceptedUnits: number;
  readonly rejectedUnits: number;
  /** Why units of it were rejected, at this count or before. */
  readonly rejectReason: string | null;
}

/** What was counted of a line, in one visit. */
export interface Count {
  readonly lineId: string;
  readonly acceptedUnits: number;
  readonly rejectedUnits: number;
  readonly rejectReason: string | null;
}

/** What a count makes of a shipment. */
export interface Reception {
  readonly status: ShipmentStatus;
  readonly lines: readonly LineCounts[];
}

const MAY_ARRIVE: readonly ShipmentStatus[] = ['ANNOUNCED', 'IN_TRANSIT', 'PARTIALLY_RECEIVED'];

function counted(line: LineCounts, counts: readonly Count[]): LineCounts {
  return counts
    .filter((count) => count.lineId === line.id)
    .reduce(
      (sum, count) => ({
        ...sum,
        acceptedUnits: sum.acceptedUnits + count.acceptedUnits,
        rejectedUnits: sum.rejectedUnits + count.rejectedUnits,
        rejectReason: count.rejectReason ?? sum.rejectReason,
      }),
      line,
    );
}

function isComplete(line: LineCounts): boolean {
  return line.acceptedUnits + line.rejectedUnits === line.announcedUnits;
}

/** A line needs no further reason when all of it came, or all that was rejected has its own reason. */
function isExplained(line: LineCounts): boolean {
  return isComplete(line) && (line.rejectedUnits === 0 || line.rejectReason !== null);
}

/**
 * Counts what arrived. A shipment is received when it is closed, or when every line is complete and explained, unless
 * the caller says that more will come (`close: false`). Closing one whose counts differ needs a reason.
 */
export function receive(
  shipment: { readonly status: ShipmentStatus; readonly lines: readonly LineCounts[] },
  counts: readonly Count[],
  close: boolean | null,
  discrepancyReason: string | null,
): Reception | Refusal {
  if (!MAY_ARRIVE.includes(shipment.status)) return shipmentNotReceivable(shipment.status);
  const lines = shipment.lines.map((line) => counted(line, counts));
  const unexplained = lines.filter((line) => !isExplained(line)).map((line) => line.id);
  if (close && unexplained.length > 0 && discrepancyReason === null) return discrepancyReasonRequired(unexplained);
  const done = close ?? unexplained.length === 0;
  return { status: done ? 'RECEIVED' : 'PARTIALLY_RECEIVED', lines };
}

function shipmentNotReceivable(status: ShipmentStatus) {
  return refuse(
    'ShipmentNotReceivableError',
    'SHIPMENT_NOT_RECEIVABLE',
    `A shipment that is ${status} cannot be received.`,
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
