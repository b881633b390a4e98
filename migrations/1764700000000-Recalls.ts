import type { MigrationInterface, QueryRunner } from 'typeorm';

const RECALLS = `
  create table recall (
    id uuid not null,
    reason text not null,
    reference text,
    instructions text,
    started_at timestamptz(3) not null,
    ended_at timestamptz(3),
    end_reason text,
    constraint recall_ends_for_a_reason check ((ended_at is null) = (end_reason is null)),
    constraint recall_ends_after_it_began check (ended_at >= started_at),
    constraint recall_pkey primary key (id)
  );
  create table recall_number (
    recall_id uuid not null,
    item_id uuid not null,
    lot_number text not null,
    constraint recall_number_pkey primary key (recall_id, item_id, lot_number),
    constraint recall_number_recall_exists foreign key (recall_id) references recall(id),
    constraint recall_number_item_exists foreign key (item_id) references item(id)
  );
  create index recall_number_is_watched on recall_number (item_id, lot_number);
  create table recall_lot (
    recall_id uuid not null,
    lot_id uuid not null,
    stopped_units bigint not null,
    stopped_at timestamptz(3) not null,
    constraint recall_lot_units_not_negative check (stopped_units >= 0),
    constraint recall_lot_pkey primary key (recall_id, lot_id),
    constraint recall_lot_recall_exists foreign key (recall_id) references recall(id),
    constraint recall_lot_lot_exists foreign key (lot_id) references lot(id)
  );
  create index recall_lot_of_lot on recall_lot (lot_id, recall_id);
  create table recall_line (
    recall_id uuid not null,
    distribution_id uuid not null,
    constraint recall_line_pkey primary key (recall_id, distribution_id),
    constraint recall_line_recall_exists foreign key (recall_id) references recall(id),
    constraint recall_line_distribution_exists foreign key (distribution_id) references distribution(id)
  );
`;

const NOTICES = `
  create table recall_notice (
    id uuid not null,
    recall_id uuid not null,
    delivery_id uuid not null,
    recipient_id uuid not null,
    lot_id uuid not null,
    units bigint not null,
    written_at timestamptz(3) not null,
    acknowledged_at timestamptz(3),
    held_units bigint,
    note text,
    constraint recall_notice_units_are_positive check (units > 0),
    constraint recall_notice_held_units_are_at_most_units check (held_units between 0 and units),
    constraint recall_notice_is_answered_with_a_count check ((acknowledged_at is null) = (held_units is null)),
    constraint recall_notice_note_is_an_answer check (note is null or acknowledged_at is not null),
    constraint recall_notice_pkey primary key (id),
    constraint recall_notice_recall_exists foreign key (recall_id) references recall(id),
    constraint recall_notice_delivery_exists foreign key (delivery_id) references delivery(id),
    constraint recall_notice_recipient_exists foreign key (recipient_id) references recipient(id),
    constraint recall_notice_lot_exists foreign key (lot_id) references lot(id)
  );
  create unique index recall_notice_is_written_once on recall_notice (delivery_id, lot_id, recall_id);
  create index recall_notice_of_recall on recall_notice (recall_id, id);
  create index recall_notice_of_recipient on recall_notice (recipient_id, id);
`;

/** What a recall found stays as it was found; it can be ended, and its notices answered. */
const GRANTS = `
  create trigger recall_number_is_append_only before update or delete on recall_number for each row execute function refuse_change();
  create trigger recall_number_is_never_emptied before truncate on recall_number for each statement execute function refuse_change();
  create trigger recall_lot_is_append_only before update or delete on recall_lot for each row execute function refuse_change();
  create trigger recall_lot_is_never_emptied before truncate on recall_lot for each statement execute function refuse_change();
  create trigger recall_line_is_append_only before update or delete on recall_line for each row execute function refuse_change();
  create trigger recall_line_is_never_emptied before truncate on recall_line for each statement execute function refuse_change();
  grant select, insert on recall, recall_number, recall_lot, recall_line, recall_notice to ppe_app;
  grant update (ended_at, end_reason) on recall to ppe_app;
  grant update (acknowledged_at, held_units, note) on recall_notice to ppe_app;
`;

export class Recalls1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [RECALLS, NOTICES, GRANTS]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error(
      'This migration is not undone: it would drop whom a recall has to reach. Restore a backup instead.',
    );
  }
}
