import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aGroup,
  aNeed,
  asOwner,
  clinicians,
  type DeliveryView,
  DISPATCH,
} from '../support/builders.js';
import { step } from '../support/corrections.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Rate {
  readonly item: { readonly code: string } | null;
  readonly month: string | null;
  readonly claimedUnits: number;
  readonly awardedUnits: number;
  readonly awards: number;
  readonly rate: number | null;
  readonly unboundedAwards: number;
  readonly unboundedUnits: number;
}
interface FillRate {
  readonly overall: Rate;
  readonly byItem: Rate[];
  readonly byMonth: Rate[];
  readonly byItemAndMonth: Rate[];
}
interface Waiting {
  readonly item: { readonly code: string } | null;
  readonly donor: { readonly id: string } | null;
  readonly month: string | null;
  readonly distributions: number;
  readonly recipients: number;
  readonly medianDays: number;
  readonly longestHours: number;
}

const RATE = `item { code } month claimedUnits awardedUnits awards rate unboundedAwards unboundedUnits`;
const FILL = `query($filter: FillRateFilter) { fillRate(filter: $filter) { overall { ${RATE} } byItem { ${RATE} } byMonth { ${RATE} } byItemAndMonth { ${RATE} } } }`;
const WAIT = `query($by: [WaitingDimension!]!, $filter: WaitingTimeFilter) { waitingTime(by: $by, filter: $filter) { item { code } donor { id } month distributions
  recipients units meanDays medianDays p90Days longestDays meanHours medianHours p90Hours longestHours } }`;
const BY_NEED = { rule: 'CONSTRAINED_EQUAL_AWARDS', claims: 'NEED' };

describe('what part of claims was met', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];
  let planIds: string[];

  const fillRate = async (filter: object = {}): Promise<FillRate> =>
    (await coordinator.ask<{ fillRate: FillRate }>(FILL, { filter })).fillRate;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 3);
    const split = async (units: Record<string, number>, committed: string, policy: object): Promise<string> => {
      const { id } = await aDonation(coordinator, units);
      const { plan } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [id] }, policy });
      await asOwner(world, `update plan set committed_at = $2 where id = $1`, [plan.id, committed]);
      return plan.id;
    };
    for (const [i, units] of [10, 20, 30].entries()) await aNeed(coordinator, people[i]!, { itemCode: 'N95', units });
    await aNeed(coordinator, people[0]!, { itemCode: 'GOWN', units: 8 });
    planIds = [
      await split({ N95: 24, GOWN: 4 }, '2020-03-31T23:30Z', BY_NEED),
      await split({ N95: 6 }, '2020-04-10T12:00Z', BY_NEED),
      // Equal claims are without bound.
      await split({ GOGGLES: 7 }, '2020-04-10T12:00Z', { rule: 'CONSTRAINED_EQUAL_AWARDS' }),
      await split({ N95: 3 }, '2020-04-11T12:00Z', BY_NEED),
    ];
    await step(coordinator, 'cancelAllocation', { planId: planIds[3], reason: 'x' });
  });
  afterAll(() => world.close());

  it('is units awarded over units claimed, by item and month, and what has no bound is counted apart', async () => {
    const { overall, byItem, byMonth, byItemAndMonth } = await fillRate();
    expect(overall).toEqual({
      item: null,
      month: null,
      claimedUnits: 60 + 8 + 36,
      awardedUnits: 24 + 4 + 6,
      awards: 7,
      rate: 34 / 104,
      unboundedAwards: 3,
      unboundedUnits: 7,
    });
    expect(byItem.map((row) => [row.item?.code, row.claimedUnits, row.awardedUnits, row.rate])).toEqual([
      ['N95', 96, 30, 30 / 96],
      ['GOWN', 8, 4, 0.5],
      ['GOGGLES', 0, 0, null],
    ]);
    expect(byMonth.map((row) => [row.month, row.claimedUnits, row.awardedUnits])).toEqual([
      ['2020-03', 68, 28],
      ['2020-04', 36, 6],
    ]);
    expect(
      byItemAndMonth.map((row) => `${row.month} ${row.item?.code} ${row.awardedUnits}/${row.claimedUnits}`),
    ).toEqual(['2020-03 N95 24/60', '2020-03 GOWN 4/8', '2020-04 N95 6/36', '2020-04 GOGGLES 0/0']);
  });

  it('is asked by item, plan, person, circle and day, in a time zone', async () => {
    const sums = async (filter: object) => {
      const { awardedUnits, claimedUnits } = (await fillRate(filter)).overall;
      return [awardedUnits, claimedUnits];
    };
    expect(await sums({ itemCodes: ['gown'] })).toEqual([4, 8]);
    expect(await sums({ categories: ['MASK'] })).toEqual([30, 96]);
    expect(await sums({ planIds: [planIds[1]] })).toEqual([6, 36]);
    const hers = await sums({ recipientIds: [people[0]] });
    expect(hers[1]).toBeLessThan(104);
    expect(await sums({ groupIds: [await aGroup(coordinator, [people[0]!])] })).toEqual(hers);
    expect(await sums({ committedOn: { to: '2020-03-31' } })).toEqual([28, 68]);
    expect(await sums({ committedOn: { from: '2020-04-01' }, timeZone: 'Asia/Shanghai' })).toEqual([34, 104]);
    expect((await fillRate({ timeZone: 'Asia/Shanghai' })).byMonth.map(({ month }) => month)).toEqual(['2020-04']);
    expect(await fillRate({ itemCodes: ['GLOVE'] }).catch((e: Error) => e.message)).toMatch('filter.itemCodes.0');
    expect((await fillRate({ itemCodes: [] })).overall).toMatchObject({ claimedUnits: 0, rate: null });
  });

  it('leaves out an award that was taken back', async () => {
    for (const id of people.slice(0, 2)) await aNeed(coordinator, id, { itemCode: 'COVERALL', units: 10 });
    const { id } = await aDonation(coordinator, { COVERALL: 10 });
    const { plan } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [id] }, policy: BY_NEED });
    const overall = async () => (await fillRate({ itemCodes: ['COVERALL'] })).overall;
    expect(await overall()).toMatchObject({ awardedUnits: 10, claimedUnits: 20, awards: 2 });
    await step(coordinator, 'cancelAllocation', { planId: plan.id, recipientIds: [people[0]], reason: 'x' });
    expect(await overall()).toMatchObject({ awardedUnits: 5, claimedUnits: 10, awards: 1, rate: 0.5 });
  });

  it('is for those who read the whole chain', async () => {
    for (const role of ['DONOR', 'RECIPIENT'] as const)
      expect((await (await world.as(role)).error(FILL)).extensions.code).toBe('FORBIDDEN');
    expect((await (await world.as('AUDITOR')).ask<{ fillRate: object }>(FILL)).fillRate).toEqual(await fillRate());
  });
});

