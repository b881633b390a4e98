import { isManyEnough } from './small-cell.rules.js';

/** What became of what a donor gave, in units. */
export interface ImpactFigures {
  /** What came in, as corrected. */
  readonly receivedUnits: number;
  /** What counts found beyond. */
  readonly foundUnits: number;
  /** Set aside for recipients: all that was not taken back or returned. */
  readonly allocatedUnits: number;
  /** Arrived, as counted where it has been counted. */
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly onTheWayUnits: number;
  readonly promisedUnits: number;
  readonly availableUnits: number;
  readonly quarantinedUnits: number;
  readonly betweenSitesUnits: number;
  readonly lostUnits: number;
  readonly discardedUnits: number;
  readonly returnedToDonorUnits: number;
  readonly recipients: number;
  readonly confirmedRecipients: number;
  /** How many countries those who confirmed work in. */
  readonly confirmedCountries: number;
}

/** Where units can be, as a donor is told it, in the order in which it is told. */
export const IMPACT_PARTS = [
  'CONFIRMED',
  'DELIVERED',
  'ON_THE_WAY',
  'PROMISED',
  'AVAILABLE',
  'QUARANTINED',
  'BETWEEN_SITES',
  'LOST',
  'DISCARDED',
  'RETURNED_TO_DONOR',
] as const;
export type ImpactPart = (typeof IMPACT_PARTS)[number];

const UNITS_OF: Readonly<Record<ImpactPart, (figures: ImpactFigures) => number>> = {
  CONFIRMED: ({ confirmedUnits }) => confirmedUnits,
  DELIVERED: ({ deliveredUnits, confirmedUnits }) => deliveredUnits - confirmedUnits,
  ON_THE_WAY: ({ onTheWayUnits }) => onTheWayUnits,
  PROMISED: ({ promisedUnits }) => promisedUnits,
  AVAILABLE: ({ availableUnits }) => availableUnits,
  QUARANTINED: ({ quarantinedUnits }) => quarantinedUnits,
  BETWEEN_SITES: ({ betweenSitesUnits }) => betweenSitesUnits,
  LOST: ({ lostUnits }) => lostUnits,
  DISCARDED: ({ discardedUnits }) => discardedUnits,
  RETURNED_TO_DONOR: ({ returnedToDonorUnits }) => returnedToDonorUnits,
};

/** Where all units of a gift are, the empty places left out: they sum to what was received and found. */
export function partsOf(figures: ImpactFigures): { readonly part: ImpactPart; readonly units: number }[] {
  return IMPACT_PARTS.map((part) => ({ part, units: UNITS_OF[part](figures) })).filter(({ units }) => units > 0);
}

/** How many people a gift reached in one country. */
export interface CountryReached {
  readonly country: string;
  readonly recipients: number;
}

/** The countries that may be named, and how many others there are. */
export interface CountriesShown {
  readonly countries: string[];
  readonly elsewhereCountries: number;
}

/**
 * Which countries may be named: to whoever reads the whole chain all of them, to a donor those in which her gifts reached
 * so many people that the name of the country points at nobody.
 */
export function countriesShown(reached: readonly CountryReached[], all: boolean): CountriesShown {
  const named = reached.filter(({ recipients }) => all || isManyEnough(recipients));
  return { countries: named.map(({ country }) => country), elsewhereCountries: reached.length - named.length };
}
