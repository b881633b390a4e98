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

/** "1,000只口罩（另有19只留作储备）每人至少50只，按权重分配给28人中的20人（每人保证2只）" */
export function among(why: Why, noun: Noun, manner = why.weighted ? '按权重' : ''): string {
  const { supply, reserved, broken, guarantee } = why;
  const guaranteed = guarantee ? `（每人保证${measured(guarantee, noun)}）` : '';
  const units = `${count(supply - reserved - (broken ?? 0), noun)}${keptNote(why, noun)}`;
  return `${units}${lotsOfAtLeast(why, noun)}${manner}分配给${peopleOf(why)}${guaranteed}`;
}

/** "28人", or those of them who were admitted. */
export function peopleOf({ people, admittedPeople }: Pick<Why, 'people' | 'admittedPeople'>): string {
  return admittedPeople == null ? `${thousands(people)}人` : `${thousands(people)}人中的${thousands(admittedPeople)}人`;
}

export function lotsOfAtLeast({ minimumLot }: Pick<Why, 'minimumLot'>, noun: Noun): string {
  return minimumLot ? `以每人至少${measured(minimumLot, noun)}` : '';
}

/** What of the supply was not shared. */
export function keptNote({ reserved, broken }: Pick<Why, 'reserved' | 'broken'>, noun: Noun): string {
  const parts = [
    ...(reserved > 0 ? [`${measured(reserved, noun)}留作储备`] : []),
    ...(broken ? [`${measured(broken, noun)}不足整包`] : []),
  ];
  return parts.length > 0 ? `（另有${parts.join('，')}）` : '';
}

/** What decided between the contenders, up to the person's place. */
export function contestOf({ ties, fewestExtrasFirst }: Pick<Why, 'ties' | 'fewestExtrasFirst'>): string {
  const first = fewestExtrasFirst ? '此前多得次数较少者优先，其次' : '';
  switch (ties) {
    case 'LOTTERY':
      return `${first}抽签决定，您排在第`;
    case 'CARRY_OVER':
      return `${first}此前因取整而少得者优先，再抽签决定，您排在第`;
    case 'STABLE':
      return `${first}按名单顺序，您是第`;
  }
}
