import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aGroup,
  aPreview,
  clinicians,
  COMMIT,
  dayFromNow,
  DISPATCH,
  faultOfInput,
  PREVIEW,
} from '../support/builders.js';
import { aMove, aSite, MAIN_SITE } from '../support/sites.js';
import { aLot, callBack, correct, entriesOf, LOT, placesOf, waysOf } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
const CORRECT_LOT = `mutation($input: CorrectLotInput!) { correctLot(input: $input) { ${LOT}
  changes(first: 50) { totalCount nodes { id field before after reason reasonCode at actor { role name } } } } }`;
const EXPIRING = `query($withinDays: Int!, $siteIds: [ID!], $itemCodes: [String!], $first: Int, $after: String) {
  expiring(withinDays: $withinDays, siteIds: $siteIds, itemCodes: $itemCodes, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { lot { id isExpired expiresInDays } expiresOn onHandUnits availableUnits allocatedUnits quarantinedUnits inTransitUnits atRisk } } }`;

let world: World;
let coordinator: Client;
let people: string[];

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  people = await clinicians(coordinator, 2);
});
afterAll(() => world?.close());
afterEach(async () => expect(await world.breaches()).toEqual([]));

/** The preview of a split of one lot between two, or its refusal. */
const previewOf = async (lotId: string): Promise<string> => {
  const choice = { stock: { lotIds: [lotId] }, recipients: { recipientIds: people } };
  return (await coordinator.ask<{ previewAllocation: { id?: string; code?: string } }>(PREVIEW, { input: choice }))
    .previewAllocation.code!;
};
const planOf = (lotId: string) => ({ stock: { lotIds: [lotId] }, recipients: { recipientIds: people } });
const commit = async (planId: string) =>
  (
    await coordinator.ask<{ commitAllocation: { status?: string; code?: string; changed?: string[] } }>(COMMIT, {
      input: { planId },
    })
  ).commitAllocation;
const capOf = (units: number) => ({
  policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units }] },
});

