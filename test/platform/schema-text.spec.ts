import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describeSchema } from '../../src/platform/postgres/catalog.js';
import {
  createDatabaseIfMissing,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/postgres/embedded.js';

const SCHEMA = [
  `create type mood as enum ('b', 'a')`,
  `create table donor (id uuid primary key, name varchar(20) not null default 'x', seen_at timestamptz(3),
    n bigint generated always as identity, twice int generated always as (1 + 1) stored,
    constraint donor_has_a_name check (name <> ''))`,
  `create table lot (id int primary key, donor_id uuid references donor on delete restrict, constraint one_each unique (donor_id))`,
  `create index lot_by_donor on lot (donor_id, id desc) where id > 3`,
  `create view named as select id, name from donor`,
  `create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
  `create trigger lots_stay before delete on lot for each row execute function refuse()`,
  `revoke execute on function refuse() from public`,
  `grant select, insert on lot to schema_text_app`,
  `grant update (seen_at) on donor to schema_text_app`,
  `comment on column donor.name is 'as the donor''s papers have it'`,
];

describe('the schema as text', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let text: string;

  beforeAll(async () => {
    folder = fs.mkdtempSync(join(tmpdir(), 'schema-text-'));
    postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
    await run('postgres', ['create role schema_text_app', 'create role other_owner superuser']);
    text = await write('one', SCHEMA);
  });

  afterAll(async () => {
    await postgres.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('tells everything there is', () => {
    expect(text).toMatchInlineSnapshot(`
      "-- types

      create type mood as enum ('b', 'a');

      -- tables

      create table donor (
        id uuid not null,
        name character varying(20) default 'x'::character varying not null,
        seen_at timestamp(3) with time zone,
        n bigint generated always as identity not null,
        twice integer generated always as ((1 + 1)) stored,
        constraint donor_pkey PRIMARY KEY (id),
        constraint donor_has_a_name CHECK (((name)::text <> ''::text))
      );

      create table lot (
        id integer not null,
        donor_id uuid,
        constraint lot_pkey PRIMARY KEY (id),
        constraint one_each UNIQUE (donor_id),
        constraint lot_donor_id_fkey FOREIGN KEY (donor_id) REFERENCES donor(id) ON DELETE RESTRICT
      );

      -- indexes

      CREATE INDEX lot_by_donor ON public.lot USING btree (donor_id, id DESC) WHERE (id > 3);

      -- views

      create view named as
       SELECT id,
          name
         FROM donor;

      -- functions

      CREATE OR REPLACE FUNCTION public.refuse()
       RETURNS trigger
       LANGUAGE plpgsql
      AS $function$ begin raise 'no'; end $function$;

      -- triggers

      CREATE TRIGGER lots_stay BEFORE DELETE ON public.lot FOR EACH ROW EXECUTE FUNCTION refuse();

      -- grants

      grant usage on schema public to public;
      grant update (seen_at) on table donor to schema_text_app;
      grant insert, select on table lot to schema_text_app;

      -- comments

      comment on column donor.name is 'as the donor''s papers have it';
      "
    `);
  });

  it('is the same for another owner, for columns dropped on the way and for rows', async () => {
    const detour = ['set role other_owner', `create table lot2 (a int, b int)`, ...SCHEMA, 'drop table lot2'];
    const dropped = [
      'alter table lot add column gone int',
      'alter table lot drop column gone',
      'insert into lot values (1)',
    ];
    expect(await write('two', [...detour, ...dropped])).toBe(text);
  });

  it.each([
    [
      'a changed check',
      `alter table donor drop constraint donor_has_a_name, add constraint donor_has_a_name check (name <> 'y')`,
    ],
    ['a right more', 'grant delete on lot to schema_text_app'],
    ['a right for everyone', 'grant execute on function refuse() to public'],
    ['a disabled trigger', 'alter table lot disable trigger lots_stay'],
    [
      'another predicate of an index',
      'drop index lot_by_donor; create index lot_by_donor on lot (donor_id, id desc) where id > 4',
    ],
    [
      'a new function body',
      `create or replace function refuse() returns trigger language plpgsql as $$ begin return old; end $$`,
    ],
  ])('shows %s', async (name, change) => {
    expect(await write(name, [...SCHEMA, change])).not.toBe(text);
  });

  async function write(database: string, statements: string[]): Promise<string> {
    await createDatabaseIfMissing(postgres, database);
    return run(database, statements);
  }

  async function run(database: string, statements: string[]): Promise<string> {
    const client = new Client({ connectionString: postgres.url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
      return await describeSchema(client);
    } finally {
      await client.end();
    }
  }
});
