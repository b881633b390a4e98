import type { Claimants } from './claims.js';
import { nounOf } from './nouns.js';
import type { Picked } from './picking.js';
import type { Award, BindingConstraint, Ties, Why, WithoutAward } from './problem.js';
import type { Shares } from './shares.js';
import { inEnglish, joinHalves, type Halves } from './sentences.js';
import type { SingleUnits } from './single-units.js';
import type { Stock } from './stock.js';

/** What the stages decided about one item. */
export interface Decision {
  stock: Stock;
  claimants: Claimants;
  shares: Shares;
  singles: SingleUnits;
  units: Float64Array;
  ties: Ties['by'];
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

function reasonsOf({ stock, claimants, shares, singles, units, ties }: Decision): (claimant: number) => Why {
  const { item, supply, reserved } = stock;
  const { claims, bounds, weights, cap } = claimants;
  const { limitedPeople, limitedUnits, floors, exactShare, prizes } = shares;
  const { extras, ranks, extrasBefore, fewestExtrasFirst } = singles;
  const people = claims.length;
  const contended = shares.contenders.length;
  const weighted = weights.some((weight) => weight !== weights[0]);
  return (claimant) => {
    const rank = ranks[claimant]!;
    const contends = rank > 0;
    const claim = unboxed(claims[claimant]!);
    const given = unboxed(units[claimant]!);
    return {
      item,
      units: given,
      supply,
      reserved,
      people,
      limitedPeople,
      limitedUnits,
      claim: claim === Infinity ? null : claim,
      cap,
      weight: unboxed(weights[claimant]!),
      weighted,
      exactShare: exactShare(claimant),
      floor: unboxed(floors[claimant]!),
      extra: extras[claimant] === 1 ? 1 : 0,
      extrasBefore: contends ? extrasBefore[claimant]! : null,
      rank: contends ? rank : null,
      contenders: contends ? contended : null,
      cutoff: contends ? prizes : null,
      ties,
      fewestExtrasFirst: contends && fewestExtrasFirst,
      bindingConstraint: bindingConstraint(given, claim, bounds[claimant]!),
    };
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
