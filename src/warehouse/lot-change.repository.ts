import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPageOfEach } from '../platform/keyset.js';
import type { LotChange } from '../stock/stock.entity.js';

const COLUMNS = `c.id, c.lot_id as "lotId", c.field, c.before, c.after, c.reason, c.reason_code as "reasonCode", c.actor_id as "actorId", c.at,
  exists (select 1 from lot_change d where d.lot_id = c.lot_id and d.at = c.at and d.field = 'DONOR') as "withDonor"`;

/** A change, and whether the donor was corrected by the same word: then it may tell who an anonymous donor is. */
export interface ExplainedLotChange extends LotChange {
  readonly withDonor: boolean;
}

@Injectable()
export class LotChangeRepository {
  /** The same page of what of each of these lots was corrected, the newest first. */
  pageOfEach(reader: Reader, lotIds: readonly string[], page: Page): Promise<Map<string, Rows<ExplainedLotChange>>> {
    const list = {
      columns: COLUMNS,
      from: 'lot_change c',
      of: 'c',
      where: [],
      parameters: [],
      newestFirst: true,
    };
    return readPageOfEach<ExplainedLotChange>(reader, list, { column: 'c.lot_id', ids: lotIds }, page);
  }
}
