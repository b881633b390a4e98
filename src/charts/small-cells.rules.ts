/** A sum over fewer people than this would point at them. */
export const FEWEST_RECIPIENTS = 3;

/** What stands in the place of what is merged. */
export const OTHERS = 'OTHERS';

/** Units of one whole (an item, a month) that went one way (to a country, of a category). */
export interface Cell {
  readonly whole: string;
  readonly part: string;
  readonly units: number;
  /** How many people, or at least so many. */
  readonly recipients: number;
}

/**
 * Merges the parts that concern fewer than three people into others, whole by whole. Where what was merged still concerns
 * fewer, the smallest of the other parts joins it: else a subtraction would tell. Units are kept.
 */
export function withoutSmallCells(cells: readonly Cell[]): Cell[] {
  return [...new Set(cells.map(({ whole }) => whole))].flatMap((whole) => {
    const parts = cells.filter((cell) => cell.whole === whole);
    const isSmall = (cell: Cell): boolean => cell.part === OTHERS || cell.recipients < FEWEST_RECIPIENTS;
    const merged = parts.filter(isSmall);
    const kept = parts.filter((cell) => !isSmall(cell)).sort((a, b) => b.units - a.units || (a.part < b.part ? -1 : 1));
    if (merged.length === 0) return kept;
    // The same person may stand in several parts: certain is only the largest of them.
    if (merged.every(({ recipients }) => recipients < FEWEST_RECIPIENTS) && kept.length > 0) merged.push(kept.pop()!);
    const units = merged.reduce((sum, cell) => sum + cell.units, 0);
    const recipients = Math.max(...merged.map((cell) => cell.recipients));
    return [...kept, { whole, part: OTHERS, units, recipients }];
  });
}
