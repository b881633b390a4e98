import { Injectable } from '@nestjs/common';
import type { Earmark } from '../engine/problem.js';
import type { Reader, Tx } from '../platform/database.js';
import { Conditions } from '../platform/keyset.js';
import { ITEM_CATEGORIES, type ItemCategory } from '../catalogue/item.rules.js';
import type { Lot, LotChange } from './stock.entity.js';

const COLUMNS = `l.id, l.item_id as "itemId", l.donor_id as "donorId", l.shipment_id as "shipmentId",
  l.shipment_line_id as "shipmentLineId", l.lot_number as "lotNumber", l.expires_on as "expiresOn",
  l.units_per_pack as "unitsPerPack", l.earmark, l.condition, l.received_at as "receivedAt"`;

/** The units of one lot, as one row. */
export interface LotUnits {
  readonly lotId: string;
  readonly onHandUnits: number;
  readonly availableUnits: number;
  readonly allocatedUnits: number;
  readonly quarantinedUnits: number;
}

/** Units that could be split, with what a split needs to know of them. */
export interface AvailableLot {
  readonly lotId: string;
  readonly siteId: string;
  readonly itemId: string;
  readonly itemCode: string;
  readonly category: ItemCategory;
  readonly units: number;
  readonly unitsPerPack: number | null;
  readonly expiresOn: string | null;
  readonly earmark: Earmark | null;
}

/** Which stock a split is about; nothing given: everything available. */
export interface StockFilter {
  readonly itemIds?: readonly string[] | null;
  readonly shipmentIds?: readonly string[] | null;
  readonly lotIds?: readonly string[] | null;
  /** What stands at these sites. */
  readonly siteIds?: readonly string[] | null;
}

@Injectable()
export class LotRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Lot[]> {
    return reader.rows<Lot>(`select ${COLUMNS} from lot l where l.id = any($1)`, [ids]);
  }

  /**
   * Locks lots in id order until the transaction ends: `SHARED` keeps them as they are, `ALONE` is for whoever changes one.
   * Lots are locked before any balance; only a commit, which takes what is AVAILABLE as it finds it, locks balances alone.
   */
  lock(tx: Tx, ids: readonly string[], how: 'SHARED' | 'ALONE'): Promise<Lot[]> {
    const strength = how === 'ALONE' ? 'no key update' : 'share';
    return tx.rows<Lot>(`select ${COLUMNS} from lot l where l.id = any($1) order by l.id for ${strength}`, [ids]);
  }

  /** Locks what of these lots is free to be split, at all sites, in the order of all writers. The lots are locked. */
  async lockAvailable(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.rows(
      `select 1 from lot_balance where lot_id = any($1) and place = 'AVAILABLE' order by lot_id, site_id for update`,
      [ids],
    );
  }

  /** Writes down what is known of lots from now on; they are locked. */
  async update(tx: Tx, lots: readonly Lot[]): Promise<void> {
    await tx.rows(
      `update lot set item_id = l."itemId", donor_id = l."donorId", lot_number = l."lotNumber", expires_on = l."expiresOn",
         units_per_pack = l."unitsPerPack", earmark = l.earmark, condition = l.condition
       from jsonb_to_recordset($1::jsonb) as l (id uuid, "itemId" uuid, "donorId" uuid, "lotNumber" text, "expiresOn" date,
         "unitsPerPack" integer, earmark jsonb, condition text)
       where lot.id = l.id`,
      [JSON.stringify(lots)],
    );
  }

  async appendChanges(tx: Tx, changes: readonly Omit<LotChange, 'actorId' | 'at'>[]): Promise<void> {
    await tx.rows(
      `insert into lot_change (id, lot_id, field, before, after, reason, reason_code, actor_id, at)
       select c.id, c."lotId", c.field, c.before, c.after, c.reason, c."reasonCode", $2, $3
       from jsonb_to_recordset($1::jsonb) as c (id uuid, "lotId" uuid, field text, before text, after text, reason text, "reasonCode" text)`,
      [JSON.stringify(changes), tx.actor.id, tx.now],
    );
  }

  ofShipmentLines(reader: Reader, lineIds: readonly string[]): Promise<Lot[]> {
    return reader.rows<Lot>(`select ${COLUMNS} from lot l where l.shipment_line_id = any($1) order by l.id`, [lineIds]);
  }

  units(reader: Reader, lotIds: readonly string[]): Promise<LotUnits[]> {
    return reader.rows<LotUnits>(
      `select lot_id as "lotId", coalesce(sum(units) filter (where place in ('AVAILABLE', 'ALLOCATED', 'QUARANTINED')), 0)::bigint as "onHandUnits",
         coalesce(sum(units) filter (where place = 'AVAILABLE'), 0)::bigint as "availableUnits",
         coalesce(sum(units) filter (where place = 'ALLOCATED'), 0)::bigint as "allocatedUnits",
         coalesce(sum(units) filter (where place = 'QUARANTINED'), 0)::bigint as "quarantinedUnits"
       from lot_balance where lot_id = any($1) group by lot_id`,
      [lotIds],
    );
  }

  /**
   * Units free to be split: of good lots, by category, code, then first expired first out.
   * @param lock whether to lock their balances (`for update`, in id order) until the transaction ends
   */
  async available(tx: Tx, filter: StockFilter, lock: boolean): Promise<AvailableLot[]> {
    const { where, parameters } = new Conditions()
      .addIfGiven('l.item_id = any($)', filter.itemIds)
      .addIfGiven('l.shipment_id = any($)', filter.shipmentIds)
      .addIfGiven('l.id = any($)', filter.lotIds)
      .addIfGiven('b.site_id = any($)', filter.siteIds);
    const shelves = [`b.place = 'AVAILABLE'`, ...where].join(' and ');
    const from = `lot_balance b join lot l on l.id = b.lot_id`;
    if (lock) {
      // Those of lots set aside, too: one that is released meanwhile is read below, and must not be taken unlocked.
      await tx.rows(`select 1 from ${from} where ${shelves} order by b.lot_id, b.site_id for update of b`, parameters);
    }
    return tx.rows<AvailableLot>(
      `select l.id as "lotId", b.site_id as "siteId", i.id as "itemId", i.code as "itemCode", i.category, b.units,
         l.units_per_pack as "unitsPerPack", l.expires_on as "expiresOn", l.earmark
       from ${from} join item i on i.id = l.item_id where b.units > 0 and l.condition = 'GOOD' and ${shelves}
       order by array_position('{${ITEM_CATEGORIES.join(',')}}'::text[], i.category), i.code, l.expires_on nulls last, l.id, b.site_id`,
      parameters,
    );
  }

  async insert(tx: Tx, lots: readonly Lot[]): Promise<void> {
    await tx.rows(
      `insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, lot_number, expires_on, units_per_pack, earmark, condition, received_at)
       select * from jsonb_to_recordset($1::jsonb) as l (id uuid, "itemId" uuid, "donorId" uuid, "shipmentId" uuid, "shipmentLineId" uuid,
         "lotNumber" text, "expiresOn" date, "unitsPerPack" integer, earmark jsonb, condition text, "receivedAt" timestamptz)`,
      [JSON.stringify(lots)],
    );
  }
}
