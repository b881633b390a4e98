import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { aDonation, aNeed, clinicians, type NeedView, STATE_NEED, WITHDRAW_NEED } from '../support/builders.js';
import { connect } from '../support/database.js';
import type { ApiProcess } from '../support/process.js';
import type { Client, World } from '../support/world.js';
import { act, commit, type Parcel, preview, type Said } from './acts.js';
import { openServedWorld, type ServedWorld, TIMES } from './apis.js';
import { SIZE } from './size.js';

const NEED = `query($id: ID!) { need(id: $id) { id status units metUnits openUnits } }`;

describe('contended needs, through two API processes on one database', () => {
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

  const need = async (id: string) => (await coordinator.ask<{ need: NeedView }>(NEED, { id })).need;
  /** Plans for all of a lot of their own each, among the same people. */
  async function plansFor(recipientIds: string[], units: number, count: number, policy?: object): Promise<string[]> {
    const gift = await aDonation(coordinator, {}, { lines: TIMES(count).map(() => ({ itemCode: 'MASK', units })) });
    const lots = gift.lines.map((line) => line.lots[0]!.id);
    const made = await Promise.all(
      lots.map((lot, i) =>
        preview(client(i), { stock: { lotIds: [lot] }, recipients: { recipientIds }, ...(policy && { policy }) }),
      ),
    );
    return made.map(({ id }) => id);
  }

  it('plans committed at once never count towards a need beyond its units, and leave none of it open', async () => {
    for (const round of TIMES(SIZE.needs.rounds)) {
      const people = await clinicians(coordinator, 3);
      const needs = await Promise.all(people.map((id) => aNeed(coordinator, id, { units: 20 })));
      const kinds = await Promise.all(people.map((id) => aNeed(coordinator, id, { category: 'MASK', units: 7 })));
      const plans = await plansFor(people, 9, 16);
      const said = await Promise.all(plans.map((planId, i) => act(client(i + round), 'commitAllocation', { planId })));
      expect(said.filter(({ status }) => status !== 'COMMITTED')).toEqual([]);
      for (const { id } of needs) expect(await need(id)).toMatchObject({ status: 'MET', metUnits: 20 });
      for (const { id } of kinds) expect(await need(id)).toMatchObject({ status: 'MET', metUnits: 7 });
      expect(await world.breaches()).toEqual([]);

      const reason = 'all of it was a mistake';
      await Promise.all(plans.map((planId, i) => act(client(i), 'cancelAllocation', { planId, reason })));
      for (const { id } of [...needs, ...kinds]) expect(await need(id)).toMatchObject({ status: 'OPEN', metUnits: 0 });
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('of plans by need for the same needs, committed at once, as many as are needed are, and the rest is stale', async () => {
    const people = await clinicians(coordinator, 2);
    await Promise.all(people.map((id) => aNeed(coordinator, id, { units: 20 })));
    const byNeed = { rule: 'CONSTRAINED_EQUAL_AWARDS', claims: 'NEED' };
    const plans = await plansFor(people, 40, 12, byNeed);
    const said = await Promise.all(plans.map((planId, i) => act(client(i), 'commitAllocation', { planId })));
    expect(said.filter(({ status }) => status === 'COMMITTED')).toHaveLength(1);
    expect(said.filter(({ changed }) => changed?.join() === 'needs')).toHaveLength(11);
    expect(await world.breaches()).toEqual([]);
  });

  it('a need that is withdrawn while it is met is met or not, and what counts is what was given', async () => {
    for (const round of TIMES(10)) {
      const [person] = await clinicians(coordinator, 1);
      const { id } = await aNeed(coordinator, person!, { units: 20 });
      const [plan] = await plansFor([person!], 9, 1);
      await Promise.all([
        act(client(round), 'commitAllocation', { planId: plan }),
        client(round + 1).ask(WITHDRAW_NEED, { input: { needId: id, reason: 'NO_NEED' } }),
      ]);
      const { status, metUnits } = await need(id);
      expect([status, [0, 9].includes(metUnits)]).toEqual(['WITHDRAWN', true]);
    }
    expect(await world.breaches()).toEqual([]);
  });

  it('a need is stated before or after a commit to its recipient, not in the midst of it', async () => {
    const [person] = await clinicians(coordinator, 1);
    const commitment = await connect(world.databaseUrl);
    try {
      await commitment.query('begin');
      await commitment.query('select 1 from recipient where id = $1 for share', [person]);
      const told: string[] = [];
      const stated = aNeed(coordinator, person!).then(() => told.push('stated'));
      await wait(300);
      told.push('committed');
      await commitment.query('commit');
      await stated;
      expect(told).toEqual(['committed', 'stated']);
    } finally {
      await commitment.end();
    }
  });

  it('commits, cancellations, returns, short counts, statements and withdrawals meet without a deadlock', async () => {
    const people = await clinicians(coordinator, 3);
    const cap = [{ itemCode: 'MASK', units: 6 }];
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap };
    const input = { recipientId: people[0], units: 5, neededBy: '2030-01-01', validUntil: '2030-01-01' };
    for (const round of TIMES(2 * SIZE.needs.rounds)) {
      const gift = await aDonation(coordinator, { MASK: 400 });
      const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: people }, policy };
      const needs = await Promise.all(people.map((id) => aNeed(coordinator, id, { units: 10 })));
      const sent: Parcel[] = [];
      for (const _ of TIMES(2)) sent.push(...(await commit(client(round), choice)).parcels);
      await Promise.all(sent.map(({ id }, i) => act(client(i), 'dispatchDelivery', { deliveryId: id })));
      const standing = (await commit(client(round), choice)).planId;
      const plans = await plansFor(people, 12, 4);
      const calls: Promise<unknown>[] = [
        ...plans.map((planId, i) => act(client(i), 'commitAllocation', { planId })),
        act(client(round), 'cancelAllocation', { planId: standing, reason: 'round over' }),
        ...sent.map(({ id: deliveryId, lines }, i): Promise<Said> => {
          if (i % 3 === 0) return act(client(i), 'returnDelivery', { deliveryId });
          if (i % 3 === 1) return act(client(i), 'reportDeliveryLost', { deliveryId });
          const counts = [{ lineId: lines[0]!.id, units: 2 }];
          return act(client(i), 'confirmDelivery', { deliveryId, counts });
        }),
        client(0).ask(STATE_NEED, { input: { ...input, itemCode: 'MASK' } }),
        client(1).ask(STATE_NEED, { input: { ...input, category: 'MASK' } }),
        client(1).ask(WITHDRAW_NEED, { input: { needId: needs[round % 3]!.id, reason: 'TEST' } }),
      ];
      await Promise.all(calls);
      expect(await world.breaches()).toEqual([]);
    }
    // A backend reports its deadlocks at its end at the latest.
    await Promise.all(apis.map((api) => api.stop()));
    await wait(300);
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBe(0);
  });
});
