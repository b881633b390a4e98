import { shareAtOnce, type SharedAtOnce } from './at-once.js';
import { admissionAmong, admissionOrder, type Admitted } from './admission.js';
import { leximinOver } from './network.js';
import { stagesOf, type Stage } from './network-stages.js';
import { positions } from './ordering.js';
import { among, partsOf, type OpenLot, type Round, type TierMembers } from './rounds.js';
import { seatsOf, type Seats } from './seats.js';
import { placesInTieOrder, type SingleUnits } from './single-units.js';
import {
  distinctEarmarks,
  shareInUnits,
  type HeldStage,
  type Piece,
  type RoundAdmission,
  type SharedInStages,
  type StagedEstate,
} from './stage.js';

/** Units of a lot that are open to some: what is left of it, or a part of that. */
interface Offer extends OpenLot {
  id: string;
  units: number;
}

/**
 * Shares an item by a rule for one estate, round by round and in each round stage by stage: lots for the same people
 * are one estate, those for the fewest people come first. What earlier stages gave counts: the rule shares it once more
 * together with the stage's lots, only that nobody ends with less than she has.
 *
 * Where guarantees or minimum lots must hold over several stages, they are routed through all lots of the round first.
 */
export class SharingByRule {
  readonly #stages: HeldStage[] = [];
  readonly #admissions: RoundAdmission[] = [];
  readonly #pieces: Piece[][];
  readonly #left: Float64Array;
  #awarded: Float64Array;
  readonly #extras: Uint32Array;

  constructor(private readonly estate: StagedEstate) {
    const { lots, ids, extrasBefore } = estate;
    this.#left = Float64Array.from(lots, ({ units }) => units);
    this.#pieces = ids.map(() => []);
    this.#awarded = new Float64Array(ids.length);
    this.#extras = extrasBefore.slice();
  }

  hold(round: Round): void {
    const people = this.estate.ids.length;
    const isOut = new Uint8Array(people);
    let offers = this.#offersOf(round);
    const open = stagesOf(offers, people);
    if (open.length > 1 && this.#hasFloors) {
      this.#giveFloors(offers, round.pack, isOut);
      offers = this.#offersOf(round);
    }
    for (const stage of stagesOf(offers, people)) {
      const members = (stage.eligible ? Uint32Array.from(stage.eligible) : positions(people)).filter(
        (claimant) => !isOut[claimant] && this.#hasRoom(claimant, round.pack),
      );
      if (members.length > 0) this.#share(round, { stage, offers, members, isAdmitted: open.length > 1 });
    }
  }

  result(): SharedInStages {
    for (const pieces of this.#pieces) pieces.sort((a, b) => a.lot - b.lot);
    return {
      stages: this.#stages,
      admissions: this.#admissions,
      units: this.#awarded,
      piecesOf: this.#pieces,
      left: this.#left,
    };
  }

  get #hasFloors(): boolean {
    const { guarantee, minimumLot } = this.estate.claimants;
    return guarantee !== null || minimumLot !== null;
  }

