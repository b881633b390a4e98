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
  const { where, parameters } = conditions;
  const zone = `$${parameters.push(timeZone)}::text`;
  if (from != null) where.push(`${column} >= ($${parameters.push(from)}::date::timestamp at time zone ${zone})`);
  if (to != null) where.push(`${column} < (($${parameters.push(to)}::date + 1)::timestamp at time zone ${zone})`);
}
