import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { aDonor } from '../support/builders.js';
import { runCommand, type Said } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';

const TOKEN = /^ppe_[A-Za-z0-9_-]{43}\n$/;
const STOCK = '{ stock { onHandUnits } }';

describe('the token command', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());

  const command = (...args: string[]): Promise<Said> => runCommand('token', args, { DATABASE_URL: world.databaseUrl });
  /** The tables in which a text stands, in whatever column. */
  const tablesWith = async (text: string): Promise<string[]> => {
    const tables: { name: string }[] = await world.dataSource.query(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'migrations'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const sql = `select 1 from ${name} t where position($1 in t::text) > 0 limit 1`;
      if ((await world.dataSource.query(sql, [text])).length > 0) found.push(name);
    }
    return found.sort();
  };

  it('makes a token that works, says it once, and keeps only its hash', async () => {
    const said = await command('create', '--role', 'COORDINATOR', '--name', 'Dr. Wu');
    expect(said).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(TOKEN), stderr: '' });
    const token = said.stdout.trim();
    expect(await world.with(token).ask(STOCK)).toEqual({ stock: [] });

    expect(await tablesWith(token)).toEqual([]);
    expect(await tablesWith(token.slice(4, 24))).toEqual([]);
    expect(await tablesWith(createHash('sha256').update(token).digest('hex'))).toEqual(['access_token']);
    expect(await tablesWith('Dr. Wu')).toEqual(['access_token']);
    const [entry] = await world.dataSource.query(`select actor_role from journal where action = 'createToken'`);
    expect(entry).toEqual({ actor_role: 'COMMAND_LINE' });
  });

  it('makes a token that speaks for one donor', async () => {
    const [hers, other] = [await aDonor(await world.as('ADMIN')), await aDonor(await world.as('ADMIN'))];
    const said = await command('create', '--role', 'DONOR', '--name', 'a donor', '--subject', hers.id);
    const donor = world.with(said.stdout.trim());
    const give = `mutation($input: LogDonationInput!) { logDonation(input: $input) { __typename } }`;
    const lines = [{ itemCode: 'MASK', units: 1 }];
    expect(await donor.ask(give, { input: { donorId: hers.id, lines } })).toEqual({
      logDonation: { __typename: 'Shipment' },
    });
    expect((await donor.error(give, { input: { donorId: other.id, lines } })).extensions.code).toBe('FORBIDDEN');
  });

  it('a token with one letter changed is nobody’s', async () => {
    const said = await command('create', '--role', 'ADMIN', '--name', 'to be changed');
    const token = said.stdout.trim();
    const changed = token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.at(-1);
    expect((await world.with(token).answer(STOCK)).status).toBe(200);
    expect(await world.with(changed).answer(STOCK)).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('makes none, and exits with 2, when its arguments are wrong', async () => {
    const before = await world.dataSource.query('select count(*) as n from access_token');
    const wrong = [
      [],
      ['create'],
      ['create', '--role', 'COORDINATOR'],
      ['create', '--role', 'BOSS', '--name', 'x'],
      ['create', '--role', 'LINK', '--name', 'x'],
      ['create', '--role', 'ADMIN', '--name', '  '],
      ['create', 'again', '--role', 'ADMIN', '--name', 'x'],
      ['destroy', '--role', 'ADMIN', '--name', 'x'],
      ['create', '--role', 'ADMIN', '--name', 'x', '--colour', 'red'],
      ['create', '--role', 'ADMIN', '--name', 'x', '--subject', '01900000-0000-7000-8000-000000000001'],
      ['create', '--role', 'DONOR', '--name', 'x', '--subject', 'me'],
    ];
    for (const args of wrong) {
      const { exitCode, stdout, stderr } = await command(...args);
      expect({ args, exitCode, stdout, helps: stderr.includes('usage: npm run token') }).toEqual({
        args,
        exitCode: 2,
        stdout: '',
        helps: true,
      });
    }
    expect(await world.dataSource.query('select count(*) as n from access_token')).toEqual(before);
  });
});
