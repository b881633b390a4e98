import { Injectable } from '@nestjs/common';
import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import type { Reader } from '../platform/database.js';
import type { StockLevelType } from './level.types.js';

const BY_CATEGORY = `array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category)`;

function unitsIn(place: string): string {
  return `coalesce(sum(b.units) filter (where b.place in (${place})), 0)::bigint`;
}

@Injectable()
export class LevelRepository {
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
