import type { Claimants } from './claims.js';
import { nounOf } from './nouns.js';
import type { Picked } from './picking.js';
import type { Award, BindingConstraint, Policy, Pool, Ties, Why, WithoutAward } from './problem.js';
import type { Shares } from './shares.js';
import { inEnglish } from './english.js';
import type { Halves } from './language.js';
import { joinHalves } from './sentences.js';
import type { SingleUnits } from './single-units.js';
import type { Stock } from './stock.js';

/** What the stages decided about one item. */
export interface Decision {
  stock: Stock;
  claimants: Claimants;
  shares: Shares;
  singles: SingleUnits;
  units: Float64Array;
  policy: Pick<Policy, 'rule' | 'rounding'>;
  ties: Ties['by'];
  areGuaranteesCovered: boolean;
  /** For items with earmarked lots: what differs between people who share different lots. */
  earmarked: ((claimant: number) => { pool: Pool; manner: Pick<Shares, 'inProportionTo' | 'half'> }) | null;
}

/** The awards and the empty hands of one item, each with its reasons, in id order. */
export function explain(
  decision: Decision,
  lotsOf: Picked['lotsOf'],
  ids: readonly string[],
): { awards: Award[]; withoutAward: WithoutAward[] } {
  const { item } = decision.stock;
  const whyOf = reasonsOf(decision);
  const sentenceFor = sentenceWriter(item);
  const awards: Award[] = [];
  const withoutAward: WithoutAward[] = [];
  ids.forEach((recipient, claimant) => {
    const why = whyOf(claimant);
    const sentence = sentenceFor(why);
    const { units } = why;
    if (units > 0) awards.push({ recipient, item, units, lots: lotsOf[claimant]!, why, sentence });
    else withoutAward.push({ recipient, item, why, sentence });
  });
  return { awards, withoutAward };
}

function reasonsOf(decision: Decision): (claimant: number) => Why {
  const { claimants, shares, singles, units } = decision;
  const { claims, bounds, weights } = claimants;
  const common = commonReasons(decision);
  return (claimant) => {
    const rank = singles.ranks[claimant]!;
    const contest = rank > 0 ? singles.contests[singles.contestOf[claimant]!]! : null;
    const claim = unboxed(claims[claimant]!);
    const given = unboxed(units[claimant]!);
    const earmarked = decision.earmarked && decision.earmarked(claimant);
    // Written out: spreading `common` a million times takes ten times as long.
    return {
      item: common.item,
      rule: common.rule,
      rounding: common.rounding,
      inProportionTo: earmarked ? (earmarked.manner.inProportionTo ?? null) : common.inProportionTo,
      half: earmarked ? (earmarked.manner.half ?? null) : common.half,
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
      exactShare: shares.exactShare(claimant),
      floor: unboxed(shares.floors[claimant]!),
      extra: singles.extras[claimant] === 1 ? 1 : 0,
      extrasBefore: contest && singles.extrasBefore[claimant]!,
      rank: contest && rank,
      contenders: contest && contest.contenders,
      cutoff: contest && contest.prizes,
      ties: common.ties,
      fewestExtrasFirst: contest !== null && contest.fewestExtrasFirst,
      bindingConstraint: bindingConstraint(given, claim, bounds[claimant]!),
      pool: earmarked && earmarked.pool,
    };
  };
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
  | 'ties';

/** The reasons that are the same for all claimants. */
function commonReasons(decision: Decision): Pick<Why, Common> {
  const { stock, claimants, shares, policy, ties, areGuaranteesCovered } = decision;
  const { claims, weights, guarantee, cap } = claimants;
  const claimed = claims.reduce((sum, claim) => sum + claim, 0);
  return {
    item: stock.item,
    rule: policy.rule,
    rounding: policy.rule === 'PROPORTIONAL' ? (policy.rounding ?? 'LARGEST_REMAINDER') : null,
    inProportionTo: shares.inProportionTo ?? null,
    half: shares.half ?? null,
    supply: stock.supply,
    reserved: stock.reserved,
    people: claims.length,
    limitedPeople: shares.limitedPeople,
    limitedUnits: shares.limitedUnits,
    claimed: claimed === Infinity ? null : claimed,
    guarantee,
    guaranteesCovered: areGuaranteesCovered,
    cap,
    weighted: weights.some((weight) => weight !== weights[0]),
    ties,
  };
}

/** V8 keeps a number read from a float array in a box of its own, even a small whole one; this takes it out. */
function unboxed(value: number): number {
  const small = value | 0;
  return small === value ? small : value;
}

function bindingConstraint(units: number, claim: number, bound: number): BindingConstraint {
  if (units === claim) return 'CLAIM';
  return units === bound ? 'CAP' : 'SUPPLY';
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
    if (!why.guaranteesCovered || why.pool) return joinHalves(inEnglish(why, noun), why);
    let byClaim = byWeight.get(why.weight);
    if (!byClaim) {
      byClaim = new Map();
      byWeight.set(why.weight, byClaim);
    }
    const position = (why.claim ?? 0) * 2 + why.extra;
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
