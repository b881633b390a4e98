import { expect } from '@jest/globals';
import type { Client, World } from '../support/world.js';
import { act, type Parcel, parcelsOf, type Preview, type Said } from './acts.js';

export const ITEMS = ['MASK', 'GOWN', 'GOGGLES'] as const;
export const PEOPLE = 4;
const PLACES = ['AVAILABLE', 'ALLOCATED', 'IN_TRANSIT', 'DELIVERED', 'LOST', 'DISCARDED'] as const;
type Place = (typeof PLACES)[number];

interface ModelLot {
  readonly item: string;
  readonly shipment: string;
  readonly units: Record<Place, number>;
}
interface ModelShipment {
  readonly id: string;
  readonly lines: { id: string; item: string }[];
  open: boolean;
}
interface ModelPlan {
  readonly id: string;
  /** The stock it was made from: units by lot. */
  readonly basis: string;
  readonly choice: { items: readonly string[]; shipments: readonly string[] };
  /** Units by recipient and item. */
  readonly awards: Map<string, number>;
  status: string;
}
interface ModelParcel extends Pick<Parcel, 'id' | 'lines'> {
  readonly plan: ModelPlan;
  readonly recipient: string;
  status: string;
}

/** The API under test, for one history. */
export interface Real {
  readonly world: World;
  readonly client: Client;
  readonly donorId: string;
  readonly people: readonly string[];
}

/** What the tracker should hold, in the simplest words there are for it. */
export class Model {
  readonly lots = new Map<string, ModelLot>();
  readonly shipments: ModelShipment[] = [];
  readonly plans: ModelPlan[] = [];
  readonly parcels: ModelParcel[] = [];

  freeUnits({ items, shipments }: ModelPlan['choice']): [string, number][] {
    return [...this.lots]
      .filter(([, lot]) => lot.units.AVAILABLE > 0 && items.includes(lot.item) && shipments.includes(lot.shipment))
      .map(([id, lot]): [string, number] => [id, lot.units.AVAILABLE])
      .sort();
  }

  move(lotId: string, from: Place | null, to: Place, units: number): void {
    const { units: held } = this.lots.get(lotId)!;
    if (from) held[from] -= units;
    held[to] += units;
    if (from && held[from] < 0) throw new Error(`the API gave ${-held[from]} units more of ${lotId} than there were`);
  }

  sum(item: string, place: Place): number {
    return [...this.lots.values()].filter((lot) => lot.item === item).reduce((sum, lot) => sum + lot.units[place], 0);
  }
}

interface ShipmentSaid extends Said {
  readonly id: string;
  readonly lines: { id: string; item: { code: string }; lots: { id: string; availableUnits: number }[] }[];
}

type Units = Partial<Record<(typeof ITEMS)[number], number>>;
const linesOf = (units: Units): object[] => Object.entries(units).map(([itemCode, n]) => ({ itemCode, units: n }));

function noteLots(model: Model, said: ShipmentSaid, arrived: ReadonlyMap<string, number>): void {
  for (const line of said.lines) {
    const units = arrived.get(line.id) ?? 0;
    if (units === 0) continue;
    expect(line.lots).toHaveLength(1);
    const { id } = line.lots[0]!;
    const nothing = Object.fromEntries(PLACES.map((place) => [place, 0])) as Record<Place, number>;
    if (!model.lots.has(id)) model.lots.set(id, { item: line.item.code, shipment: said.id, units: nothing });
    model.move(id, null, 'AVAILABLE', units);
  }
}

function noteShipment(model: Model, said: ShipmentSaid, open: boolean): void {
  model.shipments.push({ id: said.id, lines: said.lines.map(({ id, item }) => ({ id, item: item.code })), open });
}

/**
 * One of the list: three times out of four one that a step may be taken with, where there is one, so that histories get
 * somewhere; else any, so that refusals are seen, too.
 */
function pick<T>(list: readonly T[], which: number, ready: (one: T) => boolean): T {
  const apt = which % 4 === 0 ? [] : list.filter(ready);
  const chosen = apt.length > 0 ? apt : list;
  return chosen[which % chosen.length]!;
}

