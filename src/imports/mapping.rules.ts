import { refuse, type Refusal } from '../platform/rejection.js';
import { type Fields, headerKey, trimmed } from './cell.rules.js';

/** How the columns of somebody else's file become fields of ours. */
export interface Mapping {
  /** Field -> the header of its column. Fields that are not named find their columns by themselves. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Field -> what stands in its cells -> what it means; null: rows with it are left out, and counted. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** Field -> what it is in rows whose cell is empty, or where there is no such column. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Needs only: recipients whose reference is not known are registered, under it as their name. */
  readonly createRecipients?: boolean;
  /** Quantities beyond this are slips of the finger in such files: reported, though the tracker could hold them. */
  readonly mostUnits?: number;
}

/** What a file of one kind holds. */
export interface Shape {
  readonly fields: Fields;
  /** Fields of which one is needed. */
  readonly oneOf?: readonly (readonly string[])[];
}

/** Where each field stands in a row. */
export interface Columns {
  readonly placeOf: ReadonlyMap<string, number>;
  readonly header: readonly string[];
  /** Columns that no field takes. */
  readonly ignored: readonly string[];
}

const FILE_FAULTS = {
  NOT_UTF8: 'The file is not UTF-8: save it as "CSV UTF-8".',
  EMPTY_FILE: 'There is no header: the first row must name the columns.',
  BROKEN_QUOTES:
    'A cell begins or ends with a stray quotation mark, or is never closed: what follows would be guesswork.',
  ROW_TOO_LONG: 'The row is longer than any row should be: is a quotation mark never closed?',
} as const;

/** A file that cannot be read as a table, and where that shows. */
export function unreadableFile(code: keyof typeof FILE_FAULTS, row: number | null) {
  const where = row === null ? '' : `Row ${row}: `;
  return refuse('ImportFileError', code, `${where}${FILE_FAULTS[code]}`, { row, columns: [] as string[] });
}

