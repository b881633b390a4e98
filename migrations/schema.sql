-- sequences

create sequence migrations_id_seq as integer start 1 increment 1 minvalue 1 maxvalue 2147483647 cache 1;

-- tables

create table access_token (
  id uuid not null,
  hash text not null,
  role text not null,
  name text not null,
  subject_id uuid,
  created_at timestamp(3) with time zone not null,
  revoked_at timestamp(3) with time zone,
  constraint access_token_pkey PRIMARY KEY (id),
  constraint access_token_role_is_known CHECK ((role = ANY (ARRAY['ADMIN'::text, 'COORDINATOR'::text, 'AUDITOR'::text, 'DONOR'::text, 'RECIPIENT'::text]))),
  constraint access_token_subject_is_for_donors_and_recipients CHECK (((subject_id IS NULL) OR (role = ANY (ARRAY['DONOR'::text, 'RECIPIENT'::text]))))
);

create table award (
  plan_id uuid not null,
  recipient_id uuid not null,
  item_id uuid not null,
  "position" integer not null,
  units integer not null,
  why jsonb not null,
  cancelled_at timestamp(3) with time zone,
  returned_units integer default 0 not null,
  constraint award_pkey PRIMARY KEY (plan_id, recipient_id, item_id),
  constraint award_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint award_plan_exists FOREIGN KEY (plan_id) REFERENCES plan(id),
  constraint award_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id),
  constraint award_returned_units_are_at_most_units CHECK (((returned_units >= 0) AND (returned_units <= units))),
  constraint award_units_not_negative CHECK ((units >= 0))
);

create table award_lot (
  plan_id uuid not null,
  recipient_id uuid not null,
  item_id uuid not null,
  lot_id uuid not null,
  site_id uuid not null,
  units integer not null,
  constraint award_lot_pkey PRIMARY KEY (plan_id, recipient_id, item_id, lot_id, site_id),
  constraint award_lot_award_exists FOREIGN KEY (plan_id, recipient_id, item_id) REFERENCES award(plan_id, recipient_id, item_id),
  constraint award_lot_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint award_lot_site_exists FOREIGN KEY (site_id) REFERENCES site(id),
  constraint award_lot_units_are_positive CHECK ((units > 0))
);

create table delivery (
  id uuid not null,
  plan_id uuid not null,
  recipient_id uuid not null,
  status text not null,
  carrier text,
  tracking_number text,
  prepared_at timestamp(3) with time zone not null,
  dispatched_at timestamp(3) with time zone,
  delivered_at timestamp(3) with time zone,
  confirmed_at timestamp(3) with time zone,
  link_hash text,
  link_expires_at timestamp(3) with time zone,
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_plan_exists FOREIGN KEY (plan_id) REFERENCES plan(id),
  constraint delivery_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id),
  constraint delivery_status_is_known CHECK ((status = ANY (ARRAY['PREPARED'::text, 'DISPATCHED'::text, 'DELIVERED'::text, 'CONFIRMED'::text, 'RETURNED'::text, 'LOST'::text, 'CANCELLED'::text])))
);

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
  allocated_at timestamp(3) with time zone not null,
  dispatched_at timestamp(3) with time zone,
  delivered_at timestamp(3) with time zone,
  exposure_tier smallint not null,
  donor_country text,
  constraint distribution_pkey PRIMARY KEY (id),
  constraint distribution_delivery_exists FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint distribution_donor_exists FOREIGN KEY (donor_id) REFERENCES donor(id),
  constraint distribution_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint distribution_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint distribution_plan_exists FOREIGN KEY (plan_id) REFERENCES plan(id),
  constraint distribution_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id),
  constraint distribution_shipment_exists FOREIGN KEY (shipment_id) REFERENCES shipment(id),
  constraint distribution_site_exists FOREIGN KEY (site_id) REFERENCES site(id),
  constraint distribution_confirmed_units_are_at_most_units CHECK (((confirmed_units >= 0) AND (confirmed_units <= units))),
  constraint distribution_exposure_tier_is_known CHECK (((exposure_tier >= 1) AND (exposure_tier <= 3))),
  constraint distribution_status_is_known CHECK ((status = ANY (ARRAY['PREPARED'::text, 'DISPATCHED'::text, 'DELIVERED'::text, 'CONFIRMED'::text, 'RETURNED'::text, 'LOST'::text, 'CANCELLED'::text]))),
  constraint distribution_units_are_positive CHECK ((units > 0))
);

create table distribution_country_total (
  month date not null,
  item_id uuid not null,
  status text not null,
  country text not null,
  exposure_tier smallint not null,
  slot integer not null,
  units bigint not null,
  confirmed_units bigint not null,
  distributions bigint not null,
  constraint distribution_country_total_pkey PRIMARY KEY (month, item_id, status, country, exposure_tier, slot),
  constraint distribution_country_total_month_is_its_first_day CHECK ((date_trunc('month'::text, (month)::timestamp without time zone) = month)),
  constraint distribution_country_total_slot_is_not_negative CHECK ((slot >= 0))
);

create table distribution_donor_total (
  donor_id uuid not null,
  item_id uuid not null,
  status text not null,
  slot integer not null,
  units bigint not null,
  confirmed_units bigint not null,
  distributions bigint not null,
  constraint distribution_donor_total_pkey PRIMARY KEY (donor_id, item_id, status, slot),
  constraint distribution_donor_total_slot_is_not_negative CHECK ((slot >= 0))
);

create table distribution_month_total (
  month date not null,
  item_id uuid not null,
  status text not null,
  slot integer not null,
  units bigint not null,
  confirmed_units bigint not null,
  distributions bigint not null,
  constraint distribution_month_total_pkey PRIMARY KEY (month, item_id, status, slot),
  constraint distribution_month_total_month_is_its_first_day CHECK ((date_trunc('month'::text, (month)::timestamp without time zone) = month)),
  constraint distribution_month_total_slot_is_not_negative CHECK ((slot >= 0))
);

create table donor (
  id uuid not null,
  name text not null,
  kind text not null,
  country text,
  email text,
  phone text,
  anonymous boolean default false not null,
  created_at timestamp(3) with time zone not null,
  constraint donor_pkey PRIMARY KEY (id),
  constraint donor_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint donor_kind_is_known CHECK ((kind = ANY (ARRAY['PERSON'::text, 'COMPANY'::text, 'ORGANISATION'::text, 'GOVERNMENT'::text])))
);

