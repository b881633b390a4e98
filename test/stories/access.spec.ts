import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aGroup,
  aNeed,
  asOwner,
  DISPATCH,
  REGISTER,
  rowCounts,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const FRAGMENTS = `
  fragment P on Recipient { __typename id name profession specialty facility subdivision email phone country groups { name } }
  fragment G on Donor { __typename id name country email phone anonymous }
  fragment L on Lot { donor { ...G } shipment { donor { ...G } lines { lots { donor { ...G } } } } }
  fragment D on Delivery { recipient { ...P } lines { lot { ...L } } plan { ...A } }
  fragment A on Plan { awards(first: 5) { nodes { recipient { ...P } lots { lot { ...L } } } } withoutAward(first: 2) { nodes { recipient { ...P } } } unallocated { lot { ...L } } }
  fragment T on Distribution { recipient { ...P } donor { ...G } shipment { donor { ...G } } lot { ...L } plan { ...A } }
  fragment S on DistributionSummaryRow { recipient { ...P } donor { ...G } group { name } }`;

/** Every way to a person or a giver, by operation. */
const WAYS = {
  recipient: '($recipient: ID!) { recipient(id: $recipient) { ...P } }',
  recipients: '{ recipients { nodes { ...P } edges { node { ...P } } } }',
  groups: '{ groups { nodes { members { nodes { ...P } } } } }',
  donor: '($donor: ID!) { donor(id: $donor) { ...G } }',
  donors: '{ donors { nodes { ...G shipments { nodes { donor { ...G } } } } } }',
  shipments: '{ shipments { nodes { donor { ...G } lines { lots { ...L } } } } }',
  shipment: '($shipment: ID!) { shipment(id: $shipment) { donor { ...G } lines { lots { ...L } } } }',
  lot: '($lot: ID!) { lot(id: $lot) { ...L } }',
  plan: '($plan: ID!) { plan(id: $plan) { ...A } }',
  plans: '{ plans(first: 2) { nodes { ...A } } }',
  delivery: '($delivery: ID!) { delivery(id: $delivery) { ...D } }',
  deliveries: '{ deliveries(first: 5) { nodes { ...D } } }',
  need: '($need: ID!) { need(id: $need) { recipient { ...P } } }',
  needs: '{ needs { nodes { recipient { ...P needs { nodes { recipient { ...P } } } } } } }',
  distributions: '{ distributions(first: 5) { nodes { ...T } } }',
  byDonor: '{ distributionSummary(by: [DONOR]) { ...S } }',
  byRecipient: '{ distributionSummary(by: [RECIPIENT]) { ...S } }',
  byGroup: '{ distributionSummary(by: [GROUP]) { group { name members { nodes { ...P } } } } }',
  donorImpact: '($donor: ID!) { donorImpact(donorId: $donor) { donor { ...G } byItem { ...S } } }',
  lotTrace: '($lot: ID!) { lotTrace(lotId: $lot) { lot { ...L } holders(first: 5) { nodes { ...T } } } }',
} as const;
type Way = keyof typeof WAYS;

const HOSPITAL = {
  facility: 'Secret Hospital',
  profession: 'physician',
  specialty: 'Secretology',
  country: 'US',
  subdivision: 'US-NY',
};

interface Seen {
  readonly code?: string | undefined;
  readonly people: Record<string, unknown>[];
  readonly givers: Record<string, unknown>[];
  readonly data: Record<string, unknown> | null;
}

