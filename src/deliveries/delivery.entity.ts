import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Plan } from '../allocations/plan.entity.js';
import { Donor } from '../donors/donor.entity.js';
import { Recipient } from '../recipients/recipient.entity.js';
import { Shipment } from '../shipments/shipment.entity.js';
import { Item } from '../catalogue/item.entity.js';
import { Lot, Site } from '../stock/stock.entity.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from './delivery.rules.js';

const IN_A_KNOWN_STATE = `status in ('${DELIVERY_STATUSES.join("', '")}')`;

/** What goes to one recipient under one plan. */
@Entity('delivery')
@Check('delivery_status_is_known', IN_A_KNOWN_STATE)
@Index('delivery_of_plan', ['planId', 'recipientId'], { unique: true })
@Index('delivery_of_recipient', ['recipientId', 'id'])
@Index('delivery_status', ['status', 'id'])
@Index('delivery_link_is_unique', ['linkHash'], { unique: true, where: 'link_hash is not null' })
export class Delivery {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'delivery_pkey' })
  id: string;

  @Column('uuid', { name: 'plan_id' })
  @ForeignKey(() => Plan, { name: 'delivery_plan_exists' })
  planId: string;

  @Column('uuid', { name: 'recipient_id' })
  @ForeignKey(() => Recipient, { name: 'delivery_recipient_exists' })
  recipientId: string;

  @Column('text')
  status: DeliveryStatus;

  @Column('text', { nullable: true })
  carrier: string | null;

  @Column('text', { name: 'tracking_number', nullable: true })
  trackingNumber: string | null;

  @Column({ type: 'timestamptz', name: 'prepared_at', precision: 3 })
  preparedAt: Date;

  @Column({ type: 'timestamptz', name: 'dispatched_at', precision: 3, nullable: true })
  dispatchedAt: Date | null;

  @Column({ type: 'timestamptz', name: 'delivered_at', precision: 3, nullable: true })
  deliveredAt: Date | null;

  @Column({ type: 'timestamptz', name: 'confirmed_at', precision: 3, nullable: true })
  confirmedAt: Date | null;

  /** SHA-256 of the one-time link's secret; the secret itself is shown once. */
  @Column('text', { name: 'link_hash', nullable: true })
  linkHash: string | null;

  @Column({ type: 'timestamptz', name: 'link_expires_at', precision: 3, nullable: true })
  linkExpiresAt: Date | null;
}

/**
 * One line of history: this many units of this lot to this recipient. It carries what history is asked by, so that no
 * page needs a join to be found. The same row is the line of a delivery.
 */
@Entity('distribution')
@Check('distribution_status_is_known', IN_A_KNOWN_STATE)
@Check('distribution_units_are_positive', 'units > 0')
@Check('distribution_confirmed_units_are_at_most_units', 'confirmed_units between 0 and units')
@Check('distribution_exposure_tier_is_known', 'exposure_tier between 1 and 3')
@Index('distribution_of_delivery', ['deliveryId', 'id'])
@Index('distribution_allocated_at', ['allocatedAt', 'id'])
@Index('distribution_units', ['units', 'id'])
@Index('distribution_of_donor', ['donorId', 'allocatedAt', 'id'])
@Index('distribution_of_recipient', ['recipientId', 'allocatedAt', 'id'])
@Index('distribution_of_item', ['itemId', 'allocatedAt', 'id'])
@Index('distribution_of_shipment', ['shipmentId', 'allocatedAt', 'id'])
@Index('distribution_of_lot', ['lotId', 'allocatedAt', 'id'])
@Index('distribution_of_country', ['country', 'allocatedAt', 'id'])
@Index('distribution_of_plan', ['planId', 'allocatedAt', 'id'])
@Index('distribution_of_site', ['siteId', 'allocatedAt', 'id'])
@Index('distribution_of_tier', ['exposureTier', 'allocatedAt', 'id'])
@Index('distribution_of_donor_country', ['donorCountry', 'allocatedAt', 'id'])
@Index('distribution_status', ['status', 'allocatedAt', 'id'])
export class Distribution {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'distribution_pkey' })
  id: string;

  @Column('uuid', { name: 'delivery_id' })
  @ForeignKey(() => Delivery, { name: 'distribution_delivery_exists' })
  deliveryId: string;

  @Column('uuid', { name: 'plan_id' })
  @ForeignKey(() => Plan, { name: 'distribution_plan_exists' })
  planId: string;

  @Column('uuid', { name: 'recipient_id' })
  @ForeignKey(() => Recipient, { name: 'distribution_recipient_exists' })
  recipientId: string;

  @Column('uuid', { name: 'item_id' })
  @ForeignKey(() => Item, { name: 'distribution_item_exists' })
  itemId: string;

  @Column('uuid', { name: 'lot_id' })
  @ForeignKey(() => Lot, { name: 'distribution_lot_exists' })
  lotId: string;

  @Column('uuid', { name: 'site_id' })
  @ForeignKey(() => Site, { name: 'distribution_site_exists' })
  siteId: string;

  @Column('uuid', { name: 'donor_id' })
  @ForeignKey(() => Donor, { name: 'distribution_donor_exists' })
  donorId: string;

  @Column('uuid', { name: 'shipment_id' })
  @ForeignKey(() => Shipment, { name: 'distribution_shipment_exists' })
  shipmentId: string;

  /** Where the recipient worked when it was allocated. */
  @Column('text', { nullable: true })
  country: string | null;

  /** How exposed the recipient was when it was allocated. */
  @Column('smallint', { name: 'exposure_tier' })
  exposureTier: number;

  /** Where its donor was when it was allocated. */
  @Column('text', { name: 'donor_country', nullable: true })
  donorCountry: string | null;

  @Column('integer')
  units: number;

  @Column('integer', { name: 'confirmed_units', nullable: true })
  confirmedUnits: number | null;

  /** Why fewer were confirmed than sent. */
  @Column('text', { name: 'shortage_reason', nullable: true })
  shortageReason: string | null;

  @Column('text')
  status: DeliveryStatus;

  @Column({ type: 'timestamptz', name: 'allocated_at', precision: 3 })
  allocatedAt: Date;

  @Column({ type: 'timestamptz', name: 'dispatched_at', precision: 3, nullable: true })
  dispatchedAt: Date | null;

  @Column({ type: 'timestamptz', name: 'delivered_at', precision: 3, nullable: true })
  deliveredAt: Date | null;
}
