import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database.js';
import { LevelRepository } from '../../src/stock/level.repository.js';
import { act, commit } from '../laws/acts.js';
import {
  aDonation,
  asOwner,
  clinicians,
  dayFromNow,
  faultOf,
  LOG_DONATION,
  type ShipmentView,
} from '../support/builders.js';
import { aMove, aSite, aTransfer, doAtSite, MAIN_SITE } from '../support/sites.js';
import { correct } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
const FIGURES = `onHandUnits availableUnits expiredUnits allocatedUnits quarantinedUnits inTransitUnits deliveredUnits lostUnits
  discardedUnits returnedToDonorUnits`;
const LEVELS = `query($itemCodes: [String!], $siteIds: [ID!], $asOf: DateTime) { stock(itemCodes: $itemCodes, siteIds: $siteIds, asOf: $asOf) {
  item { code } ${FIGURES} bySite { site { id } ${FIGURES} } } }`;
const lotOf = (gift: ShipmentView): string => gift.lines[0]!.lots[0]!.id;

type Figures = Record<string, number>;
interface Level extends Record<string, unknown> {
  item: { code: string };
  bySite: ({ site: { id: string } } & Figures)[];
}

/** Figures that are not none, without what surrounds them. */
function told(figures: object): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => typeof value === 'number' && value !== 0));
}

