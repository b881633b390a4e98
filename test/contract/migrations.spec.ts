import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { migrate, ownerDataSource } from '../../src/data-source.js';
import { describeSchema } from '../../src/platform/postgres/catalog.js';
import { cloneDatabase, connect } from '../support/database.js';
import { committed } from './committed.js';

describe('the migrations', () => {
  let url: string;
  let owner: pg.Client;

  beforeAll(async () => {
    url = await cloneDatabase();
    owner = await connect(url);
  });
  afterAll(() => owner.end());

  it('make the schema that is committed, with its triggers, functions and grants', async () => {
    const text = await describeSchema(owner);
    expect(text).toBe(committed('migrations/schema.sql', text));
  });

  it('leave nothing that the entities say otherwise', async () => {
    const dataSource = await ownerDataSource(url).initialize();
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('run once when two processes start at the same moment, and again without effect', async () => {
    const before = await describeSchema(owner);
    const count = async () => (await owner.query('select name from migrations order by name')).rowCount;
    const migrations = await count();
    await Promise.all([migrate(url), migrate(url)]);
    expect(await describeSchema(owner)).toBe(before);
    expect(await count()).toBe(migrations);
  });

  it('give the application no ownership, and no way to change what is append-only', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `select table_name as name from information_schema.table_privileges
       where grantee = 'ppe_app' and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE') and table_name in ('stock_entry', 'journal', 'policy_version', 'imported_row')
       union all select tablename from pg_tables where schemaname = 'public' and tableowner = 'ppe_app'`,
    );
    expect(rows).toEqual([]);
  });
});
