import { refuse, type Refusal } from '../platform/rejection.js';

/** The most scans one call may hold. */
export const MOST_SCANS = 500;

/** A barcode that was scanned, with what was said beside it. */
export interface Scan {
  /** Its place in the call, from 0. */
  readonly place: number;
  readonly gtin: string;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
  readonly serial: string | null;
  readonly sscc: string | null;
  /** What the code itself counts. */
  readonly count: number | null;
  readonly packs: number | null;
  readonly units: number | null;
}

/** Single units of an item, of one lot, that were scanned. */
export interface ScannedUnits {
  /** The place of the first scan among those that were added up. */
  readonly place: number;
  readonly gtin: string;
  readonly itemId: string;
  readonly unitsPerPack: number;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
  readonly units: number;
}

/** What is wrong with what was said beside a scan: the field, and why. */
export interface ScanFault {
  readonly field: 'code' | 'packs' | 'units';
  readonly why: string;
}

/** What contradicts itself in a scan; null where nothing does. */
export function scanFault({ packs, units, serial, sscc, count }: Scan): ScanFault | null {
  if (packs !== null && units !== null) return { field: 'units', why: 'give packs or units, not both' };
  if (packs !== null && packs > 1 && serial !== null)
    return { field: 'packs', why: 'the code has a serial number, which is that of one pack: scan each' };
  if (packs !== null && packs > 1 && sscc !== null)
    return { field: 'packs', why: 'the code has the number of one logistic unit: scan each' };
  return count === 0 && units === null ? { field: 'code', why: 'the code counts none' } : null;
}

/**
 * The single units a scan stands for: as many as were said; else packs of the size that is known, one where nobody said how
 * many, times what the code itself counts (30 or 37).
 */
export function unitsOf({ units, packs, count }: Scan, unitsPerPack: number): number {
  return units ?? (count ?? 1) * (packs ?? 1) * unitsPerPack;
}

/** The same pack, or the same logistic unit, scanned twice; null where none was. */
export function scannedTwice(scans: readonly Scan[]): Refusal | null {
  const seen = new Map<string, number>();
  for (const { place, gtin, serial, sscc } of scans) {
    const names = [serial !== null && `${gtin} ${serial}`, sscc !== null && `SSCC ${sscc}`].filter(
      (name) => name !== false,
    );
    for (const name of names) {
      const before = seen.get(name);
      if (before !== undefined) return sameScannedTwice(before, { place, gtin, serial, sscc });
      seen.set(name, place);
    }
  }
  return null;
}

function sameScannedTwice(firstScan: number, scan: Pick<Scan, 'place' | 'gtin' | 'serial' | 'sscc'>) {
  const what = scan.serial === null ? 'logistic unit' : 'pack';
  const message = `Scans ${firstScan} and ${scan.place} are of the same ${what}: its number is in both.`;
  const { place, gtin, serial, sscc } = scan;
  return refuse('ScannedTwiceError', 'SCANNED_TWICE', message, { scan: place, firstScan, gtin, serial, sscc });
}

/** Nobody has said what this GTIN stands for. */
export function unknownGtin(scan: number, gtin: string) {
  const message = `Nobody has said yet what ${gtin} is: call learnGtin, then scan ${scan} again.`;
  return refuse('UnknownGtinError', 'UNKNOWN_GTIN', message, { scan, gtin });
}

/** Adds up the scans of one GTIN, lot and expiry day, in the order in which each came first. */
export function addUp(scans: readonly ScannedUnits[]): ScannedUnits[] {
  const sums = new Map<string, ScannedUnits>();
  for (const scan of scans) {
    const key = JSON.stringify([scan.gtin, scan.lotNumber, scan.expiresOn]);
    const before = sums.get(key);
    sums.set(key, before ? { ...before, units: before.units + scan.units } : scan);
  }
  return [...sums.values()];
}

/** A line of a shipment as scans are held against it. */
export interface ExpectedLine {
  readonly id: string;
  readonly itemId: string;
  readonly announcedUnits: number;
  readonly acceptedUnits: number;
  readonly rejectedUnits: number;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
}

/** Scanned units that were found on a line. */
export interface Matched {
  readonly lineId: string;
  readonly units: number;
  readonly lotNumber: string | null;
  readonly expiresOn: string | null;
}

/** What was scanned of a shipment, by line, and what none of its lines is about. */
export interface Match {
  readonly counts: readonly Matched[];
  readonly strays: readonly ScannedUnits[];
}

/** The lines that fit a scan best: of its lot and expiry day, else of its lot, else of no announced lot, else of its item. */
function bestLines(scan: ScannedUnits, lines: readonly ExpectedLine[]): readonly ExpectedLine[] {
  const ofItem = lines.filter(({ itemId }) => itemId === scan.itemId);
  const ofLot = ofItem.filter(({ lotNumber }) => lotNumber !== null && lotNumber === scan.lotNumber);
  const exact = ofLot.filter(({ expiresOn }) => expiresOn === scan.expiresOn);
  const ofNoLot = ofItem.filter(({ lotNumber }) => lotNumber === null);
  return [exact, ofLot, ofNoLot, ofItem].find((some) => some.length > 0) ?? [];
}

/**
 * Finds the lines of a shipment that were scanned. Where several fit alike they are filled in their order, each up to what
 * was announced; what is beyond that is counted on the last.
 */
export function matchLines(scans: readonly ScannedUnits[], lines: readonly ExpectedLine[]): Match {
  const room = new Map(lines.map((line) => [line.id, line.announcedUnits - line.acceptedUnits - line.rejectedUnits]));
  const counts: Matched[] = [];
  const strays: ScannedUnits[] = [];
  for (const scan of scans) {
    const { lotNumber, expiresOn } = scan;
    const fitting = bestLines(scan, lines);
    if (fitting.length === 0) strays.push(scan);
    let left = scan.units;
    for (const [i, { id }] of fitting.entries()) {
      const units = i === fitting.length - 1 ? left : Math.min(left, Math.max(0, room.get(id)!));
      if (units === 0) continue;
      counts.push({ lineId: id, units, lotNumber, expiresOn });
      room.set(id, room.get(id)! - units);
      left -= units;
    }
  }
  return { counts, strays };
}

/** The line that would hold more units than a line can; undefined where none would. */
export function overfullLine(counts: readonly Matched[], lines: readonly ExpectedLine[], most: number) {
  return lines.find(({ id, acceptedUnits }) => {
    const more = counts.filter(({ lineId }) => lineId === id).reduce((sum, { units }) => sum + units, 0);
    return acceptedUnits + more > most;
  });
}

/** A scan is of an item that the shipment does not announce. */
export function unexpectedScan({ place, gtin, itemId }: Pick<ScannedUnits, 'place' | 'gtin' | 'itemId'>) {
  const message = `No line of this shipment is about what scan ${place} is: nothing was counted.`;
  return refuse('UnexpectedScanError', 'UNEXPECTED_SCAN', message, { scan: place, gtin, itemId });
}