describe('stock', () => {
  let world: World;
  let coordinator: Client;
  let depot: string;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    depot = await aSite(coordinator);
  });
  afterAll(async () => {
    expect(await world.breaches()).toEqual([]);
    await world.close();
  });

  const levels = async (asked: object): Promise<Level[]> =>
    (await coordinator.ask<{ stock: Level[] }>(LEVELS, asked)).stock;
  const level = async (code: string, asked: object = {}): Promise<Level> =>
    (await levels({ itemCodes: [code], ...asked }))[0]!;
  const sites = ({ bySite }: Level): Record<string, Figures> =>
    Object.fromEntries(bySite.map(({ site, ...figures }) => [site.id, told(figures)]));

  it('is told by what became of it, and by site', async () => {
    const lotId = lotOf(await aDonation(coordinator, { GOWN: 100 }));
    const cap = [{ itemCode: 'GOWN', units: 10 }];
    const { parcels } = await commit(coordinator, {
      stock: { lotIds: [lotId] },
      recipients: { recipientIds: await clinicians(coordinator, 4) },
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap },
    });
    for (const { id } of parcels.slice(1)) await act(coordinator, 'dispatchDelivery', { deliveryId: id });
    const counts = [{ lineId: parcels[2]!.lines[0]!.id, units: 7, reason: 'DAMAGED' }];
    await act(coordinator, 'confirmDelivery', { deliveryId: parcels[2]!.id, counts });
    await act(coordinator, 'reportDeliveryLost', { deliveryId: parcels[3]!.id });
    await aMove(coordinator, [MAIN_SITE, depot], { [lotId]: 20 });
    await aTransfer(coordinator, [depot, MAIN_SITE], { [lotId]: 5 });
    const gowns = await level('GOWN');
    expect(told(gowns)).toEqual({
      onHandUnits: 65,
      availableUnits: 55,
      allocatedUnits: 10,
      inTransitUnits: 15,
      deliveredUnits: 7,
      lostUnits: 10,
      discardedUnits: 3,
    });
    expect(sites(gowns)).toEqual({
      [MAIN_SITE]: {
        onHandUnits: 50,
        availableUnits: 40,
        allocatedUnits: 10,
        inTransitUnits: 10,
        deliveredUnits: 7,
        lostUnits: 10,
        discardedUnits: 3,
      },
      [depot]: { onHandUnits: 15, availableUnits: 15, inTransitUnits: 5 },
    });
  });

  it('counts what was given back and what is set aside', async () => {
    const lotId = lotOf(await aDonation(coordinator, { GOGGLES: 10 }));
    const other = lotOf(await aDonation(coordinator, { GOGGLES: 6 }));
    await correct(coordinator, 'returnToDonor', { lotId, units: 3 });
    await correct(coordinator, 'quarantineLot', { lotId: other });
    expect(told(await level('GOGGLES'))).toEqual({
      onHandUnits: 13,
      availableUnits: 7,
      quarantinedUnits: 6,
      returnedToDonorUnits: 3,
    });
  });

  it('of an item that never came is nothing anywhere, and unnamed it is not listed', async () => {
    const never = await level('nitrile_gloves');
    expect([never.item.code, told(never), never.bySite]).toEqual(['NITRILE_GLOVES', {}, []]);
    const listed = (await levels({})).map(({ item }) => item.code);
    expect(listed).toEqual(expect.arrayContaining(['GOWN', 'GOGGLES']));
    expect(listed).not.toContain('NITRILE_GLOVES');
  });

  it('at certain sites is what stands there, of the items that ever stood there', async () => {
    const empty = await aSite(coordinator);
    const there = await levels({ siteIds: [depot] });
    expect(there.map(({ item }) => item.code)).toEqual(['GOWN']);
    expect(told(there[0]!)).toEqual({ onHandUnits: 15, availableUnits: 15, inTransitUnits: 5 });
    expect(Object.keys(sites(there[0]!))).toEqual([depot]);
    expect(await levels({ siteIds: [empty] })).toEqual([]);
    expect(await levels({ siteIds: [] })).toEqual([]);
    expect(told(await level('GOWN', { siteIds: [empty] }))).toEqual({});
    expect(told(await level('GOWN', { siteIds: [MAIN_SITE, depot] }))).toEqual(told(await level('GOWN')));
  });

  it('says how much of what is free has expired, the last day still being good', async () => {
    const lines = [-1, 0, 1].map((days) => ({
      itemCode: 'FACE_SHIELD',
      units: 10 + days,
      expiresOn: dayFromNow(days),
    }));
    const newDonor = { name: 'D', kind: 'PERSON' };
    const { logDonation } = await coordinator.ask<{ logDonation: ShipmentView }>(LOG_DONATION, {
      input: { newDonor, lines: [...lines, { itemCode: 'FACE_SHIELD', units: 5 }] },
    });
    await wait(5);
    expect(told(await level('FACE_SHIELD'))).toEqual({ onHandUnits: 35, availableUnits: 35, expiredUnits: 9 });
    const expired = logDonation.lines[0]!.lots[0]!.id;
    await aTransfer(coordinator, [MAIN_SITE, depot], { [expired]: 9 });
    expect(await level('FACE_SHIELD')).toMatchObject({ availableUnits: 26, expiredUnits: 0, inTransitUnits: 9 });
  });

  it('places of lots are read together, and leave out the outside and what is empty', async () => {
    const gift = await aDonation(coordinator, { MASK: 5, N95: 6 });
    const [masks, n95] = gift.lines.map((line) => line.lots[0]!.id);
    await aMove(coordinator, [MAIN_SITE, depot], { [masks!]: 5, [n95!]: 2 });
    const { shipment } = await coordinator.ask<{ shipment: object }>(
      `query($id: ID!) { shipment(id: $id) { lines { lots { places { place units site { id } } } } } }`,
      { id: gift.id },
    );
    const at = (id: string, units: number) => ({ place: 'AVAILABLE', units, site: { id } });
    expect(shipment).toEqual({
      lines: [{ lots: [{ places: [at(depot, 5)] }] }, { lots: [{ places: [at(MAIN_SITE, 4), at(depot, 2)] }] }],
    });
  });

  it('that is asked for wrongly is refused by its field', async () => {
    const later = new Date(Date.now() + 60_000).toISOString();
    const asked = (args: string) => faultOf(coordinator, `{ stock(${args}) { onHandUnits } }`);
    expect(await asked(`asOf: "${later}"`)).toEqual({ code: 'BAD_USER_INPUT', field: 'asOf' });
    expect(await asked(`siteIds: ["${MAIN_SITE}", "${NOBODY}"]`)).toEqual({ code: 'NOT_FOUND', field: 'siteIds.1' });
    expect(await asked(`siteIds: ["here"]`)).toEqual({ code: 'BAD_USER_INPUT', field: 'siteIds.0' });
    expect(await asked(`itemCodes: ["MUSK"]`)).toEqual({ code: 'BAD_USER_INPUT', field: 'itemCodes.0' });
  });

  it('asked for dozens of times at once is too much', async () => {
    const times = (count: number) =>
      `{ ${Array.from({ length: count }, (_, i) => `s${i}: stock { onHandUnits }`).join(' ')} }`;
    expect((await coordinator.error(times(40))).extensions.code).toBe('TOO_COMPLEX');
    expect(Object.keys(await coordinator.ask(times(5)))).toHaveLength(5);
  });

  describe('as of an instant', () => {
    const CODE = 'COVERALL';
    let lotId: string;
    let moments: { at: string; shown: Level }[];

    /** An instant after all that was done, and before all that is done later. */
    const remember = async (): Promise<void> => {
      await wait(5);
      moments.push({ at: new Date().toISOString(), shown: await level(CODE) });
      await wait(5);
    };

    beforeEach(async () => {
      moments = [];
      await remember();
      lotId = lotOf(await aDonation(coordinator, { [CODE]: 50 }));
      await remember();
      const { planId, parcels } = await commit(coordinator, {
        stock: { lotIds: [lotId] },
        recipients: { recipientIds: await clinicians(coordinator, 2) },
        policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: CODE, units: 5 }] },
      });
      await remember();
      const transferId = await aTransfer(coordinator, [MAIN_SITE, depot], { [lotId]: 12 });
      await remember();
      await act(coordinator, 'dispatchDelivery', { deliveryId: parcels[0]!.id });
      await doAtSite(coordinator, 'receiveTransfer', { transferId, counts: [{ lotId, units: 11, reason: 'STOLEN' }] });
      await remember();
      const recipientIds = [parcels[1]!.recipient.id];
      await act(coordinator, 'cancelAllocation', { planId, recipientIds, reason: 'left' });
      await act(coordinator, 'confirmDelivery', { deliveryId: parcels[0]!.id });
      await remember();
    });

    it('is what was shown then, item by item and site by site', async () => {
      for (const { at, shown } of moments) {
        const now = await level(CODE, { asOf: at });
        expect(told(now)).toEqual(told(shown));
        expect(sites(now)).toEqual(sites(shown));
      }
      expect(new Set(moments.map(({ shown }) => JSON.stringify(shown))).size).toBe(moments.length);
      const [, given, , away] = moments;
      const before = told(moments[0]!.shown)['onHandUnits'] ?? 0;
      expect(told(given!.shown)['onHandUnits']).toBe(before + 50);
      const siteIds = [depot];
      const atDepot = told(await level(CODE, { asOf: away!.at, siteIds }));
      expect(atDepot).toEqual(sites(away!.shown)[depot] ?? {});
    });

    it('comes to the same counted back from now and up from the beginning', async () => {
      const stock = world.app.get(LevelRepository);
      const count = (at: string, backFromNow: boolean) =>
        world.app.get(Database).read((reader) => {
          const asOf = { at: new Date(at), backFromNow };
          return stock.units(reader, { itemIds: null, siteIds: null, asOf, day: '2020-01-01' });
        });
      const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
      const entries = await asOwner(world, `select at from stock_entry where lot_id = $1 order by at`, [lotId]);
      const instants = (entries as { at: Date }[]).map(({ at }) => at.toISOString());
      for (const at of [...instants, ...moments.map((moment) => moment.at)])
        expect(sorted(await count(at, true))).toEqual(sorted(await count(at, false)));
    });

    it('counts what was done at that very instant', async () => {
      const rows = await asOwner(world, `select min(at) as at from stock_entry where lot_id = $1`, [lotId]);
      const { at } = rows[0] as { at: Date };
      const received = moments[1]!.shown;
      expect(told(await level(CODE, { asOf: at.toISOString() }))).toEqual(told(received));
      const justBefore = new Date(at.getTime() - 1).toISOString();
      expect(told(await level(CODE, { asOf: justBefore }))).toEqual(told(moments[0]!.shown));
    });

    it('before anything came is nothing, and expiry is that of the day', async () => {
      const long = '2020-03-01T00:00:00Z';
      expect(await levels({ asOf: long })).toEqual([]);
      expect(told(await level(CODE, { asOf: long }))).toEqual({});
      await asOwner(world, `update lot set expires_on = $2 where id = $1`, [lotId, dayFromNow(-1)]);
      const { at } = moments[1]!;
      expect((await level(CODE, { asOf: at }))['expiredUnits']).toBe(50);
      await asOwner(world, `update lot set expires_on = $2 where id = $1`, [lotId, dayFromNow(0)]);
      expect((await level(CODE, { asOf: at }))['expiredUnits']).toBe(0);
    });
  });
});
