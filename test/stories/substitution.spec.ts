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
  DISPATCH,
  faultOfInput,
  NEED,
  type NeedView,
  type PlanView,
  REFUSAL,
  STATE_NEED,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', claims: 'NEED' };
const accepting = { itemCode: 'N95', acceptsSubstitutes: true };
const RANK = `mutation($input: RankSubstitutesInput!) { rankSubstitutes(input: $input) { ... on Item { code } ${REFUSAL} } }`;
const PLAN = `query($id: ID!) { plan(id: $id) { status allowSubstitutes awards(first: 100) { nodes { recipient { id } item { code } units
  substituteFor { insteadOf { code } units } } } } replayPlan(planId: $id) { identical differences } }`;

interface AwardView {
  recipient: { id: string };
  item: { code: string };
  units: number;
  substituteFor: { insteadOf: { code: string }; units: number }[];
}

describe('what stands in for an item', () => {
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
    await rank('N95', 'KN95', 'SURGICAL_MASK');
    await rank('FFP2', 'N95', 'KN95');
    await rank('KN95');
  });

  const rank = (itemCode: string, ...substituteCodes: string[]) =>
    coordinator.ask(RANK, { input: { itemCode, substituteCodes } });
  async function aChoice(units: Record<string, number>, who = [anna, berta, carla]) {
    const gift = await aDonation(coordinator, units);
    return { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: who }, policy, allowSubstitutes: true };
  }
  const commit = async (planId: string) =>
    (await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId } })).commitAllocation;
  const plan = (id: string) =>
    coordinator.ask<{
      plan: { status: string; allowSubstitutes: boolean; awards: { nodes: AwardView[] } };
      replayPlan: { identical: boolean; differences: string[] };
    }>(PLAN, { id });
  const got = ({ awards }: { awards: { nodes: PlanView['awards']['nodes'] } }, who: string) =>
    Object.fromEntries(
      awards.nodes.filter(({ recipient }) => recipient.id === who).map(({ item, units }) => [item.code, units]),
    );
  const stands = async ({ id }: { id: string }) => {
    const { need } = await coordinator.ask<{ need: NeedView }>(`query($id: ID!) { need(id: $id) { ${NEED} } }`, { id });
    return [need.status, need.metUnits, need.openUnits];
  };
  const problem = async (planId: string) => {
    const rows = await asOwner(world, 'select problem, fingerprint from plan where id = $1', [planId]);
    const [row] = rows as { problem: { lots: { item: string }[]; recipients: { id: string; anyOf?: object }[] } }[];
    return row!.problem;
  };

  it('fills up where the very item runs short, for who accepts it, and counts towards her need', async () => {
    const [annas, bertas, carlas] = [
      await aNeed(coordinator, anna, { ...accepting, units: 40 }),
      await aNeed(coordinator, berta, { itemCode: 'N95', units: 40 }),
      await aNeed(coordinator, carla, { itemCode: 'KN95', units: 8 }),
    ];
    const { plan: made } = await aCommittedPlan(coordinator, await aChoice({ KN95: 20, N95: 30, SURGICAL_MASK: 100 }));
    expect(got(made, anna)).toEqual({ N95: 15, KN95: 12, SURGICAL_MASK: 13 });
    expect(got(made, berta)).toEqual({ N95: 15 });
    expect(got(made, carla)).toEqual({ KN95: 8 });
    expect(await stands(annas)).toEqual(['MET', 40, 0]);
    expect(await stands(bertas)).toEqual(['PARTLY_MET', 15, 25]);
    expect(await stands(carlas)).toEqual(['MET', 8, 0]);
    const shown = await plan(made.id);
    expect(shown.plan.allowSubstitutes).toBe(true);
    const instead = (who: string) =>
      shown.plan.awards.nodes
        .filter(({ recipient }) => recipient.id === who)
        .map((one) => [one.item.code, one.substituteFor]);
    const insteadOfN95 = (units: number) => [{ insteadOf: { code: 'N95' }, units }];
    expect(instead(anna)).toEqual([
      ['N95', []],
      ['KN95', insteadOfN95(12)],
      ['SURGICAL_MASK', insteadOfN95(13)],
    ]);
    expect(instead(berta)).toEqual([['N95', []]]);
    expect(shown.replayPlan).toEqual({ identical: true, differences: [] });
    const { lots, recipients } = await problem(made.id);
    expect(lots.map(({ item }) => item)).toEqual(['N95', 'KN95', 'SURGICAL_MASK']);
    expect(recipients.find(({ id }) => id === anna)).toMatchObject({
      claims: {},
      anyOf: [{ items: ['N95', 'KN95', 'SURGICAL_MASK'], units: 40 }],
    });
    expect(await world.breaches()).toEqual([]);
  });

  it('is seen by her who gets it', async () => {
    await aNeed(coordinator, anna, { ...accepting, units: 5 });
    const { plan: made } = await aCommittedPlan(coordinator, await aChoice({ KN95: 20 }));
    const herself = await world.as('RECIPIENT', anna);
    const query = `query($id: ID!) { plan(id: $id) { allowSubstitutes awards { nodes { substituteFor { insteadOf { code } units } } } } }`;
    expect(await herself.ask(query, made)).toEqual({
      plan: {
        allowSubstitutes: true,
        awards: { nodes: [{ substituteFor: [{ insteadOf: { code: 'N95' }, units: 5 }] }] },
      },
    });
  });

  it('is nothing that a plan gives unless whoever splits allows it: the problem is the same, whatever people accept', async () => {
    const choice = await aChoice({ KN95: 20, N95: 6 });
    const { allowSubstitutes: _allowed, ...usual } = choice;
    const annas = await aNeed(coordinator, anna, { ...accepting, units: 10 });
    await aNeed(coordinator, anna, { itemCode: 'N95', units: 2 });
    await aNeed(coordinator, anna, { category: 'MASK', units: 3 });
    const made = await aPreview(coordinator, usual);
    const { lots, recipients } = await problem(made.id);
    expect(lots.map(({ item }) => item)).toEqual(['KN95', 'N95']);
    expect(recipients.find(({ id }) => id === anna)).toEqual({
      id: anna,
      country: 'US',
      tier: 3,
      claims: { N95: 12 },
      anyOf: [{ items: ['KN95', 'N95'], units: 3 }],
    });
    expect(got(made, anna)).toEqual({ KN95: 3, N95: 6 });
    expect(await commit(made.id)).toMatchObject({ status: 'COMMITTED' });
    expect((await plan(made.id)).plan.allowSubstitutes).toBe(false);
    const [, met] = await stands(annas);
    expect(met).toBeLessThanOrEqual(6);
    expect(await world.breaches()).toEqual([]);
  });

  it('draws no other lottery where it is not allowed', async () => {
    await aNeed(coordinator, anna, { ...accepting, units: 10 });
    await aNeed(coordinator, berta, { itemCode: 'N95', units: 10 });
    const { allowSubstitutes: _allowed, ...usual } = await aChoice({ N95: 9, KN95: 9 }, [anna, berta]);
    const seeded = { ...usual, policy: { ...policy, seed: 'spring' } };
    const [one, other] = [
      await aPreview(coordinator, seeded),
      await aPreview(coordinator, { ...seeded, allowSubstitutes: false }),
    ];
    const told = async ({ id }: { id: string }) => {
      const rows = await asOwner(world, `select problem - 'plan' as problem, substitutes from plan where id = $1`, [
        id,
      ]);
      return rows[0];
    };
    expect(await told(one)).toEqual(await told(other));
    expect(await told(one)).toMatchObject({ substitutes: null });
  });

  it('is given for an item that is not there at all, and for nobody who accepts only the item', async () => {
    await aNeed(coordinator, anna, { ...accepting, units: 10 });
    const [bertas] = [await aNeed(coordinator, berta, { itemCode: 'N95', units: 10 })];
    const made = await aPreview(coordinator, await aChoice({ KN95: 20 }));
    expect([got(made, anna), got(made, berta)]).toEqual([{ KN95: 10 }, {}]);
    const { previewAllocation } = await coordinator.ask<{ previewAllocation: object }>(
      `mutation($input: PreviewAllocationInput!) { previewAllocation(input: $input) { ${REFUSAL} } }`,
      { input: await aChoice({ KN95: 20 }, [berta]) },
    );
    expect(previewAllocation).toMatchObject({ __typename: 'NobodyEligibleError' });
    expect(await stands(bertas)).toEqual(['OPEN', 0, 10]);
  });

  it('counts towards her need also where claims are equal, after her needs of the very item and before any of its category', async () => {
    const needs = {
      category: await aNeed(coordinator, anna, { category: 'MASK', units: 9, neededBy: '2026-11-25' }),
      n95: await aNeed(coordinator, anna, { ...accepting, units: 6 }),
      strict: await aNeed(coordinator, anna, { itemCode: 'N95', units: 6 }),
      kn95: await aNeed(coordinator, anna, { itemCode: 'KN95', units: 5 }),
    };
    const equal = { ...(await aChoice({ KN95: 13 }, [anna])), policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' } };
    const { plan: made } = await aCommittedPlan(coordinator, equal);
    const met = async () => Promise.all(Object.values(needs).map(async (need) => (await stands(need))[1]));
    expect(await met()).toEqual([2, 6, 0, 5]);
    expect((await plan(made.id)).plan.awards.nodes[0]!.substituteFor).toEqual([
      { insteadOf: { code: 'N95' }, units: 6 },
    ]);
    await coordinator.ask(CANCEL, { input: { planId: made.id, reason: 'Sent back.' } });
    expect(await met()).toEqual([0, 0, 0, 0]);
    expect((await plan(made.id)).plan.awards.nodes[0]!.substituteFor).toEqual([]);
    const { plan: again } = await aCommittedPlan(coordinator, { ...equal, allowSubstitutes: false });
    expect(await met()).toEqual([8, 0, 0, 5]);
    expect((await plan(again.id)).plan.awards.nodes[0]!.substituteFor).toEqual([]);
    expect(await world.breaches()).toEqual([]);
  });

  it('is given back to the need it was counted for: when it is cancelled, and when it arrives short', async () => {
    const [annas, bertas] = [
      await aNeed(coordinator, anna, { ...accepting, units: 30 }),
      await aNeed(coordinator, berta, { ...accepting, units: 10 }),
    ];
    const { plan: made, deliveries } = await aCommittedPlan(
      coordinator,
      await aChoice({ N95: 10, KN95: 30 }, [anna, berta]),
    );
    expect([got(made, anna), got(made, berta)]).toEqual([
      { N95: 5, KN95: 25 },
      { N95: 5, KN95: 5 },
    ]);
    expect([await stands(annas), await stands(bertas)]).toEqual([
      ['MET', 30, 0],
      ['MET', 10, 0],
    ]);
    await coordinator.ask(CANCEL, { input: { planId: made.id, recipientIds: [berta], reason: 'Has left.' } });
    const parcel = deliveries.find(({ recipient }) => recipient.id === anna)!;
    await coordinator.ask(DISPATCH, { input: { deliveryId: parcel.id } });
    const line = parcel.lines.find(({ item }) => item.code === 'KN95')!;
    const counts = [{ lineId: line.id, units: 20, reason: 'MISSING' }];
    await coordinator.ask(CONFIRM, { input: { deliveryId: parcel.id, counts } });
    expect([await stands(annas), await stands(bertas)]).toEqual([
      ['PARTLY_MET', 25, 5],
      ['OPEN', 0, 10],
    ]);
    expect(await world.breaches()).toEqual([]);
  });

  describe('that is ranked otherwise', () => {
    it('makes a preview that allowed it stale, and no other', async () => {
      await aNeed(coordinator, anna, { ...accepting, units: 10 });
      const choice = await aChoice({ N95: 4, KN95: 20, SURGICAL_MASK: 20 });
      const { allowSubstitutes: _allowed, ...usual } = choice;
      const [with_, without] = [await aPreview(coordinator, choice), await aPreview(coordinator, usual)];
      const stillGood = await aPreview(
        coordinator,
        await aChoice({ GOWN: 4 }, [anna, berta]).then(({ policy: _by, ...all }) => all),
      );
      await rank('N95', 'SURGICAL_MASK', 'KN95');
      expect(await commit(with_.id)).toMatchObject({
        __typename: 'StalePlanError',
        changed: ['substitutes'],
        message: 'The substitutes changed since the preview: make a new one.',
      });
      expect(await commit(stillGood.id)).toMatchObject({ status: 'COMMITTED' });
      const anew = await aPreview(coordinator, choice);
      expect(got(anew, anna)).toEqual({ N95: 4, SURGICAL_MASK: 6 });
      expect(await commit(without.id)).toMatchObject({ status: 'COMMITTED' });
    });

    it('as before is no change', async () => {
      await aNeed(coordinator, anna, { ...accepting, units: 10 });
      const made = await aPreview(coordinator, await aChoice({ N95: 4, KN95: 20 }));
      await rank('N95', 'SURGICAL_MASK');
      await rank('N95', 'KN95', 'SURGICAL_MASK');
      expect(await commit(made.id)).toMatchObject({ status: 'COMMITTED' });
    });

    it('at the moment at which plans are committed comes before or after each', async () => {
      await aNeed(coordinator, anna, { ...accepting, units: 10 });
      const plans = [];
      for (let i = 0; i < 6; i++) plans.push(await aPreview(coordinator, await aChoice({ N95: 1, KN95: 20 })));
      const orders = [['KN95', 'SURGICAL_MASK'], ['SURGICAL_MASK', 'KN95'], ['KN95']];
      await Promise.all(plans.flatMap(({ id }, i) => [commit(id), rank('N95', ...orders[i % 3]!)]));
      expect(await world.breaches()).toEqual([]);
    });
  });

  it('is accepted for an item, and for a category not asked about', async () => {
    const state = async (input: object) => {
      const days = { neededBy: '2999-01-01', validUntil: '2999-01-01', recipientId: anna, units: 5 };
      const query = STATE_NEED.replace(NEED, `${NEED} acceptsSubstitutes`);
      return (await coordinator.ask<{ stateNeed: object }>(query, { input: { ...days, ...input } })).stateNeed;
    };
    expect(await state({ itemCode: 'N95' })).toMatchObject({ acceptsSubstitutes: false });
    expect(await state({ itemCode: 'N95', acceptsSubstitutes: true })).toMatchObject({ acceptsSubstitutes: true });
    expect(await state({ category: 'MASK' })).toMatchObject({ acceptsSubstitutes: false });
    const input = { category: 'MASK', acceptsSubstitutes: true, recipientId: anna, units: 5 };
    expect(
      await faultOfInput(coordinator, 'stateNeed', { ...input, neededBy: '2999-01-01', validUntil: '2999-01-01' }),
    ).toEqual({ code: 'BAD_USER_INPUT', field: 'input.acceptsSubstitutes' });
  });

  it('and was counted though nobody accepted it, or it did not stand in, breaks a law of the ledger', async () => {
    await aNeed(coordinator, anna, { ...accepting, units: 10 });
    const { plan: made } = await aCommittedPlan(coordinator, await aChoice({ KN95: 20 }));
    expect(await world.breaches()).toEqual([]);
    const change = (sql: string) => asOwner(world, sql, [made.id]);
    const need = `from need_award w where w.need_id = n.id and w.plan_id = $1`;
    for (const [breaking, mending] of [
      [`update need n set accepts_substitutes = false ${need}`, `update need n set accepts_substitutes = true ${need}`],
      [
        `update plan set substitutes = jsonb_set(substitutes, '{0,substituteIds}', '[]') where id = $1`,
        `update plan p set substitutes = jsonb_set(substitutes, '{0,substituteIds}', (select jsonb_agg(id) from item where code = 'KN95')) where id = $1`,
      ],
      [
        `update plan set substitutes = null where id = $1`,
        `update plan set substitutes = jsonb_build_array(jsonb_build_object('itemId', (select id from item where code = 'N95'),
           'substituteIds', array[(select id from item where code = 'KN95')])) where id = $1`,
      ],
    ] as const) {
      await change(breaking);
      expect(await world.breaches()).toMatchObject([expect.stringContaining('10 units count, 10 stand')]);
      await change(mending);
      expect(await world.breaches()).toEqual([]);
    }
  });
});
