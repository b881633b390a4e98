import type { MigrationInterface, QueryRunner } from 'typeorm';

const IMPORTED_ROW = `
  create table imported_row (
    kind text not null,
    key uuid not null,
    content uuid not null,
    record_id uuid not null,
    import_id uuid not null,
    imported_at timestamptz(3) not null,
    constraint imported_row_kind_is_known check (kind in ('DONATION', 'RECIPIENT', 'NEED')),
    constraint imported_row_pkey primary key (kind, key)
  );

  create trigger imported_row_is_append_only before update or delete on imported_row
    for each row execute function refuse_change();
  create trigger imported_row_is_never_emptied before truncate on imported_row
    for each statement execute function refuse_change();

  grant select, insert on imported_row to ppe_app;
`;

/** Files that were brought in, row by row; and donors found by name, as an import finds them. */
export class Imports1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(IMPORTED_ROW);
    // The same expression as in DonorRepository.namesakes, which would read every donor for each batch without it.
    await runner.query(
      `create index donor_name_as_compared on donor (lower(regexp_replace(btrim(name), '\\s+', ' ', 'g')))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index donor_name_as_compared`);
    await runner.query(`drop table imported_row`);
  }
}
