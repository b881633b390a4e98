import type { Claimants } from './claims.js';
import { compareText } from './ordering.js';
import type { Earmark, RecipientClaim } from './problem.js';
import type { Roster } from './roster.js';
import type { Stock } from './stock.js';

/** Those to whom at least one usable lot may go, and whom each lot names, in its place; null for everybody. */
export interface Eligible {
  claimants: Claimants;
  named: readonly (readonly number[] | null)[];
}

export function hasEarmarks({ usable }: Stock): boolean {
  return usable.some(({ earmark }) => earmark !== undefined);
}

/** A lot with a soft earmark may go to everybody in the end, so only hard ones on every lot shut anyone out. */
export function eligibleFor({ usable }: Stock, wanting: Claimants, everyone: Roster): Eligible {
  const recipientOf = (claimant: number) => everyone.recipients[wanting.recipients[claimant]!]!;
  const tests = usable.map(({ earmark }) => (earmark ? nameTest(earmark) : null));
  const areAllEligible = usable.some(({ earmark }) => earmark?.strength !== 'ONLY');
  const kept = Uint32Array.from(wanting.recipients.keys()).filter(
    (claimant) => areAllEligible || tests.some((isNamed) => isNamed!(recipientOf(claimant))),
  );
  const named = tests.map((isNamed) => {
    if (isNamed === null) return null;
    const found: number[] = [];
    kept.forEach((claimant, place) => {
      if (isNamed(recipientOf(claimant))) found.push(place);
    });
    return found;
  });
  return { claimants: kept.length === wanting.recipients.length ? wanting : someOf(wanting, kept), named };
}

/** Every dimension stated must match. */
function nameTest({ groups, countries, tiers }: Earmark): (recipient: RecipientClaim) => boolean {
  const groupSet = groups && new Set(groups);
  const countrySet = countries && new Set(countries);
  const tierSet = tiers && new Set(tiers);
  return ({ groups: mine, country, tier }) => {
    if (groupSet && !mine?.some((group) => groupSet.has(group))) return false;
    if (countrySet && (country === undefined || !countrySet.has(country))) return false;
    return !tierSet || (tier !== undefined && tierSet.has(tier));
  };
}

/** The same earmark with its names in order, each once. */
export function inOneForm({ strength, groups, countries, tiers }: Earmark): Earmark {
  return {
    strength,
    ...(groups && { groups: Array.from(new Set(groups)).sort(compareText) }),
    ...(countries && { countries: Array.from(new Set(countries)).sort(compareText) }),
    ...(tiers && { tiers: Array.from(new Set(tiers)).sort((a, b) => a - b) }),
  };
}

function someOf({ recipients, guarantee, cap, ...values }: Claimants, kept: Uint32Array): Claimants {
  return {
    recipients: Uint32Array.from(kept, (claimant) => recipients[claimant]!),
    claims: valuesAt(values.claims, kept),
    bounds: valuesAt(values.bounds, kept),
    lows: valuesAt(values.lows, kept),
    weights: valuesAt(values.weights, kept),
    guarantee,
    cap,
  };
}

export function valuesAt(values: Float64Array, places: Uint32Array): Float64Array {
  const found = new Float64Array(places.length);
  for (let i = 0; i < found.length; i++) found[i] = values[places[i]!]!;
  return found;
}
