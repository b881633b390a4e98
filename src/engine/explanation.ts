import { leftOut, shutOutByTiers, type Decision } from './decision.js';
import { signedText } from './deficits.js';
import { inEnglish } from './english.js';
import type { Halves } from './language.js';
import type { ItemAnswers } from './lazy.js';
import { nounOf } from './nouns.js';
import type { BindingConstraint, Why } from './problem.js';
import { joinHalves } from './sentences.js';

/** The answers of one item, in id order: what everybody gets, and why as soon as somebody reads it. */
export function answersOf(decision: Decision, lotsOf: ItemAnswers['lotsOf'], ids: readonly string[]): ItemAnswers {
  const { item } = decision.stock;
  return {
    item,
    ids,
    units: decision.units,
    lotsOf,
    whyOf: lastKept(onceAsked(() => reasonsOf(decision, ids))),
    sentenceFor: onceAsked(() => sentenceWriter(item)),
  };
}

/** Sums over all claimants are not made before somebody asks for the first reason. */
function onceAsked<A, R>(make: () => (argument: A) => R): (argument: A) => R {
  let made: ((argument: A) => R) | undefined;
  return (argument) => (made ??= make())(argument);
}

/** Whoever reads `why` reads `sentence` next, which is made of the same `why`. */
function lastKept(whyOf: (claimant: number) => Why): (claimant: number) => Why {
  let last = -1;
  let why: Why;
  return (claimant) => {
    if (claimant !== last) {
      why = whyOf(claimant);
      last = claimant;
    }
    return why;
  };
}

function reasonsOf(decision: Decision, ids: readonly string[]): (claimant: number) => Why {
  const { claimants, singles, units, staged, exactShare, pack } = decision;
  const { claims, weights, received } = claimants;
  const common = commonReasons(decision);
  const constraintOn = bindingConstraints(decision);
  const deficitOf = deficitTexts(decision, ids);
  const isLeftOut = leftOut(decision);
  return (claimant) => {
    const contest = contestOf(decision, isLeftOut(claimant), claimant);
    const claim = unboxed(claims[claimant]!);
    const given = unboxed(units[claimant]!);
    const extra = singles.extras[claimant] === 1 ? pack(claimant) : 0;
    const step = staged && staged(claimant);
    // Written out: spreading `common` a million times takes ten times as long.
    return {
      item: common.item,
      rule: common.rule,
      rounding: common.rounding,
      inProportionTo: step ? (step.manner.inProportionTo ?? null) : common.inProportionTo,
      half: step ? (step.manner.half ?? null) : common.half,
      units: given,
      supply: common.supply,
      reserved: common.reserved,
      people: common.people,
      limitedPeople: common.limitedPeople,
      limitedUnits: common.limitedUnits,
      claimed: common.claimed,
      claim: claim === Infinity ? null : claim,
      guarantee: common.guarantee,
      guaranteesCovered: common.guaranteesCovered,
      cap: common.cap,
      weight: unboxed(weights[claimant]!),
      weighted: common.weighted,
      exactShare: exactShare(claimant),
      floor: given - extra,
      extra,
      extrasBefore: contest.extrasBefore,
      rank: contest.rank,
      contenders: contest.contenders,
      cutoff: contest.cutoff,
      ties: common.ties,
      fewestExtrasFirst: contest.fewestExtrasFirst,
      bindingConstraint: constraintOn(claimant),
      pool: step && step.pool,
      pack: common.pack === null ? null : pack(claimant),
      broken: common.broken,
      minimumLot: common.minimumLot,
      admittedPeople: common.admittedPeople,
      admit: common.admit,
      received: received && received[claimant]!,
      deficit: deficitOf(claimant),
    };
  };
}

interface ContestReasons extends Pick<Why, 'extrasBefore' | 'rank' | 'contenders' | 'cutoff' | 'fewestExtrasFirst'> {}

const NO_CONTEST: ContestReasons = {
  extrasBefore: null,
  rank: null,
  contenders: null,
  cutoff: null,
  fewestExtrasFirst: false,
};

/** The contest for single units, or for whoever was not admitted that for a place among the admitted. */
function contestOf({ singles, admission }: Decision, isLeftOut: boolean, claimant: number): ContestReasons {
  if (isLeftOut) {
    return {
      ...NO_CONTEST,
      rank: admission!.ranks[claimant]!,
      contenders: admission!.candidates[claimant]!,
      cutoff: admission!.admitted[claimant]!,
    };
  }
  const rank = singles.ranks[claimant]!;
  if (rank === 0) return NO_CONTEST;
  const { contenders, prizes, fewestExtrasFirst } = singles.contests[singles.contestOf[claimant]!]!;
  return { extrasBefore: singles.extrasBefore[claimant]!, rank, contenders, cutoff: prizes, fewestExtrasFirst };
}

