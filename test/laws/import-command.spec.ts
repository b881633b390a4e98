import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asOwner, rowCounts } from '../support/builders.js';
import { runCommand, type Said } from '../support/process.js';
import { openWorld, type World } from '../support/world.js';

const SUMMARY =
  /^rows (\d+), (?:would be )?imported (\d+), imported before (\d+), left out (\d+), bad (\d+), units (\d+)/m;

describe('the import command', () => {
  let world: World;
  let folder: string;

  beforeAll(async () => {
    world = await openWorld();
    folder = await mkdtemp(join(tmpdir(), 'ppe-import-test-'));
  });
  afterAll(async () => {
    await world?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const command = (args: string[], input?: string): Promise<Said> =>
    runCommand('import', args, { DATABASE_URL: world.databaseUrl }, input);
  /** rows, imported, known, left out, bad, units */
  const figures = ({ stdout }: Said): number[] => SUMMARY.exec(stdout)!.slice(1).map(Number);

  it('imports a file, says what became of it, and leaves one journal row', async () => {
    const path = await file('gifts.csv', 'Donor,Item,Qty,Remarks\nSecret Giver,MASK,5\nSecret Giver,N95,7\n');
    const said = await command(['donations', path]);
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    expect(figures(said)).toEqual([2, 2, 0, 0, 0, 12]);
    expect(said.stdout).toContain('column "Remarks" was not read');
    expect(said.stdout).not.toMatch(/secret/i);
    expect(figures(await command(['donations', path]))).toEqual([2, 0, 2, 0, 0, 0]);
    const rows = await asOwner(world, `select actor_role from journal where action = 'importDonations'`);
    expect(rows).toEqual([{ actor_role: 'COMMAND_LINE' }, { actor_role: 'COMMAND_LINE' }]);
    expect(await world.breaches()).toEqual([]);
  });

  it('reads standard input', async () => {
    const said = await command(['recipients', '-'], '\ufeff姓名\t邮箱\t编号\n王芳\twang@secret.org\tW-1\n');
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    expect(figures(said)).toEqual([1, 1, 0, 0, 0, 0]);
    const dry = await command(['needs', '-', '--dry-run'], 'recipient;item;units\nW-1;口罩;5\n');
    expect(figures(dry)).toEqual([1, 1, 0, 0, 0, 5]);
    expect(dry.stdout).toContain('would be imported 1');
    expect(await asOwner(world, 'select 1 from need')).toEqual([]);
  });

  it('names all bad rows, writes nothing, and ends with exit code 1; or skips them when told to', async () => {
    const bad = Array.from({ length: 1500 }, (_, i) => `Nora Secret ${i},n${i}.secret,x`).join('\n');
    const path = await file('people.csv', `name,email,tier\nGood One,good@one.org,1\n${bad}\n`);
    const before = await rowCounts(world);
    const refused = await command(['recipients', path]);
    expect(refused).toMatchObject({ exitCode: 1, stderr: '' });
    const lines = refused.stdout.trim().split('\n');
    expect(lines).toHaveLength(3001);
    expect(lines[0]).toBe('row 3, email: NOT_AN_EMAIL: Is not an e-mail address.');
    expect(lines[1]).toMatch(/^row 3, "tier" \(exposureTier\): NOT_A_WHOLE_NUMBER: Write a whole number/);
    expect(lines[2999]).toMatch(/^row 1502, /);
    expect(lines[3000]).toBe('BAD_ROWS: 1500 rows of 1501 cannot be taken in: nothing was written.');
    expect(refused.stdout).not.toMatch(/secret/i);
    expect(await rowCounts(world)).toEqual(before);

    const skipped = await command(['recipients', path, '--skip-bad-rows']);
    expect(skipped.exitCode).toBe(0);
    expect(figures(skipped)).toEqual([1501, 1, 0, 0, 1500, 0]);
    expect(skipped.stdout.split('\n').slice(0, 3000)).toEqual(lines.slice(0, 3000));
  });

  it('goes by a mapping that is built in, or that a file holds on top of one', async () => {
    const requests =
      ',rec_id,date,ppe,qty\n1,rec0,2020-04-02 16:27:00+00:00,faceShields,50.0\n2,rec0,2020-04-02 16:27:00+00:00,thermometers,2.0\n';
    const path = await file('requests.csv', requests);
    const refused = await command(['needs', path, '--mapping', 'getusppe-requests']);
    expect(refused.stdout).toMatch(/^row 3, "ppe" \(item\): UNKNOWN_ITEM: /);
    expect(refused.exitCode).toBe(1);
    const own = { extends: 'getusppe-requests', values: { item: { thermometers: null } } };
    const mapping = await file('mapping.json', JSON.stringify(own));
    expect(figures(await command(['needs', path, '--mapping', mapping]))).toEqual([2, 1, 0, 1, 0, 50]);

    const wrong = await file('wrong.json', JSON.stringify({ columns: { colour: 'x' }, default: {} }));
    const faults = await command(['needs', path, '--mapping', wrong]);
    expect(faults).toMatchObject({ exitCode: 2, stdout: '' });
    expect(faults.stderr).toMatch(/--mapping: default: .*\n--mapping: columns\.colour: /);
    for (const mapping of ['nobody', await file('none.json', '{'), await file('base.json', '{"extends":"x"}')])
      expect(await command(['needs', path, '--mapping', mapping])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await command(['donations', path, '--mapping', 'getusppe-requests'])).toMatchObject({ exitCode: 2 });
  });

  it('says how far it is, every ten thousand rows', async () => {
    const path = await file('long.csv', `donor,item,units\n${'D,skip,1\n'.repeat(21_500)}`);
    const mapping = await file('skip.json', JSON.stringify({ values: { item: { SKIP: null } } }));
    const said = await command(['donations', path, '--mapping', mapping]);
    expect(said.stderr).toBe('10000 rows\n20000 rows\n');
    expect(figures(said)).toEqual([21_500, 0, 0, 21_500, 0, 0]);
  });

  it('refuses a file that is not UTF-8, or is none, and a call that it does not understand', async () => {
    const gbk = Uint8Array.from([0xbe, 0xe8, 0xd4, 0xf9, 0xd5, 0xdf, 0x2c, 0x0a]);
    expect(await command(['donations', await file('gbk.csv', gbk)])).toMatchObject({
      exitCode: 1,
      stdout: 'NOT_UTF8: The file is not UTF-8: save it as "CSV UTF-8".\n',
    });
    expect(await command(['donations', join(folder, 'nowhere.csv')])).toMatchObject({ exitCode: 2, stdout: '' });
    const calls = [[], ['donations'], ['gifts', '-'], ['needs', '-', '--all'], ['needs', 'a', 'b']];
    for (const said of await Promise.all(calls.map((args) => command(args))))
      expect(said).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('usage:') });
  });

  it('does not repeat what a broken database was told', async () => {
    await asOwner(world, 'revoke insert on recipient from ppe_app');
    try {
      const said = await command(['recipients', '-'], 'name\nHidden Secret\n');
      expect(said).toMatchObject({ exitCode: 1, stdout: '' });
      expect(said.stderr).toMatch(/^Nothing was imported: permission denied/);
      expect(said.stderr).not.toContain('Secret');
    } finally {
      await asOwner(world, 'grant insert on recipient to ppe_app');
    }
  });
});
