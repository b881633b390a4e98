import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  type DocumentNode,
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
  print,
  printSchema,
} from 'graphql';
import { openWorld, type World } from '../support/world.js';
import { committed } from './committed.js';

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

/** Everything the core promises and the schema does not keep, by its path. */
function brokenPromises(core: DocumentNode): string[] {
  const broken: string[] = [];
  const say = (holds: boolean, path: string): void => void (holds || broken.push(path));
  for (const definition of core.definitions) {
    if (!('name' in definition) || !definition.name) continue;
    const { value: name } = definition.name;
    const type = schema.getType(name);
    if (!type) {
      broken.push(name);
      continue;
    }
    if (definition.kind === 'EnumTypeDefinition') {
      const values = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
      for (const value of definition.values ?? [])
        say(values.includes(value.name.value), `${name}.${value.name.value}`);
    }
    if (definition.kind === 'UnionTypeDefinition') {
      const members = isUnionType(type) ? type.getTypes().map((member) => member.name) : [];
      for (const member of definition.types ?? [])
        say(members.includes(member.name.value), `${name} | ${member.name.value}`);
    }
    if (definition.kind === 'InputObjectTypeDefinition') {
      const fields = isInputObjectType(type) ? type.getFields() : {};
      for (const field of definition.fields ?? []) {
        const ours = fields[field.name.value];
        say(
          String(ours?.type) === print(field.type),
          `${name}.${field.name.value}: ${print(field.type)}, not ${ours?.type}`,
        );
        if (field.defaultValue)
          say(String(ours?.defaultValue) === print(field.defaultValue), `${name}.${field.name.value} default`);
      }
      const promised = new Set((definition.fields ?? []).map((field) => field.name.value));
      for (const extra of Object.values(fields)) {
        if (!promised.has(extra.name))
          say(!isNonNullType(extra.type) || extra.defaultValue !== undefined, `${name}.${extra.name} is required`);
      }
    }
    if (definition.kind === 'ObjectTypeDefinition' || definition.kind === 'InterfaceTypeDefinition') {
      const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
      const interfaces = isObjectType(type) ? type.getInterfaces().map((i) => i.name) : [];
      for (const { name: i } of definition.interfaces ?? [])
        say(interfaces.includes(i.value), `${name} implements ${i.value}`);
      for (const field of definition.fields ?? []) {
        const path = `${name}.${field.name.value}`;
        const ours = fields[field.name.value];
        say(String(ours?.type) === print(field.type), `${path}: ${print(field.type)}, not ${ours?.type}`);
        for (const argument of field.arguments ?? []) {
          const our = ours?.args.find((arg) => arg.name === argument.name.value);
          say(
            String(our?.type) === print(argument.type),
            `${path}(${argument.name.value}: ${print(argument.type)}), not ${our?.type}`,
          );
        }
        const promised = new Set((field.arguments ?? []).map((argument) => argument.name.value));
        for (const extra of ours?.args ?? [])
          say(promised.has(extra.name) || !isNonNullType(extra.type), `${path}(${extra.name}) is required`);
      }
    }
  }
  return broken;
}

describe('the public schema', () => {
  const core = parse(readFileSync(join(import.meta.dirname, 'core.graphql'), 'utf8'));

  it('contains the core, name by name and type by type', () => {
    expect(brokenPromises(core)).toEqual([]);
  });

  it('is compared with the core by a test that can fail', () => {
    const more = parse(
      'type Item { code: Int! weight: Float } enum Direction { SIDEWAYS } union CommitAllocationResult = Item type Query { items(first: Int!): Int } input DateRange { to: Int }',
    );
    expect(brokenPromises(more)).toHaveLength(7);
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
      'ShipmentLine.lots',
      'Delivery.lines',
      'Recipient.groups',
      'RegisteredRecipients.recipients',
      'Award.lots',
      'DonorImpact.byItem',
      'LotTrace.places',
      'Plan.metrics',
      'Query.stock',
      'Query.distributionSummary',
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
