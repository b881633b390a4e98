import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aNeed,
  asOwner,
  clinicians,
  CONFIRM,
  dayFromNow,
  type DeliveryView,
  DISPATCH,
  faultOfInput,
  REFUSAL,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';

const LINES = `lines { id units status item { code } lot { id } }`;
const TAKE_OUT = `mutation($input: TakeOutOfDeliveryInput!) { takeOutOfDelivery(input: $input) { ... on Delivery { id status ${LINES} }
  ... on DeliveryTransitionError { status } ... on LinesTakenOutError { lineIds } ${REFUSAL} } }`;
const DELIVERY = `query($id: ID!) { delivery(id: $id) { id status plan { id status } stoppedBy { lineId condition expiresOn lot { id } } ${LINES} } }`;
const SEND = `mutation($input: DispatchDeliveryInput!) { dispatchDelivery(input: $input) { ... on Delivery { status }
  ... on LotNotUsableError { lots { lineId condition expiresOn lot { id } } } ${REFUSAL} } }`;
const LOT = `query($id: ID!) { lotTrace(lotId: $id) { places { place units } } }`;
const REASON = 'the box was open';

interface Parcel {
  readonly status: string;
  readonly plan: { id: string; status: string };
  readonly stoppedBy: { lineId: string; condition: string; expiresOn: string | null; lot: { id: string } }[];
  readonly lines: { id: string; units: number; status: string; item: { code: string }; lot: { id: string } }[];
}

