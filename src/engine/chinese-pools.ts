import { drawn, proportion } from './chinese-rules.js';
import { count, lotsOfAtLeast, measured, measureOf } from './chinese-words.js';
import { decimal, thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Earmark, Pool, Why } from './problem.js';

/** What sharing the lots of her pool comes to for one person, before her place in a draw. */
export function pooledReason(why: Why, pool: Pool, noun: Noun): string {
  if (pool.units === 0) return '可以分给您的部分已无剩余';
  return `${origin(why, pool, noun)}${shared(why, pool, noun)}${mine(why, pool, noun)}${contested(why, pool, noun)}`;
}

/** "1,300只口罩中的300只" */
function unitsOf({ supply }: Why, { units }: Pool, noun: Noun): string {
  return units === supply ? count(units, noun) : `${count(supply, noun)}中的${measured(units, noun)}`;
}

/** "1,300只口罩中的300只指定仅供在美国的人员使用，" */
function origin(why: Why, pool: Pool, noun: Noun): string {
  const units = unitsOf(why, pool, noun);
  const given = pool.earmarks.filter((earmark) => earmark !== null).map(givenFor);
  if (given.length === 0) return units;
  const areAllForTheSame = pool.earmarks.length === 1;
  return areAllForTheSame ? `${units}${given[0]}，` : `${units}（其中一部分${given.join('，一部分')}）`;
}

function givenFor({ strength, countries, groups, tiers }: Earmark): string {
  const whom = [
    ...(countries ? [`在${countries.map(countryName).join('或')}`] : []),
    ...(groups ? [`属于${groups.join('或')}组`] : []),
    ...(tiers ? [`暴露等级为${tiers.join('或')}级`] : []),
  ].join('且');
  return `指定${strength === 'ONLY' ? '仅' : '优先'}供${whom}的人员使用`;
}

const COUNTRY_NAMES = new Map([
  ['US', '美国'],
  ['CN', '中国'],
  ['GB', '英国'],
  ['CA', '加拿大'],
  ['AU', '澳大利亚'],
  ['NZ', '新西兰'],
  ['DE', '德国'],
  ['FR', '法国'],
  ['IT', '意大利'],
  ['ES', '西班牙'],
  ['NL', '荷兰'],
  ['CH', '瑞士'],
  ['SE', '瑞典'],
  ['IE', '爱尔兰'],
  ['JP', '日本'],
  ['KR', '韩国'],
  ['SG', '新加坡'],
  ['MY', '马来西亚'],
  ['TH', '泰国'],
  ['IN', '印度'],
  ['BR', '巴西'],
  ['MX', '墨西哥'],
]);

/** Where most of the network works; the others are told by their code. */
function countryName(code: string): string {
  return COUNTRY_NAMES.get(code) ?? code;
}

/** "按权重分配给12人（每人保证2只）" */
function shared(why: Why, pool: Pool, noun: Noun): string {
  const { people } = pool;
  const { guarantee, guaranteesCovered } = why;
  const short = guaranteesCovered || why.units >= guarantee! ? '' : `，不足以保证每人${measured(guarantee!, noun)}`;
  if (people === 1) return `仅分配给您一人${short}`;
  const guaranteed = guarantee && guaranteesCovered ? `（每人保证${measured(guarantee, noun)}）` : '';
  const packs = why.pack && why.pack > 1 ? `按整包（每包${measured(why.pack, noun)}）` : '';
  const manner = `${lotsOfAtLeast(why, noun)}${packs}${proportionOf(why)}`;
  return `${partOf(pool)}${manner}分配给${tierOf(pool)}${thousands(people)}人${guaranteed}${aimOf(why)}${short}`;
}

function partOf({ step }: Pool): string {
  if (step === 'RESERVED') return '作为预留部分';
  return step === 'STRICT' ? '剩余，' : '';
}

function tierOf({ step, tier }: Pool): string {
  if (step == null) return '';
  return tier === null ? '未定暴露等级的' : `暴露等级为${tier}级的`;
}

function proportionOf(why: Why): string {
  if (why.rule === 'PROPORTIONAL') return proportion(why);
  return why.weighted ? '按权重' : '';
}

function aimOf({ rule, half }: Why): string {
  switch (rule) {
    case 'CONSTRAINED_EQUAL_AWARDS':
    case 'PROPORTIONAL':
      return '';
    case 'CONSTRAINED_EQUAL_LOSSES':
      return '，使每人未获满足的数量尽可能相等';
    case 'TALMUD':
      return half === 'UPPER'
        ? '，使每人未获满足的数量相等，但不超过各自申请量的一半'
        : '，使每人得到的数量相等，但不超过各自申请量的一半';
    case 'MAX_MIN_FILL_RATE':
      return '，使每人申请得到满足的比例尽可能相等';
  }
}

function mine({ exactShare, received }: Why, { before }: Pool, noun: Noun): string {
  const parts = [
    ...(before > 0 ? [`含本次已分到的${measured(before, noun)}`] : []),
    ...(received == null ? [] : [`已计入每人此前领取的数量，您为${measured(received, noun)}`]),
  ];
  const counted = parts.length > 0 ? `（${parts.join('；')}）` : '';
  return `，您应得${decimal(exactShare)}${measureOf(noun)}${counted}`;
}

function contested(why: Why, { bestPlacesWin }: Pool, noun: Noun): string {
  if (why.rank === null) return '';
  return `${drawn(why, noun)}${bestPlacesWin ? '' : '（以不动用指定给他人的部分为限）'}`;
}
