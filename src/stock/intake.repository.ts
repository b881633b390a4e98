import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';

/** What came in of a lot, and what counts found of it that nobody had written down. */
export interface CameIn {
  readonly lotId: string;
  readonly receivedUnits: number;
  readonly foundUnits: number;
}

@Injectable()
export class IntakeRepository {
  /** What came from outside, as corrected: goods that were received apart from those that a count found. */
  ofLots(reader: Reader, lotIds: readonly string[]): Promise<CameIn[]> {
    const units = `sum(case when e.from_place = 'SOURCE' then e.units else -e.units end)`;
    return reader.rows<CameIn>(
      `select e.lot_id as "lotId", coalesce(${units} filter (where e.cause <> 'STOCK_RECOUNTED'), 0)::bigint as "receivedUnits",
         coalesce(${units} filter (where e.cause = 'STOCK_RECOUNTED'), 0)::bigint as "foundUnits"
       from stock_entry e where e.lot_id = any($1) and (e.from_place = 'SOURCE' or e.to_place = 'SOURCE') group by e.lot_id`,
      [lotIds],
    );
  }
}
