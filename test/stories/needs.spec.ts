import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { needStatus } from '../../src/recipients/need.rules.js';
import {
  aGroup,
  aNeed,
  asOwner,
  clinicians,
  dayFromNow,
  faultOfInput,
  NEED,
  type NeedView,
  rowCounts,
  STATE_NEED,
  thrice,
  WITHDRAW_NEED,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NEEDS = `query($recipientIds: [ID!], $itemCodes: [String!], $categories: [ItemCategory!], $statuses: [NeedStatus!], $first: Int, $after: String) {
  needs(recipientIds: $recipientIds, itemCodes: $itemCodes, categories: $categories, statuses: $statuses, first: $first, after: $after) {
    totalCount nodes { ${NEED} } pageInfo { hasNextPage endCursor } } }`;
const DAYS = { neededBy: dayFromNow(7), validUntil: dayFromNow(30) };
const NOWHERE = '01900000-0000-7000-8000-00000000dead';

interface NeedsOf {
  id: string;
  needs: { totalCount: number; nodes: { units: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

describe('what clinicians need', () => {
  let world: World;
  let coordinator: Client;
  let anna: string;
  let berta: string;
  let herself: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    [anna, berta] = (await clinicians(coordinator, 2)) as [string, string];
    herself = await world.as('RECIPIENT', anna);
  });
  afterAll(() => world.close());

  const state = async (client: Client, input: object) =>
    (await client.ask<{ stateNeed: NeedView & Record<string, unknown> }>(STATE_NEED, { input: { ...DAYS, ...input } }))
      .stateNeed;
  const withdraw = async (client: Client, input: object) =>
    (await client.ask<{ withdrawNeed: object }>(WITHDRAW_NEED, { input: { reason: 'NO_NEED', ...input } }))
      .withdrawNeed;
  const list = async (client: Client, variables: object = {}) =>
    (
      await client.ask<{
        needs: { totalCount: number; nodes: NeedView[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }>(NEEDS, variables)
    ).needs;
  const idsOf = (needs: readonly { id: string }[]) => needs.map(({ id }) => id);

  it('a page of people with their needs takes as many statements as one of them', async () => {
    const [few, many] = [await aGroup(coordinator), await aGroup(coordinator)];
    const people = [...(await clinicians(coordinator, 1, [few])), ...(await clinicians(coordinator, 6, [many]))];
    for (const id of people) for (const units of [1, 2, 3]) await aNeed(coordinator, id, { itemCode: 'GOWN', units });
    const readingOf = async (group: string): Promise<[number, NeedsOf[]]> => {
      let statements = 0;
      const usual = world.dataSource.logger;
      const logQuery = () => {
        statements++;
      };
      const logger = Object.assign(Object.create(usual) as typeof usual, { logQuery });
      world.dataSource.setOptions({ logger, logging: ['query'] });
      const { recipients } = await coordinator.ask<{ recipients: { nodes: NeedsOf[] } }>(
        `query($group: ID!) { recipients(groupIds: [$group]) { nodes { id needs(first: 2) { totalCount nodes { units } pageInfo { hasNextPage endCursor } } } } }`,
        { group },
      );
      world.dataSource.setOptions({ logger: usual, logging: false });
      return [statements, recipients.nodes];
    };
    const [one] = await readingOf(few);
    const [all, found] = await readingOf(many);
    expect(all).toBe(one);
    expect(found).toHaveLength(6);
    for (const { needs } of found) {
      expect(needs).toMatchObject({
        totalCount: 3,
        nodes: [{ units: 3 }, { units: 2 }],
        pageInfo: { hasNextPage: true },
      });
    }
    const after = found[0]!.needs.pageInfo.endCursor;
    const next = `{ recipient(id: "${found[0]!.id}") { id needs(first: 2, after: "${after}") { nodes { units } pageInfo { hasNextPage } } } }`;
    expect((await coordinator.ask<{ recipient: NeedsOf }>(next)).recipient.needs).toEqual({
      nodes: [{ units: 1 }],
      pageInfo: { hasNextPage: false },
    });
  });

  it('a clinician states her own need, and reads it back', async () => {
    const need = await state(herself, { itemCode: 'n95', units: 50, supplyState: 'CRISIS' });
    expect(need).toEqual({
      id: expect.any(String),
      recipient: { id: anna },
      item: { code: 'N95' },
      category: null,
      units: 50,
      metUnits: 0,
      openUnits: 50,
      unitsPerDay: null,
      onHandUnits: null,
      horizonDays: null,
      ...DAYS,
      supplyState: 'CRISIS',
      status: 'OPEN',
      statedAt: expect.any(String),
      closedAt: null,
      closureReason: null,
    });
    const { need: read } = await herself.ask<{ need: object }>(`query($id: ID!) { need(id: $id) { ${NEED} } }`, need);
    expect(read).toEqual(need);
    expect((await thrice(herself, NEEDS, {})).data).toMatchObject({ needs: { nodes: [need] } });
  });

  it('a need follows from what is used up and what is there', async () => {
    const use = { unitsPerDay: 4, onHandUnits: 6, horizonDays: 14 };
    expect(await state(coordinator, { recipientId: anna, category: 'GLOVES', ...use })).toMatchObject({
      units: 50,
      openUnits: 50,
      category: 'GLOVES',
      item: null,
      ...use,
    });
    const before = await rowCounts(world);
    const enough = { ...use, onHandUnits: 56 };
    expect(await state(coordinator, { recipientId: anna, itemCode: 'GOWN', ...enough })).toMatchObject({
      __typename: 'NothingNeededError',
      code: 'NOTHING_NEEDED',
      usedUnits: 56,
      heldUnits: 56,
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('the largest need is a hundred million units, stated or derived', async () => {
    const most = { recipientId: berta, itemCode: 'MASK' };
    expect(await state(coordinator, { ...most, units: 100_000_000 })).toMatchObject({ units: 100_000_000 });
    const use = { unitsPerDay: 50_000_000, onHandUnits: 0, horizonDays: 2 };
    expect(await state(coordinator, { ...most, ...use })).toMatchObject({ units: 100_000_000 });
    const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field });
    const fault = (change: object) => faultOfInput(coordinator, 'stateNeed', { ...DAYS, ...most, ...change });
    expect(await fault({ units: 100_000_001 })).toEqual(bad('input.units'));
    expect(await fault({ units: 0 })).toEqual(bad('input.units'));
    expect(await fault({ units: 1.5 })).toEqual(bad('input.units'));
    expect(await fault({ ...use, unitsPerDay: 50_000_001 })).toEqual(bad('input.unitsPerDay'));
    expect(await fault({ ...use, horizonDays: 367 })).toEqual(bad('input.horizonDays'));
    expect(await fault({ ...use, onHandUnits: -1 })).toEqual(bad('input.onHandUnits'));
  });

  it('a need that says too little, too much or nonsense is refused by its field', async () => {
    const before = await rowCounts(world);
    const good = { recipientId: anna, itemCode: 'MASK', units: 5, ...DAYS };
    const { itemCode: _item, ...nothing } = good;
    const { units: _units, ...unsized } = good;
    const { recipientId: _whose, ...nobodys } = good;
    const faults: [object, string, string?][] = [
      [nothing, 'input.itemCode'],
      [{ ...good, category: 'MASK' }, 'input.itemCode'],
      [{ ...good, itemCode: ' ' }, 'input.itemCode'],
      [unsized, 'input.units'],
      [{ ...good, unitsPerDay: 3 }, 'input.units'],
      [{ ...unsized, unitsPerDay: 3, onHandUnits: 2 }, 'input.horizonDays'],
      [{ ...unsized, unitsPerDay: 3, horizonDays: 2 }, 'input.onHandUnits'],
      [nobodys, 'input.recipientId'],
      [{ ...good, recipientId: 'anna' }, 'input.recipientId'],
      [{ ...good, recipientId: NOWHERE }, 'input.recipientId', 'NOT_FOUND'],
      [{ ...good, validUntil: dayFromNow(6) }, 'input.validUntil'],
      [{ ...good, neededBy: dayFromNow(-9), validUntil: dayFromNow(-1) }, 'input.validUntil'],
      [{ ...good, validUntil: '2021-02-29' }, 'input.validUntil'],
      [{ ...good, supplyState: 'DIRE' }, 'input.supplyState'],
    ];
    for (const [input, field, code = 'BAD_USER_INPUT'] of faults)
      expect([input, await faultOfInput(coordinator, 'stateNeed', input)]).toEqual([input, { code, field }]);
    expect(await state(coordinator, { ...good, itemCode: 'N59' })).toMatchObject({
      __typename: 'UnknownItemError',
      itemCode: 'N59',
      didYouMean: expect.arrayContaining(['N95']),
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('who has left can ask for nothing, who pauses can', async () => {
    const [left, paused] = await clinicians(coordinator, 2);
    await asOwner(
      world,
      `update recipient set status = case id when $1 then 'DEACTIVATED' else 'PAUSED' end where id in ($1, $2)`,
      [left, paused],
    );
    expect(await state(coordinator, { recipientId: left, itemCode: 'MASK', units: 5 })).toMatchObject({
      __typename: 'RecipientDeactivatedError',
      code: 'RECIPIENT_DEACTIVATED',
      recipientId: left,
    });
    expect(await state(coordinator, { recipientId: paused, itemCode: 'MASK', units: 5 })).toMatchObject({
      status: 'OPEN',
    });
  });

  it('a repeated call with the same key is one need, and another body is refused', async () => {
    const input = { itemCode: 'GOWN', units: 7, idempotencyKey: 'my-need' };
    const first = await state(herself, input);
    const before = await rowCounts(world);
    expect(await state(herself, input)).toEqual(first);
    expect((await herself.error(STATE_NEED, { input: { ...DAYS, ...input, units: 8 } })).extensions).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('a need is withdrawn once, for a reason', async () => {
    const { id } = await aNeed(coordinator, anna);
    expect(await withdraw(herself, { needId: id, reason: 'DUPLICATE' })).toMatchObject({
      id,
      status: 'WITHDRAWN',
      openUnits: 0,
      closureReason: 'DUPLICATE',
      closedAt: expect.any(String),
    });
    const before = await rowCounts(world);
    for (let again = 0; again < 3; again++)
      expect(await withdraw(coordinator, { needId: id })).toMatchObject({
        __typename: 'NeedTransitionError',
        code: 'NEED_TRANSITION',
        status: 'WITHDRAWN',
      });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('a need that expired cannot be withdrawn', async () => {
    const { id } = await aNeed(coordinator, anna);
    await asOwner(world, `update need set needed_by = current_date - 9, valid_until = current_date - 1 where id = $1`, [
      id,
    ]);
    expect(await withdraw(herself, { needId: id })).toMatchObject({ status: 'EXPIRED' });
  });

  it('the list says of each need what the rule says, and filters by it', async () => {
    const [carla] = await clinicians(coordinator, 1);
    await Promise.all(Array.from({ length: 24 }, (_, i) => aNeed(coordinator, carla!, { units: 1 + (i % 5) })));
    // Every mixture of met, withdrawn and expired, as time and plans would make them.
    await asOwner(
      world,
      `update need n set met_units = least(units, k % 4), met_at = case when least(units, k % 4) = units then now() end,
         withdrawn_at = case when k % 5 = 0 then now() end, closure_reason = case when k % 5 = 0 then 'OTHER' end,
         valid_until = current_date + (k % 3) - 1, needed_by = current_date - 1
       from (select id, row_number() over (order by id)::int as k from need where recipient_id = $1) as x where x.id = n.id`,
      [carla],
    );
    const rows = (await asOwner(
      world,
      `select id, units, met_units as "metUnits", valid_until::text as "validUntil", withdrawn_at as "withdrawnAt" from need where recipient_id = $1 order by id desc`,
      [carla],
    )) as (Parameters<typeof needStatus>[0] & { id: string })[];
    const all = await list(coordinator, { recipientIds: [carla], first: 100 });
    const today = dayFromNow(0);
    expect(all.nodes.map(({ id, status }) => [id, status])).toEqual(
      rows.map((row) => [row.id, needStatus(row, today)]),
    );
    const statuses = ['OPEN', 'PARTLY_MET', 'MET', 'WITHDRAWN', 'EXPIRED'];
    for (const status of statuses) {
      const some = await list(coordinator, { recipientIds: [carla], statuses: [status], first: 100 });
      expect([status, idsOf(some.nodes)]).toEqual([status, idsOf(all.nodes.filter((need) => need.status === status))]);
      expect(some.nodes.length).toBeGreaterThan(0);
      expect(some.totalCount).toBe(some.nodes.length);
    }
    const open = await list(coordinator, { recipientIds: [carla], statuses: ['OPEN', 'PARTLY_MET'], first: 100 });
    expect(open.nodes.every(({ openUnits, units, metUnits }) => openUnits === units - metUnits)).toBe(true);
    const paged: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await list(coordinator, { recipientIds: [carla], statuses, first: 7, after });
      paged.push(...idsOf(page.nodes));
      ({ hasNextPage: more, endCursor: after } = page.pageInfo);
    }
    expect(paged).toEqual(idsOf(all.nodes));
  });

  it('the list is filtered by item and by category, and each names only its own', async () => {
    const [dora] = await clinicians(coordinator, 1);
    const ofItem = await aNeed(coordinator, dora!, { itemCode: 'N95' });
    const ofCategory = await aNeed(coordinator, dora!, { category: 'MASK' });
    const of = async (filter: object) => idsOf((await list(coordinator, { recipientIds: [dora], ...filter })).nodes);
    expect(await of({ itemCodes: ['n95', 'GOWN'] })).toEqual([ofItem.id]);
    expect(await of({ categories: ['MASK'] })).toEqual([ofCategory.id]);
    expect(await of({ itemCodes: ['N95'], categories: ['MASK'] })).toEqual([]);
    expect(await of({ itemCodes: [] })).toEqual([]);
    expect((await coordinator.error(NEEDS, { itemCodes: ['N95', 'N59'] })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'itemCodes.1',
    });
  });

  describe('is', () => {
    let bertas: NeedView;
    beforeAll(async () => {
      bertas = await aNeed(coordinator, berta);
    });
    const see = (client: Client, id: string) =>
      client.ask<{ need: object | null }>('query($id: ID!) { need(id: $id) { id recipient { name } } }', { id });
    const codeOf = async (client: Client, query: string, variables: object) =>
      (await client.error(query, variables)).extensions.code;
    const good = { itemCode: 'MASK', units: 5, ...DAYS };

    it('for coordinators to state, see and withdraw; for auditors to see, without names', async () => {
      const auditor = await world.as('AUDITOR');
      expect(await see(auditor, bertas.id)).toEqual({
        need: { id: bertas.id, recipient: { name: `Clinician ${berta.slice(-6).toUpperCase()}` } },
      });
      expect(idsOf((await list(auditor, { recipientIds: [berta] })).nodes)).toContain(bertas.id);
      expect(await codeOf(auditor, STATE_NEED, { input: { ...good, recipientId: berta } })).toBe('FORBIDDEN');
      expect(await codeOf(auditor, WITHDRAW_NEED, { input: { needId: bertas.id, reason: 'TEST' } })).toBe('FORBIDDEN');
    });

    it('not for another clinician: not to see, not to state, not to withdraw', async () => {
      const before = await rowCounts(world);
      expect(await see(herself, bertas.id)).toEqual({ need: null });
      expect((await list(herself, { recipientIds: [berta] })).totalCount).toBe(0);
      expect((await list(herself)).nodes.every((need) => 'recipient' in need)).toBe(true);
      expect(await codeOf(herself, STATE_NEED, { input: { ...good, recipientId: berta } })).toBe('FORBIDDEN');
      const fault = (await herself.error(WITHDRAW_NEED, { input: { needId: bertas.id, reason: 'TEST' } })).extensions;
      expect(fault).toMatchObject({ code: 'NOT_FOUND', field: 'input.needId' });
      const unknown = (await herself.error(WITHDRAW_NEED, { input: { needId: NOWHERE, reason: 'TEST' } })).extensions;
      expect(unknown).toEqual(fault);
      expect(await rowCounts(world)).toEqual(before);
    });

    it('not for donors, and for nobody whose token speaks for nobody', async () => {
      const donor = await world.as('DONOR');
      expect(await codeOf(donor, NEEDS, {})).toBe('FORBIDDEN');
      expect(await codeOf(donor, 'query($id: ID!) { need(id: $id) { id } }', bertas)).toBe('FORBIDDEN');
      expect(await codeOf(donor, STATE_NEED, { input: { ...good, recipientId: berta } })).toBe('FORBIDDEN');
      const nobody = await world.as('RECIPIENT');
      expect((await list(nobody)).totalCount).toBe(0);
      expect(await see(nobody, bertas.id)).toEqual({ need: null });
      expect(await codeOf(nobody, STATE_NEED, { input: { ...good, recipientId: berta } })).toBe('FORBIDDEN');
      expect(await codeOf(nobody, STATE_NEED, { input: good })).toBe('FORBIDDEN');
    });

    it('told with its recipient, as far as her needs are yours to see', async () => {
      const query = 'query($id: ID!) { recipient(id: $id) { needs(first: 100) { nodes { recipient { id } } } } }';
      const hers = await herself.ask<{ recipient: { needs: { nodes: object[] } } }>(query, { id: anna });
      expect(hers.recipient.needs.nodes.length).toBeGreaterThan(3);
      expect(new Set(hers.recipient.needs.nodes.map((node) => JSON.stringify(node))).size).toBe(1);
      expect(await coordinator.ask(query, { id: anna })).toEqual(hers);
    });
  });
});
