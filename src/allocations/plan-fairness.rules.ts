import type { Dimension } from '../engine/breakdown.js';
import type { Note } from '../engine/problem.js';

export type { BreakdownRow, Dimension } from '../engine/breakdown.js';

/**
 * To somebody who may not see who else is in a plan, sums over fewer people than this would name them. Where one tier or
 * country has fewer, the others of the item stay hidden as well: the item's totals less theirs would tell.
 */
export const FEWEST_IN_A_SUM = 5;

/** Groups overlap, so that two large ones can differ by one person: their sums are for those who may see who is in them. */
export function namesPeople(dimension: Dimension): boolean {
  return dimension === 'GROUP';
}

/** A number that stands in a note. */
export interface Figure {
  readonly name: string;
  readonly value: number;
}

const MOST_FIGURES = 100;

/** The numbers of a note, each by its path in it (`stages.0.units`), the first hundred. */
export function figuresOf(note: Note): Figure[] {
  return numbersIn(note, '').slice(0, MOST_FIGURES);
}

function numbersIn(value: unknown, name: string): Figure[] {
  if (typeof value === 'number') return [{ name, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, name === '' ? key : `${name}.${key}`));
}
