import { claimantsOf } from './claims.js';
import { explain, type Decision } from './explanation.js';
import { fingerprint } from './fingerprint.js';
import { metricsOf } from './metrics.js';
import { pickLots } from './picking.js';
import type { Problem, Split } from './problem.js';
import { rosterOf, type Roster } from './roster.js';
import { ruleNamed } from './rule.js';
import { giveSingleUnits } from './single-units.js';
import { stockOf, type Stock } from './stock.js';

/**
 * Splits scarce units among recipients by the problem's policy, in whole units, and says why.
 *
 * Pure: the same problem gives the same split, in whatever order its recipients stand. Item by item, each stage decides
 * one thing: stock -> claimants -> rule -> single units -> lots -> explanation and metrics.
 *
 * @param problem as `checkProblem` lets it through; quantities are whole units
 * @throws RangeError for a rule that is not supported (`checkProblem` refuses it before)
 */
export function split(problem: Problem): Split {
  const everyone = rosterOf(problem.recipients);
  // Single units each recipient has had so far in this plan: what the disappointed are preferred by.
  const extrasSoFar = new Uint32Array(everyone.ids.length);
  const outcome: Omit<Split, 'fingerprint'> = { awards: [], withoutAward: [], unallocated: [], metrics: {} };
  for (const stock of stockOf(problem)) {
    const decision = decide(problem, stock, everyone, extrasSoFar);
    const { recipients } = decision.claimants;
    const { lotsOf, left } = pickLots(decision.units, stock);
    const explained = explain(decision, lotsOf, namesOf(recipients, everyone));
    recipients.forEach((recipient, claimant) => {
      extrasSoFar[recipient]! += decision.singles.extras[claimant]!;
    });
    outcome.awards = joined(outcome.awards, explained.awards);
    outcome.withoutAward = joined(outcome.withoutAward, explained.withoutAward);
    outcome.unallocated.push(...left);
    outcome.metrics[stock.item] = metricsOf(stock.supply, decision.claimants, decision.units);
  }
  return { ...outcome, fingerprint: fingerprint(problem) };
}

function decide({ plan, policy }: Problem, stock: Stock, everyone: Roster, extrasSoFar: Uint32Array): Decision {
  const { item, supply, reserved } = stock;
  const ties = policy.ties ?? { by: 'STABLE' };
  const claimants = claimantsOf(everyone, item, policy);
  const shares = ruleNamed(policy.rule)(supply - reserved, claimants);
  const extrasBefore = claimants.recipients.map((recipient) => extrasSoFar[recipient]!);
  const singles = giveSingleUnits(shares, namesOf(claimants.recipients, everyone), extrasBefore, {
    ties,
    plan: plan ?? '',
    item,
  });
  const units = shares.floors.map((floor, claimant) => floor + singles.extras[claimant]!);
  return { stock, claimants, shares, singles, units, ties: ties.by };
}

function namesOf(recipients: Uint32Array, { ids }: Roster): readonly string[] {
  return recipients.length === ids.length ? ids : Array.from(recipients, (recipient) => ids[recipient]!);
}

function joined<T>(before: T[], next: T[]): T[] {
  return before.length === 0 ? next : before.concat(next);
}
