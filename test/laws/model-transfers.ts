import { expect } from '@jest/globals';
import { doAtSite } from '../support/sites.js';
import { type Model, type ModelTransfer, pick, placeOf, type Real, type Reason, within } from './model.js';

/** Sends up to two lots from one site to the other; all of it or nothing. */
export async function send(
  model: Model,
  { client, sites }: Real,
  [which, from]: [number, number],
  units: readonly number[],
): Promise<void> {
  const [fromSite, toSite] = from === 0 ? sites : [sites[1], sites[0]];
  const lots = new Set(units.map((_, i) => pick(model.lots, which + 4 * i, (lot) => model.free(lot, fromSite) > 0)));
  const lines = [...lots].map((lot, i) => ({ lot, units: within(model.free(lot, fromSite), units[i]!, which) }));
  const said = await doAtSite(client, 'dispatchTransfer', {
    fromSiteId: fromSite,
    toSiteId: toSite,
    lines: lines.map(({ lot, units: n }) => ({ lotId: lot.id, units: n })),
  });
  const tooFew = lines.filter(({ lot, units: n }) => n > model.free(lot, fromSite));
  if (tooFew.length > 0) {
    expect(said.__typename).toBe('NotEnoughStockError');
    expect(said.lots).toEqual(
      tooFew.map(({ lot, units: n }) => ({
        lotId: lot.id,
        askedUnits: n,
        availableUnits: model.free(lot, fromSite),
      })),
    );
    return;
  }
  expect(said).toMatchObject({ __typename: 'Transfer', status: 'DISPATCHED' });
  for (const { lot, units: n } of lines) model.move(lot, fromSite, model.shelf(lot), 'IN_TRANSIT', n);
  model.transfers.push({ id: said.id, from: fromSite, to: toSite, lines, status: 'DISPATCHED' });
}

const underWay = ({ status }: ModelTransfer): boolean => status === 'DISPATCHED';

/** Counts what arrived: each lot `short` units short, as far as it goes. What is missing needs a reason. */
export async function receiveTransfer(
  model: Model,
  { client }: Real,
  which: number,
  short: number,
  reason: Reason | null,
): Promise<void> {
  const transfer = pick(model.transfers, which, underWay);
  const { from, to, lines } = transfer;
  const counted = lines.map(({ lot, units }) => ({ lot, units, arrived: Math.max(0, units - short) }));
  const said = await doAtSite(client, 'receiveTransfer', {
    transferId: transfer.id,
    counts: counted.map(({ lot, arrived }) => ({ lotId: lot.id, units: arrived, reason })),
  });
  if (!underWay(transfer)) {
    expect(said).toMatchObject({ __typename: 'TransferTransitionError', status: transfer.status });
    return;
  }
  if (short > 0 && reason === null) {
    expect(said).toMatchObject({
      __typename: 'ShortageReasonRequiredError',
      lotIds: expect.arrayContaining(lines.map(({ lot }) => lot.id)),
    });
    return;
  }
  expect(said).toMatchObject({ __typename: 'Transfer', status: 'RECEIVED' });
  transfer.status = 'RECEIVED';
  for (const { lot, units, arrived } of counted) {
    model.move(lot, from, 'IN_TRANSIT', null, arrived);
    model.move(lot, to, null, model.shelf(lot), arrived);
    model.move(lot, from, 'IN_TRANSIT', placeOf(reason ?? 'MISSING'), units - arrived);
  }
}

/** Takes a transfer back, or gives it up. */
export async function endTransfer(
  model: Model,
  { client }: Real,
  which: number,
  name: 'cancelTransfer' | 'reportTransferLost',
): Promise<void> {
  const transfer = pick(model.transfers, which, underWay);
  const said = await doAtSite(client, name, { transferId: transfer.id, reason: 'a history' });
  if (!underWay(transfer)) {
    expect(said).toMatchObject({ __typename: 'TransferTransitionError', status: transfer.status });
    return;
  }
  transfer.status = name === 'cancelTransfer' ? 'CANCELLED' : 'LOST';
  expect(said).toMatchObject({ __typename: 'Transfer', status: transfer.status });
  for (const { lot, units } of transfer.lines)
    model.move(lot, transfer.from, 'IN_TRANSIT', transfer.status === 'LOST' ? 'LOST' : model.shelf(lot), units);
}
