import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aGroup,
  anAnnouncement,
  asOwner,
  clinicians,
  faultOf,
  faultOfInput,
  LOG_DONATION,
  messagesSeen,
  REGISTER,
  rowCounts,
  type ShipmentView,
  STOCK,
  thrice,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOWHERE = '01900000-0000-7000-8000-00000000dead';
const DONOR = { name: 'Meihua Secret', kind: 'COMPANY' };
const LINE = { itemCode: 'MASK', units: 1 };

const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field });
const missing = (field: string) => ({ code: 'NOT_FOUND', field });

describe('bad input', () => {
  let world: World;
  let coordinator: Client;
  let before: Record<string, number>;
  let ids: {
    donor: string;
    recipient: string;
    stranger: string;
    group: string;
    shipment: string;
    line: string;
    otherLine: string;
    lot: string;
    plan: string;
    delivery: string;
    deliveryLine: string;
  };

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const donor = (await aDonor(coordinator)).id;
    const group = await aGroup(coordinator);
    const [recipient] = await clinicians(coordinator, 1, [group]);
    const gift = await aDonation(coordinator, { MASK: 10 });
    const { plan, deliveries } = await aCommittedPlan(coordinator);
    const [stranger] = await clinicians(coordinator, 1);
    await coordinator.ask(REGISTER, { input: { recipients: [{ name: 'Ann Secret', email: 'ann@secret.org' }] } });
    const coming = await anAnnouncement(coordinator, { MASK: 5 });
    ids = {
      donor,
      recipient: recipient!,
      stranger: stranger!,
      group,
      shipment: coming.id,
      line: coming.lines[0]!.id,
      otherLine: gift.lines[0]!.id,
      lot: gift.lines[0]!.lots[0]!.id,
      plan: plan.id,
      delivery: deliveries[0]!.id,
      deliveryLine: deliveries[0]!.lines[0]!.id,
    };
    before = await rowCounts(world);
  });
  afterAll(async () => {
    await world.close();
  });

  const donation = (change: object) =>
    faultOfInput(coordinator, 'logDonation', { newDonor: DONOR, lines: [LINE], ...change });
  const person = (change: object) =>
    faultOfInput(coordinator, 'registerRecipients', { recipients: [{ name: 'Ann Secret', ...change }] });

  it.each([0, -1, 1.5, 1e14, 'ten', '10', true, null, 100_000_001])(
    'refuses %p units, and names the field',
    async (units) => {
      expect(await donation({ lines: [{ ...LINE, units }] })).toEqual(bad('input.lines.0.units'));
      expect(await donation({ lines: [LINE, { ...LINE, units }] })).toEqual(bad('input.lines.1.units'));
    },
  );

  it('refuses units that are left out, or written as 1e14 or 1.0', async () => {
    expect(await donation({ lines: [{ itemCode: 'MASK' }] })).toEqual(bad('input.lines.0.units'));
    for (const units of ['1e14', '1.0', '"1"'])
      expect(
        await faultOf(
          coordinator,
          `mutation { logDonation(input: { newDonor: { name: "X", kind: COMPANY }, lines: [{ itemCode: "MASK", units: ${units} }] }) { __typename } }`,
        ),
      ).toEqual(bad('input.lines.0.units'));
  });

  it('names the variable when a single value was passed', async () => {
    const one = `mutation($units: PositiveInt!) { logDonation(input: { newDonor: { name: "X", kind: COMPANY },
      lines: [{ itemCode: "MASK", units: $units }] }) { __typename } }`;
    for (const units of [0, 1.5, 'ten', null]) expect(await faultOf(coordinator, one, { units })).toEqual(bad('units'));
    expect(await faultOf(coordinator, one, {})).toEqual(bad('units'));
    expect(await faultOf(coordinator, one)).toEqual(bad('units'));
  });

  it('refuses a donation without lines, with too many, with both or neither donor', async () => {
    expect(await donation({ lines: [] })).toEqual(bad('input.lines'));
    expect(
      await faultOf(coordinator, LOG_DONATION, {
        input: { newDonor: DONOR, lines: Array.from({ length: 501 }, () => LINE) },
      }),
    ).toEqual(bad('input.lines'));
    expect(await donation({ donorId: ids.donor })).toEqual(bad('input.donorId'));
    expect(await faultOfInput(coordinator, 'logDonation', { lines: [LINE] })).toEqual(bad('input.donorId'));
  });

  it.each(['2021-02-30', '2021-13-01', '2021-2-3', '0000-01-01', '2999-01-01', 'yesterday', '', 5])(
    'refuses %p as the day of a gift',
    async (receivedOn) => {
      expect(await donation({ receivedOn })).toEqual(bad('input.receivedOn'));
    },
  );

  it('refuses days that do not exist wherever a day stands', async () => {
    expect(await donation({ lines: [{ ...LINE, expiresOn: '2021-02-30' }] })).toEqual(bad('input.lines.0.expiresOn'));
    const announced = { donorId: ids.donor, lines: [LINE], expectedOn: '2021-04-31' };
    expect(await faultOfInput(coordinator, 'announceShipment', announced)).toEqual(bad('input.expectedOn'));
    const query = `query($day: LocalDate) { distributions(filter: { allocatedOn: { to: $day } }) { totalCount } }`;
    expect(await faultOf(coordinator, query, { day: '2021-02-29' })).toEqual(bad('day'));
    expect(
      await faultOf(coordinator, '{ distributions(filter: { allocatedOn: { to: "2021-02-29" } }) { totalCount } }'),
    ).toEqual(bad('filter.allocatedOn.to'));
  });

  it('refuses what does not fit a donor', async () => {
    const of = (change: object) => donation({ newDonor: { ...DONOR, ...change } });
    expect(await of({ name: ' ' })).toEqual(bad('input.newDonor.name'));
    expect(await of({ name: 'x'.repeat(201) })).toEqual(bad('input.newDonor.name'));
    expect(await of({ kind: 'ROBOT' })).toEqual(bad('input.newDonor.kind'));
    expect(await of({ country: 'XX' })).toEqual(bad('input.newDonor.country'));
    expect(await of({ email: 'secret' })).toEqual(bad('input.newDonor.email'));
    expect(await of({ phone: '12' })).toEqual(bad('input.newDonor.phone'));
    expect(await of({ colour: 'red' })).toEqual(bad('input.newDonor.colour'));
    expect(await donation({ newDonor: { kind: 'COMPANY' } })).toEqual(bad('input.newDonor.name'));
  });

  it('refuses what does not fit a line', async () => {
    const of = (change: object) => donation({ lines: [{ ...LINE, ...change }] });
    expect(await of({ itemCode: ' ' })).toEqual(bad('input.lines.0.itemCode'));
    expect(await of({ itemCode: 'x'.repeat(101) })).toEqual(bad('input.lines.0.itemCode'));
    expect(await of({ unitsPerPack: 0 })).toEqual(bad('input.lines.0.unitsPerPack'));
    expect(await of({ lotNumber: 'x'.repeat(101) })).toEqual(bad('input.lines.0.lotNumber'));
    expect(await donation({ reference: 'x'.repeat(201) })).toEqual(bad('input.reference'));
  });

  it('refuses what does not fit a clinician, and never repeats what was typed', async () => {
    expect(await person({ name: '' })).toEqual(bad('input.recipients.0.name'));
    expect(await person({ name: { first: 'Ann Secret' } })).toEqual(bad('input.recipients.0.name'));
    expect(await person({ country: 'Secretia' })).toEqual(bad('input.recipients.0.country'));
    expect(await person({ subdivision: 'New Secret' })).toEqual(bad('input.recipients.0.subdivision'));
    expect(await person({ email: 'secret.org' })).toEqual(bad('input.recipients.0.email'));
    expect(await person({ exposureTier: 4 })).toEqual(bad('input.recipients.0.exposureTier'));
    expect(await person({ exposureTier: 'Secret' })).toEqual(bad('input.recipients.0.exposureTier'));
    expect(await person({ headcount: 0 })).toEqual(bad('input.recipients.0.headcount'));
    const register = (recipients: unknown) => faultOfInput(coordinator, 'registerRecipients', { recipients });
    expect(await register([{ facility: 'Secret Hospital', email: 'ann@secret.org' }])).toEqual(
      bad('input.recipients.0.name'),
    );
    expect(await register([])).toEqual(bad('input.recipients'));
    expect(await register(['Ann Secret'])).toEqual(bad('input.recipients.0'));
    const crowd = Array.from({ length: 1001 }, (_, i) => ({ name: `Secret ${i}` }));
    expect(await faultOf(coordinator, REGISTER, { input: { recipients: crowd } })).toEqual(bad('input.recipients'));
  });

  it('refuses an e-mail address that somebody has, whatever its case', async () => {
    const taken = { code: 'CONFLICT', field: 'input.recipients.0.email' };
    expect(await person({ email: ' ANN@Secret.org' })).toEqual(taken);
    const twins = [1, 2].map((i) => ({ name: `Twin Secret ${i}`, email: 'twin@secret.org' }));
    expect(await faultOfInput(coordinator, 'registerRecipients', { recipients: twins })).toEqual({
      ...taken,
      field: 'input.recipients.1.email',
    });
  });

  it('refuses text that the database cannot keep', async () => {
    expect(await donation({ reference: 'a\0b' })).toEqual(bad('input.reference'));
    expect(await person({ facility: '\0' })).toEqual(bad('input.recipients.0.facility'));
    for (const text of ['a\0b', 'a\ud800b']) {
      const input = { newDonor: DONOR, lines: [{ ...LINE, lotNumber: text }] };
      expect(await faultOf(coordinator, LOG_DONATION, { input })).toEqual(bad('input.lines.0.lotNumber'));
      expect(await faultOf(coordinator, STOCK, { itemCodes: ['MASK', text] })).toEqual(bad('itemCodes.1'));
      const search = `query($search: String) { recipients(search: $search) { totalCount } }`;
      expect(await faultOf(coordinator, search, { search: text })).toEqual(bad('search'));
    }
  });

  it('refuses huge texts without repeating them', async () => {
    const huge = 'x'.repeat(1_000_000);
    expect(await faultOf(coordinator, STOCK, { itemCodes: [huge] })).toEqual(bad('itemCodes'));
    expect(await faultOf(coordinator, REGISTER, { input: { recipients: [{ name: huge }] } })).toEqual(
      bad('input.recipients.0.name'),
    );
    expect(await faultOf(coordinator, LOG_DONATION, { input: huge })).toEqual(bad('input'));
    expect(Math.max(...messagesSeen.map((message) => message.length))).toBeLessThan(2000);
  });

  it('refuses an id that is none, in inputs', async () => {
    const of = (mutation: string, input: object) => faultOfInput(coordinator, mutation, input);
    expect(await donation({ donorId: 'x', newDonor: null })).toEqual(bad('input.donorId'));
    expect(await of('announceShipment', { donorId: '1', lines: [LINE] })).toEqual(bad('input.donorId'));
    expect(await of('receiveShipment', { shipmentId: 'x', counts: [] })).toEqual(bad('input.shipmentId'));
    const counts = [{ lineId: 'x', acceptedUnits: 1 }];
    expect(await of('receiveShipment', { shipmentId: ids.shipment, counts })).toEqual(bad('input.counts.0.lineId'));
    expect(await of('formGroup', { name: 'g', memberIds: [ids.shipment, 'x'] })).toEqual(bad('input.memberIds.1'));
    expect(await of('changeGroupMembers', { groupId: 'x' })).toEqual(bad('input.groupId'));
    expect(await of('changeRecipientStatus', { recipientId: 'x', status: 'PAUSED' })).toEqual(bad('input.recipientId'));
    expect(await of('previewAllocation', { stock: { lotIds: ['x'] } })).toEqual(bad('input.stock.lotIds.0'));
    expect(await of('previewAllocation', { recipients: { groupIds: ['x'] } })).toEqual(
      bad('input.recipients.groupIds.0'),
    );
    expect(await of('commitAllocation', { planId: 'x' })).toEqual(bad('input.planId'));
    expect(await of('cancelAllocation', { planId: 'x', reason: 'r' })).toEqual(bad('input.planId'));
    for (const mutation of [
      'dispatchDelivery',
      'markDelivered',
      'returnDelivery',
      'reportDeliveryLost',
      'confirmDelivery',
    ])
      expect(await of(mutation, { deliveryId: 'x' })).toEqual(bad('input.deliveryId'));
  });

  it('says NOT_FOUND for an id of nothing or of something else, in inputs', async () => {
    const of = (mutation: string, input: object) => faultOfInput(coordinator, mutation, input);
    for (const id of [NOWHERE, ids.recipient]) {
      expect(await donation({ donorId: id, newDonor: null })).toEqual(missing('input.donorId'));
      expect(await of('announceShipment', { donorId: id, lines: [LINE] })).toEqual(missing('input.donorId'));
      expect(await of('receiveShipment', { shipmentId: id, counts: [] })).toEqual(missing('input.shipmentId'));
      expect(await of('changeGroupMembers', { groupId: id })).toEqual(missing('input.groupId'));
      expect(await of('commitAllocation', { planId: id })).toEqual(missing('input.planId'));
      expect(await of('discardPlan', { planId: id })).toEqual(missing('input.planId'));
      expect(await of('cancelAllocation', { planId: id, reason: 'r' })).toEqual(missing('input.planId'));
      for (const mutation of ['dispatchDelivery', 'confirmDelivery', 'issueConfirmationLink'])
        expect(await of(mutation, { deliveryId: id })).toEqual(missing('input.deliveryId'));
    }
    for (const id of [NOWHERE, ids.donor]) {
      expect(await of('formGroup', { name: 'g', memberIds: [ids.recipient, id] })).toEqual(
        missing('input.memberIds.1'),
      );
      expect(await of('changeGroupMembers', { groupId: ids.group, join: [id] })).toEqual(missing('input.join.0'));
      const people = { recipients: [{ name: 'Ann Secret' }], groupIds: [ids.group, id] };
      expect(await of('registerRecipients', people)).toEqual(missing('input.groupIds.1'));
      expect(await of('changeRecipientStatus', { recipientId: id, status: 'PAUSED' })).toEqual(
        missing('input.recipientId'),
      );
      expect(await of('previewAllocation', { stock: { shipmentIds: [ids.shipment, id] } })).toEqual(
        missing('input.stock.shipmentIds.1'),
      );
      expect(await of('previewAllocation', { stock: { lotIds: [id] } })).toEqual(missing('input.stock.lotIds.0'));
      expect(await of('previewAllocation', { recipients: { groupIds: [id] } })).toEqual(
        missing('input.recipients.groupIds.0'),
      );
      expect(await of('previewAllocation', { recipients: { recipientIds: [ids.recipient, id] } })).toEqual(
        missing('input.recipients.recipientIds.1'),
      );
    }
    const stranger = { planId: ids.plan, recipientIds: [ids.recipient, ids.stranger], reason: 'r' };
    expect(await of('cancelAllocation', stranger)).toEqual(missing('input.recipientIds.1'));
  });

  it('refuses counts that do not fit what was announced or sent', async () => {
    const received = (change: object) =>
      faultOfInput(coordinator, 'receiveShipment', {
        shipmentId: ids.shipment,
        counts: [{ lineId: ids.line, acceptedUnits: 1, ...change }],
      });
    expect(await received({ acceptedUnits: -1 })).toEqual(bad('input.counts.0.acceptedUnits'));
    expect(await received({ acceptedUnits: 1e14 })).toEqual(bad('input.counts.0.acceptedUnits'));
    expect(await received({ rejectedUnits: 0.5 })).toEqual(bad('input.counts.0.rejectedUnits'));
    expect(await received({ rejectReason: 'BECAUSE' })).toEqual(bad('input.counts.0.rejectReason'));
    expect(await received({ lineId: ids.otherLine })).toEqual(missing('input.counts.0.lineId'));
    const confirmed = (change: object) =>
      faultOfInput(coordinator, 'confirmDelivery', { deliveryId: ids.delivery, ...change });
    await asOwner(world, `update delivery set status = 'DISPATCHED' where id = $1`, [ids.delivery]);
    const count = { lineId: ids.deliveryLine, units: 1 };
    expect(await confirmed({ token: 'x' })).toEqual(bad('input.deliveryId'));
    expect(await faultOfInput(coordinator, 'confirmDelivery', {})).toEqual(bad('input.deliveryId'));
    expect(await confirmed({ counts: [{ ...count, units: -1 }] })).toEqual(bad('input.counts.0.units'));
    expect(await confirmed({ counts: [{ ...count, units: 11 }] })).toEqual(bad('input.counts.0.units'));
    expect(await confirmed({ counts: [{ ...count, reason: 'x' }] })).toEqual(bad('input.counts.0.reason'));
    expect(await confirmed({ counts: [count, count] })).toEqual(bad('input.counts.1.lineId'));
    expect(await confirmed({ counts: [{ ...count, lineId: ids.line }] })).toEqual(missing('input.counts.0.lineId'));
    await asOwner(world, `update delivery set status = 'PREPARED' where id = $1`, [ids.delivery]);
  });

  it('refuses an idempotency key of no or too many characters, in every mutation that takes one', async () => {
    const inputs = {
      registerDonor: DONOR,
      logDonation: { newDonor: DONOR, lines: [LINE] },
      announceShipment: { donorId: ids.donor, lines: [LINE] },
      receiveShipment: { shipmentId: ids.shipment, counts: [] },
      registerRecipients: { recipients: [{ name: 'Ann Secret' }] },
      formGroup: { name: 'g' },
      commitAllocation: { planId: ids.plan },
      cancelAllocation: { planId: ids.plan, reason: 'r' },
      dispatchDelivery: { deliveryId: ids.delivery },
      confirmDelivery: { deliveryId: ids.delivery },
    };
    for (const [mutation, input] of Object.entries(inputs))
      for (const idempotencyKey of ['', 'k'.repeat(201)])
        expect(await faultOfInput(coordinator, mutation, { ...input, idempotencyKey })).toEqual(
          bad('input.idempotencyKey'),
        );
  });

  it('has written nothing of all that, and told nobody a name or an address', async () => {
    expect(await rowCounts(world)).toEqual(before);
    expect(await world.breaches()).toEqual([]);
    expect(messagesSeen.length).toBeGreaterThan(200);
    expect(messagesSeen.filter((message) => /secret/i.test(message))).toEqual([]);
    expect(messagesSeen.filter((message) => message.includes('INTERNAL'))).toEqual([]);
  });
});

