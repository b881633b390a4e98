import { expect } from '@jest/globals';
import { recallDesk, type RecallView } from '../support/recalls.js';
import { type Item, type Model, type ModelLot, type ModelRecall, pick, type Real } from './model.js';

/** The open recall that a lot is under. */
export function recallOf(model: Model, lot: ModelLot): ModelRecall | undefined {
  return model.recalls.find(({ isOpen, lots }) => isOpen && lots.includes(lot));
}

const numberOf = ({ line }: ModelLot): string[] => (line.number === null ? [] : [`${line.item} ${line.number}`]);

/** Calls some lots back. */
export async function recallSome(model: Model, real: Real, which: number, many: number): Promise<void> {
  const ready = (lot: ModelLot): boolean => lot.condition !== 'RECALLED';
  const lots = [...new Set(Array.from({ length: many }, (_, i) => pick(model.lots, which + 4 * i, ready)))];
  const said = await recallDesk(real.client).recall({ lotIds: lots.map(({ id }) => id) });
  const numbers = [...new Set(lots.flatMap(numberOf))];
  noteRecall(model, real, said, { lots, numbers });
}

/** Calls a maker's number back, as somebody typed it; there may be no such lot yet. */
export async function recallNumber(model: Model, real: Real, item: Item, number: string): Promise<void> {
  const lotNumber = ` ${real.mark}-${number}`.toLowerCase();
  const said = await recallDesk(real.client).recall({ itemCode: item, lotNumber });
  const name = `${item} ${number}`;
  noteRecall(model, real, said, {
    lots: model.lots.filter((lot) => numberOf(lot).includes(name)),
    numbers: [name],
  });
}

/** Stops what is meant and not stopped yet: what is free, what is in parcels that have not left; and who has some is told. */
function noteRecall(
  model: Model,
  { sites }: Real,
  said: RecallView,
  { lots, numbers }: { lots: readonly ModelLot[]; numbers: readonly string[] },
): void {
  const fresh = lots.filter((lot) => !recallOf(model, lot));
  const watching = model.recalls.filter(
    (recall) => recall.isOpen && recall.numbers.some((name) => numbers.includes(name)),
  );
  if (fresh.length === 0 && (lots.length > 0 || watching.length > 0)) {
    const before = lots.length > 0 ? lots.map((lot) => recallOf(model, lot)!.id) : watching.map(({ id }) => id);
    expect(said.__typename).toBe('AlreadyRecalledError');
    expect(before).toContain(said.recallId);
    return;
  }
  expect(said.__typename ?? 'Recall').toBe('Recall');
  const recall: ModelRecall = {
    id: said.id,
    numbers,
    lots: [],
    notices: [],
    unpacked: [],
    stoppedUnits: 0,
    isOpen: true,
  };
  model.recalls.push(recall);
  stop(model, sites, recall, fresh);
}

/** Stops lots: what is free, what is in parcels that have not left; and who has some is told. */
export function stop(model: Model, sites: readonly string[], recall: ModelRecall, fresh: readonly ModelLot[]): void {
  let stoppedUnits = fresh.reduce((sum, lot) => sum + model.turn(lot, 'RECALLED', sites), 0);
  const unpacked = model.parcels.filter(
    (parcel) => parcel.status === 'PREPARED' && model.inside(parcel).some(({ lot }) => fresh.includes(lot)),
  );
  for (const parcel of unpacked) {
    const lines = model.inside(parcel).filter(({ lot }) => fresh.includes(lot));
    stoppedUnits += lines.reduce((sum, { units }) => sum + units, 0);
    model.takeOut(parcel, lines);
  }
  const holders = model.parcels.filter(({ status }) => ['DISPATCHED', 'DELIVERED', 'CONFIRMED'].includes(status));
  const notices = holders.flatMap((parcel) =>
    fresh.flatMap((lot) => {
      const units = model
        .inside(parcel)
        .reduce((sum, line) => sum + (line.lot === lot ? (line.confirmed ?? line.units) : 0), 0);
      return units > 0 ? [{ parcel, lot, units }] : [];
    }),
  );
  recall.lots.push(...fresh);
  recall.notices.push(...notices);
  recall.unpacked.push(...unpacked.filter((parcel) => !recall.unpacked.includes(parcel)));
  recall.stoppedUnits += stoppedUnits;
}

/** Ends a recall: its lots stay set aside. */
export async function endRecall(model: Model, { client, sites }: Real, which: number): Promise<void> {
  const recall = pick(model.recalls, which, ({ isOpen }) => isOpen);
  const said = await recallDesk(client).end(recall.id);
  if (!recall.isOpen) {
    expect(said).toMatchObject({ __typename: 'RecallEndedError', recall: { id: recall.id } });
    return;
  }
  recall.isOpen = false;
  for (const lot of recall.lots) model.turn(lot, 'QUARANTINED', sites);
  expect(said.endedAt).not.toBeNull();
}

/** Compares every recall of a history with the model. */
export async function assertRecallsEqual(model: Model, { client, sites }: Real): Promise<void> {
  const shown = await Promise.all(model.recalls.map(({ id }) => recallDesk(client).show(id)));
  for (const [i, recall] of model.recalls.entries()) {
    const { lots, notices, takenOutOfDeliveries, ...figures } = shown[i]!;
    const waiting = recall.isOpen
      ? recall.notices.filter(({ parcel }) => ['DISPATCHED', 'DELIVERED', 'CONFIRMED'].includes(parcel.status))
      : [];
    expect(figures).toMatchObject({
      stoppedUnits: recall.stoppedUnits,
      quarantinedUnits: recall.lots
        .flatMap((lot) => sites.map((site) => model.units(lot, site, 'QUARANTINED')))
        .reduce((a, b) => a + b, 0),
      recipientsToReach: new Set(waiting.map(({ parcel }) => parcel.recipient)).size,
    });
    expect(lots.nodes.map(({ id }) => id).sort()).toEqual(recall.lots.map(({ id }) => id).sort());
    expect(notices.nodes.map((n) => `${n.delivery.id} ${n.lot.id} ${n.units}`).sort()).toEqual(
      recall.notices.map(({ parcel, lot, units }) => `${parcel.id} ${lot.id} ${units}`).sort(),
    );
    expect(takenOutOfDeliveries.nodes.map(({ id }) => id).sort()).toEqual(recall.unpacked.map(({ id }) => id).sort());
  }
}
