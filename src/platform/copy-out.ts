import { once } from 'node:events';
import { finished, type Readable } from 'node:stream';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/**
 * How rows become text. `CSV`: as RFC 4180 has it, the names of the columns first. `LINES`: the one column of each row as
 * it is, a line for each; it must hold no control character.
 */
export type RowText = 'CSV' | 'LINES';

const FORMAT: Readonly<Record<RowText, string>> = {
  CSV: 'format csv, header',
  // A text without control characters is never quoted by these, nor is anything in it escaped.
  LINES: `format csv, quote E'\\x01', delimiter E'\\x02'`,
};

/** So long may one reading take, whoever waits for whom: it keeps old rows from being cleaned away. */
const LONGEST = '1h';
/**
 * The rows come in the order of an index, one by one: what they name is looked up, and remembered as long as there is
 * room. A hash join would have to sort everything before the first row, on disk.
 */
const SETTINGS = {
  statement_timeout: LONGEST,
  default_transaction_read_only: 'on',
  // A reading whose reader has gone ends, also while it has nothing to send yet.
  client_connection_check_interval: '1s',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  // The other core is for those who are waiting for an answer.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  work_mem: '16MB',
  datestyle: 'ISO',
  timezone: 'UTC',
};

/** An element of an array in its text form. */
function element(value: unknown): string {
  return value === null ? 'null' : `"${textOf(value).replace(/["\\]/g, '\\$&')}"`;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`a ${typeof value} cannot stand in a statement`);
  const text = String(value);
  // It would end the statement where it stands.
  if (text.includes('\0')) throw new TypeError('a text with U+0000 cannot stand in a statement');
  return text;
}

/** A value as it may stand in a statement: quoted, of a type that its place decides, as a parameter's is. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return pg.escapeLiteral(Array.isArray(value) ? `{${value.map(element).join(',')}}` : textOf(value));
}

/** The statement with its parameters in their places. COPY takes none. */
export function inlined(sql: string, parameters: readonly unknown[]): string {
  return sql.replace(/\$(\d+)/g, (_, number: string) => {
    const place = Number(number) - 1;
    if (place < 0 || place >= parameters.length) throw new RangeError(`there is no parameter $${number}`);
    // What came in is not looked at again: a text may hold `$1`.
    return literal(parameters[place]);
  });
}

/**
 * Runs one reading on a connection of its own and gives its rows as text, piece by piece, as fast as they are taken. The
 * connection is closed when the text has ended; destroying the text before that closes it at once, and ends the
 * reading. A reading that fails after it has begun destroys the text with the error.
 * @param settings how to connect, as the pool does
 */
export async function copyOut(
  settings: pg.ClientConfig,
  sql: string,
  parameters: readonly unknown[],
  as: RowText,
): Promise<Readable> {
  const statement = `copy (${inlined(sql, parameters)}) to stdout with (${FORMAT[as]})`;
  const own = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`);
  const client = new pg.Client({ ...settings, options: [settings.options ?? '', ...own].join(' ') });
  // The text tells of it.
  client.on('error', () => {});
  await client.connect();
  const text = client.query(copyTo(statement));
  // Where nobody listens any more, what goes wrong with a connection that was closed on purpose is no news.
  text.on('error', (error) => text.destroy(error));
  // In the middle of a reading it does not take leave, but cuts the connection.
  finished(text, () => void client.end().catch(() => {}));
  await once(text, 'readable');
  return text;
}
