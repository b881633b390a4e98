import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aNeed,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  REFUSAL,
  rowCounts,
  type ShipmentView,
  STOCK,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';

const CORRECT = `mutation($input: CorrectShipmentInput!) { correctShipment(input: $input) {
  ... on Shipment { __typename id status reference carrier trackingNumber expectedOn donor { id }
    lines { id item { code } announcedUnits acceptedUnits unitsPerPack earmark { strength countries }
      lots { id item { code } donor { id } earmark { countries } } }
    corrections { totalCount nodes { lineId field before after reasonCode reason actorId at } } }
  ... on UnknownItemError { itemCode didYouMean } ${REFUSAL} } }`;
const STEP = (
  name: string,
) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) {
  ... on Delivery { __typename id status } ... on Plan { __typename id } ${REFUSAL} } }`;
const AWARDS = `query($id: ID!) { plan(id: $id) { awards { nodes { item { code } units returnedUnits sentence } } } }`;
const HISTORY = `query($recipients: [ID!]) { distributions(filter: { recipientIds: $recipients }) { nodes { item { code } donor { id } units confirmedUnits status } } }`;
const FAIRNESS = `query($recipients: [ID!], $codes: [String!]) { fairness(filter: { recipientIds: $recipients, itemCodes: $codes }) {
  recipients { nodes { receivedUnits claimedUnits fill } } } }`;
const IMPACT = `query($id: ID!) { donorImpact(donorId: $id) { receivedUnits allocatedUnits deliveredUnits confirmedUnits byItem { item { code } units } } }`;

interface Corrected extends ShipmentView {
  __typename: string;
  corrections: { totalCount: number; nodes: Record<string, unknown>[] };
}

describe('a shipment that was written down wrongly', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const why = { reasonCode: 'DATA_ENTRY_ERROR', reason: 'The list was read one line too far.' };
  const correct = async (input: object, client = coordinator): Promise<Corrected> =>
    (await client.ask<{ correctShipment: Corrected }>(CORRECT, { input: { ...why, ...input } })).correctShipment;
  const toItem = ({ id, lines }: ShipmentView, itemCode: string, line = 0) =>
    correct({ shipmentId: id, lines: [{ lineId: lines[line]!.id, itemCode }], reasonCode: 'WRONG_ITEM' });
  const step = async (name: string, input: object) =>
    (await coordinator.ask<Record<string, { __typename: string }>>(STEP(name), { input }))[name]!;
  const onHand = async (...itemCodes: string[]) =>
    Object.fromEntries(
      (
        await coordinator.ask<{ stock: { item: { code: string }; onHandUnits: number }[] }>(STOCK, { itemCodes })
      ).stock.map(({ item, onHandUnits }) => [item.code, onHandUnits]),
    );

  describe('before anybody got anything of it', () => {
    it('is put right fact by fact, and what was known before is kept', async () => {
      const coming = await anAnnouncement(coordinator, { MASK: 100, GOWN: 5 }, { reference: 'Wrong', carrier: 'DHL' });
      const other = await aDonor(coordinator);
      const [mask, gown] = coming.lines;
      const done = await correct({
        shipmentId: coming.id,
        donorId: other.id,
        reference: 'Right',
        carrier: null,
        trackingNumber: '77',
        expectedOn: '2030-02-28',
        lines: [
          { lineId: mask!.id, itemCode: 'n95', announcedUnits: 90, unitsPerPack: 10 },
          { lineId: gown!.id, earmark: { strength: 'FIRST', countries: ['us'] } },
        ],
      });
      expect(done).toMatchObject({
        status: 'ANNOUNCED',
        reference: 'Right',
        carrier: null,
        trackingNumber: '77',
        expectedOn: '2030-02-28',
        donor: { id: other.id },
        lines: [
          { item: { code: 'N95' }, announcedUnits: 90, unitsPerPack: 10 },
          { item: { code: 'GOWN' }, announcedUnits: 5, earmark: { strength: 'FIRST', countries: ['US'] } },
        ],
      });
      const facts = done.corrections.nodes.map(({ field, before, after, lineId }) => [field, before, after, lineId]);
      expect(facts).toEqual([
        ['DONOR', coming.donor.id, other.id, null],
        ['REFERENCE', 'Wrong', 'Right', null],
        ['CARRIER', 'DHL', null, null],
        ['TRACKING_NUMBER', null, '77', null],
        ['EXPECTED_ON', null, '2030-02-28', null],
        ['ITEM', expect.any(String), expect.any(String), mask!.id],
        ['ANNOUNCED_UNITS', '100', '90', mask!.id],
        ['UNITS_PER_PACK', null, '10', mask!.id],
        ['EARMARK', null, '{"countries":["US"],"strength":"FIRST"}', gown!.id],
      ]);
      for (const row of done.corrections.nodes)
        expect(row).toMatchObject({ ...why, actorId: expect.any(String), at: expect.any(String) });
      const again = await correct({
        shipmentId: coming.id,
        reasonCode: 'OTHER',
        lines: [{ lineId: gown!.id, earmark: null }],
      });
      expect(again).toMatchObject({
        lines: [{ unitsPerPack: 10 }, { earmark: null }],
        corrections: { totalCount: 10 },
      });
    });

    it('moves stock from the item it is not to the item it is, and previews of it are stale', async () => {
      const [her] = await clinicians(coordinator, 1);
      const before = await onHand('GOGGLES', 'FACE_SHIELD');
      const gift = await aDonation(coordinator, { GOGGLES: 40 });
      const plan = await aPreview(coordinator, {
        stock: { shipmentIds: [gift.id] },
        recipients: { recipientIds: [her] },
      });
      const done = await toItem(gift, 'FACE_SHIELD');
      expect(done.lines[0]!.lots).toMatchObject([{ item: { code: 'FACE_SHIELD' } }]);
      expect(await onHand('GOGGLES', 'FACE_SHIELD')).toEqual({
        GOGGLES: before['GOGGLES'] ?? 0,
        FACE_SHIELD: (before['FACE_SHIELD'] ?? 0) + 40,
      });
      const { commitAllocation } = await coordinator.ask<{ commitAllocation: object }>(COMMIT, {
        input: { planId: plan.id },
      });
      expect(commitAllocation).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
      const kept = await asOwner(
        world,
        `select field, reason, actor_id is not null as known from lot_change where lot_id = $1`,
        [gift.lines[0]!.lots[0]!.id],
      );
      expect(kept).toEqual([{ field: 'ITEM', reason: why.reason, known: true }]);
      expect(await world.breaches()).toEqual([]);
    });

    it('gives its lots the pack size and earmark they have in truth, each line its own, and no other lot', async () => {
      const gift = await aDonation(coordinator, { MASK: 30, GOWN: 20, N95: 10 });
      const [mask, gown] = gift.lines;
      await correct({
        shipmentId: gift.id,
        reasonCode: 'PACK_SIZE',
        lines: [
          { lineId: mask!.id, unitsPerPack: 5 },
          { lineId: gown!.id, unitsPerPack: 2, earmark: { strength: 'ONLY', countries: ['CN'] } },
        ],
      });
      const lots = await asOwner(
        world,
        `select units_per_pack as pack, earmark->'countries' as countries from lot where shipment_id = $1 order by id`,
        [gift.id],
      );
      expect(lots).toEqual([
        { pack: 5, countries: null },
        { pack: 2, countries: ['CN'] },
        { pack: null, countries: null },
      ]);
      const more = { lineId: gift.lines[2]!.id, announcedUnits: 12 };
      await correct({ shipmentId: gift.id, lines: [more] });
      expect(
        await asOwner(
          world,
          `select count(*)::int as n from lot_change c join lot l on l.id = c.lot_id where l.shipment_id = $1`,
          [gift.id],
        ),
      ).toEqual([{ n: 3 }]);
    });

    it('is refused where nothing is otherwise, or what is named is none', async () => {
      const coming = await anAnnouncement(coordinator, { MASK: 100 }, { carrier: 'DHL' });
      const lineId = coming.lines[0]!.id;
      const nobody = '01900000-0000-7000-8000-00000000dead';
      const group = { strength: 'ONLY', groupIds: [nobody] };
      const before = await rowCounts(world);
      const cases: [object, string, string][] = [
        [{}, 'input', 'BAD_USER_INPUT'],
        [
          { carrier: 'DHL', donorId: coming.donor.id, lines: [{ lineId, itemCode: 'mask' }] },
          'input',
          'BAD_USER_INPUT',
        ],
        [{ trackingNumber: null, reference: null, donorId: null, lines: null }, 'input', 'BAD_USER_INPUT'],
        [{ shipmentId: nobody, carrier: 'X' }, 'input.shipmentId', 'NOT_FOUND'],
        [{ donorId: nobody }, 'input.donorId', 'NOT_FOUND'],
        [{ lines: [{ lineId: nobody, announcedUnits: 1 }] }, 'input.lines.0.lineId', 'NOT_FOUND'],
        [{ lines: [{ lineId }, { lineId }] }, 'input.lines.1.lineId', 'BAD_USER_INPUT'],
        [{ lines: [{ lineId, earmark: { strength: 'ONLY' } }] }, 'input.lines.0.earmark', 'BAD_USER_INPUT'],
        [{ lines: [{ lineId, earmark: group }] }, 'input.lines.0.earmark.groupIds.0', 'NOT_FOUND'],
        [{ lines: [{ lineId, announcedUnits: 100_000_001 }] }, 'input.lines.0.announcedUnits', 'BAD_USER_INPUT'],
        [{ carrier: ' ' }, 'input.carrier', 'BAD_USER_INPUT'],
        [{ carrier: 'X', reason: ' ' }, 'input.reason', 'BAD_USER_INPUT'],
      ];
      for (const [input, field, code] of cases) {
        const { extensions } = await coordinator.error(CORRECT, { input: { shipmentId: coming.id, ...why, ...input } });
        expect([input, extensions]).toMatchObject([input, { code, field }]);
      }
      expect(await toItem(coming, 'MASKE')).toMatchObject({
        __typename: 'UnknownItemError',
        itemCode: 'MASKE',
        didYouMean: expect.arrayContaining(['MASK']),
      });
      expect(await rowCounts(world)).toEqual(before);
    });

    it('under a key is corrected once; to clear a fact is another input than to leave it', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 100 }, { carrier: 'DHL', trackingNumber: '1' });
      const input = { shipmentId: id, carrier: 'UPS', idempotencyKey: `correct ${id}`, ...why };
      expect(await correct(input)).toEqual(await correct(input));
      const clearing = { input: { ...input, trackingNumber: null } };
      expect((await coordinator.error(CORRECT, clearing)).extensions.code).toBe('CONFLICT');
    });

    it('is corrected by staff alone; auditors see that it was, and neither references nor words', async () => {
      const donor = await aDonor(coordinator, { anonymous: true });
      const coming = await anAnnouncement(coordinator, { MASK: 100 }, { donorId: donor.id, reference: 'From Jack' });
      const hers = await world.as('DONOR', donor.id);
      const input = { shipmentId: coming.id, carrier: 'X', ...why };
      expect((await hers.error(CORRECT, { input })).extensions.code).toBe('FORBIDDEN');
      await correct({ shipmentId: coming.id, reference: 'From Mr. Ma', carrier: 'SF' });
      const query = `query($id: ID!) { shipment(id: $id) { corrections { nodes { field before after reason reasonCode } } } }`;
      const seen = { reason: null, reasonCode: 'DATA_ENTRY_ERROR' };
      expect(await (await world.as('AUDITOR')).ask(query, { id: coming.id })).toEqual({
        shipment: {
          corrections: {
            nodes: [
              { field: 'REFERENCE', before: null, after: null, ...seen },
              { field: 'CARRIER', before: null, after: 'SF', ...seen },
            ],
          },
        },
      });
      expect((await hers.error(query, { id: coming.id })).extensions.code).toBe('FORBIDDEN');
    });
  });

  describe('after it was split', () => {
    let her: string;
    let gift: ShipmentView;
    let planId: string;
    let deliveryId: string;
    let lineId: string;
    let needs: string[];

    /** Ten masks for her, who needs six of them and five of any mask. */
    beforeEach(async () => {
      [her] = (await clinicians(coordinator, 1)) as [string];
      gift = await aDonation(coordinator, { MASK: 10 });
      needs = [
        (await aNeed(coordinator, her, { units: 6 })).id,
        (await aNeed(coordinator, her, { category: 'MASK', units: 5 })).id,
      ];
      const { plan, deliveries } = await aCommittedPlan(coordinator, {
        stock: { shipmentIds: [gift.id] },
        recipients: { recipientIds: [her] },
        policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', claims: 'NEED' },
      });
      planId = plan.id;
      deliveryId = deliveries[0]!.id;
      lineId = deliveries[0]!.lines[0]!.id;
      expect(await met()).toEqual([6, 4]);
    });

    const met = async () =>
      Promise.all(
        needs.map(
          async (id) =>
            (
              await coordinator.ask<{ need: { metUnits: number } }>(`query($id: ID!) { need(id: $id) { metUnits } }`, {
                id,
              })
            ).need.metUnits,
        ),
      );
    const award = async () =>
      (await coordinator.ask<{ plan: { awards: { nodes: { returnedUnits: number }[] } } }>(AWARDS, { id: planId })).plan
        .awards.nodes[0]!;
    const history = async () =>
      (await coordinator.ask<{ distributions: { nodes: object[] } }>(HISTORY, { recipients: [her] })).distributions
        .nodes;
    const fair = async (...codes: string[]) =>
      (
        await coordinator.ask<{ fairness: { recipients: { nodes: object[] } } }>(FAIRNESS, {
          recipients: [her],
          codes: codes.length > 0 ? codes : null,
        })
      ).fairness.recipients.nodes;
    const state = async () => {
      expect(await world.breaches()).toEqual([]);
      return { returned: (await award()).returnedUnits, met: await met() };
    };
    const NOTHING = { returned: 10, met: [0, 0] };
    const ALL = { returned: 0, met: [6, 4] };
    const isReplayed = async () =>
      (
        await coordinator.ask<{ replayPlan: { identical: boolean } }>(
          `query($id: ID!) { replayPlan(planId: $id) { identical } }`,
          { id: planId },
        )
      ).replayPlan.identical;

    it('shows everywhere what the goods are, keeps the award as it was decided, and gives needs back', async () => {
      const decided = await award();
      expect(decided).toMatchObject({ item: { code: 'MASK' }, units: 10, returnedUnits: 0 });
      expect(await fair()).toMatchObject([{ receivedUnits: 10, claimedUnits: 11 }]);
      await toItem(gift, 'N95');
      expect(await award()).toEqual({ ...decided, returnedUnits: 10 });
      expect(await history()).toMatchObject([{ item: { code: 'N95' }, units: 10, status: 'PREPARED' }]);
      expect(await isReplayed()).toBe(true);
      expect(await state()).toEqual(NOTHING);
      expect(await fair()).toMatchObject([{ receivedUnits: 10, claimedUnits: 11, fill: 0 }]);
      expect(await fair('MASK')).toMatchObject([{ receivedUnits: 0, claimedUnits: 11, fill: 0 }]);
      expect(await fair('N95')).toMatchObject([{ receivedUnits: 10, claimedUnits: null, fill: null }]);
      await toItem(gift, 'MASK');
      expect(await award()).toEqual(decided);
      expect(await state()).toEqual(ALL);
      expect(await fair()).toMatchObject([{ receivedUnits: 10, fill: 0.9091 }]);
      expect(await isReplayed()).toBe(true);
    });

    it('before it is sent may still be taken back, counted once, and nothing counts again when it proves right', async () => {
      await toItem(gift, 'N95');
      await step('cancelAllocation', { planId, reason: 'wrong goods' });
      expect(await state()).toEqual(NOTHING);
      await toItem(gift, 'MASK');
      expect(await state()).toEqual({ returned: 0, met: [0, 0] });
      const other = await aCommittedPlan(coordinator, {
        stock: { shipmentIds: [gift.id] },
        recipients: { recipientIds: [her] },
      });
      expect(other.deliveries[0]!.lines).toMatchObject([{ units: 10, item: { code: 'MASK' } }]);
      expect(await met()).toEqual([6, 4]);
    });

    it.each(['returnDelivery', 'reportDeliveryLost'])(
      'on its way: %s counts it once, before and after',
      async (name) => {
        await step('dispatchDelivery', { deliveryId });
        await toItem(gift, 'N95');
        expect(await state()).toEqual(NOTHING);
        expect(await step(name, { deliveryId })).toMatchObject({ __typename: 'Delivery' });
        expect(await state()).toEqual(NOTHING);
        await toItem(gift, 'MASK');
        expect(await state()).toEqual(NOTHING);
        await toItem(gift, 'N95');
        expect(await state()).toEqual(NOTHING);
      },
    );

    it('on its way is confirmed short as what it is, and counts as far as it came when it proves right', async () => {
      await step('dispatchDelivery', { deliveryId });
      await toItem(gift, 'KN95');
      const counts = [{ lineId, units: 7, reason: 'DAMAGED' }];
      expect(await step('confirmDelivery', { deliveryId, counts })).toMatchObject({ __typename: 'Delivery' });
      expect(await state()).toEqual(NOTHING);
      expect(await history()).toMatchObject([{ item: { code: 'KN95' }, units: 10, confirmedUnits: 7 }]);
      await toItem(gift, 'MASK');
      expect(await state()).toEqual({ returned: 3, met: [6, 1] });
      await toItem(gift, 'KN95');
      expect(await state()).toEqual(NOTHING);
    });

    it('after it was confirmed is corrected and put back, as often as it takes', async () => {
      await step('dispatchDelivery', { deliveryId });
      await step('confirmDelivery', { deliveryId, counts: [{ lineId, units: 8 }] });
      expect(await state()).toEqual({ returned: 2, met: [6, 2] });
      for (const item of ['N95', 'GOWN', 'FFP2']) {
        await toItem(gift, item);
        expect(await state()).toEqual(NOTHING);
      }
      await toItem(gift, 'MASK');
      expect(await state()).toEqual({ returned: 2, met: [6, 2] });
    });

    it('gives what is restored to needs that are open by then', async () => {
      await toItem(gift, 'N95');
      await aCommittedPlan(coordinator, {
        stock: { shipmentIds: [(await aDonation(coordinator, { MASK: 8 })).id] },
        recipients: { recipientIds: [her] },
      });
      expect(await state()).toEqual({ returned: 10, met: [6, 2] });
      await toItem(gift, 'MASK');
      expect(await state()).toEqual({ returned: 0, met: [6, 5] });
    });
  });

  it('of two items in one parcel, swapped, keeps them apart: each line is of the award its lot was given for', async () => {
    const [her] = await clinicians(coordinator, 1);
    const gift = await aDonation(coordinator, { MASK: 10, GOWN: 4 });
    const { plan, deliveries } = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: [her] },
    });
    const [mask, gown] = gift.lines;
    await correct({
      shipmentId: gift.id,
      lines: [
        { lineId: mask!.id, itemCode: 'GOWN' },
        { lineId: gown!.id, itemCode: 'MASK' },
      ],
    });
    const returned = async () =>
      (
        await coordinator.ask<{ plan: { awards: { nodes: { item: { code: string }; returnedUnits: number }[] } } }>(
          AWARDS,
          {
            id: plan.id,
          },
        )
      ).plan.awards.nodes.map(({ item, returnedUnits }) => [item.code, returnedUnits]);
    expect(await returned()).toEqual([
      ['MASK', 10],
      ['GOWN', 4],
    ]);
    await step('dispatchDelivery', { deliveryId: deliveries[0]!.id });
    expect(await step('returnDelivery', { deliveryId: deliveries[0]!.id })).toMatchObject({ __typename: 'Delivery' });
    expect(await returned()).toEqual([
      ['MASK', 10],
      ['GOWN', 4],
    ]);
    expect(await world.breaches()).toEqual([]);
  });

  it('of which one lot of two was wrong is short by that lot alone', async () => {
    const [her] = await clinicians(coordinator, 1);
    const need = await aNeed(coordinator, her!, { units: 15 });
    const gift = await aDonation(
      coordinator,
      {},
      {
        lines: [
          { itemCode: 'MASK', units: 10 },
          { itemCode: 'MASK', units: 8 },
        ],
      },
    );
    const { deliveries } = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: [her] },
    });
    const metUnits = async () =>
      (
        await coordinator.ask<{ need: { metUnits: number } }>(`query($id: ID!) { need(id: $id) { metUnits } }`, {
          id: need.id,
        })
      ).need.metUnits;
    expect(await metUnits()).toBe(15);
    await toItem(gift, 'N95', 1);
    expect(await metUnits()).toBe(10);
    await step('dispatchDelivery', { deliveryId: deliveries[0]!.id });
    await step('reportDeliveryLost', { deliveryId: deliveries[0]!.id });
    expect(await metUnits()).toBe(0);
    expect(await world.breaches()).toEqual([]);
    await toItem(gift, 'MASK', 1);
    expect(await metUnits()).toBe(0);
    expect(await world.breaches()).toEqual([]);
  });

  it('from another donor takes the whole chain along: what came of it is the impact of whoever gave it', async () => {
    const [her] = await clinicians(coordinator, 1);
    const [wrong, right] = [await aDonor(coordinator), await aDonor(coordinator)];
    const earmark = { strength: 'FIRST', countries: ['US'] };
    const lines = [{ itemCode: 'MASK', units: 10, earmark }];
    const gift = await aDonation(coordinator, {}, { donorId: wrong.id, lines });
    const { deliveries } = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: [her] },
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 6 }] },
    });
    await step('dispatchDelivery', { deliveryId: deliveries[0]!.id });
    await step('confirmDelivery', { deliveryId: deliveries[0]!.id });
    const impact = async ({ id }: { id: string }) =>
      (await coordinator.ask<{ donorImpact: object }>(IMPACT, { id })).donorImpact;
    const nothing = { receivedUnits: 0, allocatedUnits: 0, deliveredUnits: 0, confirmedUnits: 0, byItem: [] };
    const some = {
      receivedUnits: 10,
      allocatedUnits: 6,
      deliveredUnits: 6,
      confirmedUnits: 6,
      byItem: [{ item: { code: 'MASK' }, units: 6 }],
    };
    expect([await impact(wrong), await impact(right)]).toEqual([some, nothing]);
    const done = await correct({ shipmentId: gift.id, donorId: right.id });
    expect(done).toMatchObject({
      donor: { id: right.id },
      lines: [{ earmark, lots: [{ donor: { id: right.id }, earmark: { countries: ['US'] } }] }],
    });
    expect([await impact(wrong), await impact(right)]).toEqual([nothing, some]);
    const { distributions } = await (
      await world.as('DONOR', right.id)
    ).ask<{ distributions: { nodes: object[] } }>(`{ distributions { nodes { units donor { id } } } }`);
    expect(distributions.nodes).toEqual([{ units: 6, donor: { id: right.id } }]);
    const before = await world.as('DONOR', wrong.id);
    expect(await before.ask(`query($id: ID!) { shipment(id: $id) { id } }`, { id: gift.id })).toEqual({
      shipment: null,
    });
    expect(await before.ask(`{ distributions { nodes { units } } }`)).toEqual({ distributions: { nodes: [] } });
    const next = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: [her] },
    });
    expect(next.deliveries).toHaveLength(1);
    expect(await impact(right)).toMatchObject({ allocatedUnits: 10 });
    expect(await world.breaches()).toEqual([]);
  });

  it('gets what is counted later as what it is in truth', async () => {
    const coming = await anAnnouncement(coordinator, { MASK: 10 });
    const RECEIVE = `mutation($input: ReceiveShipmentInput!) { receiveShipment(input: $input) { ... on Shipment { status lines { lots { item { code } donor { id } availableUnits } } } ${REFUSAL} } }`;
    const visit = (acceptedUnits: number) =>
      coordinator.ask(RECEIVE, {
        input: { shipmentId: coming.id, counts: [{ lineId: coming.lines[0]!.id, acceptedUnits }] },
      });
    await visit(4);
    const donor = await aDonor(coordinator);
    await correct({ shipmentId: coming.id, donorId: donor.id });
    await toItem(coming, 'SHOE_COVERS');
    expect(await visit(6)).toEqual({
      receiveShipment: {
        status: 'RECEIVED',
        lines: [{ lots: [{ item: { code: 'SHOE_COVERS' }, donor: { id: donor.id }, availableUnits: 10 }] }],
      },
    });
    expect(await world.breaches()).toEqual([]);
  });

  it('is corrected while its units are committed, sent, returned, lost and counted, without a wrong sum or a deadlock', async () => {
    const deadlocks = async () =>
      (await asOwner(world, `select deadlocks::int as n from pg_stat_database where datname = current_database()`)) as {
        n: number;
      }[];
    const people = await clinicians(coordinator, 4);
    for (let round = 0; round < 6; round++) {
      await Promise.all(people.map((id) => aNeed(coordinator, id, { units: 3 })));
      const gift = await aDonation(coordinator, { MASK: 400 });
      const choice = {
        stock: { shipmentIds: [gift.id] },
        recipients: { recipientIds: people },
        policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 2 }] },
      };
      const sent = await aCommittedPlan(coordinator, choice);
      const standing = await aCommittedPlan(coordinator, choice);
      await Promise.all(sent.deliveries.map(({ id }) => step('dispatchDelivery', { deliveryId: id })));
      const fresh = await Promise.all(Array.from({ length: 3 }, () => aPreview(coordinator, choice)));
      const ways = ['returnDelivery', 'reportDeliveryLost', 'confirmDelivery', 'confirmDelivery'];
      const donor = await aDonor(coordinator);
      const said = await Promise.all([
        toItem(gift, 'N95'),
        ...fresh.map(({ id }) => coordinator.ask<never>(COMMIT, { input: { planId: id } })),
        ...sent.deliveries.map(({ id, lines }, i) =>
          step(ways[i]!, { deliveryId: id, ...(i === 2 && { counts: [{ lineId: lines[0]!.id, units: 1 }] }) }),
        ),
        correct({ shipmentId: gift.id, donorId: donor.id }),
        step('cancelAllocation', { planId: standing.plan.id, reason: 'round over' }),
      ]);
      expect(
        said.filter(
          (one) =>
            '__typename' in (one as object) && String((one as { __typename: string }).__typename).endsWith('Error'),
        ),
      ).toEqual([]);
      expect(await world.breaches()).toEqual([]);
      await toItem(gift, 'MASK');
      expect(await world.breaches()).toEqual([]);
    }
    expect(await deadlocks()).toEqual([{ n: 0 }]);
  });

  it('waits for a parcel on its way before it takes the lot, and begins again where one came between', async () => {
    const [her] = await clinicians(coordinator, 1);
    const gift = await aDonation(coordinator, { MASK: 10 });
    const half = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 5 }] };
    const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: [her] }, policy: half };
    const { deliveries } = await aCommittedPlan(coordinator, choice);
    const holding = await connect(world.databaseUrl);
    try {
      // A return holds its parcel, then wants the lot: the correction, which waits for the parcel, must not have it.
      await holding.query('begin');
      await holding.query('select 1 from delivery where id = $1 for update', [deliveries[0]!.id]);
      const corrected = toItem(gift, 'N95');
      await holding.query('set local lock_timeout = 5000');
      await holding.query('select pg_sleep(0.3)');
      await holding.query('select 1 from lot where id = $1 for share', [gift.lines[0]!.lots[0]!.id]);
      await holding.query('commit');
      expect(await corrected).toMatchObject({ __typename: 'Shipment' });
    } finally {
      await holding.end();
    }
    expect(await world.breaches()).toEqual([]);
  });
});