/** Logs a gift that is here. */
export async function donate(model: Model, { client, donorId }: Real, units: Units): Promise<void> {
  const said = await act<ShipmentSaid>(client, 'logDonation', { donorId, lines: linesOf(units) });
  expect(said).toMatchObject({ __typename: 'Shipment', status: 'RECEIVED' });
  noteShipment(model, said, false);
  noteLots(model, said, new Map(said.lines.map((line, i) => [line.id, Object.values(units)[i]!])));
}

/** Announces one that is to come. */
export async function announce(model: Model, { client, donorId }: Real, units: Units): Promise<void> {
  const said = await act<ShipmentSaid>(client, 'announceShipment', { donorId, lines: linesOf(units) });
  expect(said).toMatchObject({ __typename: 'Shipment', status: 'ANNOUNCED' });
  noteShipment(model, said, true);
}

/** Counts what came of a shipment. */
export async function receive(
  model: Model,
  { client }: Real,
  which: number,
  came: number[],
  close: boolean,
): Promise<void> {
  const shipment = pick(model.shipments, which, ({ open }) => open);
  const counts = shipment.lines.map(({ id }, i) => ({ lineId: id, acceptedUnits: came[i % came.length]! }));
  const said = await act<ShipmentSaid>(client, 'receiveShipment', {
    shipmentId: shipment.id,
    counts,
    close,
    discrepancyReason: 'RECOUNTED',
  });
  if (!shipment.open) {
    expect(said).toMatchObject({ __typename: 'ShipmentNotReceivableError', status: 'RECEIVED' });
    return;
  }
  expect(said).toMatchObject({ __typename: 'Shipment', status: close ? 'RECEIVED' : 'PARTIALLY_RECEIVED' });
  shipment.open = !close;
  noteLots(model, said, new Map(counts.map((count) => [count.lineId, count.acceptedUnits])));
}

/** Splits some items among some people, nobody more than `cap` of each; all of it when there is no cap. */
export async function split(
  model: Model,
  { client, people }: Real,
  items: readonly string[],
  who: readonly number[],
  cap: number | null,
): Promise<void> {
  const choice = { items, shipments: model.shipments.map(({ id }) => id) };
  const recipientIds = who.map((i) => people[i]!);
  const said = await act<Preview>(client, 'previewAllocation', {
    stock: { itemCodes: items, shipmentIds: choice.shipments },
    recipients: { recipientIds },
    policy: {
      rule: 'CONSTRAINED_EQUAL_AWARDS',
      ...(cap !== null && { cap: items.map((itemCode) => ({ itemCode, units: cap })) }),
    },
  });
  const free = model.freeUnits(choice);
  if (free.length === 0) {
    expect(said.__typename).toBe('NothingToAllocateError');
    return;
  }
  expect(said).toMatchObject({ __typename: 'Plan', status: 'PREVIEW' });
  const awards = new Map(said.awards.nodes.map((a) => [`${a.recipient.id} ${a.item.code}`, a.units]));
  for (const item of items) {
    const supply = free.reduce((sum, [id, units]) => sum + (model.lots.get(id)!.item === item ? units : 0), 0);
    const got = recipientIds.map((id) => awards.get(`${id} ${item}`) ?? 0);
    const total = cap === null ? supply : Math.min(supply, cap * recipientIds.length);
    expect(got.reduce((a, b) => a + b)).toBe(total);
    expect(Math.max(...got) - Math.min(...got)).toBe(total % recipientIds.length === 0 ? 0 : 1);
  }
  model.plans.push({ id: said.id, basis: JSON.stringify(free), choice, awards, status: 'PREVIEW' });
}

