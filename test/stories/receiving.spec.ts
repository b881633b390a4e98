import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  anAnnouncement,
  asOwner,
  clinicians,
  RECEIVE,
  rowCounts,
  type ShipmentView,
  STOCK,
} from '../support/builders.js';
import { migrate } from '../../src/data-source.js';
import { type Client, openWorld, type World } from '../support/world.js';

const SHIPMENT_NOW = `query($id: ID!) { shipment(id: $id) { status receivedAt discrepancyReason lines { announcedUnits acceptedUnits rejectedUnits rejectReason } } }`;

describe('a consignment that was announced', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  type Received = ShipmentView & { __typename?: string; code?: string; lineIds?: string[] };
  const receive = async (shipment: ShipmentView, counts: object[], more: object = {}): Promise<Received> => {
    const lines = counts.map((count, i) => ({
      lineId: shipment.lines[Math.min(i, shipment.lines.length - 1)]!.id,
      acceptedUnits: 0,
      ...count,
    }));
    const input = { shipmentId: shipment.id, counts: lines, ...more };
    return (await coordinator.ask<{ receiveShipment: Received }>(RECEIVE, { input })).receiveShipment;
  };
  const now = async ({ id }: ShipmentView) =>
    (await coordinator.ask<{ shipment: object }>(SHIPMENT_NOW, { id })).shipment;
  const available = async (code: string) =>
    (await coordinator.ask<{ stock: { availableUnits: number }[] }>(STOCK, { itemCodes: [code] })).stock[0]!
      .availableUnits;

  it('is no stock before it is counted', async () => {
    const coming = await anAnnouncement(
      coordinator,
      { GOGGLES: 100 },
      { expectedOn: '2030-02-28', carrier: 'DHL', trackingNumber: '1Z' },
    );
    expect(coming).toMatchObject({
      status: 'ANNOUNCED',
      receivedAt: null,
      lines: [{ announcedUnits: 100, acceptedUnits: 0, lots: [] }],
    });
    expect(coming.reference).toMatch(/^S-\d{8}-[0-9A-F]{6}$/);
    expect(await available('GOGGLES')).toBe(0);
  });

  it('counted in full is received, without being told', async () => {
    const coming = await anAnnouncement(coordinator, { GOWN: 30, FACE_SHIELD: 5 });
    expect(await receive(coming, [{ acceptedUnits: 30 }])).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
      receivedAt: null,
    });
    const whole = await receive(coming, [{ acceptedUnits: 0 }, { acceptedUnits: 5 }]);
    expect(whole).toMatchObject({
      status: 'RECEIVED',
      receivedAt: expect.any(String),
      lines: [{ acceptedUnits: 30 }, { acceptedUnits: 5 }],
    });
    expect(await available('GOWN')).toBe(30);
    expect(await receive(coming, [{ acceptedUnits: 1 }])).toMatchObject({
      __typename: 'ShipmentNotReceivableError',
      code: 'SHIPMENT_NOT_RECEIVABLE',
      status: 'RECEIVED',
    });
    expect(await available('GOWN')).toBe(30);
  });

  it('stays open after a full count when more is to come', async () => {
    const coming = await anAnnouncement(coordinator, { COVERALL: 2 });
    expect(await receive(coming, [{ acceptedUnits: 2 }], { close: false })).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
    });
    const over = await receive(coming, [{ acceptedUnits: 1 }]);
    expect(over).toMatchObject({ status: 'PARTIALLY_RECEIVED', lines: [{ announcedUnits: 2, acceptedUnits: 3 }] });
    expect(await receive(coming, [], { close: true, discrepancyReason: 'FOUND' })).toMatchObject({
      status: 'RECEIVED',
    });
    expect(await available('COVERALL')).toBe(3);
  });

  it('is counted in visits: the same lot grows, another number or day is another lot', async () => {
    const coming = await anAnnouncement(
      coordinator,
      {},
      { lines: [{ itemCode: 'N95', units: 1000, lotNumber: 'A', expiresOn: '2031-01-31' }] },
    );
    await receive(coming, [{ acceptedUnits: 300 }]);
    await receive(coming, [{ acceptedUnits: 100, lotNumber: 'A', expiresOn: '2031-01-31' }, { acceptedUnits: 50 }]);
    await receive(coming, [{ acceptedUnits: 200, lotNumber: 'B' }]);
    const { lines, status } = await receive(coming, [
      { acceptedUnits: 340, expiresOn: '2032-02-29' },
      { acceptedUnits: 10, lotNumber: 'B' },
    ]);
    expect(status).toBe('RECEIVED');
    expect(lines[0]).toMatchObject({ announcedUnits: 1000, acceptedUnits: 1000 });
    expect(lines[0]!.lots.map((lot) => [lot.lotNumber, lot.expiresOn, lot.availableUnits])).toEqual([
      ['A', '2031-01-31', 450],
      ['B', '2031-01-31', 210],
      ['A', '2032-02-29', 340],
    ]);
    expect(await available('N95')).toBe(1000);
    expect(await world.breaches()).toEqual([]);
  });

  it('may be split between two counts, and more of the same lot comes in afterwards', async () => {
    const [her] = await clinicians(coordinator, 1);
    const coming = await anAnnouncement(coordinator, { KN95: 20 });
    await receive(coming, [{ acceptedUnits: 8 }]);
    const choice = { stock: { shipmentIds: [coming.id] }, recipients: { recipientIds: [her] } };
    await aCommittedPlan(coordinator, choice);
    expect(await available('KN95')).toBe(0);
    const { lines } = await receive(coming, [{ acceptedUnits: 12 }]);
    expect(lines[0]!.lots).toMatchObject([{ availableUnits: 12 }]);
    const { deliveries } = await aCommittedPlan(coordinator, choice);
    expect(deliveries[0]!.lines).toMatchObject([{ units: 12 }]);
  });

  it('short of what was announced closes with a reason only, and posts only what arrived', async () => {
    const coming = await anAnnouncement(coordinator, { SURGICAL_MASK: 100, NITRILE_GLOVES: 10 });
    const before = await rowCounts(world);
    const refused = await receive(coming, [{ acceptedUnits: 90 }, { acceptedUnits: 10 }], { close: true });
    expect(refused).toMatchObject({
      __typename: 'DiscrepancyReasonRequiredError',
      code: 'DISCREPANCY_REASON_REQUIRED',
      lineIds: [coming.lines[0]!.id],
    });
    expect(await rowCounts(world)).toEqual(before);
    expect(await now(coming)).toMatchObject({
      status: 'ANNOUNCED',
      lines: [{ acceptedUnits: 0 }, { acceptedUnits: 0 }],
    });
    const more = { close: true, discrepancyReason: 'MISSING' };
    expect(await receive(coming, [{ acceptedUnits: 90 }, { acceptedUnits: 10 }], more)).toMatchObject({
      status: 'RECEIVED',
    });
    expect(await now(coming)).toMatchObject({
      discrepancyReason: 'MISSING',
      lines: [{ announcedUnits: 100, acceptedUnits: 90 }, { acceptedUnits: 10 }],
    });
    expect(await available('SURGICAL_MASK')).toBe(90);
  });

  it('keeps accepted and rejected units apart, and needs no other reason when the line has one', async () => {
    const coming = await anAnnouncement(coordinator, { FFP2: 50 });
    const whole = await receive(
      coming,
      [{ acceptedUnits: 45, rejectedUnits: 5, rejectReason: 'COUNTERFEIT_SUSPECTED' }],
      { close: true },
    );
    expect(whole).toMatchObject({ status: 'RECEIVED', lines: [{ acceptedUnits: 45, rejectedUnits: 5 }] });
    expect(await now(coming)).toMatchObject({ lines: [{ rejectReason: 'COUNTERFEIT_SUSPECTED' }] });
    expect(await available('FFP2')).toBe(45);

    const unsaid = await anAnnouncement(coordinator, { FFP2: 50 });
    const refused = await receive(unsaid, [{ acceptedUnits: 45, rejectedUnits: 5 }], { close: true });
    expect(refused).toMatchObject({ __typename: 'DiscrepancyReasonRequiredError' });
    expect(await receive(unsaid, [{ acceptedUnits: 45, rejectedUnits: 5 }])).toMatchObject({
      status: 'PARTIALLY_RECEIVED',
    });
  });

  it('of which nothing came closes without a lot', async () => {
    const coming = await anAnnouncement(coordinator, { SHOE_COVERS: 7 });
    expect(await receive(coming, [], { close: true })).toMatchObject({ __typename: 'DiscrepancyReasonRequiredError' });
    expect(await receive(coming, [], { close: true, discrepancyReason: 'STOLEN' })).toMatchObject({
      status: 'RECEIVED',
      lines: [{ acceptedUnits: 0, lots: [] }],
    });
    expect(await available('SHOE_COVERS')).toBe(0);
    expect(await world.breaches()).toEqual([]);
  });

  it('that was counted before visits were kept shows what came in, as the ledger knows it, and what was rejected', async () => {
    const coming = await anAnnouncement(coordinator, { MASK: 60, GOWN: 5 });
    await receive(coming, [{ acceptedUnits: 20, lotNumber: 'A', expiresOn: '2031-01-31' }]);
    await receive(coming, [{ acceptedUnits: 30, rejectedUnits: 4, rejectReason: 'DAMAGED' }, { acceptedUnits: 5 }]);
    const counts = () =>
      coordinator.ask<{ shipment: { lines: { counts: { nodes: object[] } }[] } }>(
        `query($id: ID!) { shipment(id: $id) { lines { counts { nodes { acceptedUnits rejectedUnits rejectReason lotNumber expiresOn actor { name role } at lot { id } } } } } }`,
        { id: coming.id },
      );
    const kept = (await counts()).shipment.lines.map((line) => line.counts.nodes);
    expect(kept.map((nodes) => nodes.length)).toEqual([2, 1]);
    await asOwner(world, BEFORE_VISITS_WERE_KEPT);
    await migrate(world.databaseUrl);
    const [[rejected, first, second], gowns] = (await counts()).shipment.lines.map((line) => line.counts.nodes) as [
      object[],
      object[],
    ];
    expect(rejected).toMatchObject({ acceptedUnits: 0, rejectedUnits: 4, rejectReason: 'DAMAGED', lot: null });
    expect([first, second]).toEqual([kept[0]![0], { ...kept[0]![1], rejectedUnits: 0, rejectReason: null }]);
    expect(gowns).toEqual(kept[1]);
    expect(await world.breaches()).toEqual([]);
  });
});

/** The database as it was before the migration that keeps visits. */
const BEFORE_VISITS_WERE_KEPT = `
  drop table shipment_event, shipment_count, shipment_change;
  alter table shipment_line drop column discrepancy_reason, drop constraint shipment_line_announced_units_not_negative,
    add constraint shipment_line_announced_units_are_positive check (announced_units > 0);
  delete from migrations where name = 'Receiving1764500000000'`;
