import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage, readPageOfEach } from '../platform/keyset.js';
import type { LineFacts, ShipmentFacts } from './correction.rules.js';
import type { Shipment, ShipmentLine } from './shipment.entity.js';
import type { LineCounts, ShipmentStatus } from './shipment.rules.js';

const COLUMNS = `s.id, s.reference, s.donor_id as "donorId", s.status, s.carrier, s.tracking_number as "trackingNumber",
  s.expected_on as "expectedOn", s.received_at as "receivedAt", s.discrepancy_reason as "discrepancyReason", s.created_at as "createdAt"`;
const LINE_COLUMNS = `l.id, l.shipment_id as "shipmentId", l.position, l.item_id as "itemId", l.announced_units as "announcedUnits",
  l.accepted_units as "acceptedUnits", l.rejected_units as "rejectedUnits", l.reject_reason as "rejectReason",
  l.discrepancy_reason as "discrepancyReason", l.units_per_pack as "unitsPerPack", l.lot_number as "lotNumber", l.expires_on as "expiresOn", l.earmark`;

export interface ShipmentFilter {
  readonly statuses?: readonly ShipmentStatus[] | null;
  readonly donorIds?: readonly string[] | null;
}

@Injectable()
export class ShipmentRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Shipment[]> {
    return reader.rows<Shipment>(`select ${COLUMNS} from shipment s where s.id = any($1)`, [ids]);
  }

  /**
   * Locks the shipment's row until the transaction ends: counts of the same parcel follow one another. Not `for update`:
   * a commit that gives from its lots names the shipment in what it writes, and must not wait for a count that waits for it.
   */
  async lock(tx: Tx, id: string): Promise<Shipment | undefined> {
    const sql = `select ${COLUMNS} from shipment s where s.id = $1 for no key update`;
    return (await tx.rows<Shipment>(sql, [id]))[0];
  }

  linesOf(reader: Reader, shipmentIds: readonly string[]): Promise<ShipmentLine[]> {
    return reader.rows<ShipmentLine>(
      `select ${LINE_COLUMNS} from shipment_line l where l.shipment_id = any($1) order by l.shipment_id, l.position`,
      [shipmentIds],
    );
  }

  /** The newest first. */
  page(reader: Reader, filter: ShipmentFilter, page: Page): Promise<Rows<Shipment>> {
    const { where, parameters } = new Conditions()
      .addIfGiven('s.status = any($)', filter.statuses)
      .addIfGiven('s.donor_id = any($)', filter.donorIds);
    return readPage<Shipment>(
      reader,
      { columns: COLUMNS, from: 'shipment s', of: 's', where, parameters, newestFirst: true },
      page,
    );
  }

  /** The same page of what each of these donors sent. */
  pageOfEach(reader: Reader, donorIds: readonly string[], page: Page): Promise<Map<string, Rows<Shipment>>> {
    const list = { columns: COLUMNS, from: 'shipment s', of: 's', where: [], parameters: [], newestFirst: true };
    return readPageOfEach<Shipment>(reader, list, { column: 's.donor_id', ids: donorIds }, page);
  }

  async insert(tx: Tx, shipment: Shipment, lines: readonly ShipmentLine[]): Promise<void> {
    await tx.rows(
      `insert into shipment (id, reference, donor_id, status, carrier, tracking_number, expected_on, received_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        shipment.id,
        shipment.reference,
        shipment.donorId,
        shipment.status,
        shipment.carrier,
        shipment.trackingNumber,
        shipment.expectedOn,
        shipment.receivedAt,
        shipment.createdAt,
      ],
    );
    await this.insertLines(tx, lines);
  }

  /** Writes shipments that were received, in one statement. */
  async insertReceived(tx: Tx, shipments: readonly Shipment[]): Promise<void> {
    await tx.rows(
      `insert into shipment (id, reference, donor_id, status, received_at, created_at)
       select * from jsonb_to_recordset($1::jsonb) as s (id uuid, reference text, "donorId" uuid, status text,
         "receivedAt" timestamptz, "createdAt" timestamptz)`,
      [JSON.stringify(shipments)],
    );
  }

  async insertLines(tx: Tx, lines: readonly ShipmentLine[]): Promise<void> {
    if (lines.length === 0) return;
    await tx.rows(
      `insert into shipment_line (id, shipment_id, position, item_id, announced_units, accepted_units, units_per_pack, lot_number, expires_on, earmark)
       select * from jsonb_to_recordset($1::jsonb) as l (id uuid, "shipmentId" uuid, position integer, "itemId" uuid, "announcedUnits" integer,
         "acceptedUnits" integer, "unitsPerPack" integer, "lotNumber" text, "expiresOn" date, earmark jsonb)`,
      [JSON.stringify(lines)],
    );
  }

  /** Forgets why lines of a shipment differ: it is opened again, and closing it will say so anew. */
  async forgetDiscrepancies(tx: Tx, id: string): Promise<void> {
    await tx.rows(
      `update shipment_line set discrepancy_reason = null where shipment_id = $1 and discrepancy_reason is not null`,
      [id],
    );
  }

  /** Brings a shipment that is locked into a state; the reason for its discrepancy goes when it is opened again. */
  async setStatus(tx: Tx, id: string, status: ShipmentStatus): Promise<void> {
    await tx.rows(
      `update shipment set status = $2, received_at = case when $2 = 'RECEIVED' then received_at end,
         discrepancy_reason = case when $2 = 'RECEIVED' then discrepancy_reason end where id = $1`,
      [id, status],
    );
  }

  /** Writes down what is known of a shipment from now on; it is locked. */
  async updateFacts(tx: Tx, id: string, facts: ShipmentFacts): Promise<void> {
    await tx.rows(
      `update shipment set donor_id = $2, reference = $3, carrier = $4, tracking_number = $5, expected_on = $6 where id = $1`,
      [id, facts.donorId, facts.reference, facts.carrier, facts.trackingNumber, facts.expectedOn],
    );
  }

  /** As {@link updateFacts}, of lines. */
  async updateLineFacts(tx: Tx, lines: readonly (LineFacts & { readonly id: string })[]): Promise<void> {
    if (lines.length === 0) return;
    await tx.rows(
      `update shipment_line l set item_id = c."itemId", announced_units = c."announcedUnits", units_per_pack = c."unitsPerPack", earmark = c.earmark
       from jsonb_to_recordset($1::jsonb) as c (id uuid, "itemId" uuid, "announcedUnits" integer, "unitsPerPack" integer, earmark jsonb)
       where l.id = c.id`,
      [JSON.stringify(lines)],
    );
  }

  async updateCounts(
    tx: Tx,
    shipmentId: string,
    status: ShipmentStatus,
    discrepancyReason: string | null,
    lines: readonly LineCounts[],
  ): Promise<void> {
    await tx.rows(
      `update shipment set status = $2, received_at = case when $2 = 'RECEIVED' then $3::timestamptz end,
         discrepancy_reason = coalesce($4, discrepancy_reason) where id = $1`,
      [shipmentId, status, tx.now, discrepancyReason],
    );
    await tx.rows(
      `update shipment_line l set accepted_units = c."acceptedUnits", rejected_units = c."rejectedUnits", reject_reason = c."rejectReason",
         discrepancy_reason = c."discrepancyReason"
       from jsonb_to_recordset($1::jsonb) as c (id uuid, "acceptedUnits" integer, "rejectedUnits" integer, "rejectReason" text, "discrepancyReason" text)
       where l.id = c.id`,
      [JSON.stringify(lines)],
    );
  }

  /**
   * A closed shipment whose counts differ from what was announced says why: where a correction makes them differ, its reason.
   * What was given as the reason first stays, of the whole or of a line.
   */
  async explain(tx: Tx, shipmentId: string, reasonCode: string): Promise<void> {
    await tx.rows(
      `update shipment s set discrepancy_reason = $2 where s.id = $1 and s.status = 'RECEIVED' and s.discrepancy_reason is null
         and exists (select 1 from shipment_line l where l.shipment_id = s.id and l.discrepancy_reason is null
           and l.accepted_units + l.rejected_units <> l.announced_units)`,
      [shipmentId, reasonCode],
    );
  }
}
