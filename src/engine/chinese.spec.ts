import { describe, expect, it } from '@jest/globals';
import { chineseNounOf } from './chinese-nouns.js';
import { inChinese } from './chinese.js';
import { ROUNDINGS, RULES, type Policy, type RecipientClaim, type Why } from './problem.js';
import { sentenceOf } from './sentences.js';
import { split } from './split.js';
import { CERTAIN, LUCKY, NOTHING } from '../../test/support/reasons.js';

function chinese(why: Why): string {
  return sentenceOf(why, chineseNounOf(why.item), inChinese);
}

describe('the Chinese sentence', () => {
  it.each<[Partial<Why>, string]>([
    [{}, '您分到36只口罩：1,000只口罩分配给28人，每人35只，其中20人多得1只；抽签决定，您排在第3位（共28位）。'],
    [{ ...CERTAIN, units: 35, supply: 980 }, '您分到35只口罩：980只口罩分配给28人，每人35只。'],
    [
      { ties: 'STABLE', reserved: 19, supply: 1019 },
      '您分到36只口罩：1,000只口罩（另有19只留作储备）分配给28人，每人35只，其中20人多得1只；按名单顺序，您是第3位（共28位）。',
    ],
    [
      { fewestExtrasFirst: true },
      '您分到36只口罩：1,000只口罩分配给28人，每人35只，其中20人多得1只；此前多得次数较少者优先，其次抽签决定，您排在第3位（共28位）。',
    ],
    [
      { ...CERTAIN, units: 4, floor: 4, supply: 10, people: 4, limitedPeople: 2, limitedUnits: 2 },
      '您分到4只口罩：10只口罩分配给4人，其中2人申请的数量较少，共得2只，其余每人4只。',
    ],
    [
      { weighted: true, weight: 2, units: 71, floor: 70, contenders: 5, cutoff: 3, rank: 2 },
      '您分到71只口罩：1,000只口罩按权重分配给28人，权重为2者得到70只，与您权重相同的5人中有3人多得1只；抽签决定，您排在第2位（共5位）。',
    ],
    [{ ...CERTAIN, units: 1000, floor: 1000, people: 1 }, '您分到1,000只口罩：没有其他人参与分配。'],
    [{ claim: 10, units: 10, bindingConstraint: 'CLAIM' }, '您申请10只口罩，已全部分配给您。'],
    [{ claim: 1, units: 1, bindingConstraint: 'CLAIM' }, '您申请1只口罩，已分配给您。'],
    [{ cap: 36, bindingConstraint: 'CAP' }, '您分到36只口罩，这是本次每人可得的上限。'],
    [
      { ...NOTHING, item: 'GOGGLES', supply: 3, cutoff: 3, rank: 7 },
      '很抱歉，您本次未能分到护目镜：3副护目镜分配给28人，只够3人各得1副；抽签决定，您排在第7位（共28位）。',
    ],
    [{ ...CERTAIN, ...NOTHING, supply: 0 }, '很抱歉，您本次未能分到口罩：目前没有可供分配的库存。'],
    [{ ...CERTAIN, ...NOTHING, supply: 5, reserved: 5 }, '很抱歉，您本次未能分到口罩：全部5只留作储备。'],
    [{ ...CERTAIN, ...NOTHING, supply: 1, reserved: 1 }, '很抱歉，您本次未能分到口罩：仅有的1只留作储备。'],
    [
      { ...CERTAIN, ...NOTHING, cap: 0, bindingConstraint: 'CAP' },
      '很抱歉，您本次未能分到口罩：本次每人可得的上限为0只。',
    ],
    [
      { ...CERTAIN, ...NOTHING, supply: 3, weighted: true, weight: 2, exactShare: '3/14' },
      '很抱歉，您本次未能分到口罩：3只口罩按权重分配给28人，您的权重为2，应得0.21只，按整数分配、单位权重所得较少者优先，得0只。',
    ],
    [
      { guaranteesCovered: false, guarantee: 50, units: 50, floor: 50, extra: 0, cutoff: 20 },
      '您分到50只口罩：1,000只口罩不足以保证28人每人50只，因此依次发放；抽签决定，您排在第3位（共28位）。',
    ],
    [
      { ...CERTAIN, rule: 'PROPORTIONAL', rounding: 'WEBSTER', inProportionTo: 'CLAIM', claim: 90, claimed: 2520 },
      '您分到36只口罩：1,000只口罩按申请量的比例分配给28人，您应得35.71只，按韦伯斯特法取整为36只。',
    ],
    [
      { rule: 'PROPORTIONAL', rounding: 'LARGEST_REMAINDER', inProportionTo: 'WEIGHT' },
      '您分到36只口罩：1,000只口罩平均分配给28人，您应得35.71只，按最大余额法取整为35或36只，与您情况相同的28人中有20人多得1只；抽签决定，您排在第3位（共28位）。',
    ],
    [
      { ...CERTAIN, rule: 'CONSTRAINED_EQUAL_LOSSES', claim: 50, claimed: 1400 },
      '您分到36只口罩：1,000只口罩分配给28人，共申请1,400只，使每人未获满足的数量尽可能相等，您申请50只，得到36只。',
    ],
    [
      { ...CERTAIN, rule: 'TALMUD', half: 'UPPER', claim: 50, claimed: 1400, guarantee: 2 },
      '您分到36只口罩：1,000只口罩分配给28人（每人保证2只），共申请1,400只，可分配的数量超过申请总量的一半，因此每人未获满足的数量相等，但不超过各自申请量的一半，您申请50只，得到36只。',
    ],
    [
      { rule: 'MAX_MIN_FILL_RATE', claim: 50, claimed: 1400, contenders: 4, cutoff: 1, rank: 1 },
      '您分到36只口罩：1,000只口罩分配给28人，共申请1,400只，使每人申请得到满足的比例尽可能相等，您申请50只，得到36只，与您情况相同的4人中有1人多得1只；抽签决定，您排在第1位（共4位）。',
    ],
  ])('%j', (change, sentence) => {
    expect(chinese({ ...LUCKY, ...change })).toBe(sentence);
  });

  it('of reasons written before there were other rules is as it was', () => {
    const { rule: _rule, guaranteesCovered: _covered, guarantee: _guarantee, ...old } = LUCKY;
    expect(chinese(old as Why)).toBe(chinese(LUCKY));
  });

  it('says every number that the English one says, in every case, in no Latin letters', () => {
    for (const why of everyCase()) {
      const inChineseNow = chinese(why);
      expect(numbersIn(inChineseNow)).toEqual(expect.arrayContaining(numbersIn(sentenceOf(why))));
      expect(inChineseNow).not.toMatch(/[A-Za-z]|undefined|null|NaN/);
      expect(inChineseNow).toMatch(/^(您|很抱歉，您)[^。]+。$/);
    }
  });

  it('tells apart whatever the English one tells apart', () => {
    const english = new Map<string, string>();
    for (const why of everyCase()) {
      const inEnglishNow = sentenceOf(why);
      const known = english.get(chinese(why));
      if (known !== undefined && known !== inEnglishNow) expect([known, chinese(why)]).toEqual([inEnglishNow, null]);
      english.set(chinese(why), inEnglishNow);
    }
    expect(english.size).toBeGreaterThan(500);
  });

  it('can be told for everyone in a split, from the reasons alone', () => {
    const recipients: RecipientClaim[] = Array.from({ length: 40 }, (_, i) => ({
      id: `r${i}`,
      weight: 1 + (i % 3),
      claims: { MASK: 1 + i },
    }));
    const seen = new Set<string>();
    for (const rule of RULES) {
      const policy: Policy = { rule, cap: { MASK: 30 }, reserveUnits: { MASK: 7 }, guarantee: { MASK: 1 } };
      const { awards, withoutAward } = split({ policy, lots: [{ id: 'm', item: 'MASK', units: 311 }], recipients });
      for (const { why, sentence } of [...awards, ...withoutAward]) {
        expect(numbersIn(chinese(why))).toEqual(expect.arrayContaining(numbersIn(sentence)));
        seen.add(chinese(why));
      }
    }
    expect(seen.size).toBeGreaterThan(50);
  });
});

