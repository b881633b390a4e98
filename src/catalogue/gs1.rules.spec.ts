import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IDENTIFIERS, identifierAt, type Identifier, type Part } from './gs1-identifiers.rules.js';
import { dayOfGs1, fullYear, type Gs1Fault, type Gs1Reading, readGs1 } from './gs1.rules.js';
import { checkDigitOf } from './gtin.rules.js';

const GS = '\u001d';
const YEAR = 2026;
const GTIN = '09506000134352';
const reading = (code: string): Gs1Reading => {
  const read = readGs1(code, YEAR);
  if ('fault' in read) throw new Error(read.fault);
  return read;
};
const fault = (code: string): string => (readGs1(code, YEAR) as Gs1Fault).fault ?? 'none';

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const withCheckDigit = (text: string): string => `${text.slice(0, -1)}${checkDigitOf(text.slice(0, -1))}`;
const days = fc
  .record({ yy: fc.nat(99), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) })
  .map((day) =>
    Object.values(day)
      .map((part) => String(part).padStart(2, '0'))
      .join(''),
  );
const ALPHABET = {
  X: '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
  Y: '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Z: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_=',
  N: '0123456789',
};
const partOf = ({ kind, least, most }: Part): fc.Arbitrary<string> => {
  if (kind === 'K') return digits(most).map(withCheckDigit);
  if (kind === 'D' || kind === 'E') return days;
  if (kind === 'T') return fc.constantFrom('0000', '0930', '2359');
  return fc
    .array(fc.constantFrom(...ALPHABET[kind]), { minLength: least, maxLength: most })
    .map((characters) => characters.join(''));
};
const valueOf = ({ parts }: Identifier): fc.Arbitrary<string> =>
  fc
    .tuple(fc.boolean(), fc.tuple(...parts.map(partOf)))
    .map(([isShort, values]) => values.filter((_, i) => !(isShort && parts[i]!.isOptional)).join(''));
const elements = fc
  .uniqueArray(fc.constantFrom(...IDENTIFIERS.values()), { minLength: 1, maxLength: 6, selector: ({ ai }) => ai })
  .filter((chosen) => {
    const has = (...ais: string[]) => ais.every((ai) => chosen.some((one) => one.ai === ai));
    return !has('01', '02') && !has('01', '37') && !has('30', '37');
  })
  .chain((chosen) => fc.tuple(...chosen.map((one) => valueOf(one).map((value) => ({ ...one, value })))));
type Chosen = Identifier & { readonly value: string };
const shown = (chosen: readonly Chosen[]) => chosen.map(({ ai, title, value }) => ({ ai, title, value }));
const scanned = (chosen: readonly Chosen[]): string =>
  chosen.map(({ ai, value, isPredefined }) => `${ai}${value}${isPredefined ? '' : GS}`).join('');