  /** Whoever has no room for a pack and holds none has no part in what the others get. */
  #hasRoom(claimant: number, pack: number): boolean {
    const { bounds } = this.estate.claimants;
    return this.#awarded[claimant]! > 0 || bounds[claimant]! >= pack;
  }

  #offersOf({ lots, pack, step }: Round): Offer[] {
    const offer = ({ lot, eligible }: OpenLot, units: number): Offer => {
      return { lot, eligible, units, id: this.estate.lots[lot]!.id };
    };
    const stocked = lots.filter(({ lot }) => this.#left[lot]! > 0);
    switch (step.by) {
      case 'ALL':
        return stocked.map((open) => offer(open, this.#left[open.lot]!));
      case 'STRICT':
        return stocked.map(({ lot, eligible }) =>
          offer({ lot, eligible: among(eligible, step.tier.members) }, this.#left[lot]!),
        );
      case 'RESERVED':
        return cutInOffers(stocked, step.tiers, (lot) => this.#left[lot]! / pack).map(({ packs, ...open }) =>
          offer(open, packs * pack),
        );
    }
  }

  /** Gives everybody what she may not end with less of, as far as it can be routed; the others are out or left short. */
  #giveFloors(offers: readonly Offer[], pack: number, isOut: Uint8Array): void {
    const { claimants, ids, ties, policy } = this.estate;
    const seats = seatsOf(claimants, null, this.#awarded, pack);
    const floors = seats.guaranteed.map((guaranteed, i) => Math.max(guaranteed, seats.minimums?.[i] ?? 0));
    const lots = offers.map(({ units, eligible }) => ({ units: units / pack, eligible }));
    const order = seats.minimums
      ? admissionOrder(seats.claims, ids, ties, policy.admit)
      : placesInTieOrder(positions(ids.length), ids, ties);
    const rankOf = new Uint32Array(ids.length);
    order.forEach((claimant, rank) => {
      rankOf[claimant] = rank;
    });
    const route = (minimums: Float64Array) =>
      leximinOver({ lots, bounds: minimums, minimums, given: seats.held, weights: seats.weights }, rankOf);
    const everyone = offers.some(({ eligible }) => eligible === null);
    const named = new Set(offers.flatMap(({ eligible }) => eligible ?? []));
    const isOpenTo = (claimant: number) => everyone || named.has(claimant);
    let routed = route(floors);
    if (seats.minimums) {
      const admitted = floors.map((floor, i) => {
        const isIn = seats.held[i]! + routed.units[i]! >= seats.minimums![i]!;
        if (!isIn) isOut[i] = 1;
        return isIn ? floor : seats.held[i]!;
      });
      if (isOut.includes(1)) routed = route(admitted);
      const candidates = positions(ids.length).filter((i) => this.#hasRoom(i, pack) && isOpenTo(i));
      const isIn = isOut.map((out) => 1 - out);
      this.#admissions.push({ candidates, ...admissionAmong(candidates, order, isIn) });
    }
    const { starts, lots: lotOf, units } = routed.flow;
    const awarded = this.#awarded.slice();
    for (let claimant = 0; claimant < ids.length; claimant++) {
      for (let piece = starts[claimant]!; piece < starts[claimant + 1]!; piece++) {
        this.#take(claimant, offers[lotOf[piece]!]!.lot, units[piece]! * pack);
        awarded[claimant]! += units[piece]! * pack;
      }
    }
    this.#awarded = awarded;
  }

  #share(
    round: Round,
    at: { stage: Stage; offers: readonly Offer[]; members: Uint32Array; isAdmitted: boolean },
  ): void {
    const { stage, offers, members, isAdmitted } = at;
    const { claimants, ids, policy, ties } = this.estate;
    const { pack } = round;
    const before = this.#awarded;
    const seats = seatsOf(claimants, members, before, pack);
    const shared = shareAtOnce(stage.units / pack, isAdmitted ? { ...seats, minimums: null } : seats, {
      ids: Array.from(members, (claimant) => ids[claimant]!),
      extrasBefore: Uint32Array.from(members, (claimant) => this.#extras[claimant]!),
      ties,
      policy,
    });
    this.#awarded = before.slice();
    members.forEach((claimant, place) => {
      this.#awarded[claimant]! += (shared.after[place]! - seats.held[place]!) * pack;
    });
    if (shared.admission)
      this.#admissions.push({ candidates: members, ...this.#spreadOver(shared.admission, members) });
    this.#stages.push(this.#stageOf(round, at, shared, { seats, before }));
    members.forEach((claimant, place) => {
      this.#extras[claimant]! += shared.singles.extras[place]!;
    });
    this.#pick(
      stage.lots.map((place) => offers[place]!),
      members,
      before,
    );
  }

  #stageOf(
    { isNamed, pack, step }: Round,
    { stage, offers, members }: { stage: Stage; offers: readonly Offer[]; members: Uint32Array },
    { shares, singles, areGuaranteesCovered }: SharedAtOnce,
    { seats, before }: { seats: Seats; before: Float64Array },
  ): HeldStage {
    const placeOf = new Map(Array.from(members, (claimant, place) => [claimant, place]));
    const lots = Array.from(new Set(stage.lots.map((place) => offers[place]!.lot)));
    const earmarks = lots.map((lot) => {
      const { earmark } = this.estate.lots[lot]!;
      return earmark === undefined || (earmark.strength === 'FIRST' && !isNamed) ? null : earmark;
    });
    const pool = {
      units: stage.units,
      people: members.length,
      earmarks: distinctEarmarks(earmarks),
      bestPlacesWin: true,
      step: step.by === 'ALL' ? null : step.by,
    };
    const tierOf = tierOfClaimants(step);
    return {
      lots,
      units: stage.units,
      pack,
      members,
      before,
      after: this.#awarded,
      // Given in turn, nobody contended for single units.
      singles: forAll(areGuaranteesCovered ? singles : noContest(singles), members, this.#extras.slice()),
      exactShare: (claimant) => {
        const place = placeOf.get(claimant)!;
        return shareInUnits(shares.exactShare(place), pack, seats.held[place]!, before[claimant]!);
      },
      poolOf: (claimant) => ({ ...pool, tier: tierOf(claimant) }),
      manner: shares,
    };
  }

  #spreadOver({ isIn, ranks, count }: Admitted, members: Uint32Array): Admitted {
    const people = this.estate.ids.length;
    return {
      isIn: spreadOver(isIn, members, new Uint8Array(people)),
      ranks: spreadOver(ranks, members, new Uint32Array(people)),
      count,
    };
  }

  /** One member after the other from one lot after the other, so that few are cut in pieces. */
  #pick(offers: readonly Offer[], members: Uint32Array, before: Float64Array): void {
    const left = offers.map(({ units }) => units);
    let place = 0;
    for (const claimant of members) {
      for (let missing = this.#awarded[claimant]! - before[claimant]!; missing > 0;) {
        const units = Math.min(missing, left[place]!);
        if (units > 0) this.#take(claimant, offers[place]!.lot, units);
        left[place]! -= units;
        missing -= units;
        if (missing > 0) place++;
      }
    }
  }

  #take(claimant: number, lot: number, units: number): void {
    const pieces = this.#pieces[claimant]!;
    const same = pieces.find((piece) => piece.lot === lot);
    if (same) same.units += units;
    else pieces.push({ lot, units });
    this.#left[lot]! -= units;
  }
}

