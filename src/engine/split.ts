import { claimantsOf } from './claims.js';
import { splitEarmarked } from './earmarked.js';
import { eligibleFor, hasEarmarks } from './eligibility.js';
import { explain, type Decision } from './explanation.js';
import { fingerprint } from './fingerprint.js';
import { areCovered, giveGuaranteesInTurn } from './guarantees.js';
import { metricsOf } from './metrics.js';
import { pickLots, type Picked } from './picking.js';
import type { Note, Problem, Split, StageNote } from './problem.js';
import { rosterOf, type Roster } from './roster.js';
import { notesOf } from './notes.js';
import { sharesOf } from './rule.js';
import { giveSingleUnits } from './single-units.js';
import { stockOf, type Stock } from './stock.js';

/**
 * Splits scarce units among recipients by the problem's policy, in whole units, and says why.
 *
 * Pure: the same problem gives the same split, in whatever order its recipients stand. Item by item, each stage decides
 * one thing: stock -> claimants -> rule -> single units -> lots -> explanation and metrics.
 *
 * @param problem as `checkProblem` lets it through; quantities are whole units
 */
export function split(problem: Problem): Split {
  const everyone = rosterOf(problem.recipients);
  // Single units each recipient has had so far in this plan: what the disappointed are preferred by.
  const extrasSoFar = new Uint32Array(everyone.ids.length);
  const outcome: Omit<Split, 'fingerprint'> = { awards: [], withoutAward: [], unallocated: [], notes: [], metrics: {} };
  for (const stock of stockOf(problem)) {
    const { decision, picked, extrasWon, stages } = hasEarmarks(stock)
      ? divideEarmarked(problem, stock, everyone, extrasSoFar)
      : divide(problem, stock, everyone, extrasSoFar);
    const { recipients } = decision.claimants;
    const { lotsOf, left } = picked;
    const explained = explain(decision, lotsOf, namesOf(recipients, everyone));
    recipients.forEach((recipient, claimant) => {
      extrasSoFar[recipient]! += extrasWon[claimant]!;
    });
    outcome.awards = joined(outcome.awards, explained.awards);
    outcome.withoutAward = joined(outcome.withoutAward, explained.withoutAward);
    outcome.unallocated.push(...left);
    outcome.notes = joined(outcome.notes, notesOn(decision, stages, everyone));
    outcome.metrics[stock.item] = metricsOf(stock.supply, decision.claimants, decision.units);
  }
  return { ...outcome, fingerprint: fingerprint(problem) };
}

interface Divided {
  decision: Decision;
  picked: Picked;
  /** Single units each claimant won. */
  extrasWon: ArrayLike<number>;
  /** The order in which lots were shared, where there is one. */
  stages: StageNote[];
}

/** An item whose lots are all for everybody. */
function divide(problem: Problem, stock: Stock, everyone: Roster, extrasSoFar: Uint32Array): Divided {
  const decision = decide(problem, stock, everyone, extrasSoFar);
  return { decision, picked: pickLots(decision.units, stock), extrasWon: decision.singles.extras, stages: [] };
}

/** An item with lots that were given for some. */
function divideEarmarked({ plan, policy }: Problem, stock: Stock, everyone: Roster, extrasSoFar: Uint32Array): Divided {
  const eligible = eligibleFor(stock, claimantsOf(everyone, stock.item, policy), everyone);
  const { recipients } = eligible.claimants;
  return splitEarmarked(stock, eligible, {
    ids: namesOf(recipients, everyone),
    extrasBefore: recipients.map((recipient) => extrasSoFar[recipient]!),
    ties: { ties: policy.ties ?? { by: 'STABLE' }, plan: plan ?? '', item: stock.item },
    policy,
  });
}

function decide({ plan, policy }: Problem, stock: Stock, everyone: Roster, extrasSoFar: Uint32Array): Decision {
  const { item, supply, reserved } = stock;
  const ties = policy.ties ?? { by: 'STABLE' };
  const claimants = claimantsOf(everyone, item, policy);
  const ids = namesOf(claimants.recipients, everyone);
  const estate = supply - reserved;
  const common = { stock, claimants, policy, ties: ties.by, earmarked: null };
  const tieOrder = { ties, plan: plan ?? '', item };
  if (!areCovered(estate, claimants)) {
    const { shares, singles } = giveGuaranteesInTurn(estate, claimants, ids, tieOrder);
    return { ...common, shares, singles, units: shares.floors, areGuaranteesCovered: false };
  }
  const shares = sharesOf(estate, claimants, policy);
  const extrasBefore = claimants.recipients.map((recipient) => extrasSoFar[recipient]!);
  const singles = giveSingleUnits(shares, ids, extrasBefore, tieOrder);
  const units = shares.floors.map((floor, claimant) => floor + singles.extras[claimant]!);
  return { ...common, shares, singles, units, areGuaranteesCovered: true };
}

function notesOn({ stock, claimants, areGuaranteesCovered }: Decision, stages: StageNote[], { ids }: Roster): Note[] {
  const { item, supply, reserved } = stock;
  const nameOf = (claimant: number) => ids[claimants.recipients[claimant]!]!;
  return notesOf(item, supply - reserved, claimants, { areGuaranteesCovered, stages, nameOf });
}

function namesOf(recipients: Uint32Array, { ids }: Roster): readonly string[] {
  return recipients.length === ids.length ? ids : Array.from(recipients, (recipient) => ids[recipient]!);
}

function joined<T>(before: T[], next: T[]): T[] {
  return before.length === 0 ? next : before.concat(next);
}
