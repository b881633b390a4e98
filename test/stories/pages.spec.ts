import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asOwner } from '../support/builders.js';
import { fill, FEW, GARAGE, MANY } from '../support/many.js';
import { type Client, openWorld, type World } from '../support/world.js';

/** A line with all that it can be found by. */
interface Line {
  readonly id: string;
  readonly units: number;
  readonly at: string;
  readonly status: string;
  readonly country: string;
  readonly tier: number;
  readonly donorCountry: string | null;
  readonly donor: string;
  readonly recipient: string;
  readonly facility: string;
  readonly item: string;
  readonly itemName: string;
  readonly category: string;
  readonly lot: string;
  readonly lotNumber: string;
  readonly shipment: string;
  readonly plan: string;
  readonly site: string;
}
interface Filter {
  readonly donorIds?: string[];
  readonly recipientIds?: string[];
  readonly groupIds?: string[];
  readonly itemCodes?: string[];
  readonly categories?: string[];
  readonly countries?: string[];
  readonly shipmentIds?: string[];
  readonly lotIds?: string[];
  readonly lotNumbers?: string[];
  readonly statuses?: string[];
  readonly planIds?: string[];
  readonly siteIds?: string[];
  readonly exposureTiers?: number[];
  readonly donorCountries?: string[];
  readonly search?: string;
  readonly allocatedOn?: { from?: string; to?: string };
}
interface Page {
  readonly nodes: { readonly id: string }[];
  readonly totalCount?: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** More lines than a page glances at, so that what is rare is behind them. */
const ENTRIES = 9000;
const ALL = `select t.id, t.units, to_char(t.allocated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as at, t.status, t.country, t.exposure_tier as tier,
  t.donor_country as "donorCountry", t.donor_id as donor, t.recipient_id as recipient, r.facility, i.code as item, i.name as "itemName", i.category,
  t.lot_id as lot, l.lot_number as "lotNumber", t.shipment_id as shipment, t.plan_id as plan, t.site_id as site
  from distribution t join recipient r on r.id = t.recipient_id join item i on i.id = t.item_id join lot l on l.id = t.lot_id`;
const ASK = `query($filter: DistributionFilter, $orderBy: DistributionOrder, $first: Int, $after: String, $last: Int, $before: String) {
  distributions(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

const LISTS = {
  donorIds: (line: Line) => line.donor,
  recipientIds: (line: Line) => line.recipient,
  itemCodes: (line: Line) => line.item,
  categories: (line: Line) => line.category,
  countries: (line: Line) => line.country,
  shipmentIds: (line: Line) => line.shipment,
  lotIds: (line: Line) => line.lot,
  lotNumbers: (line: Line) => line.lotNumber,
  statuses: (line: Line) => line.status,
  planIds: (line: Line) => line.plan,
  siteIds: (line: Line) => line.site,
  exposureTiers: (line: Line) => line.tier,
  donorCountries: (line: Line) => line.donorCountry,
} as const;
type ListName = keyof typeof LISTS;

describe('pages of very many lines', () => {
  let world: World;
  let coordinator: Client;
  let lines: Line[];
  let members: Map<string, Set<string>>;

  const page = async (variables: object, client = coordinator) =>
    (await client.ask<{ distributions: Page }>(ASK, variables)).distributions;

  beforeAll(async () => {
    world = await openWorld();
    await fill(world, ENTRIES);
    coordinator = await world.as('COORDINATOR');
    lines = (await asOwner(world, ALL)) as Line[];
    const rows = (await asOwner(world, 'select group_id as "group", recipient_id as person from group_member')) as {
      group: string;
      person: string;
    }[];
    members = new Map([FEW, MANY].map((id) => [id, new Set(rows.filter((r) => r.group === id).map((r) => r.person))]));
  });
  afterAll(() => world.close());

  const fits = (filter: Filter, line: Line): boolean => {
    const lists = (Object.keys(LISTS) as ListName[]).every((name) => {
      const asked = filter[name] as readonly unknown[] | undefined;
      return asked === undefined || asked.includes(LISTS[name](line));
    });
    const { groupIds, search, allocatedOn } = filter;
    const text = search?.trim().toLowerCase();
    return (
      lists &&
      (groupIds === undefined || groupIds.some((id) => members.get(id)!.has(line.recipient))) &&
      (text === undefined ||
        [line.item, line.itemName, line.facility].some((part) => part.toLowerCase().includes(text))) &&
      (allocatedOn?.from === undefined || line.at.slice(0, 10) >= allocatedOn.from) &&
      (allocatedOn?.to === undefined || line.at.slice(0, 10) <= allocatedOn.to)
    );
  };
  const expected = (filter: Filter, field: string, direction: string): string[] => {
    const sign = direction === 'ASC' ? 1 : -1;
    const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
    return lines
      .filter((line) => fits(filter, line))
      .sort(
        (a, b) =>
          sign *
          (field === 'UNITS'
            ? compare(a.units, b.units) || compare(a.id, b.id)
            : compare(a.at, b.at) || compare(a.id, b.id)),
      )
      .map(({ id }) => id);
  };

  /** Some values of some lines, now one and now several; of a rare line as well as of a common one. */
  const someFilter = (names: readonly ListName[]): fc.Arbitrary<Filter> =>
    fc
      .record({
        picked: fc.subarray([...names], { maxLength: 2 }),
        places: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        groupIds: fc.option(fc.subarray([FEW, MANY], { minLength: 1 }), { nil: undefined, freq: 5 }),
        search: fc.option(fc.constantFrom('mask', '协和', 'general 5', '100%_mercy', '%', ' Goggles ', 'nowhere'), {
          nil: undefined,
          freq: 4,
        }),
        days: fc.option(
          fc.constantFrom({ from: '2020-03-01' }, { to: '2020-03-01' }, { from: '2020-03-02', to: '2020-03-02' }),
          {
            nil: undefined,
            freq: 4,
          },
        ),
      })
      .map(({ picked, places, groupIds, search, days }) => ({
        ...Object.fromEntries(
          picked.map((name) => [
            name,
            [...new Set(places.map((place) => LISTS[name](lines[place % lines.length]!)))].filter((v) => v !== null),
          ]),
        ),
        ...(groupIds && { groupIds }),
        ...(search && { search }),
        ...(days && { allocatedOn: days }),
      }));

  it('hold what the filter says, in order, from either end, whatever the filter', async () => {
    await fc.assert(
      fc.asyncProperty(
        someFilter(Object.keys(LISTS) as ListName[]),
        fc.constantFrom('ALLOCATED_AT', 'UNITS'),
        fc.constantFrom('ASC', 'DESC'),
        fc.integer({ min: 1, max: 100 }),
        async (filter, field, direction, size) => {
          const ids = expected(filter, field, direction);
          const orderBy = { field, direction };
          const first = await page({ filter, orderBy, first: size });
          expect([first.nodes.map(({ id }) => id), first.totalCount]).toEqual([ids.slice(0, size), ids.length]);
          expect(first.pageInfo).toMatchObject({ hasNextPage: ids.length > size, hasPreviousPage: false });
          const last = await page({ filter, orderBy, last: size });
          expect(last.nodes.map(({ id }) => id)).toEqual(ids.slice(-size));
          expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: ids.length > size });
          if (first.pageInfo.hasNextPage) {
            const next = await page({ filter, orderBy, first: size, after: first.pageInfo.endCursor });
            expect(next.nodes.map(({ id }) => id)).toEqual(ids.slice(size, 2 * size));
            const back = await page({ filter, orderBy, last: size, before: next.pageInfo.startCursor });
            expect(back.nodes.map(({ id }) => id)).toEqual(ids.slice(0, size));
            expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it('lead from one end to the other and back without repeating or hiding a line', async () => {
    const filter = { groupIds: [FEW] };
    const ids = expected(filter, 'ALLOCATED_AT', 'DESC');
    const walk = async (step: 'forth' | 'back'): Promise<string[]> => {
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const { nodes, pageInfo } = await page(
          step === 'forth' ? { filter, first: 7, after: cursor } : { filter, last: 7, before: cursor },
        );
        if (step === 'forth') seen.push(...nodes.map(({ id }) => id));
        else seen.unshift(...nodes.map(({ id }) => id));
        if (step === 'forth') cursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        else cursor = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
      }
      return seen;
    };
    expect(ids.length).toBeGreaterThan(14);
    expect(await walk('forth')).toEqual(ids);
    expect(await walk('back')).toEqual(ids);
  });

  it('find what is rare behind thousands of other lines', async () => {
    const oldest = lines.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0]!;
    const filter = { lotNumbers: [oldest.lotNumber, 'no such number'] };
    expect((await page({ filter })).nodes.map(({ id }) => id)).toEqual(
      expected(filter, 'ALLOCATED_AT', 'DESC').slice(0, 25),
    );
  });

  it.each<[object, string]>([
    [{ first: 1, last: 1 }, 'last'],
    [{ last: 101 }, 'last'],
    [{ last: 0 }, 'last'],
    [{ first: 5, before: 'x' }, 'before'],
    [{ before: 'x' }, 'before'],
    [{ last: 5, before: Buffer.from('["groups","x"]').toString('base64url') }, 'before'],
    [{ filter: { exposureTiers: [4] } }, 'filter.exposureTiers'],
    [{ filter: { planIds: ['x'] } }, 'filter.planIds.0'],
    [{ filter: { search: ' ' } }, 'filter.search'],
    [{ filter: { itemCodes: ['MASK', 'MASQUE'] } }, 'filter.itemCodes.1'],
  ])('%j is refused with the field it is wrong in', async (variables, field) => {
    const { extensions } = await coordinator.error(ASK, variables);
    expect([extensions.code, extensions.field]).toEqual(['BAD_USER_INPUT', field]);
  });

  it('are searched by donors for items alone, and hold their own lines', async () => {
    const donorId = lines.find(({ facility }) => facility.startsWith('武汉'))!.donor;
    const donor = await world.as('DONOR', donorId);
    const asked = async (search: string) => (await page({ filter: { search } }, donor)).totalCount;
    expect(await asked('协和')).toBe(0);
    expect(await asked('mask')).toBe(lines.filter((line) => line.donor === donorId && line.category === 'MASK').length);
    const auditor = await world.as('AUDITOR');
    expect((await page({ filter: { search: '协和' } }, auditor)).totalCount).toBeGreaterThan(0);
  });

  it('out of a site are those of the site', async () => {
    const { totalCount } = await page({ filter: { siteIds: [GARAGE] } });
    expect(totalCount).toBe(lines.filter(({ units }) => units === 3).length);
  });
});
