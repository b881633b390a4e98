import { thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

/** Phrases that the Chinese sentences of all rules share. No space stands between numbers, measure words and nouns. */

/** 件 counts things that have no measure word of their own. */
export function measureOf({ measure = '件' }: Noun): string {
  return measure;
}

/** "36只" */
export function measured(units: number, noun: Noun): string {
  return thousands(units) + measureOf(noun);
}

/** "36只口罩" */
export function count(units: number, noun: Noun): string {
  return measured(units, noun) + noun.other;
}

/** "1,000只口罩（另有19只留作储备）按权重分配给28人（每人保证2只）" */
export function among(why: Why, noun: Noun, manner = why.weighted ? '按权重' : ''): string {
  const { supply, reserved, people, guarantee } = why;
  const guaranteed = guarantee ? `（每人保证${measured(guarantee, noun)}）` : '';
  return `${count(supply - reserved, noun)}${reserveNote(reserved, noun)}${manner}分配给${thousands(people)}人${guaranteed}`;
}

export function reserveNote(reserved: number, noun: Noun): string {
  return reserved > 0 ? `（另有${measured(reserved, noun)}留作储备）` : '';
}

/** What decided between the contenders, up to the person's place. */
export function contestOf({ ties, fewestExtrasFirst }: Pick<Why, 'ties' | 'fewestExtrasFirst'>): string {
  const first = fewestExtrasFirst ? '此前多得次数较少者优先，' : '';
  if (ties === 'LOTTERY') return `${first}${first && '其次'}抽签决定，您排在第`;
  return `${first}${first && '其次'}按名单顺序，您是第`;
}
