/** What a cell of a spreadsheet may hold, and how it is read: strictly, since a quantity or a day is never guessed. */

/** Why a row cannot be taken in. The list is closed: programs switch on it. */
export const IMPORT_FAULTS = [
  'MISSING',
  'TOO_MANY_CELLS',
  'NOT_TEXT',
  'TOO_LONG',
  'NOT_A_WHOLE_NUMBER',
  'OUT_OF_RANGE',
  'NOT_A_DAY',
  'DAY_TO_COME',
  'DAY_GONE_BY',
  'DAYS_OUT_OF_ORDER',
  'UNKNOWN_WORD',
  'NOT_AN_EMAIL',
  'NOT_A_PHONE_NUMBER',
  'NOT_A_COUNTRY',
  'NOT_A_SUBDIVISION',
  'NOT_AN_ID',
  'UNKNOWN_ITEM',
  'ITEM_OR_CATEGORY',
  'AMBIGUOUS_DONOR',
  'UNKNOWN_GROUP',
  'EMAIL_TAKEN',
  'UNKNOWN_RECIPIENT',
  'RECIPIENTS_DIFFER',
  'RECIPIENT_DEACTIVATED',
  'CHANGED',
] as const;
export type ImportFault = (typeof IMPORT_FAULTS)[number];

/** What is wrong with one field of a row. The message holds no personal data: it may be printed and logged. */
export interface CellFault {
  /** The field; null where it is the whole row. */
  readonly field: string | null;
  readonly code: ImportFault;
  readonly message: string;
}

/** What a cell was read as. */
export type Value = string | number | readonly string[];
/** The fields of a row that hold something; undefined where it cannot be read. */
export type Values = Readonly<Record<string, Value | undefined>>;

/** What a field holds. */
export type CellType =
  | { readonly type: 'text'; readonly most: number }
  | { readonly type: 'texts'; readonly most: number }
  | { readonly type: 'number'; readonly most: number }
  | { readonly type: 'day' | 'email' | 'phone' | 'country' | 'subdivision' | 'id' }
  | { readonly type: 'word'; readonly words: Readonly<Record<string, readonly string[]>> };

/** A field that a column may hold. */
export interface Field {
  readonly cell: CellType;
  readonly required?: boolean;
  /** What its column may be called besides the field's own name; compared by {@link headerKey}. */
  readonly names: readonly string[];
}
export type Fields = Readonly<Record<string, Field>>;

/** Checks that the API makes of the same fields, and that are a library's. */
export interface Checks {
  readonly isEmail: (text: string) => boolean;
  readonly isPhone: (text: string) => boolean;
  readonly isCountry: (text: string) => boolean;
  readonly isId: (text: string) => boolean;
}

type Read = { readonly value: Value } | Omit<CellFault, 'field'>;

const LONGEST_EMAIL = 254;
/** A quantity as far as it may be repeated: nobody's name looks like this. */
const SHOWABLE = /^[-\d.,'eE\s\p{Nd}]{1,40}$/u;

/** A header as it is compared: width, case, white space and punctuation make no difference. */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A text as it is kept: white space around it is not part of it. */
export function trimmed(text: string): string {
  return text.replace(/^[\s\u00a0\ufeff]+|[\s\u00a0\ufeff]+$/gu, '');
}

/** A name as it is compared: white space folded, case ignored. */
export function nameKey(name: string): string {
  return trimmed(name).replace(/\s+/gu, ' ').toLowerCase();
}

const fault = (code: ImportFault, message: string): Omit<CellFault, 'field'> => ({ code, message });

/** Whole, in plain digits; `20.0` is how spreadsheets and data frames write 20. */
function readNumber(text: string, most: number): Read {
  const digits = /^(\d+)(?:\.0)?$/.exec(text)?.[1];
  const shown = SHOWABLE.test(text) ? ` (here: ${text})` : '';
  if (digits === undefined) {
    const below = /^-\d+(\.0)?$/.test(text);
    if (below) return fault('OUT_OF_RANGE', `Must be from 1 to ${most}${shown}.`);
    return fault(
      'NOT_A_WHOLE_NUMBER',
      `Write a whole number in plain digits, such as 1000, without separators${shown}.`,
    );
  }
  const value = Number(digits);
  if (value < 1 || value > most) return fault('OUT_OF_RANGE', `Must be from 1 to ${most}${shown}.`);
  return { value };
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}:?\d{2})$/;

