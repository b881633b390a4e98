import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { aDonation, anAnnouncement, clinicians } from '../support/builders.js';
import type { ApiProcess } from '../support/process.js';
import type { Client, World } from '../support/world.js';
import { act, commit, parcelsOf, preview, type Said, tally } from './acts.js';
import { openServedWorld, type ServedWorld, TIMES } from './apis.js';
import { SIZE } from './size.js';

const capped = (recipientIds: string[], lotIds: string[], caps: Record<string, number>) => ({
  stock: { lotIds },
  recipients: { recipientIds },
  policy: {
    rule: 'CONSTRAINED_EQUAL_AWARDS',
    cap: Object.entries(caps).map(([itemCode, units]) => ({ itemCode, units })),
  },
});

describe('contended stock, through two API processes on one database', () => {
  let served: ServedWorld | undefined;
  let world: World;
  let apis: readonly ApiProcess[];
  let clients: Client[];
  let coordinator: Client;
  const client = (i: number): Client => clients[i % clients.length]!;

  beforeAll(async () => {
    served = await openServedWorld(2);
    ({ world, coordinator, apis, clients } = served);
  });
  afterAll(() => served?.close());

  const aLot = async (units: number): Promise<string> =>
    (await aDonation(coordinator, { MASK: units })).lines[0]!.lots[0]!.id;
  const held = async (lotId: string): Promise<Record<string, number>> => {
    const rows: { place: string; units: number }[] = await world.dataSource.query(
      `select place, units from lot_balance where lot_id = $1`,
      [lotId],
    );
    return Object.fromEntries(rows.map(({ place, units }) => [place, units]));
  };

  it('of 64 plans for the whole of one lot, committed at once, one is and 63 are stale', async () => {
    const lot = await aLot(1000);
    const people = await clinicians(coordinator, 7);
    const choice = { stock: { lotIds: [lot] }, recipients: { recipientIds: people } };
    const plans = await Promise.all(TIMES(64).map((i) => preview(client(i), choice)));

    const said = await Promise.all(plans.map(({ id }, i) => act(client(i), 'commitAllocation', { planId: id })));
    expect(tally(said)).toEqual({ 'Plan COMMITTED': 1, StalePlanError: 63 });
    expect(said.filter(({ changed }) => changed).every(({ changed }) => changed!.join() === 'stock')).toBe(true);
    expect(await held(lot)).toEqual({ SOURCE: -1000, AVAILABLE: 0, ALLOCATED: 1000 });
    expect(await world.breaches()).toEqual([]);

    const again = await Promise.all(plans.map(({ id }, i) => act(client(i + 1), 'commitAllocation', { planId: id })));
    expect(tally(again)).toEqual({ 'PlanNotCommittableError COMMITTED': 1, StalePlanError: 63 });
    expect(await held(lot)).toEqual({ SOURCE: -1000, AVAILABLE: 0, ALLOCATED: 1000 });
  });

  it('one plan that 16 clients commit at once is committed once', async () => {
    const lot = await aLot(100);
    const people = await clinicians(coordinator, 5);
    const plan = await preview(client(0), { stock: { lotIds: [lot] }, recipients: { recipientIds: people } });
    const said = await Promise.all(TIMES(16).map((i) => act(client(i), 'commitAllocation', { planId: plan.id })));
    expect(tally(said)).toEqual({ 'Plan COMMITTED': 1, 'PlanNotCommittableError COMMITTED': 15 });
    expect(await held(lot)).toEqual({ SOURCE: -100, AVAILABLE: 0, ALLOCATED: 100 });
    expect(await parcelsOf(client(1), plan.id)).toHaveLength(5);
    expect(await world.breaches()).toEqual([]);
  });

  it('one plan that 8 clients cancel at once is cancelled once', async () => {
    const { rounds } = SIZE.cancels;
    const lot = await aLot(90);
    const people = await clinicians(coordinator, 3);
    for (const round of TIMES(rounds)) {
      const { planId } = await commit(client(round), {
        stock: { lotIds: [lot] },
        recipients: { recipientIds: people },
      });
      const said = await Promise.all(
        TIMES(8).map((i) => act(client(i), 'cancelAllocation', { planId, reason: 'a mistake' })),
      );
      expect(tally(said)).toEqual({ 'Plan CANCELLED': 1, 'PlanNotCancellableError CANCELLED': 7 });
      expect(await held(lot)).toEqual({ SOURCE: -90, AVAILABLE: 90, ALLOCATED: 0 });
    }
    const entries = await world.dataSource.query(
      `select cause, count(*) as entries, sum(units) as units from stock_entry where lot_id = $1 group by cause order by cause`,
      [lot],
    );
    expect(entries).toEqual([
      { cause: 'ALLOCATION_CANCELLED', entries: rounds, units: 90 * rounds },
      { cause: 'ALLOCATION_COMMITTED', entries: rounds, units: 90 * rounds },
      { cause: 'SHIPMENT_RECEIVED', entries: 1, units: 90 },
    ]);
    expect(await world.breaches()).toEqual([]);
  });

  it('a parcel that is dispatched and taken back at once does one of the two', async () => {
    const lot = await aLot(40);
    const people = await clinicians(coordinator, 2);
    for (const round of TIMES(10)) {
      const { planId, parcels } = await commit(client(round), capped(people, [lot], { MASK: 2 }));
      const [parcel] = parcels;
      const said = await Promise.all([
        act(client(round), 'dispatchDelivery', { deliveryId: parcel!.id }),
        act(client(round + 1), 'cancelAllocation', { planId, reason: 'changed our minds' }),
      ]);
      const expected =
        said[0].__typename === 'Delivery'
          ? { 'Delivery DISPATCHED': 1, 'PlanNotCancellableError COMMITTED': 1 }
          : { 'DeliveryTransitionError CANCELLED': 1, 'Plan CANCELLED': 1 };
      expect(tally(said)).toEqual(expected);
      if (said[0].__typename === 'Delivery') expect(said[1].recipientIds).toEqual([parcel!.recipient.id]);
    }
    expect(await world.breaches()).toEqual([]);
  });

  it('a shipment that 8 clients count at once is counted 8 times, and closed once', async () => {
    const shipment = await anAnnouncement(coordinator, { MASK: 100 });
    const count = (i: number, close: boolean): Promise<Said> =>
      act(client(i), 'receiveShipment', {
        shipmentId: shipment.id,
        counts: [{ lineId: shipment.lines[0]!.id, acceptedUnits: 5 }],
        close,
        discrepancyReason: 'MISSING',
      });
    const parts = await Promise.all(TIMES(8).map((i) => count(i, false)));
    expect(tally(parts)).toEqual({ 'Shipment PARTIALLY_RECEIVED': 8 });
    const ends = await Promise.all(TIMES(8).map((i) => count(i, true)));
    expect(tally(ends)).toEqual({ 'Shipment RECEIVED': 1, 'ShipmentNotReceivableError RECEIVED': 7 });
    const lots: { id: string }[] = await world.dataSource.query(
      `select l.id from lot l join shipment_line s on s.id = l.shipment_line_id where s.shipment_id = $1 and s.accepted_units = 45`,
      [shipment.id],
    );
    expect(lots).toHaveLength(1);
    expect(await held(lots[0]!.id)).toEqual({ SOURCE: -45, AVAILABLE: 45 });
    expect(await world.breaches()).toEqual([]);
  });

  it('commits, cancellations, dispatches and returns go over the same lots in different order', async () => {
    await churn(clients);
    expect(await world.breaches()).toEqual([]);
  });

  it('all of this came about without one deadlock', async () => {
    // A backend reports its deadlocks at its end at the latest.
    await Promise.all(apis.map((api) => api.stop()));
    await wait(300);
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBe(0);
  });
});

