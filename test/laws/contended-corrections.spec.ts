import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { Database } from '../../src/platform/database.js';
import { LotService } from '../../src/stock/lot.service.js';
import { anAnnouncement, clinicians } from '../support/builders.js';
import type { ApiProcess } from '../support/process.js';
import { aLot, correct, entriesOf, placesOf, waysOf } from '../support/stock.js';
import type { Client, World } from '../support/world.js';
import { act, commit, preview, type Said, tally } from './acts.js';
import { openServedWorld, type ServedWorld, TIMES } from './apis.js';

describe('contended corrections, through two API processes on one database', () => {
  let served: ServedWorld | undefined;
  let world: World;
  let apis: readonly ApiProcess[];
  let clients: Client[];
  let coordinator: Client;
  let people: string[];
  const client = (i: number): Client => clients[i % clients.length]!;

  beforeAll(async () => {
    served = await openServedWorld(2);
    ({ world, coordinator, apis, clients } = served);
    people = await clinicians(coordinator, 2);
  });
  afterAll(() => served?.close());
  afterEach(async () => expect(await world.breaches()).toEqual([]));

  const choiceOf = (lotId: string, units: number) => ({
    stock: { lotIds: [lotId] },
    recipients: { recipientIds: people },
    policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units }] },
  });
  const tallyOf = (said: readonly { __typename: string }[]): Record<string, number> => tally(said as Said[]);

  it('a lot is promised before it is set aside, or its plan is stale', async () => {
    const seen = new Set<string>();
    for (const round of TIMES(24)) {
      const lot = await aLot(coordinator, 100);
      const { id: planId } = await preview(client(round), choiceOf(lot, 10));
      const commits = async () => {
        await wait(round % 4);
        return act(client(round), 'commitAllocation', { planId });
      };
      const [done, aside] = await Promise.all([commits(), correct(client(round + 1), 'quarantineLot', { lotId: lot })]);
      expect(aside.__typename).toBe('Lot');
      seen.add(done.__typename);
      const places = await placesOf(coordinator, lot);
      expect(places).toEqual(done.__typename === 'Plan' ? { ALLOCATED: 20, QUARANTINED: 80 } : { QUARANTINED: 100 });
    }
    expect([...seen].sort()).toEqual(['Plan', 'StalePlanError']);
  });

  it('a lot is released before it is promised, or its plan is stale', async () => {
    for (const round of TIMES(12)) {
      const lot = await aLot(coordinator, 100);
      const { id: planId } = await preview(client(round), choiceOf(lot, 10));
      await correct(coordinator, 'quarantineLot', { lotId: lot });
      const [done, freed, again] = await Promise.all([
        act(client(round), 'commitAllocation', { planId }),
        correct(client(round + 1), 'releaseLot', { lotId: lot }),
        correct(client(round), 'quarantineLot', { lotId: lot }),
      ]);
      expect(['Plan', 'StalePlanError']).toContain(done.__typename);
      expect(freed.__typename).toBe('Lot');
      expect(['Lot', 'LotTransitionError']).toContain(again.__typename);
      const shelf = again.__typename === 'Lot' ? 'QUARANTINED' : 'AVAILABLE';
      const promised = done.__typename === 'Plan' ? { ALLOCATED: 20, [shelf]: 80 } : { [shelf]: 100 };
      expect(await placesOf(coordinator, lot)).toEqual(promised);
    }
  });

  it('whoever is to commit holds the shelves of lots that are set aside, too: one may be released before it reads them', async () => {
    const lot = await aLot(coordinator, 10);
    await correct(coordinator, 'quarantineLot', { lotId: lot });
    const program = { actor: { id: null, role: 'COMMAND_LINE', requestId: 'test' }, action: 'test' };
    await world.app.get(Database).write(program, async (tx) => {
      await world.app.get(LotService).available(tx, { lotIds: [lot] }, true);
      const taken = world.dataSource.query(
        `select 1 from lot_balance where lot_id = $1 and place = 'AVAILABLE' for update nowait`,
        [lot],
      );
      await expect(taken).rejects.toThrow('could not obtain lock');
      return {};
    });
  });

  it('what comes back while its lot is set aside is set aside, too', async () => {
    for (const round of TIMES(12)) {
      const lot = await aLot(coordinator, 50);
      const { planId, parcels } = await commit(client(round), choiceOf(lot, 10));
      const [sent, kept] = parcels;
      await act(coordinator, 'dispatchDelivery', { deliveryId: sent!.id });
      const recipientIds = [kept!.recipient.id];
      const said = await Promise.all([
        act(client(round), 'returnDelivery', { deliveryId: sent!.id }),
        correct(client(round + 1), 'quarantineLot', { lotId: lot }),
        act(client(round), 'cancelAllocation', { planId, recipientIds, reason: 'wet' }),
      ]);
      expect(said.map(({ __typename }) => __typename)).toEqual(['Delivery', 'Lot', 'Plan']);
      expect(await placesOf(coordinator, lot)).toEqual({ QUARANTINED: 50 });
    }
  });

  it('of 8 who set a lot aside at once one does, and of 8 who release it', async () => {
    const lot = await aLot(coordinator, 10);
    for (const name of ['quarantineLot', 'releaseLot'] as const) {
      const said = await Promise.all(TIMES(8).map((i) => correct(client(i), name, { lotId: lot })));
      expect(tallyOf(said)).toEqual({ Lot: 1, LotTransitionError: 7 });
    }
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 10 });
  });

  it('one count that 8 clients take in at once moves units once', async () => {
    const lot = await aLot(coordinator, 100);
    const said = await Promise.all(
      TIMES(8).map((i) => correct(client(i), 'recountStock', { lotId: lot, countedUnits: 93 })),
    );
    expect(tallyOf(said)).toEqual({ Lot: 8 });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 93, LOST: 7 });
    expect(waysOf(await entriesOf(coordinator, { lotIds: [lot], causes: ['STOCK_RECOUNTED'] }))).toEqual([
      'AVAILABLE > LOST 7',
    ]);
  });

  it('8 who throw away 10 of 45 leave 5: 4 do, 4 are refused', async () => {
    const lot = await aLot(coordinator, 45);
    const said = await Promise.all(
      TIMES(8).map((i) => correct(client(i), i % 3 ? 'discardStock' : 'returnToDonor', { lotId: lot, units: 10 })),
    );
    expect(tallyOf(said)).toEqual({ Lot: 4, NotOnShelfError: 4 });
    expect((await placesOf(coordinator, lot))['AVAILABLE']).toBe(5);
  });

  it('an intake is corrected before units of it are promised, or not below them', async () => {
    const seen = new Set<string>();
    for (const round of TIMES(16)) {
      const lot = await aLot(coordinator, 100);
      const { id: planId } = await preview(client(round), choiceOf(lot, 30));
      const commits = async () => {
        await wait(round % 4);
        return act(client(round), 'commitAllocation', { planId });
      };
      const [done, corrected] = await Promise.all([
        commits(),
        correct(client(round + 1), 'correctIntake', { lotId: lot, receivedUnits: 40 }),
      ]);
      seen.add(`${done.__typename} ${corrected.__typename}`);
      const places = await placesOf(coordinator, lot);
      expect(places).toEqual(done.__typename === 'Plan' ? { AVAILABLE: 40, ALLOCATED: 60 } : { AVAILABLE: 40 });
    }
    expect([...seen].sort()).toEqual(['Plan IntakeInUseError', 'StalePlanError Lot']);
  });

  it('a shipment is counted on while what came of it is corrected', async () => {
    const shipment = await anAnnouncement(coordinator, { MASK: 1000 });
    const count = (i: number): Promise<Said> =>
      act(client(i), 'receiveShipment', {
        shipmentId: shipment.id,
        counts: [{ lineId: shipment.lines[0]!.id, acceptedUnits: 10 }],
        close: false,
      });
    const first = (await count(0)) as Said & { lines: { lots: { id: string }[] }[] };
    const lotId = first.lines[0]!.lots[0]!.id;
    for (const round of TIMES(8)) {
      const said = await Promise.all(
        TIMES(6).map((i) =>
          i % 2 ? count(i) : correct(client(i + round), 'correctIntake', { lotId, receivedUnits: 5 + i }),
        ),
      );
      expect(said.every(({ __typename }) => ['Lot', 'Shipment'].includes(__typename))).toBe(true);
    }
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
