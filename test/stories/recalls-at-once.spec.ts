import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonor, aPreview, asOwner, clinicians, COMMIT, DISPATCH } from '../support/builders.js';
import {
  aNumber,
  REASON,
  RECALL_LOTS,
  recallDesk,
  type RecallDesk,
  type RecallView,
  TIMES,
} from '../support/recalls.js';
import { connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;
let desk: RecallDesk;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  desk = recallDesk(coordinator);
});
afterAll(() => world.close());

describe('a recall at the same moment', () => {
  /** Holds whoever wants to write a balance, a line of a parcel or an entry, until it is let go. */
  async function aStandstill(sql = 'select 1 from site for update') {
    const owner = await connect(world.databaseUrl);
    await owner.query('begin');
    await owner.query(sql);
    return async (): Promise<void> => {
      await owner.query('commit');
      await owner.end();
    };
  }
  const soon = () => new Promise((done) => setTimeout(done, 300));
  const prepared = (lotId: string) =>
    asOwner(world, `select 1 from distribution where lot_id = $1 and status = 'PREPARED'`, [lotId]);

  it('as a commit that comes first: its parcels are opened', async () => {
    const { lotId } = await desk.aGift(20, null);
    const people = await clinicians(coordinator, 2);
    const plan = await aPreview(coordinator, { stock: { lotIds: [lotId] }, recipients: { recipientIds: people } });
    const letGo = await aStandstill();
    const committed = coordinator.ask<{ commitAllocation: { committedAt: string } }>(COMMIT, {
      input: { planId: plan.id },
    });
    await soon();
    const recalled = desk.recall({ lotIds: [lotId] });
    await soon();
    await letGo();
    expect((await committed).commitAllocation.committedAt).toEqual(expect.any(String));
    expect(await recalled).toMatchObject({ stoppedUnits: 20, takenOutOfDeliveries: { totalCount: 2 } });
    expect(await prepared(lotId)).toEqual([]);
    expect(await desk.places(lotId)).toEqual({ QUARANTINED: 20 });
    expect(await world.breaches()).toEqual([]);
  });

  it('as a commit that comes second: it is stale', async () => {
    const { lotId } = await desk.aGift(20, null);
    const plan = await aPreview(coordinator, {
      stock: { lotIds: [lotId] },
      recipients: { recipientIds: await clinicians(coordinator, 2) },
    });
    const letGo = await aStandstill();
    const recalled = desk.recall({ lotIds: [lotId] });
    await soon();
    const committed = coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId: plan.id } });
    await soon();
    await letGo();
    expect(await recalled).toMatchObject({ stoppedUnits: 20 });
    expect((await committed).commitAllocation).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
    expect(await world.breaches()).toEqual([]);
  });

  it('as a dispatch: the parcel has left and is written to, or does not leave', async () => {
    for (const first of ['dispatch', 'recall']) {
      const { lotId } = await desk.aGift(20, null);
      const [parcel] = await desk.parcels([lotId], await clinicians(coordinator, 2));
      const letGo = await aStandstill();
      const acts = [() => desk.send(parcel!.id), () => desk.recall({ lotIds: [lotId] })];
      const [one, other] = first === 'dispatch' ? acts : acts.toReversed();
      const begun = one!();
      await soon();
      const next = other!();
      await soon();
      await letGo();
      const [said, then] = await Promise.all([begun, next]);
      const [sent, recalled] = (first === 'dispatch' ? [said, then] : [then, said]) as unknown as [
        { dispatchDelivery: object },
        RecallView,
      ];
      expect(sent.dispatchDelivery).toMatchObject(
        first === 'dispatch' ? { status: 'DISPATCHED' } : { status: 'CANCELLED', code: 'DELIVERY_TRANSITION' },
      );
      expect(recalled.notices.nodes.map(({ units }) => units)).toEqual(first === 'dispatch' ? [10] : []);
      expect(recalled.stoppedUnits).toBe(first === 'dispatch' ? 10 : 20);
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('as a return: what comes back is not free', async () => {
    for (const first of ['return', 'recall']) {
      const { lotId } = await desk.aGift(20, null);
      const [parcel] = await desk.parcels([lotId], await clinicians(coordinator, 2));
      await desk.send(parcel!.id);
      const letGo = await aStandstill();
      const acts = [() => desk.step('returnDelivery', parcel!.id), () => desk.recall({ lotIds: [lotId] })];
      const [one, other] = first === 'return' ? acts : acts.toReversed();
      const begun = one!();
      await soon();
      const next = other!();
      await soon();
      await letGo();
      await Promise.all([begun, next]);
      expect(await desk.places(lotId)).toEqual({ QUARANTINED: 20 });
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('as goods that come in under its number: one of the two finds the other', async () => {
    for (const first of ['gift', 'recall']) {
      const number = aNumber();
      const { lotId: known } = await desk.aGift(1, number);
      const donorId = (await aDonor(coordinator)).id;
      const letGo = await aStandstill();
      const acts = [
        () => desk.aGift(9, number, { donorId }),
        () => desk.recall({ itemCode: 'MASK', lotNumber: number }),
      ];
      const [one, other] = first === 'gift' ? acts : acts.toReversed();
      const begun = one!();
      await soon();
      const next = other!();
      await soon();
      await letGo();
      const said = await Promise.all([begun, next]);
      const gift = said.find((answer): answer is Awaited<ReturnType<RecallDesk['aGift']>> => 'lotId' in answer)!;
      const { id } = said.find((answer): answer is RecallView => 'lots' in answer)!;
      expect((await desk.show(id)).lots.nodes.map((lot) => [lot.id, lot.condition])).toEqual([
        [known, 'RECALLED'],
        [gift.lotId, 'RECALLED'],
      ]);
      expect(await desk.places(gift.lotId)).toEqual({ QUARANTINED: 9 });
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('as its end comes in under its number what it stops: that is set aside, and not stuck', async () => {
    const number = aNumber();
    const { id } = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    const donorId = (await aDonor(coordinator)).id;
    const letGo = await aStandstill('lock table stock_entry in share mode');
    const given = desk.aGift(9, number, { donorId });
    await soon();
    const ended = desk.end(id);
    await soon();
    await letGo();
    const { lotId } = await given;
    expect((await ended).lots.nodes).toMatchObject([{ id: lotId, condition: 'QUARANTINED' }]);
    expect(await world.breaches()).toEqual([]);
  });

  it('as everything else that moves its units, again and again', async () => {
    for (let round = 0; round < 5; round++) {
      const { lotId } = await desk.aGift(60, aNumber());
      const people = await clinicians(coordinator, 4);
      const capped = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 5 }] };
      const choice = { stock: { lotIds: [lotId] }, recipients: { recipientIds: people }, policy: capped };
      const { plan, deliveries } = await aCommittedPlan(coordinator, choice);
      const second = await aCommittedPlan(coordinator, choice);
      await desk.send(deliveries[0]!.id);
      const previews = [await aPreview(coordinator, choice), await aPreview(coordinator, choice)];
      const said = await Promise.all([
        ...previews.map(({ id }) => coordinator.answer(COMMIT, { input: { planId: id } })),
        coordinator.answer(DISPATCH, { input: { deliveryId: deliveries[1]!.id } }),
        coordinator.answer(DISPATCH, { input: { deliveryId: second.deliveries[0]!.id } }),
        coordinator.answer(RECALL_LOTS, { input: { lotIds: [lotId], reason: REASON } }),
        coordinator.answer(`mutation($input: ReturnDeliveryInput!) { returnDelivery(input: $input) { __typename } }`, {
          input: { deliveryId: deliveries[0]!.id },
        }),
        coordinator.answer(
          `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { __typename } }`,
          { input: { planId: second.plan.id, reason: 'x' } },
        ),
        coordinator.answer(
          `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { __typename } }`,
          { input: { planId: plan.id, reason: 'x' } },
        ),
      ]);
      expect(said.flatMap(({ errors }) => errors ?? [])).toEqual([]);
      expect(await prepared(lotId)).toEqual([]);
      expect(await desk.places(lotId)).not.toHaveProperty('AVAILABLE');
      expect(await world.breaches()).toEqual([]);
    }
    // A backend tells of its deadlocks with the next statement after a second.
    await new Promise((done) => setTimeout(done, 1200));
    await Promise.all(TIMES(10).map(() => world.dataSource.query('select pg_sleep(0.1)')));
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBe(0);
  });
});
