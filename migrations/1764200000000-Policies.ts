import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  create table policy (
    id uuid not null,
    name text not null,
    name_key text not null,
    description text,
    built_in boolean not null default false,
    created_at timestamptz(3) not null,
    retired_at timestamptz(3),
    constraint policy_built_in_is_never_retired check (not built_in or retired_at is null),
    constraint policy_has_a_name check (btrim(name) <> ''),
    constraint policy_pkey primary key (id)
  );
  create unique index policy_name_is_unique on policy (name_key) where retired_at is null;

  create table policy_version (
    policy_id uuid not null,
    version integer not null,
    terms jsonb not null,
    adopted_at timestamptz(3) not null,
    adopted_by uuid,
    note text,
    constraint policy_version_counts_from_one check (version >= 1),
    constraint policy_version_pkey primary key (policy_id, version)
  );
  alter table policy_version add constraint policy_version_policy_exists foreign key (policy_id) references policy(id);

  alter table plan
    add column policy_id uuid,
    add column policy_version integer,
    add constraint plan_policy_has_a_version check ((policy_id is null) = (policy_version is null)),
    add constraint plan_policy_version_exists foreign key (policy_id, policy_version)
      references policy_version(policy_id, version);
  create index plan_of_policy on plan (policy_id, id);
`;

/** A version is what plans were made by: nobody changes it afterwards, whoever asks. */
const APPEND_ONLY = `
  create trigger policy_version_is_append_only before update or delete on policy_version for each row execute function refuse_change();
  create trigger policy_version_is_never_emptied before truncate on policy_version for each statement execute function refuse_change();
`;

/** Of a policy nothing changes but that it is retired. */
const GRANTS = `
  grant select, insert on policy, policy_version to ppe_app;
  grant update (retired_at) on policy to ppe_app;
`;

const COMMON = {
  rule: 'CONSTRAINED_EQUAL_AWARDS',
  rounding: 'LARGEST_REMAINDER',
  tieBreak: 'LOTTERY',
  wholePacks: false,
  admit: 'TIE_ORDER',
  memory: { by: 'NONE', days: null },
  reserve: [],
  cap: [],
  minimumLot: [],
  guarantee: [],
};

/** What everybody may split by from the start. Their ids are the same in every database. */
const BUILT_IN = [
  {
    id: '01900000-0000-7000-8000-000000000201',
    name: 'Equal split',
    description:
      'The same for everybody, whatever they asked for: the split that nobody has to justify, and the one that is taken when none is named.',
    terms: { ...COMMON, claims: 'EQUAL', tiers: { by: 'NONE', shares: [] } },
  },
  {
    id: '01900000-0000-7000-8000-000000000202',
    name: 'By need',
    description:
      'The same for everybody up to what they need: small needs are met whole, and what they leave goes to the larger ones. Asking for more than the others get brings nothing.',
    terms: { ...COMMON, claims: 'NEED', tiers: { by: 'NONE', shares: [] } },
  },
  {
    id: '01900000-0000-7000-8000-000000000203',
    name: 'Frontline first',
    description:
      'Exposure decides who comes first: aerosol-generating work and intensive care, then direct COVID care, then other care; within a tier, the same for everybody up to what they need. By need and not by equal claims, because a first tier that wants without bound would take everything, and the others would get nothing however much there is.',
    terms: { ...COMMON, claims: 'NEED', tiers: { by: 'STRICT', shares: [] } },
  },
];

export class Policies1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(APPEND_ONLY);
    await runner.query(GRANTS);
    const rows = JSON.stringify(BUILT_IN);
    await runner.query(
      `insert into policy (id, name, name_key, description, built_in, created_at)
       select b.id, b.name, lower(b.name), b.description, true, now()
       from jsonb_to_recordset($1::jsonb) as b (id uuid, name text, description text)`,
      [rows],
    );
    await runner.query(
      `insert into policy_version (policy_id, version, terms, adopted_at)
       select b.id, 1, b.terms, now() from jsonb_to_recordset($1::jsonb) as b (id uuid, terms jsonb)`,
      [rows],
    );
  }

  async down(): Promise<void> {
    throw new Error('Plans refer to the policies they were made by: restore a backup instead.');
  }
}
