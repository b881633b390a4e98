import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aGroup,
  aNeed,
  asOwner,
  clinicians,
  dayFromNow,
  FORM_GROUP,
  REGISTER,
  rowCounts,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { faultsOf, importFile } from '../support/imports.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
});
afterAll(() => world.close());

const recipients = (lines: readonly string[] | string, input: object = {}) =>
  importFile(coordinator, 'Recipients', lines, input);
const needs = (lines: readonly string[] | string, input: object = {}) => importFile(coordinator, 'Needs', lines, input);

interface Person {
  id: string;
  name: string;
  needs: { nodes: Record<string, unknown>[] };
}
async function people(search: string): Promise<Person[]> {
  const { recipients: found } = await coordinator.ask<{ recipients: { nodes: Person[] } }>(
    `query($search: String) { recipients(search: $search, first: 10) { nodes { id name profession specialty facility country subdivision email
      phone exposureTier headcount status groups { name } needs(first: 10) { nodes { item { code } category units neededBy validUntil supplyState
      status statedAt } } } } }`,
    { search },
  );
  return found.nodes;
}

describe('a file of recipients', () => {
  it('registers them with all that is known of them, and has them join their groups', async () => {
    for (const name of ['Colleagues', 'Chinese doctors in the US']) {
      await coordinator.ask(FORM_GROUP, { input: { name, memberIds: [] } });
    }
    const report = await recipients([
      'Name,Job,科室,Hospital,Country,State,E-mail,电话,Tier,人数,Groups,ID',
      '王芳 One,physician,ICU,General,us,us-ny,WANG@One.org,+14155550123,1,3,colleagues; chinese  doctors in the us,A-1',
      'Ben One,,,,,,,,,,,',
    ]);
    expect(report).toMatchObject({ importedRows: 2, newRecipients: 2, ignoredColumns: [] });
    expect(await people(' One')).toMatchObject([
      {
        name: '王芳 One',
        profession: 'physician',
        specialty: 'ICU',
        facility: 'General',
        country: 'US',
        subdivision: 'US-NY',
        email: 'wang@one.org',
        phone: '+14155550123',
        exposureTier: 1,
        headcount: 3,
        status: 'ACTIVE',
        groups: [{ name: 'Colleagues' }, { name: 'Chinese doctors in the US' }],
      },
      { name: 'Ben One', email: null, exposureTier: 3, headcount: 1, groups: [] },
    ]);
  });

  it('names every fault, without names and addresses, and registers nobody while one row is bad', async () => {
    await coordinator.ask(REGISTER, { input: { recipients: [{ name: 'T', email: 'taken@secret.org' }] } });
    const before = await rowCounts(world);
    const refused = await recipients([
      'name,country,state,email,phone,tier,people,groups',
      'Eve Secret,,,TAKEN@secret.org,,,,',
      'Ann Secret,,,two@secret.org,,,,',
      'Bea Secret,,,two@secret.org,,,,',
      'Cat Secret,,,,,,,Nobody Secret',
      'Dan Secret,USA,NY,dan.secret,5559876,4,0,',
      ',US,,,,,,',
    ]);
    expect(faultsOf(refused)).toEqual([
      '2 email EMAIL_TAKEN',
      '4 email EMAIL_TAKEN',
      '5 groups UNKNOWN_GROUP',
      '6 country NOT_A_COUNTRY',
      '6 subdivision NOT_A_SUBDIVISION',
      '6 email NOT_AN_EMAIL',
      '6 phone NOT_A_PHONE_NUMBER',
      '6 exposureTier OUT_OF_RANGE',
      '6 headcount OUT_OF_RANGE',
      '7 name MISSING',
    ]);
    expect(JSON.stringify(refused)).not.toMatch(/secret|5559876/i);
    expect(await rowCounts(world)).toEqual(before);
  });

  it('a second run registers nobody twice; a changed row says so', async () => {
    const lines = [
      'name,email,reference',
      'Mei Again,mei@again.org,M-1',
      'Lin Again,,M-2',
      'Noref Again,,',
      'Noref Again,,',
    ];
    expect(await recipients(lines)).toMatchObject({ newRecipients: 4 });
    expect(await recipients(lines)).toMatchObject({ newRecipients: 0, knownRows: 4 });
    const changed = await recipients([lines[0]!, 'Mei Again,other@again.org,M-1']);
    expect(faultsOf(changed)).toEqual(['2 CHANGED']);
    expect(JSON.stringify(changed)).not.toMatch(/again\.org|M-1|Mei/);
    expect(await people(' Again')).toHaveLength(4);
    // What somebody is called elsewhere is kept as a hash.
    expect(await asOwner(world, `select 1 from imported_row r where r::text ~ 'M-1|Again'`)).toEqual([]);
  });
});

