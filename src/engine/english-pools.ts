import { count, lotsOfAtLeast, PERSON } from './english-words.js';
import { decimal, thousands } from './language.js';
import type { Noun } from './nouns.js';
import type { Earmark, Pool, Why } from './problem.js';

/** What sharing the lots of her pool comes to for one person, before her place in a draw. */
export function pooledReason(why: Why, pool: Pool, noun: Noun): string {
  if (pool.units === 0) return `nothing is left of those that may go to you`;
  const { guarantee, guaranteesCovered } = why;
  const guaranteed = guarantee && guaranteesCovered ? ` (each guaranteed ${thousands(guarantee)})` : '';
  const short =
    guaranteesCovered || why.units >= guarantee! ? '' : `, too few to guarantee ${thousands(guarantee!)} to everybody`;
  const people = `${count(pool.people, PERSON)}${tierOf(pool)}${guaranteed}${manner(why)}`;
  const whom = pool.people === 1 ? 'you alone' : people;
  const shared = pool.people === 1 ? 'left for' : 'shared among';
  const packs = why.pack && why.pack > 1 ? ` in packs of ${thousands(why.pack)}` : '';
  const lots = `${lotsOfAtLeast(why)}${packs}`;
  return `${origin(why, pool, noun)} ${shared} ${whom}${lots}${short}${mine(why, pool)}${drawn(why, pool)}`;
}

function tierOf({ step, tier }: Pool): string {
  if (step === null || step === undefined) return '';
  return tier === null ? ' without a tier' : ` of tier ${tier}`;
}

/** "300 of the 1,300 masks" */
function unitsOf({ supply }: Why, { units }: Pool, noun: Noun): string {
  return units === supply ? count(units, noun) : `${thousands(units)} of the ${count(supply, noun)}`;
}

/** "300 of the 1,300 masks were given for the US only and were" */
function origin(why: Why, pool: Pool, noun: Noun): string {
  const units = unitsOf(why, pool, noun);
  const was = pool.units === 1 ? 'was' : 'were';
  const verb = `${was}${partOf(pool)}`;
  const given = pool.earmarks.filter((earmark) => earmark !== null).map(givenFor);
  if (given.length === 0) return `${units} ${verb}`;
  const areAllForTheSame = pool.earmarks.length === 1;
  return areAllForTheSame
    ? `${units} ${was} given ${given[0]} and ${verb}`
    : `${units}, some of them given ${given.join(', some ')}, ${verb}`;
}

function partOf({ step, people }: Pool): string {
  if (step === 'RESERVED') return ' set aside and';
  return step === 'STRICT' && people > 1 ? ' left and' : '';
}

function givenFor(earmark: Earmark): string {
  const whom = [
    ...(earmark.countries ? [earmark.countries.map(countryName).join(' or ')] : []),
    ...(earmark.groups ? [`${earmark.groups.length === 1 ? 'group' : 'groups'} ${earmark.groups.join(' or ')}`] : []),
    ...(earmark.tiers ? [`${earmark.tiers.length === 1 ? 'tier' : 'tiers'} ${earmark.tiers.join(' or ')}`] : []),
  ].join(' and ');
  return earmark.strength === 'ONLY' ? `for ${whom} only` : `for ${whom} first`;
}

/** Countries that English calls by their letters; the others are told by their code. */
function countryName(code: string): string {
  if (code === 'US') return 'the US';
  return code === 'GB' ? 'the UK' : code;
}

function manner(why: Why): string {
  const weight = why.weighted ? ' by weight' : '';
  switch (why.rule) {
    case 'CONSTRAINED_EQUAL_AWARDS':
      return weight;
    case 'PROPORTIONAL':
      return why.inProportionTo === 'CLAIM'
        ? `${weight}${weight && ' and'} in proportion to claims`
        : weight || ' in equal parts';
    case 'CONSTRAINED_EQUAL_LOSSES':
      return `${weight} so that each goes without the same number as nearly as can be`;
    case 'TALMUD':
      return why.half === 'UPPER'
        ? `${weight} so that each goes without the same number, but no more than half of the claim`
        : `${weight} so that each gets the same number, but no more than half of the claim`;
    case 'MAX_MIN_FILL_RATE':
      return `${weight} so that the same part of each claim is filled as nearly as can be`;
  }
}

function mine({ exactShare, received }: Why, { before }: Pool): string {
  const counted = before > 0 ? ` with the ${thousands(before)} you already had` : '';
  const remembered = received == null ? '' : `, counting what each had received before (you: ${thousands(received)})`;
  return `, which makes ${decimal(exactShare)} for you${counted}${remembered}`;
}

function drawn({ cutoff, contenders, rank }: Why, { bestPlacesWin }: Pool): string {
  if (rank === null) return '';
  const verb = cutoff === 1 ? 'gets' : 'get';
  const limit = bestPlacesWin ? '' : ', as far as what was given for others allows';
  return `, and ${thousands(cutoff!)} of ${count(contenders!, PERSON)} in your position ${verb} one more${limit}`;
}
