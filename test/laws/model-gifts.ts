import { expect } from '@jest/globals';
import { correct as correctShipment } from '../support/corrections.js';
import { actOn } from '../support/receiving.js';
import { act, type Said } from './acts.js';
import { recallOf, stop } from './model-recalls.js';
import { ITEMS, type Item, type Model, type ModelShipment, pick, type Real } from './model.js';

/** Units of items, and under which number they come: one of {@link NUMBERS}, or none. */
export interface Gift {
  readonly units: Partial<Record<Item, number>>;
  readonly number: string | null;
}

interface ShipmentSaid extends Said {
  readonly id: string;
  readonly lines: { id: string; item: { code: string }; lots: { id: string }[] }[];
}

function linesOf({ units, number }: Gift, { mark }: Real): object[] {
  const lotNumber = number === null ? null : `${mark}-${number}`;
  return Object.entries(units).map(([itemCode, n]) => ({ itemCode, units: n, lotNumber }));
}

function noteShipment(model: Model, said: ShipmentSaid, gift: Gift, facts: { donor: string; status: string }): void {
  const lines = said.lines.map(({ id, item }) => ({ id, item: item.code, number: gift.number, accepted: 0 }));
  model.shipments.push({ id: said.id, lines, ...facts });
}

/** Puts what arrived on the shelf of the site. A new lot whose number is called back is stopped at the door. */
function noteArrived(
  model: Model,
  shipment: ModelShipment,
  said: ShipmentSaid,
  { site, units }: { site: string; units: readonly number[] },
): void {
  for (const [i, line] of shipment.lines.entries()) {
    const came = units[i]!;
    if (came === 0) continue;
    line.accepted += came;
    const { lots } = said.lines.find(({ id }) => id === line.id)!;
    expect(lots).toHaveLength(1);
    const { id } = lots[0]!;
    let lot = model.lots.find((one) => one.line === line);
    if (!lot) {
      lot = { id, line, shipment, held: new Map(), condition: 'GOOD', received: 0 };
      model.lots.push(lot);
      const recall = model.recalls.find((one) => one.isOpen && one.numbers.includes(`${line.item} ${line.number}`));
      if (recall) {
        lot.condition = 'RECALLED';
        recall.lots.push(lot);
      }
    }
    const stopping = recallOf(model, lot);
    if (stopping) stopping.stoppedUnits += came;
    expect(id).toBe(lot.id);
    lot.received += came;
    model.move(lot, site, null, model.shelf(lot), came);
  }
}

/** Logs a gift that is here. */
export async function donate(model: Model, real: Real, gift: Gift, at: number | null): Promise<void> {
  const donor = real.donors[0]!;
  const said = await act<ShipmentSaid>(real.client, 'logDonation', {
    donorId: donor,
    lines: linesOf(gift, real),
    ...(at !== null && { siteId: real.sites[at] }),
  });
  expect(said).toMatchObject({ __typename: 'Shipment', status: 'RECEIVED' });
  noteShipment(model, said, gift, { donor, status: 'RECEIVED' });
  noteArrived(model, model.shipments.at(-1)!, said, {
    site: real.sites[at ?? 0]!,
    units: Object.values(gift.units),
  });
}

/** Announces one that is to come. */
export async function announce(model: Model, real: Real, gift: Gift): Promise<void> {
  const donor = real.donors[1]!;
  const said = await act<ShipmentSaid>(real.client, 'announceShipment', {
    donorId: donor,
    lines: linesOf(gift, real),
  });
  expect(said).toMatchObject({ __typename: 'Shipment', status: 'ANNOUNCED' });
  noteShipment(model, said, gift, { donor, status: 'ANNOUNCED' });
}

const OPEN = ['ANNOUNCED', 'IN_TRANSIT', 'PARTIALLY_RECEIVED'];

