import type { Place } from './ledger.rules.js';

/** How many units are where. */
export interface StockFigures {
  readonly onHandUnits: number;
  readonly availableUnits: number;
  /** Of the available ones, those of lots whose last day has passed. */
  readonly expiredUnits: number;
  readonly allocatedUnits: number;
  readonly quarantinedUnits: number;
  readonly inTransitUnits: number;
  readonly deliveredUnits: number;
  readonly lostUnits: number;
  readonly discardedUnits: number;
  readonly returnedToDonorUnits: number;
}

/** The figures that are counted; the others follow from them. */
type CountedFigure = Exclude<keyof StockFigures, 'onHandUnits' | 'expiredUnits'>;

/** Which figure counts the units of which place. What is outside is not ours. */
export const FIGURE_OF = {
  AVAILABLE: 'availableUnits',
  ALLOCATED: 'allocatedUnits',
  QUARANTINED: 'quarantinedUnits',
  IN_TRANSIT: 'inTransitUnits',
  DELIVERED: 'deliveredUnits',
  LOST: 'lostUnits',
  DISCARDED: 'discardedUnits',
  RETURNED_TO_DONOR: 'returnedToDonorUnits',
} as const satisfies Record<Exclude<Place, 'SOURCE'>, CountedFigure>;

/** The figures of one item at one site; no site where the item never had stock. */
export interface FiguresAtSite extends Omit<StockFigures, 'onHandUnits'> {
  readonly itemId: string;
  readonly siteId: string | null;
}

/** The figures of one item, all sites together and one by one. */
export interface Level extends StockFigures {
  readonly itemId: string;
  readonly bySite: (StockFigures & { readonly siteId: string })[];
}

const NOTHING: StockFigures = {
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
const FIGURES = Object.keys(NOTHING) as (keyof StockFigures)[];

function plus(a: StockFigures, b: StockFigures): StockFigures {
  return Object.fromEntries(FIGURES.map((figure) => [figure, a[figure] + b[figure]])) as unknown as StockFigures;
}

/** Adds up what stands at the sites, item by item. Rows of one item follow each other; their order is kept. */
export function levelsOf(rows: readonly FiguresAtSite[]): Level[] {
  const levels = new Map<string, Level>();
  for (const { itemId, siteId, ...counted } of rows) {
    const level = levels.get(itemId) ?? { ...NOTHING, itemId, bySite: [] };
    const { availableUnits, allocatedUnits, quarantinedUnits } = counted;
    const figures = { ...counted, onHandUnits: availableUnits + allocatedUnits + quarantinedUnits };
    const bySite = siteId === null ? level.bySite : [...level.bySite, { ...figures, siteId }];
    levels.set(itemId, { ...plus(level, figures), itemId, bySite });
  }
  return [...levels.values()];
}
