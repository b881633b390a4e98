import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RECIPIENT_STATUSES, type RecipientStatus } from './recipient.rules.js';

/** A clinician. Name, workplace and address are personal data: for coordinators and for herself. */
@Entity('recipient')
@Check('recipient_status_is_known', `status in ('${RECIPIENT_STATUSES.join("', '")}')`)
@Check('recipient_exposure_tier_is_1_to_3', 'exposure_tier between 1 and 3')
@Check('recipient_headcount_is_positive', 'headcount > 0')
@Check('recipient_has_a_name', `btrim(name) <> ''`)
@Check('recipient_facility_key_is_the_facility_in_lower_case', 'facility_key is not distinct from lower(facility)')
@Index('recipient_status', ['status', 'id'])
export class Recipient {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recipient_pkey' })
  id: string;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  profession: string | null;

  @Column('text', { nullable: true })
  specialty: string | null;

  @Column('text', { nullable: true })
  facility: string | null;

  /** The facility as it is searched: to fold the case of thousands at each search takes longer than all the rest of it. */
  @Column('text', { name: 'facility_key', nullable: true })
  facilityKey?: string | null;

  @Column('text', { nullable: true })
  country: string | null;

  @Column('text', { nullable: true })
  subdivision: string | null;

  /** Kept in lower case: two people may not share one, so that nobody is given twice. */
  @Column('text', { nullable: true })
  @Index('recipient_email_is_unique', { unique: true, where: `email is not null and status <> 'DEACTIVATED'` })
  email: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('smallint', { name: 'exposure_tier' })
  exposureTier: number;

  /** How many people she collects for, herself included. */
  @Column('integer')
  headcount: number;

  @Column('text')
  status: RecipientStatus;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;
}

/** A named circle of recipients. Groups are ways to choose people, not steps of rounding. */
@Entity('recipient_group')
@Check('recipient_group_has_a_name', `btrim(name) <> ''`)
export class RecipientGroup {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'recipient_group_pkey' })
  id: string;

  @Column('text')
  name: string;

  /** The name as it is compared: white space folded, lower case. */
  @Column('text', { name: 'name_key' })
  @Index('recipient_group_name_is_unique', { unique: true })
  nameKey: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;
}

@Entity('group_member')
@Index('group_member_of_recipient', ['recipientId', 'groupId'])
export class GroupMember {
  @PrimaryColumn('uuid', { name: 'group_id', primaryKeyConstraintName: 'group_member_pkey' })
  @ForeignKey(() => RecipientGroup, { name: 'group_member_group_exists' })
  groupId: string;

  @PrimaryColumn('uuid', { name: 'recipient_id', primaryKeyConstraintName: 'group_member_pkey' })
  @ForeignKey(() => Recipient, { name: 'group_member_recipient_exists' })
  recipientId: string;

  @Column({ type: 'timestamptz', name: 'joined_at', precision: 3 })
  joinedAt: Date;
}
