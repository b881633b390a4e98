import { shareOverNetwork } from './earmark-network.js';
import { shareByRule } from './earmark-rules.js';
import type { EarmarkedEstate, EarmarkedUnits, HeldStage, SharedInStages } from './earmark-stage.js';
import { inOneForm, type Eligible } from './eligibility.js';
import type { Decision } from './explanation.js';
import { withFewerPieces } from './fewer-pieces.js';
import { unallocated, type Picked } from './picking.js';
import type { LotUnits, Pool, StageNote } from './problem.js';
import type { Shares } from './shares.js';
import type { SingleUnits } from './single-units.js';
import type { Stock } from './stock.js';

/** The split of one item with earmarked lots. */
export interface EarmarkedSplit {
  decision: Decision;
  picked: Picked;
  /** Single units each claimant won, stages together. */
  extrasWon: Uint32Array;
  stages: StageNote[];
}

/** The reserve is kept back first, in the lots that keep longest, whomever they were given for. */
export function splitEarmarked(
  stock: Stock,
  { claimants, named }: Eligible,
  given: Pick<EarmarkedEstate, 'ids' | 'extrasBefore' | 'ties' | 'policy'>,
): EarmarkedSplit {
  const kept = keptInLots(stock);
  const lots = stock.usable.map(({ id, units, earmark }, lot): EarmarkedUnits => ({
    id,
    units: units - kept[lot]!,
    eligible: named[lot]!,
    strength: earmark?.strength ?? 'ONLY',
    earmark: earmark ? inOneForm(earmark) : null,
  }));
  const estate: EarmarkedEstate = { ...given, lots, claimants };
  const { rule } = given.policy;
  const isExact = rule === 'CONSTRAINED_EQUAL_AWARDS' || rule === 'MAX_MIN_FILL_RATE';
  const shared = isExact ? shareOverNetwork(estate) : shareByRule(estate);
  const extrasWon = new Uint32Array(given.ids.length);
  for (const { singles } of shared.stages) {
    singles.extras.forEach((extra, claimant) => {
      extrasWon[claimant]! += extra;
    });
  }
  return {
    decision: {
      ...togetherOf(estate, shared.stages),
      stock,
      claimants,
      policy: given.policy,
      ties: given.ties.ties.by,
      areGuaranteesCovered: shared.areGuaranteesCovered,
    },
    picked: pickedOf(stock, shared, kept),
    extrasWon,
    stages: shared.stages.map(({ lots: within, units, members }) => ({
      lots: within.map((lot) => lots[lot]!.id),
      units,
      people: members.length,
    })),
  };
}

function keptInLots({ usable, reserved }: Stock): Float64Array {
  const kept = new Float64Array(usable.length);
  let missing = reserved;
  for (let lot = usable.length - 1; lot >= 0; lot--) {
    kept[lot] = Math.min(missing, usable[lot]!.units);
    missing -= kept[lot]!;
  }
  return kept;
}

function pickedOf({ usable, expired }: Stock, { piecesOf, left }: SharedInStages, kept: Float64Array): Picked {
  const partsOf = (units: Float64Array) => usable.map(({ id }, lot): LotUnits => ({ lot: id, units: units[lot]! }));
  return {
    lotsOf: withFewerPieces(piecesOf, usable.length).map((pieces) =>
      pieces.map(({ lot, units }) => ({ lot: usable[lot]!.id, units })),
    ),
    left: [
      ...unallocated(expired, 'EXPIRED'),
      ...unallocated(partsOf(left), 'NO_ELIGIBLE_CLAIM'),
      ...unallocated(partsOf(kept), 'RESERVED'),
    ],
  };
}

const NOTHING_LEFT: Pool = { units: 0, people: 0, earmarks: [], before: 0, bestPlacesWin: true };

/** What all stages come to: everybody's reasons are those of the stage that decided her award. */
function togetherOf(
  { ids }: EarmarkedEstate,
  stages: readonly HeldStage[],
): Pick<Decision, 'shares' | 'singles' | 'units' | 'earmarked'> {
  const decisive = decisiveStages(stages, ids.length);
  const units = (stages.at(-1)?.after ?? new Float64Array(ids.length)).slice();
  const singles: SingleUnits = {
    extras: new Uint8Array(ids.length),
    ranks: new Uint32Array(ids.length),
    contestOf: new Uint32Array(ids.length),
    contests: stages.flatMap((stage) => stage.singles.contests),
    extrasBefore: new Uint32Array(ids.length),
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
  const shares: Shares = {
    floors: units.map((held, claimant) => held - singles.extras[claimant]!),
    contests: [],
    limitedPeople: 0,
    limitedUnits: 0,
    exactShare: (claimant) => stages[decisive[claimant]!]?.exactShare(claimant) ?? '0',
  };
  return {
    shares,
    singles,
    units,
    earmarked: (claimant) => {
      const stage = stages[decisive[claimant]!];
      if (stage === undefined) return { pool: NOTHING_LEFT, manner: {} };
      return { pool: { ...stage.poolOf(claimant), before: stage.before[claimant]! }, manner: stage.manner };
    },
  };
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
