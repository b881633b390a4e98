import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database.js';
import { newId } from '../../src/platform/ids.js';
import type { Move, Place } from '../../src/stock/ledger.rules.js';
import { LedgerService } from '../../src/stock/ledger.service.js';
import { aDonation, anAnnouncement, clinicians, faultOfInput } from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';
import { act, commit, type Preview, preview } from './acts.js';

describe('two lines of one lot in one call are checked together', () => {
  let world: World;
  let client: Client;
  let siteId: string;

  beforeAll(async () => {
    world = await openWorld();
    client = await world.as('COORDINATOR');
    [{ id: siteId }] = await world.dataSource.query('select id from site where is_default');
  });
  afterAll(() => world?.close());

  const aLot = async (units: number): Promise<string> =>
    (await aDonation(client, { MASK: units })).lines[0]!.lots[0]!.id;
  const held = async (lotId: string): Promise<Record<string, number>> => {
    const rows: { place: string; units: number }[] = await world.dataSource.query(
      `select place, units from lot_balance where lot_id = $1 and units <> 0`,
      [lotId],
    );
    return Object.fromEntries(rows.map(({ place, units }) => [place, units]));
  };
  const entriesOf = async (lotId: string): Promise<number> =>
    (await world.dataSource.query(`select count(*) as n from stock_entry where lot_id = $1`, [lotId]))[0].n;

  describe('in the ledger', () => {
    const move = (lotId: string, ...lines: [Place, Place, number][]): Promise<unknown> => {
      const moves = lines.map(([from, to, units]): Move => ({ lotId, siteId, from, to, units }));
      const actor = { id: null, role: 'COMMAND_LINE', requestId: 'test' };
      return world.app.get(Database).write({ actor, action: 'moveTwice' }, async (tx) => {
        await world.app.get(LedgerService).move(tx, { cause: 'DELIVERY_LOST', causeId: newId() }, moves);
        return {};
      });
    };

    it('two moves that each could be made, and both cannot, are refused whole', async () => {
      const lotId = await aLot(100);
      const twice = move(lotId, ['AVAILABLE', 'LOST', 60], ['AVAILABLE', 'LOST', 60]);
      await expect(twice).rejects.toThrow('has 100 units AVAILABLE, 120 are to leave');
      const apart = move(lotId, ['AVAILABLE', 'LOST', 60], ['AVAILABLE', 'DISCARDED', 60]);
      await expect(apart).rejects.toThrow('has 100 units AVAILABLE, 120 are to leave');
      expect(await held(lotId)).toEqual({ SOURCE: -100, AVAILABLE: 100 });
      expect(await entriesOf(lotId)).toBe(1);
    });

    it('two moves that fit together are one entry, of their sum', async () => {
      const lotId = await aLot(100);
      await move(lotId, ['AVAILABLE', 'LOST', 60], ['AVAILABLE', 'LOST', 40]);
      expect(await held(lotId)).toEqual({ SOURCE: -100, LOST: 100 });
      expect(await entriesOf(lotId)).toBe(2);
    });

    it('a move of what another of the same call brings is made', async () => {
      const lotId = await aLot(100);
      await move(lotId, ['AVAILABLE', 'DISCARDED', 100], ['DISCARDED', 'LOST', 30]);
      expect(await held(lotId)).toEqual({ SOURCE: -100, DISCARDED: 70, LOST: 30 });
    });
  });

  it('a donation of one item in two lines is two lots, and both are there', async () => {
    const lines = [
      { itemCode: 'N95', units: 30, lotNumber: 'A' },
      { itemCode: 'N95', units: 12, lotNumber: 'A' },
    ];
    const gift = await aDonation(client, {}, { lines });
    const lots = gift.lines.map((line) => line.lots[0]!.id);
    expect(new Set(lots).size).toBe(2);
    expect(await Promise.all(lots.map(held))).toEqual([
      { SOURCE: -30, AVAILABLE: 30 },
      { SOURCE: -12, AVAILABLE: 12 },
    ]);
  });

  it('a line that is counted twice in one visit is one lot, of the sum', async () => {
    const shipment = await anAnnouncement(client, { GOWN: 50 });
    const lineId = shipment.lines[0]!.id;
    const counts = [
      { lineId, acceptedUnits: 20 },
      { lineId, acceptedUnits: 30 },
    ];
    expect(await act(client, 'receiveShipment', { shipmentId: shipment.id, counts })).toMatchObject({
      status: 'RECEIVED',
      lines: [{ acceptedUnits: 50 }],
    });
    const lots: { id: string }[] = await world.dataSource.query(`select id from lot where shipment_line_id = $1`, [
      lineId,
    ]);
    expect(lots).toHaveLength(1);
    expect(await held(lots[0]!.id)).toEqual({ SOURCE: -50, AVAILABLE: 50 });
  });

  it('two counts of one line that each may be, and together are too many, are refused', async () => {
    const shipment = await anAnnouncement(client, { GOWN: 50 });
    const lineId = shipment.lines[0]!.id;
    const half = { lineId, acceptedUnits: 60_000_000 };
    const input = { shipmentId: shipment.id, counts: [half, half] };
    expect(await faultOfInput(client, 'receiveShipment', input)).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.counts.0.acceptedUnits',
    });
  });

  it('a lot that is named twice, and by its shipment too, is split once', async () => {
    const gift = await aDonation(client, { GOGGLES: 9 });
    const lotId = gift.lines[0]!.lots[0]!.id;
    const recipientIds = await clinicians(client, 2);
    const plan: Preview = await preview(client, {
      stock: { lotIds: [lotId, lotId], shipmentIds: [gift.id, gift.id], itemCodes: ['GOGGLES', 'GOGGLES'] },
      recipients: { recipientIds: [...recipientIds, ...recipientIds] },
    });
    expect(plan.awards.nodes.map(({ units }) => units).sort()).toEqual([4, 5]);
    expect(await act(client, 'commitAllocation', { planId: plan.id })).toMatchObject({ status: 'COMMITTED' });
    expect(await held(lotId)).toEqual({ SOURCE: -9, ALLOCATED: 9 });
  });

  it('a line of a parcel that is counted twice in one call is refused, and nothing is counted', async () => {
    const lotId = await aLot(8);
    const recipients = { recipientIds: await clinicians(client, 1) };
    const { parcels } = await commit(client, { stock: { lotIds: [lotId] }, recipients });
    const { id: deliveryId, lines } = parcels[0]!;
    await act(client, 'dispatchDelivery', { deliveryId });
    const counts = [
      { lineId: lines[0]!.id, units: 5 },
      { lineId: lines[0]!.id, units: 5 },
    ];
    expect(await faultOfInput(client, 'confirmDelivery', { deliveryId, counts })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.counts.1.lineId',
    });
    expect(await held(lotId)).toEqual({ SOURCE: -8, IN_TRANSIT: 8 });
    expect(await world.breaches()).toEqual([]);
  });
});
