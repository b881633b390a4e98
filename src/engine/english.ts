import { earmarkedReason } from './english-earmarks.js';
import { otherRule } from './english-rules.js';
import { among, contestOf, count, PERSON, reserveNote } from './english-words.js';
import { thousands, type Halves, type Language } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

export const inEnglish: Language = (why, noun) => {
  // Reasons written by engine 1.0.0, which knew equal awards alone, say nothing of guarantees.
  if (why.guaranteesCovered === false && !why.pool) return inTurn(why, noun);
  const opening = why.units > 0 ? something(why, noun) : nothing(why, noun);
  // Everybody's place means nothing where lots kept for others decide as well.
  if (why.pool?.bestPlacesWin === false) return { before: `${opening}.`, after: null };
  if (why.rank === null || why.bindingConstraint !== 'SUPPLY') return { before: `${opening}.`, after: null };
  return { before: `${opening}; ${contestOf(why)} `, after: ` of ${thousands(why.contenders!)}.` };
};

function something(why: Why, noun: Noun): string {
  const { units, claim, bindingConstraint, people, pool } = why;
  if (bindingConstraint === 'CLAIM') {
    return claim === 1
      ? `You asked for ${count(1, noun)} and get it`
      : `You asked for ${count(units, noun)} and get all ${thousands(units)}`;
  }
  const get = `You get ${count(units, noun)}`;
  if (bindingConstraint === 'CAP') return `${get}, the most one person may get this time`;
  if (people === 1 && !pool) return `${get}${reserveNote(why)}: nobody else is sharing them`;
  return `${get}: ${reasonOf(why, noun)}`;
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
  return `${none}: ${reasonOf(why, noun)}`;
}

/** Where there is too little for all guarantees. */
function inTurn(why: Why, noun: Noun): Halves {
  const { units, supply, reserved, guarantee, people, ties } = why;
  const left = supply - reserved;
  if (left === 0) return { before: `${nothing(why, noun)}.`, after: null };
  const get = units > 0 ? `You get ${count(units, noun)}` : `You get no ${noun.other} this time`;
  const there = `${count(left, noun)}${reserveNote({ reserved })} ${left === 1 ? 'is' : 'are'} too few`;
  const each = `to guarantee ${thousands(guarantee!)} to each of ${count(people, PERSON)}`;
  const order = ties === 'LOTTERY' ? 'you drew place' : 'by list order you are number';
  return {
    before: `${get}: ${there} ${each}, so they were given in turn; ${order} `,
    after: ` of ${thousands(people)}.`,
  };
}

function reasonOf(why: Why, noun: Noun): string {
  if (why.pool) return earmarkedReason(why, why.pool, noun);
  return otherRule(why, noun) ?? `${among(why, noun)}${limitedNote(why)} ${result(why)}`;
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
