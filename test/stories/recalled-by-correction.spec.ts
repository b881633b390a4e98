import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Facts } from '../../src/platform/facts.js';
import { aCommittedPlan, asOwner, clinicians } from '../support/builders.js';
import { aNumber, REASON, recallDesk, type RecallDesk } from '../support/recalls.js';
import { type Gift, renumberingBench, WAYS } from '../support/renumbering.js';
import { correct as correctStock } from '../support/stock.js';
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

describe.each(WAYS)('a lot of which %s is corrected to what is called back', (way) => {
  const gift = (units: number, number: string) => bench.gift[way](units, number);
  const correct = (given: Gift, number: string) => bench.correct[way](given, number);
  let number: string;
  let recallId: string;
  beforeEach(async () => {
    number = aNumber();
    ({ id: recallId } = await desk.recall({ itemCode: 'N95', lotNumber: number }));
  });

  it('is recalled: nothing of it is free, and the recall counts it', async () => {
    const given = await gift(20, number);
    expect(await correct(given, number)).toMatchObject({
      condition: 'RECALLED',
      availableUnits: 0,
      quarantinedUnits: 20,
      item: { code: 'N95' },
      recall: { id: recallId },
    });
    expect(await desk.show(recallId)).toMatchObject({
      lots: { nodes: [{ id: given.lotId }] },
      stoppedUnits: 20,
      quarantinedUnits: 20,
      notices: { totalCount: 0 },
    });
    const journal = await asOwner(
      world,
      `select count(*)::integer as acts from journal where action = 'extendRecall' and reference->>'recallId' = $1`,
      [recallId],
    );
    expect(journal).toEqual([{ acts: 1 }]);
  });

  it('is taken out of a parcel that has not left, and whoever has or awaits some is told', async () => {
    const given = await gift(40, number);
    const people = await clinicians(coordinator, 4);
    const capped = {
      rule: 'CONSTRAINED_EQUAL_AWARDS',
      cap: [
        { itemCode: 'MASK', units: 9 },
        { itemCode: 'N95', units: 9 },
      ],
    };
    const choice = { stock: { lotIds: [given.lotId] }, recipients: { recipientIds: people }, policy: capped };
    const { deliveries } = await aCommittedPlan(coordinator, choice);
    const [kept, sent, there] = people.map((id) => deliveries.find(({ recipient }) => recipient.id === id)!);
    for (const { id } of [sent!, there!]) await desk.send(id);
    await desk.step('markDelivered', there!.id);
    expect(await correct(given, number)).toMatchObject({ condition: 'RECALLED', availableUnits: 0, allocatedUnits: 0 });
    const done = await desk.show(recallId);
    expect(done).toMatchObject({
      stoppedUnits: 22,
      quarantinedUnits: 22,
      recipientsToReach: 2,
      takenOutOfDeliveries: { totalCount: 2 },
    });
    expect(done.notices.nodes.map(({ recipient, units }) => [recipient.id, units]).sort()).toEqual(
      [
        [people[1], 9],
        [people[2], 9],
      ].sort(),
    );
    expect(await desk.send(kept!.id)).toMatchObject({ dispatchDelivery: { code: 'DELIVERY_TRANSITION' } });
  });

  it('is set aside at once: if the program ends before the recall reaches it, nothing of it is free and no parcel leaves with it', async () => {
    const given = await gift(20, number);
    const [parcel] = await desk.parcels([given.lotId], await clinicians(coordinator, 2));
    const end = jest.spyOn(world.app.get(Facts), 'tellAfter').mockRejectedValue(new Error('The program ends here.'));
    try {
      await expect(correct(given, number)).rejects.toThrow('INTERNAL_SERVER_ERROR');
    } finally {
      end.mockRestore();
    }
    expect(await bench.lotNow(given.lotId)).toMatchObject({
      condition: 'QUARANTINED',
      availableUnits: 0,
      recall: null,
    });
    expect(await desk.send(parcel!.id)).toMatchObject({ dispatchDelivery: { code: 'LOT_NOT_USABLE' } });
    const reasons = await asOwner(world, `select reason from lot_change where lot_id = $1 and field = 'CONDITION'`, [
      given.lotId,
    ]);
    expect(reasons).toEqual([{ reason: `This number is under the recall ${recallId}: ${REASON}` }]);
    // Whoever sees it so calls the number back again.
    expect(await desk.recall({ itemCode: 'N95', lotNumber: number })).toMatchObject({
      lots: { nodes: [{ id: given.lotId }] },
    });
    expect(await desk.places(given.lotId)).toEqual({ QUARANTINED: 20 });
  });

  it('and is set aside already, is recalled, too', async () => {
    const given = await gift(5, number);
    await correctStock(coordinator, 'quarantineLot', { lotId: given.lotId });
    expect(await correct(given, number)).toMatchObject({ condition: 'RECALLED', recall: { id: recallId } });
    expect(await desk.show(recallId)).toMatchObject({ stoppedUnits: 0, quarantinedUnits: 5 });
  });

  it('stays good when that recall has ended', async () => {
    const given = await gift(5, number);
    await desk.end(recallId);
    expect(await correct(given, number)).toMatchObject({ condition: 'GOOD', availableUnits: 5, recall: null });
  });
});

