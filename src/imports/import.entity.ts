import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { IMPORT_KINDS, type ImportKind } from './report.rules.js';

/**
 * A row of a file that was brought in, so that it is not brought in again. It holds hashes and no text: what somebody is
 * called in another system is personal data. Append-only: a trigger and the grants refuse the rest.
 */
@Entity('imported_row')
@Check('imported_row_kind_is_known', `kind in ('${IMPORT_KINDS.join("', '")}')`)
@Check('imported_row_key_is_a_hash', `key ~ '^[0-9a-f]{64}$' and content ~ '^[0-9a-f]{64}$'`)
export class ImportedRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'imported_row_pkey' })
  kind: ImportKind;

  /** SHA-256 of the row's reference; of its content and its occurrence in the file where it has none. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'imported_row_pkey' })
  key: string;

  /** SHA-256 of its content: tells a row that was changed from one that is the same. */
  @Column('text')
  content: string;

  /** What it became: a shipment line, a recipient or a need. */
  @Column('uuid', { name: 'record_id' })
  recordId: string;

  /** The import that brought it in, as the journal names it. */
  @Column('uuid', { name: 'import_id' })
  importId: string;

  @Column({ type: 'timestamptz', name: 'imported_at', precision: 3 })
  importedAt: Date;
}
