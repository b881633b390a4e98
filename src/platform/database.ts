import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Clock } from './clock.js';
import { copyOut, type RowText } from './copy-out.js';
import { newId } from './ids.js';
import { isRefusal, Rejected, RequestFault, type Refusal } from './rejection.js';

// A calendar day stays text: the driver would make it midnight in the server's time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
// Sums of units pass 32 bits and stay below 2^53, which the stock room checks; text would leak into arithmetic.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large to be exact`);
  return value;
});

/** Who acts: a bearer token, a one-time link, or the program itself. */
export interface Actor {
  /** The token's id; null for a link and for the program. */
  readonly id: string | null;
  readonly role: string;
  readonly requestId: string;
}

/** Reads SQL; what a query needs and nothing more. */
export interface Reader {
  /**
   * Runs one statement and gives its rows.
   * @param name for a statement that is run again and again: each connection then parses and plans it once. The text
   *   belongs to the name, and what the planner cannot know of the parameters must not matter
   */
  rows<T>(sql: string, parameters?: readonly unknown[], name?: string): Promise<T[]>;
}

/** A transaction in progress. A method whose first parameter is a `Tx` joins it. */
export interface Tx extends Reader {
  readonly actor: Actor;
  /**
   * The one instant of this unit of work: when it was first asked for. Ask after the row of the use case is locked, or
   * what waited for another reads as if it had come before it.
   */
  readonly now: Date;
}

const MANY = 500;

/**
 * Tells the rest of a transaction that its statements join about so many rows. The planner goes by statistics that know
 * nothing of what was written a minute ago; where it expects ten rows and meets ten thousand, its nested loops take a
 * hundred million steps, where a hash join takes twenty thousand.
 */
export async function expectRows(reader: Reader, rows: number): Promise<void> {
  if (rows >= MANY) await reader.rows(`select set_config('enable_nestloop', 'off', true)`);
}

/** Ids of what a unit of work made: enough to find it again when the same key comes twice. */
export type Reference = Record<string, unknown>;

/** What is to be written, in whose name, and under which key. */
export interface Command {
  readonly actor: Actor;
  /** The use case, as a verb on a noun: `commitAllocation`. */
  readonly action: string;
  /** The caller's idempotency key and the input it belongs to. */
  readonly key?: string | null;
  readonly input?: object;
  /** Whose key it is, where that is not the actor's token: the link that was opened. */
  readonly scope?: string;
  readonly reason?: string | null;
}

/**
 * Thrown inside a unit of work that finds, once it holds its locks, that there is more to be done than it had looked for:
 * everything is undone and tried again.
 */
export class StartAgain extends Error {}

const MOST_ATTEMPTS = 6;
/**
 * Serialization failure, deadlock, lock timeout: the database undid everything and asks to try again. A unique
 * violation too: somebody was first after we had looked, and on a second look the check that names it will see them.
 */
const WORTH_RETRYING = new Set(['40001', '40P01', '55P03', '23505']);

class ManagedReader implements Reader {
  constructor(private readonly manager: EntityManager) {}

  async rows<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    const result: unknown = await this.manager.query(sql, [...parameters]);
    // TypeORM answers [rows, count] to UPDATE and DELETE and plain rows to everything else.
    const isPair =
      Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
    return (isPair ? (result as [T[], number])[0] : result) as T[];
  }
}

class Transaction extends ManagedReader implements Tx {
  private instant: Date | undefined;

  constructor(
    manager: EntityManager,
    readonly actor: Actor,
    private readonly clock: Clock,
  ) {
    super(manager);
  }

  get now(): Date {
    return (this.instant ??= this.clock.now());
  }
}

/** JSON with sorted keys and without absent fields, so that equal inputs have equal texts. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value).filter(([, v]) => v !== undefined && v !== null);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join(',')}}`;
}

function hashOf(command: Command): string {
  const { idempotencyKey: _key, ...body } = (command.input ?? {}) as { idempotencyKey?: unknown };
  return createHash('sha256')
    .update(`${command.action}\n${canonical(body)}`)
    .digest('hex');
}

function isTransient(error: unknown): boolean {
  if (error instanceof StartAgain) return true;
  return error instanceof QueryFailedError && WORTH_RETRYING.has((error.driverError as { code?: string }).code ?? '');
}

/** The driver's own pool: its statements can be named, and do not pass through the ORM, which knows nothing of them. */
class PoolReader implements Reader {
  constructor(private readonly pool: pg.Pool) {}

  async rows<T>(sql: string, parameters: readonly unknown[] = [], name?: string): Promise<T[]> {
    return (await this.pool.query({ text: sql, values: [...parameters], ...(name && { name }) })).rows as T[];
  }
}