function columnsRefused(code: string, message: string, columns: readonly string[]) {
  return refuse('ImportFileError', code, message, { row: 1, columns: [...columns] });
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

function namesOf(fields: Fields, field: string): string[] {
  return [field, ...fields[field]!.names].map(headerKey);
}

/** Whether a header names a field, so that a line of it is told from a line of something else. */
export function isKnownHeader(fields: Fields, mapping: Mapping, header: string): boolean {
  const key = headerKey(header);
  const named = Object.values(mapping.columns ?? {}).some((column) => headerKey(column) === key);
  return key !== '' && (named || Object.keys(fields).some((field) => namesOf(fields, field).includes(key)));
}

/**
 * Finds the column of each field: where the mapping says, else by its name or one of its other names.
 * @returns a refusal that names the columns which are missing, or of which there are two
 */
export function findColumns(
  { fields, oneOf = [] }: Shape,
  mapping: Mapping,
  header: readonly string[],
): Columns | Refusal {
  const keys = header.map((cell) => headerKey(cell));
  const placesOf = (key: string): number[] => keys.flatMap((other, at) => (other === key && key !== '' ? [at] : []));
  const named = Object.entries(mapping.columns ?? {});
  const strange = named.filter(([, column]) => placesOf(headerKey(column)).length === 0).map(([, column]) => column);
  if (strange.length > 0)
    return columnsRefused(
      'UNKNOWN_COLUMNS',
      `The mapping names columns that are not there: ${quoted(strange)}.`,
      strange,
    );
  const places = new Map<string, number[]>(named.map(([field, column]) => [field, placesOf(headerKey(column))]));
  const taken = new Set([...places.values()].flat());
  for (const field of Object.keys(fields)) {
    if (places.has(field)) continue;
    const found = [...new Set(namesOf(fields, field).flatMap(placesOf))].filter((at) => !taken.has(at));
    if (found.length > 0) places.set(field, found);
  }
  const twice = [...places].filter(([, at]) => at.length > 1);
  if (twice.length > 0) {
    const columns = twice.flatMap(([, at]) => at.map((place) => header[place]!));
    const which = twice.map(([field, at]) => `${field} (${quoted(at.map((place) => header[place]!))})`).join('; ');
    return columnsRefused(
      'AMBIGUOUS_COLUMNS',
      `Several columns could be the same field: ${which}. Name one in a mapping.`,
      columns,
    );
  }
  const isThere = (field: string): boolean => places.has(field) || mapping.defaults?.[field] !== undefined;
  const missing = [
    ...Object.keys(fields).filter((field) => fields[field]!.required && !isThere(field)),
    ...oneOf.filter((either) => !either.some(isThere)).map((either) => either.join(' or ')),
  ];
  if (missing.length > 0)
    return columnsRefused('MISSING_COLUMNS', `There is no column for ${missing.join(', ')}.`, missing);
  const placeOf = new Map([...places].map(([field, [at]]) => [field, at!]));
  const used = new Set(placeOf.values());
  return { placeOf, header, ignored: header.filter((cell, at) => trimmed(cell) !== '' && !used.has(at)) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const PARTS = ['columns', 'values', 'defaults', 'createRecipients', 'mostUnits'];

/** What is wrong with a mapping that was read from a file: one sentence for each fault, none when it can be used. */
export function mappingFaults(fields: Fields, mapping: unknown): string[] {
  if (!isRecord(mapping)) return ['A mapping is an object: { "columns": { "units": "qty" } }.'];
  const faults = Object.keys(mapping)
    .filter((part) => !PARTS.includes(part))
    .map((part) => `${part}: is not a part of a mapping; those are ${PARTS.join(', ')}`);
  for (const part of ['columns', 'values', 'defaults'] as const) {
    const entries = mapping[part] ?? {};
    if (!isRecord(entries)) faults.push(`${part}: must be an object`);
    else faults.push(...partFaults(fields, part, entries));
  }
  if (mapping['createRecipients'] !== undefined && typeof mapping['createRecipients'] !== 'boolean')
    faults.push('createRecipients: must be true or false');
  const { mostUnits } = mapping;
  if (mostUnits !== undefined && !(Number.isSafeInteger(mostUnits) && (mostUnits as number) > 0))
    faults.push('mostUnits: must be a whole number, at least 1');
  return faults;
}

function partFaults(
  fields: Fields,
  part: 'columns' | 'values' | 'defaults',
  entries: Record<string, unknown>,
): string[] {
  return Object.entries(entries).flatMap(([field, entry]) => {
    if (!Object.hasOwn(fields, field))
      return [`${part}.${field}: is not a field; those are ${Object.keys(fields).join(', ')}`];
    if (part !== 'values') return typeof entry === 'string' ? [] : [`${part}.${field}: must be a text`];
    const isSound = isRecord(entry) && Object.values(entry).every((to) => to === null || typeof to === 'string');
    return isSound ? [] : [`${part}.${field}: must say for each value what it means, or null to leave its rows out`];
  });
}

/** A mapping on top of another: what it says goes before what the other says. */
export function extendedMapping(base: Mapping, own: Mapping): Mapping {
  const fields = new Set([...Object.keys(base.values ?? {}), ...Object.keys(own.values ?? {})]);
  const mostUnits = own.mostUnits ?? base.mostUnits;
  const values = [...fields].map((field) => [field, { ...base.values?.[field], ...own.values?.[field] }] as const);
  return {
    columns: { ...base.columns, ...own.columns },
    values: Object.fromEntries(values),
    defaults: { ...base.defaults, ...own.defaults },
    createRecipients: own.createRecipients ?? base.createRecipients ?? false,
    ...(mostUnits !== undefined && { mostUnits }),
  };
}

/** The kinds of goods of GetUsPPE as items of the catalogue. Those at the end are not in it until somebody registers them. */
const GETUSPPE_ITEMS = {
  respirators: 'N95',
  surgicalMasks: 'SURGICAL_MASK',
  handmadeMasks: 'MASK',
  faceShields: 'FACE_SHIELD',
  printedFaceShields: 'FACE_SHIELD',
  paprShield: 'FACE_SHIELD',
  safetyGoggles: 'GOGGLES',
  safetyGlasses: 'GOGGLES',
  gowns: 'GOWN',
  coveralls: 'COVERALL',
  nitrileGloves: 'NITRILE_GLOVES',
  disposableBooties: 'SHOE_COVERS',
  surgicalCaps: 'BOUFFANT_CAP',
  handSanitizer: 'HAND_SANITIZER',
  disinfectingWipes: 'DISINFECTING_WIPES',
  thermometers: 'THERMOMETER',
  babyMonitors: 'BABY_MONITOR',
  bodyBags: 'BODY_BAG',
};

/** People typed up to 1e14 there. Nobody gave or asked for a million of anything in earnest. */
const GETUSPPE_MOST_UNITS = 1_000_000;

/** Mappings that ship with the program, by name. */
export const BUILT_IN_MAPPINGS: Readonly<Record<string, Mapping>> = {
  'getusppe-donors': {
    columns: { donor: 'don_id', receivedOn: 'date', item: 'ppe', units: 'qty' },
    values: { item: GETUSPPE_ITEMS },
    mostUnits: GETUSPPE_MOST_UNITS,
  },
  'getusppe-requests': {
    columns: { recipientReference: 'rec_id', statedOn: 'date', item: 'ppe', units: 'qty' },
    values: { item: GETUSPPE_ITEMS },
    createRecipients: true,
    mostUnits: GETUSPPE_MOST_UNITS,
  },
};
