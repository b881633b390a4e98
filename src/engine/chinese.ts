import { pooledReason } from './chinese-pools.js';
import { drawn, otherRule } from './chinese-rules.js';
import { among, contestOf, count, keptNote, lotsOfAtLeast, measured, measureOf } from './chinese-words.js';
import { decimal, thousands, whyInPacks, type Halves, type Language } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

/** The same cases as `inEnglish`, in simplified Chinese; nouns for it come from `chineseNounOf`. */
export const inChinese: Language = (why, noun) => {
  if (why.pack && !why.pool) return spoken(whyInPacks(why), packNoun(why.pack, noun));
  return spoken(why, noun);
};

function spoken(why: Why, noun: Noun): Halves {
  if (why.bindingConstraint === 'MINIMUM_LOT') return notAdmitted(why, noun);
  // Reasons written by engine 1.0.0, which knew equal awards alone, say nothing of guarantees.
  if (why.guaranteesCovered === false && !why.pool) return inTurn(why, noun);
  const opening = why.units > 0 ? something(why, noun) : nothing(why, noun);
  // Everybody's place means nothing where lots kept for others decide as well.
  if (why.pool?.bestPlacesWin === false) return { before: `${opening}。`, after: null };
  if (why.rank === null || why.bindingConstraint !== 'SUPPLY') return { before: `${opening}。`, after: null };
  return { before: `${opening}；${contestOf(why)}`, after: placesOf(why.contenders!) };
}

function packNoun(pack: number, noun: Noun): Noun {
  if (pack === 1) return noun;
  const word = `${noun.other}（每包${measured(pack, noun)}）`;
  return { one: word, other: word, measure: '包' };
}

function placesOf(contenders: number): string {
  return `位（共${thousands(contenders)}位）。`;
}

function something(why: Why, noun: Noun): string {
  const { units, claim, bindingConstraint, people, pool } = why;
  if (bindingConstraint === 'CLAIM') return `您申请${count(units, noun)}，已${claim === 1 ? '' : '全部'}分配给您`;
  const get = `您分到${count(units, noun)}`;
  if (bindingConstraint === 'CAP') return `${get}，这是本次每人可得的上限`;
  if (bindingConstraint === 'PACK') return `${get}：您还可得的数量不足一整包`;
  if (people === 1 && !pool) return `${get}${keptNote(why, noun)}：没有其他人参与分配`;
  return `${get}：${reasonOf(why, noun)}`;
}

function nothing(why: Why, noun: Noun): string {
  const { supply, reserved, cap, bindingConstraint } = why;
  const none = noneOf(noun);
  if (supply === 0) return `${none}：目前没有可供分配的库存`;
  if (reserved === supply) {
    return supply === 1
      ? `${none}：仅有的${measured(1, noun)}留作储备`
      : `${none}：全部${measured(supply, noun)}留作储备`;
  }
  if (cap === 0) return `${none}：本次每人可得的上限为${measured(0, noun)}`;
  if (bindingConstraint === 'PACK') return `${none}：您可得的数量不足一整包`;
  if (bindingConstraint === 'TIER') return `${none}：${tierFirst(why)}`;
  return `${none}：${reasonOf(why, noun)}`;
}

function noneOf(noun: Noun): string {
  return `很抱歉，您本次未能分到${noun.other}`;
}

function tierFirst({ pool }: Why): string {
  const mine = pool?.tier == null ? '未定暴露等级的人员' : `暴露等级为${pool.tier}级的人员`;
  return `按暴露等级先后分配，到${mine}时已无剩余`;
}

/** Whoever found no place among those who get a minimum lot. */
function notAdmitted(why: Why, noun: Noun): Halves {
  const { supply, reserved, broken, rank, contenders, cutoff, admit, ties } = why;
  const units = `${count(supply - reserved - (broken ?? 0), noun)}${keptNote(why, noun)}`;
  const whom = cutoff === 0 ? '不够任何一人' : `只够${thousands(contenders!)}人中的${thousands(cutoff!)}人`;
  const enough = `${units}${lotsOfAtLeast(why, noun)}分配，${whom}`;
  const order =
    admit === 'SMALLEST_CLAIM_FIRST' ? '申请量较小者优先，您排在第' : contestOf({ ties, fewestExtrasFirst: false });
  const before = `${noneOf(noun)}：${enough}`;
  if (rank === null || cutoff === 0) return { before: `${before}。`, after: null };
  return { before: `${before}；${order}`, after: placesOf(contenders!) };
}

/** Where there is too little for all guarantees. */
function inTurn(why: Why, noun: Noun): Halves {
  const { units, supply, reserved, broken, guarantee, people, ties } = why;
  const left = supply - reserved - (broken ?? 0);
  if (left === 0) return { before: `${nothing(why, noun)}。`, after: null };
  const get = units > 0 ? `您分到${count(units, noun)}` : noneOf(noun);
  const there = `${count(left, noun)}${keptNote(why, noun)}`;
  const each = `不足以保证${thousands(people)}人每人${measured(guarantee!, noun)}，因此依次发放`;
  return {
    before: `${get}：${there}${each}；${contestOf({ ties, fewestExtrasFirst: false })}`,
    after: placesOf(people),
  };
}

function reasonOf(why: Why, noun: Noun): string {
  if (why.pool) return pooledReason(why, why.pool, noun);
  if (why.received != null) return remembered(why, noun);
  return otherRule(why, noun) ?? `${among(why, noun)}${limitedNote(why, noun)}，${result(why, noun)}`;
}

/** Where what earlier plans gave counts, nobody's number says much without it. */
function remembered(why: Why, noun: Noun): string {
  const had = why.received === 0 ? '您此前未曾领取' : `您此前已领取${measured(why.received!, noun)}`;
  return `${among(why, noun)}，并计入每人此前领取的数量（${had}），您应得${decimal(why.exactShare)}${measureOf(noun)}${drawn(why, noun)}`;
}

function limitedNote({ limitedPeople, limitedUnits, cap }: Why, noun: Noun): string {
  if (limitedPeople === 0) return '';
  const fewer = cap === null ? '申请的数量较少' : '申请或可得的数量较少';
  const get = limitedPeople === 1 ? '得到' : '共得';
  return `，其中${thousands(limitedPeople)}人${fewer}，${get}${measured(limitedUnits, noun)}`;
}

/** What the sharing comes to, before the person's own place. */
function result(why: Why, noun: Noun): string {
  const { floor, cutoff, weight, weighted, limitedPeople, exactShare, units } = why;
  const one = measured(1, noun);
  if (weighted && cutoff === null && exactShare !== String(units)) {
    return `您的权重为${thousands(weight)}，应得${decimal(exactShare)}${measureOf(noun)}，按整数分配、单位权重所得较少者优先，得${measured(units, noun)}`;
  }
  if (floor === 0 && cutoff !== null) {
    return weighted ? `${winnersOf(why)}得到${one}` : `只够${thousands(cutoff)}人${cutoff === 1 ? '' : '各'}得${one}`;
  }
  const whom = weighted ? `权重为${thousands(weight)}者得到` : limitedPeople > 0 ? '其余每人' : '每人';
  const each = floor === 0 ? `${whom.replace('得到', '')}不足${one}` : whom + measured(floor, noun);
  return cutoff === null ? each : `${each}，${winnersOf(why)}多得${one}`;
}

function winnersOf({ cutoff, contenders, weighted }: Why): string {
  return weighted
    ? `与您权重相同的${thousands(contenders!)}人中有${thousands(cutoff!)}人`
    : `其中${thousands(cutoff!)}人`;
}
