import { grouped } from '../engine/grouping.js';
import type { AnyOf, Policy, Problem, RecipientClaim } from '../engine/problem.js';
import { refuse } from '../platform/rejection.js';
import { type ClaimSource, isByNeed } from '../policies/policy.rules.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import type { Ranking } from '../catalogue/substitute.rules.js';
import type { FreeUnits } from './plan.rules.js';

/** What a split goes by: the engine's policy, and where claims come from. */
export interface Terms {
  readonly policy: Policy;
  readonly claims: ClaimSource;
}

/** A recipient as a split sees her: nothing that names her. */
export interface Person {
  readonly id: string;
  readonly country: string | null;
  readonly exposureTier: number;
  readonly headcount: number;
  readonly createdAt: Date;
}

/** Units of an item, or of any item of a category, that a recipient wants. */
export interface Wanted {
  readonly recipientId: string;
  readonly itemId: string | null;
  readonly category: ItemCategory | null;
  /** Whether what stands in for the item will do. */
  readonly acceptsSubstitutes: boolean;
  readonly units: number;
}

/** What the recipients of a split bring, all of it read at one moment. */
export interface Circumstances {
  readonly people: readonly Person[];
  readonly memberships: readonly { readonly recipientId: string; readonly groupId: string }[];
  readonly wanted: readonly Wanted[];
  /** What of the stock may stand in for what, as `substitutesIn` says it; null where nothing may. */
  readonly substitutes: readonly Ranking[] | null;
  /** The beginning of the memory's window; null: for ever. */
  readonly since: Date | null;
  /** Units received since then, of any item. */
  readonly received: readonly { readonly recipientId: string; readonly itemId: string; readonly units: number }[];
  readonly deficits: readonly { readonly recipientId: string; readonly itemId: string; readonly deficit: string }[];
}

/** Whether earlier plans bear on this one: then nothing may be committed to its recipients while it is. */
export function hasMemory({ ties, memory }: Policy): boolean {
  return ties?.by === 'CARRY_OVER' || (memory !== undefined && memory.by !== 'NONE');
}

/** Whether recipients bring what earlier plans owe them by rounding. */
export function readsDeficits({ ties, memory }: Policy): boolean {
  return ties?.by === 'CARRY_OVER' || memory?.by === 'ROUNDING';
}

const DAY_MS = 86_400_000;

/**
 * Since when a `CUMULATIVE` memory counts: whole days back from the plan's day, UTC; null without a limit.
 * @param day `YYYY-MM-DD`
 */
export function memorySince({ memory }: Policy, day: string): Date | null {
  if (memory?.by !== 'CUMULATIVE' || memory.days === undefined) return null;
  return new Date(Date.parse(`${day}T00:00:00Z`) - memory.days * DAY_MS);
}

/** The groups by which a split may tell people apart: those that its lots are earmarked for, and those it was chosen by. */
export function groupsThatMatter(stock: readonly FreeUnits[], chosen: readonly string[] | null): string[] {
  return [...new Set([...stock.flatMap(({ earmark }) => earmark?.groups ?? []), ...(chosen ?? [])])].sort();
}

const ofRecipient = ({ recipientId }: { readonly recipientId: string }): string => recipientId;

/** The chosen items, in the order in which they are split, by id and by category. */
interface Catalogue {
  readonly codeOf: ReadonlyMap<string, string>;
  readonly codesOf: ReadonlyMap<ItemCategory, readonly string[]>;
  /** What may stand in for an item, by id, and its place in the split; null where nothing may. */
  readonly standIns: ReadonlyMap<string, { readonly place: number; readonly substituteIds: readonly string[] }> | null;
}

function catalogueOf(stock: readonly FreeUnits[], substitutes: readonly Ranking[] | null): Catalogue {
  const codeOf = new Map(stock.map(({ itemId, itemCode }) => [itemId, itemCode]));
  const codesOf = new Map<ItemCategory, string[]>();
  for (const { category, itemCode } of stock) {
    const codes = codesOf.get(category) ?? [];
    codesOf.set(category, codes.includes(itemCode) ? codes : [...codes, itemCode]);
  }
  const standIns =
    substitutes && new Map(substitutes.map(({ itemId, substituteIds }, place) => [itemId, { place, substituteIds }]));
  return { codeOf, codesOf, standIns };
}

/** The chosen items that a want can be met with, by code: the item and what may stand in for it, or all of the category. */
function itemsFor({ itemId, category, acceptsSubstitutes }: Wanted, catalogue: Catalogue): readonly string[] {
  const { codeOf, codesOf, standIns } = catalogue;
  if (category !== null) return codesOf.get(category) ?? [];
  const standInIds = (acceptsSubstitutes && standIns?.get(itemId!)?.substituteIds) || [];
  return [itemId!, ...standInIds].flatMap((id) => codeOf.get(id) ?? []);
}

/**
 * Wants in the order in which an item is counted towards them, which is that of `countTowards`: what has its own item split
 * last comes first, so that an item meets wants of itself before those in which it stands in; categories come last.
 */
