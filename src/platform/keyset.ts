import type { Reader } from './database.js';
import type { Page, Rows } from './graphql/connection.js';

/** A list ordered by id, which is by the time things were made. */
export interface List {
  readonly columns: string;
  /** The tables, the listed one aliased by `of`. */
  readonly from: string;
  readonly of: string;
  /** Conditions with `$1`... over `parameters`; absent ones are left out, not compared with null. */
  readonly where: readonly string[];
  readonly parameters: readonly unknown[];
  readonly newestFirst?: boolean;
}

/** Collects conditions and their parameters, numbering them as they come. */
export class Conditions {
  readonly where: string[] = [];

  /** @param parameters those of the statement so far, where it has other parts */
  constructor(readonly parameters: unknown[] = []) {}

  /** Adds a condition; `$` in it stands for the value. */
  add(condition: string, value: unknown): this {
    this.parameters.push(value);
    this.where.push(condition.replaceAll('$', () => `$${this.parameters.length}`));
    return this;
  }

  /** Adds a condition unless the caller left the filter out. An empty list is a filter that nothing passes. */
  addIfGiven(condition: string, value: unknown): this {
    return value == null ? this : this.add(condition, value);
  }
}

/** The pattern of `like` for whatever holds this text; white space around it does not count. */
export function likePattern(search: string): string {
  return `%${search.trim().replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
}

function and(conditions: readonly string[]): string {
  return conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
}

/**
 * Reads one page after a key. The last page of a million rows costs what the first costs.
 * The limit is a literal: the planner then knows how few rows are wanted.
 */
export async function readPage<T extends { id: string }>(reader: Reader, list: List, page: Page): Promise<Rows<T>> {
  const where = [...list.where];
  const parameters = [...list.parameters];
  if (page.after) {
    parameters.push(page.after[0]);
    where.push(`${list.of}.id ${list.newestFirst ? '<' : '>'} $${parameters.length}`);
  }
  const order = list.newestFirst ? 'desc' : 'asc';
  const rows = await reader.rows<T>(
    `select ${list.columns} from ${list.from} ${and(where)} order by ${list.of}.id ${order} limit ${page.limit + 1}`,
    parameters,
  );
  return { rows, keyOf: (row) => [row.id], count: () => countRows(reader, list) };
}

/** How many rows a list has in all. */
export async function countRows(reader: Reader, list: Pick<List, 'from' | 'where' | 'parameters'>): Promise<number> {
  const [total] = await reader.rows<{ count: number }>(
    `select count(*) as count from ${list.from} ${and(list.where)}`,
    list.parameters,
  );
  return total?.count ?? 0;
}

/**
 * The same page of many lists at once, one list for each parent, in one statement; their counts too, if anybody asks.
 *
 * @param parent the column that names the parent, and whose lists are wanted
 * @returns the rows of each parent
 */
export async function readPageOfEach<T extends { id: string }>(
  reader: Reader,
  list: List,
  parent: { readonly column: string; readonly ids: readonly string[] },
  page: Page,
): Promise<Map<string, Rows<T>>> {
  const parameters = [...list.parameters, parent.ids];
  const parents = `unnest($${parameters.length}::uuid[]) as parent (id)`;
  const where = [...list.where, `${parent.column} = parent.id`];
  if (page.after) {
    parameters.push(page.after[0]);
    where.push(`${list.of}.id ${list.newestFirst ? '<' : '>'} $${parameters.length}`);
  }
  const order = list.newestFirst ? 'desc' : 'asc';
  const rows = await reader.rows<T & { parentId: string }>(
    `select parent.id as "parentId", page.* from ${parents} cross join lateral (
       select ${list.columns} from ${list.from} ${and(where)} order by ${list.of}.id ${order} limit ${page.limit + 1}) as page
     order by page.id ${order}`,
    parameters,
  );
  let counts: Promise<Map<string, number>> | undefined;
  return new Map(
    parent.ids.map((id) => [
      id,
      {
        rows: rows.filter(({ parentId }) => parentId === id),
        keyOf: (row: T) => [row.id],
        count: async () => (await (counts ??= countOfEach(reader, list, parent))).get(id) ?? 0,
      },
    ]),
  );
}

async function countOfEach(
  reader: Reader,
  list: List,
  parent: { readonly column: string; readonly ids: readonly string[] },
): Promise<Map<string, number>> {
  const parameters = [...list.parameters, parent.ids];
  const rows = await reader.rows<{ parentId: string; count: number }>(
    `select ${parent.column} as "parentId", count(*) as count from ${list.from}
     ${and([...list.where, `${parent.column} = any($${parameters.length})`])} group by ${parent.column}`,
    parameters,
  );
  return new Map(rows.map(({ parentId, count }) => [parentId, count]));
}
