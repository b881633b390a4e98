import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inlined, literal } from '../../src/platform/copy-out.js';
import { Database } from '../../src/platform/database.js';
import { asOwner } from '../support/builders.js';
import { openWorld, type World } from '../support/world.js';

describe('a reading that streams', () => {
  let world: World;
  let database: Database;

  beforeAll(async () => {
    world = await openWorld();
    database = world.app.get(Database);
  });
  afterAll(() => world.close());

  async function lines(sql: string, parameters: unknown[] = []): Promise<string[]> {
    return (await textOf(await database.stream(sql, parameters, 'LINES'))).split('\n').slice(0, -1);
  }

  it('takes every text for a text, whatever stands in it', async () => {
    const nasty = fc.constantFrom(
      "'",
      '"',
      '\\',
      '$1',
      '$2',
      '{',
      '}',
      ',',
      'null',
      ';',
      '--',
      '/*',
      '\n',
      '\x01',
      'E',
      '$$',
      '口罩',
    );
    const value = fc
      .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 8 })
      .map((parts) => parts.join('').replaceAll(/\0|\p{Cs}/gu, ''));
    await fc.assert(
      fc.asyncProperty(value, fc.array(fc.oneof(value, fc.constant(null)), { maxLength: 4 }), async (one, list) => {
        const [line] = await lines(`select json_build_array($1::text, $2::text[], $1::text)`, [one, list]);
        expect(JSON.parse(line!)).toEqual([one, list, one]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives parameters the types that their places have', async () => {
    const day = new Date('2020-03-31T23:30:00.120Z');
    const [line] = await lines(
      `select json_build_array($1::timestamptz = '2020-03-31 23:30:00.12+00', 2 = any($2), $3::uuid is null, true = $4)`,
      [day, [1, 2], null, true],
    );
    expect(JSON.parse(line!)).toEqual([true, true, true, true]);
  });

  it('refuses what would end the statement, or stands for nothing', () => {
    expect(() => literal('a\0b')).toThrow('U+0000');
    expect(() => literal(['a\0b'])).toThrow('U+0000');
    expect(() => literal({})).toThrow(TypeError);
    expect(() => inlined('select $2', ['a'])).toThrow(RangeError);
    expect(inlined('select $1, $2', ['$2', 'b'])).toBe(`select '$2', 'b'`);
  });

  it('works as the application, may only read, and has its own time', async () => {
    expect(
      await lines(
        `select concat_ws(' ', current_user, current_setting('statement_timeout'), current_setting('transaction_read_only'),
           current_setting('client_connection_check_interval'), current_setting('timezone'), current_setting('lock_timeout'))`,
      ),
    ).toEqual(['ppe_app 1h on 1s UTC 15s']);
    await expect(
      database.stream(
        `insert into item (id, code, name, category) values (gen_random_uuid(), 'X', 'X', 'MASK') returning 1`,
        [],
        'CSV',
      ),
    ).rejects.toMatchObject({ code: '25006' });
  });

  it('that cannot begin says why, and leaves no connection behind', async () => {
    await expect(database.stream('select nothing', [], 'CSV')).rejects.toMatchObject({ code: '42703' });
    await expect(database.stream('select 1 / (1 - g) from generate_series(1, 2) g', [], 'CSV')).rejects.toMatchObject({
      code: '22012',
    });
    const left = async (): Promise<number> =>
      (
        (await asOwner(
          world,
          `select count(*)::integer as n from pg_stat_activity where datname = current_database() and query like 'copy (%' and pid <> pg_backend_pid()`,
        )) as [{ n: number }]
      )[0].n;
    while ((await left()) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await left()).toBe(0);
  });
});
