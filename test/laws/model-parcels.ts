import { expect } from '@jest/globals';
import { act, type Said } from './acts.js';
import { type Model, type ModelParcel, pick, placeOf, type Real } from './model.js';

const STEPS = {
  dispatchDelivery: { from: ['PREPARED'], status: 'DISPATCHED', leaves: 'ALLOCATED', reaches: 'IN_TRANSIT' },
  markDelivered: { from: ['DISPATCHED'], status: 'DELIVERED', leaves: 'IN_TRANSIT', reaches: 'DELIVERED' },
  returnDelivery: { from: ['DISPATCHED'], status: 'RETURNED', leaves: 'IN_TRANSIT', reaches: 'SHELF' },
  reportDeliveryLost: { from: ['DISPATCHED'], status: 'LOST', leaves: 'IN_TRANSIT', reaches: 'LOST' },
} as const;
export type Step = keyof typeof STEPS;

/** Whether a parcel may go on; where not, the refusal must say how it stands. */
function mayGoOn(parcel: ModelParcel, from: readonly string[], said: Said): boolean {
  if (from.includes(parcel.status)) return true;
  expect(said).toMatchObject({ __typename: 'DeliveryTransitionError', status: parcel.status });
  return false;
}

/** Moves a parcel a step on. What is not good does not leave. */
export async function step(model: Model, { client }: Real, which: number, name: Step): Promise<void> {
  const { from, status, leaves, reaches } = STEPS[name];
  const parcel = pick(model.parcels, which, (one) => from.some((word) => word === one.status));
  const said = await act(client, name, { deliveryId: parcel.id });
  if (!mayGoOn(parcel, from, said)) return;
  const stopped = model.inside(parcel).filter(({ lot }) => lot.condition !== 'GOOD');
  if (name === 'dispatchDelivery' && stopped.length > 0) {
    expect(said.__typename).toBe('LotNotUsableError');
    const named = stopped.map(({ id, lot }) => ({ lineId: id, lot: { id: lot.id }, condition: lot.condition }));
    expect(said.stopped).toHaveLength(named.length);
    expect(said.stopped).toEqual(expect.arrayContaining(named));
    return;
  }
  expect(said).toMatchObject({ __typename: 'Delivery', status });
  parcel.status = status;
  for (const { lot, site, units } of model.inside(parcel))
    model.move(lot, site, leaves, reaches === 'SHELF' ? model.shelf(lot) : reaches, units);
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
  const inside = model.inside(parcel);
  const counts = inside.map(({ id, units }) => ({ lineId: id, units: Math.max(0, units - short), reason }));
  const said = await act(client, 'confirmDelivery', { deliveryId: parcel.id, counts });
  if (!mayGoOn(parcel, COUNTABLE, said)) return;
  expect(said).toMatchObject({ __typename: 'Delivery', status: 'CONFIRMED' });
  const from = parcel.status === 'DISPATCHED' ? 'IN_TRANSIT' : 'DELIVERED';
  parcel.status = 'CONFIRMED';
  for (const [i, line] of inside.entries()) {
    line.confirmed = counts[i]!.units;
    model.move(line.lot, line.site, from, 'DELIVERED', line.confirmed);
    model.move(line.lot, line.site, from, placeOf(reason ?? 'MISSING'), line.units - line.confirmed);
  }
}

/** Takes one line out of a parcel, or the first so many; lines that were taken out before among them. */
export async function takeOut(model: Model, { client }: Real, which: number, many: number): Promise<void> {
  const parcel = pick(model.parcels, which, ({ status }) => status === 'PREPARED');
  const from = which % parcel.lines.length;
  const lines = parcel.lines.slice(from, from + many);
  const lineIds = lines.map(({ id }) => id);
  const said = await act(client, 'takeOutOfDelivery', { deliveryId: parcel.id, lineIds, reason: 'a history' });
  if (!mayGoOn(parcel, ['PREPARED'], said)) return;
  const before = lines.filter(({ isOut }) => isOut).map(({ id }) => id);
  if (before.length > 0) {
    expect(said).toMatchObject({ __typename: 'LinesTakenOutError' });
    expect([...said.lineIds!].sort()).toEqual(before.sort());
    return;
  }
  model.takeOut(parcel, lines);
  expect(said).toMatchObject({ __typename: 'Delivery', status: parcel.status });
}
