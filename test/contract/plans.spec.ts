import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { DistributionFilter } from '../../src/history/distribution.rules.js';
import { PageRepository } from '../../src/history/page.repository.js';
import { asOwner } from '../support/builders.js';
import { connect } from '../support/database.js';
import { fill, FEW, GARAGE, MANY } from '../support/many.js';
import { openWorld, type World } from '../support/world.js';

/** So many that a planner who may choose does not read them all. */
const ENTRIES = 60_000;
const EVERYTHING = new Set(['lot', 'donor', 'shipment', 'recipient', 'item', 'plan', 'site', 'name', 'reference']);
const READING = {
  relations: ['item', 'lot', 'donor', 'shipment', 'recipient', 'plan', 'site'],
  names: EVERYTHING,
  nested: false,
} as const;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: PlanNode[];
}

/** Tables that a plan reads from the first row to the last. */
function scanned(node: PlanNode): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name']!] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scanned)];
}

describe('the plan of a page of history', () => {
  let world: World;
  let owner: pg.Client;
  let some: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    world = await openWorld();
    await fill(world, ENTRIES);
    owner = await connect(world.databaseUrl);
    [some] = (await asOwner(
      world,
      `select t.donor_id as donor, t.recipient_id as recipient, t.shipment_id as shipment, t.plan_id as plan, t.lot_id as lot, l.lot_number as number
       from distribution t join lot l on l.id = t.lot_id order by t.allocated_at, t.id limit 1`,
    )) as [Record<string, unknown>];
  });
  afterAll(async () => {
    await owner.end();
    await world.close();
  });

  /** Plans as they are for these values, and as a connection keeps them for any. */
  const plansOf = async (
    filter: DistributionFilter,
    field: 'ALLOCATED_AT' | 'UNITS',
    after: [string | number, string] | null,
  ): Promise<string[]> => {
    let statement: { sql: string; parameters: readonly unknown[]; name: string | undefined } | undefined;
    const reader = {
      rows: async <T>(sql: string, parameters: readonly unknown[] = [], name?: string): Promise<T[]> => {
        statement = { sql, parameters, name };
        return [{ lines: null, known: 9 }] as T[];
      },
    };
    await new PageRepository().page(reader, {
      filter,
      order: { field, direction: 'DESC' },
      page: { limit: 50, after },
      reading: READING,
    });
    const { sql, parameters, name } = statement!;
    const explain = async (text: string, values: readonly unknown[]) => {
      const { rows } = await owner.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (format json) ${text}`, [
        ...values,
      ]);
      return scanned(rows[0]!['QUERY PLAN'][0].Plan);
    };
    const custom = await explain(sql, parameters);
    if (name === undefined) return custom;
    await owner.query(`set plan_cache_mode = force_generic_plan`);
    try {
      await owner.query(`prepare asked as ${sql}`);
      const literals = parameters.map((value) =>
        Array.isArray(value)
          ? owner.escapeLiteral(`{${value.map((v) => JSON.stringify(v)).join(',')}}`)
          : owner.escapeLiteral(String(value)),
      );
      return [
        ...custom,
        ...(await explain(`execute asked${literals.length > 0 ? `(${literals.join(', ')})` : ''}`, [])),
      ];
    } finally {
      await owner.query('deallocate all');
      await owner.query('reset plan_cache_mode');
    }
  };

  const oneOf = (): [string, DistributionFilter][] => [
    ['nothing', {}],
    ['a donor', { donorIds: [String(some['donor'])] }],
    ['a recipient', { recipientIds: [String(some['recipient'])] }],
    ['a shipment', { shipmentIds: [String(some['shipment'])] }],
    ['a plan', { planIds: [String(some['plan'])] }],
    ['a lot', { lotIds: [String(some['lot'])] }],
    ["a maker's number", { lotNumbers: [String(some['number'])] }],
    ['an item', { itemCodes: ['GOGGLES'] }],
    ['several items', { itemCodes: ['GOGGLES', 'MASK'] }],
    ['a category', { categories: ['GOGGLES'] }],
    ['a country', { countries: ['IT'] }],
    ['several countries', { countries: ['IT', 'CN', 'DE'] }],
    ["a donor's country", { donorCountries: ['DE'] }],
    ['a tier', { exposureTiers: [1] }],
    ['a state', { statuses: ['LOST'] }],
    ['a site', { siteIds: [GARAGE] }],
    ['a small group', { groupIds: [FEW] }],
    ['a large group', { groupIds: [MANY] }],
    ['a search', { search: 'mercy' }],
    ['days', { allocatedOn: { from: '2020-03-01', to: '2020-03-02' }, timeZone: 'Asia/Shanghai' }],
  ];

  it('by any one dimension reads an index of the lines, never all of them', async () => {
    const after: [string, string] = ['2020-03-02T00:00:00.000Z', '01900000-0000-7000-8000-000000000000'];
    for (const [name, filter] of oneOf())
      for (const cursor of [null, after])
        expect([name, cursor, await plansOf(filter, 'ALLOCATED_AT', cursor)]).toEqual([
          name,
          cursor,
          expect.not.arrayContaining(['distribution']),
        ]);
  });

  it('by size, of all lines, reads the index of sizes', async () => {
    for (const cursor of [null, [3, '01900000-0000-7000-8000-000000000000'] as [number, string]])
      expect(await plansOf({}, 'UNITS', cursor)).not.toContain('distribution');
  });

  it('would read all of them without the index', async () => {
    await owner.query('begin');
    try {
      await owner.query('drop index distribution_of_donor');
      await owner.query('drop index distribution_allocated_at');
      expect(await plansOf({ donorIds: [String(some['donor'])] }, 'ALLOCATED_AT', null)).toContain('distribution');
    } finally {
      await owner.query('rollback');
    }
  });
});