/** Where all reads and writes of the application pass. `write` is the only door through which anything changes. */
@Injectable()
export class Database {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Runs a reading; each statement sees what was committed when it began. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return work(new PoolReader((this.dataSource.driver as PostgresDriver).master as pg.Pool));
  }

  /** Runs a reading in which every statement sees the same state of the whole database. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('set transaction read only');
      return work(new ManagedReader(manager));
    });
  }

  /**
   * Runs large readings, each over most of a table, in one state of the whole database that they share over two
   * connections. The second helps when the pool has it to spare; nobody waits for it.
   * @returns what each job gave, in the order of the jobs
   */
  async survey<Job, Result>(
    jobs: readonly Job[],
    work: (reader: Reader, job: Job) => Promise<Result>,
  ): Promise<Result[]> {
    const results: Result[] = [];
    let next = 0;
    const takeJobs = async (manager: EntityManager): Promise<void> => {
      // One worker a connection: two connections keep two cores busy, and a hash that fits in memory is not spilled.
      await manager.query(
        `select set_config('work_mem', '64MB', true), set_config('max_parallel_workers_per_gather', '0', true)`,
      );
      while (next < jobs.length) {
        const i = next++;
        // oxlint-disable-next-line no-await-in-loop -- a connection runs one statement at a time
        results[i] = await work(new ManagedReader(manager), jobs[i]!);
      }
    };
    const helping: Promise<void>[] = [];
    const help = (snapshot: string): Promise<void> =>
      this.dataSource.transaction('REPEATABLE READ', async (manager) => {
        if (next >= jobs.length) return;
        const done = manager.query(`set transaction snapshot '${snapshot}'`).then(() => takeJobs(manager));
        helping.push(done);
        await done;
      });
    let helper: Promise<void> | undefined;
    await this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('set transaction read only');
      const [exported] = await manager.query<{ id: string }[]>('select pg_export_snapshot() as id');
      helper = help(exported!.id);
      helper.catch(() => {});
      await takeJobs(manager);
      // The state is there for others as long as this transaction is.
      await Promise.all(helping);
    });
    await helper;
    return results;
  }

  /**
   * Runs one reading of any length in one state of the database and gives its rows as text, piece by piece, in bounded
   * memory. It takes none of the pool's connections but makes one for itself, which is closed when the text has ended or
   * is destroyed: see {@link copyOut}. Who calls this sees to it that there are not many at once.
   */
  stream(sql: string, parameters: readonly unknown[], as: RowText): Promise<Readable> {
    const { options } = (this.dataSource.driver as unknown as { master: pg.Pool }).master;
    // The pool hides the password from whoever lists its options.
    return copyOut({ ...options, password: options.password as string | undefined }, sql, parameters, as);
  }

  /**
   * Runs one unit of work, whole or not at all.
   *
   * A key that was used before gives the reference of its first result and no second effect; with another input it is
   * a `CONFLICT`. A thrown {@link Rejected} rolls everything back and comes out as the refusal it carries; a *returned*
   * refusal is committed with what the work did on the way. Deadlocks and serialization failures are tried again.
   * @returns the reference that the work gave, the first time or now
   */
  async write<R extends Reference>(command: Command, work: (tx: Tx) => Promise<R | Refusal>): Promise<R | Refusal> {
    for (let attempt = 1; ; attempt++) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- each attempt starts when the one before has failed
        return await this.attempt(command, work);
      } catch (error) {
        if (error instanceof Rejected) return error.refusal;
        if (!isTransient(error) || attempt === MOST_ATTEMPTS) throw error;
        // oxlint-disable-next-line no-await-in-loop -- waiting is the point: two that met should not meet again
        await wait(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  private attempt<R extends Reference>(command: Command, work: (tx: Tx) => Promise<R | Refusal>): Promise<R | Refusal> {
    return this.dataSource.transaction('READ COMMITTED', async (manager) => {
      const tx = new Transaction(manager, command.actor, this.clock);
      const first = command.key ? await claimKey(tx, command, this.clock.now()) : undefined;
      if (first) return first as R;
      const done = await work(tx);
      if (isRefusal(done)) {
        // Nothing to find again under the key: whoever repeats the call is refused again, from the same stored facts.
        if (command.key) await releaseKey(tx, command);
        await appendToJournal(tx, command, { refused: done.code });
        return done;
      }
      if (command.key) await rememberResult(tx, command, done);
      await appendToJournal(tx, command, done);
      return done;
    });
  }
}

/** Keys belong to a caller: those of two callers never meet. */
function scopeOf({ scope, actor }: Command): string {
  return scope ?? actor.id ?? actor.role;
}

/**
 * Takes the key for this transaction. A second caller with the same key waits here until the first has committed or
 * rolled back, because both insert the same primary key.
 * @returns what the first use gave, or nothing when this is the first
 */
async function claimKey(tx: Tx, command: Command, at: Date): Promise<Reference | undefined> {
  const { key } = command;
  const scope = scopeOf(command);
  const hash = hashOf(command);
  const claimed = await tx.rows(
    `insert into idempotency (scope, key, at, action, body_hash) values ($1, $2, $3, $4, $5)
     on conflict (scope, key) do nothing returning key`,
    [scope, key, at, command.action, hash],
  );
  if (claimed.length > 0) return undefined;
  const [before] = await tx.rows<{ body_hash: string; reference: Reference }>(
    `select body_hash, reference from idempotency where scope = $1 and key = $2`,
    [scope, key],
  );
  if (before?.body_hash !== hash) {
    throw new RequestFault('CONFLICT', 'This idempotency key was used before with another input.', {
      field: 'input.idempotencyKey',
    });
  }
  return before.reference;
}

async function rememberResult(tx: Tx, command: Command, reference: Reference): Promise<void> {
  await tx.rows(`update idempotency set reference = $3 where scope = $1 and key = $2`, [
    scopeOf(command),
    command.key,
    JSON.stringify(reference),
  ]);
}

async function releaseKey(tx: Tx, command: Command): Promise<void> {
  await tx.rows(`delete from idempotency where scope = $1 and key = $2`, [scopeOf(command), command.key]);
}

async function appendToJournal(tx: Tx, command: Command, reference: Reference): Promise<void> {
  await tx.rows(
    `insert into journal (id, at, actor_id, actor_role, action, request_id, reason, reference)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      newId(),
      tx.now,
      tx.actor.id,
      tx.actor.role,
      command.action,
      tx.actor.requestId,
      command.reason ?? null,
      JSON.stringify(reference),
    ],
  );
}
