import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPage } from '../platform/keyset.js';
import type { Item } from './item.entity.js';

const COLUMNS = `i.id, i.code, i.name, i.category, i.standard, i.size, i.gtin`;

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

  page(reader: Reader, page: Page): Promise<Rows<Item>> {
    return readPage<Item>(reader, { columns: COLUMNS, from: 'item i', of: 'i', where: [], parameters: [] }, page);
  }
}
