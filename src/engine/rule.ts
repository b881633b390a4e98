import { equalAwards, equalFillRates } from './equal-awards.js';
import { equalLosses } from './equal-losses.js';
import type { Policy, Rule } from './problem.js';
import { proportional } from './proportional.js';
import { areSatisfied, type Figures, type RuleFunction, type Shares } from './shares.js';
import { talmud } from './talmud.js';

/** Rules that compare awards with claims, and so mean nothing to whoever wants all there is. */
const NEEDING_CLAIMS: readonly Rule[] = ['CONSTRAINED_EQUAL_LOSSES', 'TALMUD', 'MAX_MIN_FILL_RATE'];

export function needsClaims(rule: unknown): rule is Rule {
  return NEEDING_CLAIMS.some((name) => name === rule);
}

/**
 * What the policy's rule makes of the estate, with its guarantees as floors.
 *
 * @param figures of claimants whose lows the estate covers
 */
export function sharesOf(estate: number, figures: Figures, policy: Pick<Policy, 'rule' | 'rounding'>): Shares {
  return everyoneSatisfied(estate, figures) ?? ruleOf(policy)(estate, figures);
}

function ruleOf({ rule, rounding }: Pick<Policy, 'rule' | 'rounding'>): RuleFunction {
  switch (rule) {
    case 'CONSTRAINED_EQUAL_AWARDS':
      return equalAwards;
    case 'PROPORTIONAL':
      return proportional(rounding ?? 'LARGEST_REMAINDER');
    case 'CONSTRAINED_EQUAL_LOSSES':
      return equalLosses;
    case 'TALMUD':
      return talmud;
    case 'MAX_MIN_FILL_RATE':
      return equalFillRates;
  }
}

function everyoneSatisfied(estate: number, { bounds }: Figures): Shares | null {
  if (!areSatisfied(estate, bounds)) return null;
  return {
    floors: bounds,
    contests: [],
    limitedPeople: 0,
    limitedUnits: 0,
    exactShare: (claimant) => String(bounds[claimant]),
  };
}
