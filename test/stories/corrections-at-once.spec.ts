import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aNeed,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  type ShipmentView,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { correctItem, step } from '../support/corrections.js';
import { type Client, openWorld, type World } from '../support/world.js';

const HISTORY = `query($recipients: [ID!]) { distributions(filter: { recipientIds: $recipients }) { nodes { item { code } donor { id } units confirmedUnits status } } }`;

describe('a correction', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const toItem = (gift: ShipmentView, itemCode: string) => correctItem(coordinator, gift, itemCode);

  it('comes before a commit that takes of the lot or after, not in the midst of it', async () => {
    const [her] = await clinicians(coordinator, 1);
    const gift = await aDonation(coordinator, { MASK: 10 });
    const half = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 5 }] };
    const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: [her] }, policy: half };
    await aCommittedPlan(coordinator, choice);
    const { id: planId } = await aPreview(coordinator, choice);
    const lot = gift.lines[0]!.lots[0]!.id;
    const holding = await connect(world.databaseUrl);
    try {
      // What is promised of the lot is held: the commit has read the lot, and waits in its midst.
      await holding.query('begin');
      await holding.query(`select 1 from lot_balance where lot_id = $1 and place = 'ALLOCATED' for update`, [lot]);
      const committed = coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId } });
      await wait(300);
      const corrected = toItem(gift, 'N95');
      await wait(300);
      await holding.query('commit');
      expect(await committed).toMatchObject({ commitAllocation: { status: 'COMMITTED' } });
      expect(await corrected).toMatchObject({ __typename: 'Shipment' });
    } finally {
      await holding.end();
    }
    const { distributions } = await coordinator.ask<{ distributions: { nodes: object[] } }>(HISTORY, {
      recipients: [her],
    });
    expect(distributions.nodes).toMatchObject([{ item: { code: 'N95' } }, { item: { code: 'N95' } }]);
    expect(await world.breaches()).toEqual([]);
  });

  it('undoes nothing that somebody else writes down of the same lot meanwhile', async () => {
    const gift = await aDonation(coordinator, { MASK: 10 });
    const lot = gift.lines[0]!.lots[0]!.id;
    const other = await connect(world.databaseUrl);
    try {
      await other.query('begin');
      await other.query(`update lot set expires_on = '2031-01-31' where id = $1`, [lot]);
      const corrected = toItem(gift, 'N95');
      await wait(300);
      await other.query('commit');
      expect(await corrected).toMatchObject({ __typename: 'Shipment' });
    } finally {
      await other.end();
    }
    const now = await coordinator.ask(`query($id: ID!) { lot(id: $id) { expiresOn item { code } } }`, { id: lot });
    expect(now).toEqual({ lot: { expiresOn: '2031-01-31', item: { code: 'N95' } } });
  });

  it('waits for a parcel on its way before it takes the lot, and not the other way round', async () => {
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
      await wait(1500);
      await holding.query('select 1 from lot where id = $1 for share', [gift.lines[0]!.lots[0]!.id]);
      await holding.query('commit');
      expect(await corrected).toMatchObject({ __typename: 'Shipment' });
    } finally {
      await holding.end();
    }
    expect(await world.breaches()).toEqual([]);
  });
});

describe('corrections among everything else', () => {
  it('meet commits, cancellations, returns, losses and counts without a wrong sum or a deadlock', async () => {
    const world = await openWorld();
    const refusals: string[] = [];
    try {
      const coordinator = await world.as('COORDINATOR');
      for (let round = 0; round < 6; round++) refusals.push(...(await aRound(world, coordinator)));
    } finally {
      await world.close();
    }
    expect(refusals).toEqual([]);
    // A backend reports its deadlocks at its end at the latest.
    await wait(300);
    const sql = `select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`;
    expect(await asOwner(world, sql)).toEqual([{ deadlocks: 0 }]);
  });
});

/** Everything that moves units of a gift, while its item and its donor are corrected. @returns what was refused, but plans that are stale */
async function aRound(world: World, coordinator: Client): Promise<string[]> {
  const ask = (mutation: string, input: object) => step(coordinator, mutation, input);
  const itemIs = async (itemCode: string) => (await correctItem(coordinator, gift, itemCode)).__typename;
  const people = await clinicians(coordinator, 4);
  await Promise.all(people.map((id) => aNeed(coordinator, id, { units: 3 })));
  const gift = await aDonation(coordinator, { MASK: 400 });
  const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 2 }] };
  const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: people }, policy };
  const sent = (await aCommittedPlan(coordinator, choice)).deliveries;
  const standing = (await aCommittedPlan(coordinator, choice)).plan.id;
  await Promise.all(sent.map(({ id }) => ask('dispatchDelivery', { deliveryId: id })));
  const fresh = await Promise.all(Array.from({ length: 3 }, () => aPreview(coordinator, choice)));
  const donorId = (await aDonor(coordinator)).id;
  const correction = { shipmentId: gift.id, reasonCode: 'OTHER', reason: 'It was another.' };
  const short = [{ lineId: sent[2]!.lines[0]!.id, units: 1 }];
  const said = await Promise.all([
    itemIs('N95'),
    ...fresh.map(({ id }) => ask('commitAllocation', { planId: id })),
    ask('returnDelivery', { deliveryId: sent[0]!.id }),
    ask('reportDeliveryLost', { deliveryId: sent[1]!.id }),
    ask('confirmDelivery', { deliveryId: sent[2]!.id, counts: short }),
    ask('confirmDelivery', { deliveryId: sent[3]!.id }),
    ask('correctShipment', { ...correction, donorId }),
    ask('cancelAllocation', { planId: standing, reason: 'round over' }),
  ]);
  expect(await world.breaches()).toEqual([]);
  said.push(await itemIs('MASK'));
  expect(await world.breaches()).toEqual([]);
  return said.filter((name) => !['Plan', 'Delivery', 'Shipment', 'StalePlanError'].includes(name));
}
