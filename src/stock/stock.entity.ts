import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Item } from '../catalogue/item.entity.js';
import { Donor } from '../donors/donor.entity.js';
import type { Earmark } from '../engine/problem.js';
import { EARMARK_IS_SOUND } from './earmark.rules.js';
import {
  CAUSES,
  DISCREPANCY_REASONS,
  LOT_CONDITIONS,
  PLACES,
  type Cause,
  type DiscrepancyReason,
  type LotCondition,
  type Place,
} from './ledger.rules.js';
import { LOT_FIELDS, type LotField } from './lot.rules.js';

const oneOf = (column: string, words: readonly string[]): string => `${column} in ('${words.join("', '")}')`;

/** Where stock stands: a clinic, a garage. There is one by default. Never deleted: what stood there stays on record. */
@Entity('site')
@Check('site_has_a_name', `btrim(name) <> ''`)
@Check('site_default_is_open', 'not is_default or closed_at is null')
@Check('site_closed_says_why', '(closed_at is null) = (closed_because is null)')
@Index('site_name_is_unique', ['nameKey'], { unique: true, where: 'closed_at is null' })
export class Site {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'site_pkey' })
  id: string;

  @Column('text')
  name: string;

  /** The name as it is compared. */
  @Column('text', { name: 'name_key' })
  nameKey: string;

  @Column('text', { nullable: true })
  address: string | null;

  @Column('text', { nullable: true })
  country: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  /** Where goods go when nobody says where. */
  @Column('boolean', { name: 'is_default', default: false })
  @Index('site_default_is_one', { unique: true, where: 'is_default' })
  isDefault: boolean;

  @Column({ type: 'timestamptz', name: 'opened_at', precision: 3 })
  openedAt: Date;

  @Column({ type: 'timestamptz', name: 'closed_at', precision: 3, nullable: true })
  closedAt: Date | null;

  @Column('text', { name: 'closed_because', nullable: true })
  closedBecause: string | null;
}

/** What one line of a shipment became when it was received. */
@Entity('lot')
@Check('lot_condition_is_known', oneOf('condition', LOT_CONDITIONS))
@Check('lot_units_per_pack_is_positive', 'units_per_pack > 0')
@Check('lot_earmark_is_sound', EARMARK_IS_SOUND)
@Index('lot_of_item', ['itemId', 'id'])
@Index('lot_of_shipment_line', ['shipmentLineId', 'id'])
@Index('lot_of_donor', ['donorId', 'id'])
@Index('lot_expiry', ['expiresOn', 'id'], { where: 'expires_on is not null' })
@Index('lot_number', ['lotNumber'], { where: 'lot_number is not null' })
export class Lot {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'lot_pkey' })
  id: string;

  @Column('uuid', { name: 'item_id' })
  @ForeignKey(() => Item, { name: 'lot_item_exists' })
  itemId: string;

  @Column('uuid', { name: 'donor_id' })
  @ForeignKey(() => Donor, { name: 'lot_donor_exists' })
  donorId: string;

  // Shipments live on the next floor; the database knows them, this room names them only.
  @Column('uuid', { name: 'shipment_id' })
  @ForeignKey('Shipment', { name: 'lot_shipment_exists' })
  shipmentId: string;

  @Column('uuid', { name: 'shipment_line_id' })
  @ForeignKey('ShipmentLine', { name: 'lot_shipment_line_exists' })
  shipmentLineId: string;

  @Column('text', { name: 'lot_number', nullable: true })
  lotNumber: string | null;

  @Column('date', { name: 'expires_on', nullable: true })
  expiresOn: string | null;

  @Column('integer', { name: 'units_per_pack', nullable: true })
  unitsPerPack: number | null;

  /** For whom the donor gave it, as the engine reads it, groups by id; null: for everybody. */
  @Column('jsonb', { nullable: true })
  earmark: Earmark | null;

  @Column('text', { default: 'GOOD' })
  condition: LotCondition;

  @Column({ type: 'timestamptz', name: 'received_at', precision: 3 })
  receivedAt: Date;
}