type Common =
  | 'item'
  | 'rule'
  | 'rounding'
  | 'inProportionTo'
  | 'half'
  | 'supply'
  | 'reserved'
  | 'people'
  | 'limitedPeople'
  | 'limitedUnits'
  | 'claimed'
  | 'guarantee'
  | 'guaranteesCovered'
  | 'cap'
  | 'weighted'
  | 'ties'
  | 'pack'
  | 'broken'
  | 'minimumLot'
  | 'admittedPeople'
  | 'admit';

/** The reasons that are the same for all claimants. */
function commonReasons(decision: Decision): Pick<Why, Common> {
  const { stock, claimants, policy, ties, areGuaranteesCovered, manner, admission } = decision;
  const { claims, weights, guarantee, cap, minimumLot } = claimants;
  const claimed = claims.reduce((sum, claim) => sum + claim, 0);
  const admittedPeople = admission && admission.isIn.reduce((sum, isIn) => sum + isIn, 0);
  return {
    item: stock.item,
    rule: policy.rule,
    rounding: policy.rule === 'PROPORTIONAL' ? (policy.rounding ?? 'LARGEST_REMAINDER') : null,
    inProportionTo: manner.inProportionTo ?? null,
    half: manner.half ?? null,
    supply: stock.supply,
    reserved: stock.reserved,
    people: claims.length,
    limitedPeople: decision.limitedPeople,
    limitedUnits: decision.limitedUnits,
    claimed: claimed === Infinity ? null : claimed,
    guarantee,
    guaranteesCovered: areGuaranteesCovered,
    cap,
    weighted: weights.some((weight) => weight !== weights[0]),
    ties,
    pack: stock.inPacks ? 1 : null,
    broken: stock.broken,
    minimumLot,
    admittedPeople: admittedPeople === claims.length ? null : admittedPeople,
    admit: minimumLot === null ? null : (policy.admit ?? 'TIE_ORDER'),
  };
}

/** V8 keeps a number read from a float array in a box of its own, even a small whole one; this takes it out. */
function unboxed(value: number): number {
  const small = value | 0;
  return small === value ? small : value;
}

function bindingConstraints(decision: Decision): (claimant: number) => BindingConstraint {
  const { units, claimants, staged, stock } = decision;
  const isLeftOut = leftOut(decision);
  const { claims, bounds } = claimants;
  const isShutOut = staged && shutOutByTiers(decision);
  // A claimant short of less than any pack there is can be given no more.
  const smallest = stock.sizes.at(-1)!;
  return (claimant) => {
    const given = units[claimant]!;
    if (given === claims[claimant]) return 'CLAIM';
    if (given === bounds[claimant]) return 'CAP';
    if (bounds[claimant]! - given < smallest) return 'PACK';
    if (isLeftOut(claimant)) return 'MINIMUM_LOT';
    return given === 0 && isShutOut?.(staged!(claimant).pool) ? 'TIER' : 'SUPPLY';
  };
}

function deficitTexts({ ties, deficits }: Decision, ids: readonly string[]): (claimant: number) => string | null {
  if (ties !== 'CARRY_OVER') return () => null;
  return (claimant) => {
    const deficit = deficits.get(ids[claimant]!);
    return deficit ? signedText(deficit.numerator, deficit.denominator) : '0';
  };
}

// Positions are mostly few; should every claim be different, what was kept is dropped before it takes much memory.
const POSITIONS_KEPT = 10_000;

/**
 * Writes sentences. Within one item, people of one weight and claim who were equally lucky share all of it but their
 * place, so the rest is kept instead of rebuilt.
 */
function sentenceWriter(item: string): (why: Why) => string {
  const noun = nounOf(item);
  const byWeight = new Map<number, Map<number, Halves>>();
  let kept = 0;
  return (why) => {
    // In turn, or from different lots, people of one claim and no luck with single units can get different numbers.
    if (!why.guaranteesCovered || why.pool || why.received !== null || why.minimumLot !== null)
      return joinHalves(inEnglish(why, noun), why);
    let byClaim = byWeight.get(why.weight);
    if (!byClaim) {
      byClaim = new Map();
      byWeight.set(why.weight, byClaim);
    }
    const position = (why.claim ?? 0) * 2 + (why.extra > 0 ? 1 : 0);
    let halves = byClaim.get(position);
    if (!halves) {
      halves = inEnglish(why, noun);
      byClaim.set(position, halves);
      if (++kept === POSITIONS_KEPT) {
        byWeight.clear();
        kept = 0;
      }
    }
    return joinHalves(halves, why);
  };
}
