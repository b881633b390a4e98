import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aDonation,
  aGroup,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  faultOfInput,
  PREVIEW,
  REFUSAL,
  rowCounts,
  thrice,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface VersionView {
  version: number;
  note: string | null;
  summary: string;
  [term: string]: unknown;
}
interface PolicyView {
  id: string;
  name: string;
  version: number;
  builtIn: boolean;
  retiredAt: string | null;
  description: string | null;
  current: VersionView;
  versions: { totalCount: number; nodes: VersionView[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

const VERSION = `version note summary rule rounding claims tieBreak admit wholePacks tiers { by shares { tier share } } memory { by days }
  reserve { itemCode units item { name } } cap { itemCode units } minimumLot { itemCode units } guarantee { itemCode units }`;
const POLICY_FIELDS = `id name description builtIn version createdAt retiredAt current { ${VERSION} }
  versions(first: 2) { totalCount nodes { ${VERSION} } pageInfo { hasNextPage endCursor } }`;
const ADOPT = `mutation($input: AdoptPolicyInput!) { adoptPolicy(input: $input) { ... on Policy { ${POLICY_FIELDS} }
  ... on PolicyNameTakenError { policyId } ... on UnknownItemError { itemCode didYouMean }
  ... on PolicyNotSupportedError { field supported } ... on ClaimsNeededError { rule claims } ${REFUSAL} } }`;
const REVISE = `mutation($input: RevisePolicyInput!) { revisePolicy(input: $input) { ... on PolicyVersion { ${VERSION} policy { id version } }
  ... on PolicyRevisedMeanwhileError { currentVersion } ... on PolicyRetiredError { policyId } ... on PolicyBuiltInError { policyId }
  ... on UnknownItemError { itemCode } ${REFUSAL} } }`;
const RETIRE = `mutation($input: RetirePolicyInput!) { retirePolicy(input: $input) { ... on Policy { id retiredAt }
  ... on PolicyRetiredError { policyId since } ... on PolicyBuiltInError { policyId } ${REFUSAL} } }`;
const POLICY = `query($id: ID!) { policy(id: $id) { ${POLICY_FIELDS} } }`;
const POLICIES = `query($includeRetired: Boolean) { policies(includeRetired: $includeRetired, first: 100) { totalCount nodes { id name builtIn version retiredAt } } }`;
const PLAN = `query($id: ID!) { plan(id: $id) { id status policyVersion policy { id name retiredAt version versions { nodes { version note } } } awards(first: 100) { nodes { units } } } }`;
const EQUAL_SPLIT = '01900000-0000-7000-8000-000000000201';
const BY_NEED = '01900000-0000-7000-8000-000000000202';
const FRONTLINE_FIRST = '01900000-0000-7000-8000-000000000203';
const rule = 'CONSTRAINED_EQUAL_AWARDS';

describe('policies', () => {
  let world: World;
  let coordinator: Client;
  let group: string;
  let people: string[];
  let made = 0;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    group = await aGroup(coordinator);
    people = await clinicians(coordinator, 4, [group]);
    await aDonation(coordinator, { MASK: 50, GOWN: 10 });
  });
  afterAll(() => world.close());

  const adopt = async (input: object) =>
    (await coordinator.ask<{ adoptPolicy: PolicyView }>(ADOPT, { input: { name: `Policy ${++made}`, ...input } }))
      .adoptPolicy;
  const revise = async (input: object) =>
    (await coordinator.ask<{ revisePolicy: VersionView }>(REVISE, { input })).revisePolicy;
  const retire = async (policyId: string, reason = 'done') =>
    (await coordinator.ask<{ retirePolicy: object }>(RETIRE, { input: { policyId, reason } })).retirePolicy;
  const policy = async (id: string) => (await coordinator.ask<{ policy: PolicyView }>(POLICY, { id })).policy;
  const plan = async (id: string) => (await coordinator.ask<{ plan: object }>(PLAN, { id })).plan;
  const preview = async (input: object) =>
    (await thrice(coordinator, PREVIEW, { input: { recipients: { groupIds: [group] }, ...input } })).data?.[
      'previewAllocation'
    ];
  const masks = { stock: { itemCodes: ['MASK'] } };
  const capOf = (units: number) => ({ rule, cap: [{ itemCode: 'mask', units }] });

  it('three are there from the start, each with what it does in words', async () => {
    const { policies } = await coordinator.ask<{ policies: { nodes: PolicyView[] } }>(POLICIES);
    expect(policies.nodes.map(({ id, name, builtIn, version }) => [id, name, builtIn, version])).toEqual([
      [EQUAL_SPLIT, 'Equal split', true, 1],
      [BY_NEED, 'By need', true, 1],
      [FRONTLINE_FIRST, 'Frontline first', true, 1],
    ]);
    const lottery = 'Single units that cannot be divided go by a lottery that anybody can draw again.';
    expect((await policy(EQUAL_SPLIT)).current.summary).toBe(`Everybody gets the same. ${lottery}`);
    expect((await policy(BY_NEED)).current).toMatchObject({ claims: 'NEED', rule, tieBreak: 'LOTTERY' });
    expect((await policy(FRONTLINE_FIRST)).current).toMatchObject({
      claims: 'NEED',
      tiers: { by: 'STRICT', shares: [] },
    });
    expect((await policy(FRONTLINE_FIRST)).description).toContain('Exposure decides who comes first');
  });

  it('one is adopted whole: codes as the catalogue spells them, and nothing left to be understood', async () => {
    const adopted = await adopt({
      name: '  Two each ',
      description: 'While there are few.',
      policy: {
        rule: 'PROPORTIONAL',
        guarantee: [{ itemCode: 'mask', units: 2 }],
        reserve: [{ itemCode: 'face shield', units: 7 }],
      },
    });
    expect(adopted).toMatchObject({
      name: 'Two each',
      description: 'While there are few.',
      builtIn: false,
      version: 1,
      retiredAt: null,
    });
    const version = {
      version: 1,
      note: null,
      summary:
        'Everybody gets an equal share, rounded by the largest remainders (Hamilton). Kept back first: 7 face shields. Everybody is guaranteed 2 masks, as far as claimed. Single units that cannot be divided go by a lottery that anybody can draw again.',
      rule: 'PROPORTIONAL',
      rounding: 'LARGEST_REMAINDER',
      claims: 'EQUAL',
      tieBreak: 'LOTTERY',
      admit: 'TIE_ORDER',
      wholePacks: false,
      tiers: { by: 'NONE', shares: [] },
      memory: { by: 'NONE', days: null },
      reserve: [{ itemCode: 'FACE_SHIELD', units: 7, item: { name: 'Face shield' } }],
      cap: [],
      minimumLot: [],
      guarantee: [{ itemCode: 'MASK', units: 2 }],
    };
    expect(adopted.current).toEqual(version);
    expect(await policy(adopted.id)).toEqual(adopted);
    expect(adopted.versions.nodes).toEqual([version]);
  });

  it('a revision is a further version; the earlier ones stay as they were', async () => {
    const { id, current } = await adopt({ policy: capOf(1) });
    for (const units of [2, 3])
      expect(await revise({ policyId: id, policy: capOf(units), note: `now ${units}` })).toMatchObject({
        version: units,
        note: `now ${units}`,
        cap: [{ itemCode: 'MASK', units }],
        policy: { id, version: units },
      });
    const { versions, version } = await policy(id);
    expect([version, versions.totalCount, versions.nodes.map((v) => v.version)]).toEqual([3, 3, [3, 2]]);
    expect(versions.pageInfo.hasNextPage).toBe(true);
    const rest = `query($id: ID!, $after: String) { policy(id: $id) { versions(after: $after) { nodes { ${VERSION} } } } }`;
    const last = await coordinator.ask<{ policy: PolicyView }>(rest, { id, after: versions.pageInfo.endCursor });
    expect(last.policy.versions.nodes).toEqual([current]);
  });

  it('whoever revises what somebody else has revised meanwhile is told', async () => {
    const { id } = await adopt({ policy: capOf(1) });
    await revise({ policyId: id, policy: capOf(2), expectedVersion: 1 });
    expect(await revise({ policyId: id, policy: capOf(3), expectedVersion: 1 })).toMatchObject({
      __typename: 'PolicyRevisedMeanwhileError',
      currentVersion: 2,
    });
    expect((await policy(id)).version).toBe(2);
  });

  it('of ten revisions at once each is a version of its own, and of ten that expect one version one is', async () => {
    const { id } = await adopt({ policy: capOf(1) });
    const all = await Promise.all(Array.from({ length: 10 }, () => revise({ policyId: id, policy: capOf(5) })));
    expect(all.map(({ version }) => version).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const race = await Promise.all(
      Array.from({ length: 10 }, () => revise({ policyId: id, policy: capOf(5), expectedVersion: 11 })),
    );
    expect(race.filter(({ version }) => version === 12)).toHaveLength(1);
    expect((await policy(id)).version).toBe(12);
  });

  it('of ten adoptions at once under one name one is adopted, and the others name it', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) => adopt({ name: i % 2 ? 'Contended' : ' CONTENDED', policy: { rule } })),
    );
    const [adopted] = all.filter(({ version }) => version === 1);
    expect(all.filter((one) => one !== adopted)).toEqual(
      Array.from({ length: 9 }, () =>
        expect.objectContaining({ __typename: 'PolicyNameTakenError', policyId: adopted!.id }),
      ),
    );
  });

  it('of ten retirements at once one takes effect, and the others are told since when', async () => {
    const { id } = await adopt({ policy: { rule } });
    const all = await Promise.all(Array.from({ length: 10 }, () => retire(id)));
    expect(all.filter((one) => 'retiredAt' in one)).toHaveLength(1);
    expect(all.filter((one) => 'since' in one)).toHaveLength(9);
    const { journal } = await rowCounts(world);
    await retire(id);
    expect((await rowCounts(world))['journal']).toBe(journal);
  });

  it('a name is free again once its policy is retired, and not before', async () => {
    const { id } = await adopt({ name: 'Spring', policy: { rule } });
    const taken = { __typename: 'PolicyNameTakenError', code: 'POLICY_NAME_TAKEN' };
    expect(await adopt({ name: ' sprinG ', policy: { rule } })).toMatchObject({ ...taken, policyId: id });
    expect(await adopt({ name: 'equal  split', policy: { rule } })).toMatchObject({ ...taken, policyId: EQUAL_SPLIT });
    await retire(id);
    expect(await adopt({ name: 'Spring', policy: { rule } })).toMatchObject({ version: 1 });
  });

  it('a retired one is used and changed no more, is listed on request, and says since when', async () => {
    const { id } = await adopt({ policy: capOf(1) });
    const { id: planId } = await aPreview(coordinator, { ...masks, policyId: id });
    expect(await retire(id, 'summer')).toMatchObject({ id, retiredAt: expect.any(String) });
    const refusal = { __typename: 'PolicyRetiredError', code: 'POLICY_RETIRED' };
    const before = await rowCounts(world);
    expect(await retire(id)).toMatchObject({ ...refusal, policyId: id, since: expect.any(String) });
    expect(await revise({ policyId: id, policy: { rule } })).toMatchObject({ ...refusal, policyId: id });
    expect(await preview({ ...masks, policyId: id })).toMatchObject(refusal);
    expect(await preview({ ...masks, policyId: id, policyVersion: 1 })).toMatchObject(refusal);
    expect(await rowCounts(world)).toEqual(before);

    const listed = async (includeRetired: boolean) =>
      (await coordinator.ask<{ policies: { nodes: PolicyView[] } }>(POLICIES, { includeRetired })).policies.nodes.map(
        (node) => node.id,
      );
    expect([(await listed(false)).includes(id), (await listed(true)).includes(id)]).toEqual([false, true]);
    expect(await plan(planId)).toMatchObject({ policy: { id, retiredAt: expect.any(String) }, policyVersion: 1 });
    // What was previewed before is a plan like any other.
    const { commitAllocation } = await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId } });
    expect(commitAllocation).toMatchObject({ status: 'COMMITTED' });
    const journal = await asOwner(
      world,
      `select reason from journal where action = 'retirePolicy' and reference ->> 'policyId' = $1`,
      [id],
    );
    expect(journal).toEqual([{ reason: 'summer' }]);
  });

  it('a built-in one is neither revised nor retired', async () => {
    const refusal = { __typename: 'PolicyBuiltInError', code: 'POLICY_BUILT_IN', policyId: EQUAL_SPLIT };
    expect(await revise({ policyId: EQUAL_SPLIT, policy: { rule } })).toMatchObject(refusal);
    expect(await retire(EQUAL_SPLIT)).toMatchObject(refusal);
  });

  it('a repeated call gives the first answer and no second effect, also after a later revision', async () => {
    const input = { name: 'Keyed', policy: { rule }, idempotencyKey: 'adopt' };
    const first = await adopt(input);
    expect((await adopt(input)).id).toBe(first.id);
    const second = { policyId: first.id, policy: capOf(2), idempotencyKey: 'revise' };
    expect(await revise(second)).toMatchObject({ version: 2 });
    await revise({ policyId: first.id, policy: capOf(3) });
    expect(await revise(second)).toMatchObject({ version: 2, cap: [{ units: 2 }] });
    const last = { policyId: first.id, reason: 'r', idempotencyKey: 'retire' };
    for (let time = 0; time < 2; time++)
      expect(await coordinator.ask(RETIRE, { input: last })).toMatchObject({ retirePolicy: { id: first.id } });
    expect((await policy(first.id)).version).toBe(3);
    const conflict = await coordinator.error(ADOPT, { input: { ...input, name: 'Other' } });
    expect(conflict.extensions.code).toBe('CONFLICT');
  });

  it('nobody changes a version afterwards: not the application, and not the owner of the database', async () => {
    const change = `update policy_version set terms = terms || '{"claims": "NEED"}' where policy_id = $1`;
    for (const sql of [change, `delete from policy_version where policy_id = $1`]) {
      await expect(asOwner(world, sql, [EQUAL_SPLIT])).rejects.toThrow('policy_version is append-only');
      await expect(world.dataSource.query(sql, [EQUAL_SPLIT])).rejects.toThrow('permission denied');
    }
    await expect(asOwner(world, `truncate policy_version cascade`)).rejects.toThrow('policy_version is append-only');
    await expect(world.dataSource.query(`update policy set name = 'Mine'`)).rejects.toThrow('permission denied');
    await expect(asOwner(world, `update policy set retired_at = now() where built_in`)).rejects.toThrow(
      'policy_built_in_is_never_retired',
    );
  });

  describe('what cannot be adopted', () => {
    const fault = (given: object, field: string) => [JSON.stringify(given), given, field] as const;
    const wrong = [
      fault({ seed: 'spring' }, 'seed'),
      fault({ tiers: { by: 'RESERVED' } }, 'tiers.shares'),
      fault({ tiers: { by: 'STRICT', shares: [{ tier: 1, share: 1 }] } }, 'tiers.shares'),
      fault({ tiers: { by: 'RESERVED', shares: [{ tier: 4, share: 1 }] } }, 'tiers.shares.0.tier'),
      fault({ tiers: { by: 'RESERVED', shares: [{ tier: 1, share: 1001 }] } }, 'tiers.shares.0.share'),
      fault({ memory: { by: 'CUMULATIVE' } }, 'memory.days'),
      fault({ memory: { by: 'CUMULATIVE', days: 3651 } }, 'memory.days'),
      fault({ memory: { by: 'ROUNDING', days: 1 } }, 'memory.days'),
      fault(
        {
          cap: [
            { itemCode: 'MASK', units: 1 },
            { itemCode: 'mask', units: 2 },
          ],
        },
        'cap.1.itemCode',
      ),
    ];

    it.each(wrong)('%s is a fault of its field', async (_text, given, field) => {
      const before = await rowCounts(world);
      const asked = { rule, ...given };
      const expected = { code: 'BAD_USER_INPUT', field: `input.policy.${field}` };
      expect(await faultOfInput(coordinator, 'adoptPolicy', { name: 'Wrong', policy: asked })).toEqual(expected);
      const policyId = EQUAL_SPLIT;
      expect(await faultOfInput(coordinator, 'revisePolicy', { policyId, policy: asked })).toEqual(expected);
      if (!('seed' in given))
        expect(await faultOfInput(coordinator, 'previewAllocation', { policy: asked })).toEqual(expected);
      expect(await rowCounts(world)).toEqual(before);
    });

    it('a seed belongs to one split, and to a lottery', async () => {
      const stable = { rule, tieBreak: 'STABLE', seed: 'spring' };
      expect(await faultOfInput(coordinator, 'previewAllocation', { policy: stable })).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.policy.seed',
      });
      expect(await aPreview(coordinator, { ...masks, policy: { rule, seed: 'spring' } })).toMatchObject({
        status: 'PREVIEW',
      });
    });

    it('an unknown item, and a rule without the claims that it needs, are refused with the facts', async () => {
      const cap = [{ itemCode: 'gogles', units: 1 }];
      expect(await adopt({ policy: { rule, cap } })).toMatchObject({
        __typename: 'UnknownItemError',
        itemCode: 'gogles',
        didYouMean: ['GOGGLES'],
      });
      expect(await adopt({ policy: { rule: 'TALMUD' } })).toMatchObject({
        __typename: 'ClaimsNeededError',
        rule: 'TALMUD',
        claims: 'EQUAL',
      });
      expect(await adopt({ policy: { rule: 'TALMUD', claims: 'NEED' } })).toMatchObject({ version: 1 });
    });

    it('a policy or a version that there is not is not found', async () => {
      const nobody = people[0];
      const { id } = await adopt({ policy: { rule } });
      expect(await coordinator.ask(POLICY, { id: nobody })).toEqual({ policy: null });
      const absent = [
        ['revisePolicy', { policyId: nobody, policy: { rule } }, 'input.policyId'],
        ['retirePolicy', { policyId: nobody, reason: 'r' }, 'input.policyId'],
        ['previewAllocation', { policyId: nobody }, 'input.policyId'],
        ['previewAllocation', { policyId: id, policyVersion: 2 }, 'input.policyVersion'],
      ] as const;
      for (const [mutation, input, field] of absent)
        expect(await faultOfInput(coordinator, mutation, input)).toEqual({ code: 'NOT_FOUND', field });
      expect(await faultOfInput(coordinator, 'previewAllocation', { policyId: id, policyVersion: 2 ** 31 })).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.policyVersion',
      });
    });
  });

  describe('a preview', () => {
    const unitsOf = (shown: unknown) =>
      (shown as { awards: { nodes: { units: number }[] } }).awards.nodes.map(({ units }) => units);

    it('goes by the equal split where nothing is named, and says so', async () => {
      const { id } = await aPreview(coordinator, masks);
      expect(await plan(id)).toMatchObject({ policy: { id: EQUAL_SPLIT, name: 'Equal split' }, policyVersion: 1 });
      const once = await aPreview(coordinator, { ...masks, policy: { rule } });
      expect(await plan(once.id)).toMatchObject({ policy: null, policyVersion: null });
    });

    it('goes by the newest version of a policy, or by the one that is named, and the plan keeps which', async () => {
      const { id } = await adopt({ policy: capOf(2) });
      await revise({ policyId: id, policy: capOf(3) });
      const newest = await aPreview(coordinator, { ...masks, recipients: { groupIds: [group] }, policyId: id });
      const first = await aPreview(coordinator, {
        ...masks,
        recipients: { groupIds: [group] },
        policyId: id,
        policyVersion: 1,
      });
      await revise({ policyId: id, policy: capOf(4) });
      expect([unitsOf(newest), unitsOf(first)]).toEqual([
        [3, 3, 3, 3],
        [2, 2, 2, 2],
      ]);
      expect(await plan(newest.id)).toMatchObject({ policy: { id, version: 3 }, policyVersion: 2 });
      expect(await plan(first.id)).toMatchObject({ policyVersion: 1 });
    });

    it('keeps what the policy guarantees, and divides in proportion where it says so', async () => {
      const { id } = await adopt({ policy: { rule: 'PROPORTIONAL', guarantee: [{ itemCode: 'GOWN', units: 2 }] } });
      const input = { stock: { itemCodes: ['GOWN'] }, recipients: { groupIds: [group] }, policyId: id };
      const shared = await aPreview(coordinator, input);
      expect(unitsOf(shared).toSorted((a, b) => a - b)).toEqual([2, 2, 3, 3]);
    });

    it('draws a lottery of its own each time', async () => {
      const { id } = await adopt({ policy: { rule } });
      const seeds = new Set<string>();
      for (let time = 0; time < 3; time++)
        seeds.add(
          ((await aPreview(coordinator, { ...masks, policyId: id })) as unknown as { seedHash: string }).seedHash,
        );
      expect(seeds.size).toBe(3);
    });

    it('is found by its policy', async () => {
      const { id } = await adopt({ policy: { rule } });
      const { id: planId } = await aPreview(coordinator, { ...masks, policyId: id });
      const plans = `query($policyIds: [ID!]) { plans(policyIds: $policyIds, statuses: [PREVIEW]) { totalCount nodes { id policy { id } } } }`;
      expect(await coordinator.ask(plans, { policyIds: [id] })).toEqual({
        plans: { totalCount: 1, nodes: [{ id: planId, policy: { id } }] },
      });
      expect(await coordinator.ask(plans, { policyIds: [] })).toMatchObject({ plans: { totalCount: 0 } });
    });
  });

  it('a recipient sees the policy of her plan, and not why it was revised', async () => {
    const { id } = await adopt({ policy: { rule } });
    await revise({ policyId: id, policy: capOf(9), note: 'The ward next door asked.' });
    const { id: planId } = await aPreview(coordinator, { ...masks, policyId: id });
    const herself = await world.as('RECIPIENT', people[0]);
    // A preview is no promise, and not hers to see.
    expect(await herself.ask(PLAN, { id: planId })).toEqual({ plan: null });
    await coordinator.ask(COMMIT, { input: { planId } });
    const notes = [
      { version: 2, note: null },
      { version: 1, note: null },
    ];
    expect(await herself.ask(PLAN, { id: planId })).toMatchObject({
      plan: { policyVersion: 2, policy: { id, versions: { nodes: notes } } },
    });
    const auditor = await world.as('AUDITOR');
    expect(await auditor.ask(POLICY, { id })).toMatchObject({
      policy: { current: { note: 'The ward next door asked.' } },
    });
  });

  it('after all of that the ledger holds', async () => {
    expect(await world.breaches()).toEqual([]);
  });
});