/** Commits a plan, whatever has become of it. */
export async function commit(model: Model, { client }: Real, which: number): Promise<void> {
  const plan = pick(model.plans, which, ({ status }) => status === 'PREVIEW');
  const said = await act(client, 'commitAllocation', { planId: plan.id });
  if (plan.status === 'COMMITTED' || plan.status === 'CANCELLED') {
    expect(said).toMatchObject({ __typename: 'PlanNotCommittableError', status: plan.status });
    return;
  }
  if (plan.status === 'STALE' || JSON.stringify(model.freeUnits(plan.choice)) !== plan.basis) {
    expect(said).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
    plan.status = 'STALE';
    return;
  }
  expect(said).toMatchObject({ __typename: 'Plan', status: 'COMMITTED' });
  plan.status = 'COMMITTED';
  const given = new Map<string, number>();
  for (const { id, recipient, lines, status } of await parcelsOf(client, plan.id)) {
    expect(status).toBe('PREPARED');
    model.parcels.push({ id, lines, plan, recipient: recipient.id, status });
    for (const { lot, item, units } of lines) {
      model.move(lot.id, 'AVAILABLE', 'ALLOCATED', units);
      const key = `${recipient.id} ${item.code}`;
      given.set(key, (given.get(key) ?? 0) + units);
    }
  }
  expect([...given].sort()).toEqual([...plan.awards].sort());
}

/** Takes a plan back, for all or for the recipient of one parcel. */
export async function cancel(model: Model, { client }: Real, which: number, whole: boolean): Promise<void> {
  const one = whole ? undefined : pick(model.parcels, which, ({ status }) => status === 'PREPARED');
  const plan = one?.plan ?? pick(model.plans, which, ({ status }) => status === 'COMMITTED');
  const said = await act(client, 'cancelAllocation', {
    planId: plan.id,
    reason: 'a history',
    ...(one && { recipientIds: [one.recipient] }),
  });
  const standing = model.parcels.filter((parcel) => parcel.plan === plan && parcel.status !== 'CANCELLED');
  const meant = one ? standing.filter((parcel) => parcel === one) : standing;
  const gone = meant.filter(({ status }) => status !== 'PREPARED');
  const refusal = { __typename: 'PlanNotCancellableError', status: plan.status };
  if (plan.status !== 'COMMITTED') {
    expect(said).toMatchObject({ ...refusal, recipientIds: [] });
  } else if (meant.length === 0) {
    expect(said).toMatchObject({ ...refusal, recipientIds: [one!.recipient] });
  } else if (gone.length > 0) {
    expect(said).toMatchObject(refusal);
    expect([...said.recipientIds!].sort()).toEqual(gone.map(({ recipient }) => recipient).sort());
  } else {
    plan.status = meant.length === standing.length ? 'CANCELLED' : 'COMMITTED';
    expect(said).toMatchObject({ __typename: 'Plan', status: plan.status });
    for (const parcel of meant) {
      parcel.status = 'CANCELLED';
      for (const { lot, units } of parcel.lines) model.move(lot.id, 'ALLOCATED', 'AVAILABLE', units);
    }
  }
}

const STEPS = {
  dispatchDelivery: { from: ['PREPARED'], status: 'DISPATCHED', leaves: 'ALLOCATED', reaches: 'IN_TRANSIT' },
  markDelivered: { from: ['DISPATCHED'], status: 'DELIVERED', leaves: 'IN_TRANSIT', reaches: 'DELIVERED' },
  returnDelivery: { from: ['DISPATCHED'], status: 'RETURNED', leaves: 'IN_TRANSIT', reaches: 'AVAILABLE' },
  reportDeliveryLost: { from: ['DISPATCHED'], status: 'LOST', leaves: 'IN_TRANSIT', reaches: 'LOST' },
} as const;
export type Step = keyof typeof STEPS;

/** Whether a parcel may go on; where not, the refusal must say how it stands. */
function mayGoOn(parcel: ModelParcel, from: readonly string[], said: Said): boolean {
  if (from.includes(parcel.status)) return true;
  expect(said).toMatchObject({ __typename: 'DeliveryTransitionError', status: parcel.status });
  return false;
}

