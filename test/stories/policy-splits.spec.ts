import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonation, aNeed, aPreview, clinicians, PREVIEW, REFUSAL, REGISTER } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const ADOPT = `mutation($input: AdoptPolicyInput!) { adoptPolicy(input: $input) { ... on Policy { id current { summary } } ${REFUSAL} } }`;
const REPLAY = `query($planId: ID!) { replayPlan(planId: $planId) { identical differences plan { policy { name } } } }`;
const WITHOUT = `query($id: ID!) { plan(id: $id) { withoutAward { nodes { recipient { id } why { bindingConstraint } } } } }`;
const BY_NEED = '01900000-0000-7000-8000-000000000202';
const FRONTLINE_FIRST = '01900000-0000-7000-8000-000000000203';

describe('a split by an adopted policy', () => {
  let world: World;
  let coordinator: Client;
  let made = 0;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    await aDonation(coordinator, { GOWN: 10 });
    await aDonation(coordinator, {}, { lines: [{ itemCode: 'MASK', units: 55, unitsPerPack: 10 }] });
  });
  afterAll(() => world.close());

  const adopt = async (policy: object) => {
    const input = { name: `Policy ${++made}`, policy };
    return (await coordinator.ask<{ adoptPolicy: { id: string; current: { summary: string } } }>(ADOPT, { input }))
      .adoptPolicy;
  };
  const replay = async (planId: string) =>
    (await coordinator.ask<{ replayPlan: object }>(REPLAY, { planId })).replayPlan;
  /** Who gets how many gowns of ten. */
  const share = async (recipientIds: string[], policyId: string) => {
    const { id, awards } = await aPreview(coordinator, {
      stock: { itemCodes: ['GOWN'] },
      recipients: { recipientIds },
      policyId,
    });
    const given = new Map(awards.nodes.map(({ recipient, units }) => [recipient.id, units]));
    return { id, units: recipientIds.map((one) => given.get(one) ?? 0) };
  };
  const needing = async (recipientIds: readonly string[], units: readonly number[]) => {
    for (const [i, id] of recipientIds.entries()) await aNeed(coordinator, id, { itemCode: 'GOWN', units: units[i]! });
  };

  it('By need gives nobody more than she needs, and those who need nothing nothing', async () => {
    const people = await clinicians(coordinator, 4);
    const input = { stock: { itemCodes: ['GOWN'] }, recipients: { recipientIds: people }, policyId: BY_NEED };
    const { previewAllocation } = await coordinator.ask<{ previewAllocation: object }>(PREVIEW, { input });
    expect(previewAllocation).toMatchObject({ __typename: 'NobodyEligibleError' });
    await needing(people.slice(0, 3), [1, 4, 100]);
    const { id, units } = await share(people, BY_NEED);
    expect(units).toEqual([1, 4, 5, 0]);
    expect(await replay(id)).toEqual({ identical: true, differences: [], plan: { policy: { name: 'By need' } } });
  });

  it('Frontline first serves exposure first, up to what it needs', async () => {
    const recipients = [3, 1, 2].map((exposureTier) => ({ name: `Of tier ${exposureTier}`, exposureTier }));
    const { registerRecipients } = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(
      REGISTER,
      { input: { recipients } },
    );
    const people = registerRecipients.recipients.map(({ id }) => id);
    await needing(people, [6, 6, 6]);
    const { id, units } = await share(people, FRONTLINE_FIRST);
    expect(units).toEqual([0, 6, 4]);
    expect(await coordinator.ask(WITHOUT, { id })).toEqual({
      plan: { withoutAward: { nodes: [{ recipient: { id: people[0] }, why: { bindingConstraint: 'TIER' } }] } },
    });
    expect(await replay(id)).toMatchObject({ identical: true, plan: { policy: { name: 'Frontline first' } } });
  });

  it.each([
    ['PROPORTIONAL', [1, 2, 7]],
    ['CONSTRAINED_EQUAL_AWARDS', [2, 4, 4]],
    ['CONSTRAINED_EQUAL_LOSSES', [0, 0, 10]],
    ['TALMUD', [1, 2, 7]],
    ['MAX_MIN_FILL_RATE', [1, 2, 7]],
  ])('of 10 among needs of 2, 4 and 14 goes as %s says: %j', async (rule, expected) => {
    const people = await clinicians(coordinator, 3);
    await needing(people, [2, 4, 14]);
    const { id, units } = await share(people, (await adopt({ rule, claims: 'NEED' })).id);
    expect(units).toEqual(expected);
    expect(await replay(id)).toMatchObject({ identical: true });
  });

  it.each([
    [{ tiers: { by: 'RESERVED', shares: [{ tier: 1, share: 1 }] } }, 'Every lot is cut into parts', [14, 14, 14, 13]],
    [{ minimumLot: [{ itemCode: 'MASK', units: 20 }] }, 'at least 20 masks', [28, 27, 0, 0]],
    [{ wholePacks: true }, 'Only whole packs', [20, 10, 10, 10]],
    [{ tieBreak: 'CARRY_OVER' }, 'rounded down most', [14, 14, 14, 13]],
    [{ memory: { by: 'CUMULATIVE', days: 30 } }, 'in the last 30 days', [14, 14, 14, 13]],
  ])('by %j says so, and is the same when computed again', async (terms, words, expected) => {
    const recipientIds = await clinicians(coordinator, 4);
    const { id: policyId, current } = await adopt({ rule: 'CONSTRAINED_EQUAL_AWARDS', ...terms });
    expect(current.summary).toContain(words);
    const input = { stock: { itemCodes: ['MASK'] }, recipients: { recipientIds }, policyId };
    const { id, awards } = await aPreview(coordinator, input);
    const units = [...awards.nodes.map((award) => award.units), 0, 0, 0, 0].slice(0, 4);
    expect(units.sort((a, b) => b - a)).toEqual(expected);
    expect(await replay(id)).toMatchObject({ identical: true, differences: [] });
  });
});