/** Counts what came of a shipment, at a site. */
export async function receive(
  model: Model,
  { client, sites }: Real,
  which: number,
  came: readonly number[],
  [at, close]: [number, boolean],
): Promise<void> {
  const shipment = pick(model.shipments, which, ({ status }) => OPEN.includes(status));
  const units = shipment.lines.map((_, i) => came[i % came.length]!);
  const said = await act<ShipmentSaid>(client, 'receiveShipment', {
    shipmentId: shipment.id,
    counts: shipment.lines.map(({ id }, i) => ({ lineId: id, acceptedUnits: units[i]! })),
    close,
    discrepancyReason: 'RECOUNTED',
    siteId: sites[at],
  });
  if (!OPEN.includes(shipment.status)) {
    expect(said).toMatchObject({ __typename: 'ShipmentNotReceivableError', status: shipment.status });
    return;
  }
  noteArrived(model, shipment, said, { site: sites[at]!, units });
  if (close) shipment.status = 'RECEIVED';
  else if (shipment.lines.some(({ accepted }) => accepted > 0)) shipment.status = 'PARTIALLY_RECEIVED';
  expect(said).toMatchObject({ __typename: 'Shipment', status: shipment.status });
}

const DECISIONS = {
  cancelShipment: { becomes: { ANNOUNCED: 'CANCELLED', IN_TRANSIT: 'CANCELLED' }, input: { reason: 'NO_NEED' } },
  reportShipmentLost: { becomes: { ANNOUNCED: 'LOST', IN_TRANSIT: 'LOST' }, input: { reason: 'never came' } },
  reopenShipment: {
    becomes: { RECEIVED: 'PARTIALLY_RECEIVED', CANCELLED: 'IN_TRANSIT', LOST: 'IN_TRANSIT' },
    input: { reason: 'it turned up' },
  },
} as const;
export type Decision = keyof typeof DECISIONS;

/** Decides about a whole shipment: it will not come, it was lost, it is opened again. */
export async function decide(model: Model, { client }: Real, which: number, name: Decision): Promise<void> {
  const { input } = DECISIONS[name];
  const becomes: Record<string, string> = DECISIONS[name].becomes;
  const shipment = pick(model.shipments, which, ({ status }) => status in becomes);
  const said = await actOn(client, name, shipment.id, input);
  const next = becomes[shipment.status];
  if (next === undefined) {
    expect(said).toMatchObject({ __typename: 'ShipmentTransitionError', stands: shipment.status });
    return;
  }
  expect(said).toMatchObject({ __typename: 'Shipment', status: next });
  shipment.status = next;
}

/** Finds out that somebody else gave it. */
export async function correctDonor(model: Model, { client, donors }: Real, which: number): Promise<void> {
  const shipment = model.shipments[which % model.shipments.length]!;
  const others = donors.filter((id) => id !== shipment.donor);
  const donorId = others[which % others.length]!;
  const said = await correctShipment(client, { shipmentId: shipment.id, donorId });
  expect(said).toMatchObject({ __typename: 'Shipment', status: shipment.status, donor: { id: donorId } });
  shipment.donor = donorId;
}

/** Finds out that a line was of another item; one whose number is called back of that item is stopped. */
export async function correctItem(model: Model, { client, sites }: Real, which: number): Promise<void> {
  const shipment = pick(model.shipments, which, ({ lines }) => lines.some(({ accepted }) => accepted > 0));
  const line = shipment.lines[which % shipment.lines.length]!;
  const others = ITEMS.filter((code) => code !== line.item);
  const itemCode = others[which % others.length]!;
  const said = await correctShipment(client, { shipmentId: shipment.id, lines: [{ lineId: line.id, itemCode }] });
  expect(said).toMatchObject({ __typename: 'Shipment', status: shipment.status });
  line.item = itemCode;
  const lot = model.lots.find((one) => one.line === line);
  const recall = model.recalls.find((one) => one.isOpen && one.numbers.includes(`${itemCode} ${line.number}`));
  if (lot && recall && !recallOf(model, lot)) stop(model, sites, recall, [lot]);
}
