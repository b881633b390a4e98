import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  anAnnouncement,
  aPreview,
  clinicians,
  rowCounts,
  thrice,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const LINE = { itemCode: 'MASK', units: 4 };
const LINK = `mutation($input: IssueConfirmationLinkInput!) { issueConfirmationLink(input: $input) { ... on ConfirmationLink { token expiresAt } } }`;

interface Case {
  readonly mutation: string;
  readonly gives: string;
  /** An input that has an effect when it comes for the first time, and another one. */
  readonly inputs: () => Promise<[object, object]>;
}

describe('an idempotency key', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    await clinicians(coordinator, 2);
  });
  afterAll(() => world.close());

  const parcel = async (dispatched: boolean): Promise<string> => {
    const gift = await aDonation(coordinator, { MASK: 4 });
    const { deliveries } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
    const deliveryId = deliveries[0]!.id;
    if (dispatched)
      await coordinator.ask(queryOf({ mutation: 'dispatchDelivery', gives: '... on Delivery { id }' }), {
        input: { deliveryId },
      });
    return deliveryId;
  };
  const move = (mutation: string, dispatched = true): Case => ({
    mutation,
    gives: '... on Delivery { id status dispatchedAt deliveredAt confirmedAt }',
    inputs: async () => [{ deliveryId: await parcel(dispatched) }, { deliveryId: await parcel(dispatched) }],
  });
  const shipment = '... on Shipment { id reference status lines { acceptedUnits } }';
  const cases: Case[] = [
    {
      mutation: 'registerDonor',
      gives: 'id name',
      inputs: async () => [
        { name: 'A', kind: 'PERSON' },
        { name: 'B', kind: 'PERSON' },
      ],
    },
    {
      mutation: 'logDonation',
      gives: shipment,
      inputs: async () => {
        const newDonor = { name: 'A', kind: 'PERSON' };
        return [
          { newDonor, lines: [LINE] },
          { newDonor, lines: [LINE, LINE] },
        ];
      },
    },
    {
      mutation: 'announceShipment',
      gives: shipment,
      inputs: async () => {
        const donorId = (await aDonor(coordinator)).id;
        return [
          { donorId, lines: [LINE] },
          { donorId, lines: [LINE], carrier: 'DHL' },
        ];
      },
    },
    {
      mutation: 'receiveShipment',
      gives: shipment,
      inputs: async () => {
        const { id, lines } = await anAnnouncement(coordinator, { MASK: 9 });
        const count = (acceptedUnits: number) => ({
          shipmentId: id,
          counts: [{ lineId: lines[0]!.id, acceptedUnits }],
        });
        return [count(1), count(2)];
      },
    },
    {
      mutation: 'registerRecipients',
      gives: 'recipients { id name }',
      inputs: async () => [{ recipients: [{ name: 'A' }] }, { recipients: [{ name: 'A' }, { name: 'B' }] }],
    },
    {
      mutation: 'formGroup',
      gives: '... on Group { id name }',
      inputs: async () => [{ name: 'One' }, { name: 'Two' }],
    },
    {
      mutation: 'commitAllocation',
      gives: '... on Plan { id status committedAt }',
      inputs: async () => {
        const gift = await aDonation(coordinator, { MASK: 4 });
        const one = await aPreview(coordinator, { stock: { shipmentIds: [gift.id] } });
        const two = await aPreview(coordinator, { stock: { shipmentIds: [gift.id] } });
        return [{ planId: one.id }, { planId: two.id }];
      },
    },
    {
      mutation: 'cancelAllocation',
      gives: '... on Plan { id status }',
      inputs: async () => {
        const gift = await aDonation(coordinator, { MASK: 4 });
        const { plan } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
        return [
          { planId: plan.id, reason: 'a mistake' },
          { planId: plan.id, reason: 'another' },
        ];
      },
    },
    move('dispatchDelivery', false),
    move('confirmDelivery'),
    move('markDelivered'),
    move('returnDelivery'),
    move('reportDeliveryLost'),
  ];

  function queryOf({ mutation, gives }: Pick<Case, 'mutation' | 'gives'>): string {
    const input = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    return `mutation($input: ${input}!) { ${mutation}(input: $input) { __typename ${gives} } }`;
  }

  it.each(cases.map((one) => [one.mutation, one] as const))(
    '%s: gives the first answer again, and no second effect',
    async (name, one) => {
      const [input, other] = await one.inputs();
      const before = await rowCounts(world);
      const query = queryOf(one);
      const idempotencyKey = `key of ${name}`;
      const { data, errors } = await thrice(coordinator, query, { input: { ...input, idempotencyKey } });
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data)).toContain('"id":');
      const after = await rowCounts(world);
      expect(after).toMatchObject({ journal: before['journal']! + 1, idempotency: before['idempotency']! + 1 });

      const { extensions } = await coordinator.error(query, { input: { ...other, idempotencyKey } });
      expect(extensions).toEqual({ code: 'CONFLICT', field: 'input.idempotencyKey' });
      expect(await rowCounts(world)).toEqual(after);
      expect(await world.breaches()).toEqual([]);
    },
  );

  it('is the same key in another mutation: refused', async () => {
    const input = { recipients: [{ name: 'A' }], idempotencyKey: 'shared' };
    await coordinator.ask(queryOf({ mutation: 'registerRecipients', gives: '' }), { input });
    const group = { name: 'Three', idempotencyKey: 'shared' };
    expect(
      (await coordinator.error(queryOf({ mutation: 'formGroup', gives: '' }), { input: group })).extensions.code,
    ).toBe('CONFLICT');
  });

  it('does not mind how an input is written: absent and null are the same, and so is the order of fields', async () => {
    const query = queryOf({ mutation: 'registerDonor', gives: 'id' });
    const ids = [];
    for (const input of [
      { name: 'Written', kind: 'PERSON', idempotencyKey: 'spelling' },
      { idempotencyKey: 'spelling', country: null, kind: 'PERSON', name: 'Written' },
    ])
      ids.push((await coordinator.ask<{ registerDonor: { id: string } }>(query, { input })).registerDonor.id);
    expect(ids[0]).toBe(ids[1]);
  });

  it('of one caller never meets that of another', async () => {
    const other = await world.as('COORDINATOR');
    const query = queryOf({ mutation: 'registerDonor', gives: 'id name' });
    const name = async (client: Client, name: string) =>
      (await client.ask<{ registerDonor: object }>(query, { input: { name, kind: 'PERSON', idempotencyKey: 'same' } }))
        .registerDonor;
    const [mine, theirs] = [await name(coordinator, 'Mine'), await name(other, 'Theirs')];
    expect(mine).toMatchObject({ name: 'Mine' });
    expect(theirs).toMatchObject({ name: 'Theirs' });
    expect(await name(coordinator, 'Mine')).toEqual(mine);
    expect(await name(other, 'Theirs')).toEqual(theirs);
  });

  it('of one link never meets that of another', async () => {
    const stranger = world.with(null);
    const confirm = queryOf({ mutation: 'confirmDelivery', gives: '... on Delivery { id status }' });
    const confirmed = [];
    for (const deliveryId of [await parcel(true), await parcel(true)]) {
      const { issueConfirmationLink } = await coordinator.ask<{ issueConfirmationLink: { token: string } }>(LINK, {
        input: { deliveryId },
      });
      const input = { token: issueConfirmationLink.token, idempotencyKey: 'same' };
      const { data } = await thrice(stranger, confirm, { input });
      expect(data).toEqual({ confirmDelivery: { __typename: 'Delivery', id: deliveryId, status: 'CONFIRMED' } });
      confirmed.push(deliveryId);
    }
    expect(new Set(confirmed).size).toBe(2);
  });

  it('is free again when its call was refused or wrong', async () => {
    const query = queryOf({
      mutation: 'logDonation',
      gives: '... on Shipment { id } ... on UnknownItemError { itemCode }',
    });
    const input = { newDonor: { name: 'A', kind: 'PERSON' }, idempotencyKey: 'second try' };
    const slip = await coordinator.ask<{ logDonation: object }>(query, {
      input: { ...input, lines: [{ ...LINE, itemCode: 'MUSK' }] },
    });
    expect(slip.logDonation).toMatchObject({ __typename: 'UnknownItemError' });
    await coordinator.error(query, { input: { ...input, lines: [LINE], receivedOn: '2999-01-01' } });
    const { data } = await thrice(coordinator, query, { input: { ...input, lines: [LINE] } });
    expect(data?.['logDonation']).toMatchObject({ __typename: 'Shipment' });
  });

  it('shows the secret of a link once', async () => {
    const input = { deliveryId: await parcel(true), idempotencyKey: 'link' };
    const issue = async () =>
      (await coordinator.ask<{ issueConfirmationLink: { token: string | null; expiresAt: string } }>(LINK, { input }))
        .issueConfirmationLink;
    const first = await issue();
    expect(first.token).toMatch(/^[\w-]{32}$/);
    expect(await issue()).toEqual({ token: null, expiresAt: first.expiresAt });
  });
});
