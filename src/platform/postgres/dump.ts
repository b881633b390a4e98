import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Client, escapeIdentifier as quoted } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/*
 * A backup is one compressed text: a line of JSON that says what it is, then table by table the line of its name and
 * columns, its rows as PostgreSQL's COPY writes them and a line `\.`, which is no row; last a line that counts the rows.
 */
const FORMAT = 'ppe-tracker backup';
const VERSION = 1;
const END_OF_ROWS = '\\.';
const NEWLINE = 10;
const CHUNK_BYTES = 1 << 16;

/** What a backup says about itself before any row. */
export interface Header {
  readonly format: typeof FORMAT;
  readonly version: number;
  readonly at: string;
  /** The migrations its schema had, the oldest first. */
  readonly migrations: readonly string[];
  /** What each sequence gave last; null where it gave nothing yet. */
  readonly sequences: Readonly<Record<string, number | null>>;
}

interface Table {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Signals a file that is no backup of ours, or not all of one. */
export class BackupFault extends Error {}

const TABLES = `
  select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  group by c.relname order by c.relname`;

/** The migrations of a database, the oldest first; none where there is no schema yet. */
export async function migrationsOf(client: Client): Promise<string[]> {
  const { rows: found } = await client.query(`select to_regclass('public.migrations') as there`);
  if (found[0].there === null) return [];
  const { rows } = await client.query<{ name: string }>(`select name from public.migrations order by timestamp, id`);
  return rows.map(({ name }) => name);
}

async function headerOf(client: Client): Promise<Header> {
  const { rows } = await client.query<{ name: string; last: string | null }>(
    `select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' and sequencename <> 'migrations_id_seq'`,
  );
  return {
    format: FORMAT,
    version: VERSION,
    at: new Date().toISOString(),
    migrations: await migrationsOf(client),
    sequences: Object.fromEntries(rows.map(({ name, last }) => [name, last === null ? null : Number(last)])),
  };
}

/** Writes into `told` how many rows each table had. */
async function* textOf(client: Client, told: Record<string, number>): AsyncGenerator<string | Buffer> {
  yield `${JSON.stringify(await headerOf(client))}\n`;
  const { rows: tables } = await client.query<Table>(TABLES);
  for (const { table, columns } of tables) {
    yield `${JSON.stringify({ table, columns } satisfies Table)}\n`;
    const names = columns.map(quoted).join(', ');
    const rows = client.query(copyTo(`copy public.${quoted(table)} (${names}) to stdout`));
    yield* rows as AsyncIterable<Buffer>;
    told[table] = rows.rowCount;
    yield `${END_OF_ROWS}\n`;
  }
  yield `${JSON.stringify({ rows: told })}\n`;
}

/**
 * Writes everything of a database into a new file, as it was at one moment, while others go on writing.
 * @param client a connection of the owner, in no transaction
 * @returns how many rows of each table there are
 * @throws EEXIST where there is such a file
 */
export async function writeBackup(client: Client, file: string): Promise<Record<string, number>> {
  // It holds people's names and addresses: for nobody else on this machine.
  const handle = await open(file, 'wx', 0o600);
  const rows: Record<string, number> = {};
  await client.query('begin isolation level repeatable read read only');
  await pipeline(
    Readable.from(textOf(client, rows)),
    createGzip({ level: 6 }),
    handle.createWriteStream({ flush: true }),
  );
  await client.query('commit');
  return rows;
}

/** The lines of a text, without their ends; many at a time where they are rows. */
class Lines {
  private rest: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  private async more(): Promise<void> {
    const { value, done } = await this.chunks.next();
    if (done) throw new BackupFault('the file ends too early');
    this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
  }

  async line(): Promise<string> {
    let end: number;
    // oxlint-disable-next-line no-await-in-loop -- a line may be longer than what was read
    while ((end = this.rest.indexOf(NEWLINE)) < 0) await this.more();
    const line = this.rest.toString('utf8', 0, end);
    this.rest = this.rest.subarray(end + 1);
    return line;
  }

