import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, aDonor, asOwner, CONFIRM, DISPATCH, REGISTER } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Sum {
  readonly item: { code: string } | null;
  readonly recipient: { id: string } | null;
  readonly plan: { id: string } | null;
  readonly site: { id: string; name: string } | null;
  readonly donor: { id: string } | null;
  readonly facility: string | null;
  readonly country: string | null;
  readonly exposureTier: number | null;
  readonly day: string | null;
  readonly week: string | null;
  readonly month: string | null;
  readonly quarter: string | null;
  readonly units: number;
  readonly confirmedUnits: number;
  readonly recipients: number;
  readonly distributions: number;
  readonly merged: boolean;
  readonly mergedRows: number;
}

const SUMS = `query($by: [DistributionDimension!]!, $filter: DistributionFilter) { distributionSummary(by: $by, filter: $filter) {
  item { code } donor { id } recipient { id } plan { id } site { id name } facility country exposureTier day week month quarter
  units confirmedUnits recipients distributions merged mergedRows } }`;

/** Where everybody works, and how exposed. */
const PEOPLE = [
  { country: 'US', facility: 'City Clinic', exposureTier: 1 },
  { country: 'US', facility: 'City Clinic', exposureTier: 1 },
  { country: 'US', facility: 'General', exposureTier: 2 },
  { country: 'US', facility: 'General', exposureTier: 1 },
  { country: 'CN', facility: 'Third Hospital', exposureTier: 3 },
  { country: 'CN', facility: null, exposureTier: 3 },
  { country: 'IT', facility: 'General', exposureTier: 2 },
];
/** Instants at which days, weeks, months and quarters turn somewhere; one for each line of the first gift. */
const INSTANTS = [
  '2020-03-08T04:59:59Z',
  '2020-03-09T03:59:59Z',
  '2020-03-09T04:00:00Z',
  '2020-03-31T18:14:59Z',
  '2020-03-31T18:15:00Z',
  '2019-12-31T16:00:00Z',
  '2021-01-03T23:30:00Z',
];

let world: World;
let coordinator: Client;
let donors: string[];
let people: string[];
let plans: string[];

const sums = async (by: string[], filter?: object, client = coordinator): Promise<Sum[]> =>
  (await client.ask<{ distributionSummary: Sum[] }>(SUMS, { by, filter })).distributionSummary;
const refused = async (client: Client, by: string[], filter?: object): Promise<string> =>
  (await client.error(SUMS, { by, filter })).extensions.code;
const total = (rows: readonly Sum[]): object =>
  rows.reduce(
    (all, row) => ({
      units: all.units + row.units,
      confirmedUnits: all.confirmedUnits + row.confirmedUnits,
      distributions: all.distributions + row.distributions,
    }),
    { units: 0, confirmedUnits: 0, distributions: 0 },
  );

/** Shares a gift among some of the people. */
async function aSharedGift(donorId: string, itemCode: string, units: number, among: readonly number[]) {
  const gift = await aDonation(coordinator, {}, { donorId, lines: [{ itemCode, units }] });
  return aCommittedPlan(coordinator, {
    stock: { shipmentIds: [gift.id] },
    recipients: { recipientIds: among.map((i) => people[i]) },
  });
}

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  donors = [(await aDonor(coordinator)).id, (await aDonor(coordinator)).id, (await aDonor(coordinator)).id];
  const { registerRecipients } = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(
    REGISTER,
    { input: { recipients: PEOPLE.map((person, i) => ({ name: `Clinician ${i}`, ...person })) } },
  );
  people = registerRecipients.recipients.map(({ id }) => id);
  const shared = [
    await aSharedGift(donors[0]!, 'MASK', 70, [0, 1, 2, 3, 4, 5, 6]),
    await aSharedGift(donors[1]!, 'MASK', 40, [0, 1, 2, 3]),
    await aSharedGift(donors[1]!, 'GOGGLES', 4, [0, 4]),
    await aSharedGift(donors[1]!, 'GOWN', 6, [0, 1]),
    await aSharedGift(donors[2]!, 'GOGGLES', 3, [5, 6]),
  ];
  plans = shared.map(({ plan }) => plan.id);
  const toTheFirst = shared[0]!.deliveries.filter(({ recipient }) => people.indexOf(recipient.id) < 3);
  for (const { id } of toTheFirst) {
    await coordinator.ask(DISPATCH, { input: { deliveryId: id } });
    await coordinator.ask(CONFIRM, { input: { deliveryId: id } });
  }
  for (const [i, at] of INSTANTS.entries()) {
    const change = 'update distribution set allocated_at = $1 where plan_id = $2 and recipient_id = $3';
    await asOwner(world, change, [at, plans[0], people[i]]);
  }
});
afterAll(async () => {
  expect(await world.breaches()).toEqual([]);
  await world.close();
});

