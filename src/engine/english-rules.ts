import { among, count, PERSON } from './english-words.js';
import { decimal, thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Rounding, Why } from './problem.js';

/** What sharing by another rule than equal awards comes to for one person, before her place in a draw; else null. */
export function otherRule(why: Why, noun: Noun): string | null {
  switch (why.rule) {
    case 'PROPORTIONAL':
      return `${among(why, noun)}${proportion(why)} is ${decimal(why.exactShare)} for you${rounded(why)}`;
    case 'CONSTRAINED_EQUAL_LOSSES':
      return `${among(why, noun)}, who asked for ${thousands(why.claimed!)}, leaves each without the same number as nearly as can be, ${mine(why)}${drawn(why)}`;
    case 'TALMUD':
      return `${among(why, noun)}, who asked for ${thousands(why.claimed!)}, ${halfOf(why)}, ${mine(why)}${drawn(why)}`;
    case 'MAX_MIN_FILL_RATE':
      return `${among(why, noun)}, who asked for ${thousands(why.claimed!)}, fills the same part of each claim as nearly as can be, ${mine(why)}${drawn(why)}`;
    // `undefined` in reasons written by engine 1.0.0, which knew no other rule.
    case 'CONSTRAINED_EQUAL_AWARDS':
    default:
      return null;
  }
}

const ROUNDING_NAMES: Record<Rounding, string> = {
  LARGEST_REMAINDER: 'largest remainders',
  WEBSTER: 'Webster',
  JEFFERSON: 'Jefferson',
  ADAMS: 'Adams',
  HUNTINGTON_HILL: 'Huntington and Hill',
};

/** Weight has been named before; equal parts need no name. */
function proportion({ inProportionTo, weighted }: Why): string {
  if (inProportionTo === 'CLAIM') return `${weighted ? ' and' : ''} in proportion to claims`;
  return weighted ? '' : ' in equal parts';
}

function rounded(why: Why): string {
  const { exactShare, units, rounding, rank, floor } = why;
  if (rank === null && exactShare === String(units)) return '';
  const by = `by the method of ${ROUNDING_NAMES[rounding!]}`;
  if (rank === null) return `, rounded to ${thousands(units)} ${by}`;
  return `, rounded to ${thousands(floor)} or ${thousands(floor + 1)} ${by}${drawn(why)}`;
}

function mine({ claim, units }: Why): string {
  return `which makes ${thousands(units)} of the ${thousands(claim!)} you asked for`;
}

/** Who get one more where only a draw could part people. */
function drawn({ cutoff, contenders, rank }: Why): string {
  if (rank === null) return '';
  return `, and ${thousands(cutoff!)} of ${count(contenders!, PERSON)} in your position ${cutoff === 1 ? 'gets' : 'get'} one more`;
}

function halfOf({ half }: Why): string {
  return half === 'UPPER'
    ? 'is more than half, so that each goes without the same number, but no more than half of the claim'
    : 'is no more than half, so that each gets the same number, but no more than half of the claim';
}
