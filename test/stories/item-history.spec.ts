import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  asOwner,
  clinicians,
  CONFIRM,
  DISPATCH,
  type ShipmentView,
} from '../support/builders.js';
import { correctItem, step } from '../support/corrections.js';
import { correct } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Period {
  readonly from: string;
  readonly to: string;
  readonly receivedUnits: number;
  readonly foundUnits: number;
  readonly allocatedUnits: number;
  readonly takenBackUnits: number;
  readonly dispatchedUnits: number;
  readonly returnedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly lostUnits: number;
  readonly discardedUnits: number;
  readonly returnedToDonorUnits: number;
  readonly onHandUnits: number;
}

const HISTORY = `query($itemCode: String!, $from: LocalDate!, $to: LocalDate!, $timeZone: String, $by: PeriodLength!) {
  itemHistory(itemCode: $itemCode, from: $from, to: $to, timeZone: $timeZone, by: $by) { item { code } timeZone periods { from to receivedUnits foundUnits
    allocatedUnits takenBackUnits dispatchedUnits returnedUnits deliveredUnits confirmedUnits lostUnits discardedUnits returnedToDonorUnits onHandUnits } } }`;
const STOCK_AS_OF = `query($asOf: DateTime!, $codes: [String!]) { stock(asOf: $asOf, itemCodes: $codes) {
  onHandUnits deliveredUnits lostUnits discardedUnits returnedToDonorUnits } }`;
const SPRING = { from: '2020-03-01', to: '2020-06-30', by: 'MONTH' };

/** The instant before a day begins in a zone that is so many hours ahead of UTC. */
function beforeDay(day: string, hoursAhead: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - hoursAhead * 3_600_000 - 1).toISOString();
}
function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

