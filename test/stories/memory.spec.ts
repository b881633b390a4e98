import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChoiceService } from '../../src/allocations/choice.service.js';
import type { Memory, Policy, RecipientClaim } from '../../src/engine/problem.js';
import { Database } from '../../src/platform/database.js';
import {
  aCommittedPlan,
  aDonation,
  aPreview,
  asOwner,
  CANCEL,
  clinicians,
  COMMIT,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
  type PlanView,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const ACTOR = { id: null, role: 'COMMAND_LINE', requestId: 'test' };
const MONTH: Memory = { by: 'CUMULATIVE', days: 30 };
const RETURN = `mutation($input: ReturnDeliveryInput!) { returnDelivery(input: $input) { ... on Delivery { status } } }`;

describe('what is remembered of earlier plans', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    people = await clinicians(coordinator, 3);
  });

  async function aChoice(units: Record<string, number>, who = people) {
    const gift = await aDonation(coordinator, units);
    return { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: who } };
  }
  /** What the engine would be given of these people, for a split of a gift of a mask and a gown. */
  async function brought(policy: Partial<Policy>, who = people): Promise<RecipientClaim[]> {
    const { stock } = await aChoice({ MASK: 1, GOWN: 1 });
    const choice = {
      stock: { itemIds: null, shipmentIds: stock.shipmentIds, lotIds: null },
      recipients: { groupIds: null, recipientIds: who },
    };
    const terms = { policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', ...policy } as Policy, claims: 'EQUAL' } as const;
    let recipients: RecipientClaim[] = [];
    await world.app.get(Database).write({ actor: ACTOR, action: 'test' }, async (tx) => {
      ({ recipients } = await world.app
        .get(ChoiceService)
        .chosen(tx, choice, { ...terms, allowSubstitutes: false }, false));
      return {};
    });
    return who.map((id) => recipients.find((one) => one.id === id)!);
  }
  const received = async (memory: Memory = MONTH) => (await brought({ memory })).map((one) => one.received);
  const deficits = async (policy: Partial<Policy> = { memory: { by: 'ROUNDING' } }) =>
    (await brought(policy)).map((one) => one.deficit);
  const remembering = (input: object, memory: Memory): Promise<PlanView> =>
    aPreview(coordinator, { ...input, policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', memory } });
  const commit = async ({ id }: { id: string }) =>
    (await coordinator.ask<{ commitAllocation: { status?: string } }>(COMMIT, { input: { planId: id } }))
      .commitAllocation;
  const cancel = (planId: string, more: object = {}) =>
    coordinator.ask(CANCEL, { input: { planId, reason: 'a mistake', ...more } });
  const parcelOf = (deliveries: DeliveryView[], who: string) =>
    deliveries.find(({ recipient }) => recipient.id === who)!;

  describe('CUMULATIVE:', () => {
    it('units of committed plans within the window, of the chosen items, by those who had any', async () => {
      await aCommittedPlan(coordinator, await aChoice({ MASK: 10, GOGGLES: 2 }, people.slice(0, 2)));
      await aCommittedPlan(coordinator, await aChoice({ MASK: 4, GOWN: 2 }, people.slice(0, 2)));
      await aPreview(coordinator, await aChoice({ MASK: 90 }));
      expect(await received()).toEqual([{ MASK: 7, GOWN: 1 }, { MASK: 7, GOWN: 1 }, undefined]);
      expect(await received({ by: 'NONE' })).toEqual([undefined, undefined, undefined]);
      expect(await received({ by: 'ROUNDING' })).toEqual([undefined, undefined, undefined]);
    });

    it('who has been there longer than the window and had nothing is no newcomer', async () => {
      const since = (days: number, who: string) =>
        asOwner(world, `update recipient set created_at = current_date - $2::integer where id = $1`, [who, days]);
      await since(31, people[0]!);
      await since(30, people[1]!);
      expect(await received()).toEqual([{}, undefined, undefined]);
      const { plan } = await aCommittedPlan(coordinator, await aChoice({ GOGGLES: 1 }, [people[2]!]));
      expect(await received()).toEqual([{}, undefined, {}]);
      await cancel(plan.id);
      expect(await received()).toEqual([{}, undefined, undefined]);
    });

    it('a plan counts as long as its commit lies within the window', async () => {
      const { plan } = await aCommittedPlan(coordinator, await aChoice({ MASK: 9 }));
      const committed = (when: string) =>
        asOwner(world, `update plan set committed_at = ${when} where id = $1`, [plan.id]);
      await committed(`(current_date - 30)::timestamp at time zone 'UTC'`);
      expect(await received()).toEqual([{ MASK: 3 }, { MASK: 3 }, { MASK: 3 }]);
      await committed(`(current_date - 30)::timestamp at time zone 'UTC' - interval '1 ms'`);
      expect(await received()).toEqual([undefined, undefined, undefined]);
      expect(await received({ by: 'CUMULATIVE' })).toEqual([{ MASK: 3 }, { MASK: 3 }, { MASK: 3 }]);
    });

    it('less what was taken back, came back, or did not arrive', async () => {
      const { plan, deliveries } = await aCommittedPlan(coordinator, await aChoice({ MASK: 30, GOWN: 3 }));
      const [first, second, third] = people as [string, string, string];
      for (const who of [first, second])
        await coordinator.ask(DISPATCH, { input: { deliveryId: parcelOf(deliveries, who).id } });
      const parcel = parcelOf(deliveries, first);
      const masks = parcel.lines.find(({ item }) => item.code === 'MASK')!;
      const counts = [{ lineId: masks.id, units: 4 }];
      await coordinator.ask(CONFIRM, { input: { deliveryId: parcel.id, counts } });
      expect(await received()).toEqual([
        { MASK: 4, GOWN: 1 },
        { MASK: 10, GOWN: 1 },
        { MASK: 10, GOWN: 1 },
      ]);
      await coordinator.ask(RETURN, { input: { deliveryId: parcelOf(deliveries, second).id } });
      await cancel(plan.id, { recipientIds: [third] });
      expect(await received()).toEqual([{ MASK: 4, GOWN: 1 }, undefined, undefined]);
      expect(await world.breaches()).toEqual([]);
    });

    it('who had less before gets more now, and the new one what the others have on the whole', async () => {
      const [first, second] = people as [string, string];
      await asOwner(world, `update recipient set created_at = current_date - 60 where id = $1`, [second]);
      await aCommittedPlan(coordinator, await aChoice({ MASK: 12 }, [first]));
      const plan = await remembering(await aChoice({ MASK: 12 }, [first, second]), MONTH);
      expect(plan.awards.nodes.map(({ recipient, units }) => [recipient.id, units])).toEqual([[second, 12]]);
      expect(await commit(plan)).toMatchObject({ status: 'COMMITTED' });
      const all = await remembering(await aChoice({ MASK: 9 }), MONTH);
      expect(all.awards.nodes.map(({ units }) => units)).toEqual([3, 3, 3]);
      expect((await received())[2]).toBeUndefined();
    });

    it('a preview is stale once somebody in it was given something else', async () => {
      const plan = await remembering(await aChoice({ MASK: 9 }), MONTH);
      const still = await remembering(await aChoice({ MASK: 9 }), MONTH);
      const forgetful = await aPreview(coordinator, await aChoice({ MASK: 9 }));
      expect(await commit(plan)).toMatchObject({ status: 'COMMITTED' });
      expect(await commit(still)).toMatchObject({ __typename: 'StalePlanError', changed: ['memory'] });
      expect(await commit(forgetful)).toMatchObject({ status: 'COMMITTED' });
    });

    it('of plans that remember, committed at once, each knows what the others gave: one comes first', async () => {
      const plans: PlanView[] = [];
      for (let i = 0; i < 6; i++) plans.push(await remembering(await aChoice({ MASK: 9 }), MONTH));
      const said = await Promise.all(plans.map(commit));
      expect(said.filter(({ status }) => status === 'COMMITTED')).toHaveLength(1);
      expect(await world.breaches()).toEqual([]);
    });
  });

  describe('ROUNDING:', () => {
    const ROUNDING: Memory = { by: 'ROUNDING' };

    it('the exact share less the award, added up over plans', async () => {
      expect(await deficits()).toEqual([undefined, undefined, undefined]);
      const first = await remembering(await aChoice({ MASK: 10, GOWN: 1 }), ROUNDING);
      expect(await commit(first)).toMatchObject({ status: 'COMMITTED' });
      const owed = (plan: PlanView, who: string, item: string, share: [number, number]) => {
        const units = plan.awards.nodes.find((a) => a.recipient.id === who && a.item.code === item)?.units ?? 0;
        const top = share[0] - units * share[1];
        return top % share[1] === 0 ? String(top / share[1]) : `${top}/${share[1]}`;
      };
      const once = people.map((who) => ({
        MASK: owed(first, who, 'MASK', [10, 3]),
        GOWN: owed(first, who, 'GOWN', [1, 3]),
      }));
      expect(await deficits()).toEqual(once);
      expect(once.map(({ MASK }) => MASK).sort()).toEqual(['-2/3', '1/3', '1/3']);
      expect(await deficits({ ties: { by: 'CARRY_OVER', seed: 's' } })).toEqual(once);
      expect(await deficits({})).toEqual([undefined, undefined, undefined]);
      const [sum] = (await asOwner(
        world,
        `select sum(split_part(deficit, '/', 1)::integer) as thirds from rounding_deficit where recipient_id = any($1)`,
        [people],
      )) as { thirds: string }[];
      expect(Number(sum!.thirds)).toBe(0);
    });

    it('is taken off again with the awards of those who are cancelled, and with the plan of all', async () => {
      const plan = await remembering(await aChoice({ MASK: 10, GOWN: 1 }), ROUNDING);
      await commit(plan);
      const before = await deficits();
      const [first] = people as [string];
      await cancel(plan.id, { recipientIds: [first] });
      expect(await deficits()).toEqual([undefined, ...before.slice(1)]);
      await cancel(plan.id);
      expect(await deficits()).toEqual([undefined, undefined, undefined]);
    });

    it('goes for who was given nothing, too, once the whole plan is cancelled', async () => {
      const plan = await remembering(await aChoice({ GOWN: 1 }), ROUNDING);
      await commit(plan);
      expect((await deficits()).map((one) => one?.['GOWN']).sort()).toEqual(['-2/3', '1/3', '1/3']);
      await cancel(plan.id);
      expect(await deficits()).toEqual([undefined, undefined, undefined]);
    });

    it('carried over, it makes up for itself: three splits of ten among three are ten for each', async () => {
      const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', tieBreak: 'CARRY_OVER' };
      const sums = new Map(people.map((who) => [who, 0]));
      for (let round = 0; round < 3; round++) {
        const plan = await aPreview(coordinator, { ...(await aChoice({ MASK: 10 })), policy });
        for (const { recipient, units } of plan.awards.nodes) sums.set(recipient.id, sums.get(recipient.id)! + units);
        expect(await commit(plan)).toMatchObject({ status: 'COMMITTED' });
      }
      expect([...sums.values()]).toEqual([10, 10, 10]);
      expect(await deficits()).toEqual([undefined, undefined, undefined]);
    });

    it('a plan without a memory of it leaves it as it is', async () => {
      await aCommittedPlan(coordinator, await aChoice({ MASK: 10 }));
      expect(await deficits()).toEqual([undefined, undefined, undefined]);
    });

    it('a preview is stale once what rounding owes has changed', async () => {
      const plans = [
        await remembering(await aChoice({ MASK: 10 }), ROUNDING),
        await remembering(await aChoice({ MASK: 10 }), ROUNDING),
      ] as const;
      expect(await commit(plans[0])).toMatchObject({ status: 'COMMITTED' });
      expect(await commit(plans[1])).toMatchObject({ changed: ['memory'] });
    });
  });
});
