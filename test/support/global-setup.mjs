import { join } from 'node:path';
import pg from 'pg';

/**
 * One PostgreSQL for the whole run, with one migrated template: each test file clones it in a tenth of a second.
 * `DATABASE_URL` names a server to use in its place; its user must be allowed to create databases.
 */
export default async function globalSetup() {
  const { migrate } = await import('../../dist/src/data-source.js');
  const { startEmbeddedPostgres } = await import('../../dist/src/platform/postgres/embedded.js');
  const template = `ppe_test_${process.pid}`;
  const folder = join(import.meta.dirname, '../../.data/test-postgres');
  const server = process.env.DATABASE_URL ? undefined : await startEmbeddedPostgres({ folder });
  const admin = server ? server.url('postgres') : process.env.DATABASE_URL;
  await run(admin, `create database ${template}`);
  const url = new URL(admin);
  url.pathname = `/${template}`;
  await migrate(url.href);
  process.env.TEST_ADMIN_URL = admin;
  process.env.TEST_TEMPLATE = template;
  globalThis.endTestDatabases = async () => {
    const client = await connect(admin);
    const { rows } = await client.query(`select datname from pg_database where datname like $1`, [`${template}%`]);
    for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
    await client.end();
    await server?.stop();
  };
}

async function connect(url) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function run(url, sql) {
  const client = await connect(url);
  await client.query(sql);
  await client.end();
}
