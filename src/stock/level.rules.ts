import type { Place } from './ledger.rules.js';

/** How many units are where. */
export interface StockFigures {
  onHandUnits: number;
  availableUnits: number;
  /** Of the available ones, those of lots whose last day has passed. */
  expiredUnits: number;
  allocatedUnits: number;
  quarantinedUnits: number;
  inTransitUnits: number;
  deliveredUnits: number;
  lostUnits: number;
  discardedUnits: number;
  returnedToDonorUnits: number;
}

/** Which figure counts the units of which place. What is outside is not ours. */
const FIGURE_OF = {
  AVAILABLE: 'availableUnits',
  ALLOCATED: 'allocatedUnits',
  QUARANTINED: 'quarantinedUnits',
  IN_TRANSIT: 'inTransitUnits',
  DELIVERED: 'deliveredUnits',
  LOST: 'lostUnits',
  DISCARDED: 'discardedUnits',
  RETURNED_TO_DONOR: 'returnedToDonorUnits',
} as const satisfies Record<Exclude<Place, 'SOURCE'>, keyof StockFigures>;
/** Places in our hands. */
const ON_HAND: readonly Place[] = ['AVAILABLE', 'ALLOCATED', 'QUARANTINED'];

/** Units of an item in one place at one site, of lots that have all expired or have not. */
export interface PlacedUnits {
  readonly itemId: string;
  readonly siteId: string;
  readonly place: Exclude<Place, 'SOURCE'>;
  readonly isExpired: boolean;
  readonly units: number;
}

/** An item that was asked for, and of which there is none anywhere. */
export interface NoUnits {
  readonly itemId: string;
  readonly siteId: null;
}

/** The figures of one item, all sites together and one by one. */
export interface Level extends StockFigures {
  readonly itemId: string;
  readonly bySite: (StockFigures & { readonly siteId: string })[];
}

function nothing(): StockFigures {
  return {
    onHandUnits: 0,
    availableUnits: 0,
    expiredUnits: 0,
    allocatedUnits: 0,
    quarantinedUnits: 0,
    inTransitUnits: 0,
    deliveredUnits: 0,
    lostUnits: 0,
    discardedUnits: 0,
    returnedToDonorUnits: 0,
  };
}

function count(figures: StockFigures, { place, isExpired, units }: PlacedUnits): void {
  figures[FIGURE_OF[place]] += units;
  if (ON_HAND.includes(place)) figures.onHandUnits += units;
  if (place === 'AVAILABLE' && isExpired) figures.expiredUnits += units;
}

/** Adds up what is where, item by item and site by site, in the order in which the rows name them first. */
export function levelsOf(rows: readonly (PlacedUnits | NoUnits)[]): Level[] {
  const levels = new Map<string, Level>();
  for (const row of rows) {
    const level = levels.get(row.itemId) ?? { ...nothing(), itemId: row.itemId, bySite: [] };
    levels.set(row.itemId, level);
    if (row.siteId === null) continue;
    let site = level.bySite.find(({ siteId }) => siteId === row.siteId);
    if (!site) level.bySite.push((site = { ...nothing(), siteId: row.siteId }));
    count(level, row);
    count(site, row);
  }
  return [...levels.values()];
}

/**
 * From where the stock of the past is counted: back from what there is now, or up from the beginning of the ledger,
 * whichever is nearer. Both come to the same; the longer way reads most of the ledger.
 * @param first when the first unit moved; null where none has
 */
export function isNearerToNow(asOf: Date, first: Date | null, now: Date): boolean {
  return first === null || now.getTime() - asOf.getTime() <= asOf.getTime() - first.getTime();
}
