import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ITEM_CATEGORIES, ITEM_SIZES, type ItemCategory } from './item.rules.js';

const oneOf = (column: string, words: readonly string[]): string => `${column} in ('${words.join("', '")}')`;

/** An entry of the catalogue. */
@Entity('item')
@Check('item_category_is_known', oneOf('category', ITEM_CATEGORIES))
@Check('item_size_is_known', oneOf('size', ITEM_SIZES))
@Check('item_code_is_upper_case', `code ~ '^[A-Z0-9_]+$'`)
export class Item {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'item_pkey' })
  id: string;

  @Column('text')
  @Index('item_code_is_unique', { unique: true })
  code: string;

  @Column('text')
  name: string;

  @Column('text')
  category: ItemCategory;

  @Column('text', { nullable: true })
  standard: string | null;

  @Column('text', { nullable: true })
  size: string | null;
}

/** What may be given in the place of an item to whoever accepts it, the best first. */
@Entity('item_substitute')
@Check('item_substitute_is_another_item', 'item_id <> substitute_id')
@Check('item_substitute_rank_counts_from_one', 'rank >= 1')
@Index('item_substitute_rank_is_unique', ['itemId', 'rank'], { unique: true })
export class ItemSubstitute {
  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'item_substitute_pkey' })
  @ForeignKey(() => Item, { name: 'item_substitute_item_exists' })
  itemId: string;

  @PrimaryColumn('uuid', { name: 'substitute_id', primaryKeyConstraintName: 'item_substitute_pkey' })
  @ForeignKey(() => Item, { name: 'item_substitute_substitute_exists' })
  substituteId: string;

  @Column('integer')
  rank: number;
}
