import { someOf, type Claimants } from './claims.js';
import type { Earmark, RecipientClaim } from './problem.js';
import type { Roster } from './roster.js';
import type { Stock } from './stock.js';

/** Those to whom at least one usable lot may go, and whom each lot names, in its place; null for everybody. */
export interface Eligible {
  claimants: Claimants;
  named: readonly (readonly number[] | null)[];
}

export function hasEarmarks({ offered }: Stock): boolean {
  return offered.some(({ earmark }) => earmark !== undefined);
}

/** A lot with a soft earmark may go to everybody in the end, so only hard ones on every lot shut anyone out. */
export function eligibleFor({ offered }: Stock, wanting: Claimants, everyone: Roster): Eligible {
  const recipientOf = (claimant: number) => everyone.recipients[wanting.recipients[claimant]!]!;
  const tests = offered.map(({ earmark }) => (earmark ? nameTest(earmark) : null));
  const areAllEligible = offered.length === 0 || offered.some(({ earmark }) => earmark?.strength !== 'ONLY');
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
