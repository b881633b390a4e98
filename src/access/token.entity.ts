import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A bearer token, known only by its hash. */
@Entity('access_token')
@Index('access_token_hash_is_unique', ['hash'], { unique: true })
@Check('access_token_role_is_known', `role in ('ADMIN', 'COORDINATOR', 'AUDITOR', 'DONOR', 'RECIPIENT')`)
@Check('access_token_subject_is_for_donors_and_recipients', `subject_id is null or role in ('DONOR', 'RECIPIENT')`)
export class AccessToken {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'access_token_pkey' })
  id: string;

  /** SHA-256 of the token, hexadecimal. The token has 256 random bits, so that a slow hash would add nothing. */
  @Column('text')
  hash: string;

  @Column('text')
  role: string;

  /** What the token is for, as its maker called it. */
  @Column('text')
  name: string;

  /** The donor or recipient for whom it speaks. Those live on a later floor, so there is no foreign key. */
  @Column('uuid', { name: 'subject_id', nullable: true })
  subjectId: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt: Date | null;
}
