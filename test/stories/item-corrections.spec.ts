import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, aNeed, clinicians, type ShipmentView } from '../support/builders.js';
import { correct, correctItem, step } from '../support/corrections.js';
import { type Client, openWorld, type World } from '../support/world.js';

const AWARDS = `query($id: ID!) { plan(id: $id) { awards { nodes { item { code } units returnedUnits sentence } } } }`;
const HISTORY = `query($recipients: [ID!]) { distributions(filter: { recipientIds: $recipients }) { nodes { item { code } donor { id } units confirmedUnits status } } }`;
const FAIRNESS = `query($recipients: [ID!], $codes: [String!]) { fairness(filter: { recipientIds: $recipients, itemCodes: $codes }) {
  recipients { nodes { receivedUnits claimedUnits fill } } } }`;

describe('goods that turn out to be something else', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const toItem = (shipment: ShipmentView, itemCode: string, line = 0) =>
    correctItem(coordinator, shipment, itemCode, line);

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
      await step(coordinator, 'cancelAllocation', { planId, reason: 'wrong goods' });
      expect(await state()).toEqual(NOTHING);
      await toItem(gift, 'MASK');
      // What was in a parcel that was taken back is received neither way; its award is cancelled.
      expect(await state()).toEqual({ returned: 10, met: [0, 0] });
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
        await step(coordinator, 'dispatchDelivery', { deliveryId });
        await toItem(gift, 'N95');
        expect(await state()).toEqual(NOTHING);
        expect(await step(coordinator, name, { deliveryId })).toBe('Delivery');
        expect(await state()).toEqual(NOTHING);
        await toItem(gift, 'MASK');
        expect(await state()).toEqual(NOTHING);
        await toItem(gift, 'N95');
        expect(await state()).toEqual(NOTHING);
      },
    );

    it('on its way is confirmed short as what it is, and counts as far as it came when it proves right', async () => {
      await step(coordinator, 'dispatchDelivery', { deliveryId });
      await toItem(gift, 'KN95');
      const counts = [{ lineId, units: 7, reason: 'DAMAGED' }];
      expect(await step(coordinator, 'confirmDelivery', { deliveryId, counts })).toBe('Delivery');
      expect(await state()).toEqual(NOTHING);
      expect(await history()).toMatchObject([{ item: { code: 'KN95' }, units: 10, confirmedUnits: 7 }]);
      await toItem(gift, 'MASK');
      expect(await state()).toEqual({ returned: 3, met: [6, 1] });
      await toItem(gift, 'KN95');
      expect(await state()).toEqual(NOTHING);
    });

    it('after it was confirmed is corrected and put back, as often as it takes', async () => {
      await step(coordinator, 'dispatchDelivery', { deliveryId });
      await step(coordinator, 'confirmDelivery', { deliveryId, counts: [{ lineId, units: 8 }] });
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
    await correct(coordinator, {
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
    await step(coordinator, 'dispatchDelivery', { deliveryId: deliveries[0]!.id });
    expect(await step(coordinator, 'returnDelivery', { deliveryId: deliveries[0]!.id })).toBe('Delivery');
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
    await step(coordinator, 'dispatchDelivery', { deliveryId: deliveries[0]!.id });
    await step(coordinator, 'reportDeliveryLost', { deliveryId: deliveries[0]!.id });
    expect(await metUnits()).toBe(0);
    expect(await world.breaches()).toEqual([]);
    await toItem(gift, 'MASK', 1);
    expect(await metUnits()).toBe(0);
    expect(await world.breaches()).toEqual([]);
  });
});
