import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import readWorkbook from 'read-excel-file/node';
import { lettersOf, takesGzip } from './sheet.rules.js';
import { workbookOf } from './workbook.js';

const MOST = 5;
const rowOf = (i: number): string => `<row r="${(i % MOST) + 2}"><c r="A${(i % MOST) + 2}"><v>${i}</v></c></row>\n`;

describe('a workbook', () => {
  it.each([0, 1, 4, 5, 6, 10, 12])('of %d rows has each once, on as many sheets as they need', async (rows) => {
    const text = Buffer.from(Array.from({ length: rows }, (_, i) => rowOf(i)).join(''));
    for (const size of [1, 7, 40, 10_000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.subarray(i * size, (i + 1) * size),
      );
      const sheets = await readWorkbook(await buffer(workbookOf(Readable.from(pieces), 'stock', ['n'], MOST)));
      expect(sheets.map(({ sheet }) => sheet)).toEqual(
        Array.from({ length: Math.max(1, Math.ceil(rows / MOST)) }, (_, i) => (i === 0 ? 'stock' : `stock ${i + 1}`)),
      );
      expect(sheets.map(({ data }) => data[0])).toEqual(sheets.map(() => ['n']));
      expect(sheets.flatMap(({ data }) => data.slice(1).map(([n]) => n))).toEqual(
        Array.from({ length: rows }, (_, i) => i),
      );
    }
  });

  it('whose rows cannot be had is no workbook', async () => {
    const source = Readable.from(
      (async function* () {
        yield Buffer.from(rowOf(0));
        throw new Error('the reading failed');
      })(),
    );
    await expect(buffer(workbookOf(source, 'stock', ['n']))).rejects.toThrow('the reading failed');
  });

  it('calls its columns as spreadsheets do', () => {
    expect([0, 25, 26, 27, 51, 52, 701, 702].map(lettersOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});

describe('gzip', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP;Q=0.1', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, *;q=1', false],
    ['*', true],
    ['*;q=0', false],
    ['br, deflate', false],
    ['x-gzip', true],
  ])('is taken by whoever accepts %j: %s', (header, takes) => {
    expect(takesGzip(header)).toBe(takes);
  });
});
