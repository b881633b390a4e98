import { chineseNounOf } from '../engine/chinese-nouns.js';
import { thousands } from '../engine/language.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import type { LanguageCode } from '../platform/language.rules.js';

/** A series of a picture by month. */
export type Kind = ItemCategory | 'OTHERS';

/** What our pictures say, in one language. */
export interface Words {
  /** As BCP 47 has it, for whatever reads the picture aloud. */
  readonly tag: string;
  readonly nothing: string;
  readonly units: (units: number) => string;
  readonly people: (people: number) => string;
  /** Between the entries of a sentence. */
  readonly list: (entries: readonly string[]) => string;
  readonly sentence: (parts: readonly string[]) => string;
  /** A name and what belongs to it. */
  readonly of: (name: string, what: string) => string;
  readonly days: (from: string | undefined, to: string | undefined) => string;
  readonly kind: Readonly<Record<Kind, string>>;
  readonly flow: {
    readonly title: string;
    readonly columns: Readonly<Record<'DONORS' | 'ITEMS' | 'GROUP' | 'COUNTRY', string>>;
    readonly others: (entries: number | null) => string;
    readonly anonymous: string;
    readonly noGroup: string;
    readonly noCountry: string;
    readonly severalGroups: string;
    readonly onceEach: string;
    readonly smallCells: string;
    readonly to: (units: string, end: string) => string;
  };
  readonly months: {
    readonly title: string;
    readonly byCommit: string;
    /** A month as `03`, of one year. */
    readonly month: (number: number) => string;
    readonly whole: (year: string, month: number) => string;
    readonly earlier: (units: string, before: string) => string;
    readonly gap: string;
  };
  readonly fairness: {
    readonly title: string;
    readonly gini: (gini: string) => string;
    readonly giniMeans: string;
    readonly half: (share: string) => string;
    readonly tenth: (share: string) => string;
    readonly equality: string;
    readonly received: string;
    readonly acrossPeople: string;
    readonly upUnits: string;
    readonly nothingReceived: string;
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const ENGLISH: Words = {
  tag: 'en',
  nothing: 'There is nothing to draw: no line of history fits the filter.',
  units: (units) => `${thousands(units)} ${units === 1 ? 'unit' : 'units'}`,
  people: (people) => `${thousands(people)} ${people === 1 ? 'person' : 'people'}`,
  list: (entries) => entries.join('; '),
  sentence: (parts) => `${parts.join(', ')}.`,
  of: (name, what) => `${name}: ${what}`,
  days: (from, to) => (from && to ? `${from} to ${to}` : from ? `since ${from}` : `until ${to}`),
  kind: {
    MASK: 'Masks',
    PROTECTIVE_SUIT: 'Protective suits',
    GOGGLES: 'Goggles',
    FACE_SHIELD: 'Face shields',
    GLOVES: 'Gloves',
    OTHER: 'Other items',
    OTHERS: 'Others, merged',
  },
  flow: {
    title: 'Where the units went',
    columns: { DONORS: 'Donors', ITEMS: 'Items', GROUP: 'Groups', COUNTRY: 'Countries' },
    others: (entries) => (entries === null ? 'Others' : `Others (${thousands(entries)})`),
    anonymous: 'Anonymous donors',
    noGroup: 'In no group',
    noCountry: 'Country not known',
    severalGroups: 'In several groups',
    onceEach: 'Every unit is counted once; groups are as they are now, and who is in several of them stands apart.',
    smallCells: 'What went to fewer than three people is merged into others.',
    to: (units, end) => `${units} to ${end}`,
  },
  months: {
    title: 'Units by month',
    byCommit: 'by month of allocation',
    month: (number) => MONTHS[number - 1]!,
    whole: (year, month) => `${MONTHS[month - 1]} ${year}`,
    earlier: (units, before) => `not drawn: ${units} before ${before}`,
    gap: 'nothing',
  },
  fairness: {
    title: 'How evenly units were received',
    gini: (gini) => `Gini ${gini}`,
    giniMeans: '0: all received the same; 1: one received all',
    half: (share) => `The half who received least have ${share}`,
    tenth: (share) => `The tenth who received most have ${share}`,
    equality: 'if all had the same',
    received: 'received',
    acrossPeople: 'share of people, who received least first',
    upUnits: 'share of units',
    nothingReceived: 'Nobody whom the filter concerns has received anything.',
  },
};

const CHINESE: Words = {
  tag: 'zh-Hans',
  nothing: '没有可绘制的内容：没有符合筛选条件的分发记录。',
  units: (units) => `${thousands(units)} 件`,
  people: (people) => `${thousands(people)} 人`,
  list: (entries) => entries.join('；'),
  sentence: (parts) => `${parts.join('，')}。`,
  of: (name, what) => `${name}：${what}`,
  days: (from, to) => (from && to ? `${from} 至 ${to}` : from ? `${from} 起` : `截至 ${to}`),
  kind: {
    MASK: '口罩',
    PROTECTIVE_SUIT: '防护服',
    GOGGLES: '护目镜',
    FACE_SHIELD: '面屏',
    GLOVES: '手套',
    OTHER: '其他物资',
    OTHERS: '其他（合并）',
  },
  flow: {
    title: '物资去向',
    columns: { DONORS: '捐赠方', ITEMS: '物资', GROUP: '群组', COUNTRY: '国家和地区' },
    others: (entries) => (entries === null ? '其他' : `其他（${thousands(entries)} 个）`),
    anonymous: '匿名捐赠方',
    noGroup: '不属于任何群组',
    noCountry: '国家不详',
    severalGroups: '属于多个群组',
    onceEach: '每件物资只计一次；群组以现有成员为准，属于多个群组的人单独列出。',
    smallCells: '接收者不足三人的部分并入“其他”。',
    to: (units, end) => `${end} ${units}`,
  },
  months: {
    title: '每月物资数量',
    byCommit: '按分配确认的月份',
    month: (number) => `${number}月`,
    whole: (year, month) => `${year}年${month}月`,
    earlier: (units, before) => `${before}之前的 ${units} 未绘出`,
    gap: '无',
  },
  fairness: {
    title: '物资分配是否均等',
    gini: (gini) => `基尼系数 ${gini}`,
    giniMeans: '0 表示人人相同，1 表示全归一人',
    half: (share) => `所得最少的一半人共得 ${share}`,
    tenth: (share) => `所得最多的十分之一的人共得 ${share}`,
    equality: '人人相同时',
    received: '实际所得',
    acrossPeople: '人数比例（所得最少者在前）',
    upUnits: '物资比例',
    nothingReceived: '符合筛选条件的人都还没有收到物资。',
  },
};

export const WORDS: Readonly<Record<LanguageCode, Words>> = { EN: ENGLISH, ZH_HANS: CHINESE };

const LANGUAGES_ASKED: Readonly<Record<string, LanguageCode>> = {
  en: 'EN',
  zh: 'ZH_HANS',
  'zh-hans': 'ZH_HANS',
  'zh-cn': 'ZH_HANS',
};

/** The languages that may be asked for by name, as an address has them. */
export const ASKABLE_LANGUAGES = Object.keys(LANGUAGES_ASKED);

/** The language that an address asks for: by a tag (`zh`, `zh-CN`) or as GraphQL has it (`ZH_HANS`); undefined for others. */
export function languageAsked(text: string): LanguageCode | undefined {
  return LANGUAGES_ASKED[text.toLowerCase().replace('_', '-')];
}

/** How an item is called: in Chinese by what its code means, where that is known. */
export function itemName(language: LanguageCode, item: { readonly code: string; readonly name: string }): string {
  if (language === 'EN') return item.name;
  const noun = chineseNounOf(item.code).other;
  return noun === item.code ? item.name : noun;
}

/** How a country is called; the code itself where nobody has such a country. */
export function countryName(language: LanguageCode, code: string): string {
  try {
    return new Intl.DisplayNames([WORDS[language].tag], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
}
