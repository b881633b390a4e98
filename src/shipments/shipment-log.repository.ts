import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { newId } from '../platform/ids.js';
import { readPageOfEach } from '../platform/keyset.js';
import type { ShipmentChange, ShipmentCount, ShipmentEvent } from './shipment.entity.js';

const EVENT_COLUMNS = `e.id, e.shipment_id as "shipmentId", e.kind, e.happened_at as "happenedAt", e.place, e.note, e.reason,
  e.actor_id as "actorId", e.at`;
const COUNT_COLUMNS = `c.id, c.line_id as "lineId", c.lot_id as "lotId", c.accepted_units as "acceptedUnits", c.rejected_units as "rejectedUnits",
  c.reject_reason as "rejectReason", c.lot_number as "lotNumber", c.expires_on as "expiresOn", c.actor_id as "actorId", c.at`;
const CHANGE_COLUMNS = `c.id, c.shipment_id as "shipmentId", c.line_id as "lineId", c.field, c.before, c.after, c.reason_code as "reasonCode",
  c.reason, c.actor_id as "actorId", c.at`;

/** What a caller says of an event; who wrote it down, and when, is added here. */
export type NewEvent = Pick<ShipmentEvent, 'shipmentId' | 'kind'> &
  Partial<Pick<ShipmentEvent, 'happenedAt' | 'place' | 'note' | 'reason'>>;
export type NewCount = Omit<ShipmentCount, 'id' | 'actorId' | 'at'>;
export type NewChange = Omit<ShipmentChange, 'id' | 'actorId' | 'at'>;

/** What happened to shipments, what was counted at each visit, and what was corrected: written once, never changed. */
@Injectable()
export class ShipmentLogRepository {
  /** In the order in which it happened. */
  eventsOf(reader: Reader, shipmentIds: readonly string[]): Promise<ShipmentEvent[]> {
    return reader.rows<ShipmentEvent>(
      `select ${EVENT_COLUMNS} from shipment_event e where e.shipment_id = any($1) order by e.shipment_id, e.happened_at, e.id`,
      [shipmentIds],
    );
  }

  async countEvents(tx: Tx, shipmentId: string): Promise<number> {
    const sql = `select count(*) as count from shipment_event where shipment_id = $1`;
    return (await tx.rows<{ count: number }>(sql, [shipmentId]))[0]!.count;
  }

  async appendEvent(tx: Tx, event: NewEvent): Promise<void> {
    await tx.rows(
      `insert into shipment_event (id, shipment_id, kind, happened_at, place, note, reason, actor_id, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        newId(),
        event.shipmentId,
        event.kind,
        event.happenedAt ?? tx.now,
        event.place ?? null,
        event.note ?? null,
        event.reason ?? null,
        tx.actor.id,
        tx.now,
      ],
    );
  }

  /** The same page of the counts of each of these lines, in the order in which they were counted. */
  countsOfEach(reader: Reader, lineIds: readonly string[], page: Page): Promise<Map<string, Rows<ShipmentCount>>> {
    const list = { columns: COUNT_COLUMNS, from: 'shipment_count c', of: 'c', where: [], parameters: [] };
    return readPageOfEach<ShipmentCount>(reader, list, { column: 'c.line_id', ids: lineIds }, page);
  }

  async appendCounts(tx: Tx, counts: readonly NewCount[]): Promise<void> {
    if (counts.length === 0) return;
    await tx.rows(
      `insert into shipment_count (id, line_id, lot_id, accepted_units, rejected_units, reject_reason, lot_number, expires_on, actor_id, at)
       select c.*, $2, $3 from jsonb_to_recordset($1::jsonb) as c (id uuid, "lineId" uuid, "lotId" uuid, "acceptedUnits" integer,
         "rejectedUnits" integer, "rejectReason" text, "lotNumber" text, "expiresOn" date)`,
      [JSON.stringify(counts.map((count) => ({ ...count, id: newId() }))), tx.actor.id, tx.now],
    );
  }

  /** The same page of what was corrected of each of these shipments, in the order in which it was. */
  changesOfEach(
    reader: Reader,
    shipmentIds: readonly string[],
    page: Page,
  ): Promise<Map<string, Rows<ShipmentChange>>> {
    const list = { columns: CHANGE_COLUMNS, from: 'shipment_change c', of: 'c', where: [], parameters: [] };
    return readPageOfEach<ShipmentChange>(reader, list, { column: 'c.shipment_id', ids: shipmentIds }, page);
  }

  async appendChanges(tx: Tx, changes: readonly NewChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.rows(
      `insert into shipment_change (id, shipment_id, line_id, field, before, after, reason_code, reason, actor_id, at)
       select c.*, $2, $3 from jsonb_to_recordset($1::jsonb) as c (id uuid, "shipmentId" uuid, "lineId" uuid, field text,
         before text, after text, "reasonCode" text, reason text)`,
      [JSON.stringify(changes.map((change) => ({ ...change, id: newId() }))), tx.actor.id, tx.now],
    );
  }
}
