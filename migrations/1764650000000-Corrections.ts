import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why a number was wrong is kept as a code beside the words, so that it can be counted. */
const REASONS = `
  alter table stock_entry add column reason_code text, add constraint stock_entry_reason_code_is_known check (reason_code in
    ('MISSING', 'DAMAGED', 'EXPIRED', 'WRONG_ITEM', 'PACK_SIZE', 'COUNTERFEIT_SUSPECTED', 'RECOUNTED', 'DATA_ENTRY_ERROR', 'FOUND', 'STOLEN', 'OTHER'));
  alter table lot_change add column reason_code text, add constraint lot_change_reason_code_is_known check (reason_code in
    ('MISSING', 'DAMAGED', 'EXPIRED', 'WRONG_ITEM', 'PACK_SIZE', 'COUNTERFEIT_SUSPECTED', 'RECOUNTED', 'DATA_ENTRY_ERROR', 'FOUND', 'STOLEN', 'OTHER'));
`;

/** The ledger is read by day, by what caused an entry, and by the way units took; what came in is found without reading it all. */
const INDEXES = `
  create index stock_entry_at on stock_entry (at, id);
  drop index stock_entry_of_cause;
  create index stock_entry_of_cause on stock_entry (cause_id, at, id);
  create index stock_entry_of_way on stock_entry (from_site_id, to_site_id, cause, from_place, to_place, at, id);
  create index stock_entry_from_outside on stock_entry (lot_id) where from_place = 'SOURCE' or to_place = 'SOURCE';
  create index lot_expiry on lot (expires_on, id) where expires_on is not null;
`;

export class Corrections1764650000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [REASONS, INDEXES]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error('This migration is not undone: it would drop why numbers were wrong. Restore a backup instead.');
  }
}
