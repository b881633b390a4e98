/** What can be exported. */
export const SHEET_KINDS = ['distributions', 'stock', 'plans'] as const;
export type SheetKind = (typeof SHEET_KINDS)[number];

/** As what. */
export const SHEET_FORMATS = ['csv', 'jsonl', 'xlsx'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

/** The version of the columns: their names, order and meaning. A column that is added, moved or changed makes a new one. */
export const SHEET_VERSION = '1';

/**
 * What a column holds, and so how it is written. TEXT: what people typed, and what a spreadsheet might take for a formula.
 * WORD: ids and words of a closed list.
 */
export type CellKind = 'TEXT' | 'WORD' | 'NUMBER' | 'INSTANT' | 'DAY' | 'FLAG';

/** A worksheet of a workbook has 1,048,576 rows at most. */
export const MOST_ROWS_A_SHEET = 1_000_000;

/** A column: its name, and the SQL that gives it. */
export interface Column {
  readonly name: string;
  readonly kind: CellKind;
  readonly sql: string;
}

/** A statement that gives a sheet's rows, in parts. */
export interface Sheet {
  readonly columns: readonly Column[];
  readonly from: string;
  readonly order: string;
  readonly parameters: readonly unknown[];
}

/** How a sheet is called when it is kept. */
export function fileNameOf(kind: SheetKind, format: SheetFormat, day: string): string {
  return `${kind}-${day}.${format}`;
}

/** Whether somebody who accepts these encodings (RFC 9110) takes gzip. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const weights = new Map(
    (acceptEncoding ?? '').split(',').map((part) => {
      const [coding = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((text) => text.startsWith('q='));
      return [coding, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}

/** The letters of a column, counted from 0: A ... Z, AA ... */
export function lettersOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : lettersOf(Math.floor(column / 26) - 1) + last;
}
