import { ANONYMOUS_DONOR } from '../donors/donor.rules.js';
import { type Column, lettersOf, MOST_ROWS_A_SHEET, type Sheet, type SheetFormat } from './sheet.rules.js';
import type { Reach, Sight } from './sight.rules.js';

/*
 * How cells are written, in SQL: a sheet has millions of rows, and none of them is looked at by this process.
 */

/** Signs at the beginning of a cell that make it a formula, half and full width, and white space that would hide one. */
const FORMULA_SIGNS = ['=', '+', '-', '@', '\t', '\n', '\r', '＝', '＋', '－', '＠'].map((sign) => sign.codePointAt(0));

/** Text that no spreadsheet runs. */
function harmless(text: string): string {
  return `case when ascii(${text}) = any('{${FORMULA_SIGNS.join(',')}}'::integer[]) then '''' || ${text} else ${text} end`;
}

/** An instant as ISO 8601 has it, in UTC, which is the zone of the connection; four times as fast as `to_char`. */
function instant(at: string): string {
  return `replace(replace((${at})::text, ' ', 'T'), '+00', 'Z')`;
}

/** What XML cannot hold is left out; what means something in XML, or to Excel, is written otherwise. */
function xml(text: string): string {
  const replaced = [
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['\\r', '&#13;'],
    ['\\n', '&#10;'],
    ['\\t', '&#9;'],
  ].reduce((sql, [from, to]) => `replace(${sql}, E'${from}', '${to}')`, cleaned(text));
  return `case when ${text} ~ E'[&<>\\x01-\\x1f\\uFFFE\\uFFFF]|_x[0-9A-Fa-f]{4}_' then ${replaced} else ${text} end`;
}

function cleaned(text: string): string {
  const controls = String.raw`E'[\x01-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF]'`;
  // `_x000A_` is a line's end to Excel, unless its first sign is itself written so.
  return `regexp_replace(regexp_replace(${text}, ${controls}, '', 'g'), '_(?=x[0-9A-Fa-f]{4}_)', '_x005F_', 'g')`;
}

const csvCell: Readonly<Record<Column['kind'], (sql: string) => string>> = {
  TEXT: harmless,
  WORD: (sql) => sql,
  NUMBER: (sql) => sql,
  INSTANT: instant,
  DAY: (sql) => sql,
  FLAG: (sql) => `case ${sql} when true then 'true' when false then 'false' end`,
};

const filled = (column: string, style: string, value: string): string =>
  `'<c r="${column}' || s.n || '"${style}><v>' || (${value}) || '</v></c>'`;
const worded = (column: string, text: string): string =>
  `'<c r="${column}' || s.n || '" t="inlineStr"><is><t xml:space="preserve">' || (${text}) || '</t></is></c>'`;
/** Days since the one from which spreadsheets count. */
const EPOCH_DAY = 25569;

/** A cell in the row `s.n`; null where there is nothing in it. */
const xlsxCell: Readonly<Record<Column['kind'], (column: string, sql: string) => string>> = {
  TEXT: (column, sql) => worded(column, xml(`(${harmless(sql)})`)),
  WORD: worded,
  NUMBER: (column, sql) => filled(column, '', sql),
  INSTANT: (column, sql) => filled(column, ' s="1"', `round(extract(epoch from ${sql}) / 86400 + ${EPOCH_DAY}, 10)`),
  DAY: (column, sql) => filled(column, ' s="2"', `${sql} - date '1970-01-01' + ${EPOCH_DAY}`),
  FLAG: (column, sql) => filled(column, ' t="b"', `(${sql})::integer`),
};

function as(sql: string, { name }: Column): string {
  return `${sql} as "${name}"`;
}

/**
 * The statement that writes a sheet. `csv`: its columns. `jsonl`: one column, an object. `xlsx`: one column, a row of a
 * worksheet. Those two are single lines.
 */
export function statementOf({ columns, from, order }: Sheet, format: SheetFormat): string {
  const rest = `from ${from} order by ${order}`;
  switch (format) {
    case 'csv':
      return `select ${columns.map((column) => as(csvCell[column.kind](column.sql), column)).join(', ')} ${rest}`;
    case 'jsonl': {
      const cells = columns.map((column) => as(column.kind === 'INSTANT' ? instant(column.sql) : column.sql, column));
      return `select row_to_json(s) from (select ${cells.join(', ')} ${rest}) as s`;
    }
    case 'xlsx': {
      const inner = columns.map((column) => as(column.sql, column)).join(', ');
      const cells = columns.map(({ kind, name }, i) => xlsxCell[kind](lettersOf(i), `s."${name}"`));
      // Readers differ in whether a cell may leave out where it is. The first row of each worksheet has the names.
      const row = `((row_number() over (order by ${order}) - 1) % ${MOST_ROWS_A_SHEET} + 2)::text`;
      return `select concat('<row r="', s.n, '">', ${cells.join(', ')}, '</row>')
        from (select ${inner}, ${row} as n ${rest}) as s`;
    }
  }
}

/** A condition that holds for those of whom the viewer may know. @param own the place of her own id in the parameters */
function knows(reach: Reach, id: string, own: string): string {
  return { ALL: 'true', OWN: `${id} = ${own}::uuid`, NONE: 'false' }[reach];
}

/** Who receives, of `recipient r`, as far as the viewer may know. */
export function personColumns(sight: Sight, own: string): Column[] {
  const named = knows(sight.people, 'r.id', own);
  const placed = knows(sight.workplaces, 'r.id', own);
  return [
    { name: 'recipient_id', kind: 'WORD', sql: 'r.id' },
    {
      name: 'recipient',
      kind: 'TEXT',
      sql: `case when ${named} then r.name else 'Clinician ' || upper(right(r.id::text, 6)) end`,
    },
    { name: 'profession', kind: 'TEXT', sql: `case when ${placed} then r.profession end` },
    { name: 'facility', kind: 'TEXT', sql: `case when ${placed} then r.facility end` },
  ];
}

/** Who gave it, and how it came: of `donor d` and `shipment s`, as far as the viewer may know. */
export function originColumns(sight: Sight, own: string, country: string): Column[] {
  const named = `not d.anonymous or ${knows(sight.anonymousDonors, 'd.id', own)}`;
  return [
    { name: 'donor_id', kind: 'WORD', sql: 'd.id' },
    { name: 'donor', kind: 'TEXT', sql: `case when ${named} then d.name else '${ANONYMOUS_DONOR}' end` },
    { name: 'donor_country', kind: 'TEXT', sql: `case when ${named} then ${country} end` },
    { name: 'shipment_id', kind: 'WORD', sql: 's.id' },
    {
      name: 'shipment_reference',
      kind: 'TEXT',
      // People put names into references; an anonymous donor's is replaced like her name.
      sql: `case when ${named} then s.reference
        else 'S-' || to_char(s.created_at, 'YYYYMMDD') || '-' || upper(right(s.id::text, 6)) end`,
    },
  ];
}
