import { among, measured, measureOf } from './chinese-words.js';
import { decimal, thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Rounding, Why } from './problem.js';

/** What sharing by another rule than equal awards comes to for one person, before her place in a draw; else null. */
export function otherRule(why: Why, noun: Noun): string | null {
  switch (why.rule) {
    case 'PROPORTIONAL':
      return `${among(why, noun, proportion(why))}，您应得${decimal(why.exactShare)}${measureOf(noun)}${rounded(why, noun)}`;
    case 'CONSTRAINED_EQUAL_LOSSES':
      return `${asked(why, noun)}，使每人未获满足的数量尽可能相等${mine(why, noun)}`;
    case 'TALMUD':
      return `${asked(why, noun)}，${halfOf(why)}${mine(why, noun)}`;
    case 'MAX_MIN_FILL_RATE':
      return `${asked(why, noun)}，使每人申请得到满足的比例尽可能相等${mine(why, noun)}`;
    // `undefined` in reasons written by engine 1.0.0, which knew no other rule.
    case 'CONSTRAINED_EQUAL_AWARDS':
    default:
      return null;
  }
}

const ROUNDING_NAMES: Record<Rounding, string> = {
  LARGEST_REMAINDER: '最大余额法',
  WEBSTER: '韦伯斯特法',
  JEFFERSON: '杰斐逊法',
  ADAMS: '亚当斯法',
  HUNTINGTON_HILL: '亨廷顿－希尔法',
};

export function proportion({ inProportionTo, weighted }: Why): string {
  if (inProportionTo === 'CLAIM') return weighted ? '按权重和申请量的比例' : '按申请量的比例';
  return weighted ? '按权重' : '平均';
}

function rounded(why: Why, noun: Noun): string {
  const { exactShare, units, rounding, rank, floor } = why;
  if (rank === null && exactShare === String(units)) return '';
  const by = `，按${ROUNDING_NAMES[rounding!]}取整为`;
  if (rank === null) return `${by}${measured(units, noun)}`;
  return `${by}${thousands(floor)}或${measured(floor + 1, noun)}${drawn(why, noun)}`;
}

function asked(why: Why, noun: Noun): string {
  return `${among(why, noun)}，共申请${measured(why.claimed!, noun)}`;
}

function mine(why: Why, noun: Noun): string {
  return `，您申请${measured(why.claim!, noun)}，得到${measured(why.units, noun)}${drawn(why, noun)}`;
}

/** Who get one more where only a draw could part people. */
export function drawn({ cutoff, contenders, rank }: Why, noun: Noun): string {
  if (rank === null) return '';
  return `，与您情况相同的${thousands(contenders!)}人中有${thousands(cutoff!)}人多得${measured(1, noun)}`;
}

function halfOf({ half }: Why): string {
  return half === 'UPPER'
    ? '可分配的数量超过申请总量的一半，因此每人未获满足的数量相等，但不超过各自申请量的一半'
    : '可分配的数量不超过申请总量的一半，因此每人得到的数量相等，但不超过各自申请量的一半';
}
