import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aDonation,
  aDonor,
  aGroup,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  faultOfInput,
  type PlanView,
  RECEIVE,
  rowCounts,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const EARMARK = 'earmark { strength groups { id name } countries tiers }';
const SHIPMENT = `query($id: ID!) { shipment(id: $id) { lines { ${EARMARK} lots { id ${EARMARK} } } } }`;
const NOWHERE = '01900000-0000-7000-8000-00000000dead';

interface Line {
  earmark: object | null;
  lots: { id: string; earmark: object | null }[];
}

describe('a gift that is for some', () => {
  let world: World;
  let coordinator: Client;
  let group: string;
  let other: string;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    group = await aGroup(coordinator);
    other = await aGroup(coordinator);
  });
  afterAll(() => world.close());

  const linesOf = async (client: Client, id: string) =>
    (await client.ask<{ shipment: { lines: Line[] } | null }>(SHIPMENT, { id })).shipment?.lines;
  const named = (...ids: string[]) => ids.sort().map((id) => ({ id, name: expect.any(String) }));
  const lines = (...earmarks: (object | null)[]) =>
    earmarks.map((earmark) => ({ itemCode: 'MASK', units: 10, ...(earmark && { earmark }) }));

  it('says so on its line and on its lot, each name once', async () => {
    const full = { strength: 'ONLY', groupIds: [other, group, other], countries: ['us', 'CN', 'US'], tiers: [2, 1, 2] };
    const gift = await aDonation(coordinator, {}, { lines: lines(full, { strength: 'FIRST', tiers: [1] }, null) });
    const whole = { strength: 'ONLY', groups: named(group, other), countries: ['CN', 'US'], tiers: [1, 2] };
    const first = { strength: 'FIRST', groups: [], countries: [], tiers: [1] };
    expect(await linesOf(coordinator, gift.id)).toEqual(
      [whole, first, null].map((earmark) => ({ earmark, lots: [{ id: expect.any(String), earmark }] })),
    );
  });

  it('that is announced is for the same when it comes, also in parts', async () => {
    const earmark = { strength: 'FIRST', groupIds: [group], countries: ['DE'] };
    const coming = await anAnnouncement(coordinator, {}, { lines: lines(earmark) });
    for (const lotNumber of ['A', 'B', 'A']) {
      const counts = [{ lineId: coming.lines[0]!.id, acceptedUnits: 3, lotNumber }];
      await coordinator.ask(RECEIVE, { input: { shipmentId: coming.id, counts, close: false } });
    }
    const shown = { strength: 'FIRST', groups: named(group), countries: ['DE'], tiers: [] };
    const lot = { id: expect.any(String), earmark: shown };
    expect(await linesOf(coordinator, coming.id)).toEqual([{ earmark: shown, lots: [lot, lot] }]);
    expect(await world.breaches()).toEqual([]);
  });

  it('names at least somebody, and nobody who does not exist', async () => {
    const donorId = (await aDonor(coordinator)).id;
    const before = await rowCounts(world);
    const faults: [object, string, string?][] = [
      [{ strength: 'ONLY' }, ''],
      [{ strength: 'ONLY', countries: null }, ''],
      [{ strength: 'ONLY', groupIds: [] }, '.groupIds'],
      [{ strength: 'ONLY', countries: [], tiers: [1] }, '.countries'],
      [{ strength: 'ONLY', tiers: [] }, '.tiers'],
      [{ strength: 'ONLY', tiers: [1, 4] }, '.tiers'],
      [{ strength: 'ONLY', countries: ['US', 'UK'] }, '.countries'],
      [{ strength: 'ONLY', countries: ['USA'] }, '.countries'],
      [{ strength: 'ONLY', groupIds: [group, 'us'] }, '.groupIds.1'],
      [{ strength: 'ONLY', groupIds: [group, NOWHERE] }, '.groupIds.1', 'NOT_FOUND'],
      [{ strength: 'MOSTLY', tiers: [1] }, '.strength'],
      [{ tiers: [1] }, '.strength'],
      [{ strength: 'ONLY', tiers: [1, 2, 3, 1] }, '.tiers'],
    ];
    for (const [earmark, place, code = 'BAD_USER_INPUT'] of faults) {
      const field = `input.lines.1.earmark${place}`;
      for (const mutation of ['logDonation', 'announceShipment'])
        expect([earmark, await faultOfInput(coordinator, mutation, { donorId, lines: lines(null, earmark) })]).toEqual([
          earmark,
          { code, field },
        ]);
    }
    expect(await rowCounts(world)).toEqual(before);
  });

  it('is not kept when it is not sound, whoever writes it', async () => {
    const gift = await aDonation(coordinator, {}, { lines: lines({ strength: 'ONLY', tiers: [1] }) });
    const lot = gift.lines[0]!.lots[0]!.id;
    const sets = [
      '{}',
      '{"strength":"ONLY"}',
      '{"tiers":[1]}',
      '{"strength":"ONLY","tiers":[]}',
      '{"strength":"ONLY","tiers":[1],"groups":[]}',
      '"ONLY"',
    ];
    for (const earmark of [
      ...sets,
      '{"strength":"SOME","tiers":[1]}',
      '{"strength":"ONLY","countries":null,"tiers":[1]}',
    ])
      for (const [table, id] of [
        ['lot', lot],
        ['shipment_line', gift.lines[0]!.id],
      ])
        await expect(asOwner(world, `update ${table} set earmark = $2 where id = $1`, [id, earmark])).rejects.toThrow(
          `${table}_earmark_is_sound`,
        );
  });

  it('shows her own wish to its donor, and the groups of it to whoever may know them', async () => {
    const donorId = (await aDonor(coordinator)).id;
    const [member, stranger] = await clinicians(coordinator, 2);
    await coordinator.ask(`mutation($input: ChangeGroupMembersInput!) { changeGroupMembers(input: $input) { id } }`, {
      input: { groupId: group, join: [member] },
    });
    const donor = await world.as('DONOR', donorId);
    const earmark = { strength: 'FIRST', groupIds: [group, other] };
    const gift = await aDonation(donor, {}, { donorId, lines: lines(earmark) });
    const shown = { strength: 'FIRST', groups: named(group, other), countries: [], tiers: [] };
    expect(await linesOf(donor, gift.id)).toMatchObject([{ earmark: shown }]);
    expect(await linesOf(await world.as('DONOR', (await aDonor(coordinator)).id), gift.id)).toBeUndefined();
    expect(await linesOf(await world.as('AUDITOR'), gift.id)).toMatchObject([{ earmark: shown }]);
    const input = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: [member, stranger] } };
    const { previewAllocation: plan } = await coordinator.ask<{ previewAllocation: { id: string } }>(
      'mutation($input: PreviewAllocationInput!) { previewAllocation(input: $input) { ... on Plan { id } } }',
      { input },
    );
    const seen = async (client: Client) =>
      (
        await client.ask<{ plan: { awards: { nodes: { lots: { lot: { earmark: { groups: object[] } } }[] }[] } } }>(
          `query($id: ID!) { plan(id: $id) { awards { nodes { lots { lot { ${EARMARK} } } } } } }`,
          plan,
        )
      ).plan.awards.nodes.flatMap(({ lots }) => lots.map(({ lot }) => lot.earmark.groups));
    await coordinator.ask(COMMIT, { input: { planId: plan.id } });
    expect(await seen(await world.as('RECIPIENT', member))).toEqual([named(group)]);
  });

  describe('when it is split', () => {
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', tieBreak: 'STABLE' };
    let inGroup: string[];
    let outside: string[];
    let circle: string;
    beforeAll(async () => {
      circle = await aGroup(coordinator);
      inGroup = await clinicians(coordinator, 2, [circle]);
      outside = await clinicians(coordinator, 2);
    });
    const members = (input: object) =>
      coordinator.ask('mutation($input: ChangeGroupMembersInput!) { changeGroupMembers(input: $input) { id } }', {
        input,
      });
    const commit = async (planId: string) =>
      (await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId } })).commitAllocation;
    /** Ten masks for some and two for everybody, to be split among four. */
    async function aSplit(earmark: object) {
      const gift = await aDonation(coordinator, {}, { lines: [{ itemCode: 'MASK', units: 2 }, ...lines(earmark)] });
      const recipients = { recipientIds: [...inGroup, ...outside] };
      return aPreview(coordinator, { stock: { shipmentIds: [gift.id] }, recipients, policy });
    }
    const got = ({ awards }: PlanView) =>
      [...inGroup, ...outside].map((id) => awards.nodes.find(({ recipient }) => recipient.id === id)?.units ?? 0);

    it('goes to those named only', async () => {
      expect(got(await aSplit({ strength: 'ONLY', groupIds: [circle] }))).toEqual([5, 5, 1, 1]);
      expect(got(await aSplit({ strength: 'ONLY', groupIds: [circle], countries: ['DE'] }))).toEqual([1, 1, 0, 0]);
    });

    it('says for whom in its sentences, by the names that the reader may know', async () => {
      const plan = await aSplit({ strength: 'ONLY', groupIds: [circle, other] });
      const query = `query($id: ID!) { plan(id: $id) { awards { nodes { recipient { id } sentence } } } }`;
      const sentence = async (client: Client) =>
        (
          await client.ask<{ plan: { awards: { nodes: { recipient: { id: string }; sentence: string }[] } } }>(
            query,
            plan,
          )
        ).plan.awards.nodes.find(({ recipient }) => recipient.id === inGroup[0])!.sentence;
      const { groups } = await coordinator.ask<{ groups: { nodes: { id: string; name: string }[] } }>(
        '{ groups(first: 100) { nodes { id name } } }',
      );
      const nameOf = (id: string) => groups.nodes.find((one) => one.id === id)!.name;
      expect(await sentence(coordinator)).toContain(
        `for groups ${[circle, other].sort().map(nameOf).join(' or ')} only`,
      );
      await coordinator.ask(COMMIT, { input: { planId: plan.id } });
      const hers = await sentence(await world.as('RECIPIENT', inGroup[0]));
      expect(hers).toContain(nameOf(circle));
      expect(hers).not.toContain(nameOf(other));
      expect(hers).toContain(other.slice(-6).toUpperCase());
    });

    it('goes to those named first, and to everybody after them', async () => {
      const cap = [{ itemCode: 'MASK', units: 4 }];
      const gift = await aDonation(coordinator, {}, { lines: lines({ strength: 'FIRST', groupIds: [circle] }) });
      const recipients = { recipientIds: [...inGroup, ...outside] };
      const plan = await aPreview(coordinator, {
        stock: { shipmentIds: [gift.id] },
        recipients,
        policy: { ...policy, cap },
      });
      expect(got(plan)).toEqual([4, 4, 1, 1]);
    });

    it('goes by the tier and the country of each', async () => {
      const [first] = outside;
      await asOwner(world, 'update recipient set exposure_tier = 1 where id = $1', [first]);
      expect(got(await aSplit({ strength: 'ONLY', tiers: [1], countries: ['US'] }))).toEqual([1, 1, 10, 0]);
      await asOwner(world, 'update recipient set exposure_tier = 3 where id = $1', [first]);
    });

    it('tells the engine of those groups alone that matter', async () => {
      const [person] = inGroup;
      const elsewhere = await aGroup(coordinator, [person!]);
      const plan = await aSplit({ strength: 'ONLY', groupIds: [circle] });
      const groupsIn = async (id: string) => {
        const sql = `select r->'groups' as groups from plan p, jsonb_array_elements(p.problem->'recipients') r where p.id = $1 and r->>'id' = $2`;
        return (await asOwner(world, sql, [id, person]))[0];
      };
      expect(await groupsIn(plan.id)).toEqual({ groups: [circle] });
      const gift = await aDonation(coordinator, { MASK: 4 });
      const chosen = { stock: { shipmentIds: [gift.id] }, recipients: { groupIds: [elsewhere] } };
      expect(await groupsIn((await aPreview(coordinator, chosen)).id)).toEqual({ groups: [elsewhere] });
      const apart = { stock: { shipmentIds: [gift.id] }, recipients: { recipientIds: inGroup } };
      expect(await groupsIn((await aPreview(coordinator, apart)).id)).toEqual({ groups: null });
    });

    it('and the circle has changed meanwhile, the plan is stale; another circle does not matter', async () => {
      const stale = { __typename: 'StalePlanError', changed: ['recipients'] };
      const [person] = outside;
      const joined = await aSplit({ strength: 'ONLY', groupIds: [circle] });
      await members({ groupId: circle, join: [person] });
      expect(await commit(joined.id)).toMatchObject(stale);
      const left = await aSplit({ strength: 'FIRST', groupIds: [circle] });
      await members({ groupId: circle, leave: [person] });
      expect(await commit(left.id)).toMatchObject(stale);
      const same = await aSplit({ strength: 'ONLY', groupIds: [circle] });
      await members({ groupId: group, join: [person] });
      await asOwner(world, `update recipient set country = 'DE', exposure_tier = 2 where id = $1`, [person]);
      expect(await commit(same.id)).toMatchObject({ status: 'COMMITTED' });
      expect(await world.breaches()).toEqual([]);
    });

    it('and a country or tier that it names has changed meanwhile, the plan is stale', async () => {
      const [person] = outside;
      const byCountry = await aSplit({ strength: 'FIRST', countries: ['US'] });
      await asOwner(world, `update recipient set country = 'US' where id = $1`, [person]);
      expect(await commit(byCountry.id)).toMatchObject({ changed: ['recipients'] });
      const byTier = await aSplit({ strength: 'FIRST', tiers: [2, 3] });
      await asOwner(world, `update recipient set exposure_tier = 1 where id = $1`, [person]);
      expect(await commit(byTier.id)).toMatchObject({ changed: ['recipients'] });
    });
  });
});
