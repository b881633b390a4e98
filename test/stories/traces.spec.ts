import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonor,
  anAnnouncement,
  clinicians,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
} from '../support/builders.js';
import { correct as correctShipment } from '../support/corrections.js';
import { actOn, countOf } from '../support/receiving.js';
import { aMove, aSite } from '../support/sites.js';
import { callBack } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Step {
  readonly id: string;
  readonly at: string;
  readonly cause: string;
  readonly causeId: string;
  readonly units: number;
  readonly fromSite: { readonly name: string };
  readonly toSite: { readonly name: string };
  readonly actor: { readonly role: string } | null;
  readonly reason: string | null;
}
interface Origin {
  readonly receivedAt: string;
  readonly donor: { readonly id: string; readonly name: string };
  readonly shipment: { readonly id: string; readonly events: { readonly kind: string }[] };
  readonly line: {
    readonly id: string;
    readonly announcedUnits: number;
    readonly acceptedUnits: number;
    readonly counts: { readonly nodes: { readonly acceptedUnits: number; readonly actor: object | null }[] };
  } | null;
}
interface LotTrace {
  readonly receivedUnits: number;
  readonly places: { readonly units: number }[];
  readonly states: { readonly status: string; readonly units: number; readonly confirmedUnits: number }[];
  readonly origin: Origin;
  readonly steps: {
    readonly totalCount: number;
    readonly nodes: Step[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}
interface HandTrace {
  readonly units: number;
  readonly confirmedUnits: number | null;
  readonly status: string;
  readonly confirmedAt: string | null;
  readonly recipient: { readonly id: string; readonly name: string };
  readonly site: { readonly name: string };
  readonly origin: Origin;
  readonly steps: Step[];
}

const STEP = `id at cause causeKind causeId units fromPlace toPlace fromSite { name } toSite { name } reason reasonCode actor { role }`;
const ORIGIN = `origin { receivedAt donor { id name } shipment { id events { kind } }
  line { id announcedUnits acceptedUnits counts { nodes { acceptedUnits actor { role } } } } }`;
const LOT = `query($id: ID!, $first: Int, $after: String) { lotTrace(lotId: $id) { receivedUnits places { place units }
  states { status units confirmedUnits recipients } ${ORIGIN}
  steps(first: $first, after: $after) { totalCount nodes { ${STEP} } pageInfo { hasNextPage endCursor } } } }`;
const HAND = `query($id: ID!) { distributionTrace(distributionId: $id) { id units confirmedUnits status allocatedAt dispatchedAt deliveredAt confirmedAt
  recipient { id name } lot { id } site { name } ${ORIGIN} steps { ${STEP} } } }`;

describe('the way of a mask', () => {
  let world: World;
  let coordinator: Client;
  let donorId: string;
  let shipmentId: string;
  let lotId: string;
  let parcels: DeliveryView[];
  let planId: string;

  const lotTrace = async (client = coordinator, page: object = {}): Promise<LotTrace> =>
    (await client.ask<{ lotTrace: LotTrace }>(LOT, { id: lotId, ...page })).lotTrace;
  const handTrace = async (id: string, client = coordinator): Promise<HandTrace> =>
    (await client.ask<{ distributionTrace: HandTrace }>(HAND, { id })).distributionTrace;
  const lineOf = (i: number): string => parcels[i]!.lines[0]!.id;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    donorId = (await aDonor(coordinator, { name: 'Silk Road' })).id;
    const shipment = await anAnnouncement(coordinator, { MASK: 100 }, { donorId });
    shipmentId = shipment.id;
    await actOn(coordinator, 'recordShipmentEvent', shipment.id, { kind: 'CUSTOMS_HOLD' });
    await actOn(coordinator, 'recordShipmentEvent', shipment.id, { kind: 'CUSTOMS_RELEASE' });
    await countOf(coordinator, shipment, [60]);
    const counted = await countOf(coordinator, shipment, [36], { close: true, discrepancyReason: 'MISSING' });
    lotId = counted.lines[0]!.lots[0]!.id;
    const { id: main } = (await coordinator.ask<{ sites: { nodes: { id: string }[] } }>(`{ sites { nodes { id } } }`))
      .sites.nodes[0]!;
    const clinic = await aSite(coordinator, { name: 'Clinic' });
    await aMove(coordinator, [main, clinic], { [lotId]: 90 });
    await clinicians(coordinator, 3);
    const { plan, deliveries } = await aCommittedPlan(coordinator, { stock: { siteIds: [clinic] } });
    planId = plan.id;
    parcels = deliveries;
    for (const i of [0, 1]) await coordinator.ask(DISPATCH, { input: { deliveryId: parcels[i]!.id } });
    const counts = [{ lineId: lineOf(0), units: 29, reason: 'DAMAGED' }];
    await coordinator.ask(CONFIRM, { input: { deliveryId: parcels[0]!.id, counts } });
  });
  afterAll(() => world.close());

  it('forward is every move of its lot, in the order of time, and the sums of every state', async () => {
    const { receivedUnits, places, states, steps } = await lotTrace();
    expect(receivedUnits).toBe(96);
    expect(places.reduce((sum, { units }) => sum + units, 0)).toBe(96);
    expect(states).toMatchObject([
      { status: 'CONFIRMED', units: 30, confirmedUnits: 29, recipients: 1 },
      { status: 'DISPATCHED', units: 30, confirmedUnits: 0, recipients: 1 },
      { status: 'PREPARED', units: 30, confirmedUnits: 0, recipients: 1 },
    ]);
    expect(steps.nodes.map(({ cause }) => cause)).toEqual([
      'SHIPMENT_RECEIVED',
      'SHIPMENT_RECEIVED',
      'TRANSFER_DISPATCHED',
      'TRANSFER_RECEIVED',
      'ALLOCATION_COMMITTED',
      'DELIVERY_DISPATCHED',
      'DELIVERY_DISPATCHED',
      'DELIVERY_CONFIRMED',
      'DELIVERY_CONFIRMED',
    ]);
    expect(steps.totalCount).toBe(9);
    expect(steps.nodes[3]).toMatchObject({ fromSite: { name: 'Main site' }, toSite: { name: 'Clinic' }, units: 90 });
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { nodes, pageInfo }: LotTrace['steps'] = (await lotTrace(coordinator, { first: 2, after })).steps;
      seen.push(...nodes.map(({ id }) => id));
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    expect(seen).toEqual(steps.nodes.map(({ id }) => id));
  });

  it('begins with the donor, the consignment with its way, and who counted', async () => {
    const { origin } = await lotTrace();
    expect(origin).toMatchObject({
      donor: { id: donorId, name: 'Silk Road' },
      shipment: { id: shipmentId },
      line: { announcedUnits: 100, acceptedUnits: 96 },
    });
    expect(origin.shipment.events.map(({ kind }) => kind)).toEqual(['CUSTOMS_HOLD', 'CUSTOMS_RELEASE', 'CLOSED']);
    expect(origin.line!.counts.nodes).toMatchObject([
      { acceptedUnits: 60, actor: { role: 'COORDINATOR' } },
      { acceptedUnits: 36, actor: { role: 'COORDINATOR' } },
    ]);
  });

  it('backward leads from the hand to the donor', async () => {
    const trace = await handTrace(lineOf(0));
    expect(trace).toMatchObject({
      units: 30,
      confirmedUnits: 29,
      status: 'CONFIRMED',
      recipient: { id: parcels[0]!.recipient.id },
      site: { name: 'Clinic' },
      lot: { id: lotId },
      origin: { donor: { id: donorId }, shipment: { id: shipmentId }, line: { acceptedUnits: 96 } },
    });
    expect(trace.confirmedAt).not.toBeNull();
    expect(trace.steps.map(({ cause }) => cause)).toEqual([
      'DELIVERY_CONFIRMED',
      'DELIVERY_CONFIRMED',
      'DELIVERY_DISPATCHED',
      'ALLOCATION_COMMITTED',
      'TRANSFER_RECEIVED',
      'TRANSFER_DISPATCHED',
      'SHIPMENT_RECEIVED',
      'SHIPMENT_RECEIVED',
    ]);
    const instants = trace.steps.map(({ at }) => Date.parse(at));
    expect(instants).toEqual(instants.toSorted((a, b) => b - a));
    expect(trace.steps[3]!.causeId).toBe(planId);
    expect((await handTrace(lineOf(2))).steps.map(({ cause }) => cause)).not.toContain('DELIVERY_DISPATCHED');
  });

  it('is told to the donor without who acted, and why in words, and without a name', async () => {
    const donor = await world.as('DONOR', donorId);
    const { steps, origin, states } = await lotTrace(donor);
    expect([steps.totalCount, states.length]).toEqual([9, 3]);
    for (const { actor, reason } of steps.nodes) expect([actor, reason]).toEqual([null, null]);
    expect(origin.line!.counts.nodes.map(({ actor }) => actor)).toEqual([null, null]);
    const hand = await handTrace(lineOf(0), donor);
    expect(hand.recipient.name).toMatch(/^Clinician [0-9A-F]{6}$/);
    expect(hand.steps).toHaveLength(8);
    const auditor = await lotTrace(await world.as('AUDITOR'));
    expect(auditor.steps.nodes.every(({ actor }) => actor?.role === 'COORDINATOR')).toBe(true);
  });

  it('is told to her who got it, as far as it is of her own parcel', async () => {
    const herself = await world.as('RECIPIENT', parcels[0]!.recipient.id);
    const { steps, origin } = await handTrace(lineOf(0), herself);
    expect(steps.map(({ cause }) => cause)).toEqual([
      'DELIVERY_CONFIRMED',
      'DELIVERY_CONFIRMED',
      'DELIVERY_DISPATCHED',
    ]);
    expect(origin.line).toBeNull();
    expect(await handTrace(lineOf(1), herself)).toBeNull();
    expect((await herself.error(LOT, { id: lotId })).extensions.code).toBe('FORBIDDEN');
  });

  it('is told to nobody else', async () => {
    const other = await world.as('DONOR', (await aDonor(coordinator)).id);
    expect(await lotTrace(other)).toBeNull();
    expect(await handTrace(lineOf(0), other)).toBeNull();
    expect(await handTrace(lineOf(0), await world.as('RECIPIENT'))).toBeNull();
    expect(await handTrace('01900000-0000-7000-8000-00000000dead')).toBeNull();
  });

  it('tells of the recall that took it out of the parcel', async () => {
    await callBack(coordinator, [lotId]);
    const causes = (await handTrace(lineOf(2))).steps.map(({ cause }) => cause);
    expect(causes.slice(0, 3).sort()).toEqual(['ALLOCATION_COMMITTED', 'DELIVERY_LINES_TAKEN_OUT', 'LOT_RECALLED']);
    expect((await handTrace(lineOf(0))).steps).toHaveLength(8);
  });

  it('leads to the right donor once it turns out who gave it', async () => {
    const { id: other } = await aDonor(coordinator, { name: 'Jade Gate' });
    await correctShipment(coordinator, { shipmentId, donorId: other });
    expect((await handTrace(lineOf(0))).origin.donor).toEqual({ id: other, name: 'Jade Gate' });
    expect((await lotTrace()).origin.donor.id).toBe(other);
    expect(await handTrace(lineOf(0), await world.as('DONOR', donorId))).toBeNull();
    expect(await handTrace(lineOf(0), await world.as('DONOR', other))).not.toBeNull();
    expect(await world.breaches()).toEqual([]);
  });
});
