import { admissionAmong, admissionOrder } from './admission.js';
import { leximinOver, type Flow, type NetworkShares } from './network.js';
import { cutInOffers, tierOfClaimants } from './offers.js';
import { placesIn, positions } from './ordering.js';
import type { Pool } from './problem.js';
import type { OpenLot, Round } from './rounds.js';
import { seatsOf, type Seats } from './seats.js';
import { byFewestBefore, placesInTieOrder, type HeldContest, type SingleUnits } from './single-units.js';
import {
  earmarksOf,
  shareInUnits,
  type HeldStage,
  type Piece,
  type RoundAdmission,
  type SharedInStages,
  type StagedEstate,
} from './stage.js';

/** Lots of one pack size, as they were when the present phase began to share them, and what was made of them since. */
interface Shelf {
  packs: Float64Array;
  /** Packs of these lots that each claimant has. */
  here: Float64Array;
  flow: Flow | null;
  /** The lot and the offer's place of the last routing. */
  lots: readonly number[];
}

/** What one round comes to in packs. */
interface RoundShares {
  network: NetworkShares;
  offers: readonly OpenLot[];
  seats: Seats;
  admission: RoundAdmission | null;
  /** 1 for those who take part. */
  isActive: Uint8Array;
  /** Packs that do not come from these lots. */
  given: Float64Array;
  /** Packs that everybody has of these lots; whoever does not take part keeps hers. */
  here: Float64Array;
}

type Limits = Pick<RoundShares, 'seats' | 'isActive' | 'given' | 'here'>;
type OpenPacks = readonly { units: number; eligible: readonly number[] | null }[];

/**
 * Shares an item so that the awards are leximin per weight, or per claim times weight for equal fill rates, over all
 * ways to give the lots. Who is served in an earlier step of a phase keeps her number of units; from which lots they
 * come is left open to the end of it, so that nobody later goes without for the way the first were served.
 */
export class SharingByNetwork {
  readonly #stages: HeldStage[] = [];
  readonly #admissions: RoundAdmission[] = [];
  readonly #pieces: Map<number, number>[];
  readonly #left: Float64Array;
  readonly #rankOf: Uint32Array;
  readonly #shelves = new Map<number, Shelf>();
  #isNamed = true;
  #awarded: Float64Array;

  constructor(private readonly estate: StagedEstate) {
    const { lots, ids, ties, extrasBefore } = estate;
    this.#left = Float64Array.from(lots, ({ units }) => units);
    this.#pieces = ids.map(() => new Map<number, number>());
    this.#awarded = new Float64Array(ids.length);
    this.#rankOf = placesIn(byFewestBefore(placesInTieOrder(positions(ids.length), ids, ties), extrasBefore).order);
  }

  hold(round: Round): void {
    if (round.isNamed !== this.#isNamed) this.#endPhase(round.isNamed);
    const shelf = this.#shelfOf(round);
    const shares = this.#shared(round, shelf);
    const before = this.#awarded;
    this.#awarded = before.map((units, i) => units + (shares.network.units[i]! - shelf.here[i]!) * round.pack);
    if (shares.admission) this.#admissions.push(shares.admission);
    const stage = this.#stageOf(round, shares, before);
    if (stage.members.length > 0) this.#stages.push(stage);
    shelf.here = shares.network.units;
    shelf.flow = shares.network.flow;
    shelf.lots = shares.offers.map(({ lot }) => lot);
  }

  result(): SharedInStages {
    this.#endPhase(false);
    const piecesOf = this.#pieces.map((pieces) =>
      Array.from(pieces, ([lot, units]): Piece => ({ lot, units })).sort((a, b) => a.lot - b.lot),
    );
    return { stages: this.#stages, admissions: this.#admissions, units: this.#awarded, piecesOf, left: this.#left };
  }

  #shelfOf({ pack }: Round): Shelf {
    let shelf = this.#shelves.get(pack);
    if (shelf === undefined) {
      const packs = this.#left.map((units, lot) => (this.estate.lots[lot]!.pack === pack ? units / pack : 0));
      shelf = { packs, here: new Float64Array(this.estate.ids.length), flow: null, lots: [] };
      this.#shelves.set(pack, shelf);
    }
    return shelf;
  }

