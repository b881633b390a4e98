import { chineseNounOf } from '../engine/chinese-nouns.js';
import { inChinese } from '../engine/chinese.js';
import type { Why } from '../engine/problem.js';
import { sentenceOf } from '../engine/sentences.js';
import type { LanguageCode } from '../platform/language.rules.js';

const SENTENCE: Readonly<Record<LanguageCode, (why: Why) => string>> = {
  EN: (why) => sentenceOf(why),
  ZH_HANS: (why) => sentenceOf(why, chineseNounOf(why.item), inChinese),
};

/** Why that many, in a sentence to the recipient. */
export function sentenceIn(language: LanguageCode, why: Why): string {
  return SENTENCE[language](why);
}
