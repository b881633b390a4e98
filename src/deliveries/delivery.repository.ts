import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { newId } from '../platform/ids.js';
import { Conditions, readPage } from '../platform/keyset.js';
import type { Delivery, Distribution } from './delivery.entity.js';
import type { CountedLine, DeliveryStatus } from './delivery.rules.js';

const COLUMNS = `d.id, d.plan_id as "planId", d.recipient_id as "recipientId", d.status, d.carrier, d.tracking_number as "trackingNumber",
  d.prepared_at as "preparedAt", d.dispatched_at as "dispatchedAt", d.delivered_at as "deliveredAt", d.confirmed_at as "confirmedAt",
  d.link_hash as "linkHash", d.link_expires_at as "linkExpiresAt"`;

/** A line of a parcel. */
export type Line = Pick<
  Distribution,
  | 'id'
  | 'deliveryId'
  | 'planId'
  | 'recipientId'
  | 'itemId'
  | 'lotId'
  | 'siteId'
  | 'units'
  | 'confirmedUnits'
  | 'shortageReason'
  | 'status'
>;

export interface DeliveryFilter {
  readonly planId?: string | null;
  readonly recipientIds?: readonly string[] | null;
  readonly statuses?: readonly DeliveryStatus[] | null;
}

@Injectable()
export class DeliveryRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Delivery[]> {
    return reader.rows<Delivery>(`select ${COLUMNS} from delivery d where d.id = any($1)`, [ids]);
  }

  async idByLink(tx: Tx, linkHash: string): Promise<string | undefined> {
    const [row] = await tx.rows<{ id: string }>(
      `select id from delivery where link_hash = $1 and link_expires_at > $2`,
      [linkHash, tx.now],
    );
    return row?.id;
  }

  /**
   * Locks the delivery's row until the transaction ends: of two who confirm it, one comes first. Whoever writes a notice
   * about it need not wait: a foreign key asks for no more than that it stays.
   */
  async lock(tx: Tx, id: string): Promise<Delivery | undefined> {
    const [delivery] = await tx.rows<Delivery>(`select ${COLUMNS} from delivery d where d.id = $1 for no key update`, [
      id,
    ]);
    return delivery;
  }

  /** Locks the deliveries of these recipients under a plan, in id order. */
  lockOfPlan(tx: Tx, planId: string, recipientIds: readonly string[]): Promise<Delivery[]> {
    return tx.rows<Delivery>(
      `select ${COLUMNS} from delivery d where d.plan_id = $1 and d.recipient_id = any($2) order by d.id for no key update`,
      [planId, recipientIds],
    );
  }

  linesOf(reader: Reader, deliveryIds: readonly string[]): Promise<Line[]> {
    return reader.rows<Line>(
      `select t.id, t.delivery_id as "deliveryId", t.plan_id as "planId", t.recipient_id as "recipientId", t.item_id as "itemId",
         t.lot_id as "lotId", t.site_id as "siteId", t.units, t.confirmed_units as "confirmedUnits",
         t.shortage_reason as "shortageReason", t.status
       from distribution t where t.delivery_id = any($1) order by t.delivery_id, t.id`,
      [deliveryIds],
    );
  }

  /** The newest first. */
  page(reader: Reader, filter: DeliveryFilter, page: Page): Promise<Rows<Delivery>> {
    const { where, parameters } = new Conditions()
      .addIfGiven('d.plan_id = $', filter.planId)
      .addIfGiven('d.recipient_id = any($)', filter.recipientIds)
      .addIfGiven('d.status = any($)', filter.statuses);
    return readPage<Delivery>(
      reader,
      { columns: COLUMNS, from: 'delivery d', of: 'd', where, parameters, newestFirst: true },
      page,
    );
  }

  /** Makes a parcel for each recipient of a plan, and a line for each lot in it. Two statements, however many there are. */
  async prepare(tx: Tx, planId: string): Promise<void> {
    const recipients = await tx.rows<{ id: string }>(
      `select distinct recipient_id as id from award_lot where plan_id = $1 order by recipient_id`,
      [planId],
    );
    await tx.rows(
      `insert into delivery (id, plan_id, recipient_id, status, prepared_at)
       select d.id, $1, d.recipient_id, 'PREPARED', $4 from unnest($2::uuid[], $3::uuid[]) as d (id, recipient_id)`,
      [planId, recipients.map(() => newId()), recipients.map(({ id }) => id), tx.now],
    );
    const lines = await tx.rows<{ recipientId: string; itemId: string; lotId: string; siteId: string }>(
      `select w.recipient_id as "recipientId", w.item_id as "itemId", w.lot_id as "lotId", w.site_id as "siteId"
       from award_lot w join award a using (plan_id, recipient_id, item_id) where w.plan_id = $1 order by a.position, w.lot_id, w.site_id`,
      [planId],
    );
    await tx.rows(
      `insert into distribution (id, delivery_id, plan_id, recipient_id, item_id, lot_id, site_id, donor_id, shipment_id, country, exposure_tier, donor_country,
         units, status, allocated_at)
       select n.id, d.id, $1, w.recipient_id, w.item_id, w.lot_id, w.site_id, l.donor_id, l.shipment_id, r.country, r.exposure_tier, o.country,
         w.units, 'PREPARED', $7
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[]) as n (id, recipient_id, item_id, lot_id, site_id)
       join award_lot w on w.plan_id = $1 and w.recipient_id = n.recipient_id and w.item_id = n.item_id and w.lot_id = n.lot_id and w.site_id = n.site_id
       join delivery d on d.plan_id = $1 and d.recipient_id = w.recipient_id
       join lot l on l.id = w.lot_id join donor o on o.id = l.donor_id join recipient r on r.id = w.recipient_id`,
      [
        planId,
        lines.map(() => newId()),
        lines.map((line) => line.recipientId),
        lines.map((line) => line.itemId),
        lines.map((line) => line.lotId),
        lines.map((line) => line.siteId),
        tx.now,
      ],
    );
  }

  /** Brings deliveries and their lines into a state, with the instants that come with it. */
  async setStatus(
    tx: Tx,
    ids: readonly string[],
    status: DeliveryStatus,
    facts: { carrier?: string | null; trackingNumber?: string | null } = {},
  ): Promise<void> {
    await tx.rows(
      `update delivery set status = $2, carrier = coalesce($4, carrier), tracking_number = coalesce($5, tracking_number),
         dispatched_at = case when $2 = 'DISPATCHED' then $3 else dispatched_at end,
         delivered_at = case when $2 in ('DELIVERED', 'CONFIRMED') then coalesce(delivered_at, $3) else delivered_at end,
         confirmed_at = case when $2 = 'CONFIRMED' then $3 else confirmed_at end,
         link_hash = case when $2 = 'DISPATCHED' or $2 = 'DELIVERED' then link_hash end
       where id = any($1)`,
      [ids, status, tx.now, facts.carrier ?? null, facts.trackingNumber ?? null],
    );
    await tx.rows(
      `update distribution set status = $2,
         dispatched_at = case when $2 = 'DISPATCHED' then $3 else dispatched_at end,
         delivered_at = case when $2 in ('DELIVERED', 'CONFIRMED') then coalesce(delivered_at, $3) else delivered_at end
       where delivery_id = any($1) and status <> 'CANCELLED'`,
      [ids, status, tx.now],
    );
  }

  /** The parcels that hold units of these lots and have not left, with their plans. */
  preparing(tx: Tx, lotIds: readonly string[]): Promise<{ deliveryId: string; planId: string }[]> {
    return tx.rows(
      `select distinct delivery_id as "deliveryId", plan_id as "planId" from distribution
       where lot_id = any($1) and status = 'PREPARED'`,
      [lotIds],
    );
  }

  /** Locks those of these parcels that have not left, in id order. */
  lockPrepared(tx: Tx, ids: readonly string[]): Promise<Delivery[]> {
    return tx.rows<Delivery>(
      `select ${COLUMNS} from delivery d where d.id = any($1) and d.status = 'PREPARED' order by d.id for no key update`,
      [ids],
    );
  }

  /** Takes lines out of parcels that are locked. */
  async cancelLines(tx: Tx, lineIds: readonly string[]): Promise<void> {
    await tx.rows(`update distribution set status = 'CANCELLED' where id = any($1)`, [lineIds]);
  }

  async setCounts(tx: Tx, lines: readonly CountedLine[]): Promise<void> {
    await tx.rows(
      `update distribution t set confirmed_units = c.units, shortage_reason = c.reason
       from unnest($1::uuid[], $2::integer[], $3::text[]) as c (id, units, reason) where t.id = c.id`,
      [lines.map((line) => line.id), lines.map((line) => line.confirmedUnits), lines.map((line) => line.reason)],
    );
  }

  async setLink(tx: Tx, id: string, linkHash: string, expiresAt: Date): Promise<void> {
    await tx.rows(`update delivery set link_hash = $2, link_expires_at = $3 where id = $1`, [id, linkHash, expiresAt]);
  }
}
