import { SharingByNetwork } from './by-network.js';
import { SharingByRule } from './by-rule.js';
import { hasEarmarks, type Eligible } from './eligibility.js';
import type { Decision, Staged } from './decision.js';
import { withFewerPieces } from './fewer-pieces.js';
import { tierOfClaimants } from './offers.js';
import { leftReasons, type Picked } from './picking.js';
import type { LotUnits, Pool, RecipientClaim, StageNote, Tiers } from './problem.js';
import { roundsOf, tiersOf, type TierMembers } from './rounds.js';
import type { SingleUnits } from './single-units.js';
import type { HeldStage, Piece, RoundAdmission, SharedInStages, StagedEstate } from './stage.js';
import type { Stock } from './stock.js';

/** The split of one item that is shared in several steps. */
export interface StagedSplit {
  decision: Decision;
  picked: Picked;
  /** Single units each claimant won, stages together. */
  extrasWon: Uint32Array;
  stages: StageNote[];
}

/** Shares an item with earmarked lots, with tiers, or with packs of several sizes. */
export function splitInStages(
  stock: Stock,
  { claimants, named }: Eligible,
  given: Pick<StagedEstate, 'ids' | 'extrasBefore' | 'ties' | 'policy'> & {
    tiers: Tiers;
    recipients: readonly RecipientClaim[];
  },
): StagedSplit {
  const estate: StagedEstate = { ...given, lots: stock.offered, named, claimants };
  const { rule } = given.policy;
  const isExact = rule === 'CONSTRAINED_EQUAL_AWARDS' || rule === 'MAX_MIN_FILL_RATE';
  const sharing = isExact && hasEarmarks(stock) ? new SharingByNetwork(estate) : new SharingByRule(estate);
  const tiers = tiersOf(given.recipients, given.tiers);
  const rounds = roundsOf(stock, { claimants, named }, tiers, given.tiers.by);
  for (const round of rounds) sharing.hold(round);
  if (claimants.minimumLot !== null && stock.sizes.length > 1) {
    // Who was given a minimum lot of small packs may now have large ones that were no minimum lot for her alone.
    for (const round of rounds) if (!round.isNamed && round.step.by !== 'RESERVED') sharing.hold(round);
  }
  const shared = sharing.result();
  const extrasWon = new Uint32Array(given.ids.length);
  for (const { singles } of shared.stages) {
    singles.extras.forEach((extra, claimant) => {
      extrasWon[claimant]! += extra;
    });
  }
  const decision: Decision = {
    ...togetherOf(estate, shared, nothingFor(tiers, given.tiers.by)),
    stock,
    claimants,
    policy: given.policy,
    ties: given.ties.ties.by,
    deficits: given.ties.deficits,
  };
  return {
    decision,
    picked: pickedOf(decision, shared, named),
    extrasWon,
    stages: shared.stages.map(({ lots, units, members, poolOf }) => ({
      lots: lots.map((lot) => stock.offered[lot]!.id),
      units,
      people: members.length,
      ...tierOfStage(poolOf(members[0]!)),
    })),
  };
}

function tierOfStage({ step, tier }: Pick<Pool, 'step' | 'tier'>): Pick<StageNote, 'tier'> {
  return step === 'STRICT' ? { tier } : {};
}

function pickedOf(decision: Decision, { piecesOf, left }: SharedInStages, named: Eligible['named']): Picked {
  const { offered } = decision.stock;
  const parts = offered.map(({ id }, lot): LotUnits => ({ lot: id, units: left[lot]! }));
  let lotsOf: LotUnits[][] | undefined;
  const pick = () =>
    piecesBySize(piecesOf, decision.stock).map((pieces) =>
      pieces.map(({ lot, units }) => ({ lot: offered[lot]!.id, units })),
    );
  return {
    lotsOf: () => (lotsOf ??= pick()),
    left: leftReasons(decision, parts, named),
  };
}

/** Fewer pieces, exchanged among lots with packs of one size, so that they stay whole. */
function piecesBySize(piecesOf: SharedInStages['piecesOf'], { offered, sizes }: Stock): Piece[][] {
  const bySize = sizes.map((pack) =>
    withFewerPieces(
      piecesOf.map((pieces) => pieces.filter(({ lot }) => offered[lot]!.pack === pack)),
      offered.length,
    ),
  );
  if (bySize.length === 1) return bySize[0]!;
  return piecesOf.map((_, claimant) => bySize.flatMap((pieces) => pieces[claimant]!).sort((a, b) => a.lot - b.lot));
}