  /** Rows up to the line that is none, with their ends, in large pieces. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const ended = endOfRows(this.rest);
      if (ended >= 0) {
        if (ended > 0) yield this.rest.subarray(0, ended);
        this.rest = this.rest.subarray(ended + END_OF_ROWS.length + 1);
        return;
      }
      const whole = this.rest.lastIndexOf(NEWLINE) + 1;
      if (whole > 0) yield this.rest.subarray(0, whole);
      this.rest = this.rest.subarray(whole);
      // oxlint-disable-next-line no-await-in-loop -- what follows is read when what was read is written
      await this.more();
    }
  }
}

/** Where in a text that begins with a line the line after the last row begins, or -1. */
function endOfRows(text: Buffer): number {
  if (text.indexOf(`${END_OF_ROWS}\n`) === 0) return 0;
  const found = text.indexOf(`\n${END_OF_ROWS}\n`);
  return found < 0 ? -1 : found + 1;
}

function json<T>(line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new BackupFault('the file is not a backup of this program');
  }
}

/** A backup that is being read: what it is, and its rows, which can be put into a database once. */
export class Backup {
  private constructor(
    readonly header: Header,
    private readonly lines: Lines,
    private readonly source: NodeJS.ReadableStream & { destroy(): void },
  ) {}

  /** @throws BackupFault where the file is none of ours, or of a later kind than we know */
  static async open(file: string): Promise<Backup> {
    const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    const text = createGunzip({ chunkSize: CHUNK_BYTES });
    source.on('error', (error) => text.destroy(error));
    const lines = new Lines(source.pipe(text));
    try {
      const header = json<Header>(await lines.line());
      if (header.format !== FORMAT) throw new BackupFault('the file is not a backup of this program');
      if (header.version !== VERSION) throw new BackupFault(`the backup is of kind ${header.version}, unknown here`);
      return new Backup(header, lines, source);
    } catch (error) {
      source.destroy();
      throw faultOf(error);
    }
  }

  /**
   * Puts all rows into a database whose schema has the backup's migrations, in place of whatever its tables hold: all
   * or nothing, in the caller's transaction. Every reference is checked when the rows are in.
   * @returns how many rows each table got
   */
  async load(client: Client): Promise<Record<string, number>> {
    try {
      const { rows: tables } = await client.query<Table>(TABLES);
      const names = tables.map(({ table }) => `public.${quoted(table)}`);
      const references = await takeOffReferences(client);
      await client.query(names.map((name) => `alter table ${name} disable trigger user`).join('; '));
      const counts = await this.copyAll(client, tables);
      await client.query(names.map((name) => `alter table ${name} enable trigger user`).join('; '));
      await client.query(references.join('; '));
      await client.query(
        `select setval(format('public.%I', key)::regclass, value::bigint) from json_each_text($1) where value is not null`,
        [JSON.stringify(this.header.sequences)],
      );
      return counts;
    } catch (error) {
      throw faultOf(error);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.source.destroy();
  }

  private async copyAll(client: Client, tables: readonly Table[]): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one table after the other, as they stand in the file
      const line = json<Partial<Table> & { rows?: Record<string, number> }>(await this.lines.line());
      if (line.rows) {
        assertSame(counts, line.rows);
        return counts;
      }
      const known = tables.find(({ table }) => table === line.table);
      const columns = line.columns?.filter((column) => known?.columns.includes(column)) ?? [];
      if (!known || columns.length !== line.columns?.length) {
        throw new BackupFault(`the backup has a table ${line.table} that this schema has not, or has otherwise`);
      }
      // What a migration put there is in the backup, too, perhaps as somebody changed it since.
      // oxlint-disable-next-line no-await-in-loop -- as above
      await client.query(`truncate public.${quoted(known.table)}`);
      const into = client.query(
        copyFrom(`copy public.${quoted(known.table)} (${columns.map(quoted).join(', ')}) from stdin`),
      );
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pipeline(Readable.from(this.lines.rows()), into);
      counts[known.table] = into.rowCount;
    }
  }
}

function assertSame(got: Record<string, number>, told: Record<string, number>): void {
  const differs = Object.keys({ ...got, ...told }).find((table) => got[table] !== told[table]);
  if (differs) throw new BackupFault(`${differs}: ${got[differs] ?? 0} rows came, ${told[differs] ?? 0} were written`);
}

/** Drops all foreign keys, so that tables can be filled in any order. @returns what puts them back */
async function takeOffReferences(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `select c.conrelid::regclass::text as table, c.conname as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1, 2`,
  );
  await client.query(rows.map(({ table, name }) => `alter table ${table} drop constraint ${quoted(name)}`).join('; '));
  return rows.map(({ table, name, definition }) => `alter table ${table} add constraint ${quoted(name)} ${definition}`);
}

/** The decompressor's complaints are about the file, too. */
function faultOf(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE'
    ? new BackupFault('the file is damaged, or is not a backup of this program')
    : error;
}
