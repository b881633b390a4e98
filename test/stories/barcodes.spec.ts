import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aDonor,
  anAnnouncement,
  asOwner,
  faultOfInput,
  REFUSAL,
  rowCounts,
  SHIPMENT,
  type ShipmentView,
  thrice,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';

const GS = '\u001d';
/** A pack of 20 N95, a pack of 50 surgical masks, and one nobody knows. */
const N95 = '09506000134352';
const SURGICAL = '04006381333931';
const STRANGE = '10614141999993';

const SCAN = `gtin lotNumber producedOn bestBefore expiresOn serial count sscc elements { ai title value } item { code } unitsPerPack`;
const PARSE = `query($code: String!) { parseGs1(code: $code) { ${SCAN} } }`;
const LEARN = `mutation($input: LearnGtinInput!) { learnGtin(input: $input) { ... on Gtin { id gtin item { code } unitsPerPack learnedAt }
  ... on GtinKnownError { gtin item { code } unitsPerPack } ... on UnknownItemError { didYouMean } ${REFUSAL} } }`;
const FACTS = `... on UnknownGtinError { scan gtin } ... on ScannedTwiceError { scan firstScan gtin serial sscc }`;
const LOG_SCANNED = `mutation($input: LogScannedDonationInput!) { logScannedDonation(input: $input) { ... on Shipment { ${SHIPMENT} }
  ${FACTS} ${REFUSAL} } }`;
const RECEIVE_SCANS = `mutation($input: ReceiveScansInput!) { receiveScans(input: $input) { ... on Shipment { ${SHIPMENT} } ${FACTS}
  ... on UnexpectedScanError { scan gtin item { code } } ... on ShipmentNotReceivableError { status }
  ... on DiscrepancyReasonRequiredError { lineIds } ${REFUSAL} } }`;

let world: World;
let coordinator: Client;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  await learn({ gtin: N95, itemCode: 'N95', unitsPerPack: 20 });
  await learn({ gtin: SURGICAL, itemCode: 'SURGICAL_MASK', unitsPerPack: 50 });
});
afterAll(() => world.close());

const learn = async (input: object, client = coordinator) =>
  (await client.ask<{ learnGtin: Record<string, unknown> }>(LEARN, { input })).learnGtin;
const logScanned = async (input: object, client = coordinator) =>
  (
    await client.ask<{ logScannedDonation: ShipmentView }>(LOG_SCANNED, {
      input: { ...('donorId' in input ? {} : { newDonor: { name: 'Somebody', kind: 'PERSON' } }), ...input },
    })
  ).logScannedDonation;
const receiveScans = async (input: object) =>
  (await coordinator.ask<{ receiveScans: ShipmentView }>(RECEIVE_SCANS, { input })).receiveScans;
const lotsOf = ({ lines }: ShipmentView) =>
  lines.flatMap(({ item, lots }) =>
    lots.map(({ lotNumber, expiresOn, availableUnits }) => [item.code, lotNumber, expiresOn, availableUnits]),
  );

describe('a barcode', () => {
  it('is read by anybody with a token, and names the item whose GTIN was learned', async () => {
    const scan = {
      gtin: N95,
      lotNumber: 'AB-1',
      producedOn: null,
      bestBefore: null,
      expiresOn: '2028-02-29',
      serial: null,
      count: null,
      sscc: null,
      elements: [
        { ai: '01', title: 'GTIN', value: N95 },
        { ai: '10', title: 'BATCH/LOT', value: 'AB-1' },
        { ai: '17', title: 'USE BY or EXPIRY', value: '280200' },
      ],
      item: { code: 'N95' },
      unitsPerPack: 20,
    };
    for (const client of [coordinator, await world.as('AUDITOR'), await world.as('DONOR'), await world.as('RECIPIENT')])
      expect((await thrice(client, PARSE, { code: `]d201${N95}10AB-1${GS}17280200` })).data).toEqual({
        parseGs1: scan,
      });
    const literal = `{ parseGs1(code: "(01)${N95}(10)AB-1(17)280200") { ${SCAN} } }`;
    expect((await thrice(coordinator, literal)).data).toEqual({ parseGs1: scan });
    const escaped = `{ parseGs1(code: "01${N95}10AB-1\\u001D17280200") { ${SCAN} } }`;
    expect((await thrice(coordinator, escaped)).data).toEqual({ parseGs1: scan });
    expect((await thrice(coordinator, PARSE, { code: '4006381333931' })).data).toMatchObject({
      parseGs1: { gtin: SURGICAL, item: { code: 'SURGICAL_MASK' }, unitsPerPack: 50 },
    });
    expect((await thrice(coordinator, PARSE, { code: STRANGE })).data).toMatchObject({
      parseGs1: { gtin: STRANGE, item: null, unitsPerPack: null },
    });
    expect((await thrice(coordinator, PARSE, { code: '(21)S-7' })).data).toMatchObject({
      parseGs1: { gtin: null, serial: 'S-7', item: null, unitsPerPack: null },
    });
  });

  it.each([
    ['4006381333932', 'code: position 1: read as a GTIN: its check digit is 2 and should be 1: a digit was misread'],
    [`01${N95}17251301`, 'code: position 19: (17) USE BY or EXPIRY: there is no such day YYMMDD'],
    [`01${N95}10ABC17251231`, expect.stringMatching(/^code: position 22: from here on it may belong to \(10\) BATCH/)],
    ['', 'code: position 1: there is nothing to read'],
    ['9'.repeat(1001), 'code: code must be shorter than or equal to 1000 characters'],
  ])('that cannot be read is a fault of the code, and says where: %s', async (code, message) => {
    const { errors } = await thrice(coordinator, PARSE, { code });
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', field: 'code' } }]);
  });
});

