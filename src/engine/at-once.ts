import { admissionOrder, admitted, type Admitted } from './admission.js';
import { sumOf } from './figures.js';
import { positions } from './ordering.js';
import type { Policy } from './problem.js';
import { sharesOf } from './rule.js';
import { someSeats, type Seats } from './seats.js';
import { areSatisfied, type Shares } from './shares.js';
import { giveSingleUnits, placesInTieOrder, type SingleUnits, type TieOrder } from './single-units.js';

/** Who sits at the table, and how what a rule leaves open is decided. */
export interface Table {
  /** Ids of the members, ascending, which is the `STABLE` order. */
  ids: readonly string[];
  /** Single units each has won before. */
  extrasBefore: Uint32Array;
  ties: TieOrder;
  policy: Pick<Policy, 'rule' | 'rounding' | 'admit'>;
}

/** One estate, shared; typed arrays run over all members, and count packs. */
export interface SharedAtOnce {
  /** What each ends with, what was held before included. */
  after: Float64Array;
  shares: Shares;
  singles: SingleUnits;
  /** Null where there is no minimum lot. */
  admission: Admitted | null;
  areGuaranteesCovered: boolean;
}

/**
 * Shares an estate among people who may all get any of it: first whoever is admitted, where there is a minimum lot; then
 * by the rule, with guarantees and minimum lots as floors; then single packs.
 *
 * @param packs to be shared, apart from what is held
 */
export function shareAtOnce(packs: number, seats: Seats, table: Table): SharedAtOnce {
  if (seats.minimums === null) return shareAmong(packs, seats, { lows: seats.guaranteed, firm: seats.held }, table);
  const order = admissionOrder(seats.claims, table.ids, table.ties, table.policy.admit);
  const admission = admitted(packs, seats, order);
  const floorsOf = ({ guaranteed, minimums }: Seats): Floors => ({
    lows: guaranteed.map((units, i) => Math.max(units, minimums![i]!)),
    firm: minimums!,
  });
  if (admission.count === seats.held.length) return { ...shareAmong(packs, seats, floorsOf(seats), table), admission };
  const places = positions(seats.held.length).filter((place) => admission.isIn[place] === 1);
  const few = someSeats(seats, places);
  const shared = shareAmong(packs, few, floorsOf(few), {
    ...table,
    ids: Array.from(places, (place) => table.ids[place]!),
    extrasBefore: Uint32Array.from(places, (place) => table.extrasBefore[place]!),
  });
  return { ...spread(shared, places, seats, table), admission };
}

/** What members are to end with at least; of it the `firm` part fits in any case. */
interface Floors {
  lows: Float64Array;
  firm: Float64Array;
}

function shareAmong(
  packs: number,
  seats: Seats,
  { lows, firm }: Floors,
  table: Table,
): Omit<SharedAtOnce, 'admission'> & { admission: null } {
  const { held, claims, bounds, weights } = seats;
  const estate = packs + sumOf(held);
  if (!areSatisfied(estate, lows)) return { ...giveInTurn(estate, { lows, firm }, table), admission: null };
  const shares = sharesOf(estate, { claims, bounds, weights, lows, held }, table.policy);
  const singles = giveSingleUnits(shares, table.ids, table.extrasBefore, table.ties);
  const after = shares.floors.slice();
  for (let member = 0; member < after.length; member++) after[member]! += singles.extras[member]!;
  return { after, shares, singles, admission: null, areGuaranteesCovered: true };
}

/**
 * Where not even the guarantees fit, no rule applies: each in turn, in tie order, gets the whole of hers while there is
 * enough, the next one what is left, and the rest nothing but what she has firmly.
 */
function giveInTurn(estate: number, { lows, firm }: Floors, { ids, ties }: Table): Omit<SharedAtOnce, 'admission'> {
  const after = firm.slice();
  const ranks = new Uint32Array(firm.length);
  let left = estate - sumOf(firm);
  let served = 0;
  placesInTieOrder(positions(firm.length), ids, ties).forEach((member, place) => {
    ranks[member] = place + 1;
    const given = Math.min(lows[member]! - firm[member]!, left);
    after[member]! += given;
    left -= given;
    if (after[member]! >= lows[member]!) served = Math.max(served, place + 1);
  });
  const none = new Uint32Array(firm.length);
  return {
    after,
    shares: {
      floors: after,
      contests: [],
      limitedPeople: 0,
      limitedUnits: 0,
      exactShare: (member) => String(after[member]),
    },
    singles: {
      extras: new Uint8Array(firm.length),
      ranks,
      contestOf: none,
      contests: [{ contenders: firm.length, prizes: served, fewestExtrasFirst: false }],
      extrasBefore: none,
    },
    areGuaranteesCovered: false,
  };
}

/** What was shared among some, told about all: the others end with what they had. */
function spread(
  shared: Omit<SharedAtOnce, 'admission'>,
  places: Uint32Array,
  { held }: Seats,
  { extrasBefore }: Table,
): Omit<SharedAtOnce, 'admission'> {
  const { shares, singles } = shared;
  const after = held.slice();
  const floors = held.slice();
  const placeOf = new Int32Array(held.length).fill(-1);
  const all: SingleUnits = {
    extras: new Uint8Array(held.length),
    ranks: new Uint32Array(held.length),
    contestOf: new Uint32Array(held.length),
    contests: singles.contests,
    extrasBefore,
  };
  places.forEach((member, place) => {
    placeOf[member] = place;
    after[member] = shared.after[place]!;
    floors[member] = shares.floors[place]!;
    all.extras[member] = singles.extras[place]!;
    all.ranks[member] = singles.ranks[place]!;
    all.contestOf[member] = singles.contestOf[place]!;
  });
  const exactShare = (member: number) => {
    const place = placeOf[member]!;
    return place < 0 ? String(held[member]) : shares.exactShare(place);
  };
  return {
    after,
    shares: { ...shares, floors, exactShare },
    singles: all,
    areGuaranteesCovered: shared.areGuaranteesCovered,
  };
}
