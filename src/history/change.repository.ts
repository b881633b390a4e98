import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage } from '../platform/keyset.js';
import type { LotField } from '../stock/lot.rules.js';
import type { LotChange } from '../stock/stock.entity.js';
import { addDays } from './distribution.repository.js';
import type { DayRange } from './distribution.rules.js';

const COLUMNS = `c.id, c.lot_id as "lotId", c.field, c.before, c.after, c.reason, c.reason_code as "reasonCode", c.actor_id as "actorId", c.at,
  exists (select 1 from lot_change d where d.lot_id = c.lot_id and d.at = c.at and d.field = 'DONOR') as "withDonor"`;

/** A change, and whether the donor was corrected by the same word: then it may tell who an anonymous donor is. */
interface ExplainedLotChange extends LotChange {
  readonly withDonor: boolean;
}

/** Which changes; what is left out does not restrict, what is given must all hold. */
export interface ChangeFilter {
  readonly lotIds?: readonly string[] | null;
  readonly itemIds?: readonly string[] | null;
  readonly fields?: readonly LotField[] | null;
  readonly recordedOn?: DayRange | null;
  readonly timeZone?: string | null;
}

/** Lots of items, and those that once were thought to be. */
const EVER_OF = `c.lot_id in (select l.id from lot l where l.item_id = any($)
  union select f.lot_id from lot_change f where f.field = 'ITEM' and f.before = any($::text[]))`;

@Injectable()
export class ChangeRepository {
  /** One page of what of lots is known otherwise, the newest first. */
  page(reader: Reader, filter: ChangeFilter, page: Page): Promise<Rows<ExplainedLotChange>> {
    const conditions = new Conditions()
      .addIfGiven('c.lot_id = any($)', filter.lotIds)
      .addIfGiven(EVER_OF, filter.itemIds)
      .addIfGiven('c.field = any($)', filter.fields);
    addDays(conditions, 'c.at', { allocatedOn: filter.recordedOn ?? null, timeZone: filter.timeZone ?? null });
    const list = { columns: COLUMNS, from: 'lot_change c', of: 'c', newestFirst: true };
    return readPage<ExplainedLotChange>(reader, { ...list, ...conditions }, page);
  }
}
