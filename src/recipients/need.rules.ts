import { grouped } from '../engine/grouping.js';
import { refuse } from '../platform/rejection.js';
import type { ItemCategory } from '../catalogue/item.rules.js';

/** Where a need stands. Only `OPEN` and `PARTLY_MET` ones are claims. */
export const NEED_STATUSES = ['OPEN', 'PARTLY_MET', 'MET', 'WITHDRAWN', 'EXPIRED'] as const;
export type NeedStatus = (typeof NEED_STATUSES)[number];

/** Why a need, or a delivery, was closed without being met. */
export const CLOSURE_REASONS = [
  'NO_SUPPLY',
  'NO_CONTACT_RECIPIENT',
  'NO_CONTACT_DONOR',
  'NO_NEED',
  'PREFERS_DIFFERENT_ITEM',
  'DONOR_WITHDREW',
  'DUPLICATE',
  'TEST',
  'OTHER',
] as const;
export type ClosureReason = (typeof CLOSURE_REASONS)[number];

/** How strained supplies are, in the words of the CDC. */
export const SUPPLY_STATES = ['CONVENTIONAL', 'CONTINGENCY', 'CRISIS'] as const;
export type SupplyState = (typeof SUPPLY_STATES)[number];

/** The longest time ahead for which use is reckoned, in days. */
export const LONGEST_HORIZON_DAYS = 366;

/** What decides where a need stands. */
export interface Progress {
  readonly units: number;
  readonly metUnits: number;
  /** The last day on which it is a claim, `YYYY-MM-DD`. */
  readonly validUntil: string;
  readonly withdrawnAt: Date | null;
}

/**
 * Where a need stands on a day. Nothing of it is stored: a day passes without anybody writing it down. The repository
 * says the same in SQL, to filter by it.
 * @param today `YYYY-MM-DD`
 */
export function needStatus({ units, metUnits, validUntil, withdrawnAt }: Progress, today: string): NeedStatus {
  if (withdrawnAt !== null) return 'WITHDRAWN';
  if (metUnits === units) return 'MET';
  if (validUntil < today) return 'EXPIRED';
  return metUnits > 0 ? 'PARTLY_MET' : 'OPEN';
}

/** Whether a need in this state is a claim. */
export function isOpen(status: NeedStatus): boolean {
  return status === 'OPEN' || status === 'PARTLY_MET';
}

/** Units still wanted: none of a need that is met, withdrawn or expired. */
export function openUnits(need: Progress, today: string): number {
  return isOpen(needStatus(need, today)) ? need.units - need.metUnits : 0;
}

/** What somebody uses, and has. */
export interface Use {
  readonly unitsPerDay: number;
  readonly onHandUnits: number;
  readonly horizonDays: number;
}

/** Units that will be used within the horizon and are not there. */
export function unitsFromUse({ unitsPerDay, onHandUnits, horizonDays }: Use): number {
  return Math.max(0, unitsPerDay * horizonDays - onHandUnits);
}

/** A need that is a claim, as far as it decides what counts towards it. */
export interface OpenNeed {
  readonly id: string;
  readonly recipientId: string;
  readonly itemId: string | null;
  readonly category: ItemCategory | null;
  /** `YYYY-MM-DD` */
  readonly neededBy: string;
  readonly openUnits: number;
}

/** Units of an item for a recipient. */
export interface RecipientUnits {
  readonly recipientId: string;
  readonly itemId: string;
  readonly units: number;
}

/** Units of an award that count towards a need. */
export interface NeedUnits {
  readonly needId: string;
  readonly itemId: string;
  readonly units: number;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Needs of the very item come first, then by the day they are needed, then by id. */
function inTurn(
  a: Pick<OpenNeed, 'category' | 'neededBy' | 'id'>,
  b: Pick<OpenNeed, 'category' | 'neededBy' | 'id'>,
): number {
  const isOfCategory = (need: Pick<OpenNeed, 'category'>): number => (need.category === null ? 0 : 1);
  return isOfCategory(a) - isOfCategory(b) || byText(a.neededBy, b.neededBy) || byText(a.id, b.id);
}

/**
 * Which units of awards count towards which open needs of their recipients: each unit once, no need beyond its open
 * units; needs of the very item before needs of its category, the earliest needed first.
 * @param categoryOf the category of an item, by its id
 */
export function countTowards(
  needs: readonly OpenNeed[],
  awards: readonly RecipientUnits[],
  categoryOf: ReadonlyMap<string, ItemCategory>,
): NeedUnits[] {
  const needsOf = grouped(needs.toSorted(inTurn), (need) => need.recipientId);
  const open = new Map(needs.map((need) => [need.id, need.openUnits]));
  const counted: NeedUnits[] = [];
  for (const { recipientId, itemId, units } of awards.toSorted((a, b) => byText(a.itemId, b.itemId))) {
    let left = units;
    for (const need of needsOf.get(recipientId) ?? []) {
      if (need.itemId !== itemId && (need.category === null || need.category !== categoryOf.get(itemId))) continue;
      const counts = Math.min(left, open.get(need.id)!);
      if (counts === 0) continue;
      counted.push({ needId: need.id, itemId, units: counts });
      open.set(need.id, open.get(need.id)! - counts);
      left -= counts;
    }
  }
  return counted;
}

/** Units of an award that were counted towards a need. */
export interface CountedUnits extends NeedUnits, Pick<OpenNeed, 'recipientId' | 'category' | 'neededBy'> {}

/**
 * Which counted units stop counting, now that fewer of an award stand: as many as were counted beyond what stands, from
 * the need that was counted last.
 * @param standing what is left of awards, by recipient and item
 */
export function giveBack(counted: readonly CountedUnits[], standing: readonly RecipientUnits[]): NeedUnits[] {
  const countedFor = grouped(counted, (row) => `${row.recipientId} ${row.itemId}`);
  return standing.flatMap(({ recipientId, itemId, units }) => {
    const rows = countedFor.get(`${recipientId} ${itemId}`) ?? [];
    let beyond = rows.reduce((sum, row) => sum + row.units, 0) - units;
    const taken: NeedUnits[] = [];
    for (const row of rows.toSorted((a, b) => -inTurn({ ...a, id: a.needId }, { ...b, id: b.needId }))) {
      const back = Math.min(row.units, Math.max(0, beyond));
      if (back > 0) taken.push({ needId: row.needId, itemId, units: back });
      beyond -= back;
    }
    return taken;
  });
}

/** A need that is closed stays closed, and says how. */
export function needNotOpen(status: NeedStatus) {
  return refuse('NeedTransitionError', 'NEED_TRANSITION', `A need that is ${status} cannot be withdrawn.`, { status });
}

/** What is on hand lasts as long as was asked: there is nothing to ask for. */
export function nothingNeeded({ unitsPerDay, onHandUnits, horizonDays }: Use) {
  const usedUnits = unitsPerDay * horizonDays;
  const message = `${usedUnits} units will be used in ${horizonDays} days, and ${onHandUnits} are there: there is nothing to ask for.`;
  return refuse('NothingNeededError', 'NOTHING_NEEDED', message, { usedUnits, heldUnits: onHandUnits });
}

/** Who has left can ask for nothing. */
export function recipientDeactivated(recipientId: string) {
  return refuse('RecipientDeactivatedError', 'RECIPIENT_DEACTIVATED', 'This recipient is DEACTIVATED.', {
    recipientId,
  });
}
