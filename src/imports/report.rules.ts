import { refuse } from '../platform/rejection.js';
import type { CellFault, ImportFault } from './cell.rules.js';

/** What a file is about. */
export const IMPORT_KINDS = ['DONATION', 'RECIPIENT', 'NEED'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** The most faults that an answer of the API names; the command names all. */
export const MOST_FAULTS_NAMED = 100;

/** What is wrong with a row, and where. */
export interface BadRow {
  /** As a spreadsheet counts rows: the header is row 1. */
  readonly row: number;
  /** The header of the column; null where it is the whole row, or the field has no column. */
  readonly column: string | null;
  readonly field: string | null;
  readonly code: ImportFault;
  readonly message: string;
}

/** How many rows of a file became what. */
export interface ImportCounts {
  /** Rows below the header, those without any text not counted. */
  rows: number;
  importedRows: number;
  /** Rows that an import has brought in before: they are not brought in again. */
  knownRows: number;
  /** Rows that the mapping leaves out. */
  leftOutRows: number;
  totalBadRows: number;
  importedUnits: number;
  newDonors: number;
  newShipments: number;
  newRecipients: number;
}

/** Who follows an import while it runs. */
export interface Follower {
  /** The file is read from its beginning: for the first time, or again because the database asked for it. */
  begin(): void;
  fault(bad: BadRow): void;
  progress(rows: number): void;
}

/** Counts while rows pass by; of the faults it keeps the first {@link MOST_FAULTS_NAMED}. */
export class Tally {
  readonly counts: ImportCounts = {
    rows: 0,
    importedRows: 0,
    knownRows: 0,
    leftOutRows: 0,
    totalBadRows: 0,
    importedUnits: 0,
    newDonors: 0,
    newShipments: 0,
    newRecipients: 0,
  };
  readonly badRows: BadRow[] = [];

  constructor(
    private readonly columnOf: (field: string) => string | null,
    private readonly follower: Follower,
  ) {}

  /** A row cannot be taken in, for these reasons. */
  bad(row: number, faults: readonly CellFault[]): void {
    this.counts.totalBadRows++;
    for (const { field, code, message } of faults) {
      const bad = { row, column: field === null ? null : this.columnOf(field), field, code, message };
      if (this.badRows.length < MOST_FAULTS_NAMED) this.badRows.push(bad);
      this.follower.fault(bad);
    }
  }
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Rows are bad, and nobody asked to go on without them: nothing was written. */
export function importRefused({ counts, badRows }: Pick<Tally, 'counts' | 'badRows'>) {
  const message = `${many(counts.totalBadRows, 'row')} of ${counts.rows} cannot be taken in: nothing was written.`;
  return refuse('ImportRefusedError', 'BAD_ROWS', message, {
    rows: counts.rows,
    totalBadRows: counts.totalBadRows,
    badRows: [...badRows],
  });
}

/** More rows than one call takes. */
export function tooManyRows(mostRows: number) {
  const message = `One call takes ${mostRows} rows: import the file with "npm run import", or in parts.`;
  return refuse('TooManyRowsError', 'TOO_MANY_ROWS', message, { mostRows });
}

/** Rolls back what a dry run wrote; nobody is shown it. */
export const DRY_RUN = refuse('DryRun', 'DRY_RUN', 'A dry run writes nothing.', {});
