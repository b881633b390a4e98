import type { Claimants } from './claims.js';
import { ExactSum } from './ratio.js';
import type { Note, StageNote } from './problem.js';

/** How many times the median a claim may be before it is pointed out. */
export const FAR = 100;

/** What whoever confirms the split should look at, in id order. */
export function notesOf(
  item: string,
  estate: number,
  claimants: Claimants,
  details: { areGuaranteesCovered: boolean; stages: StageNote[]; nameOf: (claimant: number) => string },
): Note[] {
  const notes: Note[] = [];
  if (!details.areGuaranteesCovered) {
    const guaranteed = new ExactSum();
    for (const low of claimants.lows) guaranteed.add(low);
    notes.push({ code: 'GUARANTEES_NOT_COVERED', item, guaranteed: Number(guaranteed.value()), estate });
  }
  if (details.stages.length > 1) notes.push({ code: 'STAGES', item, stages: details.stages });
  for (const { claimant, claim, median } of farClaims(claimants.claims)) {
    notes.push({ code: 'CLAIM_FAR_ABOVE_MEDIAN', recipient: details.nameOf(claimant), item, claim, median });
  }
  return notes;
}

/** Claims of more than a hundred times the median of those that have a bound. */
function farClaims(claims: Float64Array): { claimant: number; claim: number; median: number }[] {
  let least = Infinity;
  let most = 0;
  for (const claim of claims) {
    if (claim === Infinity) continue;
    least = Math.min(least, claim);
    most = Math.max(most, claim);
  }
  // Then none can be that far above the median, and nothing need be sorted.
  if (most <= FAR * least) return [];
  const ascending = claims.filter((claim) => claim !== Infinity).sort();
  const middle = ascending.length >> 1;
  // Twice the median is whole; half of it is exact in a double.
  const doubled = ascending[middle]! + ascending[ascending.length % 2 === 0 ? middle - 1 : middle]!;
  const found: { claimant: number; claim: number; median: number }[] = [];
  claims.forEach((claim, claimant) => {
    if (claim !== Infinity && 2 * claim > FAR * doubled) found.push({ claimant, claim, median: doubled / 2 });
  });
  return found;
}
