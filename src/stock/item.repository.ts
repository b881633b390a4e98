import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPage } from '../platform/keyset.js';
import type { Item } from './stock.entity.js';
import { ITEM_CATEGORIES } from './item.rules.js';
import type { StockLevelType } from './item.types.js';

const BY_CATEGORY = `array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category)`;
const COLUMNS = `i.id, i.code, i.name, i.category, i.standard, i.size, i.gtin`;

function unitsIn(place: string): string {
  return `coalesce(sum(b.units) filter (where b.place in (${place})), 0)::bigint`;
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

  page(reader: Reader, page: Page): Promise<Rows<Item>> {
    return readPage<Item>(reader, { columns: COLUMNS, from: 'item i', of: 'i', where: [], parameters: [] }, page);
  }

  /** Levels by item: of those named, or of all that ever had stock. By category, then code. */
  levels(reader: Reader, itemIds: readonly string[] | null): Promise<StockLevelType[]> {
    const restriction =
      itemIds === null ? `where exists (select 1 from lot l where l.item_id = i.id)` : `where i.id = any($1)`;
    return reader.rows<StockLevelType>(
      `select i.id as "itemId", ${unitsIn(`'AVAILABLE', 'ALLOCATED', 'QUARANTINED'`)} as "onHandUnits",
         ${unitsIn(`'AVAILABLE'`)} as "availableUnits", ${unitsIn(`'ALLOCATED'`)} as "allocatedUnits",
         ${unitsIn(`'QUARANTINED'`)} as "quarantinedUnits", ${unitsIn(`'IN_TRANSIT'`)} as "inTransitUnits",
         ${unitsIn(`'DELIVERED'`)} as "deliveredUnits"
       from item i left join lot l on l.item_id = i.id left join lot_balance b on b.lot_id = l.id
       ${restriction} group by i.id order by ${BY_CATEGORY}, i.code`,
      itemIds === null ? [] : [itemIds],
    );
  }
}
