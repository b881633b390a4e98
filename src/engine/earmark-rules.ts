import {
  distinctEarmarks,
  type EarmarkedEstate,
  type HeldStage,
  type Piece,
  type SharedInStages,
} from './earmark-stage.js';
import { valuesAt } from './eligibility.js';
import { stagesOf, type Stage } from './network-stages.js';
import { positions } from './ordering.js';
import { sharesOf } from './rule.js';
import { giveSingleUnits, type SingleUnits } from './single-units.js';

/**
 * Shares lots with earmarks by a rule for one estate, stage by stage: first the `FIRST` lots, as if their earmarks were
 * hard; then what they left over, for everybody, with the other lots. Each time the lots for the fewest people come
 * first. What earlier stages gave counts: the rule shares it once more together with the stage's lots, only that nobody
 * ends with less than she has.
 */
export function shareByRule(estate: EarmarkedEstate): SharedInStages {
  const sharing = new Sharing(estate);
  const all = Array.from(estate.lots.keys());
  sharing.hold(
    all.filter((lot) => isFirst(estate, lot)),
    (lot) => estate.lots[lot]!.eligible,
    true,
  );
  sharing.hold(all, (lot) => (isFirst(estate, lot) ? null : estate.lots[lot]!.eligible), false);
  return sharing.result();
}

function isFirst({ lots }: EarmarkedEstate, lot: number): boolean {
  return lots[lot]!.strength === 'FIRST';
}

class Sharing {
  readonly #stages: HeldStage[] = [];
  readonly #pieces: Piece[][];
  readonly #left: Float64Array;
  #held: Float64Array;
  readonly #extras: Uint32Array;

  constructor(private readonly estate: EarmarkedEstate) {
    const { lots, ids, extrasBefore } = estate;
    this.#left = Float64Array.from(lots, ({ units }) => units);
    this.#pieces = ids.map(() => []);
    this.#held = new Float64Array(ids.length);
    this.#extras = extrasBefore.slice();
  }

  /** Shares what is left in some lots, the stages for the fewest people first. */
  hold(some: readonly number[], eligibleOf: (lot: number) => readonly number[] | null, isNamed: boolean): void {
    const stocked = some.filter((lot) => this.#left[lot]! > 0);
    const people = this.estate.ids.length;
    const list = stocked.map((lot) => ({
      id: this.estate.lots[lot]!.id,
      units: this.#left[lot]!,
      eligible: eligibleOf(lot),
    }));
    for (const stage of stagesOf(list, people)) {
      const lots = stage.lots.map((place) => stocked[place]!);
      const members = stage.eligible ? Uint32Array.from(stage.eligible) : positions(people);
      if (members.length > 0) this.#share({ ...stage, lots }, members, isNamed);
    }
  }

  result(): SharedInStages {
    for (const pieces of this.#pieces) pieces.sort((a, b) => a.lot - b.lot);
    return { stages: this.#stages, piecesOf: this.#pieces, left: this.#left, areGuaranteesCovered: true };
  }

  #share({ lots, units }: Stage, members: Uint32Array, isNamed: boolean): void {
    const { claimants, ids, policy, ties } = this.estate;
    const before = this.#held;
    const lows = valuesAt(before, members);
    const figures = {
      claims: valuesAt(claimants.claims, members),
      bounds: valuesAt(claimants.bounds, members),
      weights: valuesAt(claimants.weights, members),
      lows,
    };
    const shares = sharesOf(
      lows.reduce((sum, low) => sum + low, units),
      figures,
      policy,
    );
    const names = Array.from(members, (claimant) => ids[claimant]!);
    const extrasBefore = Uint32Array.from(members, (claimant) => this.#extras[claimant]!);
    const singles = giveSingleUnits(shares, names, extrasBefore, ties);
    const after = before.slice();
    const placeOf = new Map<number, number>();
    members.forEach((claimant, place) => {
      after[claimant] = shares.floors[place]! + singles.extras[place]!;
      placeOf.set(claimant, place);
    });
    const earmarks = lots.map((lot) => {
      const { earmark } = this.estate.lots[lot]!;
      return earmark?.strength === 'FIRST' && !isNamed ? null : earmark;
    });
    const pool = { units, people: members.length, earmarks: distinctEarmarks(earmarks), bestPlacesWin: true };
    this.#stages.push({
      lots,
      units,
      members,
      before,
      after,
      singles: forAll(singles, members, this.#extras.slice()),
      exactShare: (claimant) => shares.exactShare(placeOf.get(claimant)!),
      poolOf: () => pool,
      manner: shares,
    });
    this.#held = after;
    members.forEach((claimant, place) => {
      this.#extras[claimant]! += singles.extras[place]!;
    });
    this.#pick(lots, members, before);
  }

  /** One member after the other from one lot after the other, so that few are cut in pieces. */
  #pick(lots: readonly number[], members: Uint32Array, before: Float64Array): void {
    let place = 0;
    for (const claimant of members) {
      for (let missing = this.#held[claimant]! - before[claimant]!; missing > 0;) {
        const lot = lots[place]!;
        const units = Math.min(missing, this.#left[lot]!);
        if (units > 0) this.#pieces[claimant]!.push({ lot, units });
        this.#left[lot]! -= units;
        missing -= units;
        if (missing > 0) place++;
      }
    }
  }
}

function forAll(singles: SingleUnits, members: Uint32Array, extrasBefore: Uint32Array): SingleUnits {
  const extras = new Uint8Array(extrasBefore.length);
  const ranks = new Uint32Array(extrasBefore.length);
  const contestOf = new Uint32Array(extrasBefore.length);
  members.forEach((claimant, place) => {
    extras[claimant] = singles.extras[place]!;
    ranks[claimant] = singles.ranks[place]!;
    contestOf[claimant] = singles.contestOf[place]!;
  });
  return { extras, ranks, contestOf, contests: singles.contests, extrasBefore };
}
