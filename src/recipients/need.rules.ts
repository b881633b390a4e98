import { grouped } from '../engine/grouping.js';
import { refuse } from '../platform/rejection.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import type { Ranking } from '../catalogue/substitute.rules.js';

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
  readonly acceptsSubstitutes: boolean;
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

/** By the day they are needed, then by id. */
function byDay(a: Pick<OpenNeed, 'neededBy' | 'id'>, b: Pick<OpenNeed, 'neededBy' | 'id'>): number {
  return byText(a.neededBy, b.neededBy) || byText(a.id, b.id);
}

/** Whose turn it is where units of an item are counted; needs of the same turn go by day. */
class Turns {
  private readonly placeOf: ReadonlyMap<string, number>;
  private readonly standIns: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly categoryOf: ReadonlyMap<string, ItemCategory>,
    substitutes: readonly Ranking[],
  ) {
    this.placeOf = new Map(substitutes.map(({ itemId }, place) => [itemId, place]));
    this.standIns = new Map(substitutes.map(({ itemId, substituteIds }) => [itemId, substituteIds]));
  }

  /** Items in the order in which the plan split them; those it says nothing of by id. */
  readonly byItem = (a: RecipientUnits, b: RecipientUnits): number =>
    (this.placeOf.get(a.itemId) ?? 0) - (this.placeOf.get(b.itemId) ?? 0) || byText(a.itemId, b.itemId);

  /**
   * When an item counts towards a need; null where it does not. The very item first: before needs that take something else
   * as well those that take nothing else. Then needs of which it takes the place, of the item split last first, which has
   * the fewest left to hope for. Then needs of its category. The engine meets claims in the same order (see claim.rules).
   */
  of(itemId: string, need: OpenNeed): number | null {
    if (need.category !== null) return need.category === this.categoryOf.get(itemId) ? Infinity : null;
    const standIns = (need.acceptsSubstitutes && this.standIns.get(need.itemId!)) || [];
    if (need.itemId === itemId) return standIns.length === 0 ? -2 : -1;
    return standIns.includes(itemId) ? this.placeOf.size - this.placeOf.get(need.itemId!)! : null;
  }
}

/**
 * Which units of awards count towards which open needs of their recipients: each unit once, no need beyond its open
 * units; needs of the very item first, then those whose place the item may take, then those of its category; of these the
 * earliest needed first.
 * @param categoryOf the category of an item, by its id
 * @param substitutes what may stand in for what under the plan, as `substitutesIn` says it; nothing where the plan allows none
 */
export function countTowards(
  needs: readonly OpenNeed[],
  awards: readonly RecipientUnits[],
  categoryOf: ReadonlyMap<string, ItemCategory>,
  substitutes: readonly Ranking[] = [],
): NeedUnits[] {
  const turns = new Turns(categoryOf, substitutes);
  const needsOf = grouped(needs.toSorted(byDay), (need) => need.recipientId);
  const open = new Map(needs.map((need) => [need.id, need.openUnits]));
  const counted: NeedUnits[] = [];
  for (const { recipientId, itemId, units } of awards.toSorted(turns.byItem)) {
    const fitting = (needsOf.get(recipientId) ?? []).flatMap((need) => {
      const turn = turns.of(itemId, need);
      return turn === null ? [] : [{ need, turn }];
    });
    let left = units;
    for (const { need } of fitting.sort((a, b) => (a.turn < b.turn ? -1 : a.turn > b.turn ? 1 : 0))) {
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
export interface CountedUnits extends NeedUnits, Pick<OpenNeed, 'recipientId' | 'category' | 'neededBy'> {
  /** Whether they take the place of another item. */
  readonly isSubstitute: boolean;
}

/** What is given back first comes first: of needs of the category, then of another item, then of the very item, the latest. */
function backInTurn(a: CountedUnits, b: CountedUnits): number {
  const turn = ({ category, isSubstitute }: CountedUnits): number => (category !== null ? 0 : isSubstitute ? 1 : 2);
  return turn(a) - turn(b) || -byDay({ ...a, id: a.needId }, { ...b, id: b.needId });
}

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
    for (const row of rows.toSorted(backInTurn)) {
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
