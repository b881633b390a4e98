import { Injectable } from '@nestjs/common';

/** The only place that reads the time; a test may stand in for it. */
@Injectable()
export class Clock {
  /** This instant. */
  now(): Date {
    return new Date();
  }
}

/** The calendar day of an instant in UTC, as `YYYY-MM-DD`. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
