import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Note, Problem, Unallocated, Why } from '../engine/problem.js';
import { PolicyVersion } from '../policies/policy.entity.js';
import { CLAIM_SOURCES, type ClaimSource } from '../policies/policy.rules.js';
import { Recipient } from '../recipients/recipient.entity.js';
import { Item } from '../catalogue/item.entity.js';
import type { Ranking } from '../catalogue/substitute.rules.js';
import { Lot, Site } from '../stock/stock.entity.js';
import type { BreakdownRow } from './plan-fairness.rules.js';
import { type ItemMetrics, PLAN_STATUSES, type PlanStatus } from './plan.rules.js';

/** What the caller chose from, as filters: read again at the commit to see whether anything has changed. */
export interface Choice {
  readonly stock: {
    itemIds: string[] | null;
    shipmentIds: string[] | null;
    lotIds: string[] | null;
    /** Absent from plans that were made before there were several sites. */
    siteIds?: string[] | null;
  };
  readonly recipients: { groupIds: string[] | null; recipientIds: string[] | null };
}

/** One split of certain stock among certain recipients. */
@Entity('plan')
@Check('plan_status_is_known', `status in ('${PLAN_STATUSES.join("', '")}')`)
@Check('plan_claims_are_known', `claims in ('${CLAIM_SOURCES.join("', '")}')`)
@Check('plan_committed_has_an_instant', `status <> 'COMMITTED' or committed_at is not null`)
@Check('plan_substitutes_are_a_list', `jsonb_typeof(substitutes) = 'array'`)
@Check('plan_policy_has_a_version', '(policy_id is null) = (policy_version is null)')
@ForeignKey(() => PolicyVersion, ['policyId', 'policyVersion'], ['policyId', 'version'], {
  name: 'plan_policy_version_exists',
})
@Index('plan_status', ['status', 'id'])
@Index('plan_committed_at', ['committedAt'], { where: 'committed_at is not null' })
@Index('plan_of_policy', ['policyId', 'id'])
export class Plan {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plan_pkey' })
  id: string;

  @Column('text')
  status: PlanStatus;

  @Column('text')
  rule: string;

  /** The adopted policy it goes by; null for one that was given for this once. */
  @Column('uuid', { name: 'policy_id', nullable: true })
  policyId: string | null;

  @Column('integer', { name: 'policy_version', nullable: true })
  policyVersion: number | null;

  /** Where the claims of the problem came from: read again at the commit, from the same place. */
  @Column('text', { default: 'EQUAL' })
  claims: ClaimSource;

  @Column('jsonb')
  choice: Choice;

  /** What of its stock may stand in for what, as it was ranked then; null where whoever made it did not allow that. */
  @Column('jsonb', { nullable: true })
  substitutes: readonly Ranking[] | null;

  /** What the engine was given, whole: the split can be computed again from it, to the byte. */
  @Column('jsonb')
  problem: Problem;

  @Column('text', { nullable: true })
  seed: string | null;

  @Column('text', { name: 'seed_hash', nullable: true })
  seedHash: string | null;

  @Column('text')
  fingerprint: string;

  @Column('text', { name: 'engine_version' })
  engineVersion: string;

  @Column('jsonb')
  unallocated: readonly Unallocated[];

  @Column('jsonb')
  metrics: readonly ItemMetrics[];

  /** How fair it is by group, tier and country; null in plans made before this was kept, as are the notes. */
  @Column('jsonb', { nullable: true })
  breakdown: readonly BreakdownRow[] | null;

  /** What the engine noted for whoever commits it. */
  @Column('jsonb', { nullable: true })
  notes: readonly Note[] | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'committed_at', precision: 3, nullable: true })
  committedAt: Date | null;

  /** What had changed when somebody tried to commit it. */
  @Column('text', { array: true, name: 'stale_because', nullable: true })
  staleBecause: string[] | null;
}

/** What one recipient gets of one item, and why; no units where she was eligible and got nothing. */
@Entity('award')
@Check('award_units_not_negative', 'units >= 0')
@Check('award_returned_units_are_at_most_units', 'returned_units between 0 and units')
@Index('award_position', ['planId', 'position'], { unique: true })
@Index('award_of_recipient', ['recipientId', 'planId'])
export class Award {
  @PrimaryColumn('uuid', { name: 'plan_id', primaryKeyConstraintName: 'award_pkey' })
  @ForeignKey(() => Plan, { name: 'award_plan_exists' })
  planId: string;

  @PrimaryColumn('uuid', { name: 'recipient_id', primaryKeyConstraintName: 'award_pkey' })
  @ForeignKey(() => Recipient, { name: 'award_recipient_exists' })
  recipientId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'award_pkey' })
  @ForeignKey(() => Item, { name: 'award_item_exists' })
  itemId: string;

  /** Its place in the plan: by item, then recipient. */
  @Column('integer')
  position: number;

  @Column('integer')
  units: number;

  /**
   * Of `units`, those that were sent and came back, were lost, or did not arrive fit for use, and those that turned out to
   * be of another item than was awarded.
   */
  @Column('integer', { name: 'returned_units', default: 0 })
  returnedUnits: number;

  @Column('jsonb')
  why: Why;

  @Column({ type: 'timestamptz', name: 'cancelled_at', precision: 3, nullable: true })
  cancelledAt: Date | null;
}

/** From which lot, standing where, an award's units come. */
@Entity('award_lot')
@Check('award_lot_units_are_positive', 'units > 0')
@ForeignKey(() => Award, ['planId', 'recipientId', 'itemId'], ['planId', 'recipientId', 'itemId'], {
  name: 'award_lot_award_exists',
})
export class AwardLot {
  @PrimaryColumn('uuid', { name: 'plan_id', primaryKeyConstraintName: 'award_lot_pkey' })
  planId: string;

  @PrimaryColumn('uuid', { name: 'recipient_id', primaryKeyConstraintName: 'award_lot_pkey' })
  recipientId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'award_lot_pkey' })
  itemId: string;

  @PrimaryColumn('uuid', { name: 'lot_id', primaryKeyConstraintName: 'award_lot_pkey' })
  @ForeignKey(() => Lot, { name: 'award_lot_lot_exists' })
  lotId: string;

  @PrimaryColumn('uuid', { name: 'site_id', primaryKeyConstraintName: 'award_lot_pkey' })
  @ForeignKey(() => Site, { name: 'award_lot_site_exists' })
  siteId: string;

  @Column('integer')
  units: number;
}
