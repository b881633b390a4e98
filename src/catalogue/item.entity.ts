import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
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

  @Column('text', { nullable: true })
  gtin: string | null;
}
