import { chineseNounOf } from '../engine/chinese-nouns.js';
import { noteInChinese } from '../engine/chinese-notes.js';
import { inChinese } from '../engine/chinese.js';
import { noteInEnglish } from '../engine/english-notes.js';
import { nounOf } from '../engine/nouns.js';
import type { Note, Why } from '../engine/problem.js';
import { sentenceOf } from '../engine/sentences.js';
import type { LanguageCode } from '../platform/language.rules.js';

const SENTENCE: Readonly<Record<LanguageCode, (why: Why) => string>> = {
  EN: (why) => sentenceOf(why),
  ZH_HANS: (why) => sentenceOf(why, chineseNounOf(why.item), inChinese),
};

const MESSAGE: Readonly<Record<LanguageCode, (note: Note, item: string) => string>> = {
  EN: (note, item) => noteInEnglish(note, nounOf(item)),
  ZH_HANS: (note, item) => noteInChinese(note, chineseNounOf(item)),
};

/** Why that many, in a sentence to the recipient. */
export function sentenceIn(language: LanguageCode, why: Why): string {
  return SENTENCE[language](why);
}

/** What a note says, to whoever confirms the plan. */
export function noteIn(language: LanguageCode, note: Note): string {
  return MESSAGE[language](note, 'item' in note ? note.item : '');
}
