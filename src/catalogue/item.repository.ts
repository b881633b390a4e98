import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, likePattern, readPage } from '../platform/keyset.js';
import type { Item } from './item.entity.js';
import type { ItemCategory } from './item.rules.js';

const COLUMNS = `i.id, i.code, i.name, i.category, i.standard, i.size`;

/** Which items are listed; what is left out does not restrict. */
export interface ItemFilter {
  readonly categories?: readonly ItemCategory[] | null;
  readonly search?: string | null;
}

@Injectable()
export class ItemRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Item[]> {
    return reader.rows<Item>(`select ${COLUMNS} from item i where i.id = any($1)`, [ids]);
  }

  byCodes(reader: Reader, codes: readonly string[]): Promise<Item[]> {
    return reader.rows<Item>(`select ${COLUMNS} from item i where i.code = any($1)`, [codes]);
  }

  /** Every code of the catalogue, which is short. */
  async codes(reader: Reader): Promise<string[]> {
    return (await reader.rows<{ code: string }>(`select code from item order by code`)).map((row) => row.code);
  }

  page(reader: Reader, { categories, search }: ItemFilter, page: Page): Promise<Rows<Item>> {
    const { where, parameters } = new Conditions()
      .addIfGiven('i.category = any($)', categories)
      .addIfGiven('(i.code ilike $ or i.name ilike $ or i.standard ilike $)', search ? likePattern(search) : null);
    return readPage<Item>(reader, { columns: COLUMNS, from: 'item i', of: 'i', where, parameters }, page);
  }

  async insert(tx: Tx, item: Item): Promise<void> {
    await tx.rows(`insert into item (id, code, name, category, standard, size) values ($1, $2, $3, $4, $5, $6)`, [
      item.id,
      item.code,
      item.name,
      item.category,
      item.standard,
      item.size,
    ]);
  }

  /** Writes what is given and leaves the rest as it is: undefined stays, null empties. */
  async revise(
    tx: Tx,
    id: string,
    { name, standard, size }: Partial<Pick<Item, 'name' | 'standard' | 'size'>>,
  ): Promise<void> {
    await tx.rows(
      `update item set name = coalesce($2, name), standard = case when $3 then $4 else standard end,
         size = case when $5 then $6 else size end where id = $1`,
      [id, name ?? null, standard !== undefined, standard ?? null, size !== undefined, size ?? null],
    );
  }
}
