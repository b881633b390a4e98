import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table access_token (
    id uuid not null,
    hash text not null,
    role text not null,
    name text not null,
    subject_id uuid,
    created_at timestamptz(3) not null,
    revoked_at timestamptz(3),
    constraint access_token_subject_is_for_donors_and_recipients check (subject_id is null or role in ('DONOR', 'RECIPIENT')),
    constraint access_token_role_is_known check (role in ('ADMIN', 'COORDINATOR', 'AUDITOR', 'DONOR', 'RECIPIENT')),
    constraint access_token_pkey primary key (id)
  );
  create unique index access_token_hash_is_unique on access_token (hash);

  create table recipient (
    id uuid not null,
    name text not null,
    profession text,
    specialty text,
    facility text,
    country text,
    subdivision text,
    email text,
    phone text,
    exposure_tier smallint not null,
    headcount integer not null,
    status text not null,
    created_at timestamptz(3) not null,
    constraint recipient_has_a_name check (btrim(name) <> ''),
    constraint recipient_headcount_is_positive check (headcount > 0),
    constraint recipient_exposure_tier_is_1_to_3 check (exposure_tier between 1 and 3),
    constraint recipient_status_is_known check (status in ('PENDING', 'ACTIVE', 'PAUSED', 'DEACTIVATED')),
    constraint recipient_pkey primary key (id)
  );
  create unique index recipient_email_is_unique on recipient (email) where email is not null and status <> 'DEACTIVATED';
  create index recipient_status on recipient (status, id);

  create table recipient_group (
    id uuid not null,
    name text not null,
    name_key text not null,
    description text,
    created_at timestamptz(3) not null,
    constraint recipient_group_has_a_name check (btrim(name) <> ''),
    constraint recipient_group_pkey primary key (id)
  );
  create unique index recipient_group_name_is_unique on recipient_group (name_key);

  create table group_member (
    group_id uuid not null,
    recipient_id uuid not null,
    joined_at timestamptz(3) not null,
    constraint group_member_pkey primary key (group_id, recipient_id)
  );
  create index group_member_of_recipient on group_member (recipient_id, group_id);

  create table donor (
    id uuid not null,
    name text not null,
    kind text not null,
    country text,
    email text,
    phone text,
    anonymous boolean not null default false,
    created_at timestamptz(3) not null,
    constraint donor_has_a_name check (btrim(name) <> ''),
    constraint donor_kind_is_known check (kind in ('PERSON', 'COMPANY', 'ORGANISATION', 'GOVERNMENT')),
    constraint donor_pkey primary key (id)
  );

  create table item (
    id uuid not null,
    code text not null,
    name text not null,
    category text not null,
    standard text,
    size text,
    gtin text,
    constraint item_code_is_upper_case check (code ~ '^[A-Z0-9_]+$'),
    constraint item_size_is_known check (size in ('ONE_SIZE', 'XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL', 'MIXED')),
    constraint item_category_is_known check (category in ('MASK', 'PROTECTIVE_SUIT', 'GOGGLES', 'FACE_SHIELD', 'GLOVES', 'OTHER')),
    constraint item_pkey primary key (id)
  );
  create unique index item_code_is_unique on item (code);

  create table site (
    id uuid not null,
    name text not null,
    is_default boolean not null default false,
    constraint site_pkey primary key (id)
  );
  create unique index site_name_is_unique on site (name);
  create unique index site_default_is_one on site (is_default) where is_default;

  create table lot (
    id uuid not null,
    item_id uuid not null,
    donor_id uuid not null,
    shipment_id uuid not null,
    shipment_line_id uuid not null,
    lot_number text,
    expires_on date,
    units_per_pack integer,
    condition text not null default 'GOOD',
    received_at timestamptz(3) not null,
    constraint lot_units_per_pack_is_positive check (units_per_pack > 0),
    constraint lot_condition_is_known check (condition in ('GOOD', 'QUARANTINED', 'RECALLED')),
    constraint lot_pkey primary key (id)
  );
  create index lot_number on lot (lot_number) where lot_number is not null;
  create index lot_of_donor on lot (donor_id, id);
  create index lot_of_shipment_line on lot (shipment_line_id, id);
  create index lot_of_item on lot (item_id, id);

  create table stock_entry (
    id uuid not null,
    lot_id uuid not null,
    from_site_id uuid not null,
    from_place text not null,
    to_site_id uuid not null,
    to_place text not null,
    units integer not null,
    cause text not null,
    cause_id uuid not null,
    reason text,
    actor_id uuid,
    at timestamptz(3) not null,
    constraint stock_entry_cause_is_known check (cause in ('SHIPMENT_RECEIVED', 'ALLOCATION_COMMITTED', 'ALLOCATION_CANCELLED', 'DELIVERY_DISPATCHED', 'DELIVERY_DELIVERED', 'DELIVERY_CONFIRMED', 'DELIVERY_RETURNED', 'DELIVERY_LOST')),
    constraint stock_entry_to_place_is_known check (to_place in ('SOURCE', 'AVAILABLE', 'ALLOCATED', 'QUARANTINED', 'IN_TRANSIT', 'DELIVERED', 'RETURNED_TO_DONOR', 'LOST', 'DISCARDED')),
    constraint stock_entry_from_place_is_known check (from_place in ('SOURCE', 'AVAILABLE', 'ALLOCATED', 'QUARANTINED', 'IN_TRANSIT', 'DELIVERED', 'RETURNED_TO_DONOR', 'LOST', 'DISCARDED')),
    constraint stock_entry_moves check ((from_site_id, from_place) <> (to_site_id, to_place)),
    constraint stock_entry_units_are_positive check (units > 0),
    constraint stock_entry_pkey primary key (id)
  );
  create index stock_entry_of_cause on stock_entry (cause_id, id);
  create index stock_entry_of_lot on stock_entry (lot_id, at, id);

  create table lot_balance (
    lot_id uuid not null,
    site_id uuid not null,
    place text not null,
    units integer not null,
    constraint lot_balance_place_is_known check (place in ('SOURCE', 'AVAILABLE', 'ALLOCATED', 'QUARANTINED', 'IN_TRANSIT', 'DELIVERED', 'RETURNED_TO_DONOR', 'LOST', 'DISCARDED')),
    constraint lot_balance_units_not_negative check (units >= 0 or place = 'SOURCE'),
    constraint lot_balance_pkey primary key (lot_id, site_id, place)
  );

  create table plan (
    id uuid not null,
    status text not null,
    rule text not null,
    choice jsonb not null,
    problem jsonb not null,
    seed text,
    seed_hash text,
    fingerprint text not null,
    engine_version text not null,
    unallocated jsonb not null,
    metrics jsonb not null,
    created_at timestamptz(3) not null,
    committed_at timestamptz(3),
    stale_because text[],
    constraint plan_committed_has_an_instant check (status <> 'COMMITTED' or committed_at is not null),
    constraint plan_status_is_known check (status in ('PREVIEW', 'COMMITTED', 'STALE', 'DISCARDED', 'CANCELLED')),
    constraint plan_pkey primary key (id)
  );
  create index plan_status on plan (status, id);

  create table award (
    plan_id uuid not null,
    recipient_id uuid not null,
    item_id uuid not null,
    position integer not null,
    units integer not null,
    why jsonb not null,
    cancelled_at timestamptz(3),
    constraint award_units_not_negative check (units >= 0),
    constraint award_pkey primary key (plan_id, recipient_id, item_id)
  );
  create index award_of_recipient on award (recipient_id, plan_id);
  create unique index award_position on award (plan_id, position);

  create table award_lot (
    plan_id uuid not null,
    recipient_id uuid not null,
    item_id uuid not null,
    lot_id uuid not null,
    site_id uuid not null,
    units integer not null,
    constraint award_lot_units_are_positive check (units > 0),
    constraint award_lot_pkey primary key (plan_id, recipient_id, item_id, lot_id, site_id)
  );

  create table shipment (
    id uuid not null,
    reference text not null,
    donor_id uuid not null,
    status text not null,
    carrier text,
    tracking_number text,
    expected_on date,
    received_at timestamptz(3),
    discrepancy_reason text,
    created_at timestamptz(3) not null,
    constraint shipment_status_is_known check (status in ('ANNOUNCED', 'IN_TRANSIT', 'PARTIALLY_RECEIVED', 'RECEIVED', 'CANCELLED', 'LOST')),
    constraint shipment_pkey primary key (id)
  );
  create index shipment_status on shipment (status, id);
  create index shipment_of_donor on shipment (donor_id, id);

  create table shipment_line (
    id uuid not null,
    shipment_id uuid not null,
    position integer not null,
    item_id uuid not null,
    announced_units integer not null,
    accepted_units integer not null default 0,
    rejected_units integer not null default 0,
    reject_reason text,
    units_per_pack integer,
    lot_number text,
    expires_on date,
    constraint shipment_line_units_per_pack_is_positive check (units_per_pack > 0),
    constraint shipment_line_rejected_units_not_negative check (rejected_units >= 0),
    constraint shipment_line_accepted_units_not_negative check (accepted_units >= 0),
    constraint shipment_line_announced_units_are_positive check (announced_units > 0),
    constraint shipment_line_pkey primary key (id)
  );
  create unique index shipment_line_of_shipment on shipment_line (shipment_id, position);

  create table delivery (
    id uuid not null,
    plan_id uuid not null,
    recipient_id uuid not null,
    status text not null,
    carrier text,
    tracking_number text,
    prepared_at timestamptz(3) not null,
    dispatched_at timestamptz(3),
    delivered_at timestamptz(3),
    confirmed_at timestamptz(3),
    link_hash text,
    link_expires_at timestamptz(3),
    constraint delivery_status_is_known check (status in ('PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED', 'RETURNED', 'LOST', 'CANCELLED')),
    constraint delivery_pkey primary key (id)
  );
  create unique index delivery_link_is_unique on delivery (link_hash) where link_hash is not null;
  create index delivery_status on delivery (status, id);
  create index delivery_of_recipient on delivery (recipient_id, id);
  create unique index delivery_of_plan on delivery (plan_id, recipient_id);

  create table distribution (
    id uuid not null,
    delivery_id uuid not null,
    plan_id uuid not null,
    recipient_id uuid not null,
    item_id uuid not null,
    lot_id uuid not null,
    site_id uuid not null,
    donor_id uuid not null,
    shipment_id uuid not null,
    country text,
    units integer not null,
    confirmed_units integer,
    shortage_reason text,
    status text not null,
    allocated_at timestamptz(3) not null,
    dispatched_at timestamptz(3),
    delivered_at timestamptz(3),
    constraint distribution_confirmed_units_are_at_most_units check (confirmed_units between 0 and units),
    constraint distribution_units_are_positive check (units > 0),
    constraint distribution_status_is_known check (status in ('PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED', 'RETURNED', 'LOST', 'CANCELLED')),
    constraint distribution_pkey primary key (id)
  );
  create index distribution_status on distribution (status, allocated_at, id);
  create index distribution_of_country on distribution (country, allocated_at, id);
  create index distribution_of_lot on distribution (lot_id, allocated_at, id);
  create index distribution_of_shipment on distribution (shipment_id, allocated_at, id);
  create index distribution_of_item on distribution (item_id, allocated_at, id);
  create index distribution_of_recipient on distribution (recipient_id, allocated_at, id);
  create index distribution_of_donor on distribution (donor_id, allocated_at, id);
  create index distribution_units on distribution (units, id);
  create index distribution_allocated_at on distribution (allocated_at, id);
  create index distribution_of_delivery on distribution (delivery_id, id);

  create table journal (
    id uuid not null,
    at timestamptz(3) not null,
    actor_id uuid,
    actor_role text not null,
    action text not null,
    request_id text not null,
    reason text,
    reference jsonb not null,
    constraint journal_pkey primary key (id)
  );
  create index journal_actor on journal (actor_id, at, id);
  create index journal_at on journal (at, id);

  create table idempotency (
    scope text not null,
    key text not null,
    at timestamptz(3) not null,
    action text not null,
    body_hash text not null,
    reference jsonb,
    constraint idempotency_pkey primary key (scope, key)
  );
  create index idempotency_at on idempotency (at);

  alter table group_member add constraint group_member_group_exists foreign key (group_id) references recipient_group(id);
  alter table group_member add constraint group_member_recipient_exists foreign key (recipient_id) references recipient(id);
  alter table lot add constraint lot_item_exists foreign key (item_id) references item(id);
  alter table lot add constraint lot_donor_exists foreign key (donor_id) references donor(id);
  alter table lot add constraint lot_shipment_exists foreign key (shipment_id) references shipment(id);
  alter table lot add constraint lot_shipment_line_exists foreign key (shipment_line_id) references shipment_line(id);
  alter table stock_entry add constraint stock_entry_lot_exists foreign key (lot_id) references lot(id);
  alter table stock_entry add constraint stock_entry_from_site_exists foreign key (from_site_id) references site(id);
  alter table stock_entry add constraint stock_entry_to_site_exists foreign key (to_site_id) references site(id);
  alter table lot_balance add constraint lot_balance_lot_exists foreign key (lot_id) references lot(id);
  alter table lot_balance add constraint lot_balance_site_exists foreign key (site_id) references site(id);
  alter table award add constraint award_plan_exists foreign key (plan_id) references plan(id);
  alter table award add constraint award_recipient_exists foreign key (recipient_id) references recipient(id);
  alter table award add constraint award_item_exists foreign key (item_id) references item(id);
  alter table award_lot add constraint award_lot_lot_exists foreign key (lot_id) references lot(id);
  alter table award_lot add constraint award_lot_site_exists foreign key (site_id) references site(id);
  alter table award_lot add constraint award_lot_award_exists foreign key (plan_id, recipient_id, item_id) references award(plan_id,recipient_id,item_id);
  alter table shipment add constraint shipment_donor_exists foreign key (donor_id) references donor(id);
  alter table shipment_line add constraint shipment_line_shipment_exists foreign key (shipment_id) references shipment(id);
  alter table shipment_line add constraint shipment_line_item_exists foreign key (item_id) references item(id);
  alter table delivery add constraint delivery_plan_exists foreign key (plan_id) references plan(id);
  alter table delivery add constraint delivery_recipient_exists foreign key (recipient_id) references recipient(id);
  alter table distribution add constraint distribution_delivery_exists foreign key (delivery_id) references delivery(id);
  alter table distribution add constraint distribution_plan_exists foreign key (plan_id) references plan(id);
  alter table distribution add constraint distribution_recipient_exists foreign key (recipient_id) references recipient(id);
  alter table distribution add constraint distribution_item_exists foreign key (item_id) references item(id);
  alter table distribution add constraint distribution_lot_exists foreign key (lot_id) references lot(id);
  alter table distribution add constraint distribution_site_exists foreign key (site_id) references site(id);
  alter table distribution add constraint distribution_donor_exists foreign key (donor_id) references donor(id);
  alter table distribution add constraint distribution_shipment_exists foreign key (shipment_id) references shipment(id);
