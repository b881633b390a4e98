/** Calendar days, both included, in a time zone. */
export interface Period {
  /** `YYYY-MM-DD` */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

const DAY_MS = 86_400_000;

/** How many days a period has; none or fewer where it ends before it begins. */
export function daysIn({ from, to }: Pick<Period, 'from' | 'to'>): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}
