import { mayReachDonor, seesEverything, type Viewer } from '../access/access.rules.js';
import type { Earmark } from '../engine/problem.js';
import type { LotCondition } from './ledger.rules.js';

/** What of a lot can turn out to be otherwise than was written down. */
export const LOT_FIELDS = [
  'ITEM',
  'DONOR',
  'LOT_NUMBER',
  'EXPIRES_ON',
  'UNITS_PER_PACK',
  'EARMARK',
  'CONDITION',
] as const;
export type LotField = (typeof LOT_FIELDS)[number];

/** What is known of a lot, as far as it can change. */
export interface LotFacts {
  readonly itemId: string;
  readonly donorId: string;
  readonly lotNumber: string | null;
  /** `YYYY-MM-DD` */
  readonly expiresOn: string | null;
  readonly unitsPerPack: number | null;
  readonly earmark: Earmark | null;
  readonly condition: LotCondition;
}

const FIELD_OF: Readonly<Record<keyof LotFacts, LotField>> = {
  itemId: 'ITEM',
  donorId: 'DONOR',
  lotNumber: 'LOT_NUMBER',
  expiresOn: 'EXPIRES_ON',
  unitsPerPack: 'UNITS_PER_PACK',
  earmark: 'EARMARK',
  condition: 'CONDITION',
};

/** One fact of a lot that is known otherwise, as text. */
export interface LotDifference {
  readonly field: LotField;
  readonly before: string | null;
  readonly after: string | null;
}

function textOf(value: unknown): string | null {
  if (value === null) return null;
  // The database keeps the keys of an earmark in an order of its own.
  return typeof value === 'object' ? JSON.stringify(value, Object.keys(value!).sort()) : String(value);
}

/** What of a lot differs from what is asked; nothing where it is so already. */
export function differences(lot: LotFacts, asked: Partial<LotFacts>): LotDifference[] {
  return (Object.keys(FIELD_OF) as (keyof LotFacts)[])
    .filter((name) => asked[name] !== undefined)
    .map((name) => ({ field: FIELD_OF[name], before: textOf(lot[name]), after: textOf(asked[name]) }))
    .filter(({ before, after }) => before !== after);
}

/** How much of a lot is where is for those who read the whole chain, and for who gave it: whoever got some sees her own part. */
export function mayCountLot(viewer: Viewer, lot: { readonly donorId: string }): boolean {
  return seesEverything(viewer) || mayReachDonor(viewer, lot.donorId);
}

/** An item and a maker's number, as they were typed. */
export interface LotNumber {
  readonly itemId: string;
  readonly lotNumber: string;
}

/** A lot, and what is to be known of it. */
export interface LotChangeAsked<L extends LotFacts = LotFacts> {
  readonly lot: L;
  readonly facts: Partial<LotFacts>;
}

/** Whether a lot is of another item by these facts, or carries another number. */
export function isRenumbered({ lot, facts }: LotChangeAsked): boolean {
  return differences(lot, facts).some(({ field }) => field === 'ITEM' || field === 'LOT_NUMBER');
}

/** The numbers that lots carry and those that they are to carry, of those that are renumbered. */
export function numbersTouched(changes: readonly LotChangeAsked[]): LotNumber[] {
  return changes
    .filter(isRenumbered)
    .flatMap(({ lot, facts }) =>
      [lot, { ...lot, ...facts }].flatMap(({ itemId, lotNumber }) =>
        lotNumber === null ? [] : [{ itemId, lotNumber }],
      ),
    );
}
