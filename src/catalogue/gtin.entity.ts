import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MOST_UNITS_A_LINE } from './item.rules.js';
import { Item } from './item.entity.js';

/** What a GTIN stands for, learned once: an item, and how many units of it are in the pack. */
@Entity('gtin')
@Check('gtin_has_14_digits', `gtin ~ '^[0-9]{14}$'`)
@Check('gtin_units_per_pack_are_positive', `units_per_pack between 1 and ${MOST_UNITS_A_LINE}`)
@Index('gtin_of_item', ['itemId', 'id'])
export class Gtin {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'gtin_pkey' })
  id: string;

  /** With all its 14 digits. */
  @Column('text')
  @Index('gtin_is_unique', { unique: true })
  gtin: string;

  @Column('uuid', { name: 'item_id' })
  @ForeignKey(() => Item, { name: 'gtin_item_exists' })
  itemId: string;

  @Column('integer', { name: 'units_per_pack' })
  unitsPerPack: number;

  @Column({ type: 'timestamptz', name: 'learned_at', precision: 3 })
  learnedAt: Date;
}
