import { leftOut, shutOutByTiers, type Decision } from './decision.js';
import { compareText } from './ordering.js';
import type { Note, Problem, StageNote } from './problem.js';
import { ExactSum } from './ratio.js';

/** How many times the median a claim may be before it is pointed out. */
export const FAR = 100;

/** Who the claimants are, as far as notes tell it. */
interface People {
  names: readonly string[];
  tierOf: (claimant: number) => number | null;
}

/** What whoever confirms the split should look at, in id order. */
export function notesOf(decision: Decision, stages: StageNote[], people: People): Note[] {
  const { item } = decision.stock;
  const notes: Note[] = [];
  if (!decision.areGuaranteesCovered) notes.push(guaranteesNote(decision));
  if (stages.length > 1) notes.push({ code: 'STAGES', item, stages });
  notes.push(...admissionNotes(decision));
  if (stages.some(({ tier }) => tier !== undefined)) notes.push(...tierNotes(decision, people));
  for (const { claimant, claim, median } of farClaims(decision.claimants.claims)) {
    notes.push({ code: 'CLAIM_FAR_ABOVE_MEDIAN', recipient: people.names[claimant]!, item, claim, median });
  }
  return notes;
}

function guaranteesNote({ stock, claimants }: Decision): Note {
  const { item, supply, reserved } = stock;
  const guaranteed = new ExactSum();
  for (const bound of claimants.bounds) guaranteed.add(Math.min(bound, claimants.guarantee!));
  return { code: 'GUARANTEES_NOT_COVERED', item, guaranteed: Number(guaranteed.value()), estate: supply - reserved };
}

function admissionNotes(decision: Decision): Note[] {
  const { stock, claimants, admission, policy } = decision;
  if (admission === null) return [];
  const isLeftOut = leftOut(decision);
  let [without, served, claimed] = [0, 0, 0];
  admission.isIn.forEach((isIn, claimant) => {
    served += isIn;
    if (!isLeftOut(claimant)) return;
    without++;
    claimed += claimants.claims[claimant]!;
  });
  if (without === 0) return [];
  return [
    {
      code: 'MINIMUM_LOTS',
      item: stock.item,
      admit: policy.admit ?? 'TIE_ORDER',
      admitted: served,
      without,
      claimed: claimed === Infinity ? null : claimed,
    },
  ];
}

/** Tiers of which somebody went without because those before took everything. */
function tierNotes(decision: Decision, { tierOf }: People): Note[] {
  const { stock, staged, units, claimants } = decision;
  if (staged === null) return [];
  const isShutOut = shutOutByTiers(decision);
  const without = new Map<number | null, number>();
  units.forEach((award, claimant) => {
    if (award > 0 || claimants.bounds[claimant]! < stock.sizes.at(-1)!) return;
    if (!isShutOut(staged(claimant).pool)) return;
    without.set(tierOf(claimant), (without.get(tierOf(claimant)) ?? 0) + 1);
  });
  return Array.from(without)
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([tier, people]) => ({ code: 'TIERS', item: stock.item, tier, people }));
}

/** Items that are claimed, capped or kept back and of which there is no lot, by code. */
export function notesOnMissingItems({ lots, policy, recipients }: Problem): Note[] {
  const stocked = new Set(lots.map(({ item }) => item));
  const missing = new Map<string, number>();
  const speakOf = (item: string, people: number) => {
    if (!stocked.has(item)) missing.set(item, (missing.get(item) ?? 0) + people);
  };
  for (const table of [policy.reserveUnits, policy.cap, policy.minimumLot, policy.guarantee]) {
    for (const item of Object.keys(table ?? {})) speakOf(item, 0);
  }
  for (const { claims, anyOf } of recipients) {
    if (claims) for (const item of Object.keys(claims)) if (claims[item]! > 0) speakOf(item, 1);
    if (!anyOf) continue;
    const hopeless = anyOf.filter(({ items, units }) => units > 0 && !items.some((item) => stocked.has(item)));
    // Somebody who claims an item twice over is one person.
    const others = new Set(hopeless.map(({ items }) => items[0]!));
    for (const item of others) if (!(claims && Object.hasOwn(claims, item) && claims[item]! > 0)) speakOf(item, 1);
  }
  return Array.from(missing)
    .sort(([a], [b]) => compareText(a, b))
    .map(([item, people]) => ({ code: 'NOT_IN_STOCK', item, people }));
}

/** Claims of more than a hundred times the median of those that have a bound. */
function farClaims(claims: Float64Array): { claimant: number; claim: number; median: number }[] {
  let least = Infinity;
  let most = 0;
  let bounded = 0;
  for (let i = 0; i < claims.length; i++) {
    const claim = claims[i]!;
    if (claim === Infinity) continue;
    bounded++;
    if (claim < least) least = claim;
    if (claim > most) most = claim;
  }
  if (most <= FAR * least) return [];
  let small = 0;
  for (let i = 0; i < claims.length; i++) if (FAR * claims[i]! < most) small++;
  // Unless half of the claims are that small the median is not, and nothing need be sorted.
  if (small < bounded >> 1) return [];
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