create table group_member (
  group_id uuid not null,
  recipient_id uuid not null,
  joined_at timestamp(3) with time zone not null,
  constraint group_member_pkey PRIMARY KEY (group_id, recipient_id),
  constraint group_member_group_exists FOREIGN KEY (group_id) REFERENCES recipient_group(id),
  constraint group_member_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id)
);

create table gtin (
  id uuid not null,
  gtin text not null,
  item_id uuid not null,
  units_per_pack integer not null,
  learned_at timestamp(3) with time zone not null,
  constraint gtin_pkey PRIMARY KEY (id),
  constraint gtin_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint gtin_has_14_digits CHECK ((gtin ~ '^[0-9]{14}$'::text)),
  constraint gtin_units_per_pack_are_positive CHECK (((units_per_pack >= 1) AND (units_per_pack <= 100000000)))
);

create table idempotency (
  scope text not null,
  key text not null,
  at timestamp(3) with time zone not null,
  action text not null,
  body_hash text not null,
  reference jsonb,
  constraint idempotency_pkey PRIMARY KEY (scope, key)
);

create table imported_row (
  kind text not null,
  key uuid not null,
  content uuid not null,
  record_id uuid not null,
  import_id uuid not null,
  imported_at timestamp(3) with time zone not null,
  constraint imported_row_pkey PRIMARY KEY (kind, key),
  constraint imported_row_kind_is_known CHECK ((kind = ANY (ARRAY['DONATION'::text, 'RECIPIENT'::text, 'NEED'::text])))
);

create table item (
  id uuid not null,
  code text not null,
  name text not null,
  category text not null,
  standard text,
  size text,
  constraint item_pkey PRIMARY KEY (id),
  constraint item_category_is_known CHECK ((category = ANY (ARRAY['MASK'::text, 'PROTECTIVE_SUIT'::text, 'GOGGLES'::text, 'FACE_SHIELD'::text, 'GLOVES'::text, 'OTHER'::text]))),
  constraint item_code_is_upper_case CHECK ((code ~ '^[A-Z0-9_]+$'::text)),
  constraint item_size_is_known CHECK ((size = ANY (ARRAY['ONE_SIZE'::text, 'XS'::text, 'S'::text, 'M'::text, 'L'::text, 'XL'::text, 'XXL'::text, 'XXXL'::text, 'MIXED'::text])))
);

create table item_substitute (
  item_id uuid not null,
  substitute_id uuid not null,
  rank integer not null,
  constraint item_substitute_pkey PRIMARY KEY (item_id, substitute_id),
  constraint item_substitute_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint item_substitute_substitute_exists FOREIGN KEY (substitute_id) REFERENCES item(id),
  constraint item_substitute_is_another_item CHECK ((item_id <> substitute_id)),
  constraint item_substitute_rank_counts_from_one CHECK ((rank >= 1))
);

create table journal (
  id uuid not null,
  at timestamp(3) with time zone not null,
  actor_id uuid,
  actor_role text not null,
  action text not null,
  request_id text not null,
  reason text,
  reference jsonb not null,
  constraint journal_pkey PRIMARY KEY (id)
);

create table lot (
  id uuid not null,
  item_id uuid not null,
  donor_id uuid not null,
  shipment_id uuid not null,
  shipment_line_id uuid not null,
  lot_number text,
  expires_on date,
  units_per_pack integer,
  condition text default 'GOOD'::text not null,
  received_at timestamp(3) with time zone not null,
  earmark jsonb,
  constraint lot_pkey PRIMARY KEY (id),
  constraint lot_donor_exists FOREIGN KEY (donor_id) REFERENCES donor(id),
  constraint lot_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint lot_shipment_exists FOREIGN KEY (shipment_id) REFERENCES shipment(id),
  constraint lot_shipment_line_exists FOREIGN KEY (shipment_line_id) REFERENCES shipment_line(id),
  constraint lot_condition_is_known CHECK ((condition = ANY (ARRAY['GOOD'::text, 'QUARANTINED'::text, 'RECALLED'::text]))),
  constraint lot_earmark_is_sound CHECK (((earmark IS NULL) OR (COALESCE(((earmark ->> 'strength'::text) = ANY (ARRAY['ONLY'::text, 'FIRST'::text])), false) AND COALESCE(((jsonb_typeof((earmark -> 'groups'::text)) = 'array'::text) AND ((earmark -> 'groups'::text) <> '[]'::jsonb)), (NOT (earmark ? 'groups'::text))) AND COALESCE(((jsonb_typeof((earmark -> 'countries'::text)) = 'array'::text) AND ((earmark -> 'countries'::text) <> '[]'::jsonb)), (NOT (earmark ? 'countries'::text))) AND COALESCE(((jsonb_typeof((earmark -> 'tiers'::text)) = 'array'::text) AND ((earmark -> 'tiers'::text) <> '[]'::jsonb)), (NOT (earmark ? 'tiers'::text))) AND ((earmark ? 'groups'::text) OR (earmark ? 'countries'::text) OR (earmark ? 'tiers'::text))))),
  constraint lot_units_per_pack_is_positive CHECK ((units_per_pack > 0))
);

create table lot_balance (
  lot_id uuid not null,
  site_id uuid not null,
  place text not null,
  units integer not null,
  constraint lot_balance_pkey PRIMARY KEY (lot_id, site_id, place),
  constraint lot_balance_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint lot_balance_site_exists FOREIGN KEY (site_id) REFERENCES site(id),
  constraint lot_balance_place_is_known CHECK ((place = ANY (ARRAY['SOURCE'::text, 'AVAILABLE'::text, 'ALLOCATED'::text, 'QUARANTINED'::text, 'IN_TRANSIT'::text, 'DELIVERED'::text, 'RETURNED_TO_DONOR'::text, 'LOST'::text, 'DISCARDED'::text]))),
  constraint lot_balance_units_not_negative CHECK (((units >= 0) OR (place = 'SOURCE'::text)))
);

create table lot_change (
  id uuid not null,
  lot_id uuid not null,
  field text not null,
  before text,
  after text,
  reason text not null,
  actor_id uuid,
  at timestamp(3) with time zone not null,
  reason_code text,
  constraint lot_change_pkey PRIMARY KEY (id),
  constraint lot_change_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint lot_change_changes CHECK ((before IS DISTINCT FROM after)),
  constraint lot_change_field_is_known CHECK ((field = ANY (ARRAY['ITEM'::text, 'DONOR'::text, 'LOT_NUMBER'::text, 'EXPIRES_ON'::text, 'UNITS_PER_PACK'::text, 'EARMARK'::text, 'CONDITION'::text]))),
  constraint lot_change_reason_code_is_known CHECK ((reason_code = ANY (ARRAY['MISSING'::text, 'DAMAGED'::text, 'EXPIRED'::text, 'WRONG_ITEM'::text, 'PACK_SIZE'::text, 'COUNTERFEIT_SUSPECTED'::text, 'RECOUNTED'::text, 'DATA_ENTRY_ERROR'::text, 'FOUND'::text, 'STOLEN'::text, 'OTHER'::text])))
);