/** What a calendar on the wall says in a zone, without our database. */
function calendar(instant: string, timeZone: string): Pick<Sum, 'day' | 'week' | 'month' | 'quarter'> {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(instant));
  const [year, month] = day.split('-');
  // The ISO week of a day is that of its Thursday.
  const thursday = new Date(`${day}T00:00:00Z`);
  thursday.setUTCDate(thursday.getUTCDate() + 3 - ((thursday.getUTCDay() + 6) % 7));
  const ofYear = (thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000;
  const week = `${thursday.getUTCFullYear()}-W${String(1 + Math.floor(ofYear / 7)).padStart(2, '0')}`;
  return { day, week, month: `${year}-${month}`, quarter: `${year}-Q${Math.ceil(Number(month) / 3)}` };
}

describe('sums by time', () => {
  it.each([undefined, 'UTC', 'America/New_York', 'Asia/Shanghai', 'Asia/Kathmandu'])(
    'in %s are those of the calendar there, also where the clocks change',
    async (timeZone) => {
      const by = ['RECIPIENT', 'DAY', 'WEEK', 'MONTH', 'QUARTER'];
      const rows = await sums(by, { donorIds: [donors[0]], timeZone });
      const found = people.map((id) => rows.filter(({ recipient }) => recipient?.id === id));
      expect(found.map((row) => row.length)).toEqual(INSTANTS.map(() => 1));
      for (const [i, instant] of INSTANTS.entries())
        expect(found[i]![0]).toMatchObject(calendar(instant, timeZone ?? 'UTC'));
    },
  );

  it('have the last days of a year in the week of the next, and a day of March in the second quarter elsewhere', async () => {
    const filter = { donorIds: [donors[0]], recipientIds: [people[4], people[5], people[6]] };
    const values = async (by: keyof Sum, timeZone: string) =>
      (await sums([by.toUpperCase()], { ...filter, timeZone })).map((row) => row[by]).sort();
    expect(await values('day', 'UTC')).toEqual(['2019-12-31', '2020-03-31', '2021-01-03']);
    expect(await values('day', 'Asia/Kathmandu')).toEqual(['2019-12-31', '2020-04-01', '2021-01-04']);
    expect(await values('week', 'UTC')).toEqual(['2020-W01', '2020-W14', '2020-W53']);
    expect(await values('quarter', 'Asia/Kathmandu')).toEqual(['2019-Q4', '2020-Q2', '2021-Q1']);
    expect(await values('quarter', 'Asia/Shanghai')).toEqual(['2020-Q1', '2020-Q2', '2021-Q1']);
  });
});