  /** What was routed becomes pieces of lots, for good. */
  #endPhase(isNamed: boolean): void {
    for (const [pack, { flow, lots }] of this.#shelves) {
      if (flow === null) continue;
      this.#pieces.forEach((pieces, claimant) => {
        for (let piece = flow.starts[claimant]!; piece < flow.starts[claimant + 1]!; piece++) {
          const lot = lots[flow.lots[piece]!]!;
          const units = flow.units[piece]! * pack;
          pieces.set(lot, (pieces.get(lot) ?? 0) + units);
          this.#left[lot]! -= units;
        }
      });
    }
    this.#shelves.clear();
    this.#isNamed = isNamed;
  }

  #shared(round: Round, shelf: Shelf): RoundShares {
    const { pack, step } = round;
    const offers = offersOf(round, shelf);
    const lots = offers.map(({ packs, eligible }) => ({ units: packs, eligible }));
    const seats = seatsOf(this.estate.claimants, null, this.#awarded, pack);
    const isActive = activeIn(step, seats.held.length);
    // What comes from these lots can be routed anew; what comes from others is given.
    const given = seats.held.map((held, i) => held - shelf.here[i]!);
    const limits = { seats, isActive, given, here: shelf.here };
    if (seats.minimums === null) return { ...this.#solve(lots, limits, null), offers };
    return { ...this.#withMinimums(lots, limits), offers };
  }

  /** @param isIn 1 for those whom a minimum lot admits; null where there is none */
  #solve(lots: OpenPacks, limits: Limits, isIn: Uint8Array | null): Omit<RoundShares, 'offers'> {
    const { seats, isActive, given } = limits;
    const takesPart = (i: number) => isActive[i] === 1 && (isIn === null || isIn[i] === 1);
    const minimums = seats.held.map((held, i) => {
      if (!takesPart(i)) return held;
      return isIn === null ? seats.guaranteed[i]! : Math.max(seats.guaranteed[i]!, seats.minimums![i]!);
    });
    const network = leximinOver(
      {
        lots,
        bounds: seats.bounds.map((bound, i) => (takesPart(i) ? bound : seats.held[i]!)),
        weights: this.#weightsOf(seats),
        given,
        ...(minimums.some((minimum, i) => minimum > given[i]!) && { minimums, kept: this.#firm(limits, isIn) }),
      },
      this.#rankOf,
    );
    return { ...limits, network, admission: null };
  }

  /** What nobody loses to another's guarantee: what she has, and the minimum lot that admitted her. */
  #firm({ seats, here, given }: Limits, isIn: Uint8Array | null): Float64Array {
    if (isIn === null) return here;
    return here.map((had, i) => (isIn[i] ? Math.max(had, seats.minimums![i]! - given[i]!) : had));
  }

  #weightsOf({ claims, weights }: Seats): Float64Array {
    if (this.estate.policy.rule !== 'MAX_MIN_FILL_RATE') return weights;
    // Whoever has no room for a pack has no fill rate; she gets nothing whatever her weight.
    return weights.map((weight, i) => weight * Math.max(claims[i]!, 1));
  }

  /** First who can have a minimum lot, in order of admission; then whoever fits what those leave. */
  #withMinimums(lots: OpenPacks, limits: Limits): Omit<RoundShares, 'offers'> {
    const { seats, isActive, given } = limits;
    const { ids, ties, policy } = this.estate;
    const order = admissionOrder(seats.claims, ids, ties, policy.admit);
    const ranks = placesIn(order);
    const floors = seats.held.map((held, i) => (isActive[i] ? seats.minimums![i]! : held));
    const weights = this.#weightsOf(seats);
    const routed = leximinOver({ lots, bounds: floors, minimums: floors, kept: limits.here, given, weights }, ranks);
    const isIn = Uint8Array.from(floors, (floor, i) => (isActive[i] && given[i]! + routed.units[i]! >= floor ? 1 : 0));
    let solved = this.#solve(lots, limits, isIn);
    while (admitMore(order, isIn, { lots, floors, limits, left: solved.network.left })) {
      solved = this.#solve(lots, limits, isIn);
    }
    const { partOf } = solved.network;
    // Whoever has no room for a pack of these lots is no candidate for them.
    const hasRoom = (i: number) => seats.bounds[i]! > seats.held[i]! || this.#awarded[i]! > 0;
    const candidates = positions(isIn.length).filter((i) => isActive[i] === 1 && partOf[i] !== -1 && hasRoom(i));
    const admission = { candidates, ...admissionAmong(candidates, order, isIn) };
    return { ...solved, admission };
  }

  #stageOf(round: Round, shares: RoundShares, before: Float64Array): HeldStage {
    const { pack, step, isNamed } = round;
    const { network, seats, isActive } = shares;
    const tierOf = tierOfClaimants(step);
    const pools = network.parts.map((part) => poolOfPart(part, shares, { pack, lots: this.estate.lots, isNamed }));
    const bestPlacesWin = (claimant: number) => network.contests[network.contestOf[claimant]!]?.bestRanksWin ?? true;
    return {
      lots: Array.from(new Set(network.parts.flatMap(({ lots }) => lots.map((lot) => shares.offers[lot]!.lot)))).sort(
        (a, b) => a - b,
      ),
      units: pools.reduce((sum, { units }) => sum + units, 0),
      pack,
      members: positions(before.length).filter((i) => isActive[i] === 1 && network.partOf[i] !== -1),
      before,
      after: this.#awarded,
      singles: this.#singlesOf(shares),
      exactShare: (claimant) =>
        shareInUnits(network.exactShare(claimant), pack, seats.held[claimant]!, before[claimant]!),
      poolOf: (claimant) => ({
        ...pools[network.partOf[claimant]!]!,
        bestPlacesWin: bestPlacesWin(claimant),
        step: step.by === 'ALL' ? null : step.by,
        tier: tierOf(claimant),
      }),
      manner: {},
    };
  }

  #singlesOf({ network: { contests, units }, given }: RoundShares): SingleUnits {
    const { extrasBefore } = this.estate;
    const extras = new Uint8Array(units.length);
    const ranks = new Uint32Array(units.length);
    const contestOf = new Uint32Array(units.length);
    const held = contests.map(({ recipients, prizes, unit }, contest): HeldContest => {
      recipients
        .toSorted((a, b) => this.#rankOf[a]! - this.#rankOf[b]!)
        .forEach((claimant, place) => {
          ranks[claimant] = place + 1;
          contestOf[claimant] = contest;
          if (unit === given[claimant]! + units[claimant]!) extras[claimant] = 1;
        });
      const levels = new Set(Array.from(recipients, (claimant) => extrasBefore[claimant]!));
      return { contenders: recipients.length, prizes, fewestExtrasFirst: levels.size > 1 };
    });
    return { extras, ranks, contestOf, contests: held, extrasBefore };
  }
}

