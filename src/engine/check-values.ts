import type { FaultCode, FaultList } from './faults.js';

/** What `JSON.parse` makes of an object. */
export type Plain = Record<string, unknown>;

/** A path, or how to build it: for a million sound recipients none is built. */
export type Path = string | (() => string);

/** Units of one item, and weights, may sum to no more: below it every sum the engine takes is exact. */
export const LARGEST_TOTAL = 1e15;

const LONGEST_TEXT = 200;

export function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPositiveWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

export function keyedPath(at: Path, key: string): () => string {
  return () => {
    const before = typeof at === 'string' ? at : at();
    const plain = /^[\w-]+$/.test(key);
    if (!plain) return `${before}[${JSON.stringify(key)}]`;
    return before === '' ? key : `${before}.${key}`;
  };
}

export function checkKeys(value: Plain, known: ReadonlySet<string>, at: Path, faults: FaultList): void {
  for (const key of Object.keys(value)) {
    if (!known.has(key)) faults.add(keyedPath(at, key), 'UNKNOWN_KEY', 'is not a key of the problem file here');
  }
}

/** An id must be a text of its own in its list; `seen` remembers where each was met first. */
export function checkId(id: unknown, i: number, seen: Map<string, number>, list: string, faults: FaultList): void {
  const path = () => `${list}[${i}].id`;
  if (id === undefined) {
    faults.add(path, 'MISSING', 'is missing');
    return;
  }
  const complaint = textComplaint(id);
  if (complaint) {
    faults.add(path, 'INVALID', complaint);
    return;
  }
  const first = seen.get(id as string);
  if (first === undefined) seen.set(id as string, i);
  else faults.add(path, 'DUPLICATE', `is the same as ${list}[${first}].id`);
}

/** A table of units by item code; absent is sound. */
export function checkTable(table: unknown, at: Path, faults: FaultList): void {
  if (table === undefined) return;
  if (!isObject(table)) {
    faults.add(at, 'INVALID', 'must be an object of units by item');
    return;
  }
  for (const item of Object.keys(table)) {
    const wrongCode = codeComplaint(item);
    if (wrongCode) faults.add(keyedPath(at, item), 'INVALID', `the item code ${wrongCode}`);
    const complaint = unitsComplaint(table[item]);
    if (complaint) faults.add(keyedPath(at, item), ...complaint);
  }
}

export function unitsComplaint(units: unknown): [FaultCode, string] | null {
  if (typeof units !== 'number' || !Number.isInteger(units) || units < 0) {
    return ['INVALID', 'must be a whole number of units from 0'];
  }
  return units > LARGEST_TOTAL ? ['TOO_LARGE', 'must be at most 1e15 units'] : null;
}

/** Lone surrogates have no UTF-8 of their own: two ids with different ones would draw the same lot. */
export function textComplaint(text: unknown): string | null {
  if (typeof text !== 'string' || text === '') return 'must be a text that is not empty';
  if (text.length > LONGEST_TEXT) return `must be at most ${LONGEST_TEXT} characters long`;
  return /\p{Surrogate}/u.test(text) ? 'must be well-formed Unicode' : null;
}

/** Codes of items and plans; `|` separates them in the lottery's message. */
export function codeComplaint(code: unknown): string | null {
  const complaint = textComplaint(code);
  if (complaint) return complaint;
  if ((code as string).includes('|')) return 'must not contain |';
  return code === '__proto__' ? 'must not be __proto__' : null;
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function dayComplaint(day: unknown): string | null {
  const match = typeof day === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) : null;
  if (!match) return 'must be a day, YYYY-MM-DD';
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lastDate = month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  return date >= 1 && date <= lastDate ? null : 'is not a day of the calendar';
}
