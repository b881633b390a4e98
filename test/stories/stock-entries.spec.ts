import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  asOwner,
  clinicians,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
  type ShipmentView,
} from '../support/builders.js';
import { aSite, MAIN_SITE } from '../support/sites.js';
import { aLot, correct, entriesOf, type EntryView, move, STOCK_ENTRIES } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;
let here: string;
let there: string;
let masks: ShipmentView;
let gowns: ShipmentView;
let plan: { id: string };
let parcels: DeliveryView[];
const lotOf = (gift: ShipmentView): string => gift.lines[0]!.lots[0]!.id;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  here = MAIN_SITE;
  there = await aSite(coordinator);
  masks = await aDonation(coordinator, { MASK: 100 });
  gowns = await aDonation(coordinator, { GOWN: 50 });
  const [ana, bo] = await clinicians(coordinator, 2);
  const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 10 }] };
  const choice = { stock: { lotIds: [lotOf(masks)] }, recipients: { recipientIds: [ana, bo] }, policy };
  ({ plan, deliveries: parcels } = await aCommittedPlan(coordinator, choice));
  await coordinator.ask(DISPATCH, { input: { deliveryId: parcels[0]!.id } });
  const hers = await world.as('RECIPIENT', parcels[0]!.recipient.id);
  await hers.ask(CONFIRM, { input: { deliveryId: parcels[0]!.id } });
  await move(world, [
    { lotId: lotOf(gowns), siteId: here, toSiteId: there, from: 'AVAILABLE', to: 'AVAILABLE', units: 20 },
  ]);
  await correct(coordinator, 'discardStock', { lotId: lotOf(gowns), siteId: there, units: 3, reasonCode: 'DAMAGED' });
  await correct(coordinator, 'recountStock', { lotId: lotOf(gowns), siteId: here, countedUnits: 28 });
});
afterAll(() => world?.close());

const page = async (variables: object, client = coordinator) =>
  (
    await client.ask<{
      stockEntries: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: EntryView[] };
    }>(STOCK_ENTRIES, variables)
  ).stockEntries;
const causesOf = async (filter: object): Promise<string[]> =>
  (await entriesOf(coordinator, filter)).map((e) => e.cause);
/** All there are, as the table has them. */
const everything = async (where: string, ...parameters: unknown[]): Promise<string[]> =>
  (await asOwner(world, `select id from stock_entry e where ${where} order by at desc, id desc`, parameters)).map(
    (row) => (row as { id: string }).id,
  );

