import { refuse, type Refusal } from '../platform/rejection.js';
import type { DiscrepancyReason } from '../stock/ledger.rules.js';

/** Where a transfer stands. */
export const TRANSFER_STATUSES = ['DISPATCHED', 'RECEIVED', 'CANCELLED', 'LOST'] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** The most lines one transfer may have. */
export const MOST_TRANSFER_LINES = 500;

/** Units of one lot. */
export interface LotUnitsSent {
  readonly lotId: string;
  readonly units: number;
}

/** Each lot once, with all that is asked of it, in the order in which they were named first. */
export function summedByLot(lines: readonly LotUnitsSent[]): LotUnitsSent[] {
  const sums = new Map<string, number>();
  for (const { lotId, units } of lines) sums.set(lotId, (sums.get(lotId) ?? 0) + units);
  return Array.from(sums, ([lotId, units]) => ({ lotId, units }));
}

/**
 * Whether as many units stand there as are asked for; all lots are named that have too few.
 * @param held how many units of each line's lot stand on the shelf, in the order of the lines
 */
export function enoughOf(lines: readonly LotUnitsSent[], held: readonly number[]): Refusal | null {
  const lots = lines
    .map(({ lotId, units }, i) => ({ lotId, askedUnits: units, availableUnits: held[i]! }))
    .filter(({ askedUnits, availableUnits }) => askedUnits > availableUnits);
  if (lots.length === 0) return null;
  const figures = lots.map(({ askedUnits, availableUnits }) => `${askedUnits} asked, ${availableUnits} there`);
  const which = lots.length === 1 ? 'one lot' : `${lots.length} lots`;
  const message = `Of ${which} too few units stand at this site: ${figures.slice(0, 3).join('; ')}${lots.length > 3 ? '; ...' : ''}.`;
  return refuse('NotEnoughStockError', 'NOT_ENOUGH_STOCK', message, { lots });
}

/** Whether a transfer in this state may be received, cancelled or given up: it is under way, and nothing else. */
export function mayEnd(status: TransferStatus, to: Exclude<TransferStatus, 'DISPATCHED'>): Refusal | null {
  if (status === 'DISPATCHED') return null;
  const message = `A transfer that is ${status} cannot become ${to}.`;
  return refuse('TransferTransitionError', 'TRANSFER_TRANSITION', message, { status });
}

/** A line of a transfer, and what was counted of it. */
export interface CountedTransferLine {
  readonly lotId: string;
  readonly units: number;
  readonly receivedUnits: number;
  readonly reason: DiscrepancyReason | null;
}

/**
 * What was counted of each line: as sent where nothing is said.
 * @param counts each of a line, and at most what was sent of it
 * @returns the lines, or a refusal that names those of which fewer arrived and nobody said why
 */
export function countedTransfer(
  lines: readonly LotUnitsSent[],
  counts: readonly { readonly lotId: string; readonly units: number; readonly reason?: string | null }[],
): CountedTransferLine[] | Refusal {
  const countOf = new Map(counts.map((count) => [count.lotId, count]));
  const counted = lines.map(({ lotId, units }) => {
    const count = countOf.get(lotId);
    const receivedUnits = count?.units ?? units;
    const reason = receivedUnits < units ? ((count?.reason ?? null) as DiscrepancyReason | null) : null;
    return { lotId, units, receivedUnits, reason };
  });
  const unexplained = counted.filter(({ units, receivedUnits, reason }) => receivedUnits < units && reason === null);
  if (unexplained.length === 0) return counted;
  const missing = unexplained.reduce((sum, { units, receivedUnits }) => sum + units - receivedUnits, 0);
  return refuse(
    'ShortageReasonRequiredError',
    'SHORTAGE_REASON_REQUIRED',
    `${missing} ${missing === 1 ? 'unit is' : 'units are'} missing of ${unexplained.length === 1 ? 'one lot' : `${unexplained.length} lots`}: say why of each.`,
    { lotIds: unexplained.map(({ lotId }) => lotId) },
  );
}
