import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { ALLOWED_ROLES } from '../../src/access/request-context.js';
import { ROLES, type Role } from '../../src/access/access.rules.js';
import { OPEN_TO_ALL } from '../../src/platform/open.js';
import { openWorld, type World } from '../support/world.js';
import { committed } from './committed.js';

/** What Nest writes on a method that resolves a field. */
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
/** And on a class and a method that answer a route. */
const PATH = 'path';
const EVERYBODY: readonly Role[] = [...ROLES, 'LINK'];

describe('who may do what', () => {
  let world: World;
  let operations: string[];
  let routes: string[];
  const rolesOf = new Map<string, readonly Role[] | undefined>();

  beforeAll(async () => {
    world = await openWorld();
    const schema = world.app.get(GraphQLSchemaHost).schema;
    operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type!.name}.${field}`),
    );
    const scanner = new MetadataScanner();
    for (const { instance } of new DiscoveryService(world.app.get(ModulesContainer)).getProviders()) {
      if (!instance || typeof instance !== 'object') continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      for (const method of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[method]!;
        const type = Reflect.getMetadata(RESOLVER_TYPE, handler) as string | undefined;
        if (type !== 'Query' && type !== 'Mutation') continue;
        const name = (Reflect.getMetadata(RESOLVER_NAME, handler) as string | undefined) ?? method;
        rolesOf.set(`${type}.${name}`, Reflect.getMetadata(ALLOWED_ROLES, handler) as readonly Role[] | undefined);
      }
    }
    routes = new DiscoveryService(world.app.get(ModulesContainer))
      .getControllers()
      .flatMap(({ instance, metatype }) => {
        const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
        return scanner.getAllMethodNames(prototype).flatMap((method) => {
          const handler = prototype[method]!;
          const paths = [(Reflect.getMetadata(PATH, handler) as string | string[] | undefined) ?? []].flat();
          const roles = Reflect.getMetadata(OPEN_TO_ALL, handler)
            ? EVERYBODY
            : (Reflect.getMetadata(ALLOWED_ROLES, handler) as readonly Role[] | undefined);
          return paths.map((path) => {
            const route = `GET /${Reflect.getMetadata(PATH, metatype!) as string}/${path}`;
            rolesOf.set(route, roles);
            return route;
          });
        });
      });
  });
  afterAll(() => world.close());

  it('every operation of the schema declares its roles, and no others do', () => {
    expect([...rolesOf.keys()].sort()).toEqual([...operations, ...routes].sort());
    expect(routes.length).toBeGreaterThan(10);
    expect([...rolesOf].filter(([, roles]) => !roles?.length)).toEqual([]);
  });

  it('the table of operations and roles is the committed one', () => {
    const all = [...operations, ...routes];
    const width = Math.max(...all.map((operation) => operation.length)) + 2;
    const row = (first: string, cells: readonly string[]) =>
      (first.padEnd(width) + cells.map((cell, i) => cell.padEnd(EVERYBODY[i]!.length + 2)).join('')).trimEnd();
    const rows = all.toSorted().map((operation) =>
      row(
        operation,
        EVERYBODY.map((role) => (rolesOf.get(operation)?.includes(role) ? 'yes' : '-')),
      ),
    );
    const table = `${[row('', EVERYBODY), ...rows].join('\n')}\n`;
    expect(table).toBe(committed('test/contract/roles.txt', table));
  });

  it('whoever is not in the table is FORBIDDEN, and whoever is in it is not', async () => {
    const schema = world.app.get(GraphQLSchemaHost).schema;
    const nobody = '01900000-0000-7000-8000-00000000dead';
    for (const role of ROLES) {
      const client = await world.as(role);
      for (const operation of operations) {
        const [type, field] = operation.split('.') as ['Query' | 'Mutation', string];
        const { args } = schema[type === 'Query' ? 'getQueryType' : 'getMutationType']()!.getFields()[field]!;
        const needed = args.filter((argument) => String(argument.type).endsWith('!'));
        const values = needed.map(({ name, type: of }) => `${name}: ${ARGUMENT[String(of)] ?? `"${nobody}"`}`);
        const call = values.length > 0 ? `(${values.join(', ')})` : '';
        const query =
          type === 'Query'
            ? `{ ${field}${call} { __typename } }`
            : `mutation($input: ${String(needed[0]!.type)}) { ${field}(input: $input) { __typename } }`;
        const { errors } = await client.answer(query, type === 'Query' ? undefined : { input: SOME_INPUT[field] });
        const may = rolesOf.get(operation)!.includes(role);
        const codes = (errors ?? []).map((error) => error.extensions.code);
        const turnedAway = codes.includes('FORBIDDEN') && errors![0]!.message.startsWith(`Your role (${role})`);
        expect([role, operation, turnedAway]).toEqual([role, operation, !may]);
        expect(codes.filter((code) => code === 'INTERNAL_SERVER_ERROR')).toEqual([]);
      }
    }
  });

  it('of the routes, too, whoever is not in the table is turned away', async () => {
    const statusOf = async (route: string, token: string | null): Promise<number> => {
      const url = route.replace('GET ', '').replace(':id', NOBODY);
      const headers = token === null ? {} : { authorization: `Bearer ${token}` };
      return (await world.app.inject({ method: 'GET', url, headers })).statusCode;
    };
    for (const route of routes)
      expect([route, await statusOf(route, null)]).toEqual([route, OPEN.includes(route) ? 200 : 401]);
    for (const role of ROLES) {
      const { token } = await world.as(role);
      for (const route of routes) {
        const status = await statusOf(route, token);
        expect([role, route, status === 403]).toEqual([role, route, !rolesOf.get(route)!.includes(role)]);
        expect([role, route, status]).not.toEqual([role, route, 500]);
      }
    }
  });
});

/** Routes that nobody needs a token for, and that tell nothing of anybody's data. */
const OPEN = ['GET /health/live', 'GET /health/ready'];

/** What arguments that are no ids are given. */
const ARGUMENT: Record<string, string> = {
  '[DistributionDimension!]!': '[ITEM]',
  '[WaitingDimension!]!': '[ITEM]',
  'PeriodLength!': 'DAY',
  'LocalDate!': '"2020-03-31"',
  'Int!': '30',
};
const NOBODY = '01900000-0000-7000-8000-00000000dead';
const OTHER = '01900000-0000-7000-8000-00000000beef';
const LINES = [{ itemCode: 'MASK', units: 1 }];
/** An input that is well formed for each mutation, and has no effect or a harmless one. */
const SOME_INPUT: Record<string, object> = {
  registerDonor: { name: 'D', kind: 'PERSON' },
  logDonation: { newDonor: { name: 'D', kind: 'PERSON' }, lines: [{ itemCode: 'NOTHING', units: 1 }] },
  announceShipment: { donorId: NOBODY, lines: LINES },
  receiveShipment: { shipmentId: NOBODY, counts: [] },
  registerItem: { code: 'MASK', name: 'M', category: 'MASK' },
  reviseItem: { itemCode: 'NOTHING' },
  rankSubstitutes: { itemCode: 'NOTHING', substituteCodes: [] },
  learnGtin: { gtin: '96385074', itemCode: 'NOTHING', unitsPerPack: 1 },
  logScannedDonation: { newDonor: { name: 'D', kind: 'PERSON' }, scans: [{ code: '96385074' }] },
  receiveScans: { shipmentId: NOBODY, scans: [{ code: '96385074' }] },
  recordShipmentEvent: { shipmentId: NOBODY, kind: 'ARRIVED' },
  cancelShipment: { shipmentId: NOBODY, reason: 'TEST' },
  reportShipmentLost: { shipmentId: NOBODY, reason: 'r' },
  reopenShipment: { shipmentId: NOBODY, reason: 'r' },
  correctShipment: { shipmentId: NOBODY, reasonCode: 'OTHER', reason: 'r' },
  registerRecipients: { recipients: [{ name: 'R' }] },
  changeRecipientStatus: { recipientId: NOBODY, status: 'PAUSED' },
  stateNeed: { recipientId: NOBODY, itemCode: 'NOTHING', units: 1, neededBy: '2999-01-01', validUntil: '2999-01-01' },
  withdrawNeed: { needId: NOBODY, reason: 'TEST' },
  formGroup: { name: 'G' },
  changeGroupMembers: { groupId: NOBODY },
  adoptPolicy: { name: 'P', policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' } },
  revisePolicy: { policyId: NOBODY, policy: { rule: 'CONSTRAINED_EQUAL_AWARDS' } },
  retirePolicy: { policyId: NOBODY, reason: 'r' },
  previewAllocation: {},
  commitAllocation: { planId: NOBODY },
  cancelAllocation: { planId: NOBODY, reason: 'r' },
  discardPlan: { planId: NOBODY },
  quarantineLot: { lotId: NOBODY, reason: 'r' },
  releaseLot: { lotId: NOBODY, reason: 'r' },
  recountStock: { lotId: NOBODY, countedUnits: 1, reasonCode: 'RECOUNTED', reason: 'r' },
  discardStock: { lotId: NOBODY, units: 1, reasonCode: 'DAMAGED', reason: 'r' },
  returnToDonor: { lotId: NOBODY, units: 1, reasonCode: 'WRONG_ITEM', reason: 'r' },
  correctIntake: { lotId: NOBODY, receivedUnits: 1, reasonCode: 'DATA_ENTRY_ERROR', reason: 'r' },
  correctLot: { lotId: NOBODY, lotNumber: 'L', reasonCode: 'DATA_ENTRY_ERROR', reason: 'r' },
  dispatchDelivery: { deliveryId: NOBODY },
  takeOutOfDelivery: { deliveryId: NOBODY, lineIds: [NOBODY], reason: 'r' },
  markDelivered: { deliveryId: NOBODY },
  returnDelivery: { deliveryId: NOBODY },
  reportDeliveryLost: { deliveryId: NOBODY },
  confirmDelivery: { deliveryId: NOBODY },
  importDonations: { csv: 'nothing' },
  importRecipients: { csv: 'nothing' },
  importNeeds: { csv: 'nothing' },
  issueConfirmationLink: { deliveryId: NOBODY },
  registerSite: { name: 'S' },
  reviseSite: { siteId: NOBODY },
  closeSite: { siteId: NOBODY, reason: 'r' },
  makeSiteDefault: { siteId: NOBODY },
  dispatchTransfer: { fromSiteId: NOBODY, toSiteId: OTHER, lines: [{ lotId: NOBODY, units: 1 }] },
  receiveTransfer: { transferId: NOBODY },
  cancelTransfer: { transferId: NOBODY, reason: 'r' },
  reportTransferLost: { transferId: NOBODY },
  recallLots: { lotIds: [NOBODY], reason: 'r' },
  endRecall: { recallId: NOBODY, reason: 'r' },
  acknowledgeRecall: { noticeId: NOBODY, heldUnits: 0 },
};
