import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One write: who, when, through what, why, and what it made. Append-only: a trigger and the grants refuse the rest. */
@Entity('journal')
@Index('journal_at', ['at', 'id'])
@Index('journal_actor', ['actorId', 'at', 'id'])
export class JournalEntry {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'journal_pkey' })
  id: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  /** The access token that acted; null for a one-time link and for the program itself. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('text', { name: 'actor_role' })
  actorRole: string;

  /** The use case, as a verb on a noun: `commitAllocation`. */
  @Column('text')
  action: string;

  /** The id of the HTTP request, as it stands in the log; `cli` for a command. */
  @Column('text', { name: 'request_id' })
  requestId: string;

  @Column('text', { nullable: true })
  reason: string | null;

  /** Ids of what was made or changed. Never personal data: an erased person must not live on here. */
  @Column('jsonb')
  reference: Record<string, unknown>;
}

/** A key that a caller gave, and what its first use did. Holds the reference of the result, never its body. */
@Entity('idempotency')
@Index('idempotency_at', ['at'])
export class Idempotency {
  /** Whose key it is: keys of two callers never meet. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_pkey' })
  scope: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_pkey' })
  key: string;

  @Column({ type: 'timestamptz', precision: 3 })
  at: Date;

  @Column('text')
  action: string;

  /** SHA-256 of the action and its input without the key. */
  @Column('text', { name: 'body_hash' })
  bodyHash: string;

  @Column('jsonb', { nullable: true })
  reference: Record<string, unknown> | null;
}