describe('a barcode', () => {
  it('with separators is read as it was written, whatever its identifiers, after any prefix', () => {
    fc.assert(
      fc.property(elements, fc.constantFrom(']C1', ']d2', ']Q3', ']e0', ']J1', GS), (chosen, prefix) => {
        expect(reading(`${prefix}${scanned(chosen)}`).elements).toEqual(shown(chosen));
      }),
      { numRuns: 1000 },
    );
  });

  it('in brackets is read alike, as long as its values hold no brackets', () => {
    fc.assert(
      fc.property(elements, fc.constantFrom('', ' '), (chosen, space) => {
        fc.pre(chosen.every(({ value }) => !/[()]/.test(value)));
        const text = chosen.map(({ ai, value }) => `(${ai})${space}${value}${space}`).join('');
        expect(reading(text).elements).toEqual(shown(chosen));
      }),
    );
  });

  it('says what is in it', () => {
    const all = `]d201${GTIN}11240102152512001727113010AB-1${GS}21S-7${GS}3040`;
    expect(reading(all)).toEqual({
      gtin: GTIN,
      lotNumber: 'AB-1',
      producedOn: '2024-01-02',
      bestBefore: '2025-12-31',
      expiresOn: '2027-11-30',
      serial: 'S-7',
      count: 40,
      sscc: null,
      elements: expect.any(Array),
    });
    expect(reading(`(00)106141412345678908(02)${GTIN}(37)24(7003)2711301200`)).toMatchObject({
      gtin: GTIN,
      count: 24,
      sscc: '106141412345678908',
      expiresOn: '2027-11-30',
      lotNumber: null,
    });
    expect(reading('(21)5')).toMatchObject({ gtin: null, serial: '5', count: null, producedOn: null });
  });

  it.each([
    ['4006381333931', '04006381333931'],
    ['036000291452', '00036000291452'],
    ['96385074', '00000096385074'],
    ['10614141999993', '10614141999993'],
    [' 4006381333931\n', '04006381333931'],
    [']E04006381333931', '04006381333931'],
    [']E496385074', '00000096385074'],
    [']I110614141999993', '10614141999993'],
  ])('of digits alone is a GTIN: %j', (code, gtin) => {
    expect(reading(code)).toMatchObject({ gtin, elements: [{ ai: '01', value: gtin }] });
  });

  it('in which one digit of a GTIN or SSCC was misread is refused', () => {
    const misread = (...lengths: number[]) =>
      fc.constantFrom(...lengths).chain((length) =>
        fc.tuple(digits(length), fc.nat(length - 1), fc.integer({ min: 1, max: 9 })).map(([text, at, by]) => {
          const right = withCheckDigit(text);
          return `${right.slice(0, at)}${(Number(right[at]) + by) % 10}${right.slice(at + 1)}`;
        }),
      );
    fc.assert(
      fc.property(misread(8, 12, 13, 14), misread(18), (gtin, sscc) => {
        expect(fault(gtin)).toMatch(/^position 1: read as a GTIN: (its check digit is|no GTIN is all zeros)/);
        expect(fault(`(01)${gtin.padStart(14, '0')}`)).toMatch(/^position 5: \(01\) GTIN: its check digit is/);
        expect(fault(`]C100${sscc}`)).toMatch(/^position 6: \(00\) SSCC: its check digit is/);
      }),
    );
    expect(fault('00106141412345678909')).toBe(
      'position 3: (00) SSCC: its check digit is 9 and should be 8: a digit was misread',
    );
  });

  it('of which the last value could end earlier is not read, unless separators or brackets tell', () => {
    const doubtful = `01${GTIN}10ABC17251231`;
    expect(fault(doubtful)).toBe(
      'position 22: from here on it may belong to (10) BATCH/LOT or be (17) USE BY or EXPIRY, and no separator (FNC1, ASCII 29) says which: send the separators, or write the identifiers in brackets',
    );
    expect(fault(`]C1${doubtful}21S-7`)).toMatch(/^position 25: from here on/);
    expect(reading(`${doubtful}${GS}`).lotNumber).toBe('ABC17251231');
    expect(reading(`(01)${GTIN}(10)ABC17251231`).lotNumber).toBe('ABC17251231');
    expect(reading(`01${GTIN}10ABC${GS}17251231`)).toMatchObject({ lotNumber: 'ABC', expiresOn: '2025-12-31' });
    expect(reading(`01${GTIN}1725123110ABC17251301`).lotNumber).toBe('ABC17251301');
    expect(reading(`01${GTIN}1725123110ABC`)).toMatchObject({ lotNumber: 'ABC', expiresOn: '2025-12-31' });
  });

  it.each([
    ['', 'position 1: there is nothing to read'],
    [']C1', 'position 4: there is nothing to read'],
    [GS, 'position 1: there is nothing to read'],
    [']A0123', 'position 1: this prefix is not that of a symbol with GS1 data'],
    [']E0123', 'position 4: read as a GTIN: a GTIN has 8, 12, 13 or 14 digits'],
    ['N95', 'position 1: an application identifier should stand here, two to four digits'],
    ['0512', 'position 1: no application identifier begins with 0512'],
    ['(05)12', 'position 1: (05) is no application identifier'],
    ['(ABC)12', 'position 1: an application identifier should stand in these brackets'],
    ['00000000', 'position 1: read as a GTIN: no GTIN is all zeros'],
    [`01${GTIN}171325`, 'position 19: (17) USE BY or EXPIRY: the value has 4 characters and needs 6'],
    [`01${GTIN}17251301`, 'position 19: (17) USE BY or EXPIRY: there is no such day YYMMDD'],
    ['(17)250229', 'position 5: (17) USE BY or EXPIRY: there is no such day YYMMDD'],
    ['(4326)250200', 'position 7: (4326) REL DATE: its day is 00, and here a day is needed'],
    ['(7003)2502012460', 'position 13: (7003) EXPIRY TIME: this is no time HHMM'],
    ['(10)AB C', 'position 7: (10) BATCH/LOT: this character does not belong here, only letters, digits and signs do'],
    ['(30)1x', 'position 6: (30) VAR. COUNT: this character does not belong here, only digits do'],
    ['(10)(17)251231', 'position 5: (10) BATCH/LOT: the value has 0 characters and needs 1 to 20'],
    [
      '10123456789012345678901',
      'position 23: (10) BATCH/LOT: the value has 21 characters and may have 1 to 20; is the separator (FNC1, ASCII 29) after it missing?',
    ],
    [
      '42284010AB',
      'position 7: (422) ORIGIN: the value has 7 characters and may have 3; is the separator (FNC1, ASCII 29) after it missing?',
    ],
    ['(10)A(10)B', 'position 6: (10) stands twice, with two values'],
    [`(01)${GTIN}(02)${GTIN}`, 'position 19: (01) and (02) cannot stand in one code'],
    [`(02)${GTIN}(37)2(30)2`, 'position 24: (30) and (37) cannot stand in one code'],
    [`(01)${GTIN}(37)2`, 'position 19: (01) and (37) cannot stand in one code'],
  ])('%j is refused: %s', (code, message) => {
    expect(fault(code)).toBe(message);
  });

  it('whatever it holds is read or refused with a place in it, and never fails', () => {
    const noise = fc.array(fc.constantFrom(...'0123456789()]dC1AB', GS), { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(noise, fc.string({ maxLength: 60 })), (code) => {
        const read = readGs1(code, YEAR);
        expect('fault' in read ? read.position : 1).toBeGreaterThanOrEqual(1);
        expect('fault' in read ? read.position : 1).toBeLessThanOrEqual(code.length + 1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a day of two-digit year', () => {
  it.each([
    [2026, 76, 2076],
    [2026, 77, 1977],
    [2026, 26, 2026],
    [2026, 0, 2000],
    [2049, 99, 2099],
    [2050, 0, 2100],
    [2050, 1, 2001],
    [2051, 0, 2100],
    [2051, 2, 2002],
    [1999, 49, 2049],
    [1999, 50, 1950],
  ])('in %d: %d is %d', (now, twoDigits, year) => {
    expect(fullYear(twoDigits, now)).toBe(year);
  });

  it('is from 49 years ago to 50 years ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1980, max: 2200 }), fc.nat(99), (now, twoDigits) => {
        const ahead = fullYear(twoDigits, now) - now;
        expect([ahead >= -49, ahead <= 50]).toEqual([true, true]);
      }),
    );
  });

  it('is the last of its month where its day is 00', () => {
    expect(['240200', '250200', '261200', '260400'].map((day) => dayOfGs1(day, YEAR))).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-12-31',
      '2026-04-30',
    ]);
    expect(['260000', '261300', '260431', '260132'].map((day) => dayOfGs1(day, YEAR))).toEqual(Array(4).fill(null));
  });
});

describe('the identifiers', () => {
  it('are none the beginning of another, and are found wherever they stand', () => {
    for (const ai of IDENTIFIERS.keys()) {
      expect(Array.from(IDENTIFIERS.keys()).filter((other) => other !== ai && other.startsWith(ai))).toEqual([]);
      expect(identifierAt(`x${ai}9999`, 1)!.ai).toBe(ai);
    }
    expect(IDENTIFIERS.size).toBeGreaterThan(400);
  });

  it('have a fixed length where the standard says that no separator follows', () => {
    for (const { ai, isPredefined, parts } of IDENTIFIERS.values()) {
      const isFixed = parts.every(({ least, most, isOptional }) => least === most && !isOptional);
      expect([ai, !isPredefined || isFixed]).toEqual([ai, true]);
    }
    const predefined = [...IDENTIFIERS.values()].filter((one) => one.isPredefined).map(({ ai }) => ai.slice(0, 2));
    expect([...new Set(predefined)].join(' ')).toBe('00 01 02 03 11 12 13 15 16 17 20 31 32 33 34 35 36 41');
  });
});
