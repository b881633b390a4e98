import { pooledReason } from './english-pools.js';
import { otherRule } from './english-rules.js';
import { among, contestOf, count, keptNote, lotsOfAtLeast, PERSON } from './english-words.js';
import { decimal, thousands, whyInPacks, type Halves, type Language } from './language.js';
import type { Noun } from './nouns.js';
import type { Why } from './problem.js';

export const inEnglish: Language = (why, noun) => {
  if (why.pack && !why.pool) return spoken(whyInPacks(why), packNoun(why.pack, noun));
  return spoken(why, noun);
};

function spoken(why: Why, noun: Noun): Halves {
  if (why.bindingConstraint === 'MINIMUM_LOT') return notAdmitted(why, noun);
  // Reasons written by engine 1.0.0, which knew equal awards alone, say nothing of guarantees.
  if (why.guaranteesCovered === false && !why.pool) return inTurn(why, noun);
  const opening = why.units > 0 ? something(why, noun) : nothing(why, noun);
  // Everybody's place means nothing where lots kept for others decide as well.
  if (why.pool?.bestPlacesWin === false) return { before: `${opening}.`, after: null };
  if (why.rank === null || why.bindingConstraint !== 'SUPPLY') return { before: `${opening}.`, after: null };
  return { before: `${opening}; ${contestOf(why)} `, after: ` of ${thousands(why.contenders!)}.` };
}

function packNoun(pack: number, noun: Noun): Noun {
  if (pack === 1) return noun;
  return { one: `pack of ${count(pack, noun)}`, other: `packs of ${count(pack, noun)}` };
}

function something(why: Why, noun: Noun): string {
  const { units, claim, bindingConstraint, people, pool } = why;
  if (bindingConstraint === 'CLAIM') {
    return claim === 1
      ? `You asked for ${count(1, noun)} and get it`
      : `You asked for ${count(units, noun)} and get all ${thousands(units)}`;
  }
  const get = `You get ${count(units, noun)}`;
  if (bindingConstraint === 'CAP') return `${get}, the most one person may get this time`;
  if (bindingConstraint === 'PACK') return `${get}: what you may still have is less than a whole pack`;
  if (people === 1 && !pool) return `${get}${keptNote(why)}: nobody else is sharing them`;
  return `${get}: ${reasonOf(why, noun)}`;
}

function nothing(why: Why, noun: Noun): string {
  const { supply, reserved, cap, bindingConstraint } = why;
  const none = `You get no ${noun.other} this time`;
  if (supply === 0) return `${none}: there are none to share`;
  if (reserved === supply) {
    return supply === 1
      ? `${none}: the only one is kept in reserve`
      : `${none}: all ${thousands(supply)} are kept in reserve`;
  }
  if (cap === 0) return `${none}: the most one person may get is none`;
  if (bindingConstraint === 'PACK') return `${none}: what you may have is less than a whole pack`;
  if (bindingConstraint === 'TIER') return `${none}: ${tierFirst(why)}`;
  return `${none}: ${reasonOf(why, noun)}`;
}

function tierFirst({ pool }: Why): string {
  const mine = pool?.tier == null ? 'people without a tier' : `tier ${pool.tier}`;
  return `earlier tiers are served first, and nothing was left for ${mine}`;
}

/** Whoever found no place among those who get a minimum lot. */
function notAdmitted(why: Why, noun: Noun): Halves {
  const { supply, reserved, broken, rank, contenders, cutoff, admit, ties } = why;
  const units = count(supply - reserved - (broken ?? 0), noun);
  const whom = cutoff === 0 ? 'nobody' : `${thousands(cutoff!)} of ${count(contenders!, PERSON)}`;
  const enough = `${units}${keptNote(why)}${lotsOfAtLeast(why)} are enough for ${whom}`;
  const order =
    admit === 'SMALLEST_CLAIM_FIRST'
      ? 'the smallest claims came first, and you are number'
      : contestOf({ ties, fewestExtrasFirst: false });
  const before = `You get no ${noun.other} this time: ${enough}`;
  if (rank === null || cutoff === 0) return { before: `${before}.`, after: null };
  return { before: `${before}; ${order} `, after: ` of ${thousands(contenders!)}.` };
}

/** Where there is too little for all guarantees. */
function inTurn(why: Why, noun: Noun): Halves {
  const { units, supply, reserved, broken, guarantee, people, ties } = why;
  const left = supply - reserved - (broken ?? 0);
  if (left === 0) return { before: `${nothing(why, noun)}.`, after: null };
  const get = units > 0 ? `You get ${count(units, noun)}` : `You get no ${noun.other} this time`;
  const there = `${count(left, noun)}${keptNote(why)} ${left === 1 ? 'is' : 'are'} too few`;
  const each = `to guarantee ${thousands(guarantee!)} to each of ${count(people, PERSON)}`;
  return {
    before: `${get}: ${there} ${each}, so they were given in turn; ${contestOf({ ties, fewestExtrasFirst: false })} `,
    after: ` of ${thousands(people)}.`,
  };
}

function reasonOf(why: Why, noun: Noun): string {
  if (why.pool) return pooledReason(why, why.pool, noun);
  if (why.received != null) return remembered(why, noun);
  return otherRule(why, noun) ?? `${among(why, noun)}${limitedNote(why)} ${result(why)}`;
}

/** Where what earlier plans gave counts, nobody's number says much without it. */
function remembered(why: Why, noun: Noun): string {
  const { exactShare, received, cutoff, contenders, rank } = why;
  const had = received === 0 ? 'had none' : `had ${thousands(received!)}`;
  const verb = cutoff === 1 ? 'gets' : 'get';
  const drawn =
    rank === null
      ? ''
      : `, and ${thousands(cutoff!)} of ${count(contenders!, PERSON)} in your position ${verb} one more`;
  return `${among(why, noun)}, counting what each had received before, is ${decimal(exactShare)} for you, who ${had}${drawn}`;
}

function limitedNote({ limitedPeople, limitedUnits, cap }: Why): string {
  if (limitedPeople === 0) return '';
  const verb = cap === null ? 'asked for' : 'asked for or may get';
  const get = limitedPeople === 1 ? `gets ${thousands(limitedUnits)}` : `get ${thousands(limitedUnits)} between them`;
  return `, of whom ${thousands(limitedPeople)} ${verb} fewer and ${get},`;
}

/** What the sharing comes to, before the person's own place. */
function result(why: Why): string {
  const { floor, cutoff, contenders, weight, weighted, limitedPeople, exactShare, units } = why;
  const winners = cutoff === null ? '' : winnersOf(cutoff, contenders!, weighted);
  if (floor === 0 && cutoff !== null) return `leaves one ${cutoff === 1 ? '' : 'each '}for ${winners}`;
  if (weighted && cutoff === null && exactShare !== String(units)) {
    const whole = units === 0 ? 'none' : thousands(units);
    return `is ${decimal(exactShare)} for your weight of ${thousands(weight)}, which in whole units, least per weight first, makes ${whole}`;
  }
  const whom = weighted ? `for a weight of ${thousands(weight)}` : limitedPeople > 0 ? 'each for the others' : 'each';
  const each = `is ${floor === 0 ? 'less than one' : thousands(floor)} ${whom}`;
  return cutoff === null ? each : `${each}, and ${winners} ${cutoff === 1 ? 'gets' : 'get'} one more`;
}

function winnersOf(cutoff: number, contenders: number, weighted: boolean): string {
  return weighted ? `${thousands(cutoff)} of ${count(contenders, PERSON)} with your weight` : count(cutoff, PERSON);
}
