import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage, readPageOfEach } from '../platform/keyset.js';
import type { Shipment, ShipmentLine } from './shipment.entity.js';
import type { LineCounts, ShipmentStatus } from './shipment.rules.js';

const COLUMNS = `s.id, s.reference, s.donor_id as "donorId", s.status, s.carrier, s.tracking_number as "trackingNumber",
  s.expected_on as "expectedOn", s.received_at as "receivedAt", s.discrepancy_reason as "discrepancyReason", s.created_at as "createdAt"`;
const LINE_COLUMNS = `l.id, l.shipment_id as "shipmentId", l.position, l.item_id as "itemId", l.announced_units as "announcedUnits",
  l.accepted_units as "acceptedUnits", l.rejected_units as "rejectedUnits", l.reject_reason as "rejectReason",
  l.units_per_pack as "unitsPerPack", l.lot_number as "lotNumber", l.expires_on as "expiresOn", l.earmark`;

export interface ShipmentFilter {
  readonly statuses?: readonly ShipmentStatus[] | null;
  readonly donorIds?: readonly string[] | null;
}

@Injectable()
export class ShipmentRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Shipment[]> {
    return reader.rows<Shipment>(`select ${COLUMNS} from shipment s where s.id = any($1)`, [ids]);
  }

  /** Locks the shipment's row until the transaction ends: counts of the same parcel follow one another. */
  async lock(tx: Tx, id: string): Promise<Shipment | undefined> {
    const [shipment] = await tx.rows<Shipment>(`select ${COLUMNS} from shipment s where s.id = $1 for update`, [id]);
    return shipment;
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
    await tx.rows(
      `insert into shipment_line (id, shipment_id, position, item_id, announced_units, accepted_units, units_per_pack, lot_number, expires_on, earmark)
       select * from jsonb_to_recordset($1::jsonb) as l (id uuid, "shipmentId" uuid, position integer, "itemId" uuid, "announcedUnits" integer,
         "acceptedUnits" integer, "unitsPerPack" integer, "lotNumber" text, "expiresOn" date, earmark jsonb)`,
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
      `update shipment_line l set accepted_units = c."acceptedUnits", rejected_units = c."rejectedUnits", reject_reason = c."rejectReason"
       from jsonb_to_recordset($1::jsonb) as c (id uuid, "acceptedUnits" integer, "rejectedUnits" integer, "rejectReason" text)
       where l.id = c.id`,
      [JSON.stringify(lines)],
    );
  }
}
