import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of this test file's own, migrated and empty. @returns the owner's connection string */
export async function cloneDatabase(): Promise<string> {
  const template = process.env['TEST_TEMPLATE']!;
  const url = new URL(process.env['TEST_ADMIN_URL']!);
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  const client = await connect(url.href);
  try {
    await client.query(`create database ${name} template ${template}`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}

/** A connection that survives the end of its server. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}
