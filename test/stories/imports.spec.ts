import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonor, asOwner, faultOf, rowCounts, STOCK } from '../support/builders.js';
import { connect } from '../support/database.js';
import { faultsOf, importFile, importing } from '../support/imports.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
});
afterAll(() => world.close());

const donations = (lines: readonly string[] | string, input: object = {}) =>
  importFile(coordinator, 'Donations', lines, input);

interface ShipmentSeen {
  id: string;
  reference: string;
  status: string;
  receivedAt: string;
  donor: { name: string; kind: string; country: string | null };
  lines: { item: { code: string }; acceptedUnits: number; lots: { lotNumber: string; expiresOn: string }[] }[];
}
async function shipmentsOf(donorName: string): Promise<ShipmentSeen[]> {
  const { shipments } = await coordinator.ask<{ shipments: { nodes: ShipmentSeen[] } }>(
    `{ shipments(first: 100) { nodes { id reference status receivedAt donor { name kind country }
      lines { item { code } acceptedUnits unitsPerPack lots { lotNumber expiresOn availableUnits } } } } }`,
  );
  return shipments.nodes.filter((shipment) => shipment.donor.name === donorName).toReversed();
}

describe('a file of donations', () => {
  it('becomes shipments, lots and stock, as donations that are logged do', async () => {
    const report = await donations([
      'Donor;Donor kind;Country;Item;Quantity;Pack size;Lot;Expiry date;Date;Reference;Remarks',
      'Silk Road;company;cn;N95;200;20;L1;2030-01-31;2020-04-02;PL-1;urgent',
      'Silk Road;company;cn;护目镜;20.0;;;;2020-04-02 16:27:00+00:00;PL-1;',
      ';;;;;;;;;;',
      'Silk Road;company;cn;face shield;5;;;;2020-04-03;PL-1;',
      'Willow Fund;;;mask;7;;;;;;',
    ]);
    expect(report).toMatchObject({
      __typename: 'ImportReport',
      dryRun: false,
      rows: 4,
      importedRows: 4,
      knownRows: 0,
      importedUnits: 232,
      newDonors: 2,
      newShipments: 3,
      totalBadRows: 0,
      ignoredColumns: ['Remarks'],
    });
    const [first, second, ...more] = await shipmentsOf('Silk Road');
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      reference: 'PL-1',
      status: 'RECEIVED',
      receivedAt: '2020-04-02T00:00:00.000Z',
      donor: { name: 'Silk Road', kind: 'COMPANY', country: 'CN' },
      lines: [
        {
          item: { code: 'N95' },
          acceptedUnits: 200,
          unitsPerPack: 20,
          lots: [{ lotNumber: 'L1', expiresOn: '2030-01-31', availableUnits: 200 }],
        },
        { item: { code: 'GOGGLES' }, acceptedUnits: 20, lots: [{ lotNumber: null, availableUnits: 20 }] },
      ],
    });
    expect(second).toMatchObject({
      receivedAt: '2020-04-03T00:00:00.000Z',
      lines: [{ item: { code: 'FACE_SHIELD' } }],
    });
    const [willow] = await shipmentsOf('Willow Fund');
    expect(willow).toMatchObject({ donor: { kind: 'ORGANISATION' }, reference: expect.stringMatching(/^S-/) });
    const { stock } = await coordinator.ask<{ stock: object[] }>(STOCK, { itemCodes: ['N95'] });
    expect(stock).toMatchObject([{ onHandUnits: 200, availableUnits: 200 }]);
    expect(await world.breaches()).toEqual([]);
    // Each entry of the ledger names its own shipment.
    const causes = await asOwner(
      world,
      `select e.cause_id = l.shipment_id as own from stock_entry e join lot l on l.id = e.lot_id`,
    );
    expect(causes).toEqual(Array.from({ length: 4 }, () => ({ own: true })));
  });

  it('is read with Chinese headers, commas, tabs, a byte order mark and cells in quotation marks', async () => {
    const report = await donations(
      '\ufeff捐赠方\t物资名称\t数量（件）\t批号\r\n"湖北\n商会"\t医用外科口罩\t30\t=1+1\r\n',
    );
    expect(report).toMatchObject({ importedRows: 1, newDonors: 1 });
    expect(await shipmentsOf('湖北\n商会')).toMatchObject([
      { lines: [{ item: { code: 'SURGICAL_MASK' }, lots: [{ lotNumber: '=1+1' }] }] },
    ]);
    expect(await donations('\ufeffdonor,item,units\n"Comma, Inc.",GOWN,1')).toMatchObject({ importedRows: 1 });
    expect(await shipmentsOf('Comma, Inc.')).toHaveLength(1);
  });

  it('finds donors who are registered, by name and kind, whatever the case and the white space', async () => {
    const { id } = await aDonor(coordinator, { name: 'Lotus  House', kind: 'COMPANY', email: 'a@lotus.example' });
    expect(await donations(['donor,item,units', ' lotus house ,MASK,1', 'LOTUS HOUSE,MASK,2'])).toMatchObject({
      importedRows: 2,
      newDonors: 0,
    });
    const [shipment] = await asOwner(world, `select count(*)::int as n from shipment where donor_id = '${id}'`).then(
      (r) => r,
    );
    expect(shipment).toEqual({ n: 1 });
    expect(await donations(['donor,donor kind,item,units', 'Lotus House,PERSON,MASK,3'])).toMatchObject({
      newDonors: 1,
    });
    const doubtful = await donations(['donor,item,units', 'Lotus House,MASK,4']);
    expect(faultsOf(doubtful)).toEqual(['2 donor AMBIGUOUS_DONOR']);
    const clear = await donations(['donor,email,item,units', 'Lotus House,A@lotus.example,MASK,4']);
    expect(clear).toMatchObject({ importedRows: 1, newDonors: 0 });
  });

  it('names every fault of every row, and writes nothing while one is bad', async () => {
    const before = await rowCounts(world);
    const lines = [
      'donor,donor kind,country,email,item,qty,pack,lot,expiry,date',
      'Good Secret,,,,MASK,1,,,,',
      ',,,,MASK,1,,,,',
      'Ann Secret,,,,MASK,"1,000",,,,',
      'Ann Secret,,,,MASK,0,,,,',
      'Ann Secret,,,,MASK,100000000000000.0,,,,',
      'Ann Secret,firm,China,ann.secret,MASX,1,2.5,,12月3日,2020/4/2',
      `Ann Secret,,,,MASK,1,,${'x'.repeat(101)},,2999-01-01`,
      'Ann Secret,,,,MASK,1,,,,,,too,many',
      'Ann Secret,,,,ann@secret.org,1,,,,',
    ];
    const refused = await donations(lines, { columns: [{ field: 'unitsPerPack', column: 'pack' }] });
    expect(refused).toMatchObject({ __typename: 'ImportRefusedError', code: 'BAD_ROWS', rows: 9, totalBadRows: 8 });
    expect(faultsOf(refused)).toEqual([
      '3 donor MISSING',
      '4 units NOT_A_WHOLE_NUMBER',
      '5 units OUT_OF_RANGE',
      '6 units OUT_OF_RANGE',
      '7 donorKind UNKNOWN_WORD',
      '7 donorCountry NOT_A_COUNTRY',
      '7 donorEmail NOT_AN_EMAIL',
      '7 unitsPerPack NOT_A_WHOLE_NUMBER',
      '7 expiresOn NOT_A_DAY',
      '7 receivedOn NOT_A_DAY',
      '7 item UNKNOWN_ITEM',
      '8 lotNumber TOO_LONG',
      '8 receivedOn DAY_TO_COME',
      '9 TOO_MANY_CELLS',
      '10 item UNKNOWN_ITEM',
    ]);
    expect(refused.badRows[3]).toMatchObject({ column: 'qty', message: expect.stringContaining('100000000000000.0') });
    expect(refused.badRows[10]!.message).toContain('Did you mean MASK');
    expect(JSON.stringify(refused)).not.toMatch(/secret/i);
    expect(await rowCounts(world)).toEqual(before);
    const toCome = await donations(['donor,item,units,date', 'Ann Secret,MASK,1,2999-01-01']);
    expect(faultsOf(toCome)).toEqual(['2 receivedOn DAY_TO_COME']);
    const skipped = await donations(lines, { columns: [{ field: 'unitsPerPack', column: 'pack' }], skipBadRows: true });
    expect(skipped).toMatchObject({ __typename: 'ImportReport', importedRows: 1, totalBadRows: 8, importedUnits: 1 });
    expect(skipped.badRows).toEqual(refused.badRows);
  });

  it('names a hundred faults and counts them all', async () => {
    const lines = ['donor,item,units', ...Array.from({ length: 2500 }, () => 'D,MASK,0')];
    const refused = await donations(lines);
    expect(refused).toMatchObject({ rows: 2500, totalBadRows: 2500 });
    expect(refused.badRows.map(({ row }) => row)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  });

  it('a dry run answers what the import would, and writes nothing', async () => {
    const lines = ['donor,item,units', 'Dry Donor,MASK,5', 'Dry Donor,MASK,5', 'Dry Donor,GOWN,1'];
    const before = await rowCounts(world);
    const dry = await donations(lines, { dryRun: true, idempotencyKey: 'dry' });
    expect(await rowCounts(world)).toEqual(before);
    expect(faultsOf(await donations([...lines, 'Dry Donor,GOWN,'], { dryRun: true }))).toEqual(['5 units MISSING']);
    const wet = await donations(lines);
    expect(dry).toMatchObject({ dryRun: true, importedRows: 3, newDonors: 1, newShipments: 1 });
    expect({ ...dry, dryRun: false, importId: '' }).toEqual({ ...wet, importId: '' });
  });

  it('of more lines than a shipment has becomes several shipments, also across batches', async () => {
    const rows = Array.from({ length: 1202 }, (_, i) => `Big Donor,MASK,${i + 1},BIG`);
    expect(await donations(['donor,item,units,reference', ...rows])).toMatchObject({
      importedRows: 1202,
      newShipments: 3,
    });
    expect((await shipmentsOf('Big Donor')).map(({ lines }) => lines.length)).toEqual([500, 500, 202]);
    expect(await world.breaches()).toEqual([]);
  });
});

