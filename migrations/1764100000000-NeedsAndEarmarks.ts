import type { MigrationInterface, QueryRunner } from 'typeorm';

const NEEDS = `
  create table need (
    id uuid not null,
    recipient_id uuid not null,
    item_id uuid,
    category text,
    units integer not null,
    met_units integer not null default 0,
    met_at timestamptz(3),
    units_per_day integer,
    on_hand_units integer,
    horizon_days integer,
    needed_by date not null,
    valid_until date not null,
    supply_state text,
    stated_at timestamptz(3) not null,
    withdrawn_at timestamptz(3),
    closure_reason text,
    constraint need_is_of_an_item_or_of_a_category check ((item_id is null) <> (category is null)),
    constraint need_category_is_known check (category in ('MASK', 'PROTECTIVE_SUIT', 'GOGGLES', 'FACE_SHIELD', 'GLOVES', 'OTHER')),
    constraint need_units_are_positive check (units between 1 and 100000000),
    constraint need_is_met_up_to_its_units check (met_units between 0 and units),
    constraint need_that_is_met_has_an_instant check ((met_at is not null) = (met_units = units)),
    constraint need_from_use_has_all_figures check (num_nonnulls(units_per_day, on_hand_units, horizon_days) in (0, 3)),
    constraint need_use_is_not_negative check (units_per_day > 0 and on_hand_units >= 0 and horizon_days > 0),
    constraint need_is_valid_until_it_is_needed check (valid_until >= needed_by),
    constraint need_supply_state_is_known check (supply_state in ('CONVENTIONAL', 'CONTINGENCY', 'CRISIS')),
    constraint need_closure_reason_is_known check (closure_reason in ('NO_SUPPLY', 'NO_CONTACT_RECIPIENT', 'NO_CONTACT_DONOR', 'NO_NEED', 'PREFERS_DIFFERENT_ITEM', 'DONOR_WITHDREW', 'DUPLICATE', 'TEST', 'OTHER')),
    constraint need_is_withdrawn_for_a_reason check ((withdrawn_at is null) = (closure_reason is null)),
    constraint need_pkey primary key (id),
    constraint need_recipient_exists foreign key (recipient_id) references recipient(id),
    constraint need_item_exists foreign key (item_id) references item(id)
  );
  create index need_of_recipient on need (recipient_id, id);
  create index need_of_item on need (item_id, id) where item_id is not null;
  create index need_of_category on need (category, id) where category is not null;
  create index need_that_is_valid on need (recipient_id, valid_until) where withdrawn_at is null;

  create table need_award (
    need_id uuid not null,
    plan_id uuid not null,
    item_id uuid not null,
    units integer not null,
    constraint need_award_units_not_negative check (units >= 0),
    constraint need_award_pkey primary key (need_id, plan_id, item_id),
    constraint need_award_need_exists foreign key (need_id) references need(id),
    constraint need_award_plan_exists foreign key (plan_id) references plan(id),
    constraint need_award_item_exists foreign key (item_id) references item(id)
  );
  create index need_award_of_plan on need_award (plan_id, item_id);

  grant select, insert, update on need, need_award to ppe_app;
`;

const EARMARK_IS_SOUND = `earmark is null or (coalesce(earmark->>'strength' in ('ONLY', 'FIRST'), false)
  and coalesce(jsonb_typeof(earmark->'groups') = 'array' and earmark->'groups' <> '[]', not earmark ? 'groups')
  and coalesce(jsonb_typeof(earmark->'countries') = 'array' and earmark->'countries' <> '[]', not earmark ? 'countries')
  and coalesce(jsonb_typeof(earmark->'tiers') = 'array' and earmark->'tiers' <> '[]', not earmark ? 'tiers')
  and (earmark ? 'groups' or earmark ? 'countries' or earmark ? 'tiers'))`;

const EARMARKS = `
  alter table shipment_line add column earmark jsonb,
    add constraint shipment_line_earmark_is_sound check (${EARMARK_IS_SOUND});
  alter table lot add column earmark jsonb,
    add constraint lot_earmark_is_sound check (${EARMARK_IS_SOUND});
`;

/** Every plan before this one split among everybody alike. */
const PLANS = `
  alter table plan add column claims text not null default 'EQUAL',
    add constraint plan_claims_are_known check (claims in ('EQUAL', 'NEED', 'HEADCOUNT', 'BURN_RATE'));
`;

/** What came back, was lost or arrived short of a parcel counts as returned, also of parcels sent before. */
const MEMORY = `
  alter table award add column returned_units integer not null default 0;
  update award a set returned_units = gone.units from (
    select plan_id, recipient_id, item_id, sum(case when status in ('RETURNED', 'LOST') then units else units - confirmed_units end) as units
    from distribution where status in ('RETURNED', 'LOST', 'CONFIRMED') group by 1, 2, 3) as gone
  where a.plan_id = gone.plan_id and a.recipient_id = gone.recipient_id and a.item_id = gone.item_id and gone.units > 0;
  alter table award add constraint award_returned_units_are_at_most_units check (returned_units between 0 and units);
  create index plan_committed_at on plan (committed_at) where committed_at is not null;

  create table rounding_deficit (
    recipient_id uuid not null,
    item_id uuid not null,
    deficit text not null,
    constraint rounding_deficit_is_a_fraction check (deficit ~ '^-?[0-9]+(/[1-9][0-9]*)?$'),
    constraint rounding_deficit_pkey primary key (recipient_id, item_id),
    constraint rounding_deficit_recipient_exists foreign key (recipient_id) references recipient(id),
    constraint rounding_deficit_item_exists foreign key (item_id) references item(id)
  );
  grant select, insert, update on rounding_deficit to ppe_app;
`;

export class NeedsAndEarmarks1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [NEEDS, EARMARKS, PLANS, MEMORY]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
  }

  async down(): Promise<void> {
    throw new Error('This migration is not undone: it would drop what people asked for. Restore a backup instead.');
  }
}
