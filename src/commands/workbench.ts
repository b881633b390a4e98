import 'reflect-metadata';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { TokenRepository } from '../access/token.repository.js';
import { TokenService } from '../access/token.service.js';
import { appDataSource, migrate, openDatabase } from '../data-source.js';
import { Clock } from '../platform/clock.js';
import { readConfig } from '../platform/config.js';
import { type Actor, Database } from '../platform/database.js';

/** The program itself, acting for whoever may run commands on its machine. */
export const COMMAND_LINE: Actor = { id: null, role: 'COMMAND_LINE', requestId: 'cli' };

/** What a command needs of the application: the door to the database, without a server. */
export interface Workbench {
  readonly dataSource: DataSource;
  readonly database: Database;
  readonly tokens: TokenService;
}

/** The parts of the application that a command works with, on a connected database. */
export function workbenchOn(dataSource: DataSource): Workbench {
  const database = new Database(dataSource, new Clock());
  return { dataSource, database, tokens: new TokenService(database, new TokenRepository()) };
}

/**
 * Runs a command on the database of the configuration and lets go of it afterwards.
 * @param name which database of the embedded server; of no effect with `DATABASE_URL`
 */
export async function withWorkbench<T>(
  { prepare, name }: { prepare: boolean; name?: string | undefined },
  work: (bench: Workbench) => Promise<T>,
): Promise<T> {
  const open = await openDatabase(readConfig(process.env), undefined, name);
  try {
    if (prepare) await migrate(open.url);
    const dataSource = await appDataSource(open.url, 2).initialize();
    try {
      return await work(workbenchOn(dataSource));
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await open.close();
  }
}

/**
 * Runs a command on a connection of the database's owner, who may read and fill every table.
 * @param name which database of the embedded server; of no effect with `DATABASE_URL`
 */
export async function withOwner<T>(
  name: string | undefined,
  work: (client: pg.Client, url: string) => Promise<T>,
): Promise<T> {
  const open = await openDatabase(readConfig(process.env), undefined, name);
  try {
    const client = new pg.Client({ connectionString: open.url });
    // Without a listener, a backend that dies would end our whole process before we can say so.
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client, open.url);
    } finally {
      await client.end();
    }
  } finally {
    await open.close();
  }
}

/** Ends a command that cannot do what it was asked. */
export function fail(message: string, exitCode = 2): never {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
