import { checkProblem } from './check.js';
import type { Decision } from './decision.js';
import { hasEarmarks } from './eligibility.js';
import { metricsOf } from './metrics.js';
import { RULES, type Metrics, type Problem, type Rule } from './problem.js';
import { rosterOf, type Roster } from './roster.js';
import { decisionsOn } from './split.js';
import { stockOf, type Stock } from './stock.js';

/** Whose award changes, and by how much, if there were one unit more of an item: one pack, where packs are shared. */
export interface OneMore {
  item: string;
  /** The lot that holds one more; null where all lots are for everybody, so that it does not matter which. */
  lot: string | null;
  /** Units more; fewer under largest remainders, where more to share may give somebody less (the Alabama paradox). */
  changes: { recipient: string; units: number }[];
}

/**
 * To whom one more unit would go: for every item, and for every lot of it where some are earmarked. What nobody would
 * take has no changes. Items without a lot that can be given are left out.
 *
 * @param problem as `checkProblem` lets it through
 * @param most answers, each of which is a split of its own; those for the first items and lots
 */
export function oneMoreUnit(problem: Problem, most = Infinity): OneMore[] {
  const everyone = rosterOf(problem.recipients);
  const before = new Map<string, Map<string, number>>();
  for (const { decision } of decisionsOn(problem, everyone)) {
    before.set(decision.stock.item, unitsByName(decision, everyone));
  }
  const variants = stockOf(problem).flatMap((stock) => variantsOf(stock).map((variant) => ({ stock, ...variant })));
  return variants.slice(0, most).map(({ stock, lot, reported }) => {
    const after = unitsWithOneMore(problem, stock, lot, everyone);
    return { item: stock.item, lot: reported, changes: changesBetween(before.get(stock.item)!, after) };
  });
}

/** A policy's figures under another rule; null where the rule compares with claims and somebody states none or too many. */
export interface Alternative {
  rule: Rule;
  metrics: Record<string, Metrics> | null;
}

/**
 * The same stock for the same people under the other rules, everything else of the policy as it is: what a rule costs,
 * before it is chosen.
 *
 * @param problem as `checkProblem` lets it through
 */
export function alternativesTo(problem: Problem): Alternative[] {
  const everyone = rosterOf(problem.recipients);
  return RULES.filter((rule) => rule !== problem.policy.rule).map((rule) => {
    const other = { ...problem, policy: { ...problem.policy, rule } };
    // Claims may be missing, or too large to be shared by under this rule.
    if ('faults' in checkProblem(other)) return { rule, metrics: null };
    const metrics: Record<string, Metrics> = {};
    for (const { decision } of decisionsOn(other, everyone)) {
      const { stock, claimants, units } = decision;
      metrics[stock.item] = metricsOf(stock.supply, claimants, units);
    }
    return { rule, metrics };
  });
}

function variantsOf(stock: Stock): { lot: string; reported: string | null }[] {
  const [first] = stock.offered;
  if (first === undefined) return [];
  return hasEarmarks(stock)
    ? stock.offered.map(({ id }) => ({ lot: id, reported: id }))
    : [{ lot: first.id, reported: null }];
}

function unitsWithOneMore(
  problem: Problem,
  { item, offered }: Stock,
  lot: string,
  everyone: Roster,
): Map<string, number> {
  const { pack } = offered.find(({ id }) => id === lot)!;
  const lots = problem.lots.map((one) => (one.id === lot ? { ...one, units: one.units + pack } : one));
  for (const { decision } of decisionsOn({ ...problem, lots }, everyone)) {
    if (decision.stock.item === item) return unitsByName(decision, everyone);
  }
  return new Map();
}

function unitsByName({ claimants, units }: Decision, { ids }: Roster): Map<string, number> {
  return new Map(Array.from(units, (award, claimant) => [ids[claimants.recipients[claimant]!]!, award]));
}

function changesBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): OneMore['changes'] {
  return Array.from(after, ([recipient, units]) => ({ recipient, units: units - (before.get(recipient) ?? 0) })).filter(
    ({ units }) => units !== 0,
  );
}
