import { nounOf } from '../engine/nouns.js';
import type { Rounding } from '../engine/problem.js';
import type { ClaimSource, ItemUnits, PolicyTerms } from './policy.rules.js';

/** A summary names as many items of a table, and counts the rest. */
const MOST_ITEMS = 4;

const CLAIMED: Readonly<Record<ClaimSource, string>> = {
  EQUAL: 'an equal claim',
  NEED: 'their open needs',
  HEADCOUNT: 'the number of people they collect for',
  BURN_RATE: 'the needs that follow from what they use up',
};

const ROUNDED: Readonly<Record<Rounding, string>> = {
  LARGEST_REMAINDER: 'by the largest remainders (Hamilton)',
  WEBSTER: 'to the nearest whole (Webster)',
  JEFFERSON: 'down (Jefferson)',
  ADAMS: 'up (Adams)',
  HUNTINGTON_HILL: 'by equal proportions (Huntington and Hill)',
};

const TIERS: Readonly<Record<number, string>> = {
  1: 'tier 1 (aerosol-generating work or ICU)',
  2: 'tier 2 (direct COVID care)',
  3: 'tier 3 (other care)',
};

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** "50 masks and 2 gowns": of a long table the first few, and how many more there are. */
function amounts(table: readonly ItemUnits[]): string {
  const shown = table.slice(0, table.length > MOST_ITEMS + 1 ? MOST_ITEMS : table.length);
  const words = shown.map(({ itemCode, units }) => {
    const noun = nounOf(itemCode);
    return `${units.toLocaleString('en-US')} ${units === 1 ? noun.one : noun.other}`;
  });
  const more = table.length - shown.length;
  return listed(more > 0 ? [...words, `so on for ${more} more items`] : words);
}

function ruleOf({ rule, claims, rounding }: PolicyTerms): string {
  const claimed = CLAIMED[claims];
  switch (rule) {
    case 'CONSTRAINED_EQUAL_AWARDS':
      if (claims === 'EQUAL') return 'Everybody gets the same.';
      // A headcount is a weight: nobody claims a number by it.
      return claims === 'HEADCOUNT'
        ? 'Everybody gets the same for each person they collect for.'
        : `Everybody gets the same, but nobody more than ${claimed}.`;
    case 'PROPORTIONAL':
      return claims === 'EQUAL'
        ? `Everybody gets an equal share, rounded ${ROUNDED[rounding]}.`
        : `Everybody gets a share in proportion to ${claimed}, rounded ${ROUNDED[rounding]}.`;
    case 'CONSTRAINED_EQUAL_LOSSES':
      return `Everybody goes without the same number of units of ${claimed}.`;
    case 'TALMUD':
      return `Everybody gets the same, up to half of ${claimed}; where there is more, everybody goes without the same.`;
    case 'MAX_MIN_FILL_RATE':
      return `The smallest part of ${claimed} that is met is made as large as it can be.`;
  }
}

function tiersOf({ tiers }: PolicyTerms): string | null {
  if (tiers.by === 'NONE') return null;
  if (tiers.by === 'STRICT')
    return `Exposure tiers come one after the other: ${TIERS[1]} first, with all it can take, then ${TIERS[2]}, then ${TIERS[3]}.`;
  const inOrder = [...tiers.shares].sort((a, b) => a.tier - b.tier);
  const parts = inOrder.map(({ share, tier }) => `${share} for ${TIERS[tier]}`);
  return `Every lot is cut into parts: ${listed(parts)}; what a tier cannot take is shared among everybody.`;
}

function limitsOf({ reserve, guarantee, cap, minimumLot, admit, wholePacks }: PolicyTerms): (string | null)[] {
  const first = admit === 'SMALLEST_CLAIM_FIRST' ? ', and the smallest claims come first' : '';
  return [
    reserve.length > 0 ? `Kept back first: ${amounts(reserve)}.` : null,
    guarantee.length > 0 ? `Everybody is guaranteed ${amounts(guarantee)}, as far as claimed.` : null,
    cap.length > 0 ? `Nobody gets more than ${amounts(cap)}.` : null,
    minimumLot.length > 0 ? `Whoever gets any gets at least ${amounts(minimumLot)}, or all they claim${first}.` : null,
    wholePacks ? 'Only whole packs are given.' : null,
  ];
}

function memoryOf({ memory, tieBreak }: PolicyTerms): string | null {
  if (memory.by === 'CUMULATIVE')
    return `What somebody received in the last ${memory.days === 1 ? 'day' : `${memory.days} days`} counts.`;
  // Carrying over says so itself.
  if (memory.by === 'NONE' || tieBreak === 'CARRY_OVER') return null;
  return 'Who was rounded up or down is remembered for later splits.';
}

function tiesOf({ tieBreak }: PolicyTerms): string {
  if (tieBreak === 'STABLE') return 'Single units that cannot be divided go by list order, which is for tests.';
  const lottery = 'by a lottery that anybody can draw again';
  return tieBreak === 'CARRY_OVER'
    ? `Single units that cannot be divided go to whoever was rounded down most so far, then ${lottery}.`
    : `Single units that cannot be divided go ${lottery}.`;
}

/** What a policy does, in plain English, a sentence for each thing that it says. */
export function summaryOf(terms: PolicyTerms): string {
  return [ruleOf(terms), tiersOf(terms), ...limitsOf(terms), memoryOf(terms), tiesOf(terms)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}