function inTurn(wanted: readonly Wanted[], { standIns }: Catalogue): readonly Wanted[] {
  if (standIns === null) return wanted;
  const turn = ({ itemId }: Wanted): number => (itemId === null ? -Infinity : (standIns.get(itemId)?.place ?? -1));
  return wanted.toSorted((a, b) => (turn(a) > turn(b) ? -1 : turn(a) < turn(b) ? 1 : 0));
}

/**
 * What one recipient wants of the chosen items. A category of which one item was chosen is a claim on that item. With
 * substitutes a claim on one item is a want of that very item and of nothing else: the engine meets it before all others.
 */
function claimsOf(wanted: readonly Wanted[], catalogue: Catalogue): Pick<RecipientClaim, 'claims' | 'anyOf'> {
  const { codeOf, standIns } = catalogue;
  const claims: Record<string, number> = {};
  const anyOf: AnyOf[] = [];
  for (const want of inTurn(wanted, catalogue)) {
    const items = itemsFor(want, catalogue);
    const [code] = items;
    if (code === undefined) continue;
    const isOfOne = items.length === 1 && (standIns === null || codeOf.get(want.itemId ?? '') === code);
    if (isOfOne) claims[code] = (claims[code] ?? 0) + want.units;
    else anyOf.push({ items: [...items], units: want.units });
  }
  return { claims, ...(anyOf.length > 0 && { anyOf }) };
}

/** A table by item code of rows by item; items that were not chosen are left out. */
function tableOf<Row extends { readonly itemId: string }, T>(
  rows: readonly Row[] | undefined,
  valueOf: (row: Row) => T,
  { codeOf }: Catalogue,
): Record<string, T> {
  const chosen = (rows ?? []).filter(({ itemId }) => codeOf.has(itemId));
  return Object.fromEntries(chosen.map((row) => [codeOf.get(row.itemId)!, valueOf(row)]));
}

/** Who one is, as far as earmarks, tiers and weights go. */
function placeOf(person: Person, groups: readonly string[] | undefined, claims: ClaimSource): Partial<RecipientClaim> {
  return {
    ...(groups && { groups: groups.toSorted() }),
    ...(person.country !== null && { country: person.country }),
    tier: person.exposureTier,
    ...(claims === 'HEADCOUNT' && { weight: person.headcount }),
  };
}

/**
 * The recipients as the engine is given them: with what the policy and the chosen lots may ask of them, and no more.
 *
 * Under a `CUMULATIVE` memory, who registered within its window and received nothing is a newcomer, and has no table of
 * what she received; who has been there longer and received nothing has an empty one.
 */
export function recipientsOf(
  circumstances: Circumstances,
  stock: readonly FreeUnits[],
  { policy, claims }: Terms,
): RecipientClaim[] {
  const { people, since } = circumstances;
  const catalogue = catalogueOf(stock, circumstances.substitutes);
  const groupsOf = grouped(circumstances.memberships, ofRecipient);
  const wantedBy = grouped(circumstances.wanted, ofRecipient);
  const receivedBy = grouped(
    circumstances.received.filter(({ units }) => units > 0),
    ofRecipient,
  );
  const deficitsOf = grouped(
    circumstances.deficits.filter(({ deficit }) => deficit !== '0'),
    ofRecipient,
  );
  const remembered = (person: Person): Pick<RecipientClaim, 'received'> => {
    if (policy.memory?.by !== 'CUMULATIVE') return {};
    const received = receivedBy.get(person.id);
    const isNewcomer = !received && (since === null || person.createdAt >= since);
    return isNewcomer ? {} : { received: tableOf(received, ({ units }) => units, catalogue) };
  };
  return people.map((person) => {
    const groups = groupsOf.get(person.id)?.map(({ groupId }) => groupId);
    const deficit = tableOf(deficitsOf.get(person.id), (row) => row.deficit, catalogue);
    return {
      id: person.id,
      ...placeOf(person, groups, claims),
      ...(isByNeed(claims) && claimsOf(wantedBy.get(person.id) ?? [], catalogue)),
      ...remembered(person),
      ...(Object.keys(deficit).length > 0 && { deficit }),
    };
  });
}

/** Whether somebody may be given something: under claims by need, who asks for nothing that was chosen gets nothing. */
export function isAnybodyClaiming({ recipients }: Pick<Problem, 'recipients'>): boolean {
  return recipients.some(({ claims, anyOf }) => !claims || Object.keys(claims).length > 0 || anyOf !== undefined);
}

/** Nobody asks for anything that was chosen. */
export function nobodyNeeds(claims: ClaimSource) {
  const what = claims === 'BURN_RATE' ? 'need that follows from use' : 'need';
  const message = `None of the chosen recipients has an open ${what} for any of the chosen items.`;
  return refuse('NobodyEligibleError', 'NOBODY_ELIGIBLE', message, {});
}