describe('sums by where', () => {
  it('TIER and COUNTRY are those of the day of the commit', async () => {
    const rows = await sums(['TIER'], { donorIds: [donors[0]] });
    expect(rows.map((row) => [row.exposureTier, row.units, row.recipients]).sort()).toEqual([
      [1, 30, 3],
      [2, 20, 2],
      [3, 20, 2],
    ]);
  });

  it('FACILITY is where she works now; who works nowhere that is known has a row of her own', async () => {
    const of = async () =>
      Object.fromEntries((await sums(['FACILITY'], { donorIds: [donors[0]] })).map((row) => [row.facility, row.units]));
    expect(await of()).toEqual({ General: 30, 'City Clinic': 20, 'Third Hospital': 10, null: 10 });
    await asOwner(world, `update recipient set facility = 'General', facility_key = 'general' where id = $1`, [
      people[5],
    ]);
    expect(await of()).toEqual({ General: 40, 'City Clinic': 20, 'Third Hospital': 10 });
    await asOwner(world, `update recipient set facility = null, facility_key = null where id = $1`, [people[5]]);
  });

  it('PLAN and SITE lead there', async () => {
    const rows = await sums(['PLAN']);
    expect(Object.fromEntries(rows.map((row) => [row.plan?.id, row.units]))).toEqual({
      [plans[0]!]: 70,
      [plans[1]!]: 40,
      [plans[2]!]: 4,
      [plans[3]!]: 6,
      [plans[4]!]: 3,
    });
    const [site, ...others] = await sums(['SITE']);
    expect(site).toMatchObject({ site: { name: expect.any(String) }, units: 123, recipients: 7 });
    expect(others).toEqual([]);
  });
});

describe('a sum of which nobody asked how many people it is of', () => {
  it('is the same, and tells the people wherever in the query they are asked for', async () => {
    const plain = `query($by: [DistributionDimension!]!) { distributionSummary(by: $by) { units distributions month item { code } } }`;
    const spread = `query($by: [DistributionDimension!]!) { distributionSummary(by: $by) { ...who ... { distributions } } }
      fragment who on DistributionSummaryRow { many: recipients units month item { code } }`;
    for (const by of [[], ['ITEM'], ['MONTH', 'ITEM'], ['DAY', 'ITEM'], ['FACILITY']]) {
      const full = await sums(by);
      const [without, within] = await Promise.all(
        [plain, spread].map((query) => coordinator.ask<{ distributionSummary: object[] }>(query, { by })),
      );
      const few = full.map(({ units, distributions, month, item }) => ({ units, distributions, month, item }));
      expect(without!.distributionSummary).toHaveLength(few.length);
      expect(without!.distributionSummary).toEqual(expect.arrayContaining(few));
      const many = full.map(({ recipients }, i) => ({ ...few[i], many: recipients }));
      expect(within!.distributionSummary).toEqual(expect.arrayContaining(many));
    }
    expect((await sums([]))[0]).toMatchObject({ units: 123, recipients: 7, distributions: 17 });
  });
});

