import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Donor } from '../donors/donor.entity.js';
import type { Earmark } from '../engine/problem.js';
import { EARMARK_IS_SOUND } from '../stock/earmark.rules.js';
import { Item } from '../catalogue/item.entity.js';
import { DISCREPANCY_REASONS } from '../stock/ledger.rules.js';
import { Lot } from '../stock/stock.entity.js';
import { CORRECTION_REASONS, SHIPMENT_FIELDS, type CorrectionReason, type ShipmentField } from './correction.rules.js';
import { SHIPMENT_EVENTS, SHIPMENT_STATUSES, type ShipmentEventKind, type ShipmentStatus } from './shipment.rules.js';

const oneOf = (column: string, words: readonly string[]): string => `${column} in ('${words.join("', '")}')`;

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
@Check('shipment_line_announced_units_not_negative', 'announced_units >= 0')
@Check('shipment_line_accepted_units_not_negative', 'accepted_units >= 0')
@Check('shipment_line_rejected_units_not_negative', 'rejected_units >= 0')
@Check('shipment_line_units_per_pack_is_positive', 'units_per_pack > 0')
@Check('shipment_line_discrepancy_reason_is_known', oneOf('discrepancy_reason', DISCREPANCY_REASONS))
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

  /** What the donor said; none of what came without being announced. */
  @Column('integer', { name: 'announced_units' })
  announcedUnits: number;

  @Column('integer', { name: 'accepted_units', default: 0 })
  acceptedUnits: number;

  @Column('integer', { name: 'rejected_units', default: 0 })
  rejectedUnits: number;

  @Column('text', { name: 'reject_reason', nullable: true })
  rejectReason: string | null;

  /** Why it was not counted as announced, where that was said of this line. */
  @Column('text', { name: 'discrepancy_reason', nullable: true })
  discrepancyReason: string | null;

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

/** What happened to a consignment, once and for ever. Append-only: a trigger and the grants refuse the rest. */
@Entity('shipment_event')
@Check('shipment_event_kind_is_known', oneOf('kind', SHIPMENT_EVENTS))
@Index('shipment_event_of_shipment', ['shipmentId', 'happenedAt', 'id'])
export class ShipmentEvent {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'shipment_event_pkey' })
  id: string;

  @Column('uuid', { name: 'shipment_id' })
  @ForeignKey(() => Shipment, { name: 'shipment_event_shipment_exists' })
  shipmentId: string;

  @Column('text')
  kind: ShipmentEventKind;

  @Column({ type: 'timestamptz', name: 'happened_at', precision: 3 })
  happenedAt: Date;

  @Column('text', { nullable: true })
  place: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  /** Why it was closed, cancelled or lost, as a code of a vocabulary. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** The access token that wrote it down. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  /** When it was written down. */
  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;
}

/** What one visit counted of a line. Append-only; the line has the sums. */
@Entity('shipment_count')
@Check(
  'shipment_count_is_of_some_units',
  'accepted_units >= 0 and rejected_units >= 0 and accepted_units + rejected_units > 0',
)
@Check('shipment_count_of_accepted_units_has_a_lot', '(lot_id is not null) = (accepted_units > 0)')
@Index('shipment_count_of_line', ['lineId', 'id'])
export class ShipmentCount {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'shipment_count_pkey' })
  id: string;

  @Column('uuid', { name: 'line_id' })
  @ForeignKey(() => ShipmentLine, { name: 'shipment_count_line_exists' })
  lineId: string;

  /** What the accepted units became, or added to. */
  @Column('uuid', { name: 'lot_id', nullable: true })
  @ForeignKey(() => Lot, { name: 'shipment_count_lot_exists' })
  lotId: string | null;

  @Column('integer', { name: 'accepted_units' })
  acceptedUnits: number;

  @Column('integer', { name: 'rejected_units' })
  rejectedUnits: number;

  @Column('text', { name: 'reject_reason', nullable: true })
  rejectReason: string | null;

  /** As it stood on the box. */
  @Column('text', { name: 'lot_number', nullable: true })
  lotNumber: string | null;

  @Column('date', { name: 'expires_on', nullable: true })
  expiresOn: string | null;

  /** The access token that counted. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;
}

/** What was known of a shipment or of a line of it, and is known otherwise since. Append-only. */
@Entity('shipment_change')
@Check('shipment_change_field_is_known', oneOf('field', SHIPMENT_FIELDS))
@Check('shipment_change_reason_code_is_known', oneOf('reason_code', CORRECTION_REASONS))
@Check('shipment_change_changes', 'before is distinct from after')
@Index('shipment_change_of_shipment', ['shipmentId', 'id'])
export class ShipmentChange {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'shipment_change_pkey' })
  id: string;

  @Column('uuid', { name: 'shipment_id' })
  @ForeignKey(() => Shipment, { name: 'shipment_change_shipment_exists' })
  shipmentId: string;

  /** The line, where it is a fact of one. */
  @Column('uuid', { name: 'line_id', nullable: true })
  @ForeignKey(() => ShipmentLine, { name: 'shipment_change_line_exists' })
  lineId: string | null;

  @Column('text')
  field: ShipmentField;

  @Column('text', { nullable: true })
  before: string | null;

  @Column('text', { nullable: true })
  after: string | null;

  /** Null where it came with news of the way, and nothing was wrong before. */
  @Column('text', { name: 'reason_code', nullable: true })
  reasonCode: CorrectionReason | null;

  @Column('text')
  reason: string;

  /** The access token that acted. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;
}
