import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Item } from './item.entity.js';
import type { Ranking } from './substitute.rules.js';

@Injectable()
export class SubstituteRepository {
  /** What may stand in for each of these items, the best first. */
  ofItems(reader: Reader, itemIds: readonly string[]): Promise<(Item & { insteadOfId: string })[]> {
    return reader.rows(
      `select s.item_id as "insteadOfId", i.id, i.code, i.name, i.category, i.standard, i.size
       from item_substitute s join item i on i.id = s.substitute_id where s.item_id = any($1) order by s.item_id, s.rank`,
      [itemIds],
    );
  }

  /** What may stand in for what, of the whole catalogue, which is short. */
  rankings(reader: Reader): Promise<Ranking[]> {
    return reader.rows<Ranking>(
      `select item_id as "itemId", json_agg(substitute_id order by rank) as "substituteIds" from item_substitute
       group by item_id order by item_id`,
    );
  }

  /** Writes what may stand in for an item, in the place of what was ranked before. Two at once meet at the unique ranks. */
  async replace(tx: Tx, { itemId, substituteIds }: Ranking): Promise<void> {
    await tx.rows(`delete from item_substitute where item_id = $1`, [itemId]);
    await tx.rows(
      `insert into item_substitute (item_id, substitute_id, rank)
       select $1, s.id, s.rank from unnest($2::uuid[]) with ordinality as s (id, rank)`,
      [itemId, substituteIds],
    );
  }
}
