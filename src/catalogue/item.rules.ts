import { distance } from 'fastest-levenshtein';
import { refuse } from '../platform/rejection.js';

/** What kind of protection an item is. Items are listed, and split, in this order. */
export const ITEM_CATEGORIES = ['MASK', 'PROTECTIVE_SUIT', 'GOGGLES', 'FACE_SHIELD', 'GLOVES', 'OTHER'] as const;
export type ItemCategory = (typeof ITEM_CATEGORIES)[number];

export const ITEM_SIZES = ['ONE_SIZE', 'XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL', 'MIXED'] as const;

/** The most units one line may hold. More is a slip of the finger: 1e14 was typed in 2020. */
export const MOST_UNITS_A_LINE = 100_000_000;

/** The most letters, digits and underscores a code may have. */
export const LONGEST_ITEM_CODE = 50;

const MOST_SUGGESTIONS = 3;

/** An item code as it is compared: people type "n95" and "face shield". */
export function itemCodeKey(typed: string): string {
  return typed
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
}

/** Whether a text, as {@link itemCodeKey} makes it, may be the code of an item. */
export function isItemCode(key: string): boolean {
  return /^[A-Z0-9_]+$/.test(key);
}

/** The codes nearest to what was typed: those that contain it, then those a few letters away. */
export function didYouMean(typed: string, codes: readonly string[]): string[] {
  const key = itemCodeKey(typed);
  const far = (code: string): number =>
    key.length > 1 && (code.includes(key) || key.includes(code)) ? 0.5 : distance(key, code);
  return codes
    .map((code) => ({ code, far: far(code), letters: distance(key, code) }))
    .filter(({ code, far }) => far <= Math.max(2, Math.floor(code.length / 3)))
    .sort((a, b) => a.far - b.far || a.letters - b.letters || (a.code < b.code ? -1 : 1))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ code }) => code);
}

/** There is no such item in the catalogue; the nearest ones are named. */
export function unknownItem(itemCode: string, codes: readonly string[]) {
  const suggestions = didYouMean(itemCode, codes);
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return refuse('UnknownItemError', 'UNKNOWN_ITEM', `There is no item with the code "${itemCode}".${hint}`, {
    itemCode,
    didYouMean: suggestions,
  });
}

/** The code is taken; the item that has it is named, and may be the one that was meant. */
export function itemCodeTaken<Taken extends { readonly code: string; readonly name: string }>(item: Taken) {
  const message = `The code ${item.code} is that of "${item.name}".`;
  return refuse('ItemCodeTakenError', 'ITEM_CODE_TAKEN', message, { item });
}