describe('a file that was imported before', () => {
  it('doubles nothing, and brings in what was appended', async () => {
    const lines = [
      'donor,item,units,date',
      'Twice,MASK,5,2020-04-02',
      'Twice,MASK,5,2020-04-02',
      'Twice,GOWN,1,2020-04-02',
    ];
    expect(await donations(lines)).toMatchObject({ importedRows: 3, knownRows: 0 });
    const { journal: journalBefore, ...after } = await rowCounts(world);
    expect(await donations(lines)).toMatchObject({ importedRows: 0, knownRows: 3, newShipments: 0, importedUnits: 0 });
    // Another separator, other headers in another order, another way of writing the same quantity and day.
    const rewritten = [
      '数量;物资;捐赠方;日期',
      '5.0;mask;Twice;2020-04-02T08:00Z',
      '5.0;mask;Twice;2020-04-02',
      '1;gown;Twice;2020-04-02',
    ];
    const again = await donations(rewritten);
    const { journal, ...rest } = await rowCounts(world);
    expect(again).toMatchObject({ rows: 3 });
    expect({ again: again.knownRows, rest }).toEqual({ again: 3, rest: after });
    expect(journal).toBe(journalBefore! + 2);
    const appended = await donations([...lines, 'Twice,MASK,5,2020-04-02', 'Twice,N95,2,2020-04-02']);
    expect(appended).toMatchObject({ importedRows: 2, knownRows: 3, importedUnits: 7 });
  });

  it('a row is known by its own reference, and one that was changed is a bad row', async () => {
    const header = 'donor,item,units,row id';
    expect(await donations([header, 'Ref Donor,MASK,5,R-1', 'Ref Donor,MASK,5,R-2'])).toMatchObject({
      importedRows: 2,
    });
    const again = await donations([
      header,
      'Ref Donor,MASK,6,R-2',
      'Ref Donor,MASK,5,R-1',
      'Ref Donor,MASK,9,R-3',
      'Ref Donor,MASK,8,R-3',
    ]);
    expect(faultsOf(again)).toEqual(['2 CHANGED', '5 CHANGED']);
    expect(again.__typename).toBe('ImportRefusedError');
  });

  it('what was imported cannot be forgotten, not even by the owner of the tables', async () => {
    await expect(asOwner(world, `update imported_row set content = key`)).rejects.toThrow('append-only');
    await expect(asOwner(world, `delete from imported_row`)).rejects.toThrow('append-only');
  });

  it('two imports of it at once write it once', async () => {
    const lines = ['donor,item,units', ...Array.from({ length: 300 }, (_, i) => `Race,MASK,${i + 1}`)];
    const both = await Promise.all([donations(lines), donations(lines)]);
    expect(both.map((report) => report.importedRows).sort()).toEqual([0, 300]);
    expect(both.map((report) => report.knownRows).sort()).toEqual([0, 300]);
    expect(await shipmentsOf('Race')).toHaveLength(1);
  });

  it('imports take turns: one that comes while another is under way waits for it', async () => {
    const other = await connect(world.databaseUrl);
    try {
      await other.query('begin');
      await other.query('select pg_advisory_xact_lock(7240119)');
      let done = false;
      const waiting = donations(['donor,item,units', 'Patient,MASK,1']).then((report) => {
        done = true;
        return report;
      });
      const queued = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted and objid = 7240119`;
      while ((await asOwner(world, queued)).every((row) => (row as { n: number }).n === 0)) expect(done).toBe(false);
      expect(done).toBe(false);
      await other.query('commit');
      expect(await waiting).toMatchObject({ importedRows: 1 });
    } finally {
      await other.end();
    }
  });

  it('an idempotency key gives the first answer, faults included, and a journal row has the counts', async () => {
    const input = { skipBadRows: true, idempotencyKey: 'once' };
    const lines = ['donor,item,units', 'Keyed,MASK,1', 'Keyed,MASK,0'];
    const first = await donations(lines, input);
    expect(first).toMatchObject({ importedRows: 1, totalBadRows: 1 });
    expect(await donations(lines, input)).toEqual(first);
    const variables = { input: { csv: 'donor,item,units\n', ...input } };
    expect(await faultOf(coordinator, importing('Donations'), variables)).toEqual({
      code: 'CONFLICT',
      field: 'input.idempotencyKey',
    });
    const rows = await asOwner(
      world,
      `select reference from journal where action = 'importDonations' and reference->>'importId' = $1`,
      [first.importId],
    );
    expect(rows).toMatchObject([{ reference: { rows: 2, importedRows: 1, totalBadRows: 1, importedUnits: 1 } }]);
    expect(JSON.stringify(rows)).not.toContain('Keyed');
  });
});

describe('a file that cannot be read as a table', () => {
  it.each([
    ['nothing', '', 'EMPTY_FILE', null],
    ['no header', '\n\nD,MASK,1', 'EMPTY_FILE', null],
    ['a stray quotation mark', 'donor,item,units\nD,MASK,1\nD,5" mask,1\n', 'BROKEN_QUOTES', 3],
    ['a quotation mark that is never closed', 'donor,item,units\n"D,MASK,1\n', 'BROKEN_QUOTES', 2],
    ['text after a quotation mark', 'donor,item,units\n"D" x,MASK,1\n', 'BROKEN_QUOTES', 2],
    ['a row without an end', `donor,item,units\n"${'D\n'.repeat(200_000)}`, 'ROW_TOO_LONG', 2],
    ['no column for the item', 'donor,units\nD,1\n', 'MISSING_COLUMNS', 1],
    ['two columns for the units', 'donor,item,units,qty\nD,MASK,1,2\n', 'AMBIGUOUS_COLUMNS', 1],
  ])('%s: is refused by a code and a place', async (_, csv, code, row) => {
    const before = await rowCounts(world);
    expect(await donations(csv)).toMatchObject({ __typename: 'ImportFileError', code, row });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('a mapping finds the columns, translates values, leaves rows out, and is checked', async () => {
    const columns = [
      { field: 'units', column: 'Stück' },
      { field: 'donor', default: 'Hospital Garage' },
      {
        field: 'item',
        column: 'Ware',
        values: [
          { from: 'Maske', to: 'MASK' },
          { from: 'thermometers', to: null },
        ],
      },
    ];
    expect(await donations(['Ware,Stück', 'MASKE,3', 'Thermometers,2', 'N95,1'], { columns })).toMatchObject({
      rows: 3,
      importedRows: 2,
      leftOutRows: 1,
      importedUnits: 4,
    });
    expect(await donations(['Ware,Menge', 'MASKE,3'], { columns })).toMatchObject({
      code: 'UNKNOWN_COLUMNS',
      columns: ['Stück'],
    });
    const fault = (input: object) => faultOf(coordinator, importing('Donations'), { input: { csv: 'x', ...input } });
    expect(await fault({ columns: [{ field: 'colour', column: 'x' }] })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.columns.0.field',
    });
    expect(await fault({ mapping: 'nobody' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.mapping' });
    expect(await fault({ mapping: 'getusppe-requests' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.mapping' });
  });

  it('of more rows than a call takes is refused', async () => {
    const csv = `donor,item,units\n${'D,MASK,1\n'.repeat(50_001)}`;
    const before = await rowCounts(world);
    expect(await donations(csv)).toMatchObject({ __typename: 'TooManyRowsError', mostRows: 50_000 });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('reports quantities beyond what the caller believes, and beyond a million in files of GetUsPPE', async () => {
    const csv = 'donor,item,units\nA very big heart,MASK,1000001\n';
    expect(await donations(csv, { mostUnits: 1_000_000 })).toMatchObject({
      badRows: [{ row: 2, field: 'units', code: 'OUT_OF_RANGE', message: expect.stringContaining('here: 1000001') }],
    });
    const theirs = ',don_id,date,ppe,qty\n0,don7,2020-03-27 11:47:00+00:00,respirators,40000000.0\n';
    expect(await donations(theirs, { mapping: 'getusppe-donors' })).toMatchObject({
      badRows: [{ row: 2, field: 'units', code: 'OUT_OF_RANGE' }],
    });
    expect(await donations(csv, { dryRun: true })).toMatchObject({ __typename: 'ImportReport', importedRows: 1 });
  });

  it('is nobody’s but the staff’s to import', async () => {
    for (const role of ['AUDITOR', 'DONOR', 'RECIPIENT'] as const)
      expect(await faultOf(await world.as(role), importing('Donations'), { input: { csv: 'x' } })).toEqual({
        code: 'FORBIDDEN',
      });
  });
});

const GETUSPPE = process.env['GETUSPPE'];
(GETUSPPE ? describe : describe.skip)('the donations of GetUsPPE', () => {
  it('are imported but for their absurd quantities and the kinds that the catalogue has not', async () => {
    const csv = readFileSync(join(GETUSPPE!, 'donors.csv'), 'utf8');
    const report = await donations(csv, { mapping: 'getusppe-donors', skipBadRows: true });
    expect(report).toMatchObject({ rows: 1658, importedRows: 1584, totalBadRows: 74 });
    expect(report.badRows.filter(({ code }) => code === 'OUT_OF_RANGE').length).toBeGreaterThan(8);
    expect(await donations(csv, { mapping: 'getusppe-donors', skipBadRows: true })).toMatchObject({
      importedRows: 0,
      knownRows: 1584,
    });
  });
});