describe('a file of needs', () => {
  it('is for recipients found by id, by address, or by the reference under which they were imported', async () => {
    await recipients(['name,email,reference', 'Ida Found,ida@found.org,F-1']);
    const [ida] = await people('Ida Found');
    const report = await needs([
      'recipient id;email;recipient reference;item;category;units;needed by;valid until;date;supply state',
      `${ida!.id.toUpperCase()};;;N95;;20;${dayFromNow(3)};${dayFromNow(9)};;crisis`,
      ';IDA@found.org;;;口罩;30.0;;;2020-04-02 16:27:00+00:00;',
      `${ida!.id};ida@found.org;F-1;防护服;;1;;;${dayFromNow(-1)};`,
    ]);
    expect(report).toMatchObject({ importedRows: 3, importedUnits: 51, newRecipients: 0 });
    const [found] = await people('Ida Found');
    expect(found!.needs.nodes.toReversed()).toMatchObject([
      {
        item: { code: 'N95' },
        units: 20,
        neededBy: dayFromNow(3),
        validUntil: dayFromNow(9),
        supplyState: 'CRISIS',
        status: 'OPEN',
      },
      {
        category: 'MASK',
        item: null,
        units: 30,
        neededBy: '2020-04-02',
        validUntil: '2020-06-01',
        statedAt: '2020-04-02T00:00:00.000Z',
        status: 'EXPIRED',
      },
      { item: { code: 'PROTECTIVE_SUIT' }, neededBy: dayFromNow(-1), validUntil: dayFromNow(59), status: 'OPEN' },
    ]);
    expect(await needs(['recipient reference,item,units', 'F-1,MASK,4'])).toMatchObject({ importedRows: 1 });
    expect(await world.breaches()).toEqual([]);
  });

  it('names every fault of every row, and writes nothing while one is bad', async () => {
    await recipients(['name,email,reference', 'Ann,a@two.org,T-1', 'Bea,b@two.org,T-2', 'Cat,c@two.org,T-3']);
    const [cat] = await people('c@two.org');
    await coordinator.ask(
      `mutation($input: ChangeRecipientStatusInput!) { changeRecipientStatus(input: $input) { id } }`,
      { input: { recipientId: cat!.id, status: 'DEACTIVATED' } },
    );
    const before = await rowCounts(world);
    const refused = await needs([
      'id,recipient id,email,recipient reference,item,category,units,needed by,valid until,date,supply state',
      'n,,nobody@secret.org,,MASK,,1,,,,',
      'n,,,S-secret,MASK,,1,,,,',
      'n,,a@two.org,T-2,MASK,,1,,,,',
      'n,,,T-3,MASK,,1,,,,',
      'n,,c@two.org,,MASK,,1,,,,',
      'n,,,,MASK,,1,,,,',
      'n,R-1,,,MASK,,1,,,,',
      'n,,,T-1,MASK,MASK,1,,,,',
      'n,,,T-1,,,1,,,,',
      'n,,,T-1,,Hats,1,,,,fine',
      'n,,,T-1,MASK,,1,2020-04-02,2020-04-01,2020-03-01,',
      `n,,,T-1,MASK,,1,2020-04-02,2020-04-05,,`,
      'n,,,T-1,MASK,,1,,,2999-01-01,',
      'n,,,T-1,WARE,,1.000,2020/4/2,2020-01-01,,',
    ]);
    expect(faultsOf(refused)).toEqual([
      '2 email UNKNOWN_RECIPIENT',
      '3 recipientReference UNKNOWN_RECIPIENT',
      '4 RECIPIENTS_DIFFER',
      '5 RECIPIENT_DEACTIVATED',
      '6 email UNKNOWN_RECIPIENT',
      '7 MISSING',
      '8 recipientId NOT_AN_ID',
      '9 item ITEM_OR_CATEGORY',
      '10 item ITEM_OR_CATEGORY',
      '11 category UNKNOWN_WORD',
      '11 supplyState UNKNOWN_WORD',
      '12 validUntil DAYS_OUT_OF_ORDER',
      '13 validUntil DAY_GONE_BY',
      '14 statedOn DAY_TO_COME',
      '15 units NOT_A_WHOLE_NUMBER',
      '15 neededBy NOT_A_DAY',
      '15 item UNKNOWN_ITEM',
    ]);
    expect(refused.ignoredColumns).toBeUndefined();
    expect(JSON.stringify(refused)).not.toMatch(/secret|two\.org/i);
    expect(await rowCounts(world)).toEqual(before);
  });

  it('registers whom only a reference is known of, where it is told to, and knows her the next time', async () => {
    const lines = [
      ',rec_id,date,ppe,qty',
      '1,rec0,2020-04-02 16:27:00+00:00,faceShields,5000.0',
      '9,rec0,2020-04-02 16:27:00+00:00,gowns,10.0',
    ];
    const mapping = { mapping: 'getusppe-requests' };
    expect(await needs(lines, mapping)).toMatchObject({ importedRows: 2, newRecipients: 1 });
    expect(
      await needs([...lines, '11,rec0,2020-04-02 16:27:00+00:00,thermometers,3'], { ...mapping, skipBadRows: true }),
    ).toMatchObject({
      importedRows: 0,
      knownRows: 2,
      newRecipients: 0,
      badRows: [{ row: 4, column: 'ppe', code: 'UNKNOWN_ITEM' }],
    });
    const leaveOut = [{ field: 'item', values: [{ from: 'thermometers', to: null }] }];
    expect(
      await needs(
        [...lines, '11,rec0,2020-04-02 16:27:00+00:00,thermometers,3', '12,rec1,2020-04-03 16:27:00+00:00,gowns,3'],
        {
          ...mapping,
          columns: leaveOut,
        },
      ),
    ).toMatchObject({ importedRows: 1, leftOutRows: 1, newRecipients: 1 });
    expect((await people('rec0'))[0]!.needs.nodes).toHaveLength(2);
    const unknown = await needs(['recipient,item,units', 'rec7,MASK,1'], { createRecipients: false });
    expect(faultsOf(unknown)).toEqual(['2 recipientReference UNKNOWN_RECIPIENT']);
    expect(await needs(['recipient,item,units', 'rec7,MASK,1'], { createRecipients: true })).toMatchObject({
      newRecipients: 1,
    });
  });

  it('comes before or after a split that holds its people, and locks nobody in a dry run', async () => {
    const [id] = await clinicians(coordinator, 1, [await aGroup(coordinator)]);
    await aNeed(coordinator, id!);
    const splitting = await connect(world.databaseUrl);
    try {
      await splitting.query('begin');
      await splitting.query(`select 1 from recipient where id = $1 for share`, [id]);
      const lines = ['recipient id,item,units', `${id},GOWN,3`];
      expect(await needs(lines, { dryRun: true })).toMatchObject({ importedRows: 1 });
      let done = false;
      const waiting = needs(lines).then((report) => {
        done = true;
        return report;
      });
      const queued = `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%for no key update%' and datname = current_database()`;
      while ((await asOwner(world, queued)).every((row) => (row as { n: number }).n === 0)) expect(done).toBe(false);
      expect(done).toBe(false);
      await splitting.query('commit');
      expect(await waiting).toMatchObject({ importedRows: 1 });
    } finally {
      await splitting.end();
    }
  });
});

const GETUSPPE = process.env['GETUSPPE'];
(GETUSPPE ? describe : describe.skip)('the requests of GetUsPPE', () => {
  it('are imported but for an absurd quantity and the kinds that the catalogue has not', async () => {
    const csv = readFileSync(join(GETUSPPE!, 'requests.csv'), 'utf8');
    const report = await needs(csv, { mapping: 'getusppe-requests', skipBadRows: true });
    expect(report).toMatchObject({ rows: 31_202, totalBadRows: 6016, leftOutRows: 0 });
    // A story above brought one of their rows.
    expect(report.importedRows + report.knownRows).toBe(25_186);
  });
});
