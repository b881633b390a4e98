import { Injectable } from '@nestjs/common';
import { isEmail, isISO31661Alpha2, isPhoneNumber } from 'class-validator';
import { type Actor, Database, type Reference, type Tx } from '../platform/database.js';
import { isId, newId } from '../platform/ids.js';
import { isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import type { CellFault, Checks, Values } from './cell.rules.js';
import { type Chunks, type CsvFile, type CsvRow, openCsv } from './csv.js';
import { DonationImport } from './donation.service.js';
import { ImportRepository, type KnownRow } from './import.repository.js';
import { shapeOf } from './kind.rules.js';
import { type Columns, findColumns, isKnownHeader, type Mapping } from './mapping.rules.js';
import { NeedImport } from './need-row.service.js';
import { RecipientImport } from './recipient-row.service.js';
import {
  type BadRow,
  DRY_RUN,
  type Follower,
  type ImportCounts,
  type ImportKind,
  importRefused,
  Tally,
  tooManyRows,
} from './report.rules.js';
import { hashOf, OccurrenceKeys, referenceKey } from './row-key.js';
import { type ReadRow, RowReader } from './row.rules.js';
import type { Run } from './run.js';

/** Rows that go to the database together. */
const BATCH = 1000;

const CHECKS: Checks = {
  isEmail: (text) => isEmail(text),
  isPhone: (text) => isPhoneNumber(text),
  isCountry: (text) => isISO31661Alpha2(text),
  isId,
};

/** A file to be brought in. */
export interface ImportRequest {
  readonly actor: Actor;
  readonly kind: ImportKind;
  /** Opens the file, from its beginning: the database may ask to start again. */
  readonly open: () => Chunks;
  readonly mapping: Mapping;
  readonly dryRun: boolean;
  readonly skipBadRows: boolean;
  /** Null: as many as the file has. */
  readonly mostRows: number | null;
  readonly idempotencyKey?: string | null;
  /** What the key belongs to. */
  readonly input?: object;
}

/** What came of an import. */
export interface ImportReport extends ImportCounts, Reference {
  readonly importId: string;
  readonly kind: ImportKind;
  /** Faults of rows that were skipped: the first hundred. */
  readonly badRows: readonly BadRow[];
  readonly ignoredColumns: readonly string[];
}

const NOBODY: Follower = { begin: () => {}, fault: () => {}, progress: () => {} };

/** A row that is sound by itself, and the key under which it is known. */
interface KeyedRow<Row> {
  readonly read: ReadRow;
  readonly row: Row;
  readonly key: string;
  readonly content: string;
}

/** What stays the same while the rows of a file pass by. */
interface Passage<Row> {
  readonly tx: Tx;
  readonly kind: ImportKind;
  readonly importId: string;
  readonly reader: RowReader;
  readonly run: Run<Row>;
  readonly tally: Tally;
  readonly occurrences: OccurrenceKeys;
}

/** Brings in files of donations, recipients and needs: whole or not at all, each row once. */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly imported: ImportRepository,
    private readonly donations: DonationImport,
    private readonly recipients: RecipientImport,
    private readonly needs: NeedImport,
  ) {}

  /**
   * Imports a file in one transaction. A dry run does the same and undoes it, so that it answers what the run would.
   * @returns the report; or `ImportRefusedError` where rows are bad and are not to be skipped, `ImportFileError`,
   *   `TooManyRowsError`: then nothing was written
   */
  async run(request: ImportRequest, follower: Follower = NOBODY): Promise<ImportReport | Refusal> {
    const { actor, kind, idempotencyKey: key, input } = request;
    const action = { DONATION: 'importDonations', RECIPIENT: 'importRecipients', NEED: 'importNeeds' }[kind];
    if (request.mostRows !== null && (await countRows(request.open(), request.mostRows)) > request.mostRows)
      return tooManyRows(request.mostRows);
    let trial: ImportReport | undefined;
    const done = await this.database.write({ actor, action, ...(input && { key, input }) }, async (tx) => {
      const report = await this.bringIn(tx, request, follower);
      if (!request.dryRun) return report;
      trial = report;
      throw new Rejected(DRY_RUN);
    });
    return done === DRY_RUN ? trial! : (done as ImportReport | Refusal);
  }

  private async bringIn(tx: Tx, request: ImportRequest, follower: Follower): Promise<ImportReport> {
    const { kind, mapping, skipBadRows } = request;
    await this.imported.takeTurn(tx);
    follower.begin();
    const shape = shapeOf(kind);
    const file = await openCsv(request.open(), BATCH, (header) => isKnownHeader(shape.fields, mapping, header));
    try {
      const columns = findColumns(shape, mapping, file.header);
      if (isRefusal(columns)) throw new Rejected(columns);
      const tally = new Tally((field) => headerOf(columns, field), follower);
      const importId = newId();
      const run = await this.beginRun(tx, request, importId, tally);
      const reader = new RowReader(shape.fields, columns, mapping, CHECKS);
      const passage = { tx, kind, importId, reader, run, tally, occurrences: new OccurrenceKeys() };
      await this.pass(passage, file, follower);
      await run.end();
      if (tally.badRows.length > 0 && !skipBadRows) throw new Rejected(importRefused(tally));
      return { importId, kind, ...tally.counts, badRows: tally.badRows, ignoredColumns: columns.ignored };
    } finally {
      await file.close();
    }
  }

  private async beginRun(tx: Tx, request: ImportRequest, importId: string, tally: Tally): Promise<Run<unknown>> {
    const { counts } = tally;
    switch (request.kind) {
      case 'DONATION':
        return this.donations.begin(tx, counts);
      case 'RECIPIENT':
        return this.recipients.begin(tx, counts) as Run<unknown>;
      case 'NEED':
        return this.needs.begin(tx, {
          importId,
          counts,
          createRecipients: request.mapping.createRecipients ?? false,
          isTrial: () => request.dryRun || (counts.totalBadRows > 0 && !request.skipBadRows),
        });
    }
  }

  private async pass(passage: Passage<unknown>, file: CsvFile, follower: Follower): Promise<void> {
    const { counts } = passage.tally;
    for await (const batch of file.batches) {
      await this.passBatch(passage, batch);
      follower.progress(counts.rows);
    }
  }

  private async passBatch(passage: Passage<unknown>, batch: readonly CsvRow[]): Promise<void> {
    const { tx, kind, tally, run } = passage;
    const bad: [row: number, faults: readonly CellFault[]][] = [];
    const sound = batch.flatMap((row) => soundRow(passage, row, (faults) => bad.push([row.row, faults])));
    const known = await this.imported.known(
      tx,
      kind,
      sound.map(({ key }) => key),
    );
    const fresh = sound.filter((row) => {
      const before = known.get(row.key);
      known.set(row.key, before ?? { key: row.key, content: row.content, recordId: '' });
      if (!before) return true;
      if (before.content === row.content) tally.counts.knownRows++;
      else bad.push([row.read.row, [CHANGED]]);
      return false;
    });
    const outcomes = await run.write(fresh.map(({ row }) => row));
    const written: KnownRow[] = [];
    for (const [i, { key, content, read }] of fresh.entries()) {
      const outcome = outcomes[i]!;
      if ('faults' in outcome) bad.push([read.row, outcome.faults]);
      else written.push({ key, content, recordId: outcome.recordId });
    }
    tally.counts.importedRows += written.length;
    await this.imported.insert(tx, kind, passage.importId, written);
    for (const [row, faults] of bad.sort(([a], [b]) => a - b)) tally.bad(row, faults);
  }
}