`;

/** What has happened stays as it was written, whoever asks: the grants below stop the application, this stops its owner. */
const APPEND_ONLY = `
  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
  end $$;

  create trigger stock_entry_is_append_only before update or delete on stock_entry for each row execute function refuse_change();
  create trigger stock_entry_is_never_emptied before truncate on stock_entry for each statement execute function refuse_change();
  create trigger journal_is_append_only before update or delete on journal for each row execute function refuse_change();
  create trigger journal_is_never_emptied before truncate on journal for each statement execute function refuse_change();
`;

/**
 * The role as which the application works. It is the cluster's, not the database's, so another database may have made it
 * already, or be making it now. Whoever migrates must be able to become it.
 */
const ROLE = `
  do $$
  begin
    create role ppe_app nologin;
  exception when duplicate_object or unique_violation then null;
  end $$;

  do $$
  begin
    if not pg_has_role(current_user, 'ppe_app', 'member') then
      execute format('grant ppe_app to %I', current_user);
    end if;
  end $$;
`;

const GRANTS = `
  grant usage on schema public to ppe_app;
  grant select on item, site to ppe_app;
  grant select, insert on stock_entry, journal, lot, award_lot to ppe_app;
  grant select, insert, update on access_token, donor, recipient, recipient_group, lot_balance, shipment, shipment_line,
    plan, award, delivery, distribution to ppe_app;
  grant select, insert, update, delete on idempotency to ppe_app;
  grant select, insert, delete on group_member to ppe_app;
