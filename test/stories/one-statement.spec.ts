import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getNamedType, isEnumType, isObjectType, isScalarType } from 'graphql';
import { aCommittedPlan, aDonation, aDonor, clinicians } from '../support/builders.js';
import { statementsOf } from '../support/statements.js';
import { type Client, openWorld, type World } from '../support/world.js';

/** Who is asking is one statement of every request. */
const TOKEN = 1;
const DONOR = 'donor { id name kind country email anonymous createdAt }';
const ITEM = 'item { id code name category standard size }';
const SHIPMENT = `shipment { id reference status carrier expectedOn receivedAt createdAt ${DONOR} }`;
const EVERYTHING = `id units confirmedUnits status country exposureTier deliveryId allocatedAt dispatchedAt deliveredAt ${ITEM} ${DONOR} ${SHIPMENT}
  lot { id lotNumber expiresOn condition receivedAt isExpired ${ITEM} ${DONOR} ${SHIPMENT} }
  recipient { id name facility country exposureTier status } site { id name } plan { id status rule fingerprint createdAt }`;

describe('history in one statement', () => {
  let world: World;
  let clients: Record<'COORDINATOR' | 'AUDITOR' | 'DONOR' | 'RECIPIENT', Client>;

  beforeAll(async () => {
    world = await openWorld();
    const coordinator = await world.as('COORDINATOR');
    const donor = await aDonor(coordinator, {
      name: 'Chen Wei',
      country: 'CN',
      email: 'chen@example.org',
      anonymous: true,
    });
    const people = await clinicians(coordinator, 3);
    for (let i = 0; i < 3; i++) {
      await aDonation(
        coordinator,
        {},
        { donorId: donor.id, reference: `From Chen Wei ${i}`, lines: [{ itemCode: 'MASK', units: 30 + i }] },
      );
      await aCommittedPlan(coordinator);
    }
    clients = {
      COORDINATOR: coordinator,
      AUDITOR: await world.as('AUDITOR'),
      DONOR: await world.as('DONOR', donor.id),
      RECIPIENT: await world.as('RECIPIENT', people[0]!),
    };
  });
  afterAll(() => world.close());

  it.each(['COORDINATOR', 'AUDITOR', 'DONOR', 'RECIPIENT'] as const)(
    'a page with everything beside its lines is one, for a %s',
    async (role) => {
      const query = `{ distributions(first: 50) { nodes { ${EVERYTHING} } pageInfo { hasNextPage endCursor } } }`;
      // A query is compiled when it comes for the second time.
      for (let i = 0; i < 3; i++) expect(await statementsOf(() => clients[role].ask(query))).toBe(TOKEN + 1);
    },
  );

  it.each<[string, number, string]>([
    ['a count beside the page', 2, '{ distributions { totalCount nodes { id } } }'],
    ['a filter by an item', 1, '{ distributions(filter: { itemCodes: ["mask", "n95"] }) { nodes { item { code } } } }'],
    [
      'a page from the end',
      1,
      '{ distributions(last: 3, orderBy: { field: UNITS, direction: ASC }) { nodes { units } } }',
    ],
    [
      'a page through fragments',
      1,
      'query { distributions { ...Page } } fragment Page on DistributionConnection { edges { node { ... on Distribution { ...Line } } } } fragment Line on Distribution { lot { donor { name } item { code } } }',
    ],
    ['nothing of the page', 1, '{ distributions { __typename } }'],
  ])('%s takes %i', async (_, statements, query) => {
    expect(await statementsOf(() => clients.COORDINATOR.ask(query))).toBe(TOKEN + statements);
  });

  it('shows of each row beside a line what its own room shows, field by field, to everybody', async () => {
    const { schema } = world.app.get(GraphQLSchemaHost);
    const plainFieldsOf = (type: string): string[] => {
      const of = schema.getType(type);
      if (!isObjectType(of)) throw new Error(`no type ${type}`);
      return Object.values(of.getFields())
        .filter(
          ({ type: field, args }) =>
            args.length === 0 && (isScalarType(getNamedType(field)) || isEnumType(getNamedType(field))),
        )
        .map(({ name }) => name);
    };
    const byId = {
      item: (id: string) => `item(id: "${id}")`,
      lot: (id: string) => `lot(id: "${id}")`,
      donor: (id: string) => `donor(id: "${id}")`,
      shipment: (id: string) => `shipment(id: "${id}")`,
      recipient: (id: string) => `recipient(id: "${id}")`,
      plan: (id: string) => `plan(id: "${id}")`,
    };
    type Rows = Record<string, Record<string, unknown>>[];
    for (const role of ['COORDINATOR', 'AUDITOR'] as const) {
      const client = clients[role];
      for (const [relation, call] of Object.entries(byId)) {
        const type = relation[0]!.toUpperCase() + relation.slice(1);
        for (const field of plainFieldsOf(type)) {
          const { distributions } = await client.ask<{ distributions: { nodes: Rows } }>(
            `{ distributions(first: 2) { nodes { ${relation} { ${field} } } } }`,
          );
          const { distributions: ids } = await client.ask<{ distributions: { nodes: Rows } }>(
            `{ distributions(first: 2) { nodes { ${relation} { id } } } }`,
          );
          for (const [i, node] of distributions.nodes.entries()) {
            const id = ids.nodes[i]![relation]!['id'] as string;
            const alone = await client.ask<Record<string, Record<string, unknown>>>(`{ ${call(id)} { ${field} } }`);
            expect([role, relation, node[relation]]).toEqual([role, relation, alone[relation]]);
          }
        }
      }
    }
  });

  it('hides from a donor and a recipient what their own rooms hide', async () => {
    const query = `{ distributions(first: 1) { nodes { plan { id } site { id } recipient { name facility } donor { name email } shipment { reference } } } }`;
    const [asDonor] = (await clients.DONOR.ask<{ distributions: { nodes: object[] } }>(query)).distributions.nodes;
    expect(asDonor).toMatchObject({
      plan: null,
      site: null,
      recipient: { facility: null },
      donor: { name: 'Chen Wei', email: 'chen@example.org' },
    });
    const [asRecipient] = (await clients.RECIPIENT.ask<{ distributions: { nodes: object[] } }>(query)).distributions
      .nodes;
    expect(asRecipient).toMatchObject({
      plan: { id: expect.any(String) },
      site: null,
      donor: { name: 'Anonymous donor', email: null },
    });
    expect(JSON.stringify([asRecipient])).not.toContain('Chen');
  });

  it('finds no anonymous donor by her country, except for those who know her', async () => {
    const found = async (client: Client) =>
      (
        await client.ask<{ distributions: { totalCount: number; nodes: object[] } }>(
          '{ distributions(filter: { donorCountries: ["cn"] }) { totalCount nodes { id } } }',
        )
      ).distributions;
    for (const role of ['AUDITOR', 'RECIPIENT'] as const)
      expect(await found(clients[role])).toEqual({ totalCount: 0, nodes: [] });
    for (const role of ['COORDINATOR', 'DONOR'] as const) expect((await found(clients[role])).totalCount).toBe(9);
  });
});
