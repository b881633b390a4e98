import { Readable, pipeline } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { Rejected } from '../platform/rejection.js';
import { unreadableFile } from './mapping.rules.js';

/** A file, as bytes or as text, in parts. */
export type Chunks = AsyncIterable<Uint8Array | string>;

/** A row and where a spreadsheet shows it: the header is row 1, rows without text count. */
export interface CsvRow {
  readonly row: number;
  readonly cells: readonly string[];
}

/** A file that was opened: its header, and the rows below it, some at a time. */
export interface CsvFile {
  readonly header: readonly string[];
  readonly batches: AsyncGenerator<CsvRow[]>;
  /** Lets go of the source, read to its end or not. */
  readonly close: () => Promise<unknown>;
}

const DELIMITERS = [',', ';', '\t'] as const;
/** A header is shorter than this, and so is any row: a quotation mark that is never closed must not fill the memory. */
const LONGEST_ROW = 262_144;

const OPTIONS = { relax_column_count: true, max_record_size: LONGEST_ROW } as const;

/** UTF-8, strictly; a byte order mark is not part of the text. */
async function* decoded(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new Rejected(unreadableFile('NOT_UTF8', null));
    }
  };
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decode(chunk);
    if (text === '') continue;
    yield isFirst && typeof chunk === 'string' ? text.replace(/^\ufeff/, '') : text;
    isFirst = false;
  }
  yield decode();
}

/** The first record of a text that may end in the middle of another. */
function headerOf(text: string, delimiter: string): string[] {
  try {
    return (parseAtOnce(text, { ...OPTIONS, delimiter, to: 1 }) as string[][])[0] ?? [];
  } catch {
    return [];
  }
}

/** The separator whose header has most columns that are known; of two such, the one with most columns. */
function delimiterOf(start: string, isKnown: (header: string) => boolean): string {
  const rated = DELIMITERS.map((delimiter) => {
    const header = headerOf(start, delimiter);
    return { delimiter, known: header.filter(isKnown).length, columns: header.length };
  });
  return rated.sort((a, b) => b.known - a.known || b.columns - a.columns)[0]!.delimiter;
}

/** As much of the file as surely holds its header. */
async function startOf(texts: AsyncGenerator<string>): Promise<string> {
  let start = '';
  while (start.length < LONGEST_ROW) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    const { value, done } = await texts.next();
    if (done) break;
    start += value;
  }
  return start;
}

async function* following(start: string, texts: AsyncGenerator<string>): AsyncGenerator<string> {
  yield start;
  yield* texts;
}

/** The fault of the file behind an error of the parser, which quotes what it read: that stays out. */
function fileFault(error: unknown): unknown {
  // The parser was ahead of its reader: it knows how many rows there were before.
  const { code, records: rowsRead } = error as CsvError & { records: number };
  if (code === 'CSV_MAX_RECORD_SIZE') return new Rejected(unreadableFile('ROW_TOO_LONG', rowsRead + 1));
  const isQuotes = ['CSV_INVALID_CLOSING_QUOTE', 'CSV_QUOTE_NOT_CLOSED', 'INVALID_OPENING_QUOTE'].includes(code);
  return isQuotes ? new Rejected(unreadableFile('BROKEN_QUOTES', rowsRead + 1)) : error;
}

async function* recordsOf(texts: AsyncGenerator<string>, delimiter: string): AsyncGenerator<string[]> {
  const parser = parse({ ...OPTIONS, delimiter });
  // Errors of either end come out of the loop below.
  pipeline(Readable.from(texts), parser, () => {});
  try {
    for await (const cells of parser) yield cells as string[];
  } catch (error) {
    throw fileFault(error);
  }
}

async function* inBatches(records: AsyncGenerator<string[]>, size: number): AsyncGenerator<CsvRow[]> {
  let batch: CsvRow[] = [];
  let row = 1;
  for await (const cells of records) {
    batch.push({ row: ++row, cells });
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Opens comma-, semicolon- or tab-separated UTF-8, with or without a byte order mark, and reads as far as the header.
 * @param isKnown tells the headers that are looked for, by which the separator is found
 * @throws Rejected with an `ImportFileError`, here or while rows are read, when the file cannot be read as a table
 */
export async function openCsv(
  chunks: Chunks,
  batchSize: number,
  isKnown: (header: string) => boolean,
): Promise<CsvFile> {
  const texts = decoded(chunks);
  const start = await startOf(texts);
  const records = recordsOf(following(start, texts), delimiterOf(start, isKnown));
  const first = await records.next();
  const header: readonly string[] = first.done ? [] : first.value;
  if (header.every((cell) => cell.trim() === '')) throw new Rejected(unreadableFile('EMPTY_FILE', null));
  return { header, batches: inBatches(records, batchSize), close: () => records.return(undefined) };
}