describe('what went on with an item', () => {
  let world: World;
  let coordinator: Client;
  let goods: ShipmentView;

  const historyOf = async (input: object): Promise<Period[]> =>
    (
      await coordinator.ask<{ itemHistory: { periods: Period[] } }>(HISTORY, {
        itemCode: 'mask',
        ...SPRING,
        ...input,
      })
    ).itemHistory.periods;

  /** Has the entries that were written since happen at another time, one hour after the other. */
  const happenedAt = async (instant: string): Promise<void> => {
    await asOwner(world, `alter table stock_entry disable trigger user`);
    await asOwner(
      world,
      `update stock_entry e set at = $1::timestamptz + n.n * interval '1 hour'
       from (select id, row_number() over (order by id) - 1 as n from stock_entry where at > '2021-01-01') n where n.id = e.id`,
      [instant],
    );
    await asOwner(world, `alter table stock_entry enable trigger user`);
    await asOwner(world, `update delivery set confirmed_at = $1 where confirmed_at > '2021-01-01'`, [instant]);
  };

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    await clinicians(coordinator, 4);
    goods = await aDonation(coordinator, { MASK: 100, GOWN: 9 });
    const lotId = goods.lines[0]!.lots[0]!.id;
    await happenedAt('2020-03-05T10:00Z');
    const stock = { shipmentIds: [goods.id], itemCodes: ['MASK'] };
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', reserve: [{ itemCode: 'MASK', units: 20 }] };
    const { plan, deliveries } = await aCommittedPlan(coordinator, { stock, policy });
    await happenedAt('2020-03-31T22:30Z');
    for (const i of [0, 1, 2]) await coordinator.ask(DISPATCH, { input: { deliveryId: deliveries[i]!.id } });
    const recipientIds = [deliveries[3]!.recipient.id];
    await step(coordinator, 'cancelAllocation', { planId: plan.id, recipientIds, reason: 'x' });
    await happenedAt('2020-04-10T08:00Z');
    const counts = [{ lineId: deliveries[0]!.lines[0]!.id, units: 17, reason: 'MISSING' }];
    await coordinator.ask(CONFIRM, { input: { deliveryId: deliveries[0]!.id, counts } });
    await step(coordinator, 'markDelivered', { deliveryId: deliveries[1]!.id });
    await step(coordinator, 'returnDelivery', { deliveryId: deliveries[2]!.id });
    await happenedAt('2020-05-02T08:00Z');
    await correct(coordinator, 'discardStock', { lotId, units: 5 });
    await correct(coordinator, 'returnToDonor', { lotId, units: 6 });
    await correct(coordinator, 'recountStock', { lotId, countedUnits: 53 });
    await correct(coordinator, 'correctIntake', { lotId, receivedUnits: 98 });
    const short = [{ lineId: deliveries[1]!.lines[0]!.id, units: 18, reason: 'DAMAGED' }];
    await coordinator.ask(CONFIRM, { input: { deliveryId: deliveries[1]!.id, counts: short } });
    await happenedAt('2020-06-20T08:00Z');
  });
  afterAll(() => world.close());

  it('is told month by month', async () => {
    const none = { receivedUnits: 0, foundUnits: 0, allocatedUnits: 0, takenBackUnits: 0, dispatchedUnits: 0 };
    const nothing = {
      ...none,
      returnedUnits: 0,
      deliveredUnits: 0,
      confirmedUnits: 0,
      lostUnits: 0,
      discardedUnits: 0,
    };
    const quiet = { ...nothing, returnedToDonorUnits: 0 };
    expect(await historyOf({})).toEqual([
      { ...quiet, from: '2020-03-01', to: '2020-03-31', receivedUnits: 100, allocatedUnits: 80, onHandUnits: 100 },
      { ...quiet, from: '2020-04-01', to: '2020-04-30', dispatchedUnits: 60, takenBackUnits: 20, onHandUnits: 40 },
      {
        ...quiet,
        from: '2020-05-01',
        to: '2020-05-31',
        deliveredUnits: 37,
        confirmedUnits: 17,
        lostUnits: 3,
        returnedUnits: 20,
        onHandUnits: 60,
      },
      {
        ...quiet,
        from: '2020-06-01',
        to: '2020-06-30',
        receivedUnits: -2,
        foundUnits: 1,
        deliveredUnits: -2,
        confirmedUnits: 18,
        lostUnits: -3,
        discardedUnits: 7,
        returnedToDonorUnits: 6,
        onHandUnits: 51,
      },
    ]);
  });

  it.each([
    ['DAY', 'UTC', 0, { from: '2020-03-28', to: '2020-06-25' }],
    // Much has moved since.
    ['DAY', 'UTC', 0, { from: '2020-04-01', to: '2020-04-15' }],
    ['WEEK', 'Asia/Shanghai', 8, { from: '2020-03-02', to: '2020-05-03' }],
    ['WEEK', 'UTC', 0, { from: '2020-03-04', to: '2020-07-03' }],
    ['MONTH', 'UTC', 0, { from: '2020-02-10', to: '2020-07-03' }],
    ['DAY', 'Asia/Shanghai', 8, { from: '2020-03-28', to: '2020-06-25' }],
    ['WEEK', 'Asia/Shanghai', 8, { from: '2020-03-04', to: '2020-07-03' }],
    ['MONTH', 'Asia/Shanghai', 8, { from: '2020-02-10', to: '2020-07-03' }],
  ])('by %s in %s has on hand what stock(asOf) has, at the end of each', async (by, timeZone, hoursAhead, days) => {
    const periods = await historyOf({ by, timeZone, ...days });
    expect([periods[0]!.from, periods.at(-1)!.to]).toEqual([days.from, days.to]);
    const stockAt = async (instant: string): Promise<Record<string, number>> =>
      (await coordinator.ask<{ stock: Record<string, number>[] }>(STOCK_AS_OF, { asOf: instant, codes: ['MASK'] }))
        .stock[0]!;
    let before = await stockAt(beforeDay(days.from, hoursAhead));
    for (const [i, period] of periods.entries()) {
      if (i > 0) expect(period.from).toBe(dayAfter(periods[i - 1]!.to));
      const after = await stockAt(beforeDay(dayAfter(period.to), hoursAhead));
      expect([period.to, period.onHandUnits]).toEqual([period.to, after['onHandUnits']]);
      for (const name of ['deliveredUnits', 'lostUnits', 'discardedUnits', 'returnedToDonorUnits'] as const)
        expect([period.to, name, period[name]]).toEqual([period.to, name, after[name]! - before[name]!]);
      before = after;
    }
  });

  it('by week goes from Monday to Sunday, the first and the last cut', async () => {
    const periods = await historyOf({ by: 'WEEK', from: '2020-03-04', to: '2020-03-17' });
    expect(periods.map(({ from, to }) => [from, to])).toEqual([
      ['2020-03-04', '2020-03-08'],
      ['2020-03-09', '2020-03-15'],
      ['2020-03-16', '2020-03-17'],
    ]);
  });

  it('goes by the days of the zone: what was promised at night was promised tomorrow, in Shanghai', async () => {
    const allocated = async (timeZone: string) =>
      (await historyOf({ timeZone })).map(({ allocatedUnits }) => allocatedUnits);
    expect(await allocated('UTC')).toEqual([80, 0, 0, 0]);
    expect(await allocated('Asia/Shanghai')).toEqual([0, 80, 0, 0]);
  });

  it('has a bound, and says what is wrong with a question', async () => {
    const fault = async (input: object) =>
      (await coordinator.error(HISTORY, { itemCode: 'MASK', ...SPRING, ...input })).extensions;
    expect(await fault({ by: 'DAY', to: '2021-04-05' })).toEqual({ code: 'BAD_USER_INPUT', field: 'to' });
    expect(await historyOf({ by: 'DAY', to: '2021-04-04' })).toHaveLength(400);
    expect(await fault({ by: 'MONTH', to: '2999-01-01' })).toEqual({ code: 'BAD_USER_INPUT', field: 'to' });
    expect(await fault({ to: '2020-02-29' })).toEqual({ code: 'BAD_USER_INPUT', field: 'to' });
    expect(await fault({ itemCode: 'MASKK' })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'itemCode.0' });
    for (const role of ['DONOR', 'RECIPIENT'] as const)
      expect((await (await world.as(role)).error(HISTORY, { itemCode: 'MASK', ...SPRING })).extensions.code).toBe(
        'FORBIDDEN',
      );
  });

  it('follows its lots when they turn out to be something else', async () => {
    const before = await historyOf({});
    await correctItem(coordinator, goods, 'N95');
    expect((await historyOf({ itemCode: 'N95' })).map(({ onHandUnits }) => onHandUnits)).toEqual(
      before.map(({ onHandUnits }) => onHandUnits),
    );
    expect((await historyOf({})).every(({ onHandUnits, confirmedUnits }) => onHandUnits + confirmedUnits === 0)).toBe(
      true,
    );
  });
});
