import type { DayRange, DistributionFilter } from './distribution.rules.js';
import type { DistributionDimension } from './summary.rules.js';

/** The sums that are kept, the smallest first. */
export const KEPT_TOTALS = ['MONTH', 'DONOR', 'COUNTRY'] as const;
export type KeptTotal = (typeof KEPT_TOTALS)[number];

type FilterName = keyof DistributionFilter;

const GOODS: readonly DistributionDimension[] = ['ITEM', 'CATEGORY', 'STATUS'];
const OF_GOODS: readonly FilterName[] = ['itemCodes', 'categories', 'statuses', 'search', 'itemsOnly'];
const OF_TIME: readonly FilterName[] = ['allocatedOn', 'timeZone'];

/** What each can be asked by, and which filters it can answer. */
const ANSWERS: Readonly<Record<KeptTotal, { by: readonly DistributionDimension[]; filters: readonly FilterName[] }>> = {
  MONTH: { by: [...GOODS, 'MONTH', 'QUARTER'], filters: [...OF_GOODS, ...OF_TIME] },
  DONOR: { by: [...GOODS, 'DONOR'], filters: [...OF_GOODS, 'timeZone', 'donorIds'] },
  COUNTRY: {
    by: [...GOODS, 'MONTH', 'QUARTER', 'COUNTRY', 'TIER'],
    filters: [...OF_GOODS, ...OF_TIME, 'countries', 'exposureTiers'],
  },
};

/** Days or months of another zone than that of the kept months are in no kept sum. */
function isOfOtherTime(by: readonly DistributionDimension[], { timeZone, allocatedOn }: DistributionFilter): boolean {
  const asksForTime = by.includes('MONTH') || by.includes('QUARTER') || allocatedOn != null;
  return asksForTime && timeZone != null && timeZone !== 'UTC';
}

/** Whether every day of a month is in the range, or none. */
function isOfWholeMonths({ from, to }: DayRange): boolean {
  if (from != null && !from.endsWith('-01')) return false;
  if (to == null) return true;
  const next = new Date(`${to}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.getUTCDate() === 1;
}

/** The kept sum that answers exactly what is asked; none where only the lines can. */
export function keptTotalFor(by: readonly DistributionDimension[], filter: DistributionFilter): KeptTotal | undefined {
  if (isOfOtherTime(by, filter) || !isOfWholeMonths(filter.allocatedOn ?? {})) return undefined;
  // A search that looks at people is for the lines; and '' is no country, but stands for the unknown in what is kept.
  if (filter.search != null && !filter.itemsOnly) return undefined;
  if (filter.countries?.includes('')) return undefined;
  const given = Object.entries(filter).flatMap(([name, value]) => (value == null ? [] : [name]));
  return KEPT_TOTALS.find((kept) => {
    const answers = ANSWERS[kept];
    const filters: readonly string[] = answers.filters;
    return by.every((one) => answers.by.includes(one)) && given.every((name) => filters.includes(name));
  });
}
