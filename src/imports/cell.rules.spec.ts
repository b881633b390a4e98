import { describe, expect, it } from '@jest/globals';
import { type CellType, type Checks, headerKey, readCell } from './cell.rules.js';
import { shapeOf } from './kind.rules.js';
import { IMPORT_KINDS } from './report.rules.js';

const CHECKS: Checks = {
  isEmail: (text) => text.includes('@'),
  isPhone: (text) => text.startsWith('+'),
  isCountry: (text) => ['CN', 'US'].includes(text),
  isId: (text) => text.length === 36,
};
const read = (cell: CellType, text: string) => readCell({ cell, names: [] }, text, CHECKS);
const code = (cell: CellType, text: string): string => {
  const cellRead = read(cell, text);
  return 'code' in cellRead ? cellRead.code : `taken as ${String(cellRead.value)}`;
};

describe('a quantity', () => {
  const units: CellType = { type: 'number', most: 100_000_000 };

  it.each([
    ['1', 1],
    ['20.0', 20],
    ['100000000', 100_000_000],
    ['007', 7],
  ])('%s is taken', (text, value) => {
    expect(read(units, text)).toEqual({ value });
  });

  it.each(['1,000', '1.000', '1.5', '1e3', '１００', '十', '+5', '=1+1', '20.00', '5 boxes', '0x10', '1 000', "1'000"])(
    '%s is not guessed',
    (text) => {
      expect(read(units, text)).toMatchObject({
        code: 'NOT_A_WHOLE_NUMBER',
        message: expect.stringContaining('such as 1000'),
      });
    },
  );

  it.each(['0', '-1', '100000001', '100000000000000.0', '-3.0'])('%s is out of range, and shown', (text) => {
    expect(read(units, text)).toEqual({
      code: 'OUT_OF_RANGE',
      message: `Must be from 1 to 100000000 (here: ${text}).`,
    });
  });

  it('does not repeat what may be a name or an address', () => {
    for (const text of ['Ann Secret', 'ann@secret.org', '+1 415 555 0123'])
      expect(JSON.stringify(read(units, text))).not.toMatch(/secret|415/i);
  });
});

describe('a day', () => {
  const day: CellType = { type: 'day' };

  it.each([
    ['2020-04-02', '2020-04-02'],
    ['2020-02-29', '2020-02-29'],
    ['2020-03-27 11:47:00+00:00', '2020-03-27'],
    ['2020-07-16 21:54:54.098000+00:00', '2020-07-16'],
    ['2020-03-27T23:30:00-05:00', '2020-03-28'],
    ['2020-03-27T00:30:00+0800', '2020-03-26'],
    ['2020-03-27T00:30Z', '2020-03-27'],
  ])('%s is %s in UTC', (text, value) => {
    expect(read(day, text)).toEqual({ value });
  });

  it.each([
    '2020/4/2',
    '12月3日',
    '2020年4月2日',
    '4/2/2020',
    '02.04.2020',
    '43923',
    '2021-02-29',
    '2020-13-01',
    '0000-01-01',
    '２０２０-04-02',
    '2020-04-02 16:27:00',
    '2020-02-30 11:47:00+00:00',
    '2020-04-02 25:00:00Z',
  ])('%s is not guessed', (text) => {
    expect(read(day, text)).toMatchObject({ code: 'NOT_A_DAY', message: expect.stringContaining('2020-04-02') });
  });
});

describe('a text', () => {
  it('that begins like a formula is a text', () => {
    for (const text of ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)'])
      expect(read({ type: 'text', most: 200 }, text)).toEqual({ value: text });
  });

  it('may not be too long, nor hold what cannot be kept', () => {
    expect(code({ type: 'text', most: 3 }, '口罩口罩')).toBe('TOO_LONG');
    expect(code({ type: 'text', most: 3 }, 'a\0b')).toBe('NOT_TEXT');
    expect(code({ type: 'text', most: 3 }, '\ud800')).toBe('NOT_TEXT');
  });

  it('of several parts is read as several texts, each once', () => {
    expect(read({ type: 'texts', most: 10 }, ' A; B；A | C;')).toEqual({ value: ['A', 'B', 'C'] });
    expect(code({ type: 'texts', most: 1 }, 'A; BB')).toBe('TOO_LONG');
  });
});

describe('a word or a form', () => {
  const kind: CellType = { type: 'word', words: { COMPANY: ['企业', 'business'], PERSON: ['个人'] } };

  it('is read in either language, whatever its case', () => {
    expect(read(kind, 'company')).toEqual({ value: 'COMPANY' });
    expect(read(kind, ' 企业 ')).toEqual({ value: 'COMPANY' });
    expect(read(kind, 'firm')).toEqual({ code: 'UNKNOWN_WORD', message: 'Must be one of COMPANY, PERSON.' });
  });

  it('is checked as the API checks it', () => {
    expect(read({ type: 'country' }, 'cn')).toEqual({ value: 'CN' });
    expect(code({ type: 'country' }, 'China')).toBe('NOT_A_COUNTRY');
    expect(read({ type: 'subdivision' }, 'us-ny')).toEqual({ value: 'US-NY' });
    expect(code({ type: 'subdivision' }, 'New York')).toBe('NOT_A_SUBDIVISION');
    expect(read({ type: 'email' }, 'ANN@X.org')).toEqual({ value: 'ann@x.org' });
    expect(code({ type: 'email' }, 'ann')).toBe('NOT_AN_EMAIL');
    expect(code({ type: 'email' }, `${'a'.repeat(250)}@x.org`)).toBe('NOT_AN_EMAIL');
    expect(code({ type: 'phone' }, '555')).toBe('NOT_A_PHONE_NUMBER');
    expect(code({ type: 'id' }, 'R1')).toBe('NOT_AN_ID');
  });
});

describe('headers', () => {
  it('are compared without width, case, white space and punctuation', () => {
    expect(headerKey(' Units_per-Pack ')).toBe('unitsperpack');
    expect(headerKey('数量（件）')).toBe(headerKey('数量(件)'));
    expect(headerKey('Ｅ-mail')).toBe('email');
  });

  it.each(IMPORT_KINDS)('of %s files name one field each', (kind) => {
    const names = Object.entries(shapeOf(kind).fields).flatMap(([field, { names: also }]) => [
      ...new Set([field, ...also].map(headerKey)),
    ]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});
