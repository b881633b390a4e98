import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAnnouncement, rowCounts, type ShipmentView, STOCK } from '../support/builders.js';
import { type Act, actOn, countOf, kindsOf, queryOf } from '../support/receiving.js';
import { type Client, openWorld, type World } from '../support/world.js';

describe('a consignment that was given up, and found', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const act = (name: Act, shipmentId: string, more: object = {}) => actOn(coordinator, name, shipmentId, more);
  const record = (id: string, kind: string) => act('recordShipmentEvent', id, { kind });
  const count = (shipment: ShipmentView, units: number[], more: object = {}) =>
    countOf(coordinator, shipment, units, more);
  const available = async (code: string) =>
    (await coordinator.ask<{ stock: { availableUnits: number }[] }>(STOCK, { itemCodes: [code] })).stock[0]!
      .availableUnits;

  it('is cancelled or lost while nothing has been counted, with who, when and why', async () => {
    const coming = await anAnnouncement(coordinator, { MASK: 10 });
    await record(coming.id, 'HANDED_TO_CARRIER');
    const gone = await act('cancelShipment', coming.id, {
      reason: 'DONOR_WITHDREW',
      note: 'She needs them herself.',
    });
    expect(gone).toMatchObject({ status: 'CANCELLED', receivedAt: null });
    expect(gone.events[1]).toMatchObject({
      kind: 'CANCELLED',
      reason: 'DONOR_WITHDREW',
      note: 'She needs them herself.',
      actor: { name: expect.any(String), role: 'COORDINATOR' },
    });
    const other = await anAnnouncement(coordinator, { MASK: 10 });
    const lost = await act('reportShipmentLost', other.id, { reason: 'The carrier gave up.' });
    expect(lost).toMatchObject({ status: 'LOST', events: [{ kind: 'LOST', note: 'The carrier gave up.' }] });
    expect(await act('cancelShipment', other.id, { reason: 'OTHER' })).toMatchObject({
      __typename: 'ShipmentTransitionError',
      code: 'SHIPMENT_TRANSITION',
      stands: 'LOST',
    });
    expect(await count(coming, [1])).toMatchObject({ code: 'SHIPMENT_NOT_RECEIVABLE' });
  });

  it('is neither once some of it has been counted: the refusal says to close it, and writes nothing', async () => {
    const coming = await anAnnouncement(coordinator, { MASK: 10 });
    await count(coming, [4]);
    const before = await rowCounts(world);
    for (const [name, reason] of [
      ['cancelShipment', 'OTHER'],
      ['reportShipmentLost', 'gone'],
    ] as const)
      expect(await act(name, coming.id, { reason })).toMatchObject({
        stands: 'PARTIALLY_RECEIVED',
        message: expect.stringContaining('close it with a discrepancy reason instead'),
      });
    expect(await act('reopenShipment', coming.id, { reason: 'x' })).toMatchObject({ stands: 'PARTIALLY_RECEIVED' });
    expect(await rowCounts(world)).toEqual(before);
  });

  it('is given up once, when two say so at once', async () => {
    const coming = await anAnnouncement(coordinator, { MASK: 10 });
    const said = await Promise.all([
      act('cancelShipment', coming.id, { reason: 'DUPLICATE' }),
      act('reportShipmentLost', coming.id, { reason: 'gone' }),
      count(coming, [3]),
    ]);
    const done = said.filter(({ __typename }) => __typename === 'Shipment');
    expect(done).toHaveLength(1);
    expect(await world.breaches()).toEqual([]);
  });

  it.each(['cancelShipment', 'reportShipmentLost'] as const)(
    'after %s is opened again, and counted as usual',
    async (name) => {
      const coming = await anAnnouncement(coordinator, { NITRILE_GLOVES: 10 });
      const had = name === 'cancelShipment' ? 0 : 10;
      await act(name, coming.id, { reason: name === 'cancelShipment' ? 'NO_CONTACT_DONOR' : 'gone' });
      const open = await act('reopenShipment', coming.id, { reason: 'It stood in the cellar.' });
      expect(open).toMatchObject({ status: 'IN_TRANSIT' });
      expect(open.events[1]).toMatchObject({ kind: 'REOPENED', note: 'It stood in the cellar.' });
      expect(await count(coming, [10])).toMatchObject({ status: 'RECEIVED' });
      expect(await available('NITRILE_GLOVES')).toBe(had + 10);
      expect(await world.breaches()).toEqual([]);
    },
  );

  it('after it was closed short takes what comes later, and is closed anew for a reason of its own', async () => {
    const coming = await anAnnouncement(coordinator, { SURGICAL_MASK: 100 });
    const lineReasons = [{ lineId: coming.lines[0]!.id, reason: 'MISSING' }];
    expect(await count(coming, [90], { close: true, discrepancyReason: 'MISSING', lineReasons })).toMatchObject({
      status: 'RECEIVED',
      receivedAt: expect.any(String),
    });
    expect(await act('reopenShipment', coming.id, { reason: 'A box turned up.' })).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
      receivedAt: null,
      discrepancyReason: null,
      lines: [{ acceptedUnits: 90, discrepancyReason: null }],
    });
    expect(await act('reopenShipment', coming.id, { reason: 'again' })).toMatchObject({
      code: 'SHIPMENT_TRANSITION',
    });
    expect(await count(coming, [5], { close: true })).toMatchObject({ code: 'DISCREPANCY_REASON_REQUIRED' });
    const closed = await count(coming, [10]);
    expect(closed).toMatchObject({ status: 'RECEIVED', lines: [{ acceptedUnits: 100, counts: { totalCount: 2 } }] });
    expect(kindsOf(closed)).toEqual(['CLOSED', 'REOPENED', 'CLOSED']);
    expect(await available('SURGICAL_MASK')).toBe(100);
  });

  it('does each under a key once', async () => {
    const { id } = await anAnnouncement(coordinator, { MASK: 10 });
    const twice = async (name: Act, more: object) => {
      const input = { ...more, idempotencyKey: `${name} ${id}` };
      expect(await act(name, id, input)).toEqual(await act(name, id, input));
    };
    await twice('recordShipmentEvent', { kind: 'CUSTOMS_ENTRY' });
    await twice('reportShipmentLost', { reason: 'gone' });
    await twice('reopenShipment', { reason: 'back' });
    await twice('cancelShipment', { reason: 'TEST' });
    const { events } = await record(id, 'ARRIVED');
    expect(events.map(({ kind }) => kind)).toEqual(['CUSTOMS_ENTRY', 'LOST', 'REOPENED', 'CANCELLED', 'ARRIVED']);
  });

  it('says who does not exist, and wants a reason in words', async () => {
    const { id } = await anAnnouncement(coordinator, { MASK: 10 });
    for (const name of ['reportShipmentLost', 'reopenShipment'] as const) {
      const nobody = { shipmentId: '01900000-0000-7000-8000-00000000dead', reason: 'x' };
      expect((await coordinator.error(queryOf(name), { input: nobody })).extensions).toMatchObject({
        code: 'NOT_FOUND',
        field: 'input.shipmentId',
      });
      const silent = { shipmentId: id, reason: '  ' };
      expect((await coordinator.error(queryOf(name), { input: silent })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.reason',
      });
    }
  });
});