describe('Chinese nouns', () => {
  it.each([
    ['MASK', '只', '口罩'],
    ['MASKS', '只', '口罩'],
    ['N95', '只', 'N95口罩'],
    ['KN95_RESPIRATOR', '只', 'KN95口罩'],
    ['FFP2', '只', 'FFP2口罩'],
    ['PROTECTIVE_SUIT', '件', '防护服'],
    ['GOGGLES', '副', '护目镜'],
    ['FACE_SHIELD', '个', '面屏'],
    ['GLOVES', '双', '手套'],
    ['GLOVE', '双', '手套'],
    ['constructor', '件', 'constructor'],
    ['SYRINGE', '件', 'SYRINGE'],
  ])('%s is counted by %s %s', (item, measure, word) => {
    expect(chineseNounOf(item)).toEqual({ one: word, other: word, measure });
  });

  it('counts by 件 what comes with a noun without measure word', () => {
    const why: Why = { ...LUCKY, ...CERTAIN, people: 1 };
    expect(sentenceOf(why, { one: '呼吸机', other: '呼吸机' }, inChinese)).toBe(
      '您分到36件呼吸机：没有其他人参与分配。',
    );
  });
});

function numbersIn(sentence: string): string[] {
  return sentence.match(/\d[\d,.]*(?<=\d)/g) ?? [];
}