function offersOf({ lots, step }: Round, { packs }: Shelf): (OpenLot & { packs: number })[] {
  if (step.by === 'RESERVED') return cutInOffers(lots, step.tiers, (lot) => packs[lot]!);
  return lots.map((open) => ({ ...open, packs: packs[open.lot]! }));
}

function activeIn(step: Round['step'], people: number): Uint8Array {
  if (step.by !== 'STRICT') return new Uint8Array(people).fill(1);
  const isActive = new Uint8Array(people);
  for (const claimant of step.tier.members) isActive[claimant] = 1;
  return isActive;
}

/** Admits, in order, whoever finds her minimum in what is left of the lots that may go to her. Says whether anybody did. */
function admitMore(
  order: Uint32Array,
  isIn: Uint8Array,
  at: {
    lots: readonly { eligible: readonly number[] | null }[];
    floors: Float64Array;
    limits: Limits;
    left: Float64Array;
  },
): boolean {
  const left = at.left.slice();
  const eligible = at.lots.map((lot) => lot.eligible && new Set(lot.eligible));
  let more = false;
  for (const claimant of order) {
    if (isIn[claimant] || !at.limits.isActive[claimant]) continue;
    const open = Array.from(left.keys()).filter((lot) => left[lot]! > 0 && (eligible[lot]?.has(claimant) ?? true));
    let missing = at.floors[claimant]! - at.limits.given[claimant]!;
    if (open.reduce((sum, lot) => sum + left[lot]!, 0) < missing) continue;
    for (const lot of open) {
      const taken = Math.min(missing, left[lot]!);
      left[lot]! -= taken;
      missing -= taken;
    }
    isIn[claimant] = 1;
    more = true;
  }
  return more;
}

/** Units that were shared in a part, and among how many; what is pinned there has its people already. */
function poolOfPart(
  { lots: within, recipients, supply }: NetworkShares['parts'][number],
  { offers, isActive, here }: RoundShares,
  { pack, lots, isNamed }: { pack: number; lots: StagedEstate['lots']; isNamed: boolean },
): Omit<Pool, 'before' | 'bestPlacesWin' | 'step' | 'tier'> {
  let [packs, people] = [supply, 0];
  for (const claimant of recipients) {
    packs -= here[claimant]!;
    if (isActive[claimant]) people++;
  }
  const shared = within.map((place) => lots[offers[place]!.lot]!);
  return { units: Math.max(0, packs) * pack, people, earmarks: earmarksOf(shared, isNamed) };
}
