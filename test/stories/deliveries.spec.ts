import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  asOwner,
  clinicians,
  CONFIRM,
  DELIVERIES,
  type DeliveryView,
  DISPATCH,
  rowCounts,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOW = `query($id: ID!) { delivery(id: $id) { id status carrier trackingNumber dispatchedAt deliveredAt confirmedAt recipient { id }
  lines { id units confirmedUnits shortageReason lot { id } } } }`;
const LINK = `mutation($input: IssueConfirmationLinkInput!) { issueConfirmationLink(input: $input) { __typename
  ... on ConfirmationLink { token expiresAt delivery { id } } ... on DeliveryTransitionError { status } } }`;
const PLACES = `query($lot: ID!) { lotTrace(lotId: $lot) { receivedUnits places { place units } } }`;

type Step = 'dispatchDelivery' | 'markDelivered' | 'returnDelivery' | 'reportDeliveryLost' | 'confirmDelivery';

describe('a parcel', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 2);
  });
  afterAll(() => world.close());

  interface Parcel extends DeliveryView {
    lot: string;
    other: DeliveryView;
  }
  /** Ten masks of a lot of their own for the first, ten for the second. */
  async function aParcel(dispatched = true): Promise<Parcel> {
    const gift = await aDonation(coordinator, { MASK: 20 });
    const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: people } };
    const { deliveries } = await aCommittedPlan(coordinator, choice);
    const [parcel, other] = people.map((id) => deliveries.find(({ recipient }) => recipient.id === id)!);
    if (dispatched) await step('dispatchDelivery', parcel!.id);
    return { ...parcel!, lot: gift.lines[0]!.lots[0]!.id, other: other! };
  }

  async function step(name: Step, deliveryId: string, more: object = {}): Promise<Record<string, unknown>> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ... on Delivery { id status carrier trackingNumber dispatchedAt deliveredAt confirmedAt }
      ... on DeliveryTransitionError { code stands: status } } }`;
    return (await coordinator.ask<Record<Step, Record<string, unknown>>>(query, { input: { deliveryId, ...more } }))[
      name
    ];
  }
  const now = async (id: string) =>
    (await coordinator.ask<{ delivery: Record<string, unknown> }>(NOW, { id })).delivery;
  const places = async (lot: string) => {
    const { lotTrace } = await coordinator.ask<{
      lotTrace: { receivedUnits: number; places: { place: string; units: number }[] };
    }>(PLACES, { lot });
    expect(lotTrace.places.reduce((sum, { units }) => sum + units, 0)).toBe(lotTrace.receivedUnits);
    return Object.fromEntries(lotTrace.places.map(({ place, units }) => [place, units]));
  };
  const issue = async (deliveryId: string) =>
    (
      await coordinator.ask<{ issueConfirmationLink: { token: string; status?: string; expiresAt: string } }>(LINK, {
        input: { deliveryId },
      })
    ).issueConfirmationLink;

  it('goes from the shelf to the hand, each step once', async () => {
    const { id, lot } = await aParcel(false);
    expect(await places(lot)).toEqual({ ALLOCATED: 20 });
    expect(await step('dispatchDelivery', id, { carrier: 'Courier', trackingNumber: '77' })).toMatchObject({
      status: 'DISPATCHED',
      carrier: 'Courier',
      trackingNumber: '77',
      dispatchedAt: expect.any(String),
      deliveredAt: null,
      confirmedAt: null,
    });
    expect(await places(lot)).toEqual({ ALLOCATED: 10, IN_TRANSIT: 10 });
    expect(await step('markDelivered', id)).toMatchObject({
      status: 'DELIVERED',
      carrier: 'Courier',
      deliveredAt: expect.any(String),
      confirmedAt: null,
    });
    expect(await places(lot)).toEqual({ ALLOCATED: 10, DELIVERED: 10 });
    const { deliveredAt } = await now(id);
    expect(await step('confirmDelivery', id)).toMatchObject({
      status: 'CONFIRMED',
      deliveredAt,
      confirmedAt: expect.any(String),
    });
    expect(await now(id)).toMatchObject({ lines: [{ units: 10, confirmedUnits: 10, shortageReason: null }] });
    expect(await places(lot)).toEqual({ ALLOCATED: 10, DELIVERED: 10 });
  });

  const ways: [Step, Step | null, string, Record<string, number>][] = [
    ['dispatchDelivery', null, 'DISPATCHED', { ALLOCATED: 10, IN_TRANSIT: 10 }],
    ['markDelivered', 'dispatchDelivery', 'DELIVERED', { ALLOCATED: 10, DELIVERED: 10 }],
    ['returnDelivery', 'dispatchDelivery', 'RETURNED', { ALLOCATED: 10, AVAILABLE: 10 }],
    ['reportDeliveryLost', 'dispatchDelivery', 'LOST', { ALLOCATED: 10, LOST: 10 }],
    ['confirmDelivery', 'dispatchDelivery', 'CONFIRMED', { ALLOCATED: 10, DELIVERED: 10 }],
    ['confirmDelivery', 'markDelivered', 'CONFIRMED', { ALLOCATED: 10, DELIVERED: 10 }],
  ];
  it.each(ways)('%s after %s takes effect once, the second time it is refused', async (name, first, status, where) => {
    const { id, lot } = await aParcel(first !== null);
    if (first === 'markDelivered') await step('markDelivered', id);
    expect(await step(name, id)).toMatchObject({ __typename: 'Delivery', status });
    const before = await rowCounts(world);
    for (let again = 0; again < 3; again++)
      expect(await step(name, id)).toEqual({
        __typename: 'DeliveryTransitionError',
        code: 'DELIVERY_TRANSITION',
        stands: status,
      });
    expect(await rowCounts(world)).toEqual(before);
    expect(await places(lot)).toEqual(where);
    expect(await world.breaches()).toEqual([]);
  });

  it.each([
    ['PREPARED', null, ['markDelivered', 'returnDelivery', 'reportDeliveryLost', 'confirmDelivery']],
    ['DELIVERED', 'markDelivered', ['dispatchDelivery', 'returnDelivery', 'reportDeliveryLost']],
    ['CONFIRMED', 'confirmDelivery', ['dispatchDelivery', 'markDelivered', 'returnDelivery', 'reportDeliveryLost']],
    ['RETURNED', 'returnDelivery', ['dispatchDelivery', 'markDelivered', 'reportDeliveryLost', 'confirmDelivery']],
    ['LOST', 'reportDeliveryLost', ['dispatchDelivery', 'markDelivered', 'returnDelivery', 'confirmDelivery']],
  ] as [string, Step | null, Step[]][])('that is %s cannot take a step out of turn', async (status, reach, steps) => {
    const { id } = await aParcel(reach !== null);
    if (reach) await step(reach, id);
    for (const name of steps)
      expect([name, await step(name, id)]).toEqual([
        name,
        { __typename: 'DeliveryTransitionError', code: 'DELIVERY_TRANSITION', stands: status },
      ]);
    expect(await now(id)).toMatchObject({ status });
    if (status !== 'DELIVERED')
      expect(await issue(id)).toMatchObject({ __typename: 'DeliveryTransitionError', status });
  });

  it.each([
    ['MISSING', { LOST: 3 }],
    [null, { LOST: 3 }],
    ['STOLEN', { LOST: 3 }],
    ['DAMAGED', { DISCARDED: 3 }],
    ['EXPIRED', { DISCARDED: 3 }],
  ])('that arrives short (%s) keeps what was sent and what was counted', async (reason, gone) => {
    const { id, lot, lines } = await aParcel();
    await step('confirmDelivery', id, { counts: [{ lineId: lines[0]!.id, units: 7, reason }] });
    expect(await now(id)).toMatchObject({
      lines: [{ units: 10, confirmedUnits: 7, shortageReason: reason ?? 'MISSING' }],
    });
    expect(await places(lot)).toEqual({ ALLOCATED: 10, DELIVERED: 7, ...gone });
    expect(await world.breaches()).toEqual([]);
  });

  it('that was delivered and then counted short, or empty, gives up what is missing', async () => {
    const { id, lot, lines, other } = await aParcel();
    await step('markDelivered', id);
    await step('confirmDelivery', id, { counts: [{ lineId: lines[0]!.id, units: 0, reason: 'WRONG_ITEM' }] });
    expect(await now(id)).toMatchObject({ status: 'CONFIRMED', lines: [{ confirmedUnits: 0 }] });
    expect(await places(lot)).toEqual({ ALLOCATED: 10, LOST: 10 });
    await step('dispatchDelivery', other.id);
    await step('confirmDelivery', other.id, { counts: [] });
    expect(await now(other.id)).toMatchObject({ lines: [{ confirmedUnits: 10 }] });
    expect(await world.breaches()).toEqual([]);
  });

  it('that came back is stock again, and goes to somebody else with its donor and lot', async () => {
    const { id, lot } = await aParcel();
    await step('returnDelivery', id, { reason: 'PREFERS_DIFFERENT_ITEM' });
    const choice = { stock: { lotIds: [lot] }, recipients: { recipientIds: [people[1]] } };
    const { deliveries } = await aCommittedPlan(coordinator, choice);
    expect(await now(deliveries[0]!.id)).toMatchObject({ lines: [{ units: 10, lot: { id: lot } }] });
    expect(await world.breaches()).toEqual([]);
  });

  it('is confirmed by its own recipient, not by another', async () => {
    const { id, lines } = await aParcel();
    const [hers, another] = [await world.as('RECIPIENT', people[0]), await world.as('RECIPIENT', people[1])];
    const before = await rowCounts(world);
    expect((await another.error(CONFIRM, { input: { deliveryId: id } })).extensions).toEqual({
      code: 'NOT_FOUND',
      field: 'input.deliveryId',
    });
    expect((await (await world.as('RECIPIENT')).error(CONFIRM, { input: { deliveryId: id } })).extensions.code).toBe(
      'NOT_FOUND',
    );
    expect((await now(id))['status']).toBe('DISPATCHED');
    expect(await rowCounts(world)).toMatchObject({ stock_entry: before['stock_entry'] });
    const counts = [{ lineId: lines[0]!.id, units: 9, reason: 'DAMAGED' }];
    const { confirmDelivery } = await hers.ask<{ confirmDelivery: object }>(CONFIRM, {
      input: { deliveryId: id, counts },
    });
    expect(confirmDelivery).toMatchObject({
      status: 'CONFIRMED',
      lines: [{ confirmedUnits: 9, shortageReason: 'DAMAGED' }],
    });
    expect((await hers.error(DISPATCH, { input: { deliveryId: id } })).extensions.code).toBe('FORBIDDEN');
    const { deliveries } = await hers.ask<{ deliveries: { nodes: DeliveryView[] } }>(DELIVERIES);
    expect(new Set(deliveries.nodes.map(({ recipient }) => recipient.id))).toEqual(new Set([people[0]]));
  });

  describe('by a one-time link', () => {
    const dead = { code: 'NOT_FOUND', field: 'input.token' };
    const confirm = (token: string, more: object = {}) =>
      world.with(null).answer<{ confirmDelivery: object }>(CONFIRM, { input: { token, ...more } });
    const fault = async (token: string) => (await confirm(token)).errors?.[0]?.extensions;

    it('is confirmed without a token, once', async () => {
      const { id, lines } = await aParcel();
      const { token, expiresAt } = await issue(id);
      const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(30);
      const { data } = await confirm(token, { counts: [{ lineId: lines[0]!.id, units: 8 }] });
      expect(data?.confirmDelivery).toMatchObject({ id, status: 'CONFIRMED', lines: [{ confirmedUnits: 8 }] });
      for (let again = 0; again < 3; again++) expect(await fault(token)).toEqual(dead);
      expect(await now(id)).toMatchObject({ lines: [{ confirmedUnits: 8 }] });
      expect(await world.breaches()).toEqual([]);
    });

    it('that was replaced is dead, and the new one works', async () => {
      const { id } = await aParcel();
      const [first, second] = [await issue(id), await issue(id)];
      expect(await fault(first.token)).toEqual(dead);
      expect((await now(id))['status']).toBe('DISPATCHED');
      expect((await confirm(second.token)).data?.confirmDelivery).toMatchObject({ id, status: 'CONFIRMED' });
    });

    it('that has expired is dead', async () => {
      const { id } = await aParcel();
      const { token } = await issue(id);
      await asOwner(world, `update delivery set link_expires_at = now() - interval '1 second' where id = $1`, [id]);
      expect(await fault(token)).toEqual(dead);
      await asOwner(world, `update delivery set link_expires_at = now() + interval '1 minute' where id = $1`, [id]);
      expect((await confirm(token)).data?.confirmDelivery).toMatchObject({ status: 'CONFIRMED' });
    });

    it('still works after the parcel was marked delivered, and is dead once it came back or was confirmed otherwise', async () => {
      const delivered = await aParcel();
      const live = await issue(delivered.id);
      await step('markDelivered', delivered.id);
      expect((await confirm(live.token)).data?.confirmDelivery).toMatchObject({ status: 'CONFIRMED' });
      for (const name of ['returnDelivery', 'reportDeliveryLost', 'confirmDelivery'] as const) {
        const { id } = await aParcel();
        const { token } = await issue(id);
        await step(name, id);
        expect(await fault(token)).toEqual(dead);
      }
    });

    it("that is wrong opens nothing, and neither does one for another parcel's lines", async () => {
      const { id, other } = await aParcel();
      const { token } = await issue(id);
      for (const wrong of ['', 'x', `${token}x`, token.toLowerCase(), token.slice(1), '%', 'null'])
        expect(await fault(wrong)).toEqual(dead);
      const { errors } = await confirm(token, { counts: [{ lineId: other.lines[0]!.id, units: 1 }] });
      expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', field: 'input.counts.0.lineId' });
      expect((await now(id))['status']).toBe('DISPATCHED');
      expect((await confirm(token)).data?.confirmDelivery).toMatchObject({ status: 'CONFIRMED' });
    });
  });
});
