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

/**
 * The reason with the names of groups in the place of their ids, which say nothing to people; of a group that the reader
 * may not know, the end of its id, always the same.
 * @param names by id, of the groups that she may know
 */
export function withGroupNames(why: Why, names: ReadonlyMap<string, string>): Why {
  const { pool } = why;
  if (pool === null) return why;
  const nameOf = (id: string): string => names.get(id) ?? id.slice(-6).toUpperCase();
  const earmarks = pool.earmarks.map((earmark) =>
    earmark?.groups ? { ...earmark, groups: earmark.groups.map(nameOf) } : earmark,
  );
  return { ...why, pool: { ...pool, earmarks } };
}

/** The groups for which the lots behind an award were given, by id. */
export function groupsBehind({ pool }: Why): string[] {
  return [...new Set(pool?.earmarks.flatMap((earmark) => earmark?.groups ?? []))];
}
