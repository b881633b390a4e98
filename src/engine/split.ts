import { shareAtOnce } from './at-once.js';
import { claimantsOf, OpenClaims, type Claimants } from './claims.js';
import { deficitsAfter, deficitsOf } from './deficits.js';
import type { AdmissionOfAll, Decision } from './decision.js';
import { eligibleFor, hasEarmarks } from './eligibility.js';
import { answersOf } from './explanation.js';
import { fingerprint } from './fingerprint.js';
import { splitInStages } from './in-stages.js';
import { listsOf, type ItemAnswers } from './lazy.js';
import { metricsOf } from './metrics.js';
import { notesOf, notesOnMissingItems } from './notes.js';
import { pickLots, type Picked } from './picking.js';
import type { Deficit, Note, Problem, Split, StageNote, Unallocated } from './problem.js';
import { rosterOf, type Roster } from './roster.js';
import { seatsOf } from './seats.js';
import type { TieOrder } from './single-units.js';
import { shareInUnits } from './stage.js';
import { stockOf, type Stock } from './stock.js';

/**
 * Splits scarce units among recipients by the problem's policy, in whole units, and says why.
 *
 * Pure: the same problem gives the same split, in whatever order its recipients stand. Item by item, each stage decides
 * one thing: stock -> claimants -> rule -> single units -> lots -> explanation and metrics. Reasons, metrics and the
 * fingerprint are made when they are read (see `lazy.ts`), so the problem is not to be changed before.
 *
 * @param problem as `checkProblem` lets it through; quantities are whole units
 */
export function split(problem: Problem): Split {
  const everyone = rosterOf(problem.recipients);
  const unallocated: Unallocated[] = [];
  const notes: Note[] = [];
  const decisions: Decision[] = [];
  const deficits: Deficit[] | undefined = problem.policy.memory?.by === 'ROUNDING' ? [] : undefined;
  const answers: ItemAnswers[] = [];
  for (const { decision, picked, stages } of decisionsOn(problem, everyone)) {
    const { claimants } = decision;
    const names = namesOf(claimants, everyone);
    const tierOf = (claimant: number) => everyone.recipients[claimants.recipients[claimant]!]!.tier ?? null;
    answers.push(answersOf(decision, picked.lotsOf, names));
    unallocated.push(...picked.left);
    notes.push(...notesOf(decision, stages, { names, tierOf }));
    decisions.push(decision);
    if (deficits) for (const deficit of deficitsAfter(decision, names)) deficits.push(deficit);
  }
  notes.push(...notesOnMissingItems(problem));
  const found = Object.assign(listsOf(answers), { unallocated, notes, ...(deficits && { deficits }) });
  return withLater(found, {
    metrics: () => metricsByItem(decisions),
    fingerprint: () => fingerprint(problem, everyone.recipients),
  });
}

function metricsByItem(decisions: readonly Decision[]): Split['metrics'] {
  return Object.fromEntries(
    decisions.map(({ stock, claimants, units }) => [stock.item, metricsOf(stock.supply, claimants, units)]),
  );
}

type Later = { [Field in 'metrics' | 'fingerprint']: () => Split[Field] };

/** Fields that are made when they are first read. To describe a million people takes as long as to split among them. */
function withLater(found: Omit<Split, keyof Later>, later: Later): Split {
  for (const [field, make] of Object.entries<() => unknown>(later)) {
    let known: unknown;
    Object.defineProperty(found, field, { enumerable: true, configurable: true, get: () => (known ??= make()) });
  }
  return found as Split;
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
    for (let claimant = 0; claimant < units.length; claimant++) {
      const recipient = eligible.recipients[claimant]!;
      extrasSoFar[recipient]! += extrasWon[claimant]!;
      if (!open.isEmpty) open.meet(stock.item, recipient, units[claimant]!);
    }
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
  const candidates = admission.ranks.reduce((count, rank) => count + (rank > 0 ? 1 : 0), 0);
  return {
    ...admission,
    candidates: new Uint32Array(people).fill(candidates),
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
    extrasBefore: extrasOf(claimants, extrasSoFar),
    ties: {
      ties: policy.ties ?? { by: 'STABLE' },
      plan: plan ?? '',
      item,
      deficits: deficitsOf(policy, item, everyone),
    },
    policy,
  };
}

function extrasOf({ recipients }: Claimants, extrasSoFar: Uint32Array): Uint32Array {
  const extras = new Uint32Array(recipients.length);
  for (let i = 0; i < extras.length; i++) extras[i] = extrasSoFar[recipients[i]!]!;
  return extras;
}

function namesOf({ recipients }: Claimants, { ids }: Roster): readonly string[] {
  return recipients.length === ids.length ? ids : Array.from(recipients, (recipient) => ids[recipient]!);
}
