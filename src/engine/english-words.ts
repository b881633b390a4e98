import { thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

/** Phrases that the sentences of all rules share. */

export const PERSON: Noun = { one: 'person', other: 'people' };

export function count(units: number, noun: Noun): string {
  return `${thousands(units)} ${units === 1 ? noun.one : noun.other}`;
}

/** "1,000 masks (19 more kept in reserve) in lots of at least 50 among 20 of 28 people (each guaranteed 2) by weight" */
export function among(why: Why, noun: Noun): string {
  const { supply, reserved, broken, weighted, guarantee } = why;
  const guaranteed = guarantee ? ` (each guaranteed ${thousands(guarantee)})` : '';
  const units = count(supply - reserved - (broken ?? 0), noun);
  return `${units}${keptNote(why)}${lotsOfAtLeast(why)} among ${peopleOf(why)}${guaranteed}${weighted ? ' by weight' : ''}`;
}

/** "28 people", or those of them who were admitted. */
export function peopleOf({ people, admittedPeople }: Pick<Why, 'people' | 'admittedPeople'>): string {
  return admittedPeople == null ? count(people, PERSON) : `${thousands(admittedPeople)} of ${count(people, PERSON)}`;
}

export function lotsOfAtLeast({ minimumLot }: Pick<Why, 'minimumLot'>): string {
  return minimumLot ? ` in lots of at least ${thousands(minimumLot)}` : '';
}

/** What of the supply was not shared. */
export function keptNote({ reserved, broken }: Pick<Why, 'reserved' | 'broken'>): string {
  const parts = [
    ...(reserved > 0 ? [`${thousands(reserved)} more kept in reserve`] : []),
    ...(broken ? [`${thousands(broken)} more in broken packs`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

/** What decided between the contenders, up to the person's place. */
export function contestOf({ ties, fewestExtrasFirst }: Pick<Why, 'ties' | 'fewestExtrasFirst'>): string {
  const first = fewestExtrasFirst ? 'people who had had fewer single extra units came first, ' : '';
  switch (ties) {
    case 'LOTTERY':
      return `${first}${fewestExtrasFirst ? 'and ' : ''}you drew place`;
    case 'CARRY_OVER':
      return `${first}${fewestExtrasFirst ? 'then ' : ''}those whom earlier rounding left short${fewestExtrasFirst ? '' : ' came first'}, then by lottery, and you are number`;
    case 'STABLE':
      return fewestExtrasFirst ? `${first}then list order, and you are number` : 'by list order you are number';
  }
}
