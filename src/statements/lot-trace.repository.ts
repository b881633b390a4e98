import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { LotPlaceType } from '../stock/level.types.js';

@Injectable()
export class LotTraceRepository {
  /** Where a lot's units are, over all sites; `SOURCE` holds what was received or found, as a debt. */
  places(reader: Reader, lotId: string): Promise<LotPlaceType[]> {
    return reader.rows<LotPlaceType>(
      `select site_id as "siteId", place, units from lot_balance where lot_id = $1 and units <> 0 order by place, site_id`,
      [lotId],
    );
  }
}