/** Reasons of every kind, each a case of the sentence; not all can come out of a split, all can be said. */
function everyCase(): Why[] {
  const rules: Partial<Why>[] = [
    {},
    { limitedPeople: 2, limitedUnits: 12 },
    { limitedPeople: 1, limitedUnits: 6, cap: 50 },
    ...ROUNDINGS.flatMap((rounding) =>
      (['CLAIM', 'WEIGHT'] as const).map((inProportionTo): Partial<Why> => ({
        rule: 'PROPORTIONAL',
        rounding,
        inProportionTo,
      })),
    ),
    { rule: 'CONSTRAINED_EQUAL_LOSSES' },
    { rule: 'TALMUD', half: 'LOWER' },
    { rule: 'TALMUD', half: 'UPPER' },
    { rule: 'MAX_MIN_FILL_RATE' },
  ];
  const outcomes: Partial<Why>[] = [
    {},
    { extra: 0, units: 35, rank: 21 },
    { cutoff: 1, rank: 1 },
    { ...CERTAIN, units: 35 },
    { ...NOTHING, rank: 27 },
    { floor: 0, units: 1, cutoff: 1, rank: 1 },
    { ...CERTAIN, ...NOTHING },
    { ...CERTAIN, ...NOTHING, supply: 0 },
    { ...CERTAIN, ...NOTHING, supply: 7, reserved: 7 },
    { ...CERTAIN, ...NOTHING, supply: 1, reserved: 1 },
    { ...CERTAIN, ...NOTHING, cap: 0, bindingConstraint: 'CAP' },
    { cap: 36, bindingConstraint: 'CAP' },
    { claim: 36, bindingConstraint: 'CLAIM' },
    { claim: 1, units: 1, bindingConstraint: 'CLAIM' },
    { people: 1 },
    { guarantee: 2 },
    { guarantee: 50, guaranteesCovered: false },
    { ...NOTHING, guarantee: 50, guaranteesCovered: false },
  ];
  const others: Partial<Why>[] = [
    {},
    { reserved: 19, supply: 1019 },
    { ties: 'STABLE' },
    { fewestExtrasFirst: true },
    { fewestExtrasFirst: true, ties: 'STABLE' },
    { weighted: true, weight: 2 },
  ];
  return rules.flatMap((rule) =>
    others.flatMap((other) =>
      outcomes.map((outcome) => ({ ...LUCKY, claim: 90, claimed: 2520, ...rule, ...other, ...outcome })),
    ),
  );
}