describe('a lot that is corrected while its number is called back', () => {
  it('does not become free by it: the recall ends, and then somebody releases it', async () => {
    const [number, right] = [aNumber(), aNumber()];
    const { lotId, shipmentId } = await desk.aGift(9, number);
    const { id } = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    for (const lotNumber of [right, null, number, right])
      expect(await bench.toNumber(lotId, lotNumber)).toMatchObject({
        condition: 'RECALLED',
        recall: { id },
        availableUnits: 0,
      });
    expect(await bench.toItem(shipmentId, 'N95')).toMatchObject({
      condition: 'RECALLED',
      recall: { id },
      availableUnits: 0,
    });
    expect(await correctStock(coordinator, 'releaseLot', { lotId })).toMatchObject({ code: 'LOT_TRANSITION' });
    expect(await desk.show(id)).toMatchObject({ lots: { nodes: [{ id: lotId }] }, stoppedUnits: 9 });
    await desk.end(id);
    expect(await correctStock(coordinator, 'releaseLot', { lotId })).toMatchObject({ availableUnits: 9 });
  });

  it('and has been left out of a recall of single lots, stays good when something else of it is corrected', async () => {
    const number = aNumber();
    const [meant, other] = [await desk.aGift(9, number), await desk.aGift(9, number)];
    await desk.recall({ lotIds: [meant.lotId] });
    const corrected = await bench.toNumber(other.lotId, number, { expiresOn: '2031-01-31' });
    expect(corrected).toMatchObject({ condition: 'GOOD', availableUnits: 9 });
  });

  it('gives the first answer again under the same key, and does what the first could not end; a release holds', async () => {
    const number = aNumber();
    const { lotId } = await desk.aGift(9, aNumber());
    const { id } = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    const key = { idempotencyKey: `renumbered ${lotId}` };
    const end = jest.spyOn(world.app.get(Facts), 'tellAfter').mockRejectedValue(new Error('The program ends here.'));
    try {
      await expect(bench.toNumber(lotId, number, key)).rejects.toThrow('INTERNAL_SERVER_ERROR');
    } finally {
      end.mockRestore();
    }
    const released = await desk.aGift(4, aNumber());
    const other = { idempotencyKey: `renumbered ${released.lotId}` };
    const again = jest.spyOn(world.app.get(Facts), 'tellAfter').mockRejectedValue(new Error('And here.'));
    await expect(bench.toNumber(released.lotId, number, other)).rejects.toThrow('INTERNAL_SERVER_ERROR');
    again.mockRestore();
    expect(await bench.lotNow(lotId)).toMatchObject({ condition: 'QUARANTINED' });
    for (const _ of ['second', 'third'])
      expect(await bench.toNumber(lotId, number, key)).toMatchObject({ condition: 'RECALLED', recall: { id } });
    expect(await desk.show(id)).toMatchObject({ lots: { nodes: [{ id: lotId }] }, stoppedUnits: 9 });
    await correctStock(coordinator, 'releaseLot', { lotId: released.lotId });
    expect(await bench.toNumber(released.lotId, number, other)).toMatchObject({ condition: 'GOOD', availableUnits: 4 });
  });
});
