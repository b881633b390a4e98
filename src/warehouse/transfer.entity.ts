import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DiscrepancyReason } from '../stock/ledger.rules.js';
import { Lot, Site } from '../stock/stock.entity.js';
import { TRANSFER_STATUSES, type TransferStatus } from './transfer.rules.js';

/** Goods on their way from one of our sites to another. Where it goes does not change on the way. */
@Entity('transfer')
@Check('transfer_status_is_known', `status in ('${TRANSFER_STATUSES.join("', '")}')`)
@Check('transfer_changes_site', 'from_site_id <> to_site_id')
@Check('transfer_ended_has_an_instant', `(status = 'DISPATCHED') = (ended_at is null)`)
@Index('transfer_status', ['status', 'id'])
@Index('transfer_from_site', ['fromSiteId', 'id'])
@Index('transfer_to_site', ['toSiteId', 'id'])
export class Transfer {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'transfer_pkey' })
  id: string;

  @Column('uuid', { name: 'from_site_id' })
  @ForeignKey(() => Site, { name: 'transfer_from_site_exists' })
  fromSiteId: string;

  @Column('uuid', { name: 'to_site_id' })
  @ForeignKey(() => Site, { name: 'transfer_to_site_exists' })
  toSiteId: string;

  @Column('text')
  status: TransferStatus;

  @Column('text', { nullable: true })
  carrier: string | null;

  @Column('text', { name: 'tracking_number', nullable: true })
  trackingNumber: string | null;

  @Column('text', { nullable: true })
  note: string | null;

  @Column({ type: 'timestamptz', name: 'dispatched_at', precision: 3 })
  dispatchedAt: Date;

  /** When it was received, cancelled or given up. */
  @Column({ type: 'timestamptz', name: 'ended_at', precision: 3, nullable: true })
  endedAt: Date | null;

  /** Why it was cancelled, or given up. */
  @Column('text', { nullable: true })
  reason: string | null;
}

/** Units of one lot in a transfer. */
@Entity('transfer_line')
@Check('transfer_line_units_are_positive', 'units > 0')
@Check('transfer_line_received_units_are_at_most_units', 'received_units between 0 and units')
@Check('transfer_line_shortage_says_why', '(coalesce(received_units, units) < units) = (shortage_reason is not null)')
@Index('transfer_line_of_lot', ['lotId', 'transferId'])
export class TransferLine {
  @PrimaryColumn('uuid', { name: 'transfer_id', primaryKeyConstraintName: 'transfer_line_pkey' })
  @ForeignKey(() => Transfer, { name: 'transfer_line_transfer_exists' })
  transferId: string;

  @PrimaryColumn('uuid', { name: 'lot_id', primaryKeyConstraintName: 'transfer_line_pkey' })
  @ForeignKey(() => Lot, { name: 'transfer_line_lot_exists' })
  lotId: string;

  @Column('integer')
  units: number;

  /** What was counted at the other end; null until it was. */
  @Column('integer', { name: 'received_units', nullable: true })
  receivedUnits: number | null;

  @Column('text', { name: 'shortage_reason', nullable: true })
  shortageReason: DiscrepancyReason | null;
}