create table migrations (
  id integer default nextval('migrations_id_seq'::regclass) not null,
  "timestamp" bigint not null,
  name character varying not null,
  constraint "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id)
);

create table need (
  id uuid not null,
  recipient_id uuid not null,
  item_id uuid,
  category text,
  units integer not null,
  met_units integer default 0 not null,
  met_at timestamp(3) with time zone,
  units_per_day integer,
  on_hand_units integer,
  horizon_days integer,
  needed_by date not null,
  valid_until date not null,
  supply_state text,
  stated_at timestamp(3) with time zone not null,
  withdrawn_at timestamp(3) with time zone,
  closure_reason text,
  accepts_substitutes boolean default false not null,
  constraint need_pkey PRIMARY KEY (id),
  constraint need_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint need_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id),
  constraint need_category_is_known CHECK ((category = ANY (ARRAY['MASK'::text, 'PROTECTIVE_SUIT'::text, 'GOGGLES'::text, 'FACE_SHIELD'::text, 'GLOVES'::text, 'OTHER'::text]))),
  constraint need_closure_reason_is_known CHECK ((closure_reason = ANY (ARRAY['NO_SUPPLY'::text, 'NO_CONTACT_RECIPIENT'::text, 'NO_CONTACT_DONOR'::text, 'NO_NEED'::text, 'PREFERS_DIFFERENT_ITEM'::text, 'DONOR_WITHDREW'::text, 'DUPLICATE'::text, 'TEST'::text, 'OTHER'::text]))),
  constraint need_from_use_has_all_figures CHECK ((num_nonnulls(units_per_day, on_hand_units, horizon_days) = ANY (ARRAY[0, 3]))),
  constraint need_is_met_up_to_its_units CHECK (((met_units >= 0) AND (met_units <= units))),
  constraint need_is_of_an_item_or_of_a_category CHECK (((item_id IS NULL) <> (category IS NULL))),
  constraint need_is_valid_until_it_is_needed CHECK ((valid_until >= needed_by)),
  constraint need_is_withdrawn_for_a_reason CHECK (((withdrawn_at IS NULL) = (closure_reason IS NULL))),
  constraint need_of_a_category_has_no_substitutes CHECK (((category IS NULL) OR (NOT accepts_substitutes))),
  constraint need_supply_state_is_known CHECK ((supply_state = ANY (ARRAY['CONVENTIONAL'::text, 'CONTINGENCY'::text, 'CRISIS'::text]))),
  constraint need_that_is_met_has_an_instant CHECK (((met_at IS NOT NULL) = (met_units = units))),
  constraint need_units_are_positive CHECK (((units >= 1) AND (units <= 100000000))),
  constraint need_use_is_not_negative CHECK (((units_per_day > 0) AND (on_hand_units >= 0) AND (horizon_days > 0)))
);

create table need_award (
  need_id uuid not null,
  plan_id uuid not null,
  item_id uuid not null,
  units integer not null,
  constraint need_award_pkey PRIMARY KEY (need_id, plan_id, item_id),
  constraint need_award_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint need_award_need_exists FOREIGN KEY (need_id) REFERENCES need(id),
  constraint need_award_plan_exists FOREIGN KEY (plan_id) REFERENCES plan(id),
  constraint need_award_units_not_negative CHECK ((units >= 0))
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
  created_at timestamp(3) with time zone not null,
  committed_at timestamp(3) with time zone,
  stale_because text[],
  claims text default 'EQUAL'::text not null,
  policy_id uuid,
  policy_version integer,
  breakdown jsonb,
  notes jsonb,
  substitutes jsonb,
  constraint plan_pkey PRIMARY KEY (id),
  constraint plan_policy_version_exists FOREIGN KEY (policy_id, policy_version) REFERENCES policy_version(policy_id, version),
  constraint plan_claims_are_known CHECK ((claims = ANY (ARRAY['EQUAL'::text, 'NEED'::text, 'HEADCOUNT'::text, 'BURN_RATE'::text]))),
  constraint plan_committed_has_an_instant CHECK (((status <> 'COMMITTED'::text) OR (committed_at IS NOT NULL))),
  constraint plan_policy_has_a_version CHECK (((policy_id IS NULL) = (policy_version IS NULL))),
  constraint plan_status_is_known CHECK ((status = ANY (ARRAY['PREVIEW'::text, 'COMMITTED'::text, 'STALE'::text, 'DISCARDED'::text, 'CANCELLED'::text]))),
  constraint plan_substitutes_are_a_list CHECK ((jsonb_typeof(substitutes) = 'array'::text))
);

create table policy (
  id uuid not null,
  name text not null,
  name_key text not null,
  description text,
  built_in boolean default false not null,
  created_at timestamp(3) with time zone not null,
  retired_at timestamp(3) with time zone,
  constraint policy_pkey PRIMARY KEY (id),
  constraint policy_built_in_is_never_retired CHECK (((NOT built_in) OR (retired_at IS NULL))),
  constraint policy_has_a_name CHECK ((btrim(name) <> ''::text))
);

create table policy_version (
  policy_id uuid not null,
  version integer not null,
  terms jsonb not null,
  adopted_at timestamp(3) with time zone not null,
  adopted_by uuid,
  note text,
  constraint policy_version_pkey PRIMARY KEY (policy_id, version),
  constraint policy_version_policy_exists FOREIGN KEY (policy_id) REFERENCES policy(id),
  constraint policy_version_counts_from_one CHECK ((version >= 1))
);

create table recall (
  id uuid not null,
  reason text not null,
  reference text,
  instructions text,
  started_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  end_reason text,
  constraint recall_pkey PRIMARY KEY (id),
  constraint recall_ends_after_it_began CHECK ((ended_at >= started_at)),
  constraint recall_ends_for_a_reason CHECK (((ended_at IS NULL) = (end_reason IS NULL)))
);

create table recall_line (
  recall_id uuid not null,
  distribution_id uuid not null,
  constraint recall_line_pkey PRIMARY KEY (recall_id, distribution_id),
  constraint recall_line_distribution_exists FOREIGN KEY (distribution_id) REFERENCES distribution(id),
  constraint recall_line_recall_exists FOREIGN KEY (recall_id) REFERENCES recall(id)
);

