import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { LedgerLawsRepository } from '../../src/history/ledger-laws.repository.js';
import { act, commit, preview, tally } from '../laws/acts.js';
import { aDonation, asOwner, clinicians, faultOfInput, type ShipmentView } from '../support/builders.js';
import { connect } from '../support/database.js';
import { aMove, aSite, aTransfer, doAtSite, MAIN_SITE, placesOf } from '../support/sites.js';
import { callBack, correct } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
const lotOf = (gift: ShipmentView): string => gift.lines[0]!.lots[0]!.id;

describe('a transfer between sites', () => {
  let world: World;
  let coordinator: Client;
  let north: string;
  let south: string;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    [north, south] = [await aSite(coordinator, { name: 'North' }), await aSite(coordinator, { name: 'South' })];
  });
  afterAll(async () => {
    expect(await world.breaches()).toEqual([]);
    await world.close();
  });

  const aLot = async (units: number, item = 'MASK'): Promise<string> =>
    lotOf(await aDonation(coordinator, { [item]: units }, { siteId: north }));
  const setAside = (lotId: string, condition: string): Promise<unknown> =>
    condition === 'RECALLED' ? callBack(coordinator, [lotId]) : correct(coordinator, 'quarantineLot', { lotId });
  const receive = (transferId: string, counts?: object[]) =>
    doAtSite(coordinator, 'receiveTransfer', { transferId, counts });
  const places = (lotId: string) => placesOf(coordinator, lotId);

  it('takes units off the shelf at once, and puts them on the other when they are counted', async () => {
    const [masks, gowns] = [await aLot(10), await aLot(4, 'GOWN')];
    const sent = await doAtSite(coordinator, 'dispatchTransfer', {
      fromSiteId: north,
      toSiteId: south,
      lines: [
        { lotId: masks, units: 3 },
        { lotId: gowns, units: 4 },
        { lotId: masks, units: 4 },
      ],
      carrier: 'Lee, by car',
      trackingNumber: 'T1',
      note: 'Fragile',
    });
    expect(sent).toMatchObject({
      status: 'DISPATCHED',
      carrier: 'Lee, by car',
      trackingNumber: 'T1',
      note: 'Fragile',
      endedAt: null,
      fromSite: { id: north },
      toSite: { id: south },
      lines: [
        { lot: { id: masks }, units: 7, receivedUnits: null },
        { lot: { id: gowns }, units: 4, receivedUnits: null },
      ],
    });
    expect(await places(masks)).toEqual({ [`AVAILABLE at ${north}`]: 3, [`IN_TRANSIT at ${north}`]: 7 });
    expect(await world.breaches()).toEqual([]);
    const received = await receive(sent.id);
    expect(received).toMatchObject({ status: 'RECEIVED', lines: [{ receivedUnits: 7 }, { receivedUnits: 4 }] });
    expect(await places(masks)).toEqual({ [`AVAILABLE at ${north}`]: 3, [`AVAILABLE at ${south}`]: 7 });
    expect(await places(gowns)).toEqual({ [`AVAILABLE at ${south}`]: 4 });
    const causes = await asOwner(world, `select cause, units from stock_entry where cause_id = $1 order by id`, [
      sent.id,
    ]);
    expect(causes).toHaveLength(4);
  });

  it('of more than there is moves nothing, and says what there is of each lot, all lines together', async () => {
    const [masks, gowns, goggles] = [await aLot(10), await aLot(4, 'GOWN'), await aLot(1, 'GOGGLES')];
    const said = await doAtSite(coordinator, 'dispatchTransfer', {
      fromSiteId: north,
      toSiteId: south,
      lines: [
        { lotId: masks, units: 6 },
        { lotId: masks, units: 5 },
        { lotId: gowns, units: 100_000_000 },
        { lotId: goggles, units: 1 },
      ],
    });
    expect(said).toMatchObject({
      __typename: 'NotEnoughStockError',
      code: 'NOT_ENOUGH_STOCK',
      message: 'Of 2 lots too few units stand at this site: 11 asked, 10 there; 100000000 asked, 4 there.',
      lots: [
        { lotId: masks, askedUnits: 11, availableUnits: 10 },
        { lotId: gowns, askedUnits: 100_000_000, availableUnits: 4 },
      ],
    });
    expect(await places(masks)).toEqual({ [`AVAILABLE at ${north}`]: 10 });
    expect(await places(goggles)).toEqual({ [`AVAILABLE at ${north}`]: 1 });
    const elsewhere = { fromSiteId: south, toSiteId: north, lines: [{ lotId: goggles, units: 1 }] };
    expect(await doAtSite(coordinator, 'dispatchTransfer', elsewhere)).toMatchObject({
      lots: [{ lotId: goggles, askedUnits: 1, availableUnits: 0 }],
    });
  });

  it.each(['QUARANTINED', 'RECALLED'])(
    'of a lot that is %s moves what is set aside, and it stays so',
    async (condition) => {
      const lotId = await aLot(5);
      const there = await aTransfer(coordinator, [north, south], { [lotId]: 3 });
      await setAside(lotId, condition);
      expect(await places(lotId)).toEqual({ [`QUARANTINED at ${north}`]: 2, [`IN_TRANSIT at ${north}`]: 3 });
      const more = await aTransfer(coordinator, [north, south], { [lotId]: 2 });
      await receive(more);
      await receive(there);
      expect(await places(lotId)).toEqual({ [`QUARANTINED at ${south}`]: 5 });
      const back = await aTransfer(coordinator, [south, north], { [lotId]: 2 });
      expect(await places(lotId)).toEqual({ [`QUARANTINED at ${south}`]: 3, [`IN_TRANSIT at ${south}`]: 2 });
      await receive(back);
      expect(await places(lotId)).toEqual({ [`QUARANTINED at ${south}`]: 3, [`QUARANTINED at ${north}`]: 2 });
    },
  );

  it('counted short needs a reason for each lot, and what is missing is lost or discarded where it left', async () => {
    const [masks, gowns, goggles] = [await aLot(10), await aLot(8, 'GOWN'), await aLot(5, 'GOGGLES')];
    const id = await aTransfer(coordinator, [north, south], { [masks]: 10, [gowns]: 8, [goggles]: 5 });
    const counts = [
      { lotId: masks, units: 9, reason: 'STOLEN' },
      { lotId: gowns, units: 6 },
    ];
    expect(await receive(id, counts)).toMatchObject({
      __typename: 'ShortageReasonRequiredError',
      code: 'SHORTAGE_REASON_REQUIRED',
      message: '2 units are missing of one lot: say why of each.',
      lotIds: [gowns],
    });
    expect(await places(masks)).toEqual({ [`IN_TRANSIT at ${north}`]: 10 });
    const all = [counts[0]!, { ...counts[1]!, reason: 'DAMAGED' }, { lotId: goggles, units: 5, reason: 'OTHER' }];
    expect(await receive(id, all)).toMatchObject({
      status: 'RECEIVED',
      lines: [
        { units: 10, receivedUnits: 9, shortageReason: 'STOLEN' },
        { units: 8, receivedUnits: 6, shortageReason: 'DAMAGED' },
        { units: 5, receivedUnits: 5, shortageReason: null },
      ],
    });
    expect(await places(masks)).toEqual({ [`AVAILABLE at ${south}`]: 9, [`LOST at ${north}`]: 1 });
    expect(await places(gowns)).toEqual({ [`AVAILABLE at ${south}`]: 6, [`DISCARDED at ${north}`]: 2 });
    expect(await places(goggles)).toEqual({ [`AVAILABLE at ${south}`]: 5 });
    const reasons = await asOwner(
      world,
      `select to_place as place, reason_code as why, reason from stock_entry where cause_id = $1 and cause = 'TRANSFER_RECEIVED' order by 1, 2`,
      [id],
    );
    expect(reasons).toEqual([
      ...[masks, gowns, goggles].map(() => ({ place: 'AVAILABLE', why: null, reason: null })),
      { place: 'DISCARDED', why: 'DAMAGED', reason: null },
      { place: 'LOST', why: 'STOLEN', reason: null },
    ]);
  });

  it('of which nothing arrived can be counted as that', async () => {
    const lotId = await aLot(3);
    const id = await aTransfer(coordinator, [north, south], { [lotId]: 3 });
    await receive(id, [{ lotId, units: 0, reason: 'EXPIRED' }]);
    expect(await places(lotId)).toEqual({ [`DISCARDED at ${north}`]: 3 });
  });

  it('can be taken back, and can be given up', async () => {
    const lotId = await aLot(10);
    const [first, second] = [
      await aTransfer(coordinator, [north, south], { [lotId]: 6 }),
      await aTransfer(coordinator, [north, south], { [lotId]: 3 }),
    ];
    const cancelled = await doAtSite(coordinator, 'cancelTransfer', { transferId: first, reason: 'no car' });
    expect(cancelled).toMatchObject({ status: 'CANCELLED', reason: 'no car', lines: [{ receivedUnits: null }] });
    const lost = await doAtSite(coordinator, 'reportTransferLost', { transferId: second, reason: 'accident' });
    expect(lost).toMatchObject({ status: 'LOST', reason: 'accident' });
    expect(await places(lotId)).toEqual({ [`AVAILABLE at ${north}`]: 7, [`LOST at ${north}`]: 3 });
    const journal = await asOwner(
      world,
      `select reason from journal where action = 'cancelTransfer' and reference->>'transferId' = $1`,
      [first],
    );
    expect(journal).toEqual([{ reason: 'no car' }]);
  });

  it('taken back after its lot was set aside is set aside', async () => {
    const lotId = await aLot(2);
    const transferId = await aTransfer(coordinator, [north, south], { [lotId]: 2 });
    await setAside(lotId, 'RECALLED');
    await doAtSite(coordinator, 'cancelTransfer', { transferId, reason: 'recalled' });
    expect(await places(lotId)).toEqual({ [`QUARANTINED at ${north}`]: 2 });
  });

  it('ends once: every further step is refused with the state it is in', async () => {
    const steps = {
      RECEIVED: (transferId: string) => receive(transferId),
      CANCELLED: (transferId: string) => doAtSite(coordinator, 'cancelTransfer', { transferId, reason: 'r' }),
      LOST: (transferId: string) => doAtSite(coordinator, 'reportTransferLost', { transferId }),
    };
    const lotId = await aLot(3);
    for (const [status, end] of Object.entries(steps)) {
      const id = await aTransfer(coordinator, [north, south], { [lotId]: 1 });
      expect(await end(id)).toMatchObject({ status });
      for (const again of Object.values(steps)) {
        expect(await again(id)).toMatchObject({
          __typename: 'TransferTransitionError',
          code: 'TRANSFER_TRANSITION',
          status,
        });
      }
    }
    expect(Object.values(await places(lotId)).reduce((a, b) => a + b)).toBe(3);
  });

  it('that cannot be is refused by its field', async () => {
    const [lotId, other] = [await aLot(3), await aLot(3)];
    const dispatch = (input: object) =>
      faultOfInput(coordinator, 'dispatchTransfer', {
        fromSiteId: north,
        toSiteId: south,
        lines: [{ lotId, units: 1 }],
        ...input,
      });
    const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field });
    const missing = (field: string) => ({ code: 'NOT_FOUND', field });
    const closed = await aSite(coordinator);
    await doAtSite(coordinator, 'closeSite', { siteId: closed, reason: 'empty' });
    expect(await dispatch({ toSiteId: north })).toEqual(bad('input.toSiteId'));
    expect(await dispatch({ toSiteId: closed })).toEqual(bad('input.toSiteId'));
    expect(await dispatch({ fromSiteId: closed })).toEqual(bad('input.fromSiteId'));
    expect(await dispatch({ fromSiteId: NOBODY })).toEqual(missing('input.fromSiteId'));
    expect(await dispatch({ lines: [] })).toEqual(bad('input.lines'));
    expect(
      await dispatch({
        lines: [
          { lotId, units: 1 },
          { lotId: NOBODY, units: 1 },
        ],
      }),
    ).toEqual(missing('input.lines.1.lotId'));
    expect(await dispatch({ lines: [{ lotId, units: 100_000_001 }] })).toEqual(bad('input.lines.0.units'));
    const transferId = await aTransfer(coordinator, [north, south], { [lotId]: 2 });
    const count = (...counts: object[]) => faultOfInput(coordinator, 'receiveTransfer', { transferId, counts });
    expect(await count({ lotId, units: 1, reason: 'MISSING' }, { lotId: other, units: 1 })).toEqual(
      missing('input.counts.1.lotId'),
    );
    expect(await count({ lotId, units: 1, reason: 'MISSING' }, { lotId, units: 1 })).toEqual(
      bad('input.counts.1.lotId'),
    );
    expect(await count({ lotId, units: 3 })).toEqual(bad('input.counts.0.units'));
    expect(await count({ lotId, units: 1, reason: 'BORED' })).toEqual(bad('input.counts.0.reason'));
    expect(await faultOfInput(coordinator, 'receiveTransfer', { transferId: NOBODY })).toEqual(
      missing('input.transferId'),
    );
    expect(await faultOfInput(coordinator, 'cancelTransfer', { transferId, reason: '' })).toEqual(bad('input.reason'));
    expect(await places(lotId)).toEqual({ [`AVAILABLE at ${north}`]: 1, [`IN_TRANSIT at ${north}`]: 2 });
  });

  it('is found by its id, its state, and either of its sites, the newest first', async () => {
    const [here, there] = [await aSite(coordinator), await aSite(coordinator)];
    const lotId = lotOf(await aDonation(coordinator, { MASK: 5 }, { siteId: here }));
    const first = await aTransfer(coordinator, [here, there], { [lotId]: 2 });
    const second = await aTransfer(coordinator, [here, north], { [lotId]: 1 });
    await receive(first);
    const list = async (filter: object) => {
      const { transfers } = await coordinator.ask<{ transfers: { totalCount: number; nodes: { id: string }[] } }>(
        `query($filter: TransferFilter) { transfers(filter: $filter) { totalCount nodes { id } } }`,
        { filter },
      );
      expect(transfers.totalCount).toBe(transfers.nodes.length);
      return transfers.nodes.map(({ id }) => id);
    };
    expect(await list({ siteIds: [here] })).toEqual([second, first]);
    expect(await list({ siteIds: [there] })).toEqual([first]);
    expect(await list({ siteIds: [here], statuses: ['DISPATCHED'] })).toEqual([second]);
    expect(await list({ siteIds: [] })).toEqual([]);
    const asked = `query($id: ID!) { transfer(id: $id) { id status lines { units lot { item { code } } } } }`;
    const auditor = await world.as('AUDITOR');
    expect(await auditor.ask(asked, { id: first })).toEqual({
      transfer: { id: first, status: 'RECEIVED', lines: [{ units: 2, lot: { item: { code: 'MASK' } } }] },
    });
    expect(await auditor.ask(asked, { id: NOBODY })).toEqual({ transfer: null });
  });

  it('does not lose the donor: the trace of the lot shows both sites', async () => {
    const gift = await aDonation(coordinator, { MASK: 10 }, { siteId: north });
    await aMove(coordinator, [north, south], { [lotOf(gift)]: 6 });
    const people = await clinicians(coordinator, 2);
    const stock = { lotIds: [lotOf(gift)], siteIds: [south] };
    await commit(coordinator, { stock, recipients: { recipientIds: people } });
    const donor = await world.as('DONOR', gift.donor.id);
    const { lotTrace } = await donor.ask<{ lotTrace: object }>(
      `query($id: ID!) { lotTrace(lotId: $id) { receivedUnits lot { donor { id } } places { place units site { name } }
        holders { totalCount nodes { donor { id } units } } } }`,
      { id: lotOf(gift) },
    );
    const own = { id: gift.donor.id };
    expect(lotTrace).toEqual({
      receivedUnits: 10,
      lot: { donor: own },
      places: [
        { place: 'ALLOCATED', units: 6, site: { name: 'South' } },
        { place: 'AVAILABLE', units: 4, site: { name: 'North' } },
      ],
      holders: {
        totalCount: 2,
        nodes: [
          { donor: own, units: 3 },
          { donor: own, units: 3 },
        ],
      },
    });
  });

  it('of the same units dispatched by many at once is one, and the others are told what is left', async () => {
    const lotId = await aLot(10);
    const lines = [{ lotId, units: 6 }];
    const said = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        doAtSite(coordinator, 'dispatchTransfer', { fromSiteId: north, toSiteId: i % 2 ? south : MAIN_SITE, lines }),
      ),
    );
    expect(tally(said)).toEqual({ 'Transfer DISPATCHED': 1, NotEnoughStockError: 7 });
    const left = said.flatMap(({ lots }) => lots ?? []).map(({ availableUnits }) => availableUnits);
    expect(new Set(left)).toEqual(new Set([4]));
    expect(await places(lotId)).toEqual({ [`AVAILABLE at ${north}`]: 4, [`IN_TRANSIT at ${north}`]: 6 });
  });

  it('that two people receive at once is received once, and one that is taken back meanwhile does one of the two', async () => {
    const lotId = await aLot(40);
    for (let round = 0; round < 5; round++) {
      const id = await aTransfer(coordinator, [north, south], { [lotId]: 4 });
      const said = await Promise.all([receive(id), receive(id), receive(id, [{ lotId, units: 3, reason: 'MISSING' }])]);
      expect(tally(said)).toEqual({ 'Transfer RECEIVED': 1, 'TransferTransitionError RECEIVED': 2 });
      const other = await aTransfer(coordinator, [north, south], { [lotId]: 4 });
      const ends = await Promise.all([
        receive(other),
        doAtSite(coordinator, 'cancelTransfer', { transferId: other, reason: 'r' }),
        doAtSite(coordinator, 'reportTransferLost', { transferId: other }),
      ]);
      expect(ends.filter(({ __typename }) => __typename === 'Transfer')).toHaveLength(1);
    }
    expect(Object.values(await places(lotId)).reduce((a, b) => a + b)).toBe(40);
    expect(await world.breaches()).toEqual([]);
  });

  it('and a commit that want the same units at once: never both, and nothing is oversold', async () => {
    const people = await clinicians(coordinator, 3);
    for (let round = 0; round < 8; round++) {
      const lotId = await aLot(9);
      const plan = await preview(coordinator, { stock: { lotIds: [lotId] }, recipients: { recipientIds: people } });
      const lines = [{ lotId, units: 5 }];
      const send = () => doAtSite(coordinator, 'dispatchTransfer', { fromSiteId: north, toSiteId: south, lines });
      const give = () => act(coordinator, 'commitAllocation', { planId: plan.id });
      const [one, two] = await Promise.all(round % 2 ? [send(), give()] : [give(), send()]);
      const said = tally([one!, two!]);
      const words = Object.keys(said).sort().join(', ');
      expect(['NotEnoughStockError, Plan COMMITTED', 'StalePlanError, Transfer DISPATCHED']).toContain(words);
    }
    expect(await world.breaches()).toEqual([]);
  });

  it('repeated with the same key is one, and with another input a conflict', async () => {
    const lotId = await aLot(5);
    const input = { fromSiteId: north, toSiteId: south, lines: [{ lotId, units: 2 }], idempotencyKey: 't-1' };
    const first = await doAtSite(coordinator, 'dispatchTransfer', input);
    expect((await doAtSite(coordinator, 'dispatchTransfer', input)).id).toBe(first.id);
    expect(await faultOfInput(coordinator, 'dispatchTransfer', { ...input, toSiteId: MAIN_SITE })).toEqual({
      code: 'CONFLICT',
      field: 'input.idempotencyKey',
    });
    const take = { transferId: first.id, idempotencyKey: 't-2' };
    await doAtSite(coordinator, 'receiveTransfer', take);
    expect(await doAtSite(coordinator, 'receiveTransfer', take)).toMatchObject({ status: 'RECEIVED' });
    expect(await places(lotId)).toEqual({ [`AVAILABLE at ${north}`]: 3, [`AVAILABLE at ${south}`]: 2 });
  });
});

