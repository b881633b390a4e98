import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import type { ImportedRow } from './import.entity.js';
import type { ImportKind } from './report.rules.js';

/** All imports take turns under this lock. Any number will do, as long as it stays. */
const TURN = 7_240_119;

export type KnownRow = Pick<ImportedRow, 'key' | 'content' | 'recordId'>;

@Injectable()
export class ImportRepository {
  /**
   * Waits until no other import is under way; holds until the transaction ends. So two imports of the same file cannot
   * both find it new, and two of different files cannot wait for each other's rows.
   */
  async takeTurn(tx: Tx): Promise<void> {
    await tx.rows(`select pg_advisory_xact_lock($1)`, [TURN]);
  }

  /** Rows that were brought in before, by key. */
  async known(tx: Tx, kind: ImportKind, keys: readonly string[]): Promise<Map<string, KnownRow>> {
    if (keys.length === 0) return new Map();
    const rows = await tx.rows<KnownRow>(
      `select key, content, record_id as "recordId" from imported_row where kind = $1 and key = any($2::uuid[])`,
      [kind, keys],
    );
    return new Map(rows.map((row) => [row.key, row]));
  }

  async insert(tx: Tx, kind: ImportKind, importId: string, rows: readonly KnownRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.rows(
      `insert into imported_row (kind, key, content, record_id, import_id, imported_at)
       select $1, r.key, r.content, r.record_id, $2, $3 from unnest($4::uuid[], $5::uuid[], $6::uuid[]) as r (key, content, record_id)`,
      [
        kind,
        importId,
        tx.now,
        rows.map((row) => row.key),
        rows.map((row) => row.content),
        rows.map((row) => row.recordId),
      ],
    );
  }
}