/** Rounds in which everything that moves units of four lots happens at once. */
async function churn(both: Client[]): Promise<void> {
  const [boss] = both as [Client];
  const caps = { MASK: 2, N95: 2, GOWN: 2, GOGGLES: 2 };
  const gift = await aDonation(boss, { MASK: 4000, N95: 4000, GOWN: 4000, GOGGLES: 4000 });
  const lots = gift.lines.map((line) => line.lots[0]!.id);
  const people = await clinicians(boss, 3);
  const orders = [lots, lots.toReversed(), [lots[2]!, lots[0]!, lots[3]!], [lots[1]!, lots[3]!]];
  let standing: string[] = [];
  for (const round of TIMES(SIZE.churn.rounds)) {
    const { parcels } = await commit(boss, capped(people, lots, caps));
    const sent = parcels.map(({ id }) => id);
    await Promise.all(sent.slice(1).map((deliveryId) => act(boss, 'dispatchDelivery', { deliveryId })));
    const plans = await Promise.all(orders.map((order) => preview(boss, capped(people, order, caps))));
    const calls: Promise<Said>[] = [
      ...plans.map(({ id }, i) => act(both[(round + i) % 2]!, 'commitAllocation', { planId: id })),
      ...standing.map((planId, i) => act(both[i % 2]!, 'cancelAllocation', { planId, reason: 'round over' })),
      act(both[0]!, 'dispatchDelivery', { deliveryId: sent[0] }),
      act(both[1]!, 'returnDelivery', { deliveryId: sent[1] }),
      act(both[0]!, 'confirmDelivery', { deliveryId: sent[2] }),
    ];
    const said = await Promise.all(calls);
    const kinds = new Set(said.map(({ __typename }) => __typename));
    for (const fine of ['Plan', 'Delivery', 'StalePlanError']) kinds.delete(fine);
    expect([...kinds]).toEqual([]);
    standing = [];
    for (const _ of TIMES(3)) standing.push((await commit(boss, capped(people, lots, caps))).planId);
  }
}
