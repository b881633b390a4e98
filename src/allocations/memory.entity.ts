import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Recipient } from '../recipients/recipient.entity.js';
import { Item } from '../catalogue/item.entity.js';

/** By how much committed plans with a memory of rounding gave a recipient less of an item than her exact share. */
@Entity('rounding_deficit')
@Check('rounding_deficit_is_a_fraction', `deficit ~ '^-?[0-9]+(/[1-9][0-9]*)?$'`)
export class RoundingDeficit {
  @PrimaryColumn('uuid', { name: 'recipient_id', primaryKeyConstraintName: 'rounding_deficit_pkey' })
  @ForeignKey(() => Recipient, { name: 'rounding_deficit_recipient_exists' })
  recipientId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'rounding_deficit_pkey' })
  @ForeignKey(() => Item, { name: 'rounding_deficit_item_exists' })
  itemId: string;

  /** An exact fraction such as `1/3`, or a whole number; negative where she got more. */
  @Column('text')
  deficit: string;
}
