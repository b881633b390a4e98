import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { IMPORT_KINDS, type ImportKind } from './report.rules.js';

/**
 * A row of a file that was brought in, so that it is not brought in again. It holds hashes and no text: what somebody is
 * called in another system is personal data. Append-only: a trigger and the grants refuse the rest.
 */
@Entity('imported_row')
@Check('imported_row_kind_is_known', `kind in ('${IMPORT_KINDS.join("', '")}')`)
export class ImportedRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'imported_row_pkey' })
  kind: ImportKind;

  /** Half of the SHA-256 of the row's reference; of its content and its occurrence in the file where it has none. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'imported_row_pkey' })
  key: string;

  /** Half of the SHA-256 of its content: tells a row that was changed from one that is the same. */
  @Column('uuid')
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
