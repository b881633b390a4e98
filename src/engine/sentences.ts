import { nounOf, type Noun } from './nouns.js';
import type { Why } from './problem.js';

/**
 * A sentence in two parts. Between them stands the person's place among the contenders, if she had one: the only word
 * that differs between people in the same position, so that a million sentences need few halves.
 */
export interface Halves {
  before: string;
  /** Null when the sentence is complete without a place. */
  after: string | null;
}

/** One language's way to say a `Why`; another language is another function of this shape. */
export type Language = (why: Why, noun: Noun) => Halves;

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

/** `1234567` as `1,234,567`: by hand, since the engine's text may not depend on the machine's locale. */
export function thousands(value: number): string {
  if (value < 1000) return String(value);
  const rest = value % 1000;
  return `${thousands((value - rest) / 1000)},${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}`;
}

export const inEnglish: Language = (why, noun) => {
  const opening = why.units > 0 ? something(why, noun) : nothing(why, noun);
  if (why.rank === null || why.bindingConstraint !== 'SUPPLY') return { before: `${opening}.`, after: null };
  return { before: `${opening}; ${contestOf(why)} `, after: ` of ${thousands(why.contenders!)}.` };
};

function something(why: Why, noun: Noun): string {
  const { units, claim, bindingConstraint, people } = why;
  if (bindingConstraint === 'CLAIM') {
    return claim === 1
      ? `You asked for ${count(1, noun)} and get it`
      : `You asked for ${count(units, noun)} and get all ${thousands(units)}`;
  }
  const get = `You get ${count(units, noun)}`;
  if (bindingConstraint === 'CAP') return `${get}, the most one person may get this time`;
  if (people === 1) return `${get}${reserveNote(why)}: nobody else is sharing them`;
  return `${get}: ${sharing(why, noun)} ${result(why)}`;
}

function nothing(why: Why, noun: Noun): string {
  const { supply, reserved, cap } = why;
  const none = `You get no ${noun.other} this time`;
  if (supply === 0) return `${none}: there are none to share`;
  if (reserved === supply) {
    return supply === 1
      ? `${none}: the only one is kept in reserve`
      : `${none}: all ${thousands(supply)} are kept in reserve`;
  }
  if (cap === 0) return `${none}: the most one person may get is none`;
  return `${none}: ${sharing(why, noun)} ${result(why)}`;
}

/** "1,000 masks among 28 people" and what else bears on the sum. */
function sharing(why: Why, noun: Noun): string {
  const { supply, reserved, people, weighted } = why;
  const among = `${count(supply - reserved, noun)}${reserveNote(why)} among ${count(people, PERSON)}`;
  return `${among}${weighted ? ' by weight' : ''}${limitedNote(why)}`;
}

function reserveNote({ reserved }: Why): string {
  return reserved > 0 ? ` (${thousands(reserved)} more kept in reserve)` : '';
}

function limitedNote({ limitedPeople, limitedUnits, cap }: Why): string {
  if (limitedPeople === 0) return '';
  const verb = cap === null ? 'asked for' : 'asked for or may get';
  const get = limitedPeople === 1 ? `gets ${thousands(limitedUnits)}` : `get ${thousands(limitedUnits)} between them`;
  return `, of whom ${thousands(limitedPeople)} ${verb} fewer and ${get},`;
}

/** What the sharing comes to, before the person's own place. */
function result({ floor, cutoff, contenders, weight, weighted, limitedPeople }: Why): string {
  const winners = cutoff === null ? '' : winnersOf(cutoff, contenders!, weighted);
  if (floor === 0 && cutoff !== null) return `leaves one ${cutoff === 1 ? '' : 'each '}for ${winners}`;
  const whom = weighted ? `for a weight of ${thousands(weight)}` : limitedPeople > 0 ? 'each for the others' : 'each';
  const each = `is ${floor === 0 ? 'less than one' : thousands(floor)} ${whom}`;
  return cutoff === null ? each : `${each}, and ${winners} ${cutoff === 1 ? 'gets' : 'get'} one more`;
}

function winnersOf(cutoff: number, contenders: number, weighted: boolean): string {
  return weighted ? `${thousands(cutoff)} of ${count(contenders, PERSON)} with your weight` : count(cutoff, PERSON);
}

/** What decided between the contenders, up to the person's place. */
function contestOf({ ties, fewestExtrasFirst }: Why): string {
  const first = fewestExtrasFirst ? 'people who had had fewer single extra units came first, ' : '';
  if (ties === 'LOTTERY') return `${first}${fewestExtrasFirst ? 'and ' : ''}you drew place`;
  return fewestExtrasFirst ? `${first}then list order, and you are number` : 'by list order you are number';
}

const PERSON: Noun = { one: 'person', other: 'people' };

function count(units: number, noun: Noun): string {
  return `${thousands(units)} ${units === 1 ? noun.one : noun.other}`;
}