/** The pool of whoever came to an empty table. */
function nothingFor(tiers: readonly TierMembers[], by: Tiers['by']): (claimant: number) => Pool {
  const tierOf = by === 'STRICT' ? tierOfClaimants({ by: 'RESERVED', tiers }) : () => null;
  return (claimant) => ({
    units: 0,
    people: 0,
    earmarks: [],
    before: 0,
    bestPlacesWin: true,
    step: by === 'STRICT' ? by : null,
    tier: tierOf(claimant),
  });
}

type Together = Omit<Decision, 'stock' | 'claimants' | 'policy' | 'ties' | 'deficits'>;

/** What all stages come to: everybody's reasons are those of the stage that decided her award. */
function togetherOf(
  { ids, claimants, lots }: StagedEstate,
  { stages, units, admissions }: SharedInStages,
  nothingFor: (claimant: number) => Pool,
): Together {
  const decisive = decisiveStages(stages, ids.length);
  const { guarantee, bounds } = claimants;
  const smallest = lots.reduce((least, { pack }) => Math.min(least, pack), Infinity);
  const isShort = (award: number, i: number) => award + smallest <= Math.min(guarantee!, bounds[i]!);
  return {
    units,
    singles: singlesOf(stages, decisive, ids.length),
    exactShare: (claimant) => stages[decisive[claimant]!]?.exactShare(claimant) ?? '0',
    limitedPeople: 0,
    limitedUnits: 0,
    manner: {},
    pack: (claimant) => stages[decisive[claimant]!]?.pack ?? 1,
    admission: admissionOf(admissions, ids.length),
    areGuaranteesCovered: guarantee === null || !units.some(isShort),
    staged: stagedOf(stages, decisive, nothingFor),
  };
}

function stagedOf(stages: readonly HeldStage[], decisive: Int32Array, nothingFor: (claimant: number) => Pool): Staged {
  return (claimant) => {
    const stage = stages[decisive[claimant]!];
    if (stage === undefined) return { pool: nothingFor(claimant), manner: {} };
    return { pool: { ...stage.poolOf(claimant), before: stage.before[claimant]! }, manner: stage.manner };
  };
}

function singlesOf(stages: readonly HeldStage[], decisive: Int32Array, count: number): SingleUnits {
  const singles: SingleUnits = {
    extras: new Uint8Array(count),
    ranks: new Uint32Array(count),
    contestOf: new Uint32Array(count),
    contests: stages.flatMap((stage) => stage.singles.contests),
    extrasBefore: new Uint32Array(count),
  };
  let contestsBefore = 0;
  stages.forEach((stage, s) => {
    for (const claimant of stage.members) {
      if (decisive[claimant] !== s) continue;
      singles.extras[claimant] = stage.singles.extras[claimant]!;
      singles.ranks[claimant] = stage.singles.ranks[claimant]!;
      singles.contestOf[claimant] = contestsBefore + stage.singles.contestOf[claimant]!;
      singles.extrasBefore[claimant] = stage.singles.extrasBefore[claimant]!;
    }
    contestsBefore += stage.singles.contests.length;
  });
  return singles;
}

/** Whoever was admitted in any round is in; the place is that of the last round in which she was a candidate. */
function admissionOf(rounds: readonly RoundAdmission[], count: number): Decision['admission'] {
  if (rounds.length === 0) return null;
  const all = {
    isIn: new Uint8Array(count),
    ranks: new Uint32Array(count),
    candidates: new Uint32Array(count),
    admitted: new Uint32Array(count),
  };
  for (const { candidates, isIn, ranks, count: admittedCount } of rounds) {
    for (const claimant of candidates) {
      if (all.isIn[claimant]) continue;
      all.isIn[claimant] = isIn[claimant]!;
      all.ranks[claimant] = ranks[claimant]!;
      all.candidates[claimant] = candidates.length;
      all.admitted[claimant] = admittedCount;
    }
  }
  return all;
}

/** The last stage that gave her a unit or let her contend for one; else the last she took part in; else -1. */
function decisiveStages(stages: readonly HeldStage[], count: number): Int32Array {
  const decisive = new Int32Array(count).fill(-1);
  const isSettled = new Uint8Array(count);
  stages.forEach(({ members, before, after, singles }, s) => {
    for (const claimant of members) {
      const matters = after[claimant]! > before[claimant]! || singles.ranks[claimant]! > 0;
      if (!matters && isSettled[claimant]) continue;
      decisive[claimant] = s;
      if (matters) isSettled[claimant] = 1;
    }
  });
  return decisive;
}