`;

/** The catalogue everybody starts from. A real gift often says no more than "masks", so the plain words are items, too. */
const SEEDS = `
  insert into item (id, code, name, category, standard, size) values
    ('01900000-0000-7000-8000-000000000001', 'MASK', 'Mask', 'MASK', null, 'ONE_SIZE'),
    ('01900000-0000-7000-8000-000000000002', 'SURGICAL_MASK', 'Surgical mask', 'MASK', 'EN 14683', 'ONE_SIZE'),
    ('01900000-0000-7000-8000-000000000003', 'N95', 'N95 respirator', 'MASK', 'NIOSH N95', 'ONE_SIZE'),
    ('01900000-0000-7000-8000-000000000004', 'KN95', 'KN95 respirator', 'MASK', 'GB 2626-2006', 'ONE_SIZE'),
    ('01900000-0000-7000-8000-000000000005', 'FFP2', 'FFP2 respirator', 'MASK', 'EN 149 FFP2', 'ONE_SIZE'),
    ('01900000-0000-7000-8000-000000000006', 'PROTECTIVE_SUIT', 'Protective suit', 'PROTECTIVE_SUIT', null, null),
    ('01900000-0000-7000-8000-000000000007', 'COVERALL', 'Coverall', 'PROTECTIVE_SUIT', null, null),
    ('01900000-0000-7000-8000-000000000008', 'GOWN', 'Isolation gown', 'PROTECTIVE_SUIT', null, null),
    ('01900000-0000-7000-8000-000000000009', 'GOGGLES', 'Goggles', 'GOGGLES', null, 'ONE_SIZE'),
    ('01900000-0000-7000-8000-00000000000a', 'FACE_SHIELD', 'Face shield', 'FACE_SHIELD', null, 'ONE_SIZE'),
    ('01900000-0000-7000-8000-00000000000b', 'NITRILE_GLOVES', 'Nitrile gloves, pair', 'GLOVES', null, null),
    ('01900000-0000-7000-8000-00000000000c', 'HAND_SANITIZER', 'Hand sanitizer, bottle', 'OTHER', null, null),
    ('01900000-0000-7000-8000-00000000000d', 'SHOE_COVERS', 'Shoe covers, pair', 'OTHER', null, 'ONE_SIZE'),
    ('01900000-0000-7000-8000-00000000000e', 'BOUFFANT_CAP', 'Bouffant cap', 'OTHER', null, 'ONE_SIZE');

  insert into site (id, name, is_default) values ('01900000-0000-7000-8000-000000000101', 'Main site', true);
`;

export class InitialSchema1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [TABLES, APPEND_ONLY, ROLE, GRANTS, SEEDS]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not undone: it would drop everything. Restore a backup instead.');
  }
}
