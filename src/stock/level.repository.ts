import { Injectable } from '@nestjs/common';
import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import type { Reader } from '../platform/database.js';
import type { NoUnits, PlacedUnits } from './level.rules.js';
import type { LotPlaceType } from './level.types.js';

const BY_CATEGORY = `array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category)`;

const BALANCES = `select lot_id, site_id, place, units from lot_balance`;

/** What moved at certain times, on both sides. */
function moved(when: string, sign: '' | '-'): string {
  const other = sign === '' ? '-' : '';
  return `select lot_id, to_site_id as site_id, to_place as place, ${sign}units as units from stock_entry where ${when}
    union all select lot_id, from_site_id, from_place, ${other}units from stock_entry where ${when}`;
}

/** Which levels: of these items, at these sites; null does not restrict. */
export interface LevelFilter {
  readonly itemIds: readonly string[] | null;
  readonly siteIds: readonly string[] | null;
  /** As things stood at this instant, counted back from now or up from the beginning; null: as they stand. */
  readonly asOf: { readonly at: Date; readonly backFromNow: boolean } | null;
  /** Lots whose last day is before this one have expired, `YYYY-MM-DD`. */
  readonly day: string;
}

@Injectable()
export class LevelRepository {
  /**
   * Units by item, site and place: of the items named, which are all there, or of all of which there is any. By
   * category, then code, then site. One statement, however it is counted: it sees one moment.
   */
  units(reader: Reader, { itemIds, siteIds, asOf, day }: LevelFilter): Promise<(PlacedUnits | NoUnits)[]> {
    const parameters: unknown[] = [day];
    const bound = (value: unknown): string => `$${parameters.push(value)}`;
    const at = asOf && bound(asOf.at);
    const past = asOf?.backFromNow ? `${BALANCES} union all ${moved(`at > ${at}`, '-')}` : moved(`at <= ${at}`, '');
    const items = itemIds && bound(itemIds);
    return reader.rows(
      `select i.id as "itemId", f.site_id as "siteId", f.place, f.expired as "isExpired", f.units
       from item i ${items ? 'left join' : 'join'} (
         select l.item_id, b.site_id, b.place, coalesce(l.expires_on < $1::date, false) as expired, sum(b.units)::bigint as units
         from lot l join (${asOf ? past : BALANCES}) as b on b.lot_id = l.id
         where b.place <> 'SOURCE' ${items ? `and l.item_id = any(${items})` : ''} ${siteIds ? `and b.site_id = any(${bound(siteIds)})` : ''}
         group by 1, 2, 3, 4 having sum(b.units) <> 0) as f on f.item_id = i.id
       ${items ? `where i.id = any(${items})` : ''} order by ${BY_CATEGORY}, i.code, f.site_id`,
      parameters,
    );
  }

  /** When the first unit moved; null where none has. */
  async firstMoveAt(reader: Reader): Promise<Date | null> {
    const [row] = await reader.rows<{ at: Date | null }>(`select min(at) as at from stock_entry`);
    return row!.at;
  }

  /** Where units of lots are, by site and place; the outside is left out. */
  places(reader: Reader, lotIds: readonly string[]): Promise<(LotPlaceType & { lotId: string })[]> {
    return reader.rows(
      `select lot_id as "lotId", site_id as "siteId", place, units from lot_balance
       where lot_id = any($1) and units <> 0 and place <> 'SOURCE' order by lot_id, site_id, place`,
      [lotIds],
    );
  }
}
