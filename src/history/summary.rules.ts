import { HELD } from './distribution.rules.js';

/** What sums count when nobody asks for states: all but what was taken back before it left. */
export const STANDING = [...HELD, 'RETURNED', 'LOST'] as const;

/** What history can be summed by. */
export const DISTRIBUTION_DIMENSIONS = [
  'ITEM',
  'CATEGORY',
  'DONOR',
  'RECIPIENT',
  'GROUP',
  'COUNTRY',
  'MONTH',
  'STATUS',
] as const;
export type DistributionDimension = (typeof DISTRIBUTION_DIMENSIONS)[number];

/** What a donor may not ask by: it would name a person, or a circle of few. */
const NAMES_PEOPLE: readonly DistributionDimension[] = ['RECIPIENT', 'GROUP'];

/** The first dimension that would name people, if there is one. */
export function dimensionThatNamesPeople(by: readonly DistributionDimension[]): DistributionDimension | undefined {
  return by.find((dimension) => NAMES_PEOPLE.includes(dimension));
}
