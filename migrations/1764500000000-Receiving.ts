import type { MigrationInterface, QueryRunner } from 'typeorm';

const DISCREPANCY_REASONS = `'MISSING', 'DAMAGED', 'EXPIRED', 'WRONG_ITEM', 'PACK_SIZE', 'COUNTERFEIT_SUSPECTED', 'RECOUNTED', 'DATA_ENTRY_ERROR', 'FOUND', 'STOLEN', 'OTHER'`;

/** A parcel may hold what nobody announced, and each line its own reason for being short or over. */
const LINES = `
  alter table shipment_line drop constraint shipment_line_announced_units_are_positive,
    add constraint shipment_line_announced_units_not_negative check (announced_units >= 0),
    add column discrepancy_reason text,
    add constraint shipment_line_discrepancy_reason_is_known check (discrepancy_reason in (${DISCREPANCY_REASONS}));
`;

const EVENTS = `
  create table shipment_event (
    id uuid not null,
    shipment_id uuid not null,
    kind text not null,
    happened_at timestamptz(3) not null,
    place text,
    note text,
    reason text,
    actor_id uuid,
    at timestamptz(3) not null,
    constraint shipment_event_kind_is_known check (kind in ('HANDED_TO_CARRIER', 'IN_TRANSIT', 'CUSTOMS_ENTRY', 'CUSTOMS_HOLD', 'CUSTOMS_RELEASE', 'ARRIVED', 'CLOSED', 'CANCELLED', 'LOST', 'REOPENED')),
    constraint shipment_event_pkey primary key (id),
    constraint shipment_event_shipment_exists foreign key (shipment_id) references shipment(id)
  );
  create index shipment_event_of_shipment on shipment_event (shipment_id, happened_at, id);
`;

const COUNTS = `
  create table shipment_count (
    id uuid not null,
    line_id uuid not null,
    lot_id uuid,
    accepted_units integer not null,
    rejected_units integer not null,
    reject_reason text,
    lot_number text,
    expires_on date,
    actor_id uuid,
    at timestamptz(3) not null,
    constraint shipment_count_is_of_some_units check (accepted_units >= 0 and rejected_units >= 0 and accepted_units + rejected_units > 0),
    constraint shipment_count_of_accepted_units_has_a_lot check ((lot_id is not null) = (accepted_units > 0)),
    constraint shipment_count_pkey primary key (id),
    constraint shipment_count_line_exists foreign key (line_id) references shipment_line(id),
    constraint shipment_count_lot_exists foreign key (lot_id) references lot(id)
  );
  create index shipment_count_of_line on shipment_count (line_id, id);
`;

const CHANGES = `
  create table shipment_change (
    id uuid not null,
    shipment_id uuid not null,
    line_id uuid,
    field text not null,
    before text,
    after text,
    reason_code text,
    reason text not null,
    actor_id uuid,
    at timestamptz(3) not null,
    constraint shipment_change_field_is_known check (field in ('DONOR', 'REFERENCE', 'CARRIER', 'TRACKING_NUMBER', 'EXPECTED_ON', 'ITEM', 'ANNOUNCED_UNITS', 'UNITS_PER_PACK', 'EARMARK')),
    constraint shipment_change_reason_code_is_known check (reason_code in ('DATA_ENTRY_ERROR', 'WRONG_ITEM', 'PACK_SIZE', 'OTHER')),
    constraint shipment_change_changes check (before is distinct from after),
    constraint shipment_change_pkey primary key (id),
    constraint shipment_change_shipment_exists foreign key (shipment_id) references shipment(id),
    constraint shipment_change_line_exists foreign key (line_id) references shipment_line(id)
  );
  create index shipment_change_of_shipment on shipment_change (shipment_id, id);
`;

/** What was counted before visits were kept: what came in follows from the ledger, what was rejected is in the line. */
const COUNTED_BEFORE = `
  insert into shipment_count (id, line_id, lot_id, accepted_units, rejected_units, lot_number, expires_on, actor_id, at)
  select e.id, l.shipment_line_id, l.id, e.units, 0, l.lot_number, l.expires_on, e.actor_id, e.at
  from stock_entry e join lot l on l.id = e.lot_id where e.cause = 'SHIPMENT_RECEIVED';
  insert into shipment_count (id, line_id, accepted_units, rejected_units, reject_reason, lot_number, expires_on, at)
  select l.id, l.id, 0, l.rejected_units, l.reject_reason, l.lot_number, l.expires_on, coalesce(s.received_at, s.created_at)
  from shipment_line l join shipment s on s.id = l.shipment_id where l.rejected_units > 0;
`;

const APPEND_ONLY = ['shipment_event', 'shipment_count', 'shipment_change']
  .map(
    (table) => `
  create trigger ${table}_is_append_only before update or delete on ${table} for each row execute function refuse_change();
  create trigger ${table}_is_never_emptied before truncate on ${table} for each statement execute function refuse_change();
  grant select, insert on ${table} to ppe_app;`,
  )
  .join('\n');

export class Receiving1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [LINES, EVENTS, COUNTS, CHANGES, COUNTED_BEFORE, APPEND_ONLY]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error('This migration is not undone: it would drop who counted what. Restore a backup instead.');
  }
}
