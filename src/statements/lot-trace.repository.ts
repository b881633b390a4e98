import { Injectable } from '@nestjs/common';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import type { Reader } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { countRows } from '../platform/keyset.js';
import type { StockEntry } from '../stock/stock.entity.js';
import type { LotPlaceType } from '../stock/level.types.js';

const COLUMNS = `e.id, e.lot_id as "lotId", e.from_site_id as "fromSiteId", e.from_place as "fromPlace", e.to_site_id as "toSiteId",
  e.to_place as "toPlace", e.units, e.cause, e.cause_id as "causeId", e.reason, e.reason_code as "reasonCode", e.actor_id as "actorId", e.at`;

/** An entry of the ledger, as a step of the way that units took. */
export type StepRow = Omit<StockEntry, 'fromUnitsAfter' | 'toUnitsAfter'>;

/** Units of a lot that were given, by the state of their parcels. */
export interface StateRow {
  readonly status: DeliveryStatus;
  readonly units: number;
  readonly confirmedUnits: number;
  readonly recipients: number;
}

@Injectable()
export class LotTraceRepository {
  /** Where a lot's units are, over all sites; `SOURCE` holds what was received or found, as a debt. */
  places(reader: Reader, lotId: string): Promise<LotPlaceType[]> {
    return reader.rows<LotPlaceType>(
      `select site_id as "siteId", place, units from lot_balance where lot_id = $1 and units <> 0 order by place, site_id`,
      [lotId],
    );
  }

  /** What was given of a lot, by state. */
  states(reader: Reader, lotId: string): Promise<StateRow[]> {
    return reader.rows<StateRow>(
      `select status, sum(units)::bigint as units, coalesce(sum(confirmed_units), 0)::bigint as "confirmedUnits", count(distinct recipient_id) as recipients
       from distribution where lot_id = $1 group by status order by status`,
      [lotId],
    );
  }

  /** One page of the moves of a lot, the first first. */
  async steps(reader: Reader, lotId: string, page: Page): Promise<Rows<StepRow>> {
    const after = page.after ? 'and (e.at, e.id) > ($2::timestamptz, $3::uuid)' : '';
    const rows = await reader.rows<StepRow>(
      `select ${COLUMNS} from stock_entry e where e.lot_id = $1 ${after} order by e.at, e.id limit ${page.limit + 1}`,
      [lotId, ...(page.after ?? [])],
    );
    const counted = { from: 'stock_entry e', where: ['e.lot_id = $1'], parameters: [lotId] };
    return { rows, keyOf: ({ at, id }) => [at.toISOString(), id], count: () => countRows(reader, counted) };
  }
}
