import { Injectable } from '@nestjs/common';
import { ITEM_CATEGORIES } from '../catalogue/item.rules.js';
import type { Reader } from '../platform/database.js';
import { FIGURE_OF, type FiguresAtSite } from './level.rules.js';
import type { LotPlaceType } from './level.types.js';

const BY_CATEGORY = `array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category)`;

function unitsWhere(condition: string, name: string): string {
  return `coalesce(sum(b.units) filter (where ${condition}), 0)::bigint as "${name}"`;
}

const FIGURES = Object.entries(FIGURE_OF)
  .map(([place, figure]) => unitsWhere(`b.place = '${place}'`, figure))
  .join(', ');

/** What moved after an instant, as it would be moved back. */
function movedSince(instant: string): string {
  return `
    union all select e.lot_id, e.to_site_id, e.to_place, -e.units from stock_entry e where e.at > ${instant}
    union all select e.lot_id, e.from_site_id, e.from_place, e.units from stock_entry e where e.at > ${instant}`;
}

/** Which levels: of these items, at these sites, as things stood at this instant; null does not restrict. */
export interface LevelFilter {
  readonly itemIds: readonly string[] | null;
  readonly siteIds: readonly string[] | null;
  readonly asOf: Date | null;
  /** Units of lots that could be used until a day before this one have expired, `YYYY-MM-DD`. */
  readonly day: string;
}

@Injectable()
export class LevelRepository {
  /**
   * Figures by item and site: of the items named, or of all that ever had stock (at these sites). By category, then
   * code, then site. Of the past, what has moved since is taken off what stands there now: one statement, one moment.
   */
  figures(reader: Reader, { itemIds, siteIds, asOf, day }: LevelFilter): Promise<FiguresAtSite[]> {
    const parameters: unknown[] = [day];
    const bound = (value: unknown): string => `$${parameters.push(value)}`;
    const since = asOf === null ? '' : movedSince(bound(asOf));
    const sites = siteIds === null ? '' : `and b.site_id = any(${bound(siteIds)})`;
    const items = itemIds === null ? '' : `where i.id = any(${bound(itemIds)})`;
    const join = itemIds === null ? 'join' : 'left join';
    return reader.rows<FiguresAtSite>(
      `select i.id as "itemId", s.id as "siteId", ${FIGURES}, ${unitsWhere(`b.place = 'AVAILABLE' and l.expires_on < $1::date`, 'expiredUnits')}
       from item i ${join} (lot l join (select b.lot_id, b.site_id, b.place, b.units from lot_balance b${since}) as b
         on b.lot_id = l.id ${sites} join site s on s.id = b.site_id) on l.item_id = i.id
       ${items} group by i.id, s.id order by ${BY_CATEGORY}, i.code, s.id`,
      parameters,
    );
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