describe('the laws of the ledger', () => {
  const LAW = 'a transfer that is under way has its units in transit, and what arrived is what was counted';
  const PROMISED = 'units promised, on their way and delivered are those of the distributions';
  let world: World;
  let owner: pg.Client;
  let away: string;
  let received: string;
  let lotId: string;

  beforeAll(async () => {
    world = await openWorld();
    owner = await connect(world.databaseUrl);
    const coordinator = await world.as('COORDINATOR');
    const way: [string, string] = [MAIN_SITE, await aSite(coordinator)];
    lotId = lotOf(await aDonation(coordinator, { MASK: 20 }));
    away = await aTransfer(coordinator, way, { [lotId]: 5 });
    received = await aTransfer(coordinator, way, { [lotId]: 6 });
    const counts = [{ lotId, units: 4, reason: 'MISSING' }];
    await doAtSite(coordinator, 'receiveTransfer', { transferId: received, counts });
  });
  afterAll(async () => {
    await owner?.end();
    await world?.close();
  });

  /** What a statement of the owner breaks, or by which constraint it is refused. Undone in either case. */
  const broken = async (sql: string): Promise<string[]> => {
    const reader = { rows: async <T>(text: string) => (await owner.query(text)).rows as T[] };
    await owner.query('begin');
    try {
      await owner.query(sql);
      const found = await new LedgerLawsRepository().findings(reader);
      return found.flatMap(({ law, breaches }) => (breaches.length > 0 ? [law] : []));
    } catch (error) {
      return [(error as pg.DatabaseError).constraint!];
    } finally {
      await owner.query('rollback');
    }
  };

  it('hold of transfers that are under way, and of those that arrived', async () => {
    expect(await broken('select 1')).toEqual([]);
  });

  it('are broken by whoever edits what was sent, what was counted, or what became of it', async () => {
    const line = (set: string, id: string) => broken(`update transfer_line set ${set} where transfer_id = '${id}'`);
    const transfer = (set: string, id: string) => broken(`update transfer set ${set} where id = '${id}'`);
    expect(await line('units = 4', away)).toEqual([PROMISED, LAW]);
    expect(await line('received_units = 5', received)).toEqual([LAW]);
    expect(await transfer(`status = 'LOST', ended_at = now()`, away)).toEqual([PROMISED, LAW]);
    expect(await transfer(`status = 'CANCELLED'`, received)).toEqual([LAW]);
    expect(await broken(`delete from transfer_line where transfer_id = '${received}'`)).toEqual([LAW]);
  });

  it('are kept by the tables as far as they can', async () => {
    const line = (set: string) => broken(`update transfer_line set ${set} where transfer_id = '${received}'`);
    const transfer = (set: string) => broken(`update transfer set ${set} where id = '${away}'`);
    expect(await transfer('to_site_id = from_site_id')).toEqual(['transfer_changes_site']);
    expect(await transfer(`status = 'LOST'`)).toEqual(['transfer_ended_has_an_instant']);
    expect(await transfer(`status = 'GONE', ended_at = now()`)).toEqual(['transfer_status_is_known']);
    expect(await line('units = 0, received_units = null, shortage_reason = null')).toEqual([
      'transfer_line_units_are_positive',
    ]);
    expect(await line('received_units = 7, shortage_reason = null')).toEqual([
      'transfer_line_received_units_are_at_most_units',
    ]);
    expect(await line('shortage_reason = null')).toEqual(['transfer_line_shortage_says_why']);
  });
});
