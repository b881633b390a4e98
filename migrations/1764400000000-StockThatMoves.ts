import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stock is counted again, set aside, sent from site to site and written off: every way has a name of its own. */
const CAUSES = `
  alter table stock_entry drop constraint stock_entry_cause_is_known,
    add constraint stock_entry_cause_is_known check (cause in ('SHIPMENT_RECEIVED', 'ALLOCATION_COMMITTED', 'ALLOCATION_CANCELLED', 'DELIVERY_DISPATCHED',
      'DELIVERY_DELIVERED', 'DELIVERY_CONFIRMED', 'DELIVERY_RETURNED', 'DELIVERY_LOST', 'DELIVERY_LINES_TAKEN_OUT', 'TRANSFER_DISPATCHED', 'TRANSFER_RECEIVED',
      'TRANSFER_CANCELLED', 'LOT_QUARANTINED', 'LOT_RELEASED', 'LOT_RECALLED', 'INTAKE_CORRECTED', 'STOCK_RECOUNTED', 'STOCK_DISCARDED',
      'RETURNED_TO_DONOR'));
`;

/** What each balance came to is kept with the entry that made it so; for entries of old it is summed up here, once. */
const BALANCES = `
  alter table stock_entry add column from_units_after integer, add column to_units_after integer;
  alter table stock_entry disable trigger stock_entry_is_append_only;
  with sides as (
    select id, at, lot_id, to_site_id as site_id, to_place as place, units, 'to' as side from stock_entry
    union all select id, at, lot_id, from_site_id, from_place, -units, 'from' from stock_entry),
  running as (select id, side, sum(units) over (partition by lot_id, site_id, place order by at, id) as after from sides)
  update stock_entry e set to_units_after = t.after, from_units_after = f.after
  from running t, running f where t.id = e.id and t.side = 'to' and f.id = e.id and f.side = 'from';
  alter table stock_entry enable trigger stock_entry_is_append_only;
  alter table stock_entry alter column from_units_after set not null, alter column to_units_after set not null;
`;

const LOTS = `
  create table lot_change (
    id uuid not null,
    lot_id uuid not null,
    field text not null,
    before text,
    after text,
    reason text not null,
    actor_id uuid,
    at timestamptz(3) not null,
    constraint lot_change_field_is_known check (field in ('ITEM', 'DONOR', 'LOT_NUMBER', 'EXPIRES_ON', 'UNITS_PER_PACK', 'EARMARK', 'CONDITION')),
    constraint lot_change_changes check (before is distinct from after),
    constraint lot_change_pkey primary key (id),
    constraint lot_change_lot_exists foreign key (lot_id) references lot(id)
  );
  create index lot_change_of_lot on lot_change (lot_id, id);
  create trigger lot_change_is_append_only before update or delete on lot_change for each row execute function refuse_change();
  create trigger lot_change_is_never_emptied before truncate on lot_change for each statement execute function refuse_change();
  grant select, insert on lot_change to ppe_app;
  grant update (item_id, donor_id, lot_number, expires_on, units_per_pack, earmark, condition) on lot to ppe_app;
`;

export class StockThatMoves1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [CAUSES, BALANCES, LOTS]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error('This migration is not undone: it would drop why lots changed. Restore a backup instead.');
  }
}