create table recall_lot (
  recall_id uuid not null,
  lot_id uuid not null,
  stopped_units bigint not null,
  stopped_at timestamp(3) with time zone not null,
  constraint recall_lot_pkey PRIMARY KEY (recall_id, lot_id),
  constraint recall_lot_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint recall_lot_recall_exists FOREIGN KEY (recall_id) REFERENCES recall(id),
  constraint recall_lot_units_not_negative CHECK ((stopped_units >= 0))
);

create table recall_notice (
  id uuid not null,
  recall_id uuid not null,
  delivery_id uuid not null,
  recipient_id uuid not null,
  lot_id uuid not null,
  units bigint not null,
  written_at timestamp(3) with time zone not null,
  acknowledged_at timestamp(3) with time zone,
  held_units bigint,
  note text,
  constraint recall_notice_pkey PRIMARY KEY (id),
  constraint recall_notice_delivery_exists FOREIGN KEY (delivery_id) REFERENCES delivery(id),
  constraint recall_notice_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint recall_notice_recall_exists FOREIGN KEY (recall_id) REFERENCES recall(id),
  constraint recall_notice_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id),
  constraint recall_notice_held_units_are_at_most_units CHECK (((held_units >= 0) AND (held_units <= units))),
  constraint recall_notice_is_answered_with_a_count CHECK (((acknowledged_at IS NULL) = (held_units IS NULL))),
  constraint recall_notice_note_is_an_answer CHECK (((note IS NULL) OR (acknowledged_at IS NOT NULL))),
  constraint recall_notice_units_are_positive CHECK ((units > 0))
);

create table recall_number (
  recall_id uuid not null,
  item_id uuid not null,
  lot_number text not null,
  constraint recall_number_pkey PRIMARY KEY (recall_id, item_id, lot_number),
  constraint recall_number_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint recall_number_recall_exists FOREIGN KEY (recall_id) REFERENCES recall(id)
);

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
  created_at timestamp(3) with time zone not null,
  facility_key text,
  constraint recipient_pkey PRIMARY KEY (id),
  constraint recipient_exposure_tier_is_1_to_3 CHECK (((exposure_tier >= 1) AND (exposure_tier <= 3))),
  constraint recipient_facility_key_is_the_facility_in_lower_case CHECK ((NOT (facility_key IS DISTINCT FROM lower(facility)))),
  constraint recipient_has_a_name CHECK ((btrim(name) <> ''::text)),
  constraint recipient_headcount_is_positive CHECK ((headcount > 0)),
  constraint recipient_status_is_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'PAUSED'::text, 'DEACTIVATED'::text])))
);

create table recipient_group (
  id uuid not null,
  name text not null,
  name_key text not null,
  description text,
  created_at timestamp(3) with time zone not null,
  constraint recipient_group_pkey PRIMARY KEY (id),
  constraint recipient_group_has_a_name CHECK ((btrim(name) <> ''::text))
);

create table rounding_deficit (
  recipient_id uuid not null,
  item_id uuid not null,
  deficit text not null,
  constraint rounding_deficit_pkey PRIMARY KEY (recipient_id, item_id),
  constraint rounding_deficit_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint rounding_deficit_recipient_exists FOREIGN KEY (recipient_id) REFERENCES recipient(id),
  constraint rounding_deficit_is_a_fraction CHECK ((deficit ~ '^-?[0-9]+(/[1-9][0-9]*)?$'::text))
);

create table shipment (
  id uuid not null,
  reference text not null,
  donor_id uuid not null,
  status text not null,
  carrier text,
  tracking_number text,
  expected_on date,
  received_at timestamp(3) with time zone,
  discrepancy_reason text,
  created_at timestamp(3) with time zone not null,
  constraint shipment_pkey PRIMARY KEY (id),
  constraint shipment_donor_exists FOREIGN KEY (donor_id) REFERENCES donor(id),
  constraint shipment_status_is_known CHECK ((status = ANY (ARRAY['ANNOUNCED'::text, 'IN_TRANSIT'::text, 'PARTIALLY_RECEIVED'::text, 'RECEIVED'::text, 'CANCELLED'::text, 'LOST'::text])))
);

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
  at timestamp(3) with time zone not null,
  constraint shipment_change_pkey PRIMARY KEY (id),
  constraint shipment_change_line_exists FOREIGN KEY (line_id) REFERENCES shipment_line(id),
  constraint shipment_change_shipment_exists FOREIGN KEY (shipment_id) REFERENCES shipment(id),
  constraint shipment_change_changes CHECK ((before IS DISTINCT FROM after)),
  constraint shipment_change_field_is_known CHECK ((field = ANY (ARRAY['DONOR'::text, 'REFERENCE'::text, 'CARRIER'::text, 'TRACKING_NUMBER'::text, 'EXPECTED_ON'::text, 'ITEM'::text, 'ANNOUNCED_UNITS'::text, 'UNITS_PER_PACK'::text, 'EARMARK'::text]))),
  constraint shipment_change_reason_code_is_known CHECK ((reason_code = ANY (ARRAY['DATA_ENTRY_ERROR'::text, 'WRONG_ITEM'::text, 'PACK_SIZE'::text, 'OTHER'::text])))
);

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
  at timestamp(3) with time zone not null,
  constraint shipment_count_pkey PRIMARY KEY (id),
  constraint shipment_count_line_exists FOREIGN KEY (line_id) REFERENCES shipment_line(id),
  constraint shipment_count_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint shipment_count_is_of_some_units CHECK (((accepted_units >= 0) AND (rejected_units >= 0) AND ((accepted_units + rejected_units) > 0))),
  constraint shipment_count_of_accepted_units_has_a_lot CHECK (((lot_id IS NOT NULL) = (accepted_units > 0)))
);

create table shipment_event (
  id uuid not null,
  shipment_id uuid not null,
  kind text not null,
  happened_at timestamp(3) with time zone not null,
  place text,
  note text,
  reason text,
  actor_id uuid,
  at timestamp(3) with time zone not null,
  constraint shipment_event_pkey PRIMARY KEY (id),
  constraint shipment_event_shipment_exists FOREIGN KEY (shipment_id) REFERENCES shipment(id),
  constraint shipment_event_kind_is_known CHECK ((kind = ANY (ARRAY['HANDED_TO_CARRIER'::text, 'IN_TRANSIT'::text, 'CUSTOMS_ENTRY'::text, 'CUSTOMS_HOLD'::text, 'CUSTOMS_RELEASE'::text, 'ARRIVED'::text, 'CLOSED'::text, 'CANCELLED'::text, 'LOST'::text, 'REOPENED'::text])))
);