describe('a GTIN', () => {
  it('is learned once; the same again changes nothing, and other facts need a reason', async () => {
    const first = await learn({ gtin: '96385074', itemCode: 'gown', unitsPerPack: 5 });
    expect(first).toEqual({
      id: expect.any(String),
      gtin: '00000096385074',
      item: { code: 'GOWN' },
      unitsPerPack: 5,
      learnedAt: expect.any(String),
    });
    const rows = () => asOwner(world, `select id, gtin, item_id, units_per_pack, learned_at from gtin order by id`);
    const before = await rows();
    expect(await learn({ gtin: '0000096385074', itemCode: 'GOWN', unitsPerPack: 5 })).toEqual(first);
    for (const other of [{ unitsPerPack: 6 }, { itemCode: 'COVERALL' }])
      expect(await learn({ gtin: '96385074', itemCode: 'GOWN', unitsPerPack: 5, ...other })).toMatchObject({
        __typename: 'GtinKnownError',
        code: 'GTIN_KNOWN',
        message: '00000096385074 is known as a pack of 5 of GOWN. To correct that, say replace: true and why.',
        gtin: '00000096385074',
        item: { code: 'GOWN' },
        unitsPerPack: 5,
      });
    expect(await rows()).toEqual(before);
    const correction = { gtin: '96385074', itemCode: 'COVERALL', unitsPerPack: 6, replace: true };
    expect(await faultOfInput(coordinator, 'learnGtin', correction)).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.reason',
    });
    expect(await learn({ ...correction, reason: 'The label says coverall.' })).toMatchObject({
      id: first['id'],
      item: { code: 'COVERALL' },
      unitsPerPack: 6,
    });
    const [entry] = (await asOwner(
      world,
      `select reason, reference from journal where action = 'learnGtin' order by id desc limit 1`,
    )) as { reason: string; reference: object }[];
    expect(entry).toMatchObject({ reason: 'The label says coverall.', reference: { before: { unitsPerPack: 5 } } });
    expect(await learn({ gtin: '96385074', itemCode: 'GONW', unitsPerPack: 6 })).toMatchObject({
      didYouMean: ['GOWN'],
    });
  });

  it('that two learn at the same moment is learned once', async () => {
    const gtin = '036000291452';
    const both = await Promise.all([5, 6].map((unitsPerPack) => learn({ gtin, itemCode: 'MASK', unitsPerPack })));
    expect(both.map(({ __typename: type }) => type ?? 'learned').sort()).toEqual(['GtinKnownError', 'learned']);
  });

  it('that is corrected while somebody else corrects it was before what the other made of it', async () => {
    const gtin = '05012345678900';
    await learn({ gtin, itemCode: 'MASK', unitsPerPack: 1 });
    const other = await connect(world.databaseUrl);
    try {
      await other.query('begin');
      await other.query(`update gtin set units_per_pack = 7 where gtin = $1`, [gtin]);
      const correction = learn({ gtin, itemCode: 'MASK', unitsPerPack: 9, replace: true, reason: 'Counted.' });
      const sql = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while ((await asOwner(world, sql)).length === 0) await new Promise((resolve) => void setImmediate(resolve));
      await other.query('commit');
      expect(await correction).toMatchObject({ unitsPerPack: 9 });
    } finally {
      await other.end();
    }
    const journal = `select reference from journal where action = 'learnGtin' order by id desc limit 1`;
    expect(await asOwner(world, journal)).toMatchObject([{ reference: { before: { unitsPerPack: 7 } } }]);
  });

  it('that is none is refused', async () => {
    for (const gtin of ['96385075', '9638507', 'ABC', '00000000'])
      expect([gtin, await faultOfInput(coordinator, 'learnGtin', { gtin, itemCode: 'MASK', unitsPerPack: 1 })]).toEqual(
        [gtin, { code: 'BAD_USER_INPUT', field: 'input.gtin' }],
      );
    const pack = { gtin: '96385074', itemCode: 'MASK', unitsPerPack: 0 };
    expect(await faultOfInput(coordinator, 'learnGtin', pack)).toMatchObject({ field: 'input.unitsPerPack' });
  });
});

