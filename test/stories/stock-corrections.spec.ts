import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  anAnnouncement,
  aPreview,
  clinicians,
  COMMIT,
  faultOfInput,
  RECEIVE,
  type ShipmentView,
  SHIPMENT,
} from '../support/builders.js';
import { aMove, aSite, MAIN_SITE } from '../support/sites.js';
import { aLot, callBack, correct, entriesOf, placesOf, waysOf } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
const JOURNAL = `select action, reason from journal where reference->>'lotId' = $1 order by id`;

let world: World;
let coordinator: Client;
let here: string;
let people: string[];

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  here = MAIN_SITE;
  people = await clinicians(coordinator, 2);
});
afterAll(() => world?.close());
afterEach(async () => expect(await world.breaches()).toEqual([]));

const planOf = (lotId: string, units: number) => ({
  stock: { lotIds: [lotId] },
  recipients: { recipientIds: people },
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units }] },
});
/** A lot of which each of two people is promised so many. */
const promised = async (units: number, each: number): Promise<string> => {
  const lot = await aLot(coordinator, units);
  await aCommittedPlan(coordinator, planOf(lot, each));
  return lot;
};
const send = async (lotId: string, site: string, units: number): Promise<void> =>
  aMove(coordinator, [here, site], { [lotId]: units });
const trace = async (lotId: string) =>
  (
    await coordinator.ask<{ lotTrace: { receivedUnits: number; foundUnits: number; places: { units: number }[] } }>(
      `query($lotId: ID!) { lotTrace(lotId: $lotId) { receivedUnits foundUnits places { units } } }`,
      { lotId },
    )
  ).lotTrace;
const counted = (lotId: string) => entriesOf(coordinator, { lotIds: [lotId], causes: ['STOCK_RECOUNTED'] });

