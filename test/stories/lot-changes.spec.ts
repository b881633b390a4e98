import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonation, aDonor, REFUSAL } from '../support/builders.js';
import { openWorld, type Client, type World } from '../support/world.js';

const CORRECT_LOT = `mutation($input: CorrectLotInput!) { correctLot(input: $input) { id } }`;
const CORRECT_SHIPMENT = `mutation($input: CorrectShipmentInput!) { correctShipment(input: $input) { ... on Shipment { id } ${REFUSAL} } }`;
const QUARANTINE = `mutation($input: QuarantineLotInput!) { quarantineLot(input: $input) { ... on Lot { id } ${REFUSAL} } }`;
const CHANGES = `query($filter: LotChangeFilter, $first: Int, $after: String) { lotChanges(filter: $filter, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { field before after reason reasonCode at actor { name role } lot { id item { code } } } } }`;

interface Change {
  field: string;
  before: string | null;
  after: string | null;
  reason: string | null;
  reasonCode: string | null;
  at: string;
  actor: { name: string | null; role: string };
  lot: { id: string; item: { code: string } };
}
interface Changes {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string };
  nodes: Change[];
}

describe('what of lots turned out to be otherwise', () => {
  let world: World;
  let coordinator: Client;
  let lotId: string;
  const changes = async (filter: object, page: object = {}, client = coordinator): Promise<Changes> =>
    (await client.ask<{ lotChanges: Changes }>(CHANGES, { filter, ...page })).lotChanges;
  const fieldsOf = async (filter: object): Promise<string[]> => (await changes(filter)).nodes.map(({ field }) => field);

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const gift = await aDonation(coordinator, { N95: 50 });
    lotId = gift.lines[0]!.lots[0]!.id;
    const misread = { lotId, lotNumber: 'A-7', reasonCode: 'DATA_ENTRY_ERROR', reason: 'The label was misread.' };
    await coordinator.ask(CORRECT_LOT, { input: misread });
    const lines = [{ lineId: gift.lines[0]!.id, itemCode: 'KN95' }];
    const why = { reasonCode: 'WRONG_ITEM', reason: 'They are KN95.' };
    await coordinator.ask(CORRECT_SHIPMENT, { input: { shipmentId: gift.id, lines, ...why } });
    await coordinator.ask(QUARANTINE, { input: { lotId, reason: 'Wet.' } });
    // Another lot of the item that it is in truth.
    const other = await aDonation(coordinator, { KN95: 1 });
    const lot = { lotId: other.lines[0]!.lots[0]!.id, expiresOn: '2031-01-31' };
    await coordinator.ask(CORRECT_LOT, { input: { ...lot, reasonCode: 'OTHER', reason: 'Found on the box.' } });
  });
  afterAll(() => world.close());

  it('says who, when and why, before and after, the newest first', async () => {
    const { nodes, totalCount } = await changes({ lotIds: [lotId] });
    expect(totalCount).toBe(3);
    expect(nodes.map(({ field, reason, reasonCode }) => [field, reason, reasonCode])).toEqual([
      ['CONDITION', 'Wet.', null],
      ['ITEM', 'They are KN95.', 'WRONG_ITEM'],
      ['LOT_NUMBER', 'The label was misread.', 'DATA_ENTRY_ERROR'],
    ]);
    expect(nodes[2]).toMatchObject({
      before: null,
      after: 'A-7',
      at: expect.any(String),
      actor: { name: expect.any(String), role: 'COORDINATOR' },
      lot: { id: lotId, item: { code: 'KN95' } },
    });
  });

  it('is found under the item that a lot was taken for and under the one that it is', async () => {
    expect(await fieldsOf({ itemCodes: ['n95'] })).toEqual(['CONDITION', 'ITEM', 'LOT_NUMBER']);
    expect(await fieldsOf({ itemCodes: ['KN95'] })).toEqual(['EXPIRES_ON', 'CONDITION', 'ITEM', 'LOT_NUMBER']);
    expect(await fieldsOf({ itemCodes: ['GOWN'] })).toEqual([]);
    expect((await coordinator.error(CHANGES, { filter: { itemCodes: ['N-95'] } })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'filter.itemCodes.0',
    });
  });

  it('is filtered by fact and day, and paged', async () => {
    expect(await fieldsOf({ itemCodes: ['KN95'], fields: ['ITEM', 'EXPIRES_ON'] })).toEqual(['EXPIRES_ON', 'ITEM']);
    expect(await fieldsOf({ recordedOn: { to: '2001-01-01' } })).toEqual([]);
    const first = await changes({ itemCodes: ['KN95'] }, { first: 3 });
    expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    const rest = await changes({ itemCodes: ['KN95'] }, { first: 3, after: first.pageInfo.endCursor });
    expect(rest.nodes.map(({ field }) => field)).toEqual(['LOT_NUMBER']);
  });

  it('keeps from auditors what may tell who an anonymous donor is, and all of it from donors and recipients', async () => {
    const gift = await aDonation(coordinator, { GOGGLES: 5 });
    const hidden = await aDonor(coordinator, { name: 'Madame Li', anonymous: true });
    const line = { lineId: gift.lines[0]!.id, unitsPerPack: 5 };
    const why = { reasonCode: 'DATA_ENTRY_ERROR', reason: 'Madame Li gave them.' };
    const input = { shipmentId: gift.id, donorId: hidden.id, lines: [line], ...why };
    await coordinator.ask(CORRECT_SHIPMENT, { input });
    const auditor = await world.as('AUDITOR');
    const filter = { itemCodes: ['GOGGLES'] };
    const reasonsOf = async (client: Client): Promise<unknown[]> =>
      (await changes(filter, {}, client)).nodes.map(({ reason, reasonCode }) => [reason, reasonCode]);
    expect(await reasonsOf(coordinator)).toEqual([
      ['Madame Li gave them.', 'DATA_ENTRY_ERROR'],
      ['Madame Li gave them.', 'DATA_ENTRY_ERROR'],
    ]);
    expect(await reasonsOf(auditor)).toEqual([
      [null, 'DATA_ENTRY_ERROR'],
      [null, 'DATA_ENTRY_ERROR'],
    ]);
    const own = `query($id: ID!) { lot(id: $id) { changes { nodes { reason } } } }`;
    expect(await auditor.ask(own, { id: gift.lines[0]!.lots[0]!.id })).toEqual({
      lot: { changes: { nodes: [{ reason: null }, { reason: null }] } },
    });
    expect((await changes({ lotIds: [lotId] }, {}, auditor)).nodes[0]).toMatchObject({ reason: 'Wet.' });
    for (const role of ['DONOR', 'RECIPIENT'] as const)
      expect((await (await world.as(role)).error(CHANGES, {})).extensions.code).toBe('FORBIDDEN');
  });
});
