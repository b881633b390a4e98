const MS_A_DAY = 86_400_000;

/** The farthest ahead that expiry is asked for, in days. */
export const FARTHEST_EXPIRY_DAYS = 36_500;

/** Whether a lot may not be used any more: its last day is over. @param today `YYYY-MM-DD` */
export function isExpired(expiresOn: string | null, today: string): boolean {
  return expiresOn !== null && expiresOn < today;
}

/** Calendar days until the last day of use: 0 on that day, fewer than none after it; null where no day is known. */
export function expiresInDays(expiresOn: string | null, today: string): number | null {
  return expiresOn === null ? null : Math.round((Date.parse(expiresOn) - Date.parse(today)) / MS_A_DAY);
}

/** The day so many days after another, `YYYY-MM-DD`. */
export function dayAfter(today: string, days: number): string {
  return new Date(Date.parse(today) + days * MS_A_DAY).toISOString().slice(0, 10);
}