describe('a donor', () => {
  let first: Client;
  let second: Client;
  let third: Client;
  beforeAll(async () => {
    [first, second, third] = (await Promise.all(donors.map((id) => world.as('DONOR', id)))) as [Client, Client, Client];
  });

  it.each(['RECIPIENT', 'GROUP', 'FACILITY', 'PLAN'])('cannot sum by %s, alone or with others', async (dimension) => {
    for (const by of [[dimension], ['ITEM', dimension]]) expect(await refused(first, by)).toBe('FORBIDDEN');
  });

  it('sees sums of three people and more, and those of fewer as one, each person counted once', async () => {
    const byCountry = await sums(['COUNTRY'], undefined, first);
    expect(byCountry).toMatchObject([
      { country: 'US', units: 40, recipients: 4, merged: false, mergedRows: 0 },
      { country: null, units: 30, recipients: 3, merged: true, mergedRows: 2 },
    ]);
    // Everybody's line is of another day: seven sums of one person each.
    const byDay = await sums(['DAY', 'TIER'], undefined, first);
    expect(byDay).toMatchObject([
      { day: null, exposureTier: null, units: 70, recipients: 7, merged: true, mergedRows: 7 },
    ]);
    expect(byCountry.map(({ merged }) => merged).filter(Boolean)).toHaveLength(1);
  });

  it('is shown the smallest other sum with them, where they are fewer than three people even together', async () => {
    // Goggles went to 0 and 4, gowns to 0 and 1: three people. Of the first item alone, they are two.
    expect(await sums(['ITEM'], undefined, second)).toMatchObject([
      { item: { code: 'MASK' }, units: 40, recipients: 4, merged: false },
      { item: null, units: 10, recipients: 3, distributions: 4, merged: true, mergedRows: 2 },
    ]);
    const two = await sums(['ITEM'], { itemCodes: ['MASK', 'GOWN'] }, second);
    expect(two).toMatchObject([
      { item: null, units: 46, recipients: 4, distributions: 6, merged: true, mergedRows: 2 },
    ]);
    const other = await sums(['ITEM'], { itemCodes: ['MASK', 'GOGGLES'] }, second);
    expect(other).toMatchObject([
      { item: null, units: 44, recipients: 5, distributions: 6, merged: true, mergedRows: 2 },
    ]);
  });

  it.each([
    [['ITEM']],
    [['COUNTRY']],
    [['TIER']],
    [['DAY']],
    [['WEEK', 'ITEM']],
    [['STATUS', 'SITE']],
    [['DONOR']],
    [[]],
  ])('has sums by %j that add up to those of her gifts, none of one or two people', async (by) => {
    for (const [i, client] of [first, second].entries()) {
      const hers = await sums(by, undefined, client);
      const all = await sums(by, { donorIds: [donors[i]] });
      expect(total(hers)).toEqual(total(all));
      for (const row of hers) expect(row.recipients).toBeGreaterThanOrEqual(3);
      expect(hers.reduce((rows, row) => rows + Math.max(1, row.mergedRows), 0)).toBe(all.length);
      for (const row of hers.filter(({ merged }) => !merged)) expect(all).toContainEqual(row);
    }
  });

  it('whose gifts went to two people sees what they came to, and no more', async () => {
    for (const by of [['ITEM'], ['COUNTRY'], ['DAY', 'TIER']]) {
      const rows = await sums(by, undefined, third);
      expect(rows).toMatchObject([{ item: null, country: null, day: null, units: 3, recipients: 2, merged: true }]);
    }
    const hers = { donor: { id: donors[2] }, item: null, units: 3, recipients: 2 };
    expect(await sums(['DONOR'], undefined, third)).toMatchObject([{ ...hers, merged: false, mergedRows: 0 }]);
    expect(await sums(['ITEM', 'DONOR'], undefined, third)).toMatchObject([{ ...hers, merged: true, mergedRows: 1 }]);
    expect(await sums([], undefined, third)).toMatchObject([{ units: 3, recipients: 2, merged: false, mergedRows: 0 }]);
  });

  it('sees what a gift or an item came to, however few got it, but cannot pick people out of it', async () => {
    expect(await sums([], { itemCodes: ['GOWN'] }, second)).toMatchObject([{ units: 6, recipients: 2 }]);
    for (const filter of [
      { countries: ['IT'] },
      { exposureTiers: [3] },
      { allocatedOn: { from: '2020-03-08', to: '2020-03-08' } },
      { statuses: ['CONFIRMED'], countries: ['US'], exposureTiers: [2] },
    ]) {
      expect([filter, await refused(first, [], filter)]).toEqual([filter, 'FORBIDDEN']);
      expect([filter, await refused(first, ['ITEM'], filter)]).toEqual([filter, 'FORBIDDEN']);
    }
    expect(await refused(second, [], { planIds: [plans[3]] })).toBe('FORBIDDEN');
    // Of nobody there is nothing to hide, and of three there is a sum.
    expect(await sums([], { countries: ['FR'] }, first)).toMatchObject([{ units: 0, recipients: 0 }]);
    expect(await sums([], { exposureTiers: [1] }, first)).toMatchObject([{ units: 30, recipients: 3 }]);
  });
});

it('a recipient sums what is hers, by anything, and nothing of it is merged', async () => {
  const own = await world.as('RECIPIENT', people[4]);
  expect(await sums(['FACILITY', 'COUNTRY', 'TIER', 'ITEM'], undefined, own)).toMatchObject([
    { facility: 'Third Hospital', country: 'CN', exposureTier: 3, item: { code: 'MASK' }, units: 10, recipients: 1 },
    { item: { code: 'GOGGLES' }, units: 2, recipients: 1, merged: false, mergedRows: 0 },
  ]);
  expect(await sums(['RECIPIENT'], { recipientIds: [people[0]] }, own)).toEqual([]);
});
