import { shareAtOnce } from './at-once.js';
import { claimantsOf, OpenClaims, type Claimants } from './claims.js';
import { deficitsAfter, deficitsOf } from './deficits.js';
import type { AdmissionOfAll, Decision } from './decision.js';
import { eligibleFor, hasEarmarks } from './eligibility.js';
import { explain } from './explanation.js';
import { fingerprint } from './fingerprint.js';
import { splitInStages } from './in-stages.js';
import { metricsOf } from './metrics.js';
import { notesOf } from './notes.js';
import { pickLots, type Picked } from './picking.js';
import type { Problem, Split, StageNote } from './problem.js';
import { rosterOf, type Roster } from './roster.js';
import { seatsOf } from './seats.js';
import type { TieOrder } from './single-units.js';
import { shareInUnits } from './stage.js';
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
  const outcome: Omit<Split, 'fingerprint'> = { awards: [], withoutAward: [], unallocated: [], notes: [], metrics: {} };
  if (problem.policy.memory?.by === 'ROUNDING') outcome.deficits = [];
  for (const { decision, picked, stages } of decisionsOn(problem, everyone)) {
    const names = namesOf(decision.claimants, everyone);
    const explained = explain(decision, picked.lotsOf, names);
    outcome.awards = joined(outcome.awards, explained.awards);
    outcome.withoutAward = joined(outcome.withoutAward, explained.withoutAward);
    outcome.unallocated.push(...picked.left);
    const tierOf = (claimant: number) => everyone.recipients[decision.claimants.recipients[claimant]!]!.tier ?? null;
    outcome.notes = joined(outcome.notes, notesOf(decision, stages, { names, tierOf }));
    outcome.metrics[decision.stock.item] = metricsOf(decision.stock.supply, decision.claimants, decision.units);
    if (outcome.deficits) outcome.deficits.push(...deficitsAfter(decision, names));
  }
  return { ...outcome, fingerprint: fingerprint(problem) };
}

/** What was decided about an item, and where the units come from. */
export interface Decided {
  decision: Decision;
  picked: Picked;
  /** The order in which lots were shared, where there is one. */
  stages: StageNote[];
}

/** Decides item after item; what one item came to counts at the next. */
export function* decisionsOn(problem: Problem, everyone: Roster): Generator<Decided> {
  // Single units each recipient has had so far in this plan: what the disappointed are preferred by.
  const extrasSoFar = new Uint32Array(everyone.ids.length);
  const open = new OpenClaims(everyone);
  for (const stock of stockOf(problem)) {
    const claimants = claimantsOf(everyone, stock.item, problem.policy, open);
    const { extrasWon, ...decided } = isSharedAtOnce(problem, stock)
      ? divideAtOnce(problem, stock, claimants, { everyone, extrasSoFar })
      : divideInStages(problem, stock, claimants, { everyone, extrasSoFar });
    const { units, claimants: eligible } = decided.decision;
    eligible.recipients.forEach((recipient, claimant) => {
      extrasSoFar[recipient]! += extrasWon[claimant]!;
      if (!open.isEmpty) open.meet(stock.item, recipient, units[claimant]!);
    });
    yield decided;
  }
}

interface Divided extends Decided {
  /** Single units each claimant won. */
  extrasWon: ArrayLike<number>;
}

interface Before {
  everyone: Roster;
  extrasSoFar: Uint32Array;
}

function isSharedAtOnce({ policy }: Problem, stock: Stock): boolean {
  return !hasEarmarks(stock) && stock.sizes.length === 1 && (policy.tiers?.by ?? 'NONE') === 'NONE';
}

/** An item whose lots are all for everybody. */
function divideAtOnce(problem: Problem, stock: Stock, claimants: Claimants, before: Before): Divided {
  const { policy } = problem;
  const table = tableOf(problem, stock, claimants, before);
  const pack = stock.sizes[0]!;
  const none = new Float64Array(claimants.claims.length);
  const seats = seatsOf(claimants, null, none, pack);
  const packs = (stock.supply - stock.reserved - stock.broken) / pack;
  const { shares, singles, ...shared } = shareAtOnce(packs, seats, table);
  const inUnits = pack === 1 && claimants.received === null;
  const decision: Decision = {
    stock,
    claimants,
    units: inUnits ? shared.after : shared.after.map((after, i) => (after - seats.held[i]!) * pack),
    singles,
    exactShare: inUnits
      ? shares.exactShare
      : (claimant) => shareInUnits(shares.exactShare(claimant), pack, seats.held[claimant]!, 0),
    limitedPeople: shares.limitedPeople,
    limitedUnits: shares.limitedUnits * pack,
    manner: shares,
    pack: () => pack,
    admission: shared.admission && admissionOfAll(shared.admission),
    policy,
    ties: table.ties.ties.by,
    deficits: table.ties.deficits,
    areGuaranteesCovered: shared.areGuaranteesCovered,
    staged: null,
  };
  return { decision, picked: pickLots(decision), extrasWon: singles.extras, stages: [] };
}

function admissionOfAll(admission: { isIn: Uint8Array; ranks: Uint32Array; count: number }): AdmissionOfAll {
  const people = admission.isIn.length;
  return {
    ...admission,
    candidates: new Uint32Array(people).fill(people),
    admitted: new Uint32Array(people).fill(admission.count),
  };
}

/** An item with lots that were given for some, with tiers, or with packs of several sizes. */
function divideInStages(problem: Problem, stock: Stock, wanting: Claimants, before: Before): Divided {
  const eligible = eligibleFor(stock, wanting, before.everyone);
  const { claimants } = eligible;
  return splitInStages(stock, eligible, {
    ...tableOf(problem, stock, claimants, before),
    tiers: problem.policy.tiers ?? { by: 'NONE' },
    recipients: Array.from(claimants.recipients, (recipient) => before.everyone.recipients[recipient]!),
  });
}

function tableOf(
  { plan, policy }: Problem,
  { item }: Stock,
  claimants: Claimants,
  { everyone, extrasSoFar }: Before,
): { ids: readonly string[]; extrasBefore: Uint32Array; ties: TieOrder; policy: Problem['policy'] } {
  return {
    ids: namesOf(claimants, everyone),
    extrasBefore: claimants.recipients.map((recipient) => extrasSoFar[recipient]!),
    ties: {
      ties: policy.ties ?? { by: 'STABLE' },
      plan: plan ?? '',
      item,
      deficits: deficitsOf(policy, item, everyone),
    },
    policy,
  };
}

function namesOf({ recipients }: Claimants, { ids }: Roster): readonly string[] {
  return recipients.length === ids.length ? ids : Array.from(recipients, (recipient) => ids[recipient]!);
}

function joined<T>(before: T[], next: T[]): T[] {
  return before.length === 0 ? next : before.concat(next);
}
