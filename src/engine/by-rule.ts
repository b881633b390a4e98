import { shareAtOnce, type SharedAtOnce } from './at-once.js';
import { admissionAmong, admissionOrder, type Admitted } from './admission.js';
import { leximinOver, type NetworkShares } from './network.js';
import { stagesOf, type Stage } from './network-stages.js';
import { placesIn, positions } from './ordering.js';
import { cutInOffers, tierOfClaimants } from './offers.js';
import { among, type OpenLot, type Round } from './rounds.js';
import { seatsOf, type Seats } from './seats.js';
import { placesInTieOrder, type SingleUnits } from './single-units.js';
import {
  earmarksOf,
  shareInUnits,
  spreadOver,
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
    let stages = stagesOf(offers, people);
    const isAdmitted = stages.length > 1;
    if (isAdmitted && this.#hasFloors) {
      this.#giveFloors(round, offers, isOut);
      offers = this.#offersOf(round);
      stages = stagesOf(offers, people);
    }
    for (const stage of stages) {
      const members = (stage.eligible ? Uint32Array.from(stage.eligible) : positions(people)).filter(
        (claimant) => !isOut[claimant] && this.#hasRoom(claimant, round.pack),
      );
      if (members.length > 0) this.#share(round, { stage, offers, members, isAdmitted });
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
  #giveFloors(round: Round, offers: readonly Offer[], isOut: Uint8Array): void {
    const { claimants, ids } = this.estate;
    const { pack } = round;
    const before = this.#awarded;
    const seats = seatsOf(claimants, null, before, pack);
    const everyone = offers.some(({ eligible }) => eligible === null);
    const named = new Set(offers.flatMap(({ eligible }) => eligible ?? []));
    const candidates = positions(ids.length).filter((i) => this.#hasRoom(i, pack) && (everyone || named.has(i)));
    const { units, starts, lots } = this.#routedFloors(offers, seats, { candidates, isOut, pack }).flow;
    const awarded = before.slice();
    for (let claimant = 0; claimant < ids.length; claimant++) {
      for (let piece = starts[claimant]!; piece < starts[claimant + 1]!; piece++) {
        this.#take(claimant, offers[lots[piece]!]!.lot, units[piece]! * pack);
        awarded[claimant]! += units[piece]! * pack;
      }
    }
    this.#awarded = awarded;
    if (candidates.length > 0) this.#stages.push(this.#floorStage(round, offers, { members: candidates, before }));
  }

  #routedFloors(
    offers: readonly Offer[],
    seats: Seats,
    { candidates, isOut, pack }: { candidates: Uint32Array; isOut: Uint8Array; pack: number },
  ): NetworkShares {
    const { ids, ties, policy } = this.estate;
    const { held, minimums, guaranteed, weights } = seats;
    const lots = offers.map(({ units, eligible }) => ({ units: units / pack, eligible }));
    const order = minimums
      ? admissionOrder(seats.claims, ids, ties, policy.admit)
      : placesInTieOrder(positions(ids.length), ids, ties);
    const rankOf = placesIn(order);
    const route = (floors: Float64Array, firm: Float64Array) =>
      leximinOver(
        {
          lots,
          bounds: floors,
          minimums: floors,
          kept: firm.map((units, i) => units - held[i]!),
          given: held,
          weights,
        },
        rankOf,
      );
    if (minimums === null) return route(guaranteed, held);
    const admitting = route(minimums, held);
    minimums.forEach((minimum, i) => {
      if (held[i]! + admitting.units[i]! < minimum) isOut[i] = 1;
    });
    const isIn = isOut.map((out) => 1 - out);
    this.#admissions.push({ candidates, ...admissionAmong(candidates, order, isIn) });
    const ofThoseIn = (units: Float64Array) => held.map((had, i) => (isOut[i] ? had : units[i]!));
    const firm = ofThoseIn(minimums);
    return route(
      ofThoseIn(guaranteed).map((units, i) => Math.max(units, firm[i]!)),
      firm,
    );
  }

  /** What floors came to, for whoever gets no more afterwards. */
  #floorStage(
    { pack, step, isNamed }: Round,
    offers: readonly Offer[],
    { members, before }: { members: Uint32Array; before: Float64Array },
  ): HeldStage {
    const after = this.#awarded;
    const lots = Array.from(new Set(offers.map(({ lot }) => lot))).sort((a, b) => a - b);
    const units = offers.reduce((sum, offer) => sum + offer.units, 0);
    const pool = this.#poolOf({ lots, units, people: members.length, isNamed, step });
    const people = this.estate.ids.length;
    const none = new Uint32Array(people);
    return {
      lots,
      units,
      pack,
      members,
      before,
      after,
      singles: {
        extras: new Uint8Array(people),
        ranks: none,
        contestOf: none,
        contests: [],
        extrasBefore: this.#extras.slice(),
      },
      exactShare: (claimant) => String(after[claimant]),
      poolOf: pool,
      manner: {},
    };
  }

  #poolOf(of: {
    lots: readonly number[];
    units: number;
    people: number;
    isNamed: boolean;
    step: Round['step'];
  }): HeldStage['poolOf'] {
    const shared = of.lots.map((lot) => this.estate.lots[lot]!);
    const pool = {
      units: of.units,
      people: of.people,
      earmarks: earmarksOf(shared, of.isNamed),
      bestPlacesWin: true,
      step: of.step.by === 'ALL' ? null : of.step.by,
    };
    const tierOf = tierOfClaimants(of.step);
    return (claimant) => ({ ...pool, tier: tierOf(claimant) });
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
      poolOf: this.#poolOf({ lots, units: stage.units, people: members.length, isNamed, step }),
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
