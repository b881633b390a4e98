import type { ItemCategory } from '../catalogue/item.rules.js';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import { HELD, type DistributionFilter } from './distribution.rules.js';

/** What sums count when nobody asks for states: all but what was taken back before it left. */
export const STANDING = [...HELD, 'RETURNED', 'LOST'] as const;

/** What history can be summed by. */
export const DISTRIBUTION_DIMENSIONS = [
  'ITEM',
  'CATEGORY',
  'DONOR',
  'RECIPIENT',
  'GROUP',
  'FACILITY',
  'COUNTRY',
  'TIER',
  'PLAN',
  'SITE',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'STATUS',
] as const;
export type DistributionDimension = (typeof DISTRIBUTION_DIMENSIONS)[number];

/** What a donor may not ask by: it would name a person, or a circle of few that somebody chose. */
const NAMES_PEOPLE: readonly DistributionDimension[] = ['RECIPIENT', 'GROUP', 'FACILITY', 'PLAN'];

/** The first dimension that would name people, if there is one. */
export function dimensionThatNamesPeople(by: readonly DistributionDimension[]): DistributionDimension | undefined {
  return by.find((dimension) => NAMES_PEOPLE.includes(dimension));
}

/** Which gift, or which part of it. A zone alone restricts nothing. */
const OF_THE_GIFT: readonly string[] = [
  'donorIds',
  'donorCountries',
  'shipmentIds',
  'lotIds',
  'lotNumbers',
  'itemCodes',
  'categories',
  'search',
  'itemsOnly',
  'timeZone',
] satisfies (keyof DistributionFilter)[];

/**
 * Whether the filter picks out some of those who got a gift, by what they are or by when and where it was handed out. What
 * is left of few people by such a filter would say who got what; what a gift came to altogether is the donor's to know.
 */
export function narrowsToPeople(filter: DistributionFilter): boolean {
  return Object.entries(filter).some(([name, value]) => value != null && !OF_THE_GIFT.includes(name));
}

/** What a sum is of; null by what nobody asked, and where it is not known. */
export interface DimensionValues {
  readonly itemId: string | null;
  readonly category: ItemCategory | null;
  readonly donorId: string | null;
  readonly recipientId: string | null;
  readonly groupId: string | null;
  readonly facility: string | null;
  readonly country: string | null;
  readonly exposureTier: number | null;
  readonly planId: string | null;
  readonly siteId: string | null;
  readonly day: string | null;
  readonly week: string | null;
  readonly month: string | null;
  readonly quarter: string | null;
  readonly status: DeliveryStatus | null;
}
export const NO_DIMENSIONS: DimensionValues = {
  itemId: null,
  category: null,
  donorId: null,
  recipientId: null,
  groupId: null,
  facility: null,
  country: null,
  exposureTier: null,
  planId: null,
  siteId: null,
  day: null,
  week: null,
  month: null,
  quarter: null,
  status: null,
};

/** What the lines of a sum come to. */
export interface Sums {
  readonly units: number;
  readonly confirmedUnits: number;
  readonly distributions: number;
}

/** Everything together. */
export function added(sums: readonly Sums[]): Sums {
  const all = { units: 0, confirmedUnits: 0, distributions: 0 };
  for (const { units, confirmedUnits, distributions } of sums) {
    all.units += units;
    all.confirmedUnits += confirmedUnits;
    all.distributions += distributions;
  }
  return all;
}
