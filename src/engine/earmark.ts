import { compareText } from './ordering.js';
import type { Earmark } from './problem.js';

/** The same earmark with its names in order, each once. */
export function inOneForm({ strength, groups, countries, tiers }: Earmark): Earmark {
  return {
    strength,
    ...(groups && { groups: Array.from(new Set(groups)).sort(compareText) }),
    ...(countries && { countries: Array.from(new Set(countries)).sort(compareText) }),
    ...(tiers && { tiers: Array.from(new Set(tiers)).sort((a, b) => a - b) }),
  };
}