describe('a count of a shelf', () => {
  it('that finds fewer has units of the free ones LOST, or DISCARDED where they are not fit for use', async () => {
    const lot = await promised(100, 10);
    const count = { lotId: lot, siteId: here, countedUnits: 97, reasonCode: 'STOLEN', reason: 'the door was open' };
    expect(await correct(coordinator, 'recountStock', count)).toMatchObject({
      __typename: 'Lot',
      onHandUnits: 97,
      availableUnits: 77,
      allocatedUnits: 20,
    });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 77, ALLOCATED: 20, LOST: 3 });
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 90, reasonCode: 'DAMAGED' });
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 89, reasonCode: 'EXPIRED' });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 69, ALLOCATED: 20, LOST: 3, DISCARDED: 8 });
    const entries = await counted(lot);
    expect(waysOf(entries)).toEqual(['AVAILABLE > DISCARDED 1', 'AVAILABLE > DISCARDED 7', 'AVAILABLE > LOST 3']);
    expect(entries[2]).toMatchObject({ reasonCode: 'STOLEN', reason: 'the door was open', causeId: lot });
    expect(await trace(lot)).toMatchObject({ receivedUnits: 100, foundUnits: 0 });
  });

  it('that finds more takes from what was lost here, and only what is more than that from outside', async () => {
    const lot = await aLot(coordinator, 100);
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 95 });
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 98, reasonCode: 'FOUND' });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 98, LOST: 2 });
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 110, reasonCode: 'FOUND' });
    expect(waysOf(await counted(lot)).sort()).toEqual([
      'AVAILABLE > LOST 5',
      'LOST > AVAILABLE 2',
      'LOST > AVAILABLE 3',
      'SOURCE > AVAILABLE 10',
    ]);
    // Goods that turned up were never accepted of the shipment.
    const { receivedUnits, foundUnits, places } = await trace(lot);
    expect({ receivedUnits, foundUnits }).toEqual({ receivedUnits: 100, foundUnits: 10 });
    expect(places.reduce((sum, { units }) => sum + units, 0)).toBe(110);
  });

  it('counts each site for itself: what was lost elsewhere stays lost', async () => {
    const [lot, there] = [await aLot(coordinator, 50), await aSite(coordinator)];
    await send(lot, there, 20);
    await correct(coordinator, 'recountStock', { lotId: lot, siteId: there, countedUnits: 15 });
    await correct(coordinator, 'recountStock', { lotId: lot, siteId: here, countedUnits: 31 });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 46, LOST: 5 });
    const third = await aSite(coordinator);
    await correct(coordinator, 'recountStock', { lotId: lot, siteId: third, countedUnits: 0 });
    await correct(coordinator, 'recountStock', { lotId: lot, siteId: third, countedUnits: 2 });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 48, LOST: 5 });
  });

  it('that finds fewer than are promised is refused, and says to cancel first', async () => {
    const lot = await promised(100, 10);
    expect(await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 19 })).toMatchObject({
      __typename: 'CountBelowAllocatedError',
      code: 'COUNT_BELOW_ALLOCATED',
      countedUnits: 19,
      allocatedUnits: 20,
      leastUnits: 20,
    });
    expect(await counted(lot)).toEqual([]);
    expect(await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 20 })).toMatchObject({
      availableUnits: 0,
      allocatedUnits: 20,
    });
  });

  it('that agrees moves nothing, and is in the journal', async () => {
    const lot = await promised(30, 5);
    const count = { lotId: lot, countedUnits: 30, reason: 'every friday' };
    expect(await correct(coordinator, 'recountStock', count)).toMatchObject({ __typename: 'Lot', onHandUnits: 30 });
    expect(await counted(lot)).toEqual([]);
    expect(await world.dataSource.query(JOURNAL, [lot])).toEqual([{ action: 'recountStock', reason: 'every friday' }]);
  });

  it('of a lot that is set aside takes from quarantine, and puts there', async () => {
    const lot = await aLot(coordinator, 20);
    await correct(coordinator, 'quarantineLot', { lotId: lot });
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 18 });
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 25 });
    expect(await placesOf(coordinator, lot)).toEqual({ QUARANTINED: 25 });
    expect(await trace(lot)).toMatchObject({ receivedUnits: 20, foundUnits: 5 });
  });

  it('makes a preview stale that counted on the units', async () => {
    const lot = await aLot(coordinator, 20);
    const { id } = await aPreview(coordinator, planOf(lot, 5));
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 19 });
    const { commitAllocation } = await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId: id } });
    expect(commitAllocation).toMatchObject({ code: 'STALE_PLAN', changed: ['stock'] });
  });

  it('is a whole number of units of a lot, at a site, for a reason of the list', async () => {
    const lot = await aLot(coordinator, 20);
    const good = { lotId: lot, siteId: here, countedUnits: 1, reasonCode: 'RECOUNTED', reason: 'r' };
    const bad = (input: object) => faultOfInput(coordinator, 'recountStock', { ...good, ...input });
    for (const countedUnits of [-1, 1.5, 1e14, 'ten', 100_000_001])
      expect(await bad({ countedUnits })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.countedUnits' });
    expect(await bad({ lotId: NOBODY })).toEqual({ code: 'NOT_FOUND', field: 'input.lotId' });
    expect(await bad({ siteId: NOBODY })).toEqual({ code: 'NOT_FOUND', field: 'input.siteId' });
    expect(await bad({ reasonCode: 'recounted' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.reasonCode' });
    expect(await bad({ reason: '' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.reason' });
    expect(await counted(lot)).toEqual([]);
  });
});

describe('what leaves the shelf for good', () => {
  it('is discarded, or goes back to the donor, with who, when and why', async () => {
    const lot = await aLot(coordinator, 20);
    const torn = { lotId: lot, siteId: here, units: 3, reasonCode: 'DAMAGED', reason: 'torn' };
    expect(await correct(coordinator, 'discardStock', torn)).toMatchObject({ __typename: 'Lot', availableUnits: 17 });
    const asked = { lotId: lot, units: 5, reasonCode: 'WRONG_ITEM', reason: 'she asks for them' };
    expect(await correct(coordinator, 'returnToDonor', asked)).toMatchObject({ availableUnits: 12 });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 12, DISCARDED: 3, RETURNED_TO_DONOR: 5 });
    const [back, bin] = await entriesOf(coordinator, { lotIds: [lot] });
    expect(bin).toMatchObject({ cause: 'STOCK_DISCARDED', reason: 'torn', reasonCode: 'DAMAGED' });
    expect(back).toMatchObject({ cause: 'RETURNED_TO_DONOR', reason: 'she asks for them', reasonCode: 'WRONG_ITEM' });
  });

  it.each(['discardStock', 'returnToDonor'] as const)(
    'by %s is what is free at the site, and no more',
    async (name) => {
      const [lot, there] = [await promised(30, 5), await aSite(coordinator)];
      await send(lot, there, 4);
      expect(await correct(coordinator, name, { lotId: lot, units: 17 })).toMatchObject({
        __typename: 'NotOnShelfError',
        code: 'NOT_ON_SHELF',
        availableUnits: 16,
        allocatedUnits: 10,
      });
      expect(await correct(coordinator, name, { lotId: lot, siteId: there, units: 5 })).toMatchObject({
        availableUnits: 4,
        allocatedUnits: 0,
      });
      expect(await correct(coordinator, name, { lotId: lot, units: 16 })).toMatchObject({ __typename: 'Lot' });
      expect(await correct(coordinator, name, { lotId: lot, siteId: there, units: 4 })).toMatchObject({
        availableUnits: 0,
      });
    },
  );

  it('may be of a lot that is set aside or called back', async () => {
    const [wet, bad] = [await aLot(coordinator, 10), await aLot(coordinator, 10)];
    await correct(coordinator, 'quarantineLot', { lotId: wet });
    await callBack(coordinator, [bad]);
    for (const lotId of [wet, bad]) {
      expect(await correct(coordinator, 'discardStock', { lotId, units: 11 })).toMatchObject({ availableUnits: 10 });
      await correct(coordinator, 'discardStock', { lotId, units: 4 });
      await correct(coordinator, 'returnToDonor', { lotId, units: 6 });
      expect(await placesOf(coordinator, lotId)).toEqual({ DISCARDED: 4, RETURNED_TO_DONOR: 6 });
    }
  });

  it('is at least one unit, and goes once under one key', async () => {
    const lot = await aLot(coordinator, 10);
    const zero = { lotId: lot, units: 0, reasonCode: 'DAMAGED', reason: 'r' };
    expect(await faultOfInput(coordinator, 'discardStock', zero)).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.units',
    });
    const once = { lotId: lot, units: 2, idempotencyKey: `discard ${lot}` };
    await correct(coordinator, 'discardStock', once);
    await correct(coordinator, 'discardStock', once);
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 8, DISCARDED: 2 });
  });

  it('is shown as it is after each step, also of two in one request', async () => {
    const lot = await aLot(coordinator, 10);
    const input = `{ lotId: "${lot}", units: 1, reasonCode: "DAMAGED", reason: "torn" }`;
    expect(
      await coordinator.ask(`mutation { a: discardStock(input: ${input}) { ... on Lot { availableUnits } }
        b: discardStock(input: ${input}) { ... on Lot { availableUnits } } }`),
    ).toEqual({ a: { availableUnits: 9 }, b: { availableUnits: 8 } });
  });
});

