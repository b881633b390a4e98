import type { DayRange } from '../history/distribution.rules.js';
import type { Conditions } from '../platform/keyset.js';

/** Restricts an instant to whole days of a time zone, both included. */
export function addRange(
  conditions: Conditions,
  column: string,
  range: DayRange | null | undefined,
  timeZone: string,
): void {
  const { from, to } = range ?? {};
  if (from == null && to == null) return;
  const zone = `$${conditions.parameters.push(timeZone)}::text`;
  if (from != null) conditions.add(`${column} >= ($::date::timestamp at time zone ${zone})`, from);
  if (to != null) conditions.add(`${column} < (($::date + 1)::timestamp at time zone ${zone})`, to);
}