/** Parts of lots that are open to the tiers whose they are. */
export function cutInOffers(
  lots: readonly OpenLot[],
  tiers: readonly TierMembers[],
  packsIn: (lot: number) => number,
): (OpenLot & { packs: number })[] {
  const parts = partsOf(
    lots.map(({ lot }) => packsIn(lot)),
    tiers,
  );
  return lots.flatMap(({ lot, eligible }, place) =>
    tiers.flatMap(({ members }, tier) => {
      const packs = parts[place]![tier]!;
      return packs > 0 ? [{ lot, packs, eligible: among(eligible, members) }] : [];
    }),
  );
}

/** The tier in which a claimant takes part in a step; null where tiers do not matter or she has none. */
export function tierOfClaimants(step: Round['step']): (claimant: number) => number | null {
  if (step.by === 'ALL') return () => null;
  const tiers = step.by === 'STRICT' ? [step.tier] : step.tiers;
  const tierOf = new Map(tiers.flatMap(({ tier, members }) => members.map((claimant) => [claimant, tier])));
  return (claimant) => tierOf.get(claimant) ?? null;
}

function spreadOver<T extends Uint8Array | Uint32Array>(values: T, members: Uint32Array, all: T): T {
  members.forEach((claimant, place) => {
    all[claimant] = values[place]!;
  });
  return all;
}

function noContest(singles: SingleUnits): SingleUnits {
  return { ...singles, ranks: new Uint32Array(singles.ranks.length), contests: [] };
}

function forAll(singles: SingleUnits, members: Uint32Array, extrasBefore: Uint32Array): SingleUnits {
  const count = extrasBefore.length;
  return {
    extras: spreadOver(singles.extras, members, new Uint8Array(count)),
    ranks: spreadOver(singles.ranks, members, new Uint32Array(count)),
    contestOf: spreadOver(singles.contestOf, members, new Uint32Array(count)),
    contests: singles.contests,
    extrasBefore,
  };
}