describe('the ledger', () => {
  it('says who, when and why, and what both places held before and after', async () => {
    const [discarded] = await entriesOf(coordinator, { causes: ['STOCK_DISCARDED'] });
    expect(discarded).toEqual({
      id: expect.any(String),
      lot: { id: lotOf(gowns) },
      fromSiteId: there,
      fromPlace: 'AVAILABLE',
      fromUnitsBefore: 20,
      fromUnitsAfter: 17,
      toSiteId: there,
      toPlace: 'DISCARDED',
      toUnitsBefore: 0,
      toUnitsAfter: 3,
      units: 3,
      cause: 'STOCK_DISCARDED',
      causeId: lotOf(gowns),
      causeKind: 'LOT',
      reason: 'counted twice',
      reasonCode: 'DAMAGED',
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      actor: { tokenId: expect.any(String), role: 'COORDINATOR', name: 'test' },
    });
    const kinds = (await entriesOf(coordinator, {})).map(
      (e) => `${e.cause} ${(e as never as { causeKind: string }).causeKind}`,
    );
    expect(new Set(kinds)).toEqual(
      new Set([
        'STOCK_RECOUNTED LOT',
        'STOCK_DISCARDED LOT',
        'TRANSFER_RECEIVED TRANSFER',
        'DELIVERY_CONFIRMED DELIVERY',
        'DELIVERY_DISPATCHED DELIVERY',
        'ALLOCATION_COMMITTED PLAN',
        'SHIPMENT_RECEIVED SHIPMENT',
      ]),
    );
  });

  it('shows the newest first', async () => {
    const entries = await entriesOf(coordinator, {});
    expect(entries.map(({ id }) => id)).toEqual(await everything('true'));
    expect(entries[0]!.cause).toBe('STOCK_RECOUNTED');
    expect(entries.at(-1)!.cause).toBe('SHIPMENT_RECEIVED');
  });

  it('is filtered by lot, item, site, place, cause and what caused it; all must hold', async () => {
    const is = async (filter: object, where: string, ...parameters: unknown[]) =>
      expect((await entriesOf(coordinator, filter)).map(({ id }) => id)).toEqual(
        await everything(where, ...parameters),
      );
    await is({ lotIds: [lotOf(gowns)] }, 'lot_id = $1', lotOf(gowns));
    await is({ lotIds: [lotOf(gowns), lotOf(masks), lotOf(gowns)] }, 'true');
    await is({ itemCodes: ['gown', 'GOWN'] }, 'lot_id = $1', lotOf(gowns));
    await is({ siteIds: [there] }, '$1 in (from_site_id, to_site_id)', there);
    await is({ siteIds: [there, here] }, 'true');
    await is({ places: ['DELIVERED', 'LOST'] }, `to_place in ('DELIVERED', 'LOST')`);
    await is({ places: ['SOURCE'] }, `from_place = 'SOURCE'`);
    await is({ causes: ['SHIPMENT_RECEIVED', 'STOCK_DISCARDED'] }, `cause in ('SHIPMENT_RECEIVED', 'STOCK_DISCARDED')`);
    await is({ causeIds: [plan.id, parcels[0]!.id] }, 'cause_id in ($1, $2)', plan.id, parcels[0]!.id);
    expect(await causesOf({ causeIds: [masks.id] })).toEqual(['SHIPMENT_RECEIVED']);
    expect(await causesOf({ siteIds: [there], places: ['DISCARDED'] })).toEqual(['STOCK_DISCARDED']);
    expect(await causesOf({ siteIds: [here], places: ['DISCARDED'] })).toEqual([]);
    expect(await causesOf({ lotIds: [lotOf(masks)], itemCodes: ['GOWN'] })).toEqual([]);
    expect(await causesOf({ lotIds: [lotOf(masks)], places: ['DELIVERED'] })).toEqual(['DELIVERY_CONFIRMED']);
    for (const filter of [{ lotIds: [] }, { siteIds: [] }, { places: [] }, { causes: [] }, { causeIds: [] }])
      expect(await causesOf(filter)).toEqual([]);
  });

  it.each([
    [{}],
    [{ places: ['AVAILABLE'] }],
    [{ siteIds: ['here'] }],
    [{ itemCodes: ['MASK', 'GOWN'] }],
    [{ lotIds: ['masks', 'gowns'] }],
  ])(
    'is paged by %j without a repetition or a gap, whatever is written meanwhile',
    async (asked: Record<string, string[]>) => {
      const idOf: Record<string, string> = { here, masks: lotOf(masks), gowns: lotOf(gowns) };
      const filter = Object.fromEntries(
        Object.entries(asked).map(([k, v]) => [k, v.map((name) => idOf[name] ?? name)]),
      );
      const whole = (await entriesOf(coordinator, filter)).map(({ id }) => id);
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const { nodes, pageInfo } = await page({ filter, first: 2, after });
        if (seen.length === 0)
          await correct(coordinator, 'recountStock', { lotId: lotOf(masks), countedUnits: 90 - whole.length });
        seen.push(...nodes.map(({ id }) => id));
        ({ endCursor: after, hasNextPage: more } = pageInfo);
      }
      expect(seen).toEqual(whole);
      expect(await world.breaches()).toEqual([]);
    },
  );

  it('finds what is rare of an item that is common, and pages through all of it', async () => {
    const lot = await aLot(coordinator, 1, { itemCode: 'N95' });
    await asOwner(
      world,
      `begin; set local session_replication_role = replica;
       insert into lot (id, item_id, donor_id, shipment_id, shipment_line_id, condition, received_at)
         select gen_random_uuid(), item_id, donor_id, shipment_id, shipment_line_id, condition, received_at from lot, generate_series(1, 1200) where id = '${lot}';
       insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, from_units_after, to_units_after, at)
         select gen_random_uuid(), l.id, '${here}', w.from_place, '${here}', w.to_place, 1, w.cause, gen_random_uuid(), 0, 0, now() - interval '1 minute' * (row_number() over (order by l.id) % 900)
         from lot l join item i on i.id = l.item_id and i.code = 'N95',
           (values ('SOURCE', 'AVAILABLE', 'SHIPMENT_RECEIVED'), ('AVAILABLE', 'LOST', 'STOCK_RECOUNTED')) as w (from_place, to_place, cause);
       update stock_entry set to_place = 'RETURNED_TO_DONOR', cause = 'RETURNED_TO_DONOR' where id in (
         select id from stock_entry where cause = 'STOCK_RECOUNTED' order by at limit 3);
       commit`,
    );
    const isN95 = `lot_id in (select l.id from lot l join item i on i.id = l.item_id where i.code = 'N95')`;
    const item = { itemCodes: ['N95'] };
    const rare = await entriesOf(coordinator, { ...item, places: ['RETURNED_TO_DONOR'] });
    expect(rare.map(({ id }) => id)).toEqual(await everything(`${isN95} and to_place = 'RETURNED_TO_DONOR'`));
    expect(rare).toHaveLength(3);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await page({ filter: item, first: 100, after });
      seen.push(...nodes.map(({ id }) => id));
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(seen).toEqual(await everything(isN95));
    expect(seen.length).toBeGreaterThan(2400);
  });

  it('counts the whole list only when asked, and as it is filtered', async () => {
    const total = `query($filter: StockEntryFilter) { stockEntries(filter: $filter, first: 1) { totalCount nodes { id } } }`;
    const filter = { places: ['DISCARDED'], siteIds: [there] };
    expect(await coordinator.ask(total, { filter })).toMatchObject({ stockEntries: { totalCount: 1 } });
    const { length } = await everything('true');
    expect(await coordinator.ask(total)).toMatchObject({ stockEntries: { totalCount: length } });
  });

  it('is filtered by days, both included, as a time zone has them', async () => {
    const [first] = (await entriesOf(coordinator, { causeIds: [masks.id] })) as [EntryView];
    const at = (instant: string) =>
      asOwner(
        world,
        `alter table stock_entry disable trigger all; update stock_entry set at = '${instant}' where id = '${first.id}';
         alter table stock_entry enable trigger all`,
      );
    const found = async (from: string | undefined, to: string | undefined, timeZone?: string) =>
      (await entriesOf(coordinator, { causeIds: [masks.id], recordedOn: { from, to }, timeZone })).length === 1;
    await at('2026-03-02T23:59:59.999Z');
    expect(await found('2026-03-02', '2026-03-02')).toBe(true);
    expect(await found('2026-03-01', '2026-03-01')).toBe(false);
    expect(await found('2026-03-03', undefined)).toBe(false);
    expect(await found(undefined, '2026-03-02')).toBe(true);
    expect(await found('2026-03-03', '2026-03-03', 'Asia/Shanghai')).toBe(true);
    expect(await found('2026-03-02', '2026-03-02', 'Asia/Shanghai')).toBe(false);
    expect(await found('2026-03-02', '2026-03-02', 'America/New_York')).toBe(true);
    expect((await entriesOf(coordinator, { recordedOn: { to: '2026-03-02' } })).map(({ id }) => id)).toEqual([
      first.id,
    ]);
    const wrong = await coordinator.error(STOCK_ENTRIES, { filter: { timeZone: '+05:00' } });
    expect(wrong.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'filter.timeZone' });
  });

  it('is not for donors and recipients; auditors see who, but not what clinicians call their tokens', async () => {
    for (const client of [
      await world.as('DONOR', masks.donor.id),
      await world.as('RECIPIENT', parcels[0]!.recipient.id),
    ]) {
      expect((await client.error(STOCK_ENTRIES)).extensions.code).toBe('FORBIDDEN');
    }
    const filter = { causes: ['DELIVERY_CONFIRMED', 'DELIVERY_DISPATCHED'] };
    const actors = async (client: Client) =>
      (await page({ filter }, client)).nodes.map(
        (e) => (e as never as { actor: { role: string; name: string } }).actor,
      );
    expect(await actors(await world.as('AUDITOR'))).toMatchObject([
      { role: 'RECIPIENT', name: null },
      { role: 'COORDINATOR', name: 'test' },
    ]);
    expect(await actors(coordinator)).toMatchObject([
      { role: 'RECIPIENT', name: 'test' },
      { role: 'COORDINATOR', name: 'test' },
    ]);
    const [moved] = await entriesOf(coordinator, { causes: ['TRANSFER_RECEIVED'] });
    expect(moved).toMatchObject({ actor: null });
  });

  it('refuses what is no id, no place and no cursor of it', async () => {
    const bad = async (variables: object) => (await coordinator.error(STOCK_ENTRIES, variables)).extensions;
    expect(await bad({ filter: { lotIds: ['x'] } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'filter.lotIds.0',
    });
    expect(await bad({ filter: { places: ['NOWHERE'] } })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await bad({ filter: { itemCodes: ['MASK', 'MASQUE'] } })).toMatchObject({ field: 'filter.itemCodes.1' });
    expect(await bad({ after: 'x' })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    expect(await bad({ first: 101 })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' });
  });
});
