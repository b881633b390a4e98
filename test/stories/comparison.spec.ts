import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonation, aNeed, aPreview, clinicians, COMMIT } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const ALTERNATIVES = `query($id: ID!) { plan(id: $id) { rule alternatives { rule unavailableBecause
  metrics { item { code } awardedUnits servedRecipients fillMin gini } } } }`;
const ONE_MORE = `query($id: ID!) { plan(id: $id) { oneMoreUnit { item { code } lot { id } changes { recipient { id } units } }
  awards(first: 100) { nodes { recipient { id } item { code } why { rank cutoff } } } withoutAward { nodes { recipient { id } why { rank } } } } }`;

interface Alternative {
  rule: string;
  unavailableBecause: string | null;
  metrics: { item: { code: string }; awardedUnits: number; servedRecipients: number; fillMin: number; gini: number }[];
}

interface OneMore {
  oneMoreUnit: {
    item: { code: string };
    lot: object | null;
    changes: { recipient: { id: string }; units: number }[];
  }[];
  withoutAward: { nodes: { recipient: { id: string }; why: { rank: number | null } }[] };
}

describe('what a plan might have been', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 3);
    await aDonation(coordinator, { MASK: 2 });
  });
  afterAll(() => world.close());

  const alternativesTo = async (input: object, client = coordinator) => {
    const { id } = await aPreview(coordinator, input);
    return (await client.ask<{ plan: { alternatives: Alternative[] } }>(ALTERNATIVES, { id })).plan.alternatives;
  };

  it('one unit more goes to whoever was next in the draw', async () => {
    const { id } = await aPreview(coordinator);
    const { plan } = await coordinator.ask<{ plan: OneMore }>(ONE_MORE, { id });
    const next = plan.withoutAward.nodes.find(({ why }) => why.rank === 3)!;
    expect(plan.oneMoreUnit).toEqual([
      { item: { code: 'MASK' }, lot: null, changes: [{ recipient: next.recipient, units: 1 }] },
    ]);
  });

  it('rules that compare with claims are not available where claims have no bound, and say so', async () => {
    const others = await alternativesTo({});
    expect(others.map(({ rule, metrics }) => [rule, metrics.length])).toEqual([
      ['PROPORTIONAL', 1],
      ['CONSTRAINED_EQUAL_LOSSES', 0],
      ['TALMUD', 0],
      ['MAX_MIN_FILL_RATE', 0],
    ]);
    expect(others.map(({ unavailableBecause }) => unavailableBecause === null)).toEqual([true, false, false, false]);
  });

  it('by need, every rule shows what it would come to', async () => {
    await aDonation(coordinator, { GOWN: 200 });
    for (const [i, units] of [100, 200, 300].entries())
      await aNeed(coordinator, people[i]!, { itemCode: 'GOWN', units });
    const policy = { rule: 'TALMUD', claims: 'NEED', tieBreak: 'STABLE' };
    const others = await alternativesTo({ policy, stock: { itemCodes: ['GOWN'] } });
    // The second of the Talmud's three widows: 50, 75, 75 there; equal awards 66 2/3 each.
    expect(others.map(({ rule, metrics }) => [rule, metrics[0]!.awardedUnits, metrics[0]!.servedRecipients])).toEqual([
      ['CONSTRAINED_EQUAL_AWARDS', 200, 3],
      ['PROPORTIONAL', 200, 3],
      ['CONSTRAINED_EQUAL_LOSSES', 200, 2],
      ['MAX_MIN_FILL_RATE', 200, 3],
    ]);
  });

  it('a recipient of the plan is told nothing of it, and a page of plans cannot ask it of each', async () => {
    const { id } = await aPreview(coordinator);
    await coordinator.ask(COMMIT, { input: { planId: id } });
    const herself = await world.as('RECIPIENT', people[0]!);
    expect((await herself.ask<{ plan: { alternatives: [] } }>(ALTERNATIVES, { id })).plan.alternatives).toEqual([]);
    const many = `{ plans(first: 50) { nodes { alternatives { rule } } } }`;
    expect((await coordinator.error(many)).extensions.code).toBe('TOO_COMPLEX');
  });
});
