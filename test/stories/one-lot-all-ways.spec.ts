import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonor, aNeed, anAnnouncement, clinicians, type ShipmentView } from '../support/builders.js';
import { correct as correctShipment, correctItem, step } from '../support/corrections.js';
import { importFile } from '../support/imports.js';
import { actOn, countOf } from '../support/receiving.js';
import { aNumber, recallDesk, type RecallDesk } from '../support/recalls.js';
import { aSite, aTransfer, doAtSite, MAIN_SITE, placesOf as placesAt } from '../support/sites.js';
import { aLot, correct, placesOf } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const GTIN = '04006381333931';
const AWARDS = `query($id: ID!) { plan(id: $id) { awards(first: 10) { nodes { item { code } units returnedUnits } } } }`;
const NEED = `query($id: ID!) { need(id: $id) { metUnits status } }`;

let world: World;
let coordinator: Client;
let desk: RecallDesk;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  desk = recallDesk(coordinator);
});
afterAll(() => world?.close());

const conditionOf = async (lotId: string): Promise<string> =>
  (
    await coordinator.ask<{ lot: { condition: string } }>(`query($id: ID!) { lot(id: $id) { condition } }`, {
      id: lotId,
    })
  ).lot.condition;

describe('one lot that everything happens to', () => {
  it('is stopped under its number whichever way it comes in: counted, scanned, by a file, and more of it once it is known', async () => {
    const number = aNumber();
    await coordinator.ask(
      `mutation { learnGtin(input: { gtin: "${GTIN}", itemCode: "N95", unitsPerPack: 10 }) { ... on Gtin { id } } }`,
    );
    const coming = await anAnnouncement(
      coordinator,
      {},
      { lines: [{ itemCode: 'N95', units: 30, lotNumber: number }] },
    );
    await countOf(coordinator, coming, [4], { close: false });
    const { id } = await desk.recall({ itemCode: 'N95', lotNumber: number });
    await countOf(coordinator, coming, [6], { close: false });
    const scan = { code: `(01)${GTIN}(10)${number}`, packs: 2 };
    await coordinator.ask(
      `mutation($input: ReceiveScansInput!) { receiveScans(input: $input) { ... on Shipment { status } } }`,
      { input: { shipmentId: coming.id, scans: [scan], close: true } },
    );
    await actOn(coordinator, 'reopenShipment', coming.id, { reason: 'one more box' });
    await countOf(coordinator, coming, [1], { close: true, discrepancyReason: 'FOUND' });
    await importFile(coordinator, 'Donations', ['donor,item,units,lot', `A firm,N95,7,${number.toLowerCase()}`]);
    const { stoppedUnits, quarantinedUnits, lots } = await desk.show(id);
    expect({ stoppedUnits, quarantinedUnits }).toEqual({ stoppedUnits: 38, quarantinedUnits: 38 });
    expect(lots.nodes.map(({ condition }) => condition)).toEqual(['RECALLED', 'RECALLED']);
    await desk.end(id);
    await countAgain(coming);
    expect(await desk.show(id)).toMatchObject({ stoppedUnits: 38, quarantinedUnits: 40 });
    expect(await world.breaches()).toEqual([]);
  });

  async function countAgain(coming: ShipmentView): Promise<void> {
    await actOn(coordinator, 'reopenShipment', coming.id, { reason: 'two more' });
    await countOf(coordinator, coming, [2]);
  }

  it('is recalled, counted and corrected while some of it is on its way to another site', async () => {
    const lotId = await aLot(coordinator, 50, { lotNumber: aNumber() });
    const there = await aSite(coordinator);
    const transferId = await aTransfer(coordinator, [MAIN_SITE, there], { [lotId]: 20 });
    const { id } = await desk.recall({ lotIds: [lotId] });
    expect(await correct(coordinator, 'correctIntake', { lotId, receivedUnits: 19 })).toMatchObject({
      __typename: 'IntakeInUseError',
      leastUnits: 20,
    });
    await correct(coordinator, 'correctIntake', { lotId, receivedUnits: 25 });
    await correct(coordinator, 'recountStock', { lotId, countedUnits: 3 });
    const counts = [{ lotId, units: 15, reason: 'MISSING' }];
    expect(await doAtSite(coordinator, 'receiveTransfer', { transferId, counts })).toMatchObject({
      status: 'RECEIVED',
    });
    expect(await placesAt(coordinator, lotId)).toEqual({
      [`QUARANTINED at ${MAIN_SITE}`]: 3,
      [`QUARANTINED at ${there}`]: 15,
      [`LOST at ${MAIN_SITE}`]: 7,
    });
    expect(await doAtSite(coordinator, 'closeSite', { siteId: there, reason: 'moved' })).toMatchObject({
      __typename: 'SiteInUseError',
    });
    await correct(coordinator, 'correctIntake', { lotId, receivedUnits: 10 });
    await desk.end(id);
    await correct(coordinator, 'releaseLot', { lotId });
    expect(await placesOf(coordinator, lotId)).toEqual({ AVAILABLE: 3, LOST: 7 });
    expect(await doAtSite(coordinator, 'closeSite', { siteId: there, reason: 'moved' })).toMatchObject({
      __typename: 'Site',
    });
    expect(await world.breaches()).toEqual([]);
  });

  it('turns out to be another item, comes back, is taken out, counted short, cancelled, and turns out to be what it was', async () => {
    const people = await clinicians(coordinator, 5);
    const needs: string[] = [];
    for (const her of people) needs.push((await aNeed(coordinator, her, { itemCode: 'GOWN', units: 10 })).id);
    const gift = await anAnnouncement(coordinator, { GOWN: 50, GOGGLES: 5 });
    await countOf(coordinator, gift, [50, 5]);
    const { plan, deliveries } = await aCommittedPlan(coordinator, {
      stock: { shipmentIds: [gift.id] },
      recipients: { recipientIds: people },
    });
    const parcel = (i: number) => deliveries.find(({ recipient }) => recipient.id === people[i])!;
    const gown = (i: number) => parcel(i).lines.find(({ item }) => item.code === 'GOWN')!.id;
    const stand = async (): Promise<number[]> => {
      const met: number[] = [];
      for (const id of needs)
        met.push((await coordinator.ask<{ need: { metUnits: number } }>(NEED, { id })).need.metUnits);
      return met;
    };
    for (const i of [0, 1]) await desk.send(parcel(i).id);
    expect(await stand()).toEqual([10, 10, 10, 10, 10]);
    await correctItem(coordinator, gift, 'COVERALL');
    expect(await stand()).toEqual([0, 0, 0, 0, 0]);
    await step(coordinator, 'confirmDelivery', {
      deliveryId: parcel(0).id,
      counts: [{ lineId: gown(0), units: 7, reason: 'MISSING' }],
    });
    await step(coordinator, 'returnDelivery', { deliveryId: parcel(1).id });
    await step(coordinator, 'takeOutOfDelivery', { deliveryId: parcel(2).id, lineIds: [gown(2)], reason: 'not gowns' });
    await step(coordinator, 'cancelAllocation', { planId: plan.id, recipientIds: [people[3]], reason: 'not gowns' });
    await correctItem(coordinator, gift, 'FACE_SHIELD');
    await correctShipment(coordinator, { shipmentId: gift.id, donorId: (await aDonor(coordinator)).id });
    await correctItem(coordinator, gift, 'GOWN');
    expect(await stand()).toEqual([7, 0, 0, 0, 10]);
    const { awards } = (await coordinator.ask<{ plan: { awards: { nodes: object[] } } }>(AWARDS, { id: plan.id })).plan;
    expect(awards.nodes).toHaveLength(10);
    const lotId = gift.lines[0]!.id && (await lotOf(gift));
    expect(await placesOf(coordinator, lotId)).toEqual({ ALLOCATED: 10, AVAILABLE: 30, DELIVERED: 7, LOST: 3 });
    const { id } = await desk.recall({ lotIds: [lotId] });
    expect(await stand()).toEqual([7, 0, 0, 0, 0]);
    expect(await conditionOf(lotId)).toBe('RECALLED');
    await correctItem(coordinator, gift, 'COVERALL');
    await desk.end(id);
    await correctItem(coordinator, gift, 'GOWN');
    expect(await stand()).toEqual([7, 0, 0, 0, 0]);
    expect(await world.breaches()).toEqual([]);
    expect(
      await coordinator.ask(`query($id: ID!) { replayPlan(planId: $id) { identical differences } }`, { id: plan.id }),
    ).toEqual({ replayPlan: { identical: true, differences: [] } });
  });

  async function lotOf(gift: ShipmentView): Promise<string> {
    const { shipment } = await coordinator.ask<{ shipment: ShipmentView }>(
      `query($id: ID!) { shipment(id: $id) { lines { lots { id } } } }`,
      { id: gift.id },
    );
    return shipment.lines[0]!.lots[0]!.id;
  }
});
