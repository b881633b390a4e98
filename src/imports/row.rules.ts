import {
  type CellFault,
  type Checks,
  type Fields,
  nameKey,
  readCell,
  trimmed,
  type Value,
  type Values,
} from './cell.rules.js';
import type { Columns, Mapping } from './mapping.rules.js';

/** A row whose cells can be read. */
export interface ReadRow {
  readonly row: number;
  readonly values: Values;
  /**
   * What the file itself says, in one way of writing: the same row has the same content in whatever order its columns
   * stand, in whatever case, with `20.0` for `20`, and whatever a mapping makes of it.
   */
  readonly content: string;
}

/** What a row turned out to be. */
export type RowRead =
  | ({ readonly is: 'ROW' } & ReadRow)
  | { readonly is: 'BAD'; readonly faults: readonly CellFault[]; readonly values: Values | null }
  | { readonly is: 'BLANK' }
  | { readonly is: 'LEFT_OUT' };

interface Cell {
  readonly field: string;
  /** As it stands in the file; empty where a default stands in for it. */
  readonly own: string;
  readonly text: string;
}

const BLANK = { is: 'BLANK' } as const;
const LEFT_OUT = { is: 'LEFT_OUT' } as const;

function shownText(value: Value): string {
  return typeof value === 'object' ? value.join('\n') : String(value);
}

/** The fields of a file, of which no row should say more units than its mapping believes. */
function withMostUnits(fields: Fields, mostUnits: number | undefined): Fields {
  const { units } = fields;
  if (mostUnits === undefined || units?.cell.type !== 'number') return fields;
  return { ...fields, units: { ...units, cell: { type: 'number', most: Math.min(mostUnits, units.cell.most) } } };
}

/** Reads the rows of one file, one by one. */
export class RowReader {
  private readonly meanings: ReadonlyMap<string, ReadonlyMap<string, string | null>>;

  private readonly fields: Fields;

  constructor(
    fields: Fields,
    private readonly columns: Columns,
    private readonly mapping: Mapping,
    private readonly checks: Checks,
  ) {
    this.fields = withMostUnits(fields, mapping.mostUnits);
    this.meanings = new Map(
      Object.entries(mapping.values ?? {}).map(([field, meanings]) => [
        field,
        new Map(Object.entries(meanings).map(([from, to]) => [nameKey(from), to])),
      ]),
    );
  }

  read(row: number, cells: readonly string[]): RowRead {
    if (cells.every((cell) => trimmed(cell) === '')) return BLANK;
    const { header } = this.columns;
    if (cells.slice(header.length).some((cell) => trimmed(cell) !== '')) {
      const message = `Has ${cells.length} cells, the header has ${header.length}: put cells that hold the separator in quotation marks.`;
      return { is: 'BAD', faults: [{ field: null, code: 'TOO_MANY_CELLS', message }], values: null };
    }
    const given = this.given(cells);
    return given === null ? LEFT_OUT : this.rowOf(row, given);
  }

  /** The fields of a row, those that are empty left out; null for a row that the mapping leaves out. */
  private given(cells: readonly string[]): Cell[] | null {
    const given: Cell[] = [];
    for (const field of Object.keys(this.fields)) {
      const place = this.columns.placeOf.get(field);
      const own = place === undefined ? '' : trimmed(cells[place] ?? '');
      const meaning = this.meanings.get(field)?.get(nameKey(own));
      if (meaning === null) return null;
      const text = meaning ?? (own === '' ? (this.mapping.defaults?.[field] ?? '') : own);
      if (text !== '') given.push({ field, own, text });
    }
    return given;
  }

  private rowOf(row: number, given: readonly Cell[]): RowRead {
    const values: Record<string, Value | undefined> = {};
    const faults: CellFault[] = [];
    const content: [string, string][] = [];
    for (const { field, own, text } of given) {
      const read = readCell(this.fields[field]!, text, this.checks);
      if ('code' in read) faults.push({ field, ...read });
      values[field] = 'value' in read ? read.value : undefined;
      if (own !== '') content.push([field, nameKey(own === text && 'value' in read ? shownText(read.value) : own)]);
    }
    for (const [field, { required }] of Object.entries(this.fields)) {
      if (required && given.every((cell) => cell.field !== field))
        faults.push({ field, code: 'MISSING', message: 'Must not be empty.' });
    }
    return faults.length > 0
      ? { is: 'BAD', faults, values }
      : { is: 'ROW', row, values, content: JSON.stringify(content) };
  }
}
