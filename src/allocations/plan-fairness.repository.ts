import { Injectable } from '@nestjs/common';
import type { Note } from '../engine/problem.js';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, countRows } from '../platform/keyset.js';
import type { BreakdownRow, Dimension } from './plan-fairness.rules.js';

/** Something that a plan keeps in a list, and its place there. */
export interface Placed<T> {
  readonly row: T;
  readonly place: number;
}

async function page<T>(reader: Reader, from: string, list: Conditions, wanted: Page): Promise<Rows<Placed<T>>> {
  const counted = { from, where: [...list.where], parameters: [...list.parameters] };
  list.add('r.place > $', wanted.after?.[0] ?? 0);
  const rows = await reader.rows<Placed<T>>(
    `select r.value as row, r.place from ${from} where ${list.where.join(' and ')} order by r.place limit ${wanted.limit + 1}`,
    list.parameters,
  );
  return { rows, keyOf: ({ place }) => [place], count: () => countRows(reader, counted) };
}

@Injectable()
export class PlanFairnessRepository {
  /**
   * A plan's metrics by one dimension, in the plan's order.
   * @param fewest items are left out of which a row is about fewer people
   */
  breakdown(
    reader: Reader,
    planId: string,
    by: Dimension,
    fewest: number,
    wanted: Page,
  ): Promise<Rows<Placed<BreakdownRow>>> {
    const rows = `(select e.value, e.place, min((e.value->>'people')::integer) over (partition by e.value->>'item') as fewest
      from plan p cross join lateral jsonb_array_elements(p.breakdown) with ordinality as e (value, place)
      where p.id = $1 and e.value->>'by' = $2) as r`;
    const list = new Conditions();
    list.parameters.push(planId, by);
    return page(reader, rows, list.add('r.fewest >= $', fewest), wanted);
  }

  /** What the engine noted about a plan, in its order. */
  notes(reader: Reader, planId: string, wanted: Page): Promise<Rows<Placed<Note>>> {
    const rows = `(select p.id, e.value, e.place from plan p cross join lateral jsonb_array_elements(p.notes) with ordinality as e (value, place)) as r`;
    return page(reader, rows, new Conditions().add('r.id = $', planId), wanted);
  }
}
