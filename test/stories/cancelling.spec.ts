import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aPreview,
  CANCEL,
  clinicians,
  DELIVERIES,
  type DeliveryView,
  DISPATCH,
  rowCounts,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const PLAN = `query($id: ID!) { plan(id: $id) { status awards(first: 100) { nodes { recipient { id } units cancelledAt } } } }`;
const LOT = `query($id: ID!) { lot(id: $id) { onHandUnits availableUnits allocatedUnits } }`;

interface Cancelled {
  readonly __typename?: string;
  readonly status: string;
  readonly recipientIds?: string[];
}

describe('taking a plan back', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 3);
  });
  afterAll(() => world.close());

  /** Thirty goggles and nine gowns of lots of their own, shared by three. */
  async function aPlan() {
    const gift = await aDonation(coordinator, { GOGGLES: 30, GOWN: 9 });
    const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: people } };
    const { plan, deliveries } = await aCommittedPlan(coordinator, choice);
    return { id: plan.id, deliveries, lot: gift.lines[0]!.lots[0]!.id, choice };
  }
  const cancel = async (planId: string, recipientIds?: string[]) =>
    (
      await coordinator.ask<{ cancelAllocation: Cancelled }>(CANCEL, {
        input: { planId, reason: 'a mistake', ...(recipientIds && { recipientIds }) },
      })
    ).cancelAllocation;
  const plan = async (id: string) =>
    (
      await coordinator.ask<{
        plan: { status: string; awards: { nodes: { recipient: { id: string }; cancelledAt: string | null }[] } };
      }>(PLAN, { id })
    ).plan;
  const standing = async (id: string) =>
    [
      ...new Set(
        (await plan(id)).awards.nodes
          .filter(({ cancelledAt }) => cancelledAt === null)
          .map(({ recipient }) => recipient.id),
      ),
    ].sort();
  const lot = async (id: string) => (await coordinator.ask<{ lot: object }>(LOT, { id })).lot;
  const parcels = async (planId: string) => {
    const { deliveries } = await coordinator.ask<{ deliveries: { nodes: DeliveryView[] } }>(DELIVERIES, { planId });
    return Object.fromEntries(deliveries.nodes.map(({ recipient, status }) => [recipient.id, status]));
  };
  const refusedFor = (recipientIds: string[], status = 'COMMITTED') => ({
    __typename: 'PlanNotCancellableError',
    code: 'PLAN_NOT_CANCELLABLE',
    status,
    recipientIds,
  });
  async function refused(planId: string, who: string[] | undefined, facts: object) {
    const before = await rowCounts(world);
    const held = await parcels(planId);
    for (let again = 0; again < 3; again++) expect(await cancel(planId, who)).toMatchObject(facts);
    expect(await rowCounts(world)).toEqual(before);
    expect(await parcels(planId)).toEqual(held);
  }

  it('for all: every unit is free again, and the plan is CANCELLED', async () => {
    const { id, lot: lotId } = await aPlan();
    expect(await lot(lotId)).toEqual({ onHandUnits: 30, availableUnits: 0, allocatedUnits: 30 });
    expect(await cancel(id)).toEqual({ id, status: 'CANCELLED' });
    expect(await lot(lotId)).toEqual({ onHandUnits: 30, availableUnits: 30, allocatedUnits: 0 });
    expect(await parcels(id)).toEqual(Object.fromEntries(people.map((person) => [person, 'CANCELLED'])));
    expect(await standing(id)).toEqual([]);
    await refused(id, undefined, refusedFor([], 'CANCELLED'));
    await refused(id, [people[0]!], refusedFor([], 'CANCELLED'));
    expect(await world.breaches()).toEqual([]);
  });

  it('for some: their units are free, the others keep theirs, and the plan stands until the last is cancelled', async () => {
    const { id, lot: lotId } = await aPlan();
    const [first, second, third] = people as [string, string, string];
    expect(await cancel(id, [first, first])).toEqual({ id, status: 'COMMITTED' });
    expect(await lot(lotId)).toEqual({ onHandUnits: 30, availableUnits: 10, allocatedUnits: 20 });
    expect(await parcels(id)).toEqual({ [first]: 'CANCELLED', [second]: 'PREPARED', [third]: 'PREPARED' });
    expect(await standing(id)).toEqual([second, third].sort());
    await refused(id, [first], refusedFor([first]));
    await refused(id, [second, first], refusedFor([first]));
    expect(await standing(id)).toEqual([second, third].sort());
    expect(await cancel(id, [third])).toEqual({ id, status: 'COMMITTED' });
    expect(await cancel(id)).toEqual({ id, status: 'CANCELLED' });
    expect(await lot(lotId)).toEqual({ onHandUnits: 30, availableUnits: 30, allocatedUnits: 0 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is refused whole when a parcel has left, and is possible for the others', async () => {
    const { id, deliveries, lot: lotId } = await aPlan();
    const gone = deliveries[0]!.recipient.id;
    const others = people.filter((person) => person !== gone);
    await coordinator.ask(DISPATCH, { input: { deliveryId: deliveries[0]!.id } });
    await refused(id, undefined, refusedFor([gone]));
    await refused(id, [others[0]!, gone], refusedFor([gone]));
    expect(await lot(lotId)).toEqual({ onHandUnits: 20, availableUnits: 0, allocatedUnits: 20 });
    expect(await cancel(id, others)).toEqual({ id, status: 'COMMITTED' });
    expect(await lot(lotId)).toEqual({ onHandUnits: 20, availableUnits: 20, allocatedUnits: 0 });
    expect(await parcels(id)).toMatchObject({ [gone]: 'DISPATCHED' });
    await refused(id, undefined, refusedFor([gone]));
    expect(await world.breaches()).toEqual([]);
  });

  it('keeps a cancelled parcel from leaving', async () => {
    const { id, deliveries } = await aPlan();
    await cancel(id, [deliveries[0]!.recipient.id]);
    const { dispatchDelivery } = await coordinator.ask<{ dispatchDelivery: object }>(DISPATCH, {
      input: { deliveryId: deliveries[0]!.id },
    });
    expect(dispatchDelivery).toMatchObject({ __typename: 'DeliveryTransitionError', status: 'CANCELLED' });
    expect(await world.breaches()).toEqual([]);
  });

  it('gives the units to a new plan', async () => {
    const { id, choice } = await aPlan();
    await cancel(id, [people[0]!]);
    const { deliveries } = await aCommittedPlan(coordinator, { ...choice, recipients: { recipientIds: [people[1]] } });
    expect(deliveries.flatMap(({ lines }) => lines.map(({ units }) => units))).toEqual([3, 10]);
    expect(await world.breaches()).toEqual([]);
  });

  it('is for committed plans alone', async () => {
    const gift = await aDonation(coordinator, { GOGGLES: 3 });
    const preview = await aPreview(coordinator, { stock: { shipmentIds: [gift.id] } });
    await refused(preview.id, undefined, refusedFor([], 'PREVIEW'));
    expect(await plan(preview.id)).toMatchObject({ status: 'PREVIEW' });
  });
});
