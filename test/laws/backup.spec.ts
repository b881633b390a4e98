import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { migrate, MIGRATION_NAMES } from '../../src/data-source.js';
import { restore } from '../../src/commands/restoration.js';
import { BackupFault, writeBackup } from '../../src/platform/postgres/dump.js';
import { describeSchema } from '../../src/platform/postgres/catalog.js';
import { aDonation, aNeed, clinicians, rowCounts, STOCK } from '../support/builders.js';
import { connect } from '../support/database.js';
import { type ApiProcess, runCommand, type Said, startApi } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';
import { act, commit } from './acts.js';
import { Load } from './load.js';
import './size.js';

describe('a backup, and what is restored from it elsewhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ppe-backup-'));
  const file = join(folder, 'monday.backup');
  const made: string[] = [];
  let world: World;
  let api: ApiProcess;

  beforeAll(async () => {
    world = await openWorld();
    api = await startApi({ DATABASE_URL: world.databaseUrl });
  });
  afterAll(async () => {
    await api?.stop();
    await world?.close();
    const admin = await connect(process.env['TEST_ADMIN_URL']!);
    for (const name of made) await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A database in which there is nothing, not even a schema. */
  const elsewhere = async (): Promise<string> => {
    const name = `ppe_elsewhere_${randomBytes(6).toString('hex')}`;
    const admin = await connect(process.env['TEST_ADMIN_URL']!);
    await admin.query(`create database ${name}`);
    await admin.end();
    made.push(name);
    const url = new URL(world.databaseUrl);
    url.pathname = `/${name}`;
    return url.href;
  };
  const run = (command: 'backup' | 'restore' | 'verify', url: string, ...args: string[]): Promise<Said> =>
    runCommand(command, args, { DATABASE_URL: url });
  /** As the command does it, in this process. */
  const restoreInto = (url: string, path: string) => inDatabase(url, (client) => restore(client, url, path));
  const inDatabase = async <T>(url: string, ask: (client: Awaited<ReturnType<typeof connect>>) => Promise<T>) => {
    const client = await connect(url);
    try {
      return await ask(client);
    } finally {
      await client.end();
    }
  };
  /** Every row of every table, as one figure a table. */
  const content = (url: string): Promise<Record<string, string>> =>
    inDatabase(url, async (client) => {
      const tables = await client.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations'`,
      );
      const figures: Record<string, string> = {};
      for (const { name } of tables.rows) {
        const { rows } = await client.query(
          `select md5(string_agg(t::text, ' ' order by t::text)) as md5 from ${name} t`,
        );
        figures[name] = rows[0].md5 as string;
      }
      return figures;
    });

  it('are the same, row by row, with the same rights and triggers, and the ledger is sound', async () => {
    const coordinator = await world.as('COORDINATOR');
    // What a text file could stumble over: its own end of rows, its separators, and lines that are none.
    const odd = { name: '王医生 \\. \\N "O\'Brien"', facility: 'line one\n\\.\nline\ttwo\r\u2028three', country: 'US' };
    await coordinator.ask(
      `mutation($input: RegisterRecipientsInput!) { registerRecipients(input: $input) { recipients { id } } }`,
      { input: { recipients: [odd] } },
    );
    const recipientIds = await clinicians(coordinator, 3);
    for (const id of recipientIds) await aNeed(coordinator, id);
    await aDonation(coordinator, { MASK: 100, GOWN: 40 });
    const { parcels } = await commit(coordinator, { recipients: { recipientIds } });
    await act(coordinator, 'dispatchDelivery', { deliveryId: parcels[0]!.id });
    await act(coordinator, 'confirmDelivery', { deliveryId: parcels[0]!.id });

    const said = await run('backup', world.databaseUrl, file);
    expect(said).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(file), stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const url = await elsewhere();
    expect(await run('restore', url, file)).toMatchObject({ exitCode: 0, stderr: '' });

    expect(await content(url)).toEqual(await content(world.databaseUrl));
    const schema = await inDatabase(world.databaseUrl, describeSchema);
    expect(await inDatabase(url, describeSchema)).toBe(schema);
    const untrusted = await inDatabase(url, (client) =>
      client.query(`select conname as what from pg_constraint where not convalidated
        union all select tgname from pg_trigger where tgenabled <> 'O'`),
    );
    expect(untrusted.rows).toEqual([]);
    expect(await run('verify', url)).toMatchObject({ exitCode: 0 });

    const restored = await startApi({ DATABASE_URL: url });
    try {
      const client = restored.with(coordinator.token!);
      const stock = await coordinator.ask(STOCK, {});
      expect(await client.ask(STOCK, {})).toEqual(stock);
      expect(await aDonation(client, { MASK: 5 })).toMatchObject({ status: 'RECEIVED' });
    } finally {
      await restored.stop();
    }
  });

  it('hold one moment, also while many write', async () => {
    const { token } = await world.as('COORDINATOR');
    const recipientIds = await clinicians(world.with(token), 2);
    const load = new Load(() => api.with(token!), recipientIds);
    const busy = join(folder, 'busy.backup');
    await load.during(8, async () => {
      await load.more(40);
      const before = load.total;
      expect(await run('backup', world.databaseUrl, busy)).toMatchObject({ exitCode: 0 });
      expect(load.total).toBeGreaterThan(before);
    });
    const url = await elsewhere();
    expect(await run('restore', url, busy)).toMatchObject({ exitCode: 0 });
    expect(await run('verify', url)).toMatchObject({ exitCode: 0 });
    const entries = (u: string) => inDatabase(u, async (c) => (await c.query('select from stock_entry')).rowCount!);
    expect(await entries(url)).toBeLessThan(await entries(world.databaseUrl));
  });

  it('go into a migrated database that nobody has used, and into no other', async () => {
    const url = await elsewhere();
    await migrate(url);
    await restoreInto(url, file);
    const before = await content(url);
    expect(await run('restore', url, file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('restore into an empty one'),
    });
    expect(await content(url)).toEqual(before);
  });

  it('are not mixed with a schema of another age', async () => {
    const header = (text: string): { migrations: string[] } => JSON.parse(text.slice(0, text.indexOf('\n')));
    const text = gunzipSync(readFileSync(file)).toString();
    const rest = text.slice(text.indexOf('\n'));
    const foreign = join(folder, 'later.backup');
    const later = { ...header(text), migrations: [...MIGRATION_NAMES, 'FromTheFuture1'] };
    writeFileSync(foreign, gzipSync(JSON.stringify(later) + rest));
    const url = await elsewhere();
    await expect(restoreInto(url, foreign)).rejects.toThrow('FromTheFuture1');
    await migrate(url, MIGRATION_NAMES.length - 1);
    await expect(restoreInto(url, file)).rejects.toThrow('restore into a database that was never started');
  });

  it('made by an older version are brought up to date', async () => {
    const old = await elsewhere();
    await migrate(old, 1);
    const aged = join(folder, 'aged.backup');
    await inDatabase(old, (client) =>
      client.query(
        `insert into donor (id, name, kind, created_at) values (gen_random_uuid(), 'From before', 'PERSON', now())`,
      ),
    );
    await inDatabase(old, (client) => writeBackup(client, aged));
    const url = await elsewhere();
    await restoreInto(url, aged);
    expect(await inDatabase(url, describeSchema)).toBe(await inDatabase(world.databaseUrl, describeSchema));
    expect((await inDatabase(url, (client) => client.query('select name from donor'))).rows).toEqual([
      { name: 'From before' },
    ]);
  });

  it('that are damaged, cut off or something else leave nothing behind', async () => {
    const url = await elsewhere();
    await migrate(url);
    const before = await content(url);
    const bad: Record<string, (path: string) => void> = {
      'cut.backup': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
      'noise.backup': (path) => writeFileSync(path, randomBytes(500)),
      'text.backup': (path) => writeFileSync(path, gzipSync('{"hello": "world"}\n')),
      'short.backup': (path) => {
        // Well packed, with all its tables, and one row fewer than were written.
        const text = gunzipSync(readFileSync(path)).toString();
        const [head, tail] = text.split('{"table":"idempotency"') as [string, string];
        const cut = head.replace(/(\{"table":"group_member".*\n)?(\{"table":"donor".*\n)[^\n]+\n/, '$1$2');
        expect(cut.length).toBeLessThan(head.length);
        writeFileSync(path, gzipSync(`${cut}{"table":"idempotency"${tail}`));
      },
    };
    for (const [name, spoil] of Object.entries(bad)) {
      const path = join(folder, name);
      writeFileSync(path, readFileSync(file));
      spoil(path);
      expect([name, await restoreInto(url, path).catch((error: unknown) => error)]).toEqual([
        name,
        expect.any(BackupFault),
      ]);
    }
    expect(await content(url)).toEqual(before);
    expect(await run('restore', url, join(folder, 'cut.backup'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Nothing was restored: '),
    });
  });

  it('are never written over, and a wrong call says how', async () => {
    const before = readFileSync(file);
    expect(await run('backup', world.databaseUrl, file)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('never written over'),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(await run('backup', world.databaseUrl)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('usage'),
    });
    expect(await run('restore', world.databaseUrl)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('usage'),
    });
    expect((await rowCounts(world))['donor']).toBeGreaterThan(0);
  });
});