describe('a lot that is set aside', () => {
  it('is quarantined at all sites, but for what is promised, and free again when it is released', async () => {
    const lot = await aLot(coordinator, 100);
    const [here, there] = [MAIN_SITE, await aSite(coordinator)];
    await aMove(coordinator, [here, there], { [lot]: 30 });
    await aCommittedPlan(coordinator, { ...planOf(lot), ...capOf(10) });
    const before = await placesOf(coordinator, lot);

    expect(await correct(coordinator, 'quarantineLot', { lotId: lot, reason: 'the boxes are wet' })).toMatchObject({
      __typename: 'Lot',
      condition: 'QUARANTINED',
      onHandUnits: 100,
      availableUnits: 0,
      allocatedUnits: 20,
      quarantinedUnits: 80,
    });
    expect(await placesOf(coordinator, lot)).toEqual({ ALLOCATED: 20, QUARANTINED: 80 });
    const aside = await entriesOf(coordinator, { lotIds: [lot], causes: ['LOT_QUARANTINED'] });
    expect(waysOf(aside).reduce((sum, way) => sum + Number(way.split(' ')[3]), 0)).toBe(80);
    expect(new Set(waysOf(aside).map((way) => way.replace(/ \d+$/, '')))).toEqual(new Set(['AVAILABLE > QUARANTINED']));
    expect(aside).toHaveLength(2);
    expect(aside[0]).toMatchObject({ causeId: lot, causeKind: 'LOT', reason: 'the boxes are wet', reasonCode: null });
    expect(await previewOf(lot)).toBe('NOTHING_TO_ALLOCATE');

    const free = { __typename: 'Lot', condition: 'GOOD', availableUnits: 80, allocatedUnits: 20, quarantinedUnits: 0 };
    expect(await correct(coordinator, 'releaseLot', { lotId: lot, reason: 'dry inside' })).toMatchObject(free);
    expect(await placesOf(coordinator, lot)).toEqual(before);
    expect(waysOf(await entriesOf(coordinator, { causes: ['LOT_RELEASED'], lotIds: [lot] }))).toHaveLength(2);
  });

  it('is so once: the second time is refused, and moves nothing', async () => {
    const lot = await aLot(coordinator, 10);
    expect(await correct(coordinator, 'releaseLot', { lotId: lot })).toMatchObject({
      __typename: 'LotTransitionError',
      code: 'LOT_TRANSITION',
      condition: 'GOOD',
    });
    await correct(coordinator, 'quarantineLot', { lotId: lot });
    const entries = await entriesOf(coordinator, { lotIds: [lot] });
    expect(await correct(coordinator, 'quarantineLot', { lotId: lot })).toMatchObject({
      __typename: 'LotTransitionError',
      condition: 'QUARANTINED',
    });
    expect(await entriesOf(coordinator, { lotIds: [lot] })).toEqual(entries);
  });

  it('is set aside once under one key, and says the same again', async () => {
    const lot = await aLot(coordinator, 10);
    const input = { lotId: lot, idempotencyKey: `quarantine ${lot}` };
    const first = await correct(coordinator, 'quarantineLot', input);
    expect(first.__typename).toBe('Lot');
    expect(await correct(coordinator, 'quarantineLot', input)).toEqual(first);
    expect(await entriesOf(coordinator, { lotIds: [lot], causes: ['LOT_QUARANTINED'] })).toHaveLength(1);
  });

  it('takes back what was promised or sent into quarantine, not onto the free shelf', async () => {
    const lot = await aLot(coordinator, 40);
    const { plan, deliveries } = await aCommittedPlan(coordinator, { ...planOf(lot), ...capOf(10) });
    const [parcel, other] = deliveries;
    await coordinator.ask(DISPATCH, { input: { deliveryId: parcel!.id } });
    await correct(coordinator, 'quarantineLot', { lotId: lot });
    await coordinator.ask(
      `mutation($input: ReturnDeliveryInput!) { returnDelivery(input: $input) { ... on Delivery { status } } }`,
      { input: { deliveryId: parcel!.id } },
    );
    expect(await placesOf(coordinator, lot)).toEqual({ ALLOCATED: 10, QUARANTINED: 30 });
    await coordinator.ask(
      `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { ... on Plan { status } } }`,
      { input: { planId: plan.id, recipientIds: [other!.recipient.id], reason: 'wet' } },
    );
    expect(await placesOf(coordinator, lot)).toEqual({ QUARANTINED: 40 });
  });

  it('makes the preview stale that counted on it', async () => {
    const lot = await aLot(coordinator, 10);
    const { id } = await aPreview(coordinator, planOf(lot));
    await correct(coordinator, 'quarantineLot', { lotId: lot });
    expect(await commit(id)).toMatchObject({ code: 'STALE_PLAN', changed: ['stock'] });
  });

  it('is neither set aside nor released where it was called back', async () => {
    const [lot, wet] = [await aLot(coordinator, 10), await aLot(coordinator, 5)];
    await correct(coordinator, 'quarantineLot', { lotId: wet });
    expect(await callBack(coordinator, [wet, lot])).toBe(10);
    for (const name of ['quarantineLot', 'releaseLot'] as const) {
      for (const lotId of [lot, wet]) {
        expect(await correct(coordinator, name, { lotId })).toMatchObject({
          __typename: 'LotTransitionError',
          condition: 'RECALLED',
        });
      }
    }
    expect(await placesOf(coordinator, lot)).toEqual({ QUARANTINED: 10 });
  });

  it('is named, and why is said', async () => {
    const lot = await aLot(coordinator, 1);
    expect(await faultOfInput(coordinator, 'quarantineLot', { lotId: NOBODY, reason: 'wet' })).toEqual({
      code: 'NOT_FOUND',
      field: 'input.lotId',
    });
    expect(await faultOfInput(coordinator, 'releaseLot', { lotId: lot, reason: '  ' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.reason',
    });
    expect(await faultOfInput(coordinator, 'quarantineLot', { lotId: 'lot', reason: 'wet' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.lotId',
    });
  });
});

describe('what expires', () => {
  const unitsByLot = async (planId: string): Promise<Record<string, number>> => {
    const { deliveries } = await coordinator.ask<{
      deliveries: { nodes: { lines: { units: number; lot: { id: string } }[] }[] };
    }>(`query($id: ID) { deliveries(planId: $id, first: 100) { nodes { lines { units lot { id } } } } }`, {
      id: planId,
    });
    const sums: Record<string, number> = {};
    for (const { lot, units } of deliveries.nodes.flatMap(({ lines }) => lines))
      sums[lot.id] = (sums[lot.id] ?? 0) + units;
    return sums;
  };

  it('goes out first expired first, however it came in; on its last day still, and never after it', async () => {
    const days = [30, undefined, 0, -1, 10];
    const line = (day: number | undefined) => ({
      itemCode: 'GOWN',
      units: 10,
      ...(day !== undefined && { expiresOn: dayFromNow(day) }),
    });
    const gift = await aDonation(coordinator, {}, { lines: days.map(line) });
    const [late, never, today, over, soon] = gift.lines.map(({ lots }) => lots[0]!.id);
    const split = async (units: number) => {
      const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'GOWN', units }] };
      const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: people }, policy };
      return unitsByLot((await aCommittedPlan(coordinator, choice)).plan.id);
    };
    expect(await split(4)).toEqual({ [today!]: 8 });
    expect(await split(4)).toEqual({ [today!]: 2, [soon!]: 6 });
    expect(await split(8)).toEqual({ [soon!]: 4, [late!]: 10, [never!]: 2 });
    expect(await split(20)).toEqual({ [never!]: 8 });
    expect(await placesOf(coordinator, over!)).toEqual({ AVAILABLE: 10 });
    expect(await previewOf(over!)).toBe('NOTHING_TO_ALLOCATE');

    const { today: onItsDay, over: after } = await coordinator.ask<Record<string, object>>(
      `query($today: ID!, $over: ID!) { today: lot(id: $today) { isExpired expiresInDays } over: lot(id: $over) { isExpired expiresInDays } }`,
      { today, over },
    );
    expect(onItsDay).toEqual({ isExpired: false, expiresInDays: 0 });
    expect(after).toEqual({ isExpired: true, expiresInDays: -1 });
    const asked = await coordinator.ask<{ lot: object }>(
      `query($id: ID!) { lot(id: $id) { isExpired expiresInDays } }`,
      { id: never },
    );
    expect(asked.lot).toEqual({ isExpired: false, expiresInDays: null });
  });

  interface Expiring {
    expiring: {
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
      nodes: { lot: { id: string }; atRisk: boolean }[];
    };
  }
  const expiring = async (variables: object): Promise<Expiring['expiring']> =>
    (await coordinator.ask<Expiring>(EXPIRING, variables)).expiring;

  it('is listed while it is in our hands, the first to expire first, and flagged where somebody is to get it', async () => {
    const item = { itemCode: 'FACE_SHIELD' };
    const lotOf = (day: number, units = 10) => aLot(coordinator, units, { ...item, expiresOn: dayFromNow(day) });
    const [soon, over, later, far, gone, promised] = [
      await lotOf(5),
      await lotOf(-3),
      await lotOf(20),
      await lotOf(40),
      await lotOf(2),
      await lotOf(6),
    ];
    await aLot(coordinator, 10, item);
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'FACE_SHIELD', units: 2 }] };
    const { deliveries } = await aCommittedPlan(coordinator, { ...planOf(promised!), policy });
    await coordinator.ask(DISPATCH, { input: { deliveryId: deliveries[0]!.id } });
    await correct(coordinator, 'quarantineLot', { lotId: soon });
    await correct(coordinator, 'discardStock', { lotId: gone, units: 10 });

    const codes = { itemCodes: ['face shield'] };
    const { nodes, totalCount } = await expiring({ withinDays: 20, ...codes });
    expect(nodes.map(({ lot }) => lot.id)).toEqual([over, soon, promised, later]);
    expect(totalCount).toBe(4);
    const nothing = { availableUnits: 0, allocatedUnits: 0, quarantinedUnits: 0, inTransitUnits: 0, atRisk: false };
    expect(nodes[0]).toEqual({
      ...nothing,
      lot: { id: over, isExpired: true, expiresInDays: -3 },
      expiresOn: dayFromNow(-3),
      onHandUnits: 10,
      availableUnits: 10,
    });
    expect(nodes[1]).toMatchObject({ ...nothing, onHandUnits: 10, quarantinedUnits: 10 });
    expect(nodes[2]).toMatchObject({
      onHandUnits: 8,
      availableUnits: 6,
      allocatedUnits: 2,
      inTransitUnits: 2,
      atRisk: true,
    });
    expect((await expiring({ withinDays: 0, ...codes })).nodes.map(({ lot }) => lot.id)).toEqual([over]);
    expect((await expiring({ withinDays: 40, ...codes })).nodes.at(-1)!.lot.id).toBe(far);
  });

  it('is listed for the sites that are named, with what stands there', async () => {
    const site = await aSite(coordinator);
    const lot = await aLot(coordinator, 9, { itemCode: 'NITRILE_GLOVES', expiresOn: dayFromNow(1) });
    const here = MAIN_SITE;
    await aMove(coordinator, [here, site], { [lot]: 4 });
    expect(await expiring({ withinDays: 3, siteIds: [site] })).toMatchObject({
      totalCount: 1,
      nodes: [{ lot: { id: lot }, onHandUnits: 4, availableUnits: 4 }],
    });
    expect(await expiring({ withinDays: 3, siteIds: [await aSite(coordinator)] })).toMatchObject({
      totalCount: 0,
      nodes: [],
    });
  });

  it('is paged without a repetition or a gap, also among lots of the same day', async () => {
    const day = { itemCode: 'GOGGLES', expiresOn: dayFromNow(3) };
    const lots: string[] = [];
    for (let i = 0; i < 5; i++) lots.push(await aLot(coordinator, 1, day));
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: Expiring['expiring'] = await expiring({ withinDays: 3, itemCodes: ['GOGGLES'], first: 2, after });
      seen.push(...page.nodes.map(({ lot }) => lot.id));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(lots.toSorted());
  });

  it('is asked for in whole days from today on, of items that there are, and with a cursor of this list', async () => {
    const faultOf = async (variables: object) => (await coordinator.error(EXPIRING, variables)).extensions;
    expect(await faultOf({ withinDays: -1 })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'withinDays' });
    expect(await faultOf({ withinDays: 36_501 })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'withinDays' });
    expect(await faultOf({ withinDays: 1, itemCodes: ['NOTHING'] })).toMatchObject({ field: 'itemCodes.0' });
    for (const day of ['2026-02-31', '0000-01-01', 'tomorrow']) {
      const after = Buffer.from(JSON.stringify(['expiring', day, NOBODY])).toString('base64url');
      expect(await faultOf({ withinDays: 1, after })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    }
  });
});

