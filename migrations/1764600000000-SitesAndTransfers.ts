import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sites become a register: with an address, opened and closed. Names were told apart by every letter, and are by what
 * people hear from now on: where two sound alike, the younger one gets a number.
 */
const SITES = `
  alter table site add column name_key text, add column address text, add column country text, add column note text,
    add column opened_at timestamptz(3), add column closed_at timestamptz(3), add column closed_because text;
  update site set name = site.name || ' (' || twin.n || ')'
    from (select id, row_number() over (partition by lower(regexp_replace(btrim(name), '\\s+', ' ', 'g')) order by is_default desc, id) as n from site) as twin
    where twin.id = site.id and twin.n > 1;
  update site set name = 'Site ' || id where btrim(name) = '';
  update site set name_key = lower(regexp_replace(btrim(name), '\\s+', ' ', 'g')),
    opened_at = coalesce((select min(e.at) from stock_entry e where e.to_site_id = site.id), now());
  alter table site alter column name_key set not null, alter column opened_at set not null,
    add constraint site_has_a_name check (btrim(name) <> ''),
    add constraint site_default_is_open check (not is_default or closed_at is null),
    add constraint site_closed_says_why check ((closed_at is null) = (closed_because is null));
  drop index site_name_is_unique;
  create unique index site_name_is_unique on site (name_key) where closed_at is null;
`;

/** Stock as it was at an instant is stock as it is now without what moved since: that is found by when it moved. */
const LEDGER = `
  alter table stock_entry drop constraint stock_entry_cause_is_known,
    add constraint stock_entry_cause_is_known check (cause in ('SHIPMENT_RECEIVED', 'ALLOCATION_COMMITTED', 'ALLOCATION_CANCELLED', 'DELIVERY_DISPATCHED',
      'DELIVERY_DELIVERED', 'DELIVERY_CONFIRMED', 'DELIVERY_RETURNED', 'DELIVERY_LOST', 'DELIVERY_LINES_TAKEN_OUT', 'TRANSFER_DISPATCHED', 'TRANSFER_RECEIVED',
      'TRANSFER_CANCELLED', 'TRANSFER_LOST', 'LOT_QUARANTINED', 'LOT_RELEASED', 'LOT_RECALLED', 'INTAKE_CORRECTED', 'STOCK_RECOUNTED', 'STOCK_DISCARDED',
      'RETURNED_TO_DONOR'));
`;

const TRANSFERS = `
  create table transfer (
    id uuid not null,
    from_site_id uuid not null,
    to_site_id uuid not null,
    status text not null,
    carrier text,
    tracking_number text,
    note text,
    dispatched_at timestamptz(3) not null,
    ended_at timestamptz(3),
    reason text,
    constraint transfer_status_is_known check (status in ('DISPATCHED', 'RECEIVED', 'CANCELLED', 'LOST')),
    constraint transfer_changes_site check (from_site_id <> to_site_id),
    constraint transfer_ended_has_an_instant check ((status = 'DISPATCHED') = (ended_at is null)),
    constraint transfer_pkey primary key (id),
    constraint transfer_from_site_exists foreign key (from_site_id) references site(id),
    constraint transfer_to_site_exists foreign key (to_site_id) references site(id)
  );
  create index transfer_status on transfer (status, id);
  create index transfer_from_site on transfer (from_site_id, id);
  create index transfer_to_site on transfer (to_site_id, id);

  create table transfer_line (
    transfer_id uuid not null,
    lot_id uuid not null,
    units integer not null,
    received_units integer,
    shortage_reason text,
    constraint transfer_line_units_are_positive check (units > 0),
    constraint transfer_line_received_units_are_at_most_units check (received_units between 0 and units),
    constraint transfer_line_shortage_says_why check ((coalesce(received_units, units) < units) = (shortage_reason is not null)),
    constraint transfer_line_pkey primary key (transfer_id, lot_id),
    constraint transfer_line_transfer_exists foreign key (transfer_id) references transfer(id),
    constraint transfer_line_lot_exists foreign key (lot_id) references lot(id)
  );
  create index transfer_line_of_lot on transfer_line (lot_id, transfer_id);
`;

/** Nothing of it is ever deleted, and where a transfer goes does not change on the way. */
const GRANTS = `
  grant insert on site to ppe_app;
  grant update (name, name_key, address, country, note, is_default, closed_at, closed_because) on site to ppe_app;
  grant select, insert on transfer, transfer_line to ppe_app;
  grant update (status, ended_at, reason) on transfer to ppe_app;
  grant update (received_units, shortage_reason) on transfer_line to ppe_app;
`;

export class SitesAndTransfers1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [SITES, LEDGER, TRANSFERS, GRANTS]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error('This migration is not undone: it would drop where goods went. Restore a backup instead.');
  }
}