describe('who sees whom', () => {
  let world: World;
  let coordinator: Client;
  let anna: string;
  let berta: string;
  let hidden: string;
  let open: string;
  let ids: Record<
    'shipment' | 'lot' | 'openShipment' | 'openLot' | 'plan' | 'delivery' | 'bertas' | 'need' | 'bertasNeed',
    string
  >;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const group = await aGroup(coordinator);
    const recipients = ['Anna', 'Berta'].map((name, i) => ({
      ...HOSPITAL,
      name: `${name} Secret`,
      email: `${name.toLowerCase()}@secret.org`,
      phone: `+1415555012${i}`,
    }));
    const registered = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
      input: { recipients, groupIds: [group] },
    });
    [anna, berta] = registered.registerRecipients.recipients.map(({ id }) => id) as [string, string];
    hidden = (
      await aDonor(coordinator, {
        name: 'Hidden Secret',
        email: 'h@secret.org',
        phone: '+14155550131',
        anonymous: true,
      })
    ).id;
    open = (await aDonor(coordinator, { name: 'Open Company', email: 'o@secret.org', phone: '+14155550132' })).id;
    const gift = await aDonation(coordinator, { MASK: 5 }, { donorId: hidden });
    const openGift = await aDonation(coordinator, { MASK: 4, GOWN: 1 }, { donorId: open });
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', tieBreak: 'STABLE', reserve: [{ itemCode: 'MASK', units: 1 }] };
    const { plan, deliveries } = await aCommittedPlan(coordinator, { policy });
    ids = {
      shipment: gift.id,
      lot: gift.lines[0]!.lots[0]!.id,
      openShipment: openGift.id,
      openLot: openGift.lines[0]!.lots[0]!.id,
      plan: plan.id,
      delivery: deliveries.find(({ recipient }) => recipient.id === anna)!.id,
      bertas: deliveries.find(({ recipient }) => recipient.id === berta)!.id,
      need: (await aNeed(coordinator, anna)).id,
      bertasNeed: (await aNeed(coordinator, berta)).id,
    };
  });
  afterAll(() => world.close());

  async function look(client: Client, way: Way, of: object = {}): Promise<Seen> {
    const variables = { recipient: anna, donor: hidden, ...ids, ...of };
    const needed = new Set<string>();
    const spread = (text: string): void => {
      for (const [, name] of text.matchAll(/\.\.\.([A-Z])\b/g))
        if (!needed.has(name!)) {
          needed.add(name!);
          spread(FRAGMENTS.split('\n').find((line) => line.includes(`fragment ${name} on`))!);
        }
    };
    spread(WAYS[way]);
    const fragments = FRAGMENTS.split('\n').filter((line) => needed.has(/fragment (\w)/.exec(line)?.[1] ?? ''));
    const { data, errors } = await client.answer(`query${WAYS[way]} ${fragments.join(' ')}`, variables);
    const people: Record<string, unknown>[] = [];
    const givers: Record<string, unknown>[] = [];
    JSON.parse(JSON.stringify(data ?? {}), (_key, value: Record<string, unknown> | null) => {
      if (value?.['__typename'] === 'Recipient') people.push(value);
      if (value?.['__typename'] === 'Donor') givers.push(value);
      return value;
    });
    return { code: errors?.[0]?.extensions.code, people, givers, data };
  }

  const pseudonym = (id: string) => `Clinician ${id.slice(-6).toUpperCase()}`;
  const whole = (id: string) => ({
    ...HOSPITAL,
    name: `${id === anna ? 'Anna' : 'Berta'} Secret`,
    email: `${id === anna ? 'anna' : 'berta'}@secret.org`,
    phone: `+1415555012${id === anna ? 0 : 1}`,
  });
  const veiled = (id: string) => ({
    name: pseudonym(id),
    profession: null,
    specialty: null,
    facility: null,
    subdivision: null,
    email: null,
    phone: null,
    country: 'US',
    groups: [],
  });
  const giver = (id: string, known: boolean, reached: boolean) => ({
    name: id === open ? 'Open Company' : known ? 'Hidden Secret' : 'Anonymous donor',
    country: id === open || known ? 'CN' : null,
    email: reached ? `${id === open ? 'o' : 'h'}@secret.org` : null,
    phone: reached ? `+1415555013${id === open ? 2 : 1}` : null,
    anonymous: id === hidden,
  });

  /** Every way of the list shows people and givers, each of them just so. */
  async function expectOn(
    client: Client,
    ways: readonly Way[],
    person: (id: string) => object,
    donor: (id: string) => object,
  ) {
    let people = 0;
    let givers = 0;
    for (const way of ways) {
      const seen = await look(client, way);
      expect([way, seen.code, seen.people.length + seen.givers.length > 0]).toEqual([way, undefined, true]);
      for (const one of seen.people)
        expect([way, one]).toEqual([way, expect.objectContaining(person(one['id'] as string))]);
      for (const one of seen.givers)
        expect([way, one]).toEqual([way, expect.objectContaining(donor(one['id'] as string))]);
      people += seen.people.length;
      givers += seen.givers.length;
    }
    return { people, givers };
  }
  const idsOf = (seen: Record<string, unknown>[]) => [...new Set(seen.map((one) => one['id']))].sort();
  const ALL = Object.keys(WAYS) as Way[];

  it('a coordinator sees everybody, on every way', async () => {
    const seen = await expectOn(coordinator, ALL, whole, (id) => giver(id, true, true));
    expect(seen.people).toBeGreaterThan(30);
    expect(seen.givers).toBeGreaterThan(50);
    expect(idsOf((await look(coordinator, 'plan')).people)).toEqual([anna, berta].sort());
  });

  it('an auditor sees workplaces and no names, givers and no addresses, on every way', async () => {
    const auditor = await world.as('AUDITOR');
    const person = (id: string) => ({ ...veiled(id), ...HOSPITAL, groups: [{ name: expect.any(String) }] });
    const seen = await expectOn(auditor, ALL, person, (id) => giver(id, false, false));
    expect(seen.people).toBeGreaterThan(30);
    const search = await auditor.error('{ recipients(search: "Anna") { totalCount } }');
    expect(search.extensions.code).toBe('FORBIDDEN');
  });

  it('a recipient sees herself whole, nobody else, and givers as they wish to be seen', async () => {
    const herself = await world.as('RECIPIENT', anna);
    const ways: Way[] = [
      'recipient',
      'plan',
      'delivery',
      'deliveries',
      'need',
      'needs',
      'distributions',
      'byDonor',
      'byRecipient',
    ];
    const seen = await expectOn(herself, ways, whole, (id) => giver(id, false, false));
    expect(seen.givers).toBeGreaterThan(10);
    for (const way of ways) expect(idsOf((await look(herself, way)).people)).toEqual(way === 'byDonor' ? [] : [anna]);
    const { data } = await look(herself, 'plan');
    expect(data).toMatchObject({ plan: { unallocated: [] } });
  });

  it('a recipient does not reach another: not by id, by filter, by group or by the plan they share', async () => {
    const herself = await world.as('RECIPIENT', anna);
    expect((await look(herself, 'recipient', { recipient: berta })).data).toEqual({ recipient: null });
    expect((await look(herself, 'delivery', { delivery: ids.bertas })).data).toEqual({ delivery: null });
    expect((await look(herself, 'need', { need: ids.bertasNeed })).data).toEqual({ need: null });
    const others = await herself.ask<Record<string, unknown>>(
      `query($berta: ID!) { deliveries(recipientId: $berta) { totalCount } needs(recipientIds: [$berta]) { totalCount } distributions(filter: { recipientIds: [$berta] }) { totalCount nodes { id } }
        distributionSummary(by: [RECIPIENT], filter: { recipientIds: [$berta] }) { units } }`,
      { berta },
    );
    expect(others).toEqual({
      deliveries: { totalCount: 0 },
      needs: { totalCount: 0 },
      distributions: { totalCount: 0, nodes: [] },
      distributionSummary: [],
    });
    expect((await look(herself, 'byGroup')).code).toBe('FORBIDDEN');
    for (const way of [
      'recipients',
      'groups',
      'donors',
      'plans',
      'lot',
      'donorImpact',
      'lotTrace',
      'shipments',
    ] as const)
      expect([way, (await look(herself, way)).code]).toEqual([way, 'FORBIDDEN']);
    const shipments = await herself.error('{ distributions { nodes { donor { shipments { totalCount } } } } }');
    expect(shipments.extensions.code).toBe('FORBIDDEN');
    const totals = await herself.ask<{ plan: object }>(
      `query($plan: ID!) { plan(id: $plan) { awards { totalCount nodes { units } } } }`,
      ids,
    );
    expect(totals).toMatchObject({ plan: { awards: { totalCount: 2 } } });
  });

  it('a donor sees her own gifts, and no clinician by name, workplace or group', async () => {
    const donor = await world.as('DONOR', hidden);
    const ways: Way[] = ['donor', 'shipment', 'shipments', 'distributions', 'byDonor', 'donorImpact', 'lotTrace'];
    const seen = await expectOn(donor, ways, veiled, () => giver(hidden, true, true));
    expect(seen.people).toBeGreaterThan(3);
    for (const way of ways) {
      expect(idsOf((await look(donor, way)).givers)).toEqual([hidden]);
      expect(JSON.stringify((await look(donor, way)).data)).not.toMatch(/Anna|Berta|Hospital|US-NY|"awards"/);
    }
  });

  it('a donor does not reach the gifts of another', async () => {
    const donor = await world.as('DONOR', hidden);
    const another = { donor: open, shipment: ids.openShipment, lot: ids.openLot };
    for (const way of ['donor', 'shipment', 'donorImpact', 'lotTrace'] as const)
      expect((await look(donor, way, another)).data).toEqual({ [way]: null });
    const others = await donor.ask<Record<string, unknown>>(
      `query($open: ID!) { shipments(donorIds: [$open]) { totalCount } distributions(filter: { donorIds: [$open] }) { totalCount }
        distributionSummary(by: [ITEM], filter: { donorIds: [$open] }) { units } }`,
      { open },
    );
    expect(others).toEqual({ shipments: { totalCount: 0 }, distributions: { totalCount: 0 }, distributionSummary: [] });
    for (const way of [
      'recipient',
      'recipients',
      'groups',
      'donors',
      'lot',
      'plan',
      'plans',
      'delivery',
      'deliveries',
      'need',
      'needs',
    ] as const)
      expect([way, (await look(donor, way)).code]).toEqual([way, 'FORBIDDEN']);
  });

  it('a donor may not sum or filter by people', async () => {
    const donor = await world.as('DONOR', hidden);
    const forbidden = [
      'distributionSummary(by: [RECIPIENT]) { units }',
      'distributionSummary(by: [ITEM, GROUP]) { units }',
      `distributionSummary(by: [ITEM], filter: { recipientIds: ["${anna}"] }) { units }`,
      `distributions(filter: { groupIds: ["${anna}"] }) { totalCount }`,
      `distributions(filter: { recipientIds: [] }) { totalCount }`,
    ];
    for (const query of forbidden) expect((await donor.error(`{ ${query} }`)).extensions.code).toBe('FORBIDDEN');
  });

  it("a token that speaks for nobody sees nothing that is anybody's", async () => {
    const empty = { totalCount: 0 };
    const lists = 'distributions { totalCount } distributionSummary(by: [ITEM]) { units }';
    const donor = await world.as('DONOR');
    expect(await donor.ask(`{ ${lists} shipments { totalCount } }`)).toEqual({
      distributions: empty,
      distributionSummary: [],
      shipments: empty,
    });
    expect((await look(donor, 'donorImpact')).data).toEqual({ donorImpact: null });
    const recipient = await world.as('RECIPIENT');
    expect(await recipient.ask(`{ ${lists} deliveries { totalCount } needs { totalCount } }`)).toEqual({
      distributions: empty,
      distributionSummary: [],
      deliveries: empty,
      needs: empty,
    });
    for (const way of ['recipient', 'delivery', 'need', 'plan'] as const)
      expect((await look(recipient, way)).data).toEqual({ [way]: null });
  });

  it('a donor registers herself once, gives for herself, and for no other', async () => {
    const donor = await world.as('DONOR');
    const register = `mutation { registerDonor(input: { name: "Self", kind: PERSON, email: "self@x.org", anonymous: true }) { id name email } }`;
    const { registerDonor } = await donor.ask<{ registerDonor: { id: string } }>(register);
    expect(registerDonor).toMatchObject({ name: 'Self', email: 'self@x.org' });
    expect((await donor.error(register)).extensions.code).toBe('FORBIDDEN');
    const give = (client: Client, who: string) =>
      client.answer(
        `mutation { logDonation(input: { ${who}, lines: [{ itemCode: "GOGGLES", units: 1 }] }) { ... on Shipment { donor { name } } } }`,
      );
    const before = await rowCounts(world);
    for (const who of [`donorId: "${open}"`, 'newDonor: { name: "Another", kind: PERSON }'])
      expect((await give(donor, who)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await rowCounts(world)).toEqual(before);
    expect((await give(donor, `donorId: "${registerDonor.id}"`)).data).toEqual({
      logDonation: { donor: { name: 'Self' } },
    });
  });

  it('whoever holds a link sees the parcel, and nobody in it', async () => {
    await coordinator.ask(DISPATCH, { input: { deliveryId: ids.delivery } });
    const { issueConfirmationLink: link } = await coordinator.ask<{ issueConfirmationLink: { token: string } }>(
      `mutation($id: ID!) { issueConfirmationLink(input: { deliveryId: $id }) { ... on ConfirmationLink { token } } }`,
      { id: ids.delivery },
    );
    const stranger = world.with(null);
    const leftovers = await asOwner(world, `select 1 from delivery where delivery::text like '%' || $1 || '%'`, [
      link.token,
    ]);
    expect(leftovers).toEqual([]);
    const confirm = (what: string) =>
      stranger.answer<{ confirmDelivery: object }>(
        `mutation($token: String!) { confirmDelivery(input: { token: $token, idempotencyKey: "k" }) { ... on Delivery { ${what} } } } ${FRAGMENTS.split(
          '\n',
        )
          .filter((line) => /fragment [PGL] on/.test(line))
          .join(' ')}`,
        { token: link.token },
      );
    const { data } = await confirm('status plan { id } recipient { ...P } lines { units lot { ...L } }');
    expect(data?.confirmDelivery).toMatchObject({ status: 'CONFIRMED', plan: null, recipient: veiled(anna) });
    expect(JSON.stringify(data)).not.toMatch(/secret|\+1415|US-NY/i);
    const reached = await confirm('lines { lot { ...L donor { shipments { totalCount } } } } recipient { ...P }');
    expect(reached.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('keeps tokens as hashes, and personal data in the tables of people alone', async () => {
    const { token } = await world.as('ADMIN');
    const hash = createHash('sha256').update(token!).digest('hex');
    expect(await asOwner(world, 'select role from access_token where hash = $1', [hash])).toEqual([{ role: 'ADMIN' }]);
    for (const table of Object.keys(await rowCounts(world))) {
      const found = await asOwner(world, `select 1 from "${table}" t where t::text like $1 or t::text like $2`, [
        `%${token}%`,
        `%${token!.slice(4)}%`,
      ]);
      expect([table, found]).toEqual([table, []]);
      const personal = await asOwner(world, `select 1 from "${table}" t where t::text ~* 'secret|\\+1415' limit 1`);
      expect([table, personal.length]).toEqual([table, table === 'recipient' || table === 'donor' ? 1 : 0]);
    }
  });
});
