import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { PolicyTerms } from './policy.rules.js';

/** A named way to split. What it says stands in its versions. */
@Entity('policy')
@Check('policy_has_a_name', `btrim(name) <> ''`)
@Check('policy_built_in_is_never_retired', 'not built_in or retired_at is null')
export class PolicyRecord {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'policy_pkey' })
  id: string;

  @Column('text')
  name: string;

  /** The name as it is compared: white space folded, lower case. */
  @Column('text', { name: 'name_key' })
  @Index('policy_name_is_unique', { unique: true, where: 'retired_at is null' })
  nameKey: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('boolean', { name: 'built_in', default: false })
  builtIn: boolean;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'retired_at', precision: 3, nullable: true })
  retiredAt: Date | null;
}

/** What a policy said from one revision to the next. Append-only: a trigger and the grants refuse the rest. */
@Entity('policy_version')
@Check('policy_version_counts_from_one', 'version >= 1')
export class PolicyVersion {
  @PrimaryColumn('uuid', { name: 'policy_id', primaryKeyConstraintName: 'policy_version_pkey' })
  @ForeignKey(() => PolicyRecord, { name: 'policy_version_policy_exists' })
  policyId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'policy_version_pkey' })
  version: number;

  /** With item codes as they stood in the catalogue. */
  @Column('jsonb')
  terms: PolicyTerms;

  @Column({ type: 'timestamptz', name: 'adopted_at', precision: 3 })
  adoptedAt: Date;

  /** The access token that adopted it; null for what is built in. */
  @Column('uuid', { name: 'adopted_by', nullable: true })
  adoptedBy: string | null;

  @Column('text', { nullable: true })
  note: string | null;
}
