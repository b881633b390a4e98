import {
  type Identifier,
  IDENTIFIERS,
  identifierAt,
  named,
  type Part,
  type PartKind,
} from './gs1-identifiers.rules.js';
import { checkDigitFault, gtin14, gtinFault, isAsLongAsGtin } from './gtin.rules.js';

/** Ends a value of variable length: how scanners send the symbol character FNC1. */
const SEPARATOR = '\u001d';

/** An identifier and its value, as they stand in the code. */
export interface Gs1Element {
  readonly ai: string;
  readonly title: string;
  readonly value: string;
}

/** What a barcode says. Days are `YYYY-MM-DD`; null where it says nothing. */
export interface Gs1Reading {
  /** With all its 14 digits: the GTIN of the pack (01), or of the packs in it (02). */
  readonly gtin: string | null;
  readonly lotNumber: string | null;
  readonly producedOn: string | null;
  readonly bestBefore: string | null;
  readonly expiresOn: string | null;
  readonly serial: string | null;
  readonly count: number | null;
  readonly sscc: string | null;
  readonly elements: readonly Gs1Element[];
}

/** Why a barcode cannot be read, in a sentence that names the place. */
export interface Gs1Fault {
  readonly fault: string;
  /** Counted from 1, in the code as it was given. */
  readonly position: number;
}

