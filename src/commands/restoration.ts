import type { Client } from 'pg';
import { MIGRATION_NAMES, migrate } from '../data-source.js';
import { Backup, type Header, migrationsOf } from '../platform/postgres/dump.js';

/** Signals that this backup does not go into this database. */
export class Unfit extends Error {}

/** A program that is older than the backup does not know what is in it. */
function assertKnown({ migrations }: Header): void {
  const stranger = migrations.find((name, i) => name !== MIGRATION_NAMES[i]);
  if (stranger ?? migrations.length === 0) {
    throw new Unfit(
      `the backup is of another version of this program (${stranger ?? 'without a schema'}); update first`,
    );
  }
}

/** Everything that is ever written leaves a line in the journal; a migration's own rows do not. */
async function assertEmpty(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    `select from journal union all select from stock_entry union all select from recipient union all select from donor limit 1`,
  );
  if (rowCount !== 0) throw new Unfit('something was written into this database before; restore into an empty one');
}

/**
 * Puts a backup into a database that nobody has written into, and brings its schema up to date; all or nothing.
 * @param client a connection of the owner of the database at `url`, in no transaction
 * @throws Unfit where this backup does not go into this database, BackupFault where the file is no whole backup
 */
export async function restore(client: Client, url: string, file: string): Promise<{ header: Header; rows: number }> {
  const backup = await Backup.open(file);
  const { header } = backup;
  try {
    assertKnown(header);
    const level = header.migrations.length;
    // An empty database gets the schema that the backup was made with; a later one cannot take older rows.
    if ((await migrationsOf(client)).length === 0) await migrate(url, level);
    const found = await migrationsOf(client);
    if (found.join() !== header.migrations.join()) {
      const age = `${level} migrations, and this database ${found.length}`;
      throw new Unfit(`the backup has ${age}; restore into a database that was never started`);
    }
    await client.query('begin');
    await client.query('lock table journal in access exclusive mode');
    await assertEmpty(client);
    const rows = await backup.load(client);
    await client.query('commit');
    await migrate(url);
    await client.query('analyze');
    return { header, rows: Object.values(rows).reduce((sum, n) => sum + n, 0) };
  } finally {
    backup.close();
  }
}