const CHANGED = {
  field: null,
  code: 'CHANGED',
  message:
    'A row with this reference was imported with other content: correct what it became, or give it another reference.',
} as const;

/** Rows below the header, counted a little beyond the most that are allowed. Faults of the file are found later. */
async function countRows(chunks: Chunks, most: number): Promise<number> {
  let rows = 0;
  try {
    const { batches, close } = await openCsv(chunks, BATCH, () => false);
    for await (const batch of batches) {
      rows += batch.filter(({ cells }) => cells.some((cell) => cell !== '')).length;
      if (rows > most) break;
    }
    await close();
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
  }
  return rows;
}

function headerOf({ placeOf, header }: Columns, field: string): string | null {
  const place = placeOf.get(field);
  return place === undefined ? null : header[place]!;
}

/** The row with its key, where it is one to be written; else nothing, and it is counted for what it is. */
function soundRow(
  { tally, reader, run, occurrences, kind }: Passage<unknown>,
  { row, cells }: CsvRow,
  bad: (faults: readonly CellFault[]) => void,
): KeyedRow<unknown>[] {
  const read = reader.read(row, cells);
  if (read.is === 'BLANK') return [];
  tally.counts.rows++;
  if (read.is === 'LEFT_OUT') tally.counts.leftOutRows++;
  if (read.is === 'BAD') bad([...read.faults, ...moreFaults(run, read.values)]);
  if (read.is !== 'ROW') return [];
  const checked = run.check(read.values);
  if (Array.isArray(checked)) {
    bad(checked as CellFault[]);
    return [];
  }
  const own = read.values[kind === 'DONATION' ? 'rowReference' : 'reference'];
  const key = own === undefined ? occurrences.keyOf(read.content) : referenceKey(String(own));
  return [{ read, row: checked, key, content: hashOf(read.content) }];
}

/** What else is wrong with a row some of whose cells cannot be read: all of it is said at once. */
function moreFaults(run: Run<unknown>, values: Values | null): CellFault[] {
  const checked = values === null ? null : run.check(values);
  return Array.isArray(checked) ? (checked as CellFault[]) : [];
}