describe('an intake that was written down wrong', () => {
  const lineOf = async (lotId: string): Promise<ShipmentView & { discrepancyReason: string | null }> =>
    (
      await coordinator.ask<{ lot: { shipment: ShipmentView & { discrepancyReason: string | null } } }>(
        `query($id: ID!) { lot(id: $id) { shipment { ${SHIPMENT} discrepancyReason } } }`,
        { id: lotId },
      )
    ).lot.shipment;
  const typo = { reasonCode: 'DATA_ENTRY_ERROR', reason: 'a zero too many' };

  it('is corrected between outside and shelf, and the line of the shipment follows', async () => {
    const lot = await aLot(coordinator, 1000);
    const down = await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 100, ...typo });
    expect(down).toMatchObject({ __typename: 'Lot', onHandUnits: 100, availableUnits: 100 });
    const shipment = await lineOf(lot);
    expect(shipment.lines).toMatchObject([{ announcedUnits: 1000, acceptedUnits: 100 }]);
    expect(shipment.discrepancyReason).toBe('DATA_ENTRY_ERROR');
    const [entry] = await entriesOf(coordinator, { lotIds: [lot] });
    expect(entry).toMatchObject({
      ...typo,
      fromPlace: 'AVAILABLE',
      fromUnitsBefore: 1000,
      fromUnitsAfter: 100,
      toPlace: 'SOURCE',
      toUnitsBefore: -1000,
      toUnitsAfter: -100,
      units: 900,
      cause: 'INTAKE_CORRECTED',
      causeKind: 'SHIPMENT',
      causeId: shipment.id,
    });
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 120, ...typo });
    expect((await lineOf(lot)).lines[0]!.acceptedUnits).toBe(120);
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 120 });
    expect(await trace(lot)).toMatchObject({ receivedUnits: 120, foundUnits: 0 });
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 0, ...typo });
    expect(await placesOf(coordinator, lot)).toEqual({});
  });

  it('goes down to what is used, never below, and the refusal says how far', async () => {
    const lot = await promised(1000, 10);
    await correct(coordinator, 'discardStock', { lotId: lot, units: 5 });
    const below = await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 24, ...typo });
    expect(below).toMatchObject({
      __typename: 'IntakeInUseError',
      code: 'INTAKE_IN_USE',
      receivedUnits: 1000,
      usedUnits: 25,
      leastUnits: 25,
    });
    expect((await lineOf(lot)).lines[0]!.acceptedUnits).toBe(1000);
    const least = await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 25, ...typo });
    expect(least).toMatchObject({ __typename: 'Lot', availableUnits: 0, allocatedUnits: 20 });
    expect((await lineOf(lot)).lines[0]!.acceptedUnits).toBe(25);
  });

  it('goes up to 100,000,000 units, also as the sum of the lots of a line', async () => {
    const lot = await aLot(coordinator, 1);
    const most = { lotId: lot, receivedUnits: 100_000_000, ...typo };
    expect(await correct(coordinator, 'correctIntake', most)).toMatchObject({ availableUnits: 100_000_000 });
    for (const receivedUnits of [100_000_001, -1, 1.5])
      expect(await faultOfInput(coordinator, 'correctIntake', { ...most, receivedUnits })).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.receivedUnits',
      });
    const shipment = await anAnnouncement(coordinator, { MASK: 10 });
    const count = (lotNumber: string) => ({ lineId: shipment.lines[0]!.id, acceptedUnits: 5, lotNumber });
    await coordinator.ask(RECEIVE, { input: { shipmentId: shipment.id, counts: [count('A'), count('B')] } });
    const [a] = (
      await coordinator.ask<{ shipment: ShipmentView }>(`query($id: ID!) { shipment(id: $id) { ${SHIPMENT} } }`, {
        id: shipment.id,
      })
    ).shipment.lines[0]!.lots;
    expect(await faultOfInput(coordinator, 'correctIntake', { ...most, lotId: a!.id })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.receivedUnits',
    });
    await correct(coordinator, 'correctIntake', { ...most, lotId: a!.id, receivedUnits: 7 });
    expect(await lineOf(a!.id)).toMatchObject({
      lines: [{ acceptedUnits: 12 }],
      discrepancyReason: 'DATA_ENTRY_ERROR',
    });
  });

  it('takes from where most is free first, or from the site that is named', async () => {
    const [lot, there] = [await aLot(coordinator, 100), await aSite(coordinator)];
    await send(lot, there, 60);
    const freeAt = async (siteId: string): Promise<number> =>
      (
        await world.dataSource.query(
          `select units from lot_balance where lot_id = $1 and site_id = $2 and place = 'AVAILABLE'`,
          [lot, siteId],
        )
      )[0].units;
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 90, ...typo });
    expect([await freeAt(here), await freeAt(there)]).toEqual([40, 50]);
    await correct(coordinator, 'correctIntake', { lotId: lot, siteId: here, receivedUnits: 70, ...typo });
    expect([await freeAt(here), await freeAt(there)]).toEqual([20, 50]);
    const here2 = await correct(coordinator, 'correctIntake', { lotId: lot, siteId: here, receivedUnits: 49, ...typo });
    expect(here2).toMatchObject({ receivedUnits: 70, usedUnits: 50, leastUnits: 50 });
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 5, ...typo });
    expect([await freeAt(here), await freeAt(there)]).toEqual([5, 0]);
    await correct(coordinator, 'correctIntake', { lotId: lot, siteId: there, receivedUnits: 8, ...typo });
    expect([await freeAt(here), await freeAt(there)]).toEqual([5, 3]);
  });

  it('is told apart from a count: what turned up stays, and what was lost counts as used', async () => {
    const lot = await aLot(coordinator, 100);
    await correct(coordinator, 'recountStock', { lotId: lot, countedUnits: 130 });
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 0, ...typo });
    expect(await placesOf(coordinator, lot)).toEqual({ AVAILABLE: 30 });
    expect(await trace(lot)).toMatchObject({ receivedUnits: 0, foundUnits: 30 });
    expect((await lineOf(lot)).lines[0]!.acceptedUnits).toBe(0);
    const other = await aLot(coordinator, 100);
    await correct(coordinator, 'recountStock', { lotId: other, countedUnits: 40 });
    expect(await correct(coordinator, 'correctIntake', { lotId: other, receivedUnits: 59, ...typo })).toMatchObject({
      usedUnits: 60,
    });
  });

  it('of a lot that is set aside is corrected in quarantine', async () => {
    const lot = await aLot(coordinator, 100);
    await correct(coordinator, 'quarantineLot', { lotId: lot });
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 10, ...typo });
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 15, ...typo });
    expect(await placesOf(coordinator, lot)).toEqual({ QUARANTINED: 15 });
  });

  it('that was right moves nothing; a donor sees what came in as corrected', async () => {
    const gift = await aDonation(coordinator, { MASK: 50 });
    const lot = gift.lines[0]!.lots[0]!.id;
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 50, ...typo });
    expect(await entriesOf(coordinator, { lotIds: [lot] })).toHaveLength(1);
    expect((await lineOf(lot)).discrepancyReason).toBeNull();
    await correct(coordinator, 'correctIntake', { lotId: lot, receivedUnits: 45, ...typo });
    const donor = await world.as('DONOR', gift.donor.id);
    const { donorImpact, lotTrace } = await donor.ask<{ donorImpact: object; lotTrace: object }>(
      `query($donorId: ID!, $lotId: ID!) { donorImpact(donorId: $donorId) { receivedUnits } lotTrace(lotId: $lotId) { receivedUnits foundUnits } }`,
      { donorId: gift.donor.id, lotId: lot },
    );
    expect({ donorImpact, lotTrace }).toEqual({
      donorImpact: { receivedUnits: 45 },
      lotTrace: { receivedUnits: 45, foundUnits: 0 },
    });
    expect(await faultOfInput(coordinator, 'correctIntake', { lotId: NOBODY, receivedUnits: 1, ...typo })).toEqual({
      code: 'NOT_FOUND',
      field: 'input.lotId',
    });
  });
});