/** Moves a parcel a step on. */
export async function step(model: Model, { client }: Real, which: number, name: Step): Promise<void> {
  const { from, status, leaves, reaches } = STEPS[name];
  const parcel = pick(model.parcels, which, (one) => from.some((word) => word === one.status));
  const said = await act(client, name, { deliveryId: parcel.id });
  if (!mayGoOn(parcel, from, said)) return;
  expect(said).toMatchObject({ __typename: 'Delivery', status });
  parcel.status = status;
  for (const { lot, units } of parcel.lines) model.move(lot.id, leaves, reaches, units);
}

const COUNTABLE = ['DISPATCHED', 'DELIVERED'];

/** Counts a parcel: each line `short` units short, as far as it goes, as they were damaged or missing. */
export async function confirm(
  model: Model,
  { client }: Real,
  which: number,
  short: number,
  reason: 'DAMAGED' | null,
): Promise<void> {
  const parcel = pick(model.parcels, which, ({ status }) => COUNTABLE.includes(status));
  const counts = parcel.lines.map(({ id, units }) => ({ lineId: id, units: Math.max(0, units - short), reason }));
  const said = await act(client, 'confirmDelivery', { deliveryId: parcel.id, counts });
  if (!mayGoOn(parcel, COUNTABLE, said)) return;
  expect(said).toMatchObject({ __typename: 'Delivery', status: 'CONFIRMED' });
  const from = parcel.status === 'DISPATCHED' ? 'IN_TRANSIT' : 'DELIVERED';
  parcel.status = 'CONFIRMED';
  for (const [i, { lot, units }] of parcel.lines.entries()) {
    model.move(lot.id, from, 'DELIVERED', counts[i]!.units);
    model.move(lot.id, from, reason === 'DAMAGED' ? 'DISCARDED' : 'LOST', units - counts[i]!.units);
  }
}

/** The stock levels of the API, which may hold other histories' units: `before` is what it held before this one. */
export type Levels = Record<string, Record<string, number>>;

export async function levels(client: Client): Promise<Levels> {
  const { stock } = await client.ask<{ stock: ({ item: { code: string } } & Record<string, number>)[] }>(
    `query($codes: [String!]) { stock(itemCodes: $codes) { item { code } availableUnits allocatedUnits inTransitUnits deliveredUnits onHandUnits } }`,
    { codes: ITEMS },
  );
  const nothing = { availableUnits: 0, allocatedUnits: 0, inTransitUnits: 0, deliveredUnits: 0, onHandUnits: 0 };
  return Object.fromEntries(
    ITEMS.map((code) => {
      const { item: _, ...units } = stock.find(({ item }) => item.code === code) ?? { item: null, ...nothing };
      return [code, units];
    }),
  );
}

/** Compares what the API shows, and what the balances of every lot hold, with the model. */
export async function assertEqual(model: Model, { client, world }: Real, before: Levels): Promise<void> {
  const now = await levels(client);
  const shown = ITEMS.map((item) =>
    Object.fromEntries(Object.entries(now[item]!).map(([name, units]) => [name, units - before[item]![name]!])),
  );
  expect(shown).toEqual(
    ITEMS.map((item) => ({
      availableUnits: model.sum(item, 'AVAILABLE'),
      allocatedUnits: model.sum(item, 'ALLOCATED'),
      inTransitUnits: model.sum(item, 'IN_TRANSIT'),
      deliveredUnits: model.sum(item, 'DELIVERED'),
      onHandUnits: model.sum(item, 'AVAILABLE') + model.sum(item, 'ALLOCATED'),
    })),
  );
  const rows: { id: string; place: Place; units: number }[] = await world.dataSource.query(
    `select lot_id as id, place, units from lot_balance where lot_id = any($1) and place <> 'SOURCE' and units <> 0`,
    [[...model.lots.keys()]],
  );
  const held = rows.map(({ id, place, units }) => `${id} ${place} ${units}`).sort();
  const expected = [...model.lots].flatMap(([id, { units }]) =>
    PLACES.filter((place) => units[place] !== 0).map((place) => `${id} ${place} ${units[place]}`),
  );
  expect(held).toEqual(expected.sort());
}
