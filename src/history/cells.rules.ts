/** Fewer people than this would be pointed at by a sum of their own. */
export const FEWEST_SHOWN = 3;

/** A sum that is shared by some people. */
export interface Cell {
  readonly units: number;
  /** How many people. */
  readonly recipients: number;
  /** Who, where they are fewer than {@link FEWEST_SHOWN}; else null. */
  readonly few: readonly string[] | null;
}

/** Which cells are shown as they are, and which as one sum. */
export interface Merging<C> {
  readonly shown: readonly C[];
  readonly merged: readonly C[];
  /** The people in the small cells among the merged; each once. */
  readonly few: ReadonlySet<string>;
  /** The cell of enough people that the small ones hide behind, where they are too few even together. */
  readonly cover: C | null;
}

/**
 * Merges the cells of fewer than three people into one. The same person may be in many of them: where they are fewer than
 * three people all together, the next smallest cell is merged with them, so that neither the merged sum nor what remains of
 * the total when the others are subtracted is that of one or two people. If there is no other cell, all are merged.
 * @param cells each line of history is in one of them, no more
 */
export function mergeSmall<C extends Cell>(cells: readonly C[]): Merging<C> {
  const small = cells.filter(({ recipients }) => recipients < FEWEST_SHOWN);
  const few = new Set(small.flatMap((cell) => cell.few ?? []));
  const large = cells.filter(({ recipients }) => recipients >= FEWEST_SHOWN);
  const isHidden = small.length === 0 || few.size >= FEWEST_SHOWN;
  const cover = isHidden ? null : smallest(large);
  return {
    shown: large.filter((cell) => cell !== cover),
    merged: cover ? [...small, cover] : small,
    few,
    cover,
  };
}

function smallest<C extends Cell>(cells: readonly C[]): C | null {
  return cells.reduce<C | null>(
    (least, cell) =>
      least === null ||
      cell.recipients - least.recipients < 0 ||
      (cell.recipients === least.recipients && cell.units < least.units)
        ? cell
        : least,
    null,
  );
}
