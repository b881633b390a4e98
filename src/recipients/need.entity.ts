import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ITEM_CATEGORIES, type ItemCategory, MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { Item } from '../catalogue/item.entity.js';
import { CLOSURE_REASONS, type ClosureReason, SUPPLY_STATES, type SupplyState } from './need.rules.js';
import { Recipient } from './recipient.entity.js';

const oneOf = (column: string, words: readonly string[]): string => `${column} in ('${words.join("', '")}')`;

/** A recipient's claim on an item, or on any item of a category. Where it stands follows from its columns and the day. */
@Entity('need')
@Check('need_is_of_an_item_or_of_a_category', '(item_id is null) <> (category is null)')
@Check('need_category_is_known', oneOf('category', ITEM_CATEGORIES))
@Check('need_of_a_category_has_no_substitutes', 'category is null or not accepts_substitutes')
@Check('need_units_are_positive', `units between 1 and ${MOST_UNITS_A_LINE}`)
@Check('need_is_met_up_to_its_units', 'met_units between 0 and units')
@Check('need_that_is_met_has_an_instant', '(met_at is not null) = (met_units = units)')
@Check('need_from_use_has_all_figures', 'num_nonnulls(units_per_day, on_hand_units, horizon_days) in (0, 3)')
@Check('need_use_is_not_negative', 'units_per_day > 0 and on_hand_units >= 0 and horizon_days > 0')
@Check('need_is_valid_until_it_is_needed', 'valid_until >= needed_by')
@Check('need_supply_state_is_known', oneOf('supply_state', SUPPLY_STATES))
@Check('need_closure_reason_is_known', oneOf('closure_reason', CLOSURE_REASONS))
@Check('need_is_withdrawn_for_a_reason', '(withdrawn_at is null) = (closure_reason is null)')
@Index('need_of_recipient', ['recipientId', 'id'])
@Index('need_of_item', ['itemId', 'id'], { where: 'item_id is not null' })
@Index('need_of_category', ['category', 'id'], { where: 'category is not null' })
@Index('need_that_is_valid', ['recipientId', 'validUntil'], { where: 'withdrawn_at is null' })
export class Need {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'need_pkey' })
  id: string;

  @Column('uuid', { name: 'recipient_id' })
  @ForeignKey(() => Recipient, { name: 'need_recipient_exists' })
  recipientId: string;

  @Column('uuid', { name: 'item_id', nullable: true })
  @ForeignKey(() => Item, { name: 'need_item_exists' })
  itemId: string | null;

  @Column('text', { nullable: true })
  category: ItemCategory | null;

  /** Whether what stands in for the item will do, where whoever splits allows it. */
  @Column('boolean', { name: 'accepts_substitutes', default: false })
  acceptsSubstitutes: boolean;

  @Column('integer')
  units: number;

  /** How many units of committed plans count towards it: always the sum of its rows in `need_award`. */
  @Column('integer', { name: 'met_units', default: 0 })
  metUnits: number;

  @Column({ type: 'timestamptz', name: 'met_at', precision: 3, nullable: true })
  metAt: Date | null;

  @Column('integer', { name: 'units_per_day', nullable: true })
  unitsPerDay: number | null;

  @Column('integer', { name: 'on_hand_units', nullable: true })
  onHandUnits: number | null;

  @Column('integer', { name: 'horizon_days', nullable: true })
  horizonDays: number | null;

  @Column('date', { name: 'needed_by' })
  neededBy: string;

  @Column('date', { name: 'valid_until' })
  validUntil: string;

  @Column('text', { name: 'supply_state', nullable: true })
  supplyState: SupplyState | null;

  @Column({ type: 'timestamptz', name: 'stated_at', precision: 3 })
  statedAt: Date;

  @Column({ type: 'timestamptz', name: 'withdrawn_at', precision: 3, nullable: true })
  withdrawnAt: Date | null;

  @Column('text', { name: 'closure_reason', nullable: true })
  closureReason: ClosureReason | null;
}

/** How many units of an item that a plan gave count towards a need; none once they were taken back. */
@Entity('need_award')
@Check('need_award_units_not_negative', 'units >= 0')
@Index('need_award_of_plan', ['planId', 'itemId'])
export class NeedAward {
  @PrimaryColumn('uuid', { name: 'need_id', primaryKeyConstraintName: 'need_award_pkey' })
  @ForeignKey(() => Need, { name: 'need_award_need_exists' })
  needId: string;

  // Plans live on a later floor; the database knows them, this room names them only.
  @PrimaryColumn('uuid', { name: 'plan_id', primaryKeyConstraintName: 'need_award_pkey' })
  @ForeignKey('Plan', { name: 'need_award_plan_exists' })
  planId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'need_award_pkey' })
  @ForeignKey(() => Item, { name: 'need_award_item_exists' })
  itemId: string;

  @Column('integer')
  units: number;
}
