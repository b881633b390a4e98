import { Injectable } from '@nestjs/common';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import type { Reader } from '../platform/database.js';
import type { StepRow } from './lot-trace.repository.js';

/** A line of history, with the instants of its way. */
export interface HandRow {
  readonly id: string;
  readonly recipientId: string;
  readonly donorId: string;
  readonly lotId: string;
  readonly siteId: string;
  readonly shipmentId: string;
  readonly planId: string;
  readonly deliveryId: string;
  readonly units: number;
  readonly confirmedUnits: number | null;
  readonly status: DeliveryStatus;
  readonly allocatedAt: Date;
  readonly dispatchedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly confirmedAt: Date | null;
}

const COLUMNS = `e.id, e.lot_id as "lotId", e.from_site_id as "fromSiteId", e.from_place as "fromPlace", e.to_site_id as "toSiteId",
  e.to_place as "toPlace", e.units, e.cause, e.cause_id as "causeId", e.reason, e.reason_code as "reasonCode", e.actor_id as "actorId", e.at`;

/** What happens to a lot as a whole, and not to somebody's part of it. */
const OF_THE_LOT = [
  'TRANSFER_DISPATCHED',
  'TRANSFER_RECEIVED',
  'TRANSFER_CANCELLED',
  'LOT_QUARANTINED',
  'LOT_RELEASED',
  'LOT_RECALLED',
];
/** So many of those are told, the newest; all of them are in the trace of the lot. */
const MOST_OF_THE_LOT = 50;
/** The parcel, the plan and the consignment moved a lot a few times: a visit each, at the most. */
const MOST_OF_EACH = 50;

@Injectable()
export class HandTraceRepository {
  async find(reader: Reader, id: string): Promise<HandRow | undefined> {
    const [row] = await reader.rows<HandRow>(
      `select t.id, t.recipient_id as "recipientId", t.donor_id as "donorId", t.lot_id as "lotId", t.site_id as "siteId", t.shipment_id as "shipmentId",
         t.plan_id as "planId", t.delivery_id as "deliveryId", t.units, t.confirmed_units as "confirmedUnits", t.status,
         t.allocated_at as "allocatedAt", t.dispatched_at as "dispatchedAt", t.delivered_at as "deliveredAt", d.confirmed_at as "confirmedAt"
       from distribution t join delivery d on d.id = t.delivery_id where t.id = $1`,
      [id],
    );
    return row;
  }

  /**
   * The moves that brought units to a hand, from the hand back to the donor: those of the parcel, of the plan, of the lot
   * as a whole until it left, and of the consignment.
   */
  steps(reader: Reader, row: HandRow): Promise<StepRow[]> {
    const { lotId, siteId, deliveryId, planId, shipmentId, allocatedAt, dispatchedAt } = row;
    // What a recall took out of parcels names the recall.
    const recalled = `e.cause = 'DELIVERY_LINES_TAKEN_OUT' and e.at >= $8 and e.cause_id in (select recall_id from recall_lot where lot_id = $1)`;
    const newest = (when: string, most: number): string =>
      `(select ${COLUMNS} from stock_entry e where e.lot_id = $1 and ${when} order by e.at desc, e.id desc limit ${most})`;
    const hers = `e.from_site_id = $2`;
    return reader.rows<StepRow>(
      `select * from (${newest(`e.cause_id = $3 and ${hers}`, MOST_OF_EACH)} union all ${newest(`e.cause_id = $4 and ${hers}`, MOST_OF_EACH)}
         union all ${newest(`e.cause_id = $5`, MOST_OF_EACH)}
         union all ${newest(`${recalled} and ${hers} and $7::timestamptz is null`, MOST_OF_EACH)}
         union all ${newest(`e.cause = any($6) and e.at <= coalesce($7::timestamptz, 'infinity')`, MOST_OF_THE_LOT)}) as e order by e.at desc, e.id desc`,
      [lotId, siteId, deliveryId, planId, shipmentId, OF_THE_LOT, dispatchedAt, allocatedAt],
    );
  }

  /** The moves of the parcel alone. */
  ownSteps(reader: Reader, { lotId, siteId, deliveryId }: HandRow): Promise<StepRow[]> {
    return reader.rows<StepRow>(
      `select ${COLUMNS} from stock_entry e where e.cause_id = $1 and e.lot_id = $2 and e.from_site_id = $3 order by e.at desc, e.id desc limit ${MOST_OF_EACH}`,
      [deliveryId, lotId, siteId],
    );
  }
}