describe('how long gifts took', () => {
  let world: World;
  let coordinator: Client;
  let donors: string[];

  const waiting = async (by: string[], filter: object = {}, client = coordinator): Promise<Waiting[]> =>
    (await client.ask<{ waitingTime: Waiting[] }>(WAIT, { by, filter })).waitingTime;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    await clinicians(coordinator, 4);
    donors = [(await aDonor(coordinator)).id, (await aDonor(coordinator)).id];
    const give = async (donorId: string, units: Record<string, number>, policy: object = {}) => {
      const { id } = await aDonation(coordinator, units, { donorId });
      await asOwner(world, `update lot set received_at = '2020-03-01T20:00Z' where shipment_id = $1`, [id]);
      const rule = { rule: 'CONSTRAINED_EQUAL_AWARDS', ...policy };
      return (await aCommittedPlan(coordinator, { stock: { shipmentIds: [id] }, policy: rule })).deliveries;
    };
    const hand = async (parcel: DeliveryView, at: string): Promise<void> => {
      await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
      await step(coordinator, 'markDelivered', { deliveryId: parcel.id });
      await asOwner(world, `update distribution set delivered_at = $2 where delivery_id = $1`, [parcel.id, at]);
    };
    const masks = await give(donors[0]!, { MASK: 8 });
    for (const [i, at] of [
      '2020-03-02T02:00Z',
      '2020-03-03T20:00Z',
      '2020-03-05T20:00Z',
      '2020-04-01T02:00Z',
    ].entries())
      await hand(masks[i]!, at);
    const gowns = await give(donors[0]!, { GOWN: 2 });
    for (const parcel of gowns) await hand(parcel, '2020-03-11T20:00Z');
    const other = await give(donors[1]!, { MASK: 4 });
    await hand(other[0]!, '2020-03-01T21:00Z');
  });
  afterAll(() => world.close());

  it('is told in calendar days and in hours: of the first to the last, and of nine in ten', async () => {
    expect(await waiting(['ITEM'], { donorIds: [donors[0]], itemCodes: ['MASK'] })).toEqual([
      {
        item: { code: 'MASK' },
        donor: null,
        month: null,
        distributions: 4,
        recipients: 4,
        units: 8,
        meanDays: (1 + 2 + 4 + 31) / 4,
        medianDays: 2,
        p90Days: 31,
        longestDays: 31,
        meanHours: (6 + 48 + 96 + 726) / 4,
        medianHours: 48,
        p90Hours: 726,
        longestHours: 726,
      },
    ]);
  });

  it('counts days as the zone does', async () => {
    const days = async (timeZone: string) =>
      (await waiting([], { donorIds: [donors[1]], timeZone })).map(({ medianDays }) => medianDays);
    expect(await days('UTC')).toEqual([0]);
    // From eight in the evening to nine it was midnight somewhere.
    expect(await days('Africa/Nairobi')).toEqual([1]);
  });

  it('is summed by item, donor and month of the hand, the most first', async () => {
    const rows = await waiting(['MONTH', 'DONOR']);
    expect(rows.map((row) => [row.month, donors.indexOf(row.donor!.id), row.distributions])).toEqual([
      ['2020-03', 0, 5],
      ['2020-03', 1, 1],
      ['2020-04', 0, 1],
    ]);
    expect(await waiting([])).toMatchObject([{ distributions: 7, recipients: 4 }]);
    expect(await waiting([], { handedOn: { from: '2020-04-01' } })).toMatchObject([{ distributions: 1 }]);
    expect(await waiting([], { handedOn: { from: '2021-01-01' } })).toEqual([]);
  });

  it('is told to donors of their own gifts, where it points at nobody', async () => {
    const donor = await world.as('DONOR', donors[0]);
    expect((await waiting(['ITEM'])).map((row) => [row.item?.code, row.distributions])).toEqual([
      ['MASK', 5],
      ['GOWN', 2],
    ]);
    expect((await waiting(['ITEM'], {}, donor)).map((row) => [row.item?.code, row.distributions])).toEqual([
      ['MASK', 4],
    ]);
    expect(await waiting([], { donorIds: [donors[1]] }, donor)).toEqual([]);
    expect(await waiting([], {}, await world.as('DONOR', donors[1]))).toEqual([]);
    expect(await waiting([], {}, await world.as('DONOR'))).toEqual([]);
    expect((await (await world.as('RECIPIENT')).error(WAIT, { by: [] })).extensions.code).toBe('FORBIDDEN');
  });
});
