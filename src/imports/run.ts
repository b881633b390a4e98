import type { CellFault, Values } from './cell.rules.js';

/** What became of a row: the record that it is now, or why it is none. */
export type Outcome = { readonly recordId: string } | { readonly faults: readonly CellFault[] };

/** One import of one kind, inside its transaction. */
export interface Run<Row> {
  /** What a row says, as far as it can be judged by itself; of one with unreadable cells, what else is wrong with it. */
  check(values: Values): Row | CellFault[];
  /** Writes rows that were not brought in before, in a few statements. @returns what became of each, in the same order */
  write(rows: readonly Row[]): Promise<Outcome[]>;
  /** Does what has to be done once, before the transaction ends. */
  end(): Promise<void>;
}
