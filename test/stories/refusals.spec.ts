import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  faultOfInput,
  aDonation,
  aGroup,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  FORM_GROUP,
  PREVIEW,
  rowCounts,
  STOCK,
  thrice,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const CHANGE_MEMBERS = `mutation($input: ChangeGroupMembersInput!) { changeGroupMembers(input: $input) { memberCount } }`;
const CHANGE_STATUS = `mutation($input: ChangeRecipientStatusInput!) { changeRecipientStatus(input: $input) { status } }`;
const DISCARD = `mutation($input: DiscardPlanInput!) { discardPlan(input: $input) { __typename ... on Plan { status }
  ... on PlanNotCancellableError { status } } }`;
const PLAN = `query($id: ID!) { plan(id: $id) { status committedAt staleBecause awards(first: 100) { totalCount nodes { units } }
  unallocated { units reason } } }`;
const PREVIEW_FACTS = PREVIEW.replace(
  '... on UserError',
  '... on PolicyNotSupportedError { field supported } ... on ClaimsNeededError { rule claims } ... on UnknownItemError { itemCode didYouMean } ... on UserError',
);

describe('what the business refuses', () => {
  let world: World;
  let coordinator: Client;
  let group: string;
  let people: string[];

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    group = await aGroup(coordinator);
    people = await clinicians(coordinator, 3, [group]);
    await aDonation(coordinator, { MASK: 10, GOWN: 2 });
  });
  afterAll(() => world.close());

  const preview = async (input: object) =>
    (await thrice(coordinator, PREVIEW_FACTS, { input })).data?.['previewAllocation'];
  const commit = async (planId: string) =>
    (await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId } })).commitAllocation;
  const plan = async (id: string) => (await coordinator.ask<{ plan: object }>(PLAN, { id })).plan;
  const stock = async () => (await coordinator.ask<{ stock: object[] }>(STOCK)).stock;

  describe('at a preview', () => {
    let before: Record<string, number>;
    beforeEach(async () => {
      before = await rowCounts(world);
    });
    const refused = async (input: object, facts: object) => {
      expect(await preview(input)).toMatchObject(facts);
      expect(await rowCounts(world)).toEqual(before);
    };
    const rule = 'CONSTRAINED_EQUAL_AWARDS';

    it.each(['CONSTRAINED_EQUAL_LOSSES', 'TALMUD', 'MAX_MIN_FILL_RATE'])(
      '%s compares awards with claims, and is refused where nobody claims a number',
      async (needy) => {
        const refusal = { __typename: 'ClaimsNeededError', code: 'CLAIMS_NEEDED', rule: needy };
        await refused({ policy: { rule: needy } }, { ...refusal, claims: 'EQUAL' });
        await refused({ policy: { rule: needy, claims: 'HEADCOUNT' } }, { ...refusal, claims: 'HEADCOUNT' });
      },
    );

    it.each(['reserve', 'cap', 'minimumLot', 'guarantee'])('an unknown item in %s is refused', async (table) => {
      const policy = {
        rule,
        [table]: [
          { itemCode: 'mask', units: 0 },
          { itemCode: 'gogles', units: 0 },
        ],
      };
      await refused({ policy }, { __typename: 'UnknownItemError', itemCode: 'gogles', didYouMean: ['GOGGLES'] });
    });

    it('an item that stands twice in a table is a fault: adding the figures up would be a guess', async () => {
      const cap = [
        { itemCode: 'MASK', units: 5 },
        { itemCode: 'mask', units: 7 },
      ];
      expect(await faultOfInput(coordinator, 'previewAllocation', { policy: { rule: 'TALMUD', cap } })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.policy.cap.1.itemCode',
      });
    });

    it('an unknown item in the choice of stock is refused', async () => {
      await refused({ stock: { itemCodes: ['MASK', 'N9'] } }, { __typename: 'UnknownItemError', itemCode: 'N9' });
    });

    it('a choice without stock has nothing to allocate', async () => {
      const coming = await anAnnouncement(coordinator, { MASK: 5 });
      before = await rowCounts(world);
      const nothing = { __typename: 'NothingToAllocateError', code: 'NOTHING_TO_ALLOCATE' };
      await refused({ stock: { shipmentIds: [coming.id] } }, nothing);
      await refused({ stock: { itemCodes: ['GOGGLES'] } }, nothing);
      await refused({ stock: { itemCodes: [] } }, nothing);
      const reserve = [{ itemCode: 'MASK', units: 10 }];
      await refused({ stock: { itemCodes: ['MASK'] }, policy: { rule, reserve } }, nothing);
    });

    it('a lot that has expired is not given, and one that expires today is', async () => {
      const today = new Date().toISOString().slice(0, 10);
      const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
      const lines = [yesterday, today].map((expiresOn) => ({ itemCode: 'N95', units: 3, expiresOn }));
      const gift = await aDonation(coordinator, {}, { lines });
      before = await rowCounts(world);
      const [old, fresh] = gift.lines.map((line) => line.lots[0]!.id);
      await refused({ stock: { lotIds: [old] } }, { __typename: 'NothingToAllocateError' });
      const both = await aPreview(coordinator, { stock: { lotIds: [old, fresh] } });
      expect(await plan(both.id)).toMatchObject({
        awards: { nodes: [{ units: 1 }, { units: 1 }, { units: 1 }] },
        unallocated: [{ units: 3, reason: 'EXPIRED' }],
      });
    });

    it('nobody is eligible in an empty group, among none, or when all pause', async () => {
      const nobody = { __typename: 'NobodyEligibleError', code: 'NOBODY_ELIGIBLE' };
      const empty = await aGroup(coordinator);
      const [pausing] = await clinicians(coordinator, 1);
      await coordinator.ask(CHANGE_STATUS, { input: { recipientId: pausing, status: 'PAUSED' } });
      before = await rowCounts(world);
      await refused({ recipients: { groupIds: [empty] } }, nobody);
      await refused({ recipients: { recipientIds: [] } }, nobody);
      await refused({ recipients: { recipientIds: [pausing] } }, nobody);
    });

    it('two policies, or a version of none, are refused by their field', async () => {
      const policyId = people[0];
      const faults = [
        [{ policyId, policy: { rule } }, 'BAD_USER_INPUT', 'input.policyId'],
        [{ policyVersion: 1 }, 'BAD_USER_INPUT', 'input.policyVersion'],
        [{ policy: { rule }, policyVersion: 1 }, 'BAD_USER_INPUT', 'input.policyVersion'],
        [{ policyId }, 'NOT_FOUND', 'input.policyId'],
      ] as const;
      for (const [input, code, field] of faults)
        expect(await faultOfInput(coordinator, 'previewAllocation', input)).toEqual({ code, field });
      expect(await rowCounts(world)).toEqual(before);
    });

    it('a person in two chosen groups counts once', async () => {
      const twin = await aGroup(coordinator, people);
      const shared = await aPreview(coordinator, {
        stock: { itemCodes: ['MASK'] },
        recipients: { groupIds: [group, twin], recipientIds: [people[0]] },
      });
      expect(shared.awards.totalCount).toBe(3);
    });
  });

  it('a plan is committed once; the second time, and after a discard, it says where it stands', async () => {
    const { id } = await aPreview(coordinator, { stock: { itemCodes: ['GOWN'] }, recipients: { groupIds: [group] } });
    expect(await commit(id)).toMatchObject({ id, status: 'COMMITTED' });
    const after = await rowCounts(world);
    const again = { __typename: 'PlanNotCommittableError', code: 'PLAN_NOT_COMMITTABLE', status: 'COMMITTED' };
    for (let time = 0; time < 3; time++) expect(await commit(id)).toMatchObject(again);
    expect(await rowCounts(world)).toEqual(after);
    const { discardPlan } = await coordinator.ask<{ discardPlan: object }>(DISCARD, { input: { planId: id } });
    expect(discardPlan).toEqual({ __typename: 'PlanNotCancellableError', status: 'COMMITTED' });

    const aside = await aPreview(coordinator, { stock: { itemCodes: ['MASK'] } });
    await coordinator.ask(DISCARD, { input: { planId: aside.id } });
    expect(await commit(aside.id)).toMatchObject({ ...again, status: 'DISCARDED' });
  });

  describe('when the world of a preview has changed', () => {
    const choice = () => ({ stock: { itemCodes: ['MASK'] }, recipients: { groupIds: [group] } });
    const stale = async (id: string, changed: string[]) => {
      const held = await stock();
      const before = await rowCounts(world);
      const refusal = { __typename: 'StalePlanError', code: 'STALE_PLAN', changed };
      expect(await commit(id)).toMatchObject(refusal);
      expect(await plan(id)).toMatchObject({ status: 'STALE', committedAt: null, staleBecause: changed });
      expect(await commit(id)).toMatchObject(refusal);
      expect(await stock()).toEqual(held);
      expect(await rowCounts(world)).toEqual({ ...before, journal: before['journal']! + 1 });
    };

    it('a plan is stale after more stock came in, and reserves nothing', async () => {
      const { id } = await aPreview(coordinator, choice());
      await aDonation(coordinator, { MASK: 1 });
      await stale(id, ['stock']);
    });

    it('a plan is stale after another took of its stock', async () => {
      const { id } = await aPreview(coordinator, choice());
      const other = await aPreview(coordinator, {
        ...choice(),
        policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 1 }] },
      });
      expect(await commit(other.id)).toMatchObject({ status: 'COMMITTED' });
      await stale(id, ['stock']);
    });

    it('a plan is stale after a lot of it has expired', async () => {
      const day = new Date().toISOString().slice(0, 10);
      const gift = await aDonation(coordinator, {}, { lines: [{ itemCode: 'KN95', units: 3, expiresOn: day }] });
      const { id } = await aPreview(coordinator, { stock: { shipmentIds: [gift.id] } });
      await asOwner(world, `update lot set expires_on = expires_on - 1 where shipment_id = $1`, [gift.id]);
      await stale(id, ['stock']);
    });

    it('a plan is stale after somebody joined a chosen group, but not one that was not chosen', async () => {
      const { id } = await aPreview(coordinator, choice());
      await clinicians(coordinator, 1, [group]);
      await stale(id, ['recipients']);
      const unmoved = await aPreview(coordinator, {
        stock: { itemCodes: ['MASK'] },
        recipients: { recipientIds: people },
      });
      await clinicians(coordinator, 1, [group]);
      expect(await commit(unmoved.id)).toMatchObject({ status: 'COMMITTED' });
      await aDonation(coordinator, { MASK: 9 });
    });

    it('a plan is stale after somebody left a chosen group', async () => {
      const { id } = await aPreview(coordinator, choice());
      await coordinator.ask(CHANGE_MEMBERS, { input: { groupId: group, leave: [people[0]] } });
      await stale(id, ['recipients']);
    });

    it('a plan is stale after a recipient paused, and after both have changed', async () => {
      const { id } = await aPreview(coordinator, choice());
      await coordinator.ask(CHANGE_STATUS, { input: { recipientId: people[1], status: 'PAUSED' } });
      await stale(id, ['recipients']);
      const both = await aPreview(coordinator, choice());
      await aDonation(coordinator, { MASK: 1 });
      await coordinator.ask(CHANGE_STATUS, { input: { recipientId: people[1], status: 'ACTIVE' } });
      await stale(both.id, ['stock', 'recipients']);
    });

    it('a plan over everybody and everything is stale after anything', async () => {
      const { id } = await aPreview(coordinator);
      await clinicians(coordinator, 1);
      await stale(id, ['recipients']);
    });
  });

  it('a group takes no name that another has, whatever its case and spaces', async () => {
    await coordinator.ask(FORM_GROUP, { input: { name: 'Chinese doctors in the US' } });
    const before = await rowCounts(world);
    const { data } = await thrice(coordinator, FORM_GROUP, { input: { name: ' chinese  DOCTORS in the us' } });
    expect(data?.['formGroup']).toMatchObject({
      __typename: 'GroupNameTakenError',
      code: 'GROUP_NAME_TAKEN',
      groupId: expect.any(String),
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('after all of that the ledger holds', async () => {
    expect(await world.breaches()).toEqual([]);
  });
});
