import type { DistributionFilter } from './distribution.rules.js';

/** What a page of history can be read with, beside its lines: each is one row of another table. */
export const RELATIONS = ['item', 'lot', 'donor', 'shipment', 'recipient', 'plan', 'site'] as const;
export type Relation = (typeof RELATIONS)[number];

/** What a query selects: names of fields, and pairs of one within another. */
interface Selected {
  readonly names: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
}

/** What is read with a page. */
export interface Reading {
  readonly relations: readonly Relation[];
  /** The names of all fields that are selected somewhere. */
  readonly names: ReadonlySet<string>;
  /** Whether one of these rows is asked for another: the donor of the lot of a line is the donor of the line. */
  readonly nested: boolean;
}

const known = new WeakMap<object, Reading>();

/** As {@link worked}, once for each selection. */
export function readingOf(selection: Selected): Reading {
  const before = known.get(selection);
  if (before) return before;
  const reading = worked(selection);
  known.set(selection, reading);
  return reading;
}

/** What has to be read for a selection of these names and of these pairs of one name within another. */
function worked({ names, pairs }: Selected): Reading {
  // An anonymous donor's reference is replaced like her name: a shipment is not shown without its donor.
  const isWanted = (relation: Relation): boolean =>
    names.has(relation) || (relation === 'donor' && names.has('shipment'));
  const nested = RELATIONS.some((outer) => RELATIONS.some((inner) => pairs.has(`${outer}.${inner}`)));
  return { relations: RELATIONS.filter(isWanted), names, nested };
}

/** How the values of one filter are found among the lines. */
export interface Dimension {
  /** The column of the line. */
  readonly column: string;
  /** The type of what is asked for. */
  readonly type: 'uuid' | 'text' | 'smallint';
  /** Selects the values of the column, given what was asked for as `$`; absent: they are what was asked for. */
  readonly values?: string;
  /** Whether a line `t` has one of the values, where they are so many that it is better asked line by line. */
  readonly fits?: string;
  /** Whether each of what is asked for is one value of the column. */
  readonly isOne?: boolean;
}

/**
 * Filters by lists, the narrowest first: where none has one value only, a page is read by the first. Each column has an
 * index that holds its lines in the order of time.
 */
export const DIMENSIONS: Partial<Record<keyof DistributionFilter, Dimension>> = {
  recipientIds: { column: 'recipient_id', type: 'uuid', isOne: true },
  lotIds: { column: 'lot_id', type: 'uuid', isOne: true },
  planIds: { column: 'plan_id', type: 'uuid', isOne: true },
  shipmentIds: { column: 'shipment_id', type: 'uuid', isOne: true },
  lotNumbers: { column: 'lot_id', type: 'text', values: 'select id from lot where lot_number = any($)' },
  groupIds: {
    column: 'recipient_id',
    type: 'uuid',
    values: 'select distinct recipient_id as id from group_member where group_id = any($)',
    fits: 'exists (select 1 from group_member g where g.recipient_id = t.recipient_id and g.group_id = any($))',
  },
  donorIds: { column: 'donor_id', type: 'uuid', isOne: true },
  itemCodes: { column: 'item_id', type: 'text', isOne: true, values: 'select id from item where code = any($)' },
  siteIds: { column: 'site_id', type: 'uuid', isOne: true },
  donorCountries: { column: 'donor_country', type: 'text', isOne: true },
  countries: { column: 'country', type: 'text', isOne: true },
  categories: { column: 'item_id', type: 'text', values: 'select id from item where category = any($)' },
  exposureTiers: { column: 'exposure_tier', type: 'smallint', isOne: true },
  statuses: { column: 'status', type: 'text', isOne: true },
};
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as (keyof typeof DIMENSIONS)[];
