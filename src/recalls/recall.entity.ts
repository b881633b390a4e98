import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Item } from '../catalogue/item.entity.js';
import { Delivery, Distribution } from '../deliveries/delivery.entity.js';
import { Recipient } from '../recipients/recipient.entity.js';
import { Lot } from '../stock/stock.entity.js';

/** Lots are called back: from when on, why, at whose word, until when. */
@Entity('recall')
@Check('recall_ends_for_a_reason', '(ended_at is null) = (end_reason is null)')
@Check('recall_ends_after_it_began', 'ended_at >= started_at')
export class Recall {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recall_pkey' })
  id: string;

  @Column('text')
  reason: string;

  /** The number under which the maker or an authority calls it back. */
  @Column('text', { nullable: true })
  reference: string | null;

  /** What whoever has units of it is to do. */
  @Column('text', { nullable: true })
  instructions: string | null;

  @Column({ type: 'timestamptz', name: 'started_at', precision: 3 })
  startedAt: Date;

  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3, nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason: string | null;
}

/** A maker's number that a recall watches: what comes in under it while the recall is open is stopped at the door. */
@Entity('recall_number')
@Index('recall_number_is_watched', ['itemId', 'lotNumber'])
export class RecallNumber {
  @PrimaryColumn('uuid', { name: 'recall_id', primaryKeyConstraintName: 'recall_number_pkey' })
  @ForeignKey(() => Recall, { name: 'recall_number_recall_exists' })
  recallId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'recall_number_pkey' })
  @ForeignKey(() => Item, { name: 'recall_number_item_exists' })
  itemId: string;

  /** Trimmed, in capitals. */
  @PrimaryColumn('text', { name: 'lot_number', primaryKeyConstraintName: 'recall_number_pkey' })
  lotNumber: string;
}

/** A lot that a recall stopped, and how much of it was here. */
@Entity('recall_lot')
@Check('recall_lot_units_not_negative', 'stopped_units >= 0')
@Index('recall_lot_of_lot', ['lotId', 'recallId'])
export class RecallLot {
  @PrimaryColumn('uuid', { name: 'recall_id', primaryKeyConstraintName: 'recall_lot_pkey' })
  @ForeignKey(() => Recall, { name: 'recall_lot_recall_exists' })
  recallId: string;

  @PrimaryColumn('uuid', { name: 'lot_id', primaryKeyConstraintName: 'recall_lot_pkey' })
  @ForeignKey(() => Lot, { name: 'recall_lot_lot_exists' })
  lotId: string;

  /** Free units that were set aside, units that were taken out of parcels, or what came in by the door. */
  @Column('bigint', { name: 'stopped_units' })
  stoppedUnits: number;

  @Column({ type: 'timestamptz', name: 'stopped_at', precision: 3 })
  stoppedAt: Date;
}

/** A line that a recall took out of a parcel before it left. */
@Entity('recall_line')
export class RecallLine {
  @PrimaryColumn('uuid', { name: 'recall_id', primaryKeyConstraintName: 'recall_line_pkey' })
  @ForeignKey(() => Recall, { name: 'recall_line_recall_exists' })
  recallId: string;

  @PrimaryColumn('uuid', { name: 'distribution_id', primaryKeyConstraintName: 'recall_line_pkey' })
  @ForeignKey(() => Distribution, { name: 'recall_line_distribution_exists' })
  distributionId: string;
}

/** Tells one recipient that she has units of a lot that is called back, or is about to; and what she answered. */
@Entity('recall_notice')
@Check('recall_notice_units_are_positive', 'units > 0')
@Check('recall_notice_held_units_are_at_most_units', 'held_units between 0 and units')
@Check('recall_notice_is_answered_with_a_count', '(acknowledged_at is null) = (held_units is null)')
@Check('recall_notice_note_is_an_answer', 'note is null or acknowledged_at is not null')
@Index('recall_notice_is_written_once', ['deliveryId', 'lotId', 'recallId'], { unique: true })
@Index('recall_notice_of_recall', ['recallId', 'id'])
@Index('recall_notice_of_recipient', ['recipientId', 'id'])
export class RecallNotice {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recall_notice_pkey' })
  id: string;

  @Column('uuid', { name: 'recall_id' })
  @ForeignKey(() => Recall, { name: 'recall_notice_recall_exists' })
  recallId: string;

  @Column('uuid', { name: 'delivery_id' })
  @ForeignKey(() => Delivery, { name: 'recall_notice_delivery_exists' })
  deliveryId: string;

  @Column('uuid', { name: 'recipient_id' })
  @ForeignKey(() => Recipient, { name: 'recall_notice_recipient_exists' })
  recipientId: string;

  @Column('uuid', { name: 'lot_id' })
  @ForeignKey(() => Lot, { name: 'recall_notice_lot_exists' })
  lotId: string;

  /** What was sent to her, or what she had counted, when it was written. */
  @Column('bigint')
  units: number;

  @Column({ type: 'timestamptz', name: 'written_at', precision: 3 })
  writtenAt: Date;

  @Column({ type: 'timestamptz', name: 'acknowledged_at', precision: 3, nullable: true })
  acknowledgedAt: Date | null;

  /** What she still has of it, as she says. */
  @Column('bigint', { name: 'held_units', nullable: true })
  heldUnits: number | null;

  @Column('text', { nullable: true })
  note: string | null;
}
