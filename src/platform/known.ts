import { notFound } from './rejection.js';

/** Which of these ids none of the rows found for them has. */
export function absentFrom(rows: readonly { readonly id: string }[], ids: readonly string[]): string[] {
  const known = new Set(rows.map((row) => row.id));
  return ids.filter((id) => !known.has(id));
}

/**
 * Refuses ids of a request that name nothing, by the place of the first: a slip must not shrink a list in silence.
 * @param unknownOf finds the ids that name nothing; not asked when there are none
 * @throws NOT_FOUND with the field `input.memberIds.1`
 */
export async function assertKnown(
  field: string,
  what: string,
  ids: readonly string[] | null,
  unknownOf: (ids: readonly string[]) => Promise<string[]>,
): Promise<void> {
  const [unknown] = ids === null || ids.length === 0 ? [] : await unknownOf(ids);
  if (unknown !== undefined) throw notFound(`${field}.${ids!.indexOf(unknown)}`, what);
}