describe('what is taken out of a parcel', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 2);
  });
  afterAll(() => world.close());

  /** Twenty masks and eight gowns for two, the masks by need. */
  async function aPlan() {
    const needs = [];
    for (const id of people) needs.push(await aNeed(coordinator, id, { units: 10, itemCode: 'GOGGLES' }));
    const gift = await aDonation(coordinator, { GOGGLES: 20, GOWN: 8 });
    const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: people } };
    const { plan, deliveries } = await aCommittedPlan(coordinator, choice);
    const [goggles, gowns] = gift.lines.map((line) => line.lots[0]!.id) as [string, string];
    const [first, second] = people.map((id) => deliveries.find(({ recipient }) => recipient.id === id)!);
    return { planId: plan.id, goggles, gowns, first: first!, second: second!, needs };
  }
  const lineOf = (delivery: DeliveryView, code: string): string =>
    delivery.lines.find(({ item }) => item.code === code)!.id;
  const takeOut = async (deliveryId: string, lineIds: string[]) =>
    (
      await coordinator.ask<{ takeOutOfDelivery: Parcel & { __typename?: string; lineIds?: string[] } }>(TAKE_OUT, {
        input: { deliveryId, lineIds, reason: REASON },
      })
    ).takeOutOfDelivery;
  const parcel = async (id: string): Promise<Parcel> =>
    (await coordinator.ask<{ delivery: Parcel }>(DELIVERY, { id })).delivery;
  const places = async (lotId: string): Promise<Record<string, number>> => {
    const { lotTrace } = await coordinator.ask<{ lotTrace: { places: { place: string; units: number }[] } }>(LOT, {
      id: lotId,
    });
    return Object.fromEntries(lotTrace.places.map(({ place, units }) => [place, units]));
  };
  const awards = (planId: string) =>
    asOwner(
      world,
      `select i.code, a.units, a.returned_units as returned, a.cancelled_at is not null as cancelled from award a join item i on i.id = a.item_id
       where a.plan_id = $1 and a.recipient_id = $2 order by i.code`,
      [planId, people[0]],
    );
  const openUnits = async (needId: string): Promise<number> =>
    (
      await coordinator.ask<{ need: { openUnits: number } }>(`query($id: ID!) { need(id: $id) { openUnits } }`, {
        id: needId,
      })
    ).need.openUnits;

  it('is free again, counts as not received, and is needed again; the rest of the parcel goes', async () => {
    const { planId, goggles, gowns, first, needs } = await aPlan();
    const line = lineOf(first, 'GOGGLES');
    expect(await openUnits(needs[0]!.id)).toBe(0);
    const done = await takeOut(first.id, [line, line]);
    expect(done).toMatchObject({ status: 'PREPARED' });
    expect(Object.fromEntries(done.lines.map(({ item, status }) => [item.code, status]))).toEqual({
      GOGGLES: 'CANCELLED',
      GOWN: 'PREPARED',
    });
    expect(await places(goggles)).toEqual({ AVAILABLE: 10, ALLOCATED: 10 });
    expect(await awards(planId)).toEqual([
      { code: 'GOGGLES', units: 10, returned: 10, cancelled: false },
      { code: 'GOWN', units: 4, returned: 0, cancelled: false },
    ]);
    expect(await openUnits(needs[0]!.id)).toBe(10);
    expect(await openUnits(needs[1]!.id)).toBe(0);
    expect(
      await asOwner(
        world,
        `select from_place, to_place, units, reason from stock_entry where cause = 'DELIVERY_LINES_TAKEN_OUT' and cause_id = $1`,
        [first.id],
      ),
    ).toEqual([{ from_place: 'ALLOCATED', to_place: 'AVAILABLE', units: 10, reason: REASON }]);
    expect(await world.breaches()).toEqual([]);

    expect(await coordinator.ask(SEND, { input: { deliveryId: first.id } })).toMatchObject({
      dispatchDelivery: { status: 'DISPATCHED' },
    });
    expect(await places(gowns)).toEqual({ ALLOCATED: 4, IN_TRANSIT: 4 });
    expect(await places(goggles)).toEqual({ AVAILABLE: 10, ALLOCATED: 10 });
    expect(
      await faultOfInput(coordinator, 'confirmDelivery', {
        deliveryId: first.id,
        counts: [{ lineId: line, units: 1 }],
      }),
    ).toEqual({ code: 'BAD_USER_INPUT', field: 'input.counts.0.lineId' });
    const { confirmDelivery } = await coordinator.ask<{ confirmDelivery: DeliveryView }>(CONFIRM, {
      input: { deliveryId: first.id },
    });
    expect(confirmDelivery.lines.map(({ item, confirmedUnits }) => [item.code, confirmedUnits]).sort()).toEqual([
      ['GOGGLES', null],
      ['GOWN', 4],
    ]);
    expect((await parcel(first.id)).lines.map(({ status }) => status).sort()).toEqual(['CANCELLED', 'CONFIRMED']);
    expect(await awards(planId)).toMatchObject([{ returned: 10 }, { returned: 0 }]);
    expect(await world.breaches()).toEqual([]);
  });

  it.each(['returnDelivery', 'reportDeliveryLost', 'markDelivered'])(
    'stays out when the rest is moved: %s',
    async (step) => {
      const { goggles, gowns, first } = await aPlan();
      await takeOut(first.id, [lineOf(first, 'GOGGLES')]);
      await coordinator.ask(DISPATCH, { input: { deliveryId: first.id } });
      const type = `${step[0]!.toUpperCase()}${step.slice(1)}Input`;
      await coordinator.ask(
        `mutation($input: ${type}!) { ${step}(input: $input) { ... on Delivery { status } ${REFUSAL} } }`,
        {
          input: { deliveryId: first.id },
        },
      );
      expect(await places(goggles)).toEqual({ AVAILABLE: 10, ALLOCATED: 10 });
      const place = { returnDelivery: 'AVAILABLE', reportDeliveryLost: 'LOST', markDelivered: 'DELIVERED' }[step]!;
      expect(await places(gowns)).toEqual({ ALLOCATED: 4, [place]: 4 });
      expect(await world.breaches()).toEqual([]);
    },
  );

  it('cancels the parcel and her awards when nothing is left, and the plan with the last of them', async () => {
    const { planId, goggles, gowns, first, second, needs } = await aPlan();
    await takeOut(first.id, [lineOf(first, 'GOGGLES')]);
    expect(await takeOut(first.id, [lineOf(first, 'GOWN')])).toMatchObject({ status: 'CANCELLED' });
    expect(await awards(planId)).toEqual([
      { code: 'GOGGLES', units: 10, returned: 10, cancelled: true },
      { code: 'GOWN', units: 4, returned: 0, cancelled: true },
    ]);
    expect(await places(goggles)).toEqual({ AVAILABLE: 10, ALLOCATED: 10 });
    expect(await places(gowns)).toEqual({ AVAILABLE: 4, ALLOCATED: 4 });
    expect((await parcel(first.id)).plan).toEqual({ id: planId, status: 'COMMITTED' });
    expect(await world.breaches()).toEqual([]);

    const both = second.lines.map(({ id }) => id);
    expect(await takeOut(second.id, both)).toMatchObject({ status: 'CANCELLED' });
    expect((await parcel(second.id)).plan).toEqual({ id: planId, status: 'CANCELLED' });
    expect(await places(goggles)).toEqual({ AVAILABLE: 20 });
    expect(await places(gowns)).toEqual({ AVAILABLE: 8 });
    expect(await Promise.all(needs.map(({ id }) => openUnits(id)))).toEqual([10, 10]);
    expect(await world.breaches()).toEqual([]);
  });

  it('is not put back twice when the plan is cancelled afterwards', async () => {
    const { planId, goggles, gowns, first } = await aPlan();
    await takeOut(first.id, [lineOf(first, 'GOGGLES')]);
    const cancelled = await coordinator.ask(
      `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { ... on Plan { status } ${REFUSAL} } }`,
      { input: { planId, reason: 'a mistake' } },
    );
    expect(cancelled).toEqual({ cancelAllocation: { status: 'CANCELLED' } });
    expect(await places(goggles)).toEqual({ AVAILABLE: 20 });
    expect(await places(gowns)).toEqual({ AVAILABLE: 8 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is taken out once, of a parcel that has not left, and is a line of it', async () => {
    const { goggles, first, second } = await aPlan();
    const [line, other] = [lineOf(first, 'GOGGLES'), lineOf(first, 'GOWN')];
    await takeOut(first.id, [line]);
    expect(await takeOut(first.id, [other, line])).toMatchObject({
      __typename: 'LinesTakenOutError',
      code: 'LINES_TAKEN_OUT',
      lineIds: [line],
    });
    expect((await parcel(first.id)).lines.filter(({ status }) => status === 'PREPARED')).toHaveLength(1);
    const input = { deliveryId: first.id, reason: REASON };
    const fault = (lineIds: string[]) => faultOfInput(coordinator, 'takeOutOfDelivery', { ...input, lineIds });
    expect(await fault([other, lineOf(second, 'GOWN')])).toEqual({ code: 'NOT_FOUND', field: 'input.lineIds.1' });
    expect(await fault([])).toEqual({ code: 'BAD_USER_INPUT', field: 'input.lineIds' });
    expect(await faultOfInput(coordinator, 'takeOutOfDelivery', { ...input, lineIds: [other], reason: ' ' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.reason',
    });
    expect(
      await faultOfInput(coordinator, 'takeOutOfDelivery', { ...input, deliveryId: line, lineIds: [line] }),
    ).toEqual({ code: 'NOT_FOUND', field: 'input.deliveryId' });
    await coordinator.ask(DISPATCH, { input: { deliveryId: first.id } });
    expect(await takeOut(first.id, [other])).toMatchObject({
      __typename: 'DeliveryTransitionError',
      status: 'DISPATCHED',
    });
    expect(await places(goggles)).toEqual({ AVAILABLE: 10, ALLOCATED: 10 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is taken out once by eight who do it at once', async () => {
    const { goggles, first } = await aPlan();
    const said = await Promise.all(Array.from({ length: 8 }, () => takeOut(first.id, [lineOf(first, 'GOGGLES')])));
    expect(said.filter(({ __typename }) => __typename === 'LinesTakenOutError')).toHaveLength(7);
    expect(await places(goggles)).toEqual({ AVAILABLE: 10, ALLOCATED: 10 });
    expect(await world.breaches()).toEqual([]);
  });

  it('cancels the plan with the last parcel also when the last two are emptied at once', async () => {
    for (let round = 0; round < 4; round++) {
      const { planId, goggles, first, second } = await aPlan();
      await Promise.all(
        [first, second].map(({ id, lines }) =>
          takeOut(
            id,
            lines.map((line) => line.id),
          ),
        ),
      );
      expect((await parcel(first.id)).plan).toEqual({ id: planId, status: 'CANCELLED' });
      expect(await places(goggles)).toEqual({ AVAILABLE: 20 });
    }
    expect(await world.breaches()).toEqual([]);
  });

  it('goes out of a parcel, or leaves with it, when both happen at once', async () => {
    for (let round = 0; round < 6; round++) {
      const { first, second } = await aPlan();
      const [out, sent, cancelled] = await Promise.all([
        takeOut(first.id, [lineOf(first, 'GOWN')]),
        coordinator.ask<{ dispatchDelivery: { status: string } }>(SEND, { input: { deliveryId: first.id } }),
        takeOut(
          second.id,
          second.lines.map(({ id }) => id),
        ),
      ]);
      expect(sent.dispatchDelivery.status).toBe('DISPATCHED');
      expect(cancelled.status).toBe('CANCELLED');
      expect(['PREPARED', 'DISPATCHED']).toContain(out.status);
    }
    expect(await world.breaches()).toEqual([]);
  });

  describe('of a lot that must not be used', () => {
    const setAside = (lotId: string, condition = 'QUARANTINED') =>
      asOwner(world, `update lot set condition = $2 where id = $1`, [lotId, condition]);
    const send = async (deliveryId: string) =>
      (
        await coordinator.ask<{ dispatchDelivery: { __typename?: string; status?: string; lots?: unknown[] } }>(SEND, {
          input: { deliveryId },
        })
      ).dispatchDelivery;

    it('keeps the parcel from leaving, and is named beforehand; taken out, it is set aside', async () => {
      const { goggles, first } = await aPlan();
      expect((await parcel(first.id)).stoppedBy).toEqual([]);
      await setAside(goggles);
      const stopped = [
        { lineId: lineOf(first, 'GOGGLES'), condition: 'QUARANTINED', expiresOn: null, lot: { id: goggles } },
      ];
      expect((await parcel(first.id)).stoppedBy).toEqual(stopped);
      expect(await send(first.id)).toMatchObject({
        __typename: 'LotNotUsableError',
        code: 'LOT_NOT_USABLE',
        lots: stopped,
      });
      expect((await parcel(first.id)).status).toBe('PREPARED');
      await takeOut(first.id, [lineOf(first, 'GOGGLES')]);
      expect(await places(goggles)).toEqual({ ALLOCATED: 10, QUARANTINED: 10 });
      expect((await parcel(first.id)).stoppedBy).toEqual([]);
      expect(await send(first.id)).toMatchObject({ status: 'DISPATCHED' });
      expect(await world.breaches()).toEqual([]);
    });

    it('is one that has expired since, from the day after its last', async () => {
      const { goggles, first, second } = await aPlan();
      await asOwner(world, `update lot set expires_on = $2 where id = $1`, [goggles, dayFromNow(0)]);
      expect((await parcel(first.id)).stoppedBy).toEqual([]);
      expect(await send(first.id)).toMatchObject({ status: 'DISPATCHED' });
      await asOwner(world, `update lot set expires_on = $2 where id = $1`, [goggles, dayFromNow(-1)]);
      expect((await parcel(second.id)).stoppedBy).toMatchObject([{ condition: 'GOOD', expiresOn: dayFromNow(-1) }]);
      expect(await send(second.id)).toMatchObject({ lots: [{ expiresOn: dayFromNow(-1), lot: { id: goggles } }] });
      // What has left is not stopped any more.
      expect((await parcel(first.id)).stoppedBy).toEqual([]);
      expect(await world.breaches()).toEqual([]);
    });

    it('is refused also when it is set aside while the parcel is about to leave', async () => {
      const { goggles, first } = await aPlan();
      const aside = await connect(world.databaseUrl);
      await aside.query('begin');
      await aside.query(`update lot set condition = 'QUARANTINED' where id = $1`, [goggles]);
      const sent = send(first.id);
      await new Promise((done) => setTimeout(done, 200));
      await aside.query('commit');
      await aside.end();
      expect(await sent).toMatchObject({ __typename: 'LotNotUsableError' });
      await takeOut(first.id, [lineOf(first, 'GOGGLES')]);
      expect(await world.breaches()).toEqual([]);
    });
  });
});