describe('what people type', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  it.each([
    ['N9', ['N95', 'KN95']],
    ['gogles', ['GOGGLES']],
    ['masc', ['MASK']],
    ['Thing of no kind', []],
  ])('an unknown item %p is refused with its neighbours', async (itemCode, neighbours) => {
    const { data } = await thrice(coordinator, LOG_DONATION, {
      input: { newDonor: DONOR, lines: [LINE, { itemCode, units: 1 }] },
    });
    expect(data?.['logDonation']).toMatchObject({ __typename: 'UnknownItemError', code: 'UNKNOWN_ITEM', itemCode });
    expect(data?.['logDonation']).toMatchObject({ didYouMean: neighbours });
    expect(await rowCounts(world)).toMatchObject({ shipment: 0, donor: 0 });
  });

  it.each(['face shield', ' Face-Shield ', 'FACE_SHIELD'])('%p is a face shield', async (itemCode) => {
    const gift = await aDonation(coordinator, {}, { lines: [{ itemCode, units: 1 }] });
    expect(gift.lines).toMatchObject([{ item: { code: 'FACE_SHIELD' } }]);
  });

  it('keeps the lines of an item that stands in a gift twice, and sums the stock', async () => {
    const lines = [
      { itemCode: 'GOWN', units: 100_000_000, lotNumber: 'A' },
      { itemCode: 'gown', units: 7 },
    ];
    const gift: ShipmentView = await aDonation(coordinator, {}, { lines });
    expect(gift.lines).toMatchObject([
      { acceptedUnits: 100_000_000, lots: [{ lotNumber: 'A', availableUnits: 100_000_000 }] },
      { acceptedUnits: 7, lots: [{ lotNumber: null, availableUnits: 7 }] },
    ]);
    const { stock } = await coordinator.ask<{ stock: object[] }>(STOCK, { itemCodes: ['gown'] });
    expect(stock).toMatchObject([{ item: { code: 'GOWN' }, availableUnits: 100_000_007 }]);
    expect(await world.breaches()).toEqual([]);
  });
});