describe('a lot that was written down wrong', () => {
  interface Changed {
    correctLot: {
      id: string;
      lotNumber: string | null;
      expiresOn: string | null;
      unitsPerPack: number | null;
      earmark: object | null;
      changes: { totalCount: number; nodes: { field: string; before: string | null; after: string | null }[] };
    };
  }
  const why = { reason: 'the label was misread', reasonCode: 'DATA_ENTRY_ERROR' };
  const change = async (lotId: string, input: object): Promise<Changed['correctLot']> =>
    (await coordinator.ask<Changed>(CORRECT_LOT, { input: { lotId, ...why, ...input } })).correctLot;

  it('is known otherwise since, with what was known, who says so and why; units stay where they are', async () => {
    const lot = await aLot(coordinator, 10, { lotNumber: 'A-I', expiresOn: '2031-01-02', unitsPerPack: 5 });
    const corrected = await change(lot, { lotNumber: 'A-1', expiresOn: '2030-02-01' });
    expect(corrected).toMatchObject({ lotNumber: 'A-1', expiresOn: '2030-02-01', unitsPerPack: 5, availableUnits: 10 });
    expect(corrected.changes.totalCount).toBe(2);
    expect(new Set(corrected.changes.nodes.map(({ field, before, after }) => `${field} ${before} ${after}`))).toEqual(
      new Set(['LOT_NUMBER A-I A-1', 'EXPIRES_ON 2031-01-02 2030-02-01']),
    );
    expect(corrected.changes.nodes[0]).toMatchObject({ ...why, actor: { role: 'COORDINATOR', name: 'test' } });
    expect(await entriesOf(coordinator, { lotIds: [lot] })).toHaveLength(1);

    const cleared = await change(lot, { unitsPerPack: null, earmark: { strength: 'FIRST', countries: ['us'] } });
    expect(cleared).toMatchObject({
      lotNumber: 'A-1',
      unitsPerPack: null,
      earmark: { strength: 'FIRST', countries: ['US'], groups: [] },
    });
    expect(cleared.changes.nodes.find(({ field }) => field === 'UNITS_PER_PACK')).toMatchObject({
      before: '5',
      after: null,
    });
    expect((await change(lot, { earmark: null })).earmark).toBeNull();
  });

  it('that is so already is not changed', async () => {
    const lot = await aLot(coordinator, 10, { lotNumber: 'B-2' });
    expect((await change(lot, { lotNumber: 'B-2' })).changes.totalCount).toBe(0);
  });

  it('makes previews stale where the split depends on it, and only there', async () => {
    const lot = await aLot(coordinator, 10, { expiresOn: dayFromNow(30) });
    const previews = {
      number: await aPreview(coordinator, planOf(lot)),
      day: await aPreview(coordinator, planOf(lot)),
    };
    await change(lot, { lotNumber: 'C-3' });
    expect(await commit(previews.number.id)).toMatchObject({ status: 'COMMITTED' });
    const other = await aLot(coordinator, 10, { expiresOn: dayFromNow(30) });
    for (const input of [
      { expiresOn: dayFromNow(29) },
      { unitsPerPack: 5 },
      { earmark: { strength: 'FIRST', countries: ['US'] } },
    ]) {
      const { id } = await aPreview(coordinator, planOf(other));
      await change(other, input);
      expect(await commit(id)).toMatchObject({ code: 'STALE_PLAN', changed: expect.arrayContaining(['stock']) });
    }
  });

  it('names what is wrong, groups that exist, and a reason of the list', async () => {
    const lot = await aLot(coordinator, 10);
    const group = await aGroup(coordinator);
    const bad = async (input: object) => faultOfInput(coordinator, 'correctLot', { lotId: lot, ...why, ...input });
    expect(await bad({})).toEqual({ code: 'BAD_USER_INPUT', field: 'input' });
    expect(await bad({ lotNumber: ' ' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.lotNumber' });
    expect(await bad({ unitsPerPack: 100_000_001 })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.unitsPerPack' });
    expect(await bad({ lotNumber: 'D', reasonCode: 'WHIM' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.reasonCode',
    });
    expect(await bad({ earmark: { strength: 'ONLY' } })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.earmark' });
    expect(await bad({ earmark: { strength: 'ONLY', groupIds: [group, NOBODY] } })).toEqual({
      code: 'NOT_FOUND',
      field: 'input.earmark.groupIds.1',
    });
    expect(await change(lot, { earmark: { strength: 'ONLY', groupIds: [group] } })).toMatchObject({
      earmark: { groups: [{ id: group }] },
    });
  });

  it('tells leaving out from not knowing, also under a key', async () => {
    const lot = await aLot(coordinator, 10, { lotNumber: 'E', unitsPerPack: 5 });
    const input = { lotId: lot, ...why, lotNumber: 'F', idempotencyKey: `correct ${lot}` };
    await coordinator.ask(CORRECT_LOT, { input });
    const again = await coordinator.ask<Changed>(CORRECT_LOT, { input });
    expect(again.correctLot.changes.totalCount).toBe(1);
    const other = await coordinator.error(CORRECT_LOT, { input: { ...input, unitsPerPack: null } });
    expect(other.extensions).toMatchObject({ code: 'CONFLICT' });
  });

  it('keeps what was corrected to those who read the whole chain', async () => {
    const gift = await aDonation(coordinator, { MASK: 10 });
    const lot = gift.lines[0]!.lots[0]!.id;
    await change(lot, { lotNumber: 'G' });
    const donor = await world.as('DONOR', gift.donor.id);
    const asked = `query($id: ID!) { shipment(id: $id) { lines { lots { id changes { totalCount } } } } }`;
    expect((await donor.error(asked, { id: gift.id })).extensions.code).toBe('FORBIDDEN');
    const auditor = await world.as('AUDITOR');
    const seen = await auditor.ask<{ lot: { changes: { nodes: object[] } } }>(
      `query($id: ID!) { lot(id: $id) { changes { nodes { field actor { role name } } } } }`,
      { id: lot },
    );
    expect(seen.lot.changes.nodes).toEqual([{ field: 'LOT_NUMBER', actor: { role: 'COORDINATOR', name: 'test' } }]);
  });
});
