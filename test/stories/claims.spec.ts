import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aNeed,
  aPreview,
  asOwner,
  CANCEL,
  clinicians,
  COMMIT,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
  NEED,
  type NeedView,
  PREVIEW,
  REGISTER,
  rowCounts,
  WITHDRAW_NEED,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const rule = 'CONSTRAINED_EQUAL_AWARDS';

describe('needs and splits', () => {
  let world: World;
  let coordinator: Client;
  let anna: string;
  let berta: string;
  let carla: string;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    [anna, berta, carla] = (await clinicians(coordinator, 3)) as [string, string, string];
  });

  /** A choice of a gift of its own, among the three or those named. */
  async function aChoice(units: Record<string, number>, who = [anna, berta, carla]) {
    const gift = await aDonation(coordinator, units);
    return { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: who } };
  }
  const preview = async (input: object) =>
    (await coordinator.ask<{ previewAllocation: object }>(PREVIEW, { input })).previewAllocation;
  const commit = async (planId: string) =>
    (await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId } })).commitAllocation;
  const need = async (id: string) =>
    (await coordinator.ask<{ need: NeedView }>(`query($id: ID!) { need(id: $id) { ${NEED} } }`, { id })).need;
  const stands = async ({ id }: { id: string }) => {
    const { status, metUnits, openUnits } = await need(id);
    return [status, metUnits, openUnits];
  };
  const problem = async (planId: string) => {
    const [row] = (await asOwner(world, 'select problem, claims from plan where id = $1', [planId])) as {
      problem: { recipients: Record<string, unknown>[] };
      claims: string;
    }[];
    return { claims: row!.claims, recipients: new Map(row!.problem.recipients.map((one) => [one['id'], one])) };
  };
  const got = (plan: { awards: { nodes: { recipient: { id: string }; units: number }[] } }) =>
    Object.fromEntries(plan.awards.nodes.map(({ recipient, units }) => [recipient.id, units]));
  const step = (name: string, deliveryId: string) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation($input: ${type}!) { ${name}(input: $input) { ... on Delivery { status } ... on UserError { code } } }`;
    return coordinator.ask<Record<string, object>>(query, { input: { deliveryId } });
  };

  describe('a preview by need', () => {
    it('gives to those who asked, no more than they asked for', async () => {
      await aNeed(coordinator, anna, { itemCode: 'N95', units: 25 });
      await aNeed(coordinator, anna, { itemCode: 'N95', unitsPerDay: 1, onHandUnits: 2, horizonDays: 7 });
      await aNeed(coordinator, berta, { itemCode: 'N95', units: 8 });
      await aNeed(coordinator, carla, { itemCode: 'GOGGLES', units: 8 });
      const choice = await aChoice({ N95: 60, GOWN: 4 });
      const plan = await aPreview(coordinator, { ...choice, policy: { rule, claims: 'NEED' } });
      expect(got(plan)).toEqual({ [anna]: 30, [berta]: 8 });
      const { claims, recipients } = await problem(plan.id);
      expect(claims).toBe('NEED');
      expect(recipients.get(anna)).toEqual({ id: anna, country: 'US', tier: 3, claims: { N95: 30 } });
      expect(recipients.get(carla)).toEqual({ id: carla, country: 'US', tier: 3, claims: {} });
      expect(await coordinator.ask('query($id: ID!) { plan(id: $id) { claims } }', plan)).toEqual({
        plan: { claims: 'NEED' },
      });
      const used = await aPreview(coordinator, { ...choice, policy: { rule, claims: 'BURN_RATE' } });
      expect(got(used)).toEqual({ [anna]: 5 });
    });

    it('by the Talmud is the one of the Talmud: 100, 200 and 300 claimed, 200 there', async () => {
      for (const [i, who] of [anna, berta, carla].entries())
        await aNeed(coordinator, who, { itemCode: 'GOWN', units: 100 * (i + 1) });
      const policy = { rule: 'TALMUD', claims: 'NEED' };
      const plan = await aPreview(coordinator, { ...(await aChoice({ GOWN: 200 })), policy });
      expect(got(plan)).toEqual({ [anna]: 50, [berta]: 75, [carla]: 75 });
    });

    it('of a category: any of it that was chosen, and the one where only one was', async () => {
      await aNeed(coordinator, anna, { category: 'MASK', units: 30 });
      await aNeed(coordinator, anna, { itemCode: 'KN95', units: 5 });
      await aNeed(coordinator, berta, { itemCode: 'N95', units: 8 });
      const policy = { rule, claims: 'NEED' };
      const both = await aPreview(coordinator, { ...(await aChoice({ N95: 60, KN95: 60, GOWN: 5 })), policy });
      const { recipients } = await problem(both.id);
      expect(recipients.get(anna)).toMatchObject({
        claims: { KN95: 5 },
        anyOf: [{ items: ['KN95', 'N95'], units: 30 }],
      });
      expect(recipients.get(berta)).not.toHaveProperty('anyOf');
      const annas = both.awards.nodes.filter(({ recipient }) => recipient.id === anna);
      expect(annas.reduce((sum, { units }) => sum + units, 0)).toBe(35);
      const one = await aPreview(coordinator, { ...(await aChoice({ KN95: 60 })), policy });
      expect(got(one)).toEqual({ [anna]: 35 });
    });

    it('of nobody who needs anything of it is refused, and says so', async () => {
      const choice = await aChoice({ N95: 60 });
      await aNeed(coordinator, anna, { itemCode: 'GOWN' });
      const gone = await aNeed(coordinator, anna, { itemCode: 'N95' });
      await coordinator.ask(WITHDRAW_NEED, { input: { needId: gone.id, reason: 'NO_NEED' } });
      const old = await aNeed(coordinator, berta, { itemCode: 'N95' });
      await asOwner(
        world,
        'update need set needed_by = current_date - 1, valid_until = current_date - 1 where id = $1',
        [old.id],
      );
      const before = await rowCounts(world);
      const refusal = { __typename: 'NobodyEligibleError', code: 'NOBODY_ELIGIBLE' };
      expect(await preview({ ...choice, policy: { rule, claims: 'NEED' } })).toEqual({
        ...refusal,
        message: expect.stringMatching(/^None of the chosen recipients has an open need for/),
      });
      expect(await preview({ ...choice, policy: { rule, claims: 'BURN_RATE' } })).toEqual({
        ...refusal,
        message: expect.stringContaining('that follows from use'),
      });
      expect(await rowCounts(world)).toEqual(before);
    });
  });

  it('a preview by headcount gives to everybody by how many they collect for', async () => {
    const { registerRecipients } = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(
      REGISTER,
      { input: { recipients: [{ name: 'Of a ward', headcount: 3 }] } },
    );
    const [ward] = registerRecipients.recipients.map(({ id }) => id);
    const choice = await aChoice({ GOWN: 40 }, [ward!, anna]);
    const plan = await aPreview(coordinator, { ...choice, policy: { rule, claims: 'HEADCOUNT' } });
    expect(got(plan)).toEqual({ [ward!]: 30, [anna]: 10 });
    expect(await commit(plan.id)).toMatchObject({ status: 'COMMITTED' });
  });

  describe('what a plan gives', () => {
    it('counts towards needs whatever it was made by: the item first, then the category, the earliest first', async () => {
      const later = await aNeed(coordinator, anna, { itemCode: 'N95', units: 6, neededBy: '2026-01-02' });
      const sooner = await aNeed(coordinator, anna, { itemCode: 'N95', units: 5, neededBy: '2026-01-01' });
      const any = await aNeed(coordinator, anna, { category: 'MASK', units: 9, neededBy: '2025-01-01' });
      const other = await aNeed(coordinator, anna, { itemCode: 'GOWN', units: 9 });
      const bertas = await aNeed(coordinator, berta, { itemCode: 'N95', units: 50 });
      await aCommittedPlan(coordinator, await aChoice({ N95: 24 }));
      expect(await stands(sooner)).toEqual(['MET', 5, 0]);
      expect(await stands(later)).toEqual(['PARTLY_MET', 3, 3]);
      expect(await stands(any)).toEqual(['OPEN', 0, 9]);
      expect(await stands(bertas)).toEqual(['PARTLY_MET', 8, 42]);
      await aCommittedPlan(coordinator, await aChoice({ N95: 15, KN95: 15 }));
      expect(await stands(later)).toEqual(['MET', 6, 0]);
      expect(await stands(any)).toEqual(['PARTLY_MET', 7, 2]);
      expect(await stands(other)).toEqual(['OPEN', 0, 9]);
      expect((await need(later.id)) as object).toMatchObject({ closedAt: expect.any(String), closureReason: null });
      expect(await world.breaches()).toEqual([]);
    });

    it('does not count towards what was withdrawn or has expired', async () => {
      const gone = await aNeed(coordinator, anna, { itemCode: 'N95' });
      await coordinator.ask(WITHDRAW_NEED, { input: { needId: gone.id, reason: 'NO_NEED' } });
      const old = await aNeed(coordinator, anna, { itemCode: 'N95' });
      await asOwner(
        world,
        'update need set needed_by = current_date - 1, valid_until = current_date - 1 where id = $1',
        [old.id],
      );
      await aCommittedPlan(coordinator, await aChoice({ N95: 24 }));
      expect(await stands(gone)).toEqual(['WITHDRAWN', 0, 0]);
      expect(await stands(old)).toEqual(['EXPIRED', 0, 0]);
    });

    it('closes needs, so that the next split by need goes to others', async () => {
      await aNeed(coordinator, anna, { itemCode: 'N95', units: 5 });
      await aNeed(coordinator, berta, { itemCode: 'N95', units: 20 });
      const policy = { rule, claims: 'NEED' };
      await aCommittedPlan(coordinator, { ...(await aChoice({ N95: 10 })), policy });
      expect(got(await aPreview(coordinator, { ...(await aChoice({ N95: 100 })), policy }))).toEqual({ [berta]: 15 });
    });
  });

  describe('what does not arrive', () => {
    /** Ten masks each, of which anna needs six of the item and one of the kind. */
    async function aParcel() {
      const item = await aNeed(coordinator, anna, { itemCode: 'MASK', units: 6 });
      const kind = await aNeed(coordinator, anna, { category: 'MASK', units: 1 });
      const { plan, deliveries } = await aCommittedPlan(coordinator, await aChoice({ MASK: 30 }));
      expect([await stands(item), await stands(kind)]).toEqual([
        ['MET', 6, 0],
        ['MET', 1, 0],
      ]);
      const parcel = deliveries.find(({ recipient }) => recipient.id === anna)!;
      return { plan, parcel, item, kind };
    }
    const returned = async (planId: string) => {
      const { plan } = await coordinator.ask<{
        plan: { awards: { nodes: { recipient: { id: string }; returnedUnits: number }[] } };
      }>('query($id: ID!) { plan(id: $id) { awards { nodes { recipient { id } returnedUnits } } } }', { id: planId });
      return plan.awards.nodes.find(({ recipient }) => recipient.id === anna)!.returnedUnits;
    };
    const OPEN = [
      ['OPEN', 0, 6],
      ['OPEN', 0, 1],
    ];

    it.each([false, true])('because it was cancelled, for all: %s, is open again', async (all) => {
      const { plan, item, kind } = await aParcel();
      const before = await need(item.id);
      const who = all ? {} : { recipientIds: [anna] };
      await coordinator.ask(CANCEL, { input: { planId: plan.id, reason: 'a mistake', ...who } });
      expect([await stands(item), await stands(kind)]).toEqual(OPEN);
      expect(await need(item.id)).toEqual({ ...before, status: 'OPEN', metUnits: 0, openUnits: 6, closedAt: null });
      expect(await returned(plan.id)).toBe(0);
      expect(await world.breaches()).toEqual([]);
    });

    it.each(['returnDelivery', 'reportDeliveryLost'])('because of %s, is open again', async (name) => {
      const { plan, parcel, item, kind } = await aParcel();
      await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
      await step(name, parcel.id);
      expect([await stands(item), await stands(kind)]).toEqual(OPEN);
      expect(await returned(plan.id)).toBe(10);
      expect(await step(name, parcel.id)).toEqual({ [name]: { code: 'DELIVERY_TRANSITION' } });
      expect(await returned(plan.id)).toBe(10);
      expect(await world.breaches()).toEqual([]);
    });

    it.each([
      [8, ['MET', 6, 0], ['MET', 1, 0]],
      [7, ['MET', 6, 0], ['MET', 1, 0]],
      [6, ['MET', 6, 0], ['OPEN', 0, 1]],
      [4, ['PARTLY_MET', 4, 2], ['OPEN', 0, 1]],
      [0, ...OPEN],
    ])('of ten, %d of them having come, is open again as far as it was counted', async (units, ofItem, ofKind) => {
      const { plan, parcel, item, kind } = await aParcel();
      await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
      const counts = [{ lineId: parcel.lines[0]!.id, units, reason: 'DAMAGED' }];
      await coordinator.ask(CONFIRM, { input: { deliveryId: parcel.id, counts } });
      expect([await stands(item), await stands(kind)]).toEqual([ofItem, ofKind]);
      expect(await returned(plan.id)).toBe(10 - units);
      expect(await world.breaches()).toEqual([]);
    });

    it('stays closed where the need was withdrawn meanwhile', async () => {
      const item = await aNeed(coordinator, anna, { itemCode: 'MASK', units: 26 });
      const { plan } = await aCommittedPlan(coordinator, await aChoice({ MASK: 30 }));
      await coordinator.ask(WITHDRAW_NEED, { input: { needId: item.id, reason: 'NO_SUPPLY' } });
      expect(await stands(item)).toEqual(['WITHDRAWN', 10, 0]);
      await coordinator.ask(CANCEL, { input: { planId: plan.id, reason: 'a mistake' } });
      expect(await stands(item)).toEqual(['WITHDRAWN', 0, 0]);
      expect(await world.breaches()).toEqual([]);
    });

    it('is counted over two lots of the item together', async () => {
      const lines = ['A', 'B'].map((lotNumber) => ({ itemCode: 'MASK', units: 5, lotNumber }));
      const gift = await aDonation(coordinator, {}, { lines });
      const item = await aNeed(coordinator, anna, { itemCode: 'MASK', units: 7 });
      const choice = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: [anna] } };
      const { deliveries } = await aCommittedPlan(coordinator, choice);
      const [parcel] = deliveries as [DeliveryView];
      await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
      const counts = parcel.lines.map(({ id }, i) => ({ lineId: id, units: 3 - i }));
      await coordinator.ask(CONFIRM, { input: { deliveryId: parcel.id, counts } });
      expect(await stands(item)).toEqual(['PARTLY_MET', 5, 2]);
      expect(await world.breaches()).toEqual([]);
    });
  });

  describe('a preview whose needs have changed', () => {
    let mine: NeedView;
    beforeEach(async () => {
      mine = await aNeed(coordinator, anna, { itemCode: 'GOGGLES', units: 5 });
      await aNeed(coordinator, berta, { itemCode: 'GOGGLES', units: 5 });
    });
    const changes: [string, () => Promise<unknown>][] = [
      ['withdrawn', () => coordinator.ask(WITHDRAW_NEED, { input: { needId: mine.id, reason: 'NO_NEED' } })],
      ['stated', () => aNeed(coordinator, carla, { itemCode: 'GOGGLES' })],
      ['met by another plan', async () => aCommittedPlan(coordinator, await aChoice({ GOGGLES: 1 }, [anna]))],
      [
        'gone by',
        () =>
          asOwner(world, `update need set needed_by = current_date - 1, valid_until = current_date - 1 where id = $1`, [
            mine.id,
          ]),
      ],
    ];

    it.each(changes)('because one was %s, is stale for good, and took nothing', async (_what, change) => {
      const plan = await aPreview(coordinator, {
        ...(await aChoice({ GOGGLES: 60 })),
        policy: { rule, claims: 'NEED' },
      });
      await change();
      const stale = { __typename: 'StalePlanError', code: 'STALE_PLAN', changed: ['needs'] };
      for (let again = 0; again < 2; again++) expect(await commit(plan.id)).toMatchObject(stale);
      expect(await world.breaches()).toEqual([]);
    });

    it.each(changes)('because one was %s, stands where it does not go by need', async (_what, change) => {
      const plan = await aPreview(coordinator, await aChoice({ GOGGLES: 60 }));
      await change();
      expect(await commit(plan.id)).toMatchObject({ status: 'COMMITTED' });
    });

    it('or whose tiers have, where it goes by them, is stale', async () => {
      await asOwner(world, 'update recipient set exposure_tier = 1 where id = $1', [berta]);
      const policy = { rule, claims: 'NEED', tiers: { by: 'STRICT' } };
      const choice = await aChoice({ GOGGLES: 7 });
      const plan = await aPreview(coordinator, { ...choice, policy });
      expect(got(plan)).toEqual({ [anna]: 2, [berta]: 5 });
      await asOwner(world, 'update recipient set exposure_tier = 2 where id = $1', [anna]);
      expect(await commit(plan.id)).toMatchObject({ changed: ['recipients'] });
    });

    it('of something else, stands', async () => {
      const plan = await aPreview(coordinator, {
        ...(await aChoice({ GOGGLES: 60 })),
        policy: { rule, claims: 'NEED' },
      });
      await aNeed(coordinator, anna, { itemCode: 'GOWN' });
      await aNeed(coordinator, berta, { category: 'GLOVES' });
      expect(await commit(plan.id)).toMatchObject({ status: 'COMMITTED' });
      expect(await stands(mine)).toEqual(['MET', 5, 0]);
    });
  });
});
