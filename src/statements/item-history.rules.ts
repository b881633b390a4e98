import { daysIn, type Period } from './period.rules.js';

/** How long the periods of a history are. */
export const PERIOD_LENGTHS = ['DAY', 'WEEK', 'MONTH'] as const;
export type PeriodLength = (typeof PERIOD_LENGTHS)[number];

/** More periods than this are asked for in parts. */
export const MOST_PERIODS = 400;

const FEWEST_DAYS: Readonly<Record<PeriodLength, number>> = { DAY: 1, WEEK: 7, MONTH: 28 };

/** How many periods there can be at the most: the first and the last may be cut. */
export function mostPeriods(period: Pick<Period, 'from' | 'to'>, by: PeriodLength): number {
  return by === 'DAY' ? daysIn(period) : Math.ceil(daysIn(period) / FEWEST_DAYS[by]) + 1;
}

/** What went on with an item in one period, in units. */
export interface ItemPeriod {
  /** `YYYY-MM-DD`, both included. */
  readonly from: string;
  readonly to: string;
  readonly receivedUnits: number;
  readonly foundUnits: number;
  readonly allocatedUnits: number;
  readonly takenBackUnits: number;
  readonly dispatchedUnits: number;
  readonly returnedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly lostUnits: number;
  readonly discardedUnits: number;
  readonly returnedToDonorUnits: number;
  readonly onHandUnits: number;
}