create table shipment_line (
  id uuid not null,
  shipment_id uuid not null,
  "position" integer not null,
  item_id uuid not null,
  announced_units integer not null,
  accepted_units integer default 0 not null,
  rejected_units integer default 0 not null,
  reject_reason text,
  units_per_pack integer,
  lot_number text,
  expires_on date,
  earmark jsonb,
  discrepancy_reason text,
  constraint shipment_line_pkey PRIMARY KEY (id),
  constraint shipment_line_item_exists FOREIGN KEY (item_id) REFERENCES item(id),
  constraint shipment_line_shipment_exists FOREIGN KEY (shipment_id) REFERENCES shipment(id),
  constraint shipment_line_accepted_units_not_negative CHECK ((accepted_units >= 0)),
  constraint shipment_line_announced_units_not_negative CHECK ((announced_units >= 0)),
  constraint shipment_line_discrepancy_reason_is_known CHECK ((discrepancy_reason = ANY (ARRAY['MISSING'::text, 'DAMAGED'::text, 'EXPIRED'::text, 'WRONG_ITEM'::text, 'PACK_SIZE'::text, 'COUNTERFEIT_SUSPECTED'::text, 'RECOUNTED'::text, 'DATA_ENTRY_ERROR'::text, 'FOUND'::text, 'STOLEN'::text, 'OTHER'::text]))),
  constraint shipment_line_earmark_is_sound CHECK (((earmark IS NULL) OR (COALESCE(((earmark ->> 'strength'::text) = ANY (ARRAY['ONLY'::text, 'FIRST'::text])), false) AND COALESCE(((jsonb_typeof((earmark -> 'groups'::text)) = 'array'::text) AND ((earmark -> 'groups'::text) <> '[]'::jsonb)), (NOT (earmark ? 'groups'::text))) AND COALESCE(((jsonb_typeof((earmark -> 'countries'::text)) = 'array'::text) AND ((earmark -> 'countries'::text) <> '[]'::jsonb)), (NOT (earmark ? 'countries'::text))) AND COALESCE(((jsonb_typeof((earmark -> 'tiers'::text)) = 'array'::text) AND ((earmark -> 'tiers'::text) <> '[]'::jsonb)), (NOT (earmark ? 'tiers'::text))) AND ((earmark ? 'groups'::text) OR (earmark ? 'countries'::text) OR (earmark ? 'tiers'::text))))),
  constraint shipment_line_rejected_units_not_negative CHECK ((rejected_units >= 0)),
  constraint shipment_line_units_per_pack_is_positive CHECK ((units_per_pack > 0))
);

create table site (
  id uuid not null,
  name text not null,
  is_default boolean default false not null,
  name_key text not null,
  address text,
  country text,
  note text,
  opened_at timestamp(3) with time zone not null,
  closed_at timestamp(3) with time zone,
  closed_because text,
  constraint site_pkey PRIMARY KEY (id),
  constraint site_closed_says_why CHECK (((closed_at IS NULL) = (closed_because IS NULL))),
  constraint site_default_is_open CHECK (((NOT is_default) OR (closed_at IS NULL))),
  constraint site_has_a_name CHECK ((btrim(name) <> ''::text))
);

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
  at timestamp(3) with time zone not null,
  from_units_after integer not null,
  to_units_after integer not null,
  reason_code text,
  constraint stock_entry_pkey PRIMARY KEY (id),
  constraint stock_entry_from_site_exists FOREIGN KEY (from_site_id) REFERENCES site(id),
  constraint stock_entry_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint stock_entry_to_site_exists FOREIGN KEY (to_site_id) REFERENCES site(id),
  constraint stock_entry_cause_is_known CHECK ((cause = ANY (ARRAY['SHIPMENT_RECEIVED'::text, 'ALLOCATION_COMMITTED'::text, 'ALLOCATION_CANCELLED'::text, 'DELIVERY_DISPATCHED'::text, 'DELIVERY_DELIVERED'::text, 'DELIVERY_CONFIRMED'::text, 'DELIVERY_RETURNED'::text, 'DELIVERY_LOST'::text, 'DELIVERY_LINES_TAKEN_OUT'::text, 'TRANSFER_DISPATCHED'::text, 'TRANSFER_RECEIVED'::text, 'TRANSFER_CANCELLED'::text, 'TRANSFER_LOST'::text, 'LOT_QUARANTINED'::text, 'LOT_RELEASED'::text, 'LOT_RECALLED'::text, 'INTAKE_CORRECTED'::text, 'STOCK_RECOUNTED'::text, 'STOCK_DISCARDED'::text, 'RETURNED_TO_DONOR'::text]))),
  constraint stock_entry_from_place_is_known CHECK ((from_place = ANY (ARRAY['SOURCE'::text, 'AVAILABLE'::text, 'ALLOCATED'::text, 'QUARANTINED'::text, 'IN_TRANSIT'::text, 'DELIVERED'::text, 'RETURNED_TO_DONOR'::text, 'LOST'::text, 'DISCARDED'::text]))),
  constraint stock_entry_moves CHECK (((from_site_id <> to_site_id) OR (from_place <> to_place))),
  constraint stock_entry_reason_code_is_known CHECK ((reason_code = ANY (ARRAY['MISSING'::text, 'DAMAGED'::text, 'EXPIRED'::text, 'WRONG_ITEM'::text, 'PACK_SIZE'::text, 'COUNTERFEIT_SUSPECTED'::text, 'RECOUNTED'::text, 'DATA_ENTRY_ERROR'::text, 'FOUND'::text, 'STOLEN'::text, 'OTHER'::text]))),
  constraint stock_entry_to_place_is_known CHECK ((to_place = ANY (ARRAY['SOURCE'::text, 'AVAILABLE'::text, 'ALLOCATED'::text, 'QUARANTINED'::text, 'IN_TRANSIT'::text, 'DELIVERED'::text, 'RETURNED_TO_DONOR'::text, 'LOST'::text, 'DISCARDED'::text]))),
  constraint stock_entry_units_are_positive CHECK ((units > 0))
);

