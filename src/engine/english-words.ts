import { thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

/** Phrases that the sentences of all rules share. */

export const PERSON: Noun = { one: 'person', other: 'people' };

export function count(units: number, noun: Noun): string {
  return `${thousands(units)} ${units === 1 ? noun.one : noun.other}`;
}

/** "1,000 masks (19 more kept in reserve) among 28 people (each guaranteed 2) by weight" */
export function among(why: Why, noun: Noun): string {
  const { supply, reserved, people, weighted, guarantee } = why;
  const guaranteed = guarantee ? ` (each guaranteed ${thousands(guarantee)})` : '';
  const whom = `${count(people, PERSON)}${guaranteed}`;
  return `${count(supply - reserved, noun)}${reserveNote(why)} among ${whom}${weighted ? ' by weight' : ''}`;
}

export function reserveNote({ reserved }: Pick<Why, 'reserved'>): string {
  return reserved > 0 ? ` (${thousands(reserved)} more kept in reserve)` : '';
}

/** What decided between the contenders, up to the person's place. */
export function contestOf({ ties, fewestExtrasFirst }: Why): string {
  const first = fewestExtrasFirst ? 'people who had had fewer single extra units came first, ' : '';
  if (ties === 'LOTTERY') return `${first}${fewestExtrasFirst ? 'and ' : ''}you drew place`;
  return fewestExtrasFirst ? `${first}then list order, and you are number` : 'by list order you are number';
}
