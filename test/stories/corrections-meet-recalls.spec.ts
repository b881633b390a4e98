import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { aCommittedPlan, aDonor, aPreview, clinicians, COMMIT, DISPATCH } from '../support/builders.js';
import { connect } from '../support/database.js';
import { aNumber, REASON, RECALL_LOTS, recallDesk, type RecallDesk } from '../support/recalls.js';
import { renumberingBench, WAYS } from '../support/renumbering.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;
let desk: RecallDesk;
let bench: ReturnType<typeof renumberingBench>;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  desk = recallDesk(coordinator);
  bench = renumberingBench(coordinator, desk);
});
afterEach(async () => expect(await world.breaches()).toEqual([]));
afterAll(() => world.close());

describe('a correction at the same moment', () => {
  /** Holds transactions of the owner open: what they lock, nobody else gets until they are let go. */
  async function aStandstill(sql: string) {
    const owner = await connect(world.databaseUrl);
    await owner.query('begin');
    await owner.query(sql);
    return async (): Promise<void> => {
      await owner.query('commit');
      await owner.end();
    };
  }
  // Whoever writes has done everything else before, and holds what it holds.
  const beforeTheEnd = () => aStandstill('lock table journal in share mode');

  it('as a recall of its new number: one of the two finds the other', async () => {
    for (const way of WAYS) {
      for (const first of ['correction', 'recall']) {
        const number = aNumber();
        const given = await bench.gift[way](20, number);
        const [parcel] = await desk.parcels([given.lotId], await clinicians(coordinator, 2));
        await desk.send(parcel!.id);
        const letGo = await beforeTheEnd();
        const acts = [
          () => bench.correct[way](given, number),
          () => desk.recall({ itemCode: 'N95', lotNumber: number }),
        ];
        const [one, other] = first === 'correction' ? acts : acts.toReversed();
        const begun = one!();
        await wait(300);
        const next = other!();
        await wait(300);
        await letGo();
        await Promise.all([begun, next]);
        expect(await bench.lotNow(given.lotId)).toMatchObject({
          condition: 'RECALLED',
          availableUnits: 0,
          allocatedUnits: 0,
        });
        const { recall } = await bench.lotNow(given.lotId);
        expect(await desk.show(recall!.id)).toMatchObject({ stoppedUnits: 10, notices: { totalCount: 1 } });
        expect(await world.breaches()).toEqual([]);
      }
    }
  });

  it('as another one that makes it be of another item: it is stopped by what it is in the end', async () => {
    const number = aNumber();
    const { lotId } = await desk.aGift(20, aNumber());
    const item = await aStandstill(
      `update lot set item_id = (select id from item where code = 'N95') where id = '${lotId}'`,
    );
    const shipment = await aStandstill(
      `update shipment_line set item_id = (select id from item where code = 'N95')
       where id = (select shipment_line_id from lot where id = '${lotId}')`,
    );
    const end = await beforeTheEnd();
    const recalled = desk.recall({ itemCode: 'N95', lotNumber: number });
    await wait(300);
    const corrected = bench.toNumber(lotId, number);
    await wait(300);
    await item();
    await shipment();
    await wait(300);
    await end();
    await Promise.all([recalled, corrected]);
    expect(await bench.lotNow(lotId)).toMatchObject({
      condition: 'RECALLED',
      availableUnits: 0,
      item: { code: 'N95' },
    });
  });

  it('as a recall of the lot itself: what comes in under its new number is stopped at the door', async () => {
    const [before, after] = [aNumber(), aNumber()];
    const { lotId, donorId } = await desk.aGift(20, before);
    const letGo = await beforeTheEnd();
    const corrected = bench.toNumber(lotId, after);
    await wait(300);
    const recalled = desk.recall({ lotIds: [lotId] });
    await wait(300);
    await letGo();
    await corrected;
    const { id } = await recalled;
    const late = await desk.aGift(5, after, { donorId });
    expect(await bench.lotNow(late.lotId)).toMatchObject({ condition: 'RECALLED', recall: { id } });
  });

  it('as the end of the recall: it is set aside, and not stuck', async () => {
    const number = aNumber();
    const { lotId } = await desk.aGift(9, aNumber());
    const { id } = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    const letGo = await aStandstill('lock table recall_lot in share mode');
    const corrected = bench.toNumber(lotId, number);
    await wait(300);
    const ended = desk.end(id);
    await wait(300);
    await letGo();
    await corrected;
    expect((await ended).lots.nodes).toMatchObject([{ id: lotId }]);
    expect(await bench.lotNow(lotId)).toMatchObject({ condition: 'QUARANTINED', recall: null });
  });

  it('as commits, dispatches and recalls, again and again', async () => {
    for (let round = 0; round < 5; round++) {
      const number = aNumber();
      const { lotId } = await desk.aGift(60, aNumber());
      const { shipmentId, lotId: ofItem } = await desk.aGift(
        60,
        number,
        { donorId: (await aDonor(coordinator)).id },
        'GOWN',
      );
      const people = await clinicians(coordinator, 4);
      const cap = [
        { itemCode: 'MASK', units: 5 },
        { itemCode: 'GOWN', units: 5 },
      ];
      const choice = {
        stock: { lotIds: [lotId, ofItem] },
        recipients: { recipientIds: people },
        policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap },
      };
      const { deliveries } = await aCommittedPlan(coordinator, choice);
      const previews = [await aPreview(coordinator, choice), await aPreview(coordinator, choice)];
      const said = await Promise.all([
        bench.toNumber(lotId, number),
        bench.toItem(shipmentId, 'MASK'),
        ...previews.map(({ id }) => coordinator.ask(COMMIT, { input: { planId: id } })),
        ...deliveries.map(({ id }) => coordinator.ask(DISPATCH, { input: { deliveryId: id } })),
        coordinator.ask(RECALL_LOTS, { input: { itemCode: 'MASK', lotNumber: number, reason: REASON } }),
      ]);
      expect(said).toHaveLength(9);
      for (const id of [lotId, ofItem])
        expect(await bench.lotNow(id)).toMatchObject({ condition: 'RECALLED', availableUnits: 0, allocatedUnits: 0 });
      expect(await world.breaches()).toEqual([]);
    }
    // A backend tells of its deadlocks with the next statement after a second.
    await wait(1200);
    await Promise.all(Array.from({ length: 10 }, () => world.dataSource.query('select pg_sleep(0.1)')));
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBe(0);
  });
});
