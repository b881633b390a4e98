import type { Earmark } from '../engine/problem.js';

/** The most names one list of an earmark may have. */
export const MOST_NAMED = 100;

/** What somebody asks for; what is left out does not restrict. */
export interface EarmarkRequest {
  readonly strength: Earmark['strength'];
  readonly groupIds?: readonly string[] | null;
  readonly countries?: readonly string[] | null;
  readonly tiers?: readonly number[] | null;
}

/** Each name once, in one order: two earmarks for the same people are the same earmark. */
function eachOnce<T extends string | number>(names: readonly T[]): T[] {
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}

/** The earmark as it is kept, and as the engine reads it; nothing when it names nobody. */
export function earmarkOf({ strength, groupIds, countries, tiers }: EarmarkRequest): Earmark | undefined {
  if (!groupIds && !countries && !tiers) return undefined;
  return {
    strength,
    ...(groupIds && { groups: eachOnce(groupIds) }),
    ...(countries && { countries: eachOnce(countries) }),
    ...(tiers && { tiers: eachOnce(tiers) }),
  };
}

/** As a CHECK: of a known strength, with at least one list, and no list empty. */
export const EARMARK_IS_SOUND = `earmark is null or (coalesce(earmark->>'strength' in ('ONLY', 'FIRST'), false)
  and coalesce(jsonb_typeof(earmark->'groups') = 'array' and earmark->'groups' <> '[]', not earmark ? 'groups')
  and coalesce(jsonb_typeof(earmark->'countries') = 'array' and earmark->'countries' <> '[]', not earmark ? 'countries')
  and coalesce(jsonb_typeof(earmark->'tiers') = 'array' and earmark->'tiers' <> '[]', not earmark ? 'tiers')
  and (earmark ? 'groups' or earmark ? 'countries' or earmark ? 'tiers'))`;
