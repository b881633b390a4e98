import { earmarkedReason } from './chinese-earmarks.js';
import { otherRule } from './chinese-rules.js';
import { among, contestOf, count, measured, reserveNote } from './chinese-words.js';
import { thousands, type Halves, type Language } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

/** The same cases as `inEnglish`, in simplified Chinese; nouns for it come from `chineseNounOf`. */
export const inChinese: Language = (why, noun) => {
  // Reasons written by engine 1.0.0, which knew equal awards alone, say nothing of guarantees.
  if (why.guaranteesCovered === false && !why.pool) return inTurn(why, noun);
  const opening = why.units > 0 ? something(why, noun) : nothing(why, noun);
  // Everybody's place means nothing where lots kept for others decide as well.
  if (why.pool?.bestPlacesWin === false) return { before: `${opening}。`, after: null };
  if (why.rank === null || why.bindingConstraint !== 'SUPPLY') return { before: `${opening}。`, after: null };
  return { before: `${opening}；${contestOf(why)}`, after: placesOf(why.contenders!) };
};

function placesOf(contenders: number): string {
  return `位（共${thousands(contenders)}位）。`;
}

function something(why: Why, noun: Noun): string {
  const { units, claim, bindingConstraint, people, pool } = why;
  if (bindingConstraint === 'CLAIM') return `您申请${count(units, noun)}，已${claim === 1 ? '' : '全部'}分配给您`;
  const get = `您分到${count(units, noun)}`;
  if (bindingConstraint === 'CAP') return `${get}，这是本次每人可得的上限`;
  if (people === 1 && !pool) return `${get}${reserveNote(why.reserved, noun)}：没有其他人参与分配`;
  return `${get}：${reasonOf(why, noun)}`;
}

function nothing(why: Why, noun: Noun): string {
  const { supply, reserved, cap } = why;
  const none = noneOf(noun);
  if (supply === 0) return `${none}：目前没有可供分配的库存`;
  if (reserved === supply) {
    return supply === 1
      ? `${none}：仅有的${measured(1, noun)}留作储备`
      : `${none}：全部${measured(supply, noun)}留作储备`;
  }
  if (cap === 0) return `${none}：本次每人可得的上限为${measured(0, noun)}`;
  return `${none}：${reasonOf(why, noun)}`;
}

function noneOf(noun: Noun): string {
  return `很抱歉，您本次未能分到${noun.other}`;
}

/** Where there is too little for all guarantees. */
function inTurn(why: Why, noun: Noun): Halves {
  const { units, supply, reserved, guarantee, people, ties } = why;
  const left = supply - reserved;
  if (left === 0) return { before: `${nothing(why, noun)}。`, after: null };
  const get = units > 0 ? `您分到${count(units, noun)}` : noneOf(noun);
  const there = `${count(left, noun)}${reserveNote(reserved, noun)}`;
  const each = `不足以保证${thousands(people)}人每人${measured(guarantee!, noun)}，因此依次发放`;
  return {
    before: `${get}：${there}${each}；${contestOf({ ties, fewestExtrasFirst: false })}`,
    after: placesOf(people),
  };
}

function reasonOf(why: Why, noun: Noun): string {
  if (why.pool) return earmarkedReason(why, why.pool, noun);
  return otherRule(why, noun) ?? `${among(why, noun)}${limitedNote(why, noun)}，${result(why, noun)}`;
}

function limitedNote({ limitedPeople, limitedUnits, cap }: Why, noun: Noun): string {
  if (limitedPeople === 0) return '';
  const fewer = cap === null ? '申请的数量较少' : '申请或可得的数量较少';
  const get = limitedPeople === 1 ? '得到' : '共得';
  return `，其中${thousands(limitedPeople)}人${fewer}，${get}${measured(limitedUnits, noun)}`;
}

/** What the sharing comes to, before the person's own place. */
function result(why: Why, noun: Noun): string {
  const { floor, cutoff, weight, weighted, limitedPeople } = why;
  const one = measured(1, noun);
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
