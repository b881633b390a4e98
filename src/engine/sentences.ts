import { inEnglish } from './english.js';
import { thousands, type Halves, type Language } from './language.js';
import { nounOf, type Noun } from './nouns.js';
import type { Why } from './problem.js';

/**
 * The plain sentence for one award or for having none, rebuilt from its `why` alone.
 * "You get 36 masks: 1,000 masks among 28 people is 35 each, and 20 people get one more; you drew place 3 of 28."
 */
export function sentenceOf(why: Why, noun: Noun = nounOf(why.item), language: Language = inEnglish): string {
  return joinHalves(language(why, noun), why);
}

export function joinHalves({ before, after }: Halves, { rank }: Why): string {
  return after === null || rank === null ? before : before + thousands(rank) + after;
}
