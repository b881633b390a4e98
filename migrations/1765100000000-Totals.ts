import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a kept sum says of its lines. */
const SUMS = ['units', 'confirmed_units', 'distributions'];

/** Tables of sums, each by its key and a slot; a country that is not known is '', for a key knows no null. */
const TOTALS = [
  { table: 'distribution_month_total', key: ['month', 'item_id', 'status'] },
  { table: 'distribution_country_total', key: ['month', 'item_id', 'status', 'country', 'exposure_tier'] },
  { table: 'distribution_donor_total', key: ['donor_id', 'item_id', 'status'] },
] as const;

const COLUMN: Readonly<Record<string, string>> = {
  month: 'date',
  item_id: 'uuid',
  status: 'text',
  country: 'text',
  exposure_tier: 'smallint',
  donor_id: 'uuid',
};

/** Rows are changed again and again in place: there is room on their pages for it. */
const TABLES = TOTALS.map(
  ({ table, key }) => `
  create table ${table} (
    ${key.map((column) => `${column} ${COLUMN[column]} not null`).join(', ')}, slot integer not null,
    ${SUMS.map((column) => `${column} bigint not null`).join(', ')},
    ${(key as readonly string[]).includes('month') ? `constraint ${table}_month_is_its_first_day check (date_trunc('month', month::timestamp) = month),` : ''}
    constraint ${table}_slot_is_not_negative check (slot >= 0),
    constraint ${table}_pkey primary key (${key.join(', ')}, slot)
  ) with (fillfactor = 70);
  grant select on ${table} to ppe_app;`,
).join('');

/** What lines of history come to, by all that any of the tables is kept by. */
const lines = (from: string, sign = ''): string => `
  select date_trunc('month', allocated_at at time zone 'UTC')::date as month, item_id, status, coalesce(country, '') as country,
    exposure_tier, donor_id, ${sign}units::bigint as units, ${sign}coalesce(confirmed_units, 0)::bigint as confirmed_units, ${sign}1 as distributions from ${from}`;

const ADDED = SUMS.map((column) => `sum(${column})::bigint as ${column}`).join(', ');
const CHANGES = SUMS.map((column) => `sum(${column}) <> 0`).join(' or ');

/**
 * Adds what changed to all tables. Where a key comes out as it was, nothing is written, and where no key changed, no slot
 * is taken. The delta is a sum over old and new lines without a join: a plan made for few rows is as good for many.
 */
const add = (from: string): string => {
  const into = ({ table, key }: (typeof TOTALS)[number]): string => `
    insert into public.${table} as kept (${key.join(', ')}, slot, ${SUMS.join(', ')})
    select ${key.join(', ')}, slot, ${ADDED} from change, free group by ${key.join(', ')}, slot having ${CHANGES} order by ${key.join(', ')}
    on conflict (${key.join(', ')}, slot) do update set ${SUMS.map((column) => `${column} = kept.${column} + excluded.${column}`).join(', ')}`;
  const [month, country, donor] = TOTALS;
  const columns = 'month, item_id, status, country, exposure_tier, donor_id';
  return `
    with change as materialized (select ${columns}, ${ADDED} from (${from}) as line group by ${columns} having ${CHANGES}),
    free as materialized (select public.free_total_slot() as slot where exists (select from change)),
    by_month as (${into(month)}),
    by_country as (${into(country)})
    ${into(donor)};`;
};

/**
 * No two transactions that are under way write the same row, so they neither wait for each other nor deadlock: each takes
 * the first of 16 slots that is free, until it ends; and where all are taken, one of its own, by its process.
 */
const SLOT = `
  create function free_total_slot() returns integer language plpgsql set search_path = pg_catalog, pg_temp as $$
  begin
    for slot in 0..15 loop
      if pg_try_advisory_xact_lock(7240119, slot) then return slot; end if;
    end loop;
    return 16 + pg_backend_pid();
  end $$;
  revoke execute on function free_total_slot() from public;`;

/** They write with their owner's rights: whoever may change lines cannot change a sum in any other way. */
const TRIGGERS = `
  create function keep_distribution_totals() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  begin
    if tg_op = 'INSERT' then ${add(lines('after_rows'))}
    elsif tg_op = 'DELETE' then ${add(lines('before_rows', '-'))}
    else ${add(`${lines('after_rows')} union all ${lines('before_rows', '-')}`)}
    end if;
    return null;
  end $$;
  create function empty_distribution_totals() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
  begin
    truncate ${TOTALS.map(({ table }) => `public.${table}`).join(', ')};
    return null;
  end $$;
  revoke execute on function keep_distribution_totals(), empty_distribution_totals() from public;
  create trigger distribution_totals_add after insert on distribution referencing new table as after_rows
    for each statement execute function keep_distribution_totals();
  create trigger distribution_totals_follow after update on distribution referencing old table as before_rows new table as after_rows
    for each statement execute function keep_distribution_totals();
  create trigger distribution_totals_subtract after delete on distribution referencing old table as before_rows
    for each statement execute function keep_distribution_totals();
  create trigger distribution_totals_are_emptied after truncate on distribution
    for each statement execute function empty_distribution_totals();`;

/** Making the triggers has locked the lines against writers, so that none comes in between. */
const OLD_LINES = TOTALS.map(
  ({ table, key }) => `
  insert into ${table} (${key.join(', ')}, slot, ${SUMS.join(', ')})
  select ${key.join(', ')}, 0, ${ADDED} from (${lines('distribution')}) as line group by ${key.join(', ')};`,
).join('');

/** Sums over history that are kept in the transaction that changes it. */
export class Totals1765100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(SLOT);
    await runner.query(TRIGGERS);
    await runner.query(OLD_LINES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger distribution_totals_add on distribution;
      drop trigger distribution_totals_follow on distribution;
      drop trigger distribution_totals_subtract on distribution;
      drop trigger distribution_totals_are_emptied on distribution;
      drop function keep_distribution_totals(), empty_distribution_totals(), free_total_slot()`);
    await runner.query(`drop table ${TOTALS.map(({ table }) => table).join(', ')}`);
  }
}