function isDay(text: string): boolean {
  if (!DAY.test(text) || text.startsWith('0000')) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** An ISO day; of an instant with its time zone, the day in UTC. */
function readDay(text: string): Read {
  const notADay = fault('NOT_A_DAY', 'Write a day of the calendar as year-month-day, such as 2020-04-02.');
  if (isDay(text)) return { value: text };
  const [, day, time, zone] = INSTANT.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return notADay;
  const offset = zone === 'Z' ? 'Z' : zone!.replace(/^(...)(\d\d)$/, '$1:$2');
  const at = new Date(`${day}T${time}${offset}`);
  return Number.isNaN(at.getTime()) ? notADay : { value: at.toISOString().slice(0, 10) };
}

function readWord(text: string, words: Readonly<Record<string, readonly string[]>>): Read {
  const key = headerKey(text);
  const found = Object.entries(words).find(([word, also]) => [word, ...also].some((name) => headerKey(name) === key));
  if (found) return { value: found[0] };
  return fault('UNKNOWN_WORD', `Must be one of ${Object.keys(words).join(', ')}.`);
}

function readText(text: string, most: number): Read {
  if (text.length <= most) return { value: text };
  return fault('TOO_LONG', `Has ${text.length} characters, and may have ${most}.`);
}

function readFormed(type: 'email' | 'phone' | 'country' | 'subdivision' | 'id', text: string, checks: Checks): Read {
  switch (type) {
    case 'email': {
      const email = text.toLowerCase();
      if (email.length <= LONGEST_EMAIL && checks.isEmail(email)) return { value: email };
      return fault('NOT_AN_EMAIL', 'Is not an e-mail address.');
    }
    case 'phone':
      if (checks.isPhone(text)) return { value: text };
      return fault('NOT_A_PHONE_NUMBER', 'Write a phone number with its country code, such as +14155550123.');
    case 'country': {
      const country = text.toUpperCase();
      if (checks.isCountry(country)) return { value: country };
      return fault('NOT_A_COUNTRY', 'Write an ISO 3166-1 alpha-2 country code, such as CN.');
    }
    case 'subdivision': {
      const subdivision = text.toUpperCase();
      if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(subdivision)) return { value: subdivision };
      return fault('NOT_A_SUBDIVISION', 'Write an ISO 3166-2 code, such as US-NY.');
    }
    case 'id': {
      const id = text.toLowerCase();
      return checks.isId(id) ? { value: id } : fault('NOT_AN_ID', 'Is not an id of this system.');
    }
  }
}

/** Several texts in one cell, separated by semicolons, bars or line ends. */
function readTexts(text: string, most: number): Read {
  const texts = text
    .split(/[;；|\n]/u)
    .map(trimmed)
    .filter((part) => part !== '');
  const long = texts.find((part) => part.length > most);
  return long === undefined ? { value: [...new Set(texts)] } : readText(long, most);
}

/** Reads what stands in a cell, which is not empty. A text that begins like a formula is a text. */
export function readCell({ cell }: Field, text: string, checks: Checks): Read {
  if (text.includes('\0') || /\p{Cs}/u.test(text)) {
    return fault('NOT_TEXT', 'Holds a character that cannot be kept: U+0000, or half of a pair.');
  }
  switch (cell.type) {
    case 'number':
      return readNumber(text, cell.most);
    case 'day':
      return readDay(text);
    case 'word':
      return readWord(text, cell.words);
    case 'text':
      return readText(text, cell.most);
    case 'texts':
      return readTexts(text, cell.most);
    default:
      return readFormed(cell.type, text, checks);
  }
}