class Unreadable extends Error {
  constructor(
    readonly position: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The year that two digits mean, by GS1 General Specifications 7.12: less the last two digits of the current year they are
 * from -49 to 50 in this century, from 51 to 99 in the one before, and from -99 to -50 in the next.
 */
export function fullYear(twoDigits: number, currentYear: number): number {
  const ahead = twoDigits - (currentYear % 100);
  const century = currentYear - (currentYear % 100) + (ahead >= 51 ? -100 : ahead <= -50 ? 100 : 0);
  return century + twoDigits;
}

/**
 * The day that YYMMDD means, `YYYY-MM-DD`; null where there is none. DD 00 is the last day of its month (3.4.2).
 * @param currentYear decides the century
 */
export function dayOfGs1(yymmdd: string, currentYear: number): string | null {
  const [yy = 0, month = 0, dd = 0] = [0, 2, 4].map((at) => Number(yymmdd.slice(at, at + 2)));
  if (month < 1 || month > 12) return null;
  const year = fullYear(yy, currentYear);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (dd > last) return null;
  return [year, month, dd === 0 ? last : dd].map((part) => String(part).padStart(2, '0')).join('-');
}

const CHARACTERS: Readonly<Record<PartKind, readonly [RegExp, string]>> = {
  N: [/^\d*$/, 'digits'],
  K: [/^\d*$/, 'digits'],
  D: [/^\d*$/, 'digits'],
  E: [/^\d*$/, 'digits'],
  T: [/^\d*$/, 'digits'],
  X: [/^[!-"%-?A-Z_a-z]*$/, 'letters, digits and signs'],
  Y: [/^[#\-/0-9A-Z]*$/, 'capitals, digits, #, - and /'],
  Z: [/^[\w\-=]*$/, 'letters, digits, -, _ and ='],
};

function partFault({ kind }: Part, text: string, year: number): string | null {
  if (kind === 'K') return checkDigitFault(text);
  if (kind === 'T') return /^([01]\d|2[0-3])[0-5]\d$/.test(text) ? null : 'this is no time HHMM';
  if (kind !== 'D' && kind !== 'E') return null;
  if (kind === 'E' && text.endsWith('00')) return 'its day is 00, and here a day is needed';
  return dayOfGs1(text, year) === null ? 'there is no such day YYMMDD' : null;
}

function lengthOf({ parts }: Identifier): string {
  const least = parts.reduce((sum, part) => sum + (part.isOptional ? 0 : part.least), 0);
  const most = parts.reduce((sum, part) => sum + part.most, 0);
  return least === most ? `${most}` : `${least} to ${most}`;
}

/** Holds a value against what its identifier says. @param at where it begins in the code */
function check(identifier: Identifier, value: string, at: number, year: number): void {
  const wrong = (position: number, what: string): Unreadable =>
    new Unreadable(position, `${named(identifier)}: ${what}`);
  let from = 0;
  for (const part of identifier.parts) {
    const text = value.slice(from, from + part.most);
    if (text === '' && part.isOptional) break;
    const [allowed, what] = CHARACTERS[part.kind];
    const stray = Array.from(text).findIndex((character) => !allowed.test(character));
    if (stray >= 0) throw wrong(at + from + stray, `this character does not belong here, only ${what} do`);
    if (text.length < part.least)
      throw wrong(at + from, `the value has ${value.length} characters and needs ${lengthOf(identifier)}`);
    const fault = partFault(part, text, year);
    if (fault !== null) throw wrong(at + from, fault);
    from += text.length;
  }
  if (from < value.length)
    throw wrong(
      at + from,
      `the value has ${value.length} characters and may have ${lengthOf(identifier)}; is the separator (FNC1, ASCII 29) after it missing?`,
    );
}

interface Placed extends Gs1Element {
  /** Where the identifier begins in the code, from 0. */
  readonly at: number;
}

function unknownIdentifier(text: string): string {
  const digits = /^\d{2,4}/.exec(text)?.[0];
  return digits === undefined
    ? 'an application identifier should stand here, two to four digits'
    : `no application identifier begins with ${digits}`;
}

/** Reads elements that stand one after the other, as scanners send them. */
function unbracketed(text: string, offset: number, year: number): Placed[] {
  const elements: Placed[] = [];
  let at = text.startsWith(SEPARATOR) ? 1 : 0;
  while (at < text.length) {
    const identifier = identifierAt(text, at);
    if (!identifier) throw new Unreadable(offset + at, unknownIdentifier(text.slice(at)));
    const from = at + identifier.ai.length;
    const separator = text.indexOf(SEPARATOR, from);
    let end = separator < 0 ? text.length : separator;
    if (identifier.isPredefined) end = Math.min(end, from + identifier.parts.reduce((sum, { most }) => sum + most, 0));
    const value = text.slice(from, end);
    check(identifier, value, offset + from, year);
    elements.push({ ai: identifier.ai, title: identifier.title, value, at: offset + at });
    at = text[end] === SEPARATOR ? end + 1 : end;
  }
  return elements;
}

/** Reads elements whose identifiers stand in brackets, as people read them under a barcode. */
function bracketed(text: string, offset: number, year: number): Placed[] {
  const marks = Array.from(text.matchAll(/\((\d{2,4})\)/g));
  if (marks[0]?.index !== 0) throw new Unreadable(offset, 'an application identifier should stand in these brackets');
  return marks.map(({ 0: mark, 1: ai = '', index }, i) => {
    const identifier = IDENTIFIERS.get(ai);
    if (!identifier) throw new Unreadable(offset + index, `${mark} is no application identifier`);
    const from = index + mark.length;
    const inside = text.slice(from, marks[i + 1]?.index ?? text.length);
    check(identifier, inside.trim(), offset + from + (inside.length - inside.trimStart().length), year);
    return { ai, title: identifier.title, value: inside.trim(), at: offset + index };
  });
}

/** Identifiers that follow a batch number or serial so often that a text which could be one of them is taken for a doubt. */
const OFTEN_FOLLOW = new Set(['01', '02', '11', '12', '13', '15', '16', '17']);

function readsAsMore(tail: string, year: number): boolean {
  if (!OFTEN_FOLLOW.has(tail.slice(0, 2))) return false;
  try {
    return unbracketed(tail, 0, year).length > 0;
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

/**
 * Refuses a code without any separator whose last value, of variable length, could as well end earlier: scanners that
 * drop separators send `10ABC` and `17251231` as `10ABC17251231`, which the standard reads as one batch number.
 */
function assertOneReading(elements: readonly Placed[], year: number): void {
  const last = elements.at(-1)!;
  const identifier = IDENTIFIERS.get(last.ai)!;
  if (identifier.isPredefined) return;
  for (let i = 1; i < last.value.length; i++) {
    const next = IDENTIFIERS.get(last.value.slice(i, i + 2));
    if (!next || !readsAsMore(last.value.slice(i), year)) continue;
    throw new Unreadable(
      last.at + last.ai.length + i,
      `from here on it may belong to ${named(identifier)} or be ${named(next)}, and no separator (FNC1, ASCII 29) says which: send the separators, or write the identifiers in brackets`,
    );
  }
}

/** Pairs that contradict each other (4.13.1), and counts of which it cannot be known which is meant. */
const CONTRADICTIONS: readonly (readonly [string, string])[] = [
  ['01', '02'],
  ['01', '37'],
  ['30', '37'],
];

function assertAgreeing(elements: readonly Placed[]): void {
  const seen = new Map<string, string>();
  for (const { ai, value, at } of elements) {
    if (seen.has(ai) && seen.get(ai) !== value) throw new Unreadable(at, `(${ai}) stands twice, with two values`);
    seen.set(ai, value);
    const pair = CONTRADICTIONS.find((both) => both.includes(ai) && both.every((one) => seen.has(one)));
    if (pair) throw new Unreadable(at, `(${pair[0]}) and (${pair[1]}) cannot stand in one code`);
  }
}

function readingOf(elements: readonly Placed[], year: number): Gs1Reading {
  const valueOf = (...ais: string[]): string | null =>
    ais.map((ai) => elements.find((element) => element.ai === ai)?.value).find((value) => value !== undefined) ?? null;
  const dayIn = (...ais: string[]): string | null => {
    const value = valueOf(...ais);
    return value && dayOfGs1(value.slice(0, 6), year);
  };
  const count = valueOf('30', '37');
  return {
    gtin: valueOf('01', '02'),
    lotNumber: valueOf('10'),
    producedOn: dayIn('11'),
    bestBefore: dayIn('15'),
    expiresOn: dayIn('17', '7003'),
    serial: valueOf('21'),
    count: count === null ? null : Number(count),
    sscc: valueOf('00'),
    elements: elements.map(({ ai, title, value }) => ({ ai, title, value })),
  };
}

function plain(digits: string, offset: number): Placed[] {
  const fault = gtinFault(digits);
  if (fault !== null) throw new Unreadable(offset, `read as a GTIN: ${fault}`);
  return [{ ai: '01', title: IDENTIFIERS.get('01')!.title, value: gtin14(digits), at: offset }];
}

/** What the prefix that a scanner may send says of the symbol (5.1.2): elements follow, or the digits of a GTIN. */
const SYMBOLS: Readonly<Record<string, 'ELEMENTS' | 'GTIN'>> = {
  ']C1': 'ELEMENTS',
  ']d2': 'ELEMENTS',
  ']Q3': 'ELEMENTS',
  ']e0': 'ELEMENTS',
  ']J1': 'ELEMENTS',
  ']E0': 'GTIN',
  ']E4': 'GTIN',
  ']I0': 'GTIN',
  ']I1': 'GTIN',
};

function read(code: string, year: number): Gs1Reading {
  const start = code.length - code.trimStart().length;
  const prefix = code.startsWith(']', start) ? code.slice(start, start + 3) : '';
  const symbol = prefix === '' ? null : SYMBOLS[prefix];
  if (symbol === undefined) throw new Unreadable(start, 'this prefix is not that of a symbol with GS1 data');
  const offset = start + prefix.length;
  const text = code.trim().slice(prefix.length);
  if (text === '') throw new Unreadable(offset, 'there is nothing to read');
  // Digits alone, as many as a GTIN has, are never read as anything else: one misread digit must not make a batch number of it.
  if (symbol === 'GTIN' || (symbol === null && isAsLongAsGtin(text))) return readingOf(plain(text, offset), year);
  const inBrackets = text.startsWith('(');
  const elements = inBrackets ? bracketed(text, offset, year) : unbracketed(text, offset, year);
  if (elements.length === 0) throw new Unreadable(offset, 'there is nothing to read');
  if (!inBrackets && !text.includes(SEPARATOR)) assertOneReading(elements, year);
  assertAgreeing(elements);
  return readingOf(elements, year);
}

/**
 * Reads a barcode: GS1 elements as scanners send them (with FNC1 as ASCII 29, with or without the prefix of the symbol) or
 * as people read them (`(01)...(17)...`), or the digits of a GTIN alone. What can be read in two ways is not read.
 * @param year the current year, for the century of days
 */
export function readGs1(code: string, year: number): Gs1Reading | Gs1Fault {
  try {
    return read(code, year);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { position: error.position + 1, fault: `position ${error.position + 1}: ${error.message}` };
  }
}
