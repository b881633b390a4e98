import { isStaff, onlyOwn, seesEverything, type Viewer } from '../access/access.rules.js';
import { forbidden } from '../platform/rejection.js';

/** States in which somebody has units, or is about to. */
export const HELD = ['PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED'] as const;

export const DISTRIBUTION_ORDERS = ['ALLOCATED_AT', 'UNITS'] as const;
export type DistributionOrderField = (typeof DISTRIBUTION_ORDERS)[number];
export type Direction = 'ASC' | 'DESC';

/** How a list of distributions is ordered; the newest first when nothing is said. */
export interface DistributionOrder {
  readonly field: DistributionOrderField;
  readonly direction: Direction;
}
export const NEWEST_FIRST: DistributionOrder = { field: 'ALLOCATED_AT', direction: 'DESC' };

/** A range of calendar days, both included. */
export interface DayRange {
  readonly from?: string | null;
  readonly to?: string | null;
}

/** Which distributions; what is left out does not restrict, what is given must all hold. */
export interface DistributionFilter {
  readonly donorIds?: readonly string[] | null;
  readonly recipientIds?: readonly string[] | null;
  readonly groupIds?: readonly string[] | null;
  readonly itemCodes?: readonly string[] | null;
  readonly categories?: readonly string[] | null;
  readonly countries?: readonly string[] | null;
  readonly shipmentIds?: readonly string[] | null;
  readonly lotIds?: readonly string[] | null;
  readonly lotNumbers?: readonly string[] | null;
  readonly planIds?: readonly string[] | null;
  readonly siteIds?: readonly string[] | null;
  readonly exposureTiers?: readonly number[] | null;
  readonly donorCountries?: readonly string[] | null;
  /** Part of the code or name of an item, or of the name of a facility. */
  readonly search?: string | null;
  /** Whether `search` looks at items alone: where people work is not for everybody. */
  readonly itemsOnly?: boolean;
  /** Whether lines of anonymous donors are left out: a filter that finds them would tell where they are. */
  readonly knownDonors?: boolean;
  readonly statuses?: readonly string[] | null;
  readonly allocatedOn?: DayRange | null;
  readonly timeZone?: string | null;
}

/** Whether the filter picks people out. */
function picksPeople(filter: DistributionFilter): boolean {
  return filter.recipientIds != null || filter.groupIds != null;
}

/** The filter with its codes of countries as the tables hold them. */
function inCapitals(filter: DistributionFilter): DistributionFilter {
  const { countries, donorCountries } = filter;
  return {
    ...filter,
    ...(countries && { countries: countries.map((country) => country.toUpperCase()) }),
    ...(donorCountries && { donorCountries: donorCountries.map((country) => country.toUpperCase()) }),
  };
}

/**
 * The filter, narrowed to what the viewer may see: a recipient and a donor to what is their own.
 * @throws FORBIDDEN when a donor asks for people
 */
export function narrowed(viewer: Viewer, asked: DistributionFilter): DistributionFilter {
  const spelled = inCapitals(asked);
  const filter = spelled.donorCountries == null || isStaff(viewer) ? spelled : { ...spelled, knownDonors: true };
  if (seesEverything(viewer)) return filter;
  if (viewer.role === 'RECIPIENT') return { ...filter, recipientIds: onlyOwn(viewer.subjectId, filter.recipientIds) };
  if (picksPeople(filter)) throw forbidden('Donors cannot ask by recipient or group: it would name people.');
  return { ...filter, donorIds: onlyOwn(viewer.subjectId, filter.donorIds), itemsOnly: true, knownDonors: false };
}

/**
 * Whether this is the name of a time zone of the IANA database that the server knows. Offsets such as `+05:00` are not:
 * PostgreSQL reads their sign the other way round.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
