import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { DONOR_KINDS, type DonorKind } from './donor.rules.js';

/** A person, company, organisation or government that gives. Contact data is private. */
@Entity('donor')
@Check('donor_kind_is_known', `kind in ('${DONOR_KINDS.join("', '")}')`)
@Check('donor_has_a_name', `btrim(name) <> ''`)
export class Donor {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'donor_pkey' })
  id: string;

  @Column('text')
  name: string;

  @Column('text')
  kind: DonorKind;

  @Column('text', { nullable: true })
  country: string | null;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('boolean', { default: false })
  anonymous: boolean;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;
}
