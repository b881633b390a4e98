import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Donor } from '../donors/donor.entity.js';
import type { Earmark } from '../engine/problem.js';
import { EARMARK_IS_SOUND } from '../stock/earmark.rules.js';
import { Item } from '../catalogue/item.entity.js';
import { SHIPMENT_STATUSES, type ShipmentStatus } from './shipment.rules.js';

/** One consignment from one donor. */
@Entity('shipment')
@Check('shipment_status_is_known', `status in ('${SHIPMENT_STATUSES.join("', '")}')`)
@Index('shipment_of_donor', ['donorId', 'id'])
@Index('shipment_status', ['status', 'id'])
export class Shipment {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'shipment_pkey' })
  id: string;

  @Column('text')
  reference: string;

  @Column('uuid', { name: 'donor_id' })
  @ForeignKey(() => Donor, { name: 'shipment_donor_exists' })
  donorId: string;

  @Column('text')
  status: ShipmentStatus;

  @Column('text', { nullable: true })
  carrier: string | null;

  @Column('text', { name: 'tracking_number', nullable: true })
  trackingNumber: string | null;

  @Column('date', { name: 'expected_on', nullable: true })
  expectedOn: string | null;

  @Column({ type: 'timestamptz', name: 'received_at', precision: 3, nullable: true })
  receivedAt: Date | null;

  /** Why it was closed though the counts differ. */
  @Column('text', { name: 'discrepancy_reason', nullable: true })
  discrepancyReason: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;
}

/** One item of a consignment: announced, accepted and rejected units stay side by side. */
@Entity('shipment_line')
@Index('shipment_line_of_shipment', ['shipmentId', 'position'], { unique: true })
@Check('shipment_line_announced_units_are_positive', 'announced_units > 0')
@Check('shipment_line_accepted_units_not_negative', 'accepted_units >= 0')
@Check('shipment_line_rejected_units_not_negative', 'rejected_units >= 0')
@Check('shipment_line_units_per_pack_is_positive', 'units_per_pack > 0')
@Check('shipment_line_earmark_is_sound', EARMARK_IS_SOUND)
export class ShipmentLine {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'shipment_line_pkey' })
  id: string;

  @Column('uuid', { name: 'shipment_id' })
  @ForeignKey(() => Shipment, { name: 'shipment_line_shipment_exists' })
  shipmentId: string;

  @Column('integer')
  position: number;

  @Column('uuid', { name: 'item_id' })
  @ForeignKey(() => Item, { name: 'shipment_line_item_exists' })
  itemId: string;

  @Column('integer', { name: 'announced_units' })
  announcedUnits: number;

  @Column('integer', { name: 'accepted_units', default: 0 })
  acceptedUnits: number;

  @Column('integer', { name: 'rejected_units', default: 0 })
  rejectedUnits: number;

  @Column('text', { name: 'reject_reason', nullable: true })
  rejectReason: string | null;

  @Column('integer', { name: 'units_per_pack', nullable: true })
  unitsPerPack: number | null;

  @Column('text', { name: 'lot_number', nullable: true })
  lotNumber: string | null;

  @Column('date', { name: 'expires_on', nullable: true })
  expiresOn: string | null;

  /** For whom the donor gives it, as the engine reads it, groups by id; null: for everybody. */
  @Column('jsonb', { nullable: true })
  earmark: Earmark | null;
}