create table transfer (
  id uuid not null,
  from_site_id uuid not null,
  to_site_id uuid not null,
  status text not null,
  carrier text,
  tracking_number text,
  note text,
  dispatched_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  reason text,
  constraint transfer_pkey PRIMARY KEY (id),
  constraint transfer_from_site_exists FOREIGN KEY (from_site_id) REFERENCES site(id),
  constraint transfer_to_site_exists FOREIGN KEY (to_site_id) REFERENCES site(id),
  constraint transfer_changes_site CHECK ((from_site_id <> to_site_id)),
  constraint transfer_ended_has_an_instant CHECK (((status = 'DISPATCHED'::text) = (ended_at IS NULL))),
  constraint transfer_status_is_known CHECK ((status = ANY (ARRAY['DISPATCHED'::text, 'RECEIVED'::text, 'CANCELLED'::text, 'LOST'::text])))
);

create table transfer_line (
  transfer_id uuid not null,
  lot_id uuid not null,
  units integer not null,
  received_units integer,
  shortage_reason text,
  constraint transfer_line_pkey PRIMARY KEY (transfer_id, lot_id),
  constraint transfer_line_lot_exists FOREIGN KEY (lot_id) REFERENCES lot(id),
  constraint transfer_line_transfer_exists FOREIGN KEY (transfer_id) REFERENCES transfer(id),
  constraint transfer_line_received_units_are_at_most_units CHECK (((received_units >= 0) AND (received_units <= units))),
  constraint transfer_line_shortage_says_why CHECK (((COALESCE(received_units, units) < units) = (shortage_reason IS NOT NULL))),
  constraint transfer_line_units_are_positive CHECK ((units > 0))
);

-- indexes

CREATE UNIQUE INDEX access_token_hash_is_unique ON public.access_token USING btree (hash);
CREATE INDEX award_of_recipient ON public.award USING btree (recipient_id, plan_id);
CREATE UNIQUE INDEX award_position ON public.award USING btree (plan_id, "position");
CREATE UNIQUE INDEX delivery_link_is_unique ON public.delivery USING btree (link_hash) WHERE (link_hash IS NOT NULL);
CREATE UNIQUE INDEX delivery_of_plan ON public.delivery USING btree (plan_id, recipient_id);
CREATE INDEX delivery_of_recipient ON public.delivery USING btree (recipient_id, id);
CREATE INDEX delivery_status ON public.delivery USING btree (status, id);
CREATE INDEX distribution_allocated_at ON public.distribution USING btree (allocated_at, id);
CREATE INDEX distribution_of_country ON public.distribution USING btree (country, allocated_at, id);
CREATE INDEX distribution_of_delivery ON public.distribution USING btree (delivery_id, id);
CREATE INDEX distribution_of_donor ON public.distribution USING btree (donor_id, allocated_at, id);
CREATE INDEX distribution_of_donor_country ON public.distribution USING btree (donor_country, allocated_at, id);
CREATE INDEX distribution_of_item ON public.distribution USING btree (item_id, allocated_at, id);
CREATE INDEX distribution_of_lot ON public.distribution USING btree (lot_id, allocated_at, id);
CREATE INDEX distribution_of_plan ON public.distribution USING btree (plan_id, allocated_at, id);
CREATE INDEX distribution_of_recipient ON public.distribution USING btree (recipient_id, allocated_at, id);
CREATE INDEX distribution_of_shipment ON public.distribution USING btree (shipment_id, allocated_at, id);
CREATE INDEX distribution_of_site ON public.distribution USING btree (site_id, allocated_at, id);
CREATE INDEX distribution_of_tier ON public.distribution USING btree (exposure_tier, allocated_at, id);
CREATE INDEX distribution_status ON public.distribution USING btree (status, allocated_at, id);
CREATE INDEX distribution_units ON public.distribution USING btree (units, id);
CREATE INDEX donor_name_as_compared ON public.donor USING btree (lower(regexp_replace(btrim(name), '\s+'::text, ' '::text, 'g'::text)));
CREATE INDEX group_member_of_recipient ON public.group_member USING btree (recipient_id, group_id);
CREATE UNIQUE INDEX gtin_is_unique ON public.gtin USING btree (gtin);
CREATE INDEX gtin_of_item ON public.gtin USING btree (item_id, id);
CREATE INDEX idempotency_at ON public.idempotency USING btree (at);
CREATE UNIQUE INDEX item_code_is_unique ON public.item USING btree (code);
CREATE UNIQUE INDEX item_substitute_rank_is_unique ON public.item_substitute USING btree (item_id, rank);
CREATE INDEX journal_actor ON public.journal USING btree (actor_id, at, id);
CREATE INDEX journal_at ON public.journal USING btree (at, id);
CREATE INDEX lot_change_of_former_item ON public.lot_change USING btree (before) WHERE (field = 'ITEM'::text);
CREATE INDEX lot_change_of_lot ON public.lot_change USING btree (lot_id, id);
CREATE INDEX lot_expiry ON public.lot USING btree (expires_on, id) WHERE (expires_on IS NOT NULL);
CREATE INDEX lot_number ON public.lot USING btree (lot_number) WHERE (lot_number IS NOT NULL);
CREATE INDEX lot_of_donor ON public.lot USING btree (donor_id, id);
CREATE INDEX lot_of_item ON public.lot USING btree (item_id, id);
CREATE INDEX lot_of_shipment_line ON public.lot USING btree (shipment_line_id, id);
CREATE INDEX need_award_of_plan ON public.need_award USING btree (plan_id, item_id);
CREATE INDEX need_of_category ON public.need USING btree (category, id) WHERE (category IS NOT NULL);
CREATE INDEX need_of_item ON public.need USING btree (item_id, id) WHERE (item_id IS NOT NULL);
CREATE INDEX need_of_recipient ON public.need USING btree (recipient_id, id);
CREATE INDEX need_that_is_valid ON public.need USING btree (recipient_id, valid_until) WHERE (withdrawn_at IS NULL);
CREATE INDEX plan_committed_at ON public.plan USING btree (committed_at) WHERE (committed_at IS NOT NULL);
CREATE INDEX plan_of_policy ON public.plan USING btree (policy_id, id);
CREATE INDEX plan_status ON public.plan USING btree (status, id);
CREATE UNIQUE INDEX policy_name_is_unique ON public.policy USING btree (name_key) WHERE (retired_at IS NULL);
CREATE INDEX recall_lot_of_lot ON public.recall_lot USING btree (lot_id, recall_id);
CREATE UNIQUE INDEX recall_notice_is_written_once ON public.recall_notice USING btree (delivery_id, lot_id, recall_id);
CREATE INDEX recall_notice_of_recall ON public.recall_notice USING btree (recall_id, id);
CREATE INDEX recall_notice_of_recipient ON public.recall_notice USING btree (recipient_id, id);
CREATE INDEX recall_number_is_watched ON public.recall_number USING btree (item_id, lot_number);
CREATE UNIQUE INDEX recipient_email_is_unique ON public.recipient USING btree (email) WHERE ((email IS NOT NULL) AND (status <> 'DEACTIVATED'::text));
CREATE UNIQUE INDEX recipient_group_name_is_unique ON public.recipient_group USING btree (name_key);
CREATE INDEX recipient_status ON public.recipient USING btree (status, id);
CREATE INDEX shipment_change_of_shipment ON public.shipment_change USING btree (shipment_id, id);
CREATE INDEX shipment_count_of_line ON public.shipment_count USING btree (line_id, id);
CREATE INDEX shipment_event_of_shipment ON public.shipment_event USING btree (shipment_id, happened_at, id);
CREATE UNIQUE INDEX shipment_line_of_shipment ON public.shipment_line USING btree (shipment_id, "position");
CREATE INDEX shipment_of_donor ON public.shipment USING btree (donor_id, id);
CREATE INDEX shipment_status ON public.shipment USING btree (status, id);
CREATE UNIQUE INDEX site_default_is_one ON public.site USING btree (is_default) WHERE is_default;
CREATE UNIQUE INDEX site_name_is_unique ON public.site USING btree (name_key) WHERE (closed_at IS NULL);
CREATE INDEX stock_entry_at ON public.stock_entry USING btree (at, id);
CREATE INDEX stock_entry_from_outside ON public.stock_entry USING btree (lot_id) WHERE ((from_place = 'SOURCE'::text) OR (to_place = 'SOURCE'::text));
CREATE INDEX stock_entry_of_cause ON public.stock_entry USING btree (cause_id, at, id);
CREATE INDEX stock_entry_of_lot ON public.stock_entry USING btree (lot_id, at, id);
CREATE INDEX stock_entry_of_way ON public.stock_entry USING btree (from_site_id, to_site_id, cause, from_place, to_place, at, id);
CREATE INDEX transfer_from_site ON public.transfer USING btree (from_site_id, id);
CREATE INDEX transfer_line_of_lot ON public.transfer_line USING btree (lot_id, transfer_id);
CREATE INDEX transfer_status ON public.transfer USING btree (status, id);
CREATE INDEX transfer_to_site ON public.transfer USING btree (to_site_id, id);

