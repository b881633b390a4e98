import type { MigrationInterface, QueryRunner } from 'typeorm';

const GTINS = `
  create table gtin (
    id uuid not null,
    gtin text not null,
    item_id uuid not null,
    units_per_pack integer not null,
    learned_at timestamptz(3) not null,
    constraint gtin_has_14_digits check (gtin ~ '^[0-9]{14}$'),
    constraint gtin_units_per_pack_are_positive check (units_per_pack between 1 and 100000000),
    constraint gtin_pkey primary key (id),
    constraint gtin_item_exists foreign key (item_id) references item(id)
  );
  create unique index gtin_is_unique on gtin (gtin);
  create index gtin_of_item on gtin (item_id, id);
`;

/**
 * No version of the application could write `item.gtin`; whoever did so as the owner meant the GTIN of a single item. What
 * is no GTIN is not thrown away: the migration stops and names it.
 */
const OLD_GTINS = `
  do $$
  declare wrong text;
  begin
    select string_agg(code, ', ' order by code) into wrong from item where gtin is not null
      and case when gtin ~ '^([0-9]{8}|[0-9]{12,14})$' then (
        select sum(substr(lpad(gtin, 14, '0'), i, 1)::integer * case i % 2 when 1 then 3 else 1 end) % 10 <> 0
        from generate_series(1, 14) as i) else true end;
    if wrong is not null then
      raise exception 'item.gtin is no GTIN, or its check digit is wrong, for %: correct or clear it, then start again', wrong;
    end if;
  end $$;
  insert into gtin (id, gtin, item_id, units_per_pack, learned_at)
  select overlay(gen_random_uuid()::text placing '01900000-0000-7' from 1)::uuid, lpad(gtin, 14, '0'), id, 1, now()
  from item where gtin is not null;
  alter table item drop column gtin;
`;

const SUBSTITUTES = `
  create table item_substitute (
    item_id uuid not null,
    substitute_id uuid not null,
    rank integer not null,
    constraint item_substitute_is_another_item check (item_id <> substitute_id),
    constraint item_substitute_rank_counts_from_one check (rank >= 1),
    constraint item_substitute_pkey primary key (item_id, substitute_id),
    constraint item_substitute_item_exists foreign key (item_id) references item(id),
    constraint item_substitute_substitute_exists foreign key (substitute_id) references item(id)
  );
  create unique index item_substitute_rank_is_unique on item_substitute (item_id, rank);
`;

/** Nobody who stated a need before was asked; and a plan made before allowed none. */
const NEEDS_AND_PLANS = `
  alter table need add column accepts_substitutes boolean not null default false,
    add constraint need_of_a_category_has_no_substitutes check (category is null or not accepts_substitutes);
  alter table plan add column substitutes jsonb,
    add constraint plan_substitutes_are_a_list check (jsonb_typeof(substitutes) = 'array');
`;

const GRANTS = `
  grant insert, update (name, standard, size) on item to ppe_app;
  grant select, insert, update (item_id, units_per_pack, learned_at) on gtin to ppe_app;
  grant select, insert, delete on item_substitute to ppe_app;
`;

/**
 * What protects as well or less, the best first: giving more than was asked for would take it from those who asked for it.
 * N95 and FFP2 filter alike and stand in for each other. KN95 promises as much, but much of what was sold under the name in
 * 2020 did not keep it, so it comes after them and they do not stand in for it. A surgical mask is what is left when there
 * is no respirator. "Protective suit" says no more than coverall, and both cover more than a gown. Goggles and face shields
 * both count as eye protection. Whoever stated the need has to accept it, and whoever splits has to allow it.
 */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  N95: ['FFP2', 'KN95', 'SURGICAL_MASK'],
  FFP2: ['N95', 'KN95', 'SURGICAL_MASK'],
  KN95: ['SURGICAL_MASK'],
  MASK: ['SURGICAL_MASK'],
  COVERALL: ['PROTECTIVE_SUIT', 'GOWN'],
  PROTECTIVE_SUIT: ['COVERALL', 'GOWN'],
  GOGGLES: ['FACE_SHIELD'],
  FACE_SHIELD: ['GOGGLES'],
};

const SEED = `
  insert into item_substitute (item_id, substitute_id, rank)
  select item.id, substitute.id, usual.rank from jsonb_each($1::jsonb) as of_item (code, substitutes)
  cross join jsonb_array_elements_text(of_item.substitutes) with ordinality as usual (code, rank)
  join item on item.code = of_item.code join item substitute on substitute.code = usual.code
`;

export class Catalogue1764900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [GTINS, OLD_GTINS, SUBSTITUTES, NEEDS_AND_PLANS, GRANTS]) {
      // oxlint-disable-next-line no-await-in-loop -- each part stands on the one before
      await runner.query(sql);
    }
    await runner.query(SEED, [JSON.stringify(USUAL)]);
  }

  async down(): Promise<void> {
    throw new Error('This migration is not undone: it would drop what was learned. Restore a backup instead.');
  }
}
