import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aGroup,
  asOwner,
  CANCEL,
  CONFIRM,
  DISPATCH,
  REGISTER,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Row {
  readonly id: string;
  readonly units: number;
  readonly confirmedUnits: number | null;
  readonly status: string;
  readonly allocatedAt: string;
  readonly item: { code: string; category: string };
  readonly donor: { id: string };
  readonly recipient: { id: string; country: string };
  readonly shipment: { id: string };
  readonly lot: { id: string; lotNumber: string | null };
}
interface Sum {
  readonly units: number;
  readonly confirmedUnits: number;
  readonly recipients: number;
  readonly distributions: number;
}
interface Page {
  readonly totalCount: number;
  readonly nodes: Row[];
  readonly edges: { cursor: string; node: { id: string } }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const EVERY_STATUS = ['PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED', 'CANCELLED'];

const ROWS = `query($filter: DistributionFilter, $orderBy: DistributionOrder, $first: Int = 100, $after: String) {
  distributions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } }
    nodes { id units confirmedUnits status allocatedAt item { code category } donor { id } recipient { id country } shipment { id } lot { id lotNumber } } } }`;
const SUMS = `query($by: [DistributionDimension!]!, $filter: DistributionFilter) { distributionSummary(by: $by, filter: $filter) {
  item { code } category donor { id } recipient { id } group { id } country month status units confirmedUnits recipients distributions } }`;
const DELIVERED = `mutation($input: MarkDeliveredInput!) { markDelivered(input: $input) { __typename } }`;
const IMPACT = `query($id: ID!) { donorImpact(donorId: $id) { donor { id } receivedUnits allocatedUnits deliveredUnits confirmedUnits recipients countries
  byItem { item { code } units recipients } } }`;
const TRACE = `query($id: ID!) { lotTrace(lotId: $id) { lot { id } receivedUnits places { place units } holders { totalCount nodes { status units recipient { id } } } } }`;

describe('who got what', () => {
  let world: World;
  let coordinator: Client;
  let all: Row[];
  let donors: string[];
  let people: string[];
  let groups: string[];
  let gifts: { id: string; lot: string }[];

  const page = async (variables: object = {}, client = coordinator) =>
    (await client.ask<{ distributions: Page }>(ROWS, variables)).distributions;
  const sums = async (by: string[], filter?: object, client = coordinator) =>
    (await client.ask<{ distributionSummary: (Sum & Record<string, unknown>)[] }>(SUMS, { by, filter }))
      .distributionSummary;
  const total = (rows: readonly { units: number }[]) => rows.reduce((sum, { units }) => sum + units, 0);
  const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    donors = [(await aDonor(coordinator)).id, (await aDonor(coordinator, { anonymous: true })).id];
    const recipients = ['US', 'US', 'CN', 'IT'].map((country, i) => ({ name: `Clinician ${i}`, country }));
    const registered = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
      input: { recipients },
    });
    people = registered.registerRecipients.recipients.map(({ id }) => id);
    groups = [await aGroup(coordinator, people.slice(0, 2)), await aGroup(coordinator, people.slice(1, 3))];
    gifts = [];
    for (const [donorId, itemCode, units, lotNumber] of [
      [donors[0], 'MASK', 101, 'LOT-1'],
      [donors[0], 'COVERALL', 8, null],
      [donors[1], 'MASK', 40, 'LOT-2'],
      [donors[1], 'GOGGLES', 12, null],
      [donors[1], 'MASK', 4, 'LOT-3'],
    ] as const) {
      const gift = await aDonation(coordinator, {}, { donorId, lines: [{ itemCode, units, lotNumber }] });
      gifts.push({ id: gift.id, lot: gift.lines[0]!.lots[0]!.id });
      const { plan, deliveries } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
      const of = (i: number) => deliveries.find(({ recipient }) => recipient.id === people[i])!;
      if (lotNumber === 'LOT-3')
        await coordinator.ask(CANCEL, { input: { planId: plan.id, recipientIds: [people[3]], reason: 'x' } });
      await coordinator.ask(DISPATCH, { input: { deliveryId: of(0).id } });
      if (itemCode === 'GOGGLES') await coordinator.ask(DELIVERED, { input: { deliveryId: of(0).id } });
      if (itemCode !== 'MASK') continue;
      await coordinator.ask(DISPATCH, { input: { deliveryId: of(1).id } });
      await coordinator.ask(CONFIRM, { input: { deliveryId: of(0).id } });
      await coordinator.ask(CONFIRM, {
        input: { deliveryId: of(1).id, counts: [{ lineId: of(1).lines[0]!.id, units: 1, reason: 'DAMAGED' }] },
      });
    }
    // Two gifts were shared in another month, around the midnight of two time zones.
    await asOwner(world, `update distribution set allocated_at = '2021-03-31T23:30:00Z' where shipment_id = $1`, [
      gifts[1]!.id,
    ]);
    await asOwner(world, `update distribution set allocated_at = '2021-04-01T02:00:00.123Z' where shipment_id = $1`, [
      gifts[2]!.id,
    ]);
    all = (await page()).nodes;
  });
  afterAll(() => world.close());

  it('is every line of every plan, counted', async () => {
    const { totalCount, pageInfo } = await page();
    expect(all).toHaveLength(20);
    expect([totalCount, pageInfo.hasNextPage]).toEqual([20, false]);
    expect(total(all)).toBe(101 + 8 + 40 + 12 + 4);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(EVERY_STATUS));
    expect(await world.breaches()).toEqual([]);
  });

  type Given = [string, () => object, (row: Row) => boolean];
  const filters: Given[] = [
    ['donorIds', () => ({ donorIds: [donors[1]] }), (row) => row.donor.id === donors[1]],
    [
      'recipientIds',
      () => ({ recipientIds: [people[1], people[2]] }),
      (row) => [people[1], people[2]].includes(row.recipient.id),
    ],
    ['groupIds', () => ({ groupIds: [groups[1]] }), (row) => people.slice(1, 3).includes(row.recipient.id)],
    ['groupIds that overlap', () => ({ groupIds: groups }), (row) => people.slice(0, 3).includes(row.recipient.id)],
    [
      'itemCodes as people type them',
      () => ({ itemCodes: ['mask', 'Goggles'] }),
      (row) => row.item.code !== 'COVERALL',
    ],
    ['categories', () => ({ categories: ['PROTECTIVE_SUIT'] }), (row) => row.item.code === 'COVERALL'],
    ['countries', () => ({ countries: ['us', 'IT'] }), (row) => ['US', 'IT'].includes(row.recipient.country)],
    [
      'shipmentIds',
      () => ({ shipmentIds: [gifts[0]!.id, gifts[3]!.id] }),
      (row) => [gifts[0]!.id, gifts[3]!.id].includes(row.shipment.id),
    ],
    ['lotIds', () => ({ lotIds: [gifts[2]!.lot] }), (row) => row.lot.id === gifts[2]!.lot],
    [
      'lotNumbers',
      () => ({ lotNumbers: ['LOT-1', 'LOT-3'] }),
      (row) => ['LOT-1', 'LOT-3'].includes(row.lot.lotNumber ?? ''),
    ],
    [
      'statuses',
      () => ({ statuses: ['CONFIRMED', 'CANCELLED'] }),
      (row) => ['CONFIRMED', 'CANCELLED'].includes(row.status),
    ],
    [
      'several at once',
      () => ({
        donorIds: [donors[1]],
        categories: ['MASK'],
        countries: ['US'],
        groupIds: [groups[1]],
        statuses: ['CONFIRMED'],
      }),
      (row) =>
        row.donor.id === donors[1] &&
        row.item.category === 'MASK' &&
        row.recipient.id === people[1] &&
        row.status === 'CONFIRMED',
    ],
    ['nothing given', () => ({ donorIds: null, statuses: null }), () => true],
  ];
  it.each(filters)('is found by %s', async (_name, filter, holds) => {
    const expected = all.filter(holds);
    expect(expected.length).toBeGreaterThan(0);
    const { nodes, totalCount } = await page({ filter: filter() });
    expect(idsOf(nodes)).toEqual(idsOf(expected));
    expect(totalCount).toBe(expected.length);
    // A sum leaves out what was cancelled unless it is asked for states.
    const sum = await sums([], {
      ...filter(),
      statuses: (filter() as { statuses?: string[] }).statuses ?? EVERY_STATUS,
    });
    expect(sum[0]).toMatchObject({
      units: total(expected),
      distributions: expected.length,
      recipients: new Set(expected.map((row) => row.recipient.id)).size,
    });
  });

  it.each([
    'donorIds',
    'recipientIds',
    'groupIds',
    'itemCodes',
    'categories',
    'countries',
    'shipmentIds',
    'lotIds',
    'lotNumbers',
    'statuses',
  ])('an empty list in %s is passed by nothing', async (name) => {
    expect(await page({ filter: { [name]: [] } })).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it.each([
    [{ from: '2021-03-31', to: '2021-03-31' }, undefined, [1]],
    [{ from: '2021-04-01', to: '2021-04-01' }, undefined, [2]],
    [{ from: '2021-03-31', to: '2021-04-01' }, 'UTC', [1, 2]],
    [{ from: '2021-03-31', to: '2021-03-31' }, 'America/New_York', [1, 2]],
    [{ from: '2021-04-01', to: '2021-04-01' }, 'Asia/Shanghai', [1, 2]],
    [{ from: '2021-04-01', to: '2021-04-01' }, 'America/New_York', []],
    [{ to: '2021-03-31' }, undefined, [1]],
    [{ to: '2021-03-30' }, undefined, []],
    [{ from: '2021-04-01' }, undefined, [0, 2, 3, 4]],
    [{ from: '2021-04-02', to: '2021-03-01' }, undefined, []],
    [{}, undefined, [0, 1, 2, 3, 4]],
  ])('of the days %j in %s is that of whole days, the last included', async (allocatedOn, timeZone, found) => {
    const { nodes } = await page({ filter: { allocatedOn, timeZone } });
    expect([...new Set(nodes.map((row) => gifts.findIndex(({ id }) => id === row.shipment.id)))].sort()).toEqual(found);
  });

  const keyOf = { ALLOCATED_AT: (row: Row) => Date.parse(row.allocatedAt), UNITS: (row: Row) => row.units };
  it.each([
    ['ALLOCATED_AT', 'ASC', 1],
    ['ALLOCATED_AT', 'DESC', -1],
    ['UNITS', 'ASC', 1],
    ['UNITS', 'DESC', -1],
  ] as const)('is ordered by %s %s, and its pages neither repeat nor hide a line', async (field, direction, sign) => {
    const orderBy = { field, direction };
    const expected = all
      .toSorted((a, b) => sign * (keyOf[field](a) - keyOf[field](b) || (a.id < b.id ? -1 : 1)))
      .map(({ id }) => id);
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 10; pages++) {
      const { nodes, edges, pageInfo, totalCount }: Page = await page({ orderBy, first: 3, after });
      expect(totalCount).toBe(20);
      expect(edges.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id));
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
      seen.push(...nodes.map(({ id }) => id));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(expected);
    expect(await page({ orderBy, first: 3, after })).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });

  it('gives each order cursors of its own', async () => {
    const { pageInfo } = await page({ first: 1, orderBy: { field: 'UNITS', direction: 'ASC' } });
    const { extensions } = await coordinator.error(ROWS, {
      after: pageInfo.endCursor,
      orderBy: { field: 'UNITS', direction: 'DESC' },
    });
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' });
  });

  describe('in sums', () => {
    const standing = () => all.filter(({ status }) => status !== 'CANCELLED');
    const values: Record<string, (row: Row) => unknown> = {
      ITEM: (row) => row.item.code,
      CATEGORY: (row) => row.item.category,
      DONOR: (row) => row.donor.id,
      RECIPIENT: (row) => row.recipient.id,
      COUNTRY: (row) => row.recipient.country,
      MONTH: (row) => row.allocatedAt.slice(0, 7),
      STATUS: (row) => row.status,
    };
    const cell = (sum: Record<string, unknown>, dimension: string) => {
      const value = sum[dimension.toLowerCase()] as { code?: string; id?: string } | string | null;
      return typeof value === 'object' ? (value?.code ?? value?.id ?? null) : value;
    };

    it.each([
      ...Object.keys(values).map((dimension) => [[dimension]]),
      [['ITEM', 'COUNTRY']],
      [['DONOR', 'CATEGORY', 'MONTH', 'STATUS']],
      [['ITEM', 'ITEM']],
      [Object.keys(values)],
    ])('by %j, every row and figure adds up', async (by) => {
      const rows = await sums(by);
      // What was cancelled is left out, unless states are asked for.
      const counted = by.includes('STATUS') ? all : standing();
      const keyOfLine = (row: Row) => JSON.stringify(by.map((dimension) => values[dimension]!(row)));
      const keys = new Set(counted.map(keyOfLine));
      expect(rows).toHaveLength(keys.size);
      for (const row of rows) {
        const key = JSON.stringify(by.map((dimension) => cell(row, dimension)));
        const lines = counted.filter((line) => keyOfLine(line) === key);
        expect(keys.delete(key)).toBe(true);
        expect(row).toMatchObject({
          units: total(lines),
          confirmedUnits: lines.reduce((sum, line) => sum + (line.confirmedUnits ?? 0), 0),
          recipients: new Set(lines.map((line) => line.recipient.id)).size,
          distributions: lines.length,
        });
        for (const dimension of Object.keys(values))
          if (!by.includes(dimension)) expect(cell(row, dimension)).toBeNull();
      }
      expect(rows.map(({ units }) => units)).toEqual(rows.map(({ units }) => units).toSorted((a, b) => b - a));
    });

    it('by GROUP, who is in two groups is counted in both', async () => {
      const rows = await sums(['GROUP']);
      const of = (members: string[]) => total(standing().filter((row) => members.includes(row.recipient.id)));
      expect(Object.fromEntries(rows.map((row) => [(row['group'] as { id: string }).id, row.units]))).toEqual({
        [groups[0]!]: of(people.slice(0, 2)),
        [groups[1]!]: of(people.slice(1, 3)),
      });
    });

    it('by MONTH, the time zone decides', async () => {
      const months = async (timeZone?: string) =>
        Object.fromEntries(
          (await sums(['MONTH'], { shipmentIds: gifts.slice(1, 3).map(({ id }) => id), timeZone })).map((row) => [
            row['month'],
            row.units,
          ]),
        );
      expect(await months()).toEqual({ '2021-03': 8, '2021-04': 40 });
      expect(await months('America/New_York')).toEqual({ '2021-03': 48 });
      expect(await months('Asia/Shanghai')).toEqual({ '2021-04': 48 });
    });

    it('by nothing, there is one row, of nothings where nothing is found', async () => {
      expect(await sums([])).toMatchObject([{ units: total(standing()), distributions: 19, recipients: 4 }]);
      expect(await sums([], { countries: ['ZZ'] })).toMatchObject([
        { units: 0, confirmedUnits: 0, recipients: 0, distributions: 0 },
      ]);
      expect(await sums(['ITEM'], { countries: ['ZZ'] })).toEqual([]);
    });

    it('a donor sums her own gifts, but not by people', async () => {
      const donor = await world.as('DONOR', donors[1]);
      const hers = { donorIds: [donors[1]] };
      expect(await sums(['ITEM'], undefined, donor)).toEqual(await sums(['ITEM'], hers));
      // No country has three people of it: that is one sum, of all.
      const nothing = await sums([], hers);
      expect(await sums(['COUNTRY', 'ITEM'], undefined, donor)).toEqual(nothing);
      for (const by of [['RECIPIENT'], ['GROUP'], ['ITEM', 'RECIPIENT']])
        expect((await donor.error(SUMS, { by })).extensions.code).toBe('FORBIDDEN');
    });
  });

  it("a donor's impact says what came in, what was set aside, what arrived, and adds up by item", async () => {
    for (const [i, received] of [
      [0, 109],
      [1, 56],
    ] as const) {
      const lines = all.filter((row) => row.donor.id === donors[i] && row.status !== 'CANCELLED');
      const confirmed = lines.reduce((sum, row) => sum + (row.confirmedUnits ?? 0), 0);
      const arrived = confirmed + total(lines.filter(({ status }) => status === 'DELIVERED'));
      const { donorImpact } = await coordinator.ask<{
        donorImpact: { byItem: { units: number }[]; allocatedUnits: number };
      }>(IMPACT, { id: donors[i] });
      expect(donorImpact).toMatchObject({
        donor: { id: donors[i] },
        receivedUnits: received,
        allocatedUnits: total(lines),
        deliveredUnits: arrived,
        confirmedUnits: confirmed,
        recipients: 4,
        countries: ['CN', 'IT', 'US'],
      });
      expect(total(donorImpact.byItem)).toBe(donorImpact.allocatedUnits);
      const hers = await (await world.as('DONOR', donors[i])).ask<{ donorImpact: object }>(IMPACT, { id: donors[i] });
      // One or two people in a country could be told by its name.
      expect(hers.donorImpact).toEqual({ ...donorImpact, countries: [] });
    }
    const nobody = await aDonor(coordinator);
    expect((await coordinator.ask<{ donorImpact: object }>(IMPACT, { id: nobody.id })).donorImpact).toMatchObject({
      receivedUnits: 0,
      recipients: 0,
      countries: [],
      byItem: [],
    });
  });

  it('a lot is traced to every hand, and its places sum to what came in', async () => {
    for (const [i, { lot }] of gifts.entries()) {
      const { lotTrace } = await coordinator.ask<{
        lotTrace: {
          receivedUnits: number;
          places: { units: number }[];
          holders: { totalCount: number; nodes: { units: number }[] };
        };
      }>(TRACE, { id: lot });
      expect(total(lotTrace.places)).toBe(lotTrace.receivedUnits);
      const lines = all.filter((row) => row.lot.id === lot && row.status !== 'CANCELLED');
      expect(lotTrace.receivedUnits).toBe([101, 8, 40, 12, 4][i]);
      expect(lotTrace.holders).toMatchObject({ totalCount: lines.length });
      expect(total(lotTrace.holders.nodes)).toBe(total(lines));
    }
    const { lotTrace } = await coordinator.ask<{ lotTrace: object }>(TRACE, { id: gifts[4]!.lot });
    expect(lotTrace).toMatchObject({
      places: [
        { place: 'ALLOCATED', units: 1 },
        { place: 'AVAILABLE', units: 1 },
        { place: 'DELIVERED', units: 2 },
      ],
    });
  });

  // The last: it adds to what the others count.
  it('a cursor stays where it was while lines are added', async () => {
    const orders = [
      { field: 'ALLOCATED_AT', direction: 'DESC' },
      { field: 'UNITS', direction: 'ASC' },
    ];
    const firsts = await Promise.all(orders.map((orderBy) => page({ orderBy, first: 7 })));
    const gift = await aDonation(coordinator, { MASK: 4 });
    await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
    for (const [i, orderBy] of orders.entries()) {
      const rest = await page({ orderBy, after: firsts[i]!.pageInfo.endCursor });
      expect(rest.totalCount).toBe(24);
      const seen = [...firsts[i]!.nodes, ...rest.nodes].filter(({ shipment }) => shipment.id !== gift.id);
      expect(seen.map(({ id }) => id)).toHaveLength(20);
      expect(idsOf(seen)).toEqual(idsOf(all));
    }
    expect(await world.breaches()).toEqual([]);
  });
});