-- functions

CREATE OR REPLACE FUNCTION public.empty_distribution_totals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  begin
    truncate public.distribution_month_total, public.distribution_country_total, public.distribution_donor_total;
    return null;
  end $function$;

CREATE OR REPLACE FUNCTION public.free_total_slot()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    for slot in 0..15 loop
      if pg_try_advisory_xact_lock(7240119, slot) then return slot; end if;
    end loop;
    return 16 + pg_backend_pid();
  end $function$;

CREATE OR REPLACE FUNCTION public.keep_distribution_totals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  begin
    if tg_op = 'INSERT' then 
    with change as materialized (select month, item_id, status, country, exposure_tier, donor_id, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from (
  select date_trunc('month', allocated_at at time zone 'UTC')::date as month, item_id, status, coalesce(country, '') as country,
    exposure_tier, donor_id, units::bigint as units, coalesce(confirmed_units, 0)::bigint as confirmed_units, 1 as distributions from after_rows) as line group by month, item_id, status, country, exposure_tier, donor_id having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0),
    free as materialized (select public.free_total_slot() as slot where exists (select from change)),
    by_month as (
    insert into public.distribution_month_total as kept (month, item_id, status, slot, units, confirmed_units, distributions)
    select month, item_id, status, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by month, item_id, status, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by month, item_id, status
    on conflict (month, item_id, status, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions),
    by_country as (
    insert into public.distribution_country_total as kept (month, item_id, status, country, exposure_tier, slot, units, confirmed_units, distributions)
    select month, item_id, status, country, exposure_tier, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by month, item_id, status, country, exposure_tier, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by month, item_id, status, country, exposure_tier
    on conflict (month, item_id, status, country, exposure_tier, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions)
    
    insert into public.distribution_donor_total as kept (donor_id, item_id, status, slot, units, confirmed_units, distributions)
    select donor_id, item_id, status, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by donor_id, item_id, status, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by donor_id, item_id, status
    on conflict (donor_id, item_id, status, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions;
    elsif tg_op = 'DELETE' then 
    with change as materialized (select month, item_id, status, country, exposure_tier, donor_id, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from (
  select date_trunc('month', allocated_at at time zone 'UTC')::date as month, item_id, status, coalesce(country, '') as country,
    exposure_tier, donor_id, -units::bigint as units, -coalesce(confirmed_units, 0)::bigint as confirmed_units, -1 as distributions from before_rows) as line group by month, item_id, status, country, exposure_tier, donor_id having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0),
    free as materialized (select public.free_total_slot() as slot where exists (select from change)),
    by_month as (
    insert into public.distribution_month_total as kept (month, item_id, status, slot, units, confirmed_units, distributions)
    select month, item_id, status, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by month, item_id, status, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by month, item_id, status
    on conflict (month, item_id, status, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions),
    by_country as (
    insert into public.distribution_country_total as kept (month, item_id, status, country, exposure_tier, slot, units, confirmed_units, distributions)
    select month, item_id, status, country, exposure_tier, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by month, item_id, status, country, exposure_tier, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by month, item_id, status, country, exposure_tier
    on conflict (month, item_id, status, country, exposure_tier, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions)
    
    insert into public.distribution_donor_total as kept (donor_id, item_id, status, slot, units, confirmed_units, distributions)
    select donor_id, item_id, status, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by donor_id, item_id, status, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by donor_id, item_id, status
    on conflict (donor_id, item_id, status, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions;
    else 
    with change as materialized (select month, item_id, status, country, exposure_tier, donor_id, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from (
  select date_trunc('month', allocated_at at time zone 'UTC')::date as month, item_id, status, coalesce(country, '') as country,
    exposure_tier, donor_id, units::bigint as units, coalesce(confirmed_units, 0)::bigint as confirmed_units, 1 as distributions from after_rows union all 
  select date_trunc('month', allocated_at at time zone 'UTC')::date as month, item_id, status, coalesce(country, '') as country,
    exposure_tier, donor_id, -units::bigint as units, -coalesce(confirmed_units, 0)::bigint as confirmed_units, -1 as distributions from before_rows) as line group by month, item_id, status, country, exposure_tier, donor_id having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0),
    free as materialized (select public.free_total_slot() as slot where exists (select from change)),
    by_month as (
    insert into public.distribution_month_total as kept (month, item_id, status, slot, units, confirmed_units, distributions)
    select month, item_id, status, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by month, item_id, status, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by month, item_id, status
    on conflict (month, item_id, status, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions),
    by_country as (
    insert into public.distribution_country_total as kept (month, item_id, status, country, exposure_tier, slot, units, confirmed_units, distributions)
    select month, item_id, status, country, exposure_tier, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by month, item_id, status, country, exposure_tier, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by month, item_id, status, country, exposure_tier
    on conflict (month, item_id, status, country, exposure_tier, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions)
    
    insert into public.distribution_donor_total as kept (donor_id, item_id, status, slot, units, confirmed_units, distributions)
    select donor_id, item_id, status, slot, sum(units)::bigint as units, sum(confirmed_units)::bigint as confirmed_units, sum(distributions)::bigint as distributions from change, free group by donor_id, item_id, status, slot having sum(units) <> 0 or sum(confirmed_units) <> 0 or sum(distributions) <> 0 order by donor_id, item_id, status
    on conflict (donor_id, item_id, status, slot) do update set units = kept.units + excluded.units, confirmed_units = kept.confirmed_units + excluded.confirmed_units, distributions = kept.distributions + excluded.distributions;
    end if;
    return null;
  end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
  begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
  end $function$;

-- triggers

CREATE TRIGGER distribution_totals_add AFTER INSERT ON public.distribution REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_distribution_totals();
CREATE TRIGGER distribution_totals_are_emptied AFTER TRUNCATE ON public.distribution FOR EACH STATEMENT EXECUTE FUNCTION empty_distribution_totals();
CREATE TRIGGER distribution_totals_follow AFTER UPDATE ON public.distribution REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_distribution_totals();
CREATE TRIGGER distribution_totals_subtract AFTER DELETE ON public.distribution REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_distribution_totals();
CREATE TRIGGER imported_row_is_append_only BEFORE DELETE OR UPDATE ON public.imported_row FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER imported_row_is_never_emptied BEFORE TRUNCATE ON public.imported_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_is_append_only BEFORE DELETE OR UPDATE ON public.journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_is_never_emptied BEFORE TRUNCATE ON public.journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_change_is_append_only BEFORE DELETE OR UPDATE ON public.lot_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_change_is_never_emptied BEFORE TRUNCATE ON public.lot_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_version_is_append_only BEFORE DELETE OR UPDATE ON public.policy_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_version_is_never_emptied BEFORE TRUNCATE ON public.policy_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_line_is_append_only BEFORE DELETE OR UPDATE ON public.recall_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_line_is_never_emptied BEFORE TRUNCATE ON public.recall_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_lot_is_append_only BEFORE DELETE OR UPDATE ON public.recall_lot FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_lot_is_never_emptied BEFORE TRUNCATE ON public.recall_lot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_number_is_append_only BEFORE DELETE OR UPDATE ON public.recall_number FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recall_number_is_never_emptied BEFORE TRUNCATE ON public.recall_number FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipment_change_is_append_only BEFORE DELETE OR UPDATE ON public.shipment_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipment_change_is_never_emptied BEFORE TRUNCATE ON public.shipment_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipment_count_is_append_only BEFORE DELETE OR UPDATE ON public.shipment_count FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipment_count_is_never_emptied BEFORE TRUNCATE ON public.shipment_count FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipment_event_is_append_only BEFORE DELETE OR UPDATE ON public.shipment_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER shipment_event_is_never_emptied BEFORE TRUNCATE ON public.shipment_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_entry_is_append_only BEFORE DELETE OR UPDATE ON public.stock_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_entry_is_never_emptied BEFORE TRUNCATE ON public.stock_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- grants

grant execute on function refuse_change() to public;
grant usage on schema public to public;
grant usage on schema public to ppe_app;
grant insert, select, update on table access_token to ppe_app;
grant insert, select, update on table award to ppe_app;
grant insert, select on table award_lot to ppe_app;
grant insert, select, update on table delivery to ppe_app;
grant insert, select, update on table distribution to ppe_app;
grant select on table distribution_country_total to ppe_app;
grant select on table distribution_donor_total to ppe_app;
grant select on table distribution_month_total to ppe_app;
grant insert, select, update on table donor to ppe_app;
grant delete, insert, select on table group_member to ppe_app;
grant insert, select, update (item_id), update (learned_at), update (units_per_pack) on table gtin to ppe_app;
grant delete, insert, select, update on table idempotency to ppe_app;
grant insert, select on table imported_row to ppe_app;
grant insert, select, update (name), update (size), update (standard) on table item to ppe_app;
grant delete, insert, select on table item_substitute to ppe_app;
grant insert, select on table journal to ppe_app;
grant insert, select, update (condition), update (donor_id), update (earmark), update (expires_on), update (item_id), update (lot_number), update (units_per_pack) on table lot to ppe_app;
grant insert, select, update on table lot_balance to ppe_app;
grant insert, select on table lot_change to ppe_app;
grant insert, select, update on table need to ppe_app;
grant insert, select, update on table need_award to ppe_app;
grant insert, select, update on table plan to ppe_app;
grant insert, select, update (retired_at) on table policy to ppe_app;
grant insert, select on table policy_version to ppe_app;
grant insert, select, update (end_reason), update (ended_at) on table recall to ppe_app;
grant insert, select on table recall_line to ppe_app;
grant insert, select on table recall_lot to ppe_app;
grant insert, select, update (acknowledged_at), update (held_units), update (note) on table recall_notice to ppe_app;
grant insert, select on table recall_number to ppe_app;
grant insert, select, update on table recipient to ppe_app;
grant insert, select, update on table recipient_group to ppe_app;
grant insert, select, update on table rounding_deficit to ppe_app;
grant insert, select, update on table shipment to ppe_app;
grant insert, select on table shipment_change to ppe_app;
grant insert, select on table shipment_count to ppe_app;
grant insert, select on table shipment_event to ppe_app;
grant insert, select, update on table shipment_line to ppe_app;
grant insert, select, update (address), update (closed_at), update (closed_because), update (country), update (is_default), update (name), update (name_key), update (note) on table site to ppe_app;
grant insert, select on table stock_entry to ppe_app;
grant insert, select, update (ended_at), update (reason), update (status) on table transfer to ppe_app;
grant insert, select, update (received_units), update (shortage_reason) on table transfer_line to ppe_app;