/** What was known of a lot, and is known otherwise since. Append-only, as the ledger is. */
@Entity('lot_change')
@Check('lot_change_field_is_known', oneOf('field', LOT_FIELDS))
@Check('lot_change_changes', 'before is distinct from after')
@Check('lot_change_reason_code_is_known', oneOf('reason_code', DISCREPANCY_REASONS))
@Index('lot_change_of_lot', ['lotId', 'id'])
@Index('lot_change_of_former_item', ['before'], { where: "field = 'ITEM'" })
export class LotChange {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'lot_change_pkey' })
  id: string;

  @Column('uuid', { name: 'lot_id' })
  @ForeignKey(() => Lot, { name: 'lot_change_lot_exists' })
  lotId: string;

  @Column('text')
  field: LotField;

  @Column('text', { nullable: true })
  before: string | null;

  @Column('text', { nullable: true })
  after: string | null;

  @Column('text')
  reason: string;

  @Column('text', { name: 'reason_code', nullable: true })
  reasonCode: DiscrepancyReason | null;

  /** The access token that acted. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;
}

/** Units moved, once and for ever. Append-only: a trigger and the grants refuse the rest. */
@Entity('stock_entry')
@Check('stock_entry_units_are_positive', 'units > 0')
@Check('stock_entry_moves', '(from_site_id, from_place) <> (to_site_id, to_place)')
@Check('stock_entry_from_place_is_known', oneOf('from_place', PLACES))
@Check('stock_entry_to_place_is_known', oneOf('to_place', PLACES))
@Check('stock_entry_cause_is_known', oneOf('cause', CAUSES))
@Check('stock_entry_reason_code_is_known', oneOf('reason_code', DISCREPANCY_REASONS))
@Index('stock_entry_of_lot', ['lotId', 'at', 'id'])
@Index('stock_entry_at', ['at', 'id'])
@Index('stock_entry_of_cause', ['causeId', 'at', 'id'])
@Index('stock_entry_of_way', ['fromSiteId', 'toSiteId', 'cause', 'fromPlace', 'toPlace', 'at', 'id'])
@Index('stock_entry_from_outside', ['lotId'], { where: `from_place = 'SOURCE' or to_place = 'SOURCE'` })
export class StockEntry {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'stock_entry_pkey' })
  id: string;

  @Column('uuid', { name: 'lot_id' })
  @ForeignKey(() => Lot, { name: 'stock_entry_lot_exists' })
  lotId: string;

  @Column('uuid', { name: 'from_site_id' })
  @ForeignKey(() => Site, { name: 'stock_entry_from_site_exists' })
  fromSiteId: string;

  @Column('text', { name: 'from_place' })
  fromPlace: Place;

  @Column('uuid', { name: 'to_site_id' })
  @ForeignKey(() => Site, { name: 'stock_entry_to_site_exists' })
  toSiteId: string;

  @Column('text', { name: 'to_place' })
  toPlace: Place;

  @Column('integer')
  units: number;

  @Column('text')
  cause: Cause;

  /** The shipment, plan or delivery that moved them. */
  @Column('uuid', { name: 'cause_id' })
  causeId: string;

  @Column('text', { nullable: true })
  reason: string | null;

  /** The same as a code, where units were wrong and not only moved. */
  @Column('text', { name: 'reason_code', nullable: true })
  reasonCode: DiscrepancyReason | null;

  /** What the balance they left holds since. */
  @Column('integer', { name: 'from_units_after' })
  fromUnitsAfter: number;

  /** What the balance they reached holds since. */
  @Column('integer', { name: 'to_units_after' })
  toUnitsAfter: number;

  /** The access token that acted; null for a one-time link. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;
}

/** How many units of a lot are where. Changed only together with an entry that says why. */
@Entity('lot_balance')
@Check('lot_balance_units_not_negative', `units >= 0 or place = 'SOURCE'`)
@Check('lot_balance_place_is_known', oneOf('place', PLACES))
export class LotBalance {
  @PrimaryColumn('uuid', { name: 'lot_id', primaryKeyConstraintName: 'lot_balance_pkey' })
  @ForeignKey(() => Lot, { name: 'lot_balance_lot_exists' })
  lotId: string;

  @PrimaryColumn('uuid', { name: 'site_id', primaryKeyConstraintName: 'lot_balance_pkey' })
  @ForeignKey(() => Site, { name: 'lot_balance_site_exists' })
  siteId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'lot_balance_pkey' })
  place: Place;

  @Column('integer')
  units: number;
}
