import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { breakdownOf, type BreakdownRow } from '../../src/engine/breakdown.js';
import type { Award, Note, Problem } from '../../src/engine/problem.js';
import { aDonation, aGroup, aPreview, asOwner, REGISTER, COMMIT } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const METRICS_BY = `query($id: ID!, $by: PlanDimension!, $first: Int, $after: String) { plan(id: $id) { metricsBy(dimension: $by, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } nodes { item { code } group { id } tier country people servedRecipients claimedUnits awardedUnits
    fillMin fillMean fillP10 gini jain } } } }`;
const NOTES = `query($id: ID!, $language: Language, $first: Int) { plan(id: $id) { notes(first: $first) { totalCount pageInfo { hasNextPage }
  nodes { code message(language: $language) item { code } recipient { id } figures { name value } } } } }`;

interface Shown {
  readonly item: { code: string };
  readonly group: { id: string } | null;
  readonly tier: number | null;
  readonly country: string | null;
  readonly people: number;
  readonly awardedUnits: number;
}
interface Page<T> {
  readonly totalCount: number;
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
  readonly nodes: T[];
}

describe('how fair a plan is', () => {
  let world: World;
  let coordinator: Client;
  let herself: Client;
  let people: string[];
  let groups: string[];
  let planId: string;

  const metricsBy = async (by: string, paging: object = {}, client = coordinator): Promise<Page<Shown>> =>
    (await client.ask<{ plan: { metricsBy: Page<Shown> } }>(METRICS_BY, { id: planId, by, first: 100, ...paging })).plan
      .metricsBy;
  const keep = (rows: readonly Partial<BreakdownRow>[]) =>
    asOwner(world, 'update plan set breakdown = $2 where id = $1', [planId, JSON.stringify(rows)]);

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const recipients = ['US', 'US', 'CN', 'CN', null].map((country, i) => ({
      name: `Clinician ${i}`,
      country,
      exposureTier: 1 + (i % 3),
    }));
    const registered = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
      input: { recipients },
    });
    people = registered.registerRecipients.recipients.map(({ id }) => id);
    groups = [await aGroup(coordinator, people.slice(0, 2)), await aGroup(coordinator, people.slice(1))];
    await aDonation(coordinator, { MASK: 12, GOGGLES: 3 });
    planId = (await aPreview(coordinator, { recipients: { groupIds: groups } })).id;
    herself = await world.as('RECIPIENT', people[0]);
  });
  afterAll(() => world.close());

  it('is told by group, tier and country as the engine computes it', async () => {
    const [{ problem }] = (await asOwner(world, 'select problem from plan where id = $1', [planId])) as [
      { problem: Problem },
    ];
    const rows = (await asOwner(
      world,
      `select recipient_id as recipient, code as item, why from award join item on item.id = item_id where plan_id = $1`,
      [planId],
    )) as Award[];
    const expected = breakdownOf(problem, { awards: rows, withoutAward: [] });
    for (const by of ['GROUP', 'TIER', 'COUNTRY'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      const { totalCount, nodes } = await metricsBy(by);
      const shown = expected.filter((row) => row.by === by);
      expect(totalCount).toBe(shown.length);
      expect(nodes).toEqual(
        shown.map((row) => ({
          item: { code: row.item },
          group: by === 'GROUP' && row.key !== null ? { id: row.key } : null,
          tier: by === 'TIER' && row.key !== null ? Number(row.key) : null,
          country: by === 'COUNTRY' ? row.key : null,
          people: row.people,
          servedRecipients: row.served,
          claimedUnits: row.claimed,
          awardedUnits: row.awarded,
          fillMin: row.fillMin,
          fillMean: row.fillMean,
          fillP10: row.fillP10,
          gini: row.gini,
          jain: row.jain,
        })),
      );
    }
    const masks = (await metricsBy('TIER')).nodes.filter(({ item }) => item.code === 'MASK');
    expect(masks.reduce((sum, row) => sum + row.awardedUnits, 0)).toBe(12);
    expect(masks.reduce((sum, row) => sum + row.people, 0)).toBe(5);
  });

  it('has no notes where there is nothing to note', async () => {
    const { plan } = await coordinator.ask<{ plan: { notes: Page<object> } }>(NOTES, { id: planId });
    expect(plan.notes).toEqual({ totalCount: 0, pageInfo: { hasNextPage: false }, nodes: [] });
  });

  describe('kept with the plan', () => {
    const row = { people: 6, served: 5, claimed: 9, awarded: 7, fillMin: 0, fillMean: 0.5, fillP10: 0, gini: 0.25 };
    const rowOf = (item: string, by: string, key: string | null, count = 6) =>
      ({ ...row, item, by, key, people: count, jain: 0.75 }) as BreakdownRow;

    it('is paged in the order of the plan, one dimension at a time', async () => {
      await keep([
        rowOf('MASK', 'GROUP', groups[0]!),
        rowOf('MASK', 'GROUP', groups[1]!),
        rowOf('MASK', 'GROUP', null),
        rowOf('MASK', 'TIER', '1'),
        rowOf('GOGGLES', 'GROUP', groups[1]!),
        rowOf('GOGGLES', 'COUNTRY', 'US'),
      ]);
      const first = await metricsBy('GROUP', { first: 3 });
      expect(first.nodes.map(({ item, group }) => [item.code, group?.id])).toEqual([
        ['MASK', groups[0]],
        ['MASK', groups[1]],
        ['MASK', undefined],
      ]);
      expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
      const second = await metricsBy('GROUP', { first: 3, after: first.pageInfo.endCursor });
      expect(second.nodes.map(({ item, group }) => [item.code, group?.id])).toEqual([['GOGGLES', groups[1]]]);
      expect(second.pageInfo.hasNextPage).toBe(false);
      expect((await metricsBy('TIER')).nodes).toMatchObject([{ tier: 1, country: null, group: null }]);
      expect((await metricsBy('COUNTRY')).nodes).toMatchObject([{ country: 'US', claimedUnits: 9, fillP10: 0 }]);
    });

    it('shows a recipient no metrics of what fewer than five people get', async () => {
      await coordinator.ask(COMMIT, { input: { planId } });
      const query = `query($id: ID!) { plan(id: $id) { metrics { item { code } servedRecipients } } }`;
      type Metrics = { plan: { metrics: { servedRecipients: number }[] } };
      const all = (await coordinator.ask<Metrics>(query, { id: planId })).plan.metrics;
      const hers = (await herself.ask<Metrics>(query, { id: planId })).plan.metrics;
      expect(hers).toEqual(all.filter(({ servedRecipients }) => servedRecipients >= 5));
      const servedByFirst = async (served: number) => {
        await asOwner(world, `update plan set metrics = jsonb_set(metrics, '{0,served}', $2::jsonb) where id = $1`, [
          planId,
          String(served),
        ]);
        const { metrics } = (await herself.ask<Metrics>(query, { id: planId })).plan;
        return metrics.some(({ servedRecipients }) => servedRecipients === served);
      };
      expect(await servedByFirst(4)).toBe(false);
      expect(await servedByFirst(5)).toBe(true);
    });

    it('refuses the cursor of another dimension', async () => {
      const { pageInfo } = await metricsBy('GROUP', { first: 1 });
      const error = await coordinator.error(METRICS_BY, { id: planId, by: 'TIER', after: pageInfo.endCursor });
      expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    });

    it('shows a recipient no sum that would name somebody, not even as a difference', async () => {
      await coordinator.ask(COMMIT, { input: { planId } });
      await keep([
        rowOf('MASK', 'TIER', '1', 5),
        rowOf('MASK', 'TIER', '2', 7),
        rowOf('GOGGLES', 'TIER', '1', 4),
        rowOf('GOGGLES', 'TIER', '2', 90),
      ]);
      expect((await metricsBy('TIER', {}, herself)).nodes.map(({ item, tier }) => [item.code, tier])).toEqual([
        ['MASK', 1],
        ['MASK', 2],
      ]);
      expect((await metricsBy('TIER', {}, herself)).totalCount).toBe(2);
      expect((await metricsBy('TIER')).totalCount).toBe(4);
      const error = await herself.error(METRICS_BY, { id: planId, by: 'GROUP' });
      expect(error.extensions).toMatchObject({ code: 'FORBIDDEN' });
      expect((await metricsBy('GROUP', {}, await world.as('AUDITOR'))).totalCount).toBe(0);
    });

    it('is not invented for plans made before it was kept', async () => {
      await asOwner(world, 'update plan set breakdown = null, notes = null where id = $1', [planId]);
      expect((await metricsBy('TIER')).totalCount).toBe(0);
      const { plan } = await coordinator.ask<{ plan: { notes: Page<object> } }>(NOTES, { id: planId });
      expect(plan.notes.totalCount).toBe(0);
    });

    it('tells notes in two languages to those who may read the whole chain, and to nobody else', async () => {
      const notes: Note[] = [
        { code: 'GUARANTEES_NOT_COVERED', item: 'MASK', guaranteed: 20, estate: 12 },
        { code: 'CLAIM_FAR_ABOVE_MEDIAN', recipient: people[2]!, item: 'GOGGLES', claim: 5000, median: 2.5 },
        { code: 'OF_TOMORROW', least: 3 } as unknown as Note,
      ];
      await asOwner(world, 'update plan set notes = $2 where id = $1', [planId, JSON.stringify(notes)]);
      const read = async (client: Client, variables: object = {}) =>
        (await client.ask<{ plan: { notes: Page<object> } }>(NOTES, { id: planId, ...variables })).plan.notes;
      expect((await read(coordinator)).nodes).toEqual([
        {
          code: 'GUARANTEES_NOT_COVERED',
          message:
            'The guarantees come to 20, and not all of them can be met of the 12 masks there are: they are given in turn.',
          item: { code: 'MASK' },
          recipient: null,
          figures: [
            { name: 'estate', value: 12 },
            { name: 'guaranteed', value: 20 },
          ],
        },
        {
          code: 'CLAIM_FAR_ABOVE_MEDIAN',
          message:
            'A claim of 5,000 goggles is more than 100 times the median of 2.5. It is honoured all the same: please check it.',
          item: { code: 'GOGGLES' },
          recipient: { id: people[2] },
          figures: expect.arrayContaining([
            { name: 'claim', value: 5000 },
            { name: 'median', value: 2.5 },
          ]) as unknown,
        },
        {
          code: 'OF_TOMORROW',
          message: 'Of tomorrow.',
          item: null,
          recipient: null,
          figures: [{ name: 'least', value: 3 }],
        },
      ]);
      expect(await read(await world.as('AUDITOR'), { language: 'ZH_HANS', first: 1 })).toMatchObject({
        totalCount: 3,
        pageInfo: { hasNextPage: true },
        nodes: [{ message: '保证数量共计20只，现有的12只口罩无法全部满足，因此依次发放。' }],
      });
      await coordinator.ask(COMMIT, { input: { planId } });
      expect(await read(herself)).toEqual({ totalCount: 0, pageInfo: { hasNextPage: false }, nodes: [] });
    });
  });
});
