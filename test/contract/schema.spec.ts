import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql';
import { openWorld, type World } from '../support/world.js';
import { committed } from './committed.js';
import { brokenPromises } from './promises.js';

let world: World;
let schema: GraphQLSchema;

beforeAll(async () => {
  world = await openWorld();
  ({ schema } = world.app.get(GraphQLSchemaHost));
});
afterAll(() => world.close());

function ownTypes(): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
}

describe('the public schema', () => {
  const core = parse(readFileSync(join(import.meta.dirname, 'core.graphql'), 'utf8'));

  it('contains the core, name by name and type by type', () => {
    expect(brokenPromises(schema, core)).toEqual([]);
  });

  it('is compared with the core by a test that can fail', () => {
    const more = parse(
      'type Item { code: Int! weight: Float } enum Direction { SIDEWAYS } union CommitAllocationResult = Item type Query { items: Int donors(first: Int!): DonorConnection! } input DateRange { to: Int }',
    );
    expect(brokenPromises(schema, more)).toHaveLength(7);
  });

  it('gives every connection the same shape', () => {
    const connections = ownTypes().filter((type) => type.name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThanOrEqual(9);
    for (const type of connections) {
      const fields = isObjectType(type) ? type.getFields() : {};
      const node = type.name.replace(/Connection$/, '');
      expect({
        edges: String(fields['edges']?.type),
        nodes: String(fields['nodes']?.type),
        pageInfo: String(fields['pageInfo']?.type),
        totalCount: String(fields['totalCount']?.type),
      }).toEqual({ edges: `[${node}Edge!]!`, nodes: `[${node}!]!`, pageInfo: 'PageInfo!', totalCount: 'Int!' });
    }
  });

  it('is the one that is committed', () => {
    const text = `${printSchema(lexicographicSortSchema(schema))}\n`;
    expect(text).toBe(committed('src/schema.graphql', text));
  });

  it('describes everything in it', () => {
    const silent: string[] = [];
    for (const type of ownTypes()) {
      if (!type.description && !['Query', 'Mutation', 'Boolean', 'Float', 'ID', 'Int', 'String'].includes(type.name))
        silent.push(type.name);
      if (isEnumType(type))
        silent.push(
          ...type
            .getValues()
            .filter((value) => !value.description)
            .map((value) => `${type.name}.${value.name}`),
        );
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        silent.push(
          ...Object.values(type.getFields())
            .filter((field) => !field.description)
            .map((field) => `${type.name}.${field.name}`),
        );
      }
    }
    expect(silent).toEqual([]);
  });

  it('has no list of nodes without a bound but through connections', () => {
    const bounded = new Set([
      'Plan.unallocated',
      'Shipment.lines',
      'Shipment.events',
      'ShipmentLine.lots',
      'Delivery.lines',
      'Delivery.stoppedBy',
      'LotNotUsableError.lots',
      'LotTrace.recalls',
      'Recipient.groups',
      'Earmark.groups',
      'RegisteredRecipients.recipients',
      'Award.lots',
      'DonorImpact.byItem',
      'LotTrace.places',
      'Plan.metrics',
      'Plan.alternatives',
      'PlanAlternative.metrics',
      'Plan.oneMoreUnit',
      'OneMoreUnit.changes',
      'PlanNote.figures',
      'Query.stock',
      'StockLevel.bySite',
      'Lot.places',
      'Transfer.lines',
      'NotEnoughStockError.lots',
      'Item.substitutes',
      'Gs1Scan.elements',
      'Award.substituteFor',
      'PolicyTiers.shares',
      'PolicyVersion.reserve',
      'PolicyVersion.cap',
      'PolicyVersion.minimumLot',
      'PolicyVersion.guarantee',
      'Query.distributionSummary',
      'Query.waitingTime',
      'DonorImpact.lines',
      'DistributionTrace.steps',
      'LotTrace.states',
      'RecipientStatement.items',
      'RecipientStatement.needs',
      'GroupStatement.items',
      'MemberStatement.items',
      'ItemHistory.periods',
      'FillRate.byItem',
      'FillRate.byMonth',
      'FillRate.byItemAndMonth',
      'ImportReport.badRows',
      'ImportRefusedError.badRows',
    ]);
    const lists = ownTypes().flatMap((type) =>
      isObjectType(type) && !/(Connection|Edge)$/.test(type.name)
        ? Object.values(type.getFields())
            .filter(
              (field) =>
                isListType(isNonNullType(field.type) ? field.type.ofType : field.type) &&
                isObjectType(getNamedType(field.type)),
            )
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(lists.filter((field) => !bounded.has(field))).toEqual([]);
  });

  it('lets every writing mutation be repeated under a key', () => {
    const mutations = Object.values(schema.getMutationType()!.getFields());
    const inputs = mutations.map((mutation) => getNamedType(mutation.args.find((arg) => arg.name === 'input')!.type));
    const keyless = inputs
      .filter((input) => isInputObjectType(input) && !('idempotencyKey' in input.getFields()))
      .map((input) => input.name);
    // A preview reserves nothing, and the core gives it no key: asked again, it is a new preview.
    expect(keyless).toEqual(['PreviewAllocationInput']);
  });

  it('makes every refusal a UserError', () => {
    const unions = ownTypes().filter((type) => isUnionType(type));
    for (const union of unions) {
      const refusals = union.getTypes().filter((member) => member.name.endsWith('Error'));
      expect(refusals.length).toBe(union.getTypes().length - 1);
      for (const refusal of refusals) expect(refusal.getInterfaces().map((i) => i.name)).toContain('UserError');
    }
  });
});
