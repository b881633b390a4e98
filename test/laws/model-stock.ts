import { expect } from '@jest/globals';
import { correct } from '../support/stock.js';
import { type Model, type ModelLot, pick, type Place, placeOf, type Real, type Reason, within } from './model.js';

/** A lot at a site; three times out of four one of which there are units there: on the shelf, or in the place that is named. */
function lotAt(model: Model, { sites }: Real, which: number, place?: Place): { lot: ModelLot; site: string } {
  const spots = model.lots.flatMap((lot) => sites.map((site) => ({ lot, site })));
  return pick(spots, which, ({ lot, site }) => model.units(lot, site, place ?? model.shelf(lot)) > 0);
}

/** Sets a lot aside, at all sites. */
export async function quarantine(model: Model, { client, sites }: Real, which: number): Promise<void> {
  const lot = pick(model.lots, which, ({ condition }) => condition === 'GOOD');
  const said = await correct(client, 'quarantineLot', { lotId: lot.id });
  if (lot.condition !== 'GOOD') {
    expect(said).toMatchObject({ __typename: 'LotTransitionError', condition: lot.condition });
    return;
  }
  model.turn(lot, 'QUARANTINED', sites);
  expect(said).toMatchObject({ __typename: 'Lot', condition: 'QUARANTINED', availableUnits: 0 });
}

/** Makes a lot free that was set aside; what was called back stays so. */
export async function release(model: Model, { client, sites }: Real, which: number): Promise<void> {
  const lot = pick(model.lots, which, ({ condition }) => condition === 'QUARANTINED');
  const said = await correct(client, 'releaseLot', { lotId: lot.id });
  if (lot.condition !== 'QUARANTINED') {
    expect(said).toMatchObject({ __typename: 'LotTransitionError', condition: lot.condition });
    return;
  }
  model.turn(lot, 'GOOD', sites);
  expect(said).toMatchObject({ __typename: 'Lot', condition: 'GOOD', quarantinedUnits: 0 });
}

/**
 * Counts a shelf: `off` more or fewer than there are. What is found was lost here before, as far as that goes; what is
 * not there is lost, or was thrown away.
 */
export async function recount(model: Model, real: Real, which: number, off: number, reason: Reason): Promise<void> {
  const { lot, site } = lotAt(model, real, which, off > 0 ? 'LOST' : undefined);
  const [promised, free] = [model.units(lot, site, 'ALLOCATED'), model.free(lot, site)];
  const countedUnits = Math.max(0, promised + free + off);
  const said = await correct(real.client, 'recountStock', {
    lotId: lot.id,
    siteId: site,
    countedUnits,
    reasonCode: reason,
  });
  if (countedUnits < promised) {
    expect(said).toMatchObject({
      __typename: 'CountBelowAllocatedError',
      countedUnits,
      allocatedUnits: promised,
      leastUnits: promised,
    });
    return;
  }
  expect(said).toMatchObject({ __typename: 'Lot', condition: lot.condition });
  const more = countedUnits - promised - free;
  if (more < 0) model.move(lot, site, model.shelf(lot), placeOf(reason), -more);
  const found = Math.max(0, Math.min(more, model.units(lot, site, 'LOST')));
  model.move(lot, site, 'LOST', model.shelf(lot), found);
  if (more > found) model.move(lot, site, null, model.shelf(lot), more - found);
}

const WAYS_OFF = { discardStock: 'DISCARDED', returnToDonor: 'RETURNED_TO_DONOR' } as const;
export type WayOff = keyof typeof WAYS_OFF;

/** Takes units off a shelf for good; not more than are free. */
export async function takeOff(model: Model, real: Real, which: number, asked: number, way: WayOff): Promise<void> {
  const { lot, site } = lotAt(model, real, which);
  const units = within(model.free(lot, site), asked, which);
  const said = await correct(real.client, way, { lotId: lot.id, siteId: site, units });
  const free = model.free(lot, site);
  if (units > free) {
    const allocatedUnits = model.units(lot, site, 'ALLOCATED');
    expect(said).toMatchObject({ __typename: 'NotOnShelfError', availableUnits: free, allocatedUnits });
    return;
  }
  expect(said).toMatchObject({ __typename: 'Lot', condition: lot.condition });
  model.move(lot, site, model.shelf(lot), WAYS_OFF[way], units);
}

/** Says that `off` more or fewer came in, on one shelf or wherever the lot stands; not fewer than are used already. */
export async function correctIntake(
  model: Model,
  { client, sites }: Real,
  which: number,
  at: number | null,
  off: number,
): Promise<void> {
  const shelvesOf = (one: ModelLot): string[] => sites.filter((site) => model.free(one, site) > 0);
  const lot = pick(model.lots, which, (one) => shelvesOf(one).length > (at === null ? 1 : 0));
  const receivedUnits = Math.max(0, lot.received + off);
  const said = await correct(client, 'correctIntake', {
    lotId: lot.id,
    receivedUnits,
    reasonCode: 'DATA_ENTRY_ERROR',
    ...(at !== null && { siteId: sites[at] }),
  });
  // Where most is free first.
  const anywhere = sites.toSorted((a, b) => model.free(lot, b) - model.free(lot, a) || (a < b ? -1 : 1));
  const isNowhere = sites.every((site) => model.free(lot, site) === 0);
  const shelves = at !== null ? [sites[at]!] : isNowhere ? [sites[0]] : anywhere;
  const more = receivedUnits - lot.received;
  const free = shelves.reduce((sum, site) => sum + model.free(lot, site), 0);
  if (-more > free) {
    const usedUnits = lot.received - free;
    const facts = { receivedUnits: lot.received, usedUnits, leastUnits: usedUnits };
    expect(said).toMatchObject({ __typename: 'IntakeInUseError', ...facts });
    return;
  }
  expect(said).toMatchObject({ __typename: 'Lot', condition: lot.condition });
  lot.received = receivedUnits;
  lot.line.accepted += more;
  if (more > 0) model.move(lot, shelves[0]!, null, model.shelf(lot), more);
  let left = Math.max(0, -more);
  for (const site of shelves) {
    const units = Math.min(left, model.free(lot, site));
    model.move(lot, site, model.shelf(lot), null, units);
    left -= units;
  }
}