describe('a gift that is scanned', () => {
  it('is stock at once, of the lots and days on its packs, with equal scans added up', async () => {
    const gift = await logScanned({
      reference: 'Spring',
      receivedOn: '2026-03-01',
      scans: [
        { code: `01${N95}10A${GS}17280331` },
        { code: `(01)${N95}(17)280331(10)A`, packs: 3 },
        { code: `(01)${N95}(10)B`, units: 7 },
        { code: SURGICAL.slice(1), packs: 2 },
        { code: `(02)${SURGICAL}(37)4(00)106141412345678908` },
        { code: `(01)${N95}(17)280331(10)A(21)1` },
        { code: `(01)${N95}(17)280331(10)A(21)2` },
      ],
    });
    expect(gift).toMatchObject({ status: 'RECEIVED', reference: 'Spring', receivedAt: '2026-03-01T00:00:00.000Z' });
    expect(lotsOf(gift)).toEqual([
      ['N95', 'A', '2028-03-31', 120],
      ['N95', 'B', null, 7],
      ['SURGICAL_MASK', null, null, 300],
    ]);
    expect(await world.breaches()).toEqual([]);
  });

  it('is logged once under a key, also after what its GTIN stands for was corrected', async () => {
    const gtin = '05901234123457';
    await learn({ gtin, itemCode: 'GOWN', unitsPerPack: 10 });
    const input = { scans: [{ code: gtin }], idempotencyKey: 'scanned once' };
    const first = await logScanned(input);
    await learn({ gtin, itemCode: 'GOWN', unitsPerPack: 12, replace: true, reason: 'Counted.' });
    const before = await rowCounts(world);
    expect(await logScanned(input)).toEqual(first);
    expect(await rowCounts(world)).toEqual(before);
  });

  it('by a donor is hers, and another donor is refused', async () => {
    const [own, other] = [await aDonor(coordinator), await aDonor(coordinator)];
    const donor = await world.as('DONOR', own.id);
    const scans = [{ code: N95 }];
    expect(await logScanned({ donorId: own.id, scans }, donor)).toMatchObject({ donor: { id: own.id } });
    const input = { donorId: other.id, scans };
    expect(await donor.error(LOG_SCANNED, { input })).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  it('with a GTIN nobody knows, or a pack scanned twice, is refused whole', async () => {
    const before = await rowCounts(world);
    const known = { code: N95 };
    expect(await logScanned({ scans: [known, { code: `(01)${STRANGE}(10)A` }] })).toMatchObject({
      __typename: 'UnknownGtinError',
      code: 'UNKNOWN_GTIN',
      message: `Nobody has said yet what ${STRANGE} is: call learnGtin, then scan 1 again.`,
      scan: 1,
      gtin: STRANGE,
    });
    const pack = { code: `(01)${N95}(21)S-7` };
    expect(await logScanned({ scans: [known, pack, { code: `21S-7${GS}01${N95}` }] })).toMatchObject({
      __typename: 'ScannedTwiceError',
      code: 'SCANNED_TWICE',
      scan: 2,
      firstScan: 1,
      gtin: N95,
      serial: 'S-7',
      sscc: null,
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('is refused by the field of what is wrong with it', async () => {
    const from = { newDonor: { name: 'Somebody', kind: 'PERSON' } };
    const scan = (...scans: object[]) => ({ ...from, scans });
    const faults: [object, string][] = [
      [scan(), 'input.scans'],
      [{ scans: [{ code: N95 }] }, 'input.donorId'],
      [scan({ code: N95 }, { code: '4006381333932' }), 'input.scans.1.code'],
      [scan({ code: '(10)A' }), 'input.scans.0.code'],
      [scan({ code: ' ' }), 'input.scans.0.code'],
      [scan({ code: `(01)${N95}(30)0` }), 'input.scans.0.code'],
      [scan({ code: N95, packs: 0 }), 'input.scans.0.packs'],
      [scan({ code: N95, packs: 1, units: 1 }), 'input.scans.0.units'],
      [scan({ code: `(01)${N95}(21)S`, packs: 2 }), 'input.scans.0.packs'],
      [scan({ code: N95, packs: 5_000_001 }), 'input.scans.0'],
      [{ ...scan({ code: N95 }), receivedOn: '2999-01-01' }, 'input.receivedOn'],
    ];
    const before = await rowCounts(world);
    for (const [input, field] of faults)
      expect([input, await faultOfInput(coordinator, 'logScannedDonation', input)]).toEqual([
        input,
        { code: 'BAD_USER_INPUT', field },
      ]);
    expect(await rowCounts(world)).toEqual(before);
  });
});

describe('a consignment that is scanned', () => {
  const announced = () => anAnnouncement(coordinator, { N95: 60, SURGICAL_MASK: 100, GOWN: 5 });

  it('is counted line by line, as often as somebody comes, and closed when all is there or for a reason', async () => {
    const { id: shipmentId } = await announced();
    const first = await receiveScans({
      shipmentId,
      scans: [
        { code: `(01)${N95}(10)A(17)280331`, packs: 2 },
        { code: SURGICAL, packs: 2 },
      ],
    });
    expect(first).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
      lines: [{ acceptedUnits: 40 }, { acceptedUnits: 100 }, { acceptedUnits: 0 }],
    });
    const input = { shipmentId, scans: [{ code: `(01)${N95}(10)A(17)280331` }], close: true };
    const [, , gowns] = first.lines;
    expect(await receiveScans(input)).toMatchObject({
      __typename: 'DiscrepancyReasonRequiredError',
      lineIds: [gowns!.id],
    });
    const done = await receiveScans({ ...input, discrepancyReason: 'MISSING' });
    expect(done).toMatchObject({ status: 'RECEIVED', lines: [{ acceptedUnits: 60 }, {}, { acceptedUnits: 0 }] });
    expect(lotsOf(done)).toEqual([
      ['N95', 'A', '2028-03-31', 60],
      ['SURGICAL_MASK', null, null, 100],
    ]);
    expect(await receiveScans(input)).toMatchObject({ __typename: 'ShipmentNotReceivableError', status: 'RECEIVED' });
    expect(await world.breaches()).toEqual([]);
  });

  it('is counted once under a key, although the second look finds other counts', async () => {
    const { id: shipmentId } = await anAnnouncement(
      coordinator,
      { N95: 20 },
      {
        lines: [
          { itemCode: 'N95', units: 20 },
          { itemCode: 'N95', units: 20 },
        ],
      },
    );
    const input = { shipmentId, scans: [{ code: N95 }], idempotencyKey: 'received once' };
    const first = await receiveScans(input);
    expect(first.lines).toMatchObject([{ acceptedUnits: 20 }, { acceptedUnits: 0 }]);
    expect(await receiveScans(input)).toEqual(first);
    const { idempotencyKey: _key, ...more } = input;
    expect((await receiveScans(more)).lines).toMatchObject([{ acceptedUnits: 20 }, { acceptedUnits: 20 }]);
  });

  it('in which something is found that nobody announced is refused whole, and names the scan', async () => {
    const { id: shipmentId } = await anAnnouncement(coordinator, { N95: 60 });
    const before = await rowCounts(world);
    expect(await receiveScans({ shipmentId, scans: [{ code: N95 }, { code: SURGICAL }] })).toMatchObject({
      __typename: 'UnexpectedScanError',
      code: 'UNEXPECTED_SCAN',
      scan: 1,
      gtin: SURGICAL,
      item: { code: 'SURGICAL_MASK' },
    });
    expect(await rowCounts(world)).toEqual(before);
    const nowhere = { shipmentId: '01900000-0000-7000-8000-00000000dead', scans: [{ code: N95 }] };
    expect(await faultOfInput(coordinator, 'receiveScans', nowhere)).toEqual({
      code: 'NOT_FOUND',
      field: 'input.shipmentId',
    });
    const reason = { shipmentId, scans: [{ code: N95 }], discrepancyReason: 'BECAUSE' };
    expect(await faultOfInput(coordinator, 'receiveScans', reason)).toMatchObject({ field: 'input.discrepancyReason' });
    const many = { shipmentId, scans: [{ code: N95, packs: 5_000_000 }], close: false };
    await receiveScans(many);
    expect(await faultOfInput(coordinator, 'receiveScans', { ...many, scans: [{ code: N95 }] })).toMatchObject({
      field: 'input.scans',
    });
  });
});
