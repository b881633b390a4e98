import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import {
  aCommittedPlan,
  aDonor,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  rowCounts,
  type ShipmentView,
  STOCK,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { type Act, actOn, countOf, kindsOf, queryOf, type Whole, WHOLE } from '../support/receiving.js';
import { type Client, openWorld, type World } from '../support/world.js';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

describe('a consignment as it really comes', () => {
  let world: World;
  let coordinator: Client;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
  });
  afterAll(() => world.close());

  const act = (name: Act, shipmentId: string, more: object = {}, client = coordinator) =>
    actOn(client, name, shipmentId, more);
  const record = (id: string, kind: string, more: object = {}, client = coordinator) =>
    act('recordShipmentEvent', id, { kind, ...more }, client);
  const count = (shipment: ShipmentView, units: number[], more: object = {}) =>
    countOf(coordinator, shipment, units, more);
  const available = async (code: string) =>
    (await coordinator.ask<{ stock: { availableUnits: number }[] }>(STOCK, { itemCodes: [code] })).stock[0]!
      .availableUnits;

  describe('on its way', () => {
    it('is IN_TRANSIT with the first news, and every step at customs is in its log, in the order in which it happened', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 10 });
      const left = await record(id, 'HANDED_TO_CARRIER', {
        happenedAt: ago(72),
        place: 'Shanghai',
        carrier: 'SF',
        trackingNumber: '1',
      });
      expect(left).toMatchObject({ __typename: 'Shipment', status: 'IN_TRANSIT', carrier: 'SF', trackingNumber: '1' });
      await record(id, 'CUSTOMS_HOLD', { happenedAt: ago(20), note: 'A certificate is missing.' });
      await record(id, 'CUSTOMS_ENTRY', { happenedAt: ago(30), place: 'JFK' });
      await record(id, 'CUSTOMS_RELEASE', { happenedAt: ago(2) });
      const there = await record(id, 'ARRIVED', { carrier: 'UPS' });
      expect(there).toMatchObject({ status: 'IN_TRANSIT', carrier: 'UPS', trackingNumber: '1' });
      expect(kindsOf(there)).toEqual([
        'HANDED_TO_CARRIER',
        'CUSTOMS_ENTRY',
        'CUSTOMS_HOLD',
        'CUSTOMS_RELEASE',
        'ARRIVED',
      ]);
      expect(there.events[2]).toMatchObject({
        note: 'A certificate is missing.',
        actor: { name: expect.any(String), role: 'COORDINATOR' },
      });
      expect(Date.parse(there.events[0]!.at) - Date.parse(there.events[0]!.happenedAt)).toBeGreaterThan(71 * HOUR);
    });

    it('keeps who was to bring it before somebody else does', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 10 }, { carrier: 'DHL' });
      await record(id, 'HANDED_TO_CARRIER', { carrier: 'SF' });
      await record(id, 'IN_TRANSIT', { carrier: 'SF' });
      const { shipment } = await coordinator.ask<{ shipment: { corrections: { nodes: object[] } } }>(
        `query($id: ID!) { shipment(id: $id) { corrections { nodes { field before after reasonCode reason } } } }`,
        { id },
      );
      expect(shipment.corrections.nodes).toEqual([
        { field: 'CARRIER', before: 'DHL', after: 'SF', reasonCode: null, reason: 'HANDED_TO_CARRIER' },
      ]);
    });

    it.each(['IN_TRANSIT', 'CUSTOMS_ENTRY', 'ARRIVED'])('has left when the first news are %s', async (kind) => {
      const { id } = await anAnnouncement(coordinator, { MASK: 10 });
      expect(await record(id, kind)).toMatchObject({ status: 'IN_TRANSIT' });
    });

    it('gets late news also when it has been counted or given up, and stays what it is', async () => {
      const coming = await anAnnouncement(coordinator, { SHOE_COVERS: 10 });
      await count(coming, [4]);
      expect(await record(coming.id, 'CUSTOMS_RELEASE')).toMatchObject({ status: 'PARTIALLY_RECEIVED' });
      const done = await count(coming, [6]);
      const late = await record(coming.id, 'ARRIVED', { happenedAt: ago(5) });
      expect(late).toMatchObject({ status: 'RECEIVED', receivedAt: done.receivedAt });
      const gone = await anAnnouncement(coordinator, { MASK: 10 });
      await act('cancelShipment', gone.id, { reason: 'DUPLICATE' });
      expect(await record(gone.id, 'HANDED_TO_CARRIER')).toMatchObject({ status: 'CANCELLED' });
    });

    it('takes no news of the future, but a clock may be a little fast', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 10 });
      const input = (happenedAt: string) => ({ input: { shipmentId: id, kind: 'ARRIVED', happenedAt } });
      const before = await rowCounts(world);
      for (const when of [ago(-1), '1999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'])
        expect((await coordinator.error(queryOf('recordShipmentEvent'), input(when))).extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
          field: 'input.happenedAt',
        });
      expect(await rowCounts(world)).toEqual(before);
      expect(await record(id, 'ARRIVED', { happenedAt: ago(-1 / 60) })).toMatchObject({ status: 'IN_TRANSIT' });
    });

    it('takes no events that are decisions of ours', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 10 });
      const { errors } = await coordinator.answer(queryOf('recordShipmentEvent'), {
        input: { shipmentId: id, kind: 'CLOSED' },
      });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });

    it('has a log of 200 entries, and how it ended is written down beyond them', async () => {
      const { id } = await anAnnouncement(coordinator, { MASK: 10 });
      for (let i = 0; i < 200; i += 20) await Promise.all(Array.from({ length: 20 }, () => record(id, 'IN_TRANSIT')));
      const before = await rowCounts(world);
      expect(await record(id, 'ARRIVED')).toMatchObject({
        __typename: 'TooManyShipmentEventsError',
        code: 'TOO_MANY_SHIPMENT_EVENTS',
        mostEvents: 200,
      });
      expect(await rowCounts(world)).toEqual(before);
      const lost = await act('reportShipmentLost', id, { reason: 'Nobody has seen it.' });
      expect(lost).toMatchObject({ status: 'LOST' });
      expect(lost.events).toHaveLength(201);
      expect(await act('reopenShipment', id, { reason: 'There it is.' })).toMatchObject({
        code: 'TOO_MANY_SHIPMENT_EVENTS',
      });
    });

    it('is followed by its donor, who writes down its way; others do not see it', async () => {
      const donor = await aDonor(coordinator, { anonymous: true });
      const hers = await world.as('DONOR', donor.id);
      const other = await world.as('DONOR', (await aDonor(coordinator)).id);
      const { id } = await anAnnouncement(coordinator, { MASK: 10 }, { donorId: donor.id });
      expect(await record(id, 'HANDED_TO_CARRIER', { note: 'Left with Mr. Li' }, hers)).toMatchObject({
        status: 'IN_TRANSIT',
        events: [{ kind: 'HANDED_TO_CARRIER', note: 'Left with Mr. Li', actor: null }],
      });
      const input = { shipmentId: id, kind: 'ARRIVED' };
      expect((await other.error(queryOf('recordShipmentEvent'), { input })).extensions).toMatchObject({
        code: 'NOT_FOUND',
        field: 'input.shipmentId',
      });
      for (const name of ['cancelShipment', 'reportShipmentLost', 'reopenShipment'] as const) {
        const why = { shipmentId: id, reason: name === 'cancelShipment' ? 'DONOR_WITHDREW' : 'gone' };
        expect((await hers.error(queryOf(name), { input: why })).extensions.code).toBe('FORBIDDEN');
      }
      const log = `query($id: ID!) { shipment(id: $id) { events { kind note actor { role name } } } }`;
      const auditor = await world.as('AUDITOR');
      expect(await auditor.ask(log, { id })).toEqual({
        shipment: {
          events: [{ kind: 'HANDED_TO_CARRIER', note: null, actor: { name: null, role: 'DONOR' } }],
        },
      });
      expect(await other.ask(log, { id })).toEqual({ shipment: null });
    });

    it('shows nothing of its log to those who got some of it', async () => {
      const [her] = await clinicians(coordinator, 1);
      const coming = await anAnnouncement(coordinator, { BOUFFANT_CAP: 3 });
      await record(coming.id, 'HANDED_TO_CARRIER');
      await count(coming, [3]);
      await aCommittedPlan(coordinator, {
        stock: { shipmentIds: [coming.id] },
        recipients: { recipientIds: [her] },
      });
      const recipient = await world.as('RECIPIENT', her);
      const { distributions } = await recipient.ask<{ distributions: { nodes: object[] } }>(
        `{ distributions { nodes { shipment { events { kind } lines { counts { totalCount } } } } } }`,
      );
      expect(distributions.nodes).toEqual([{ shipment: { events: [], lines: [] } }]);
      const asking = await recipient.error(`{ distributions { nodes { shipment { corrections { totalCount } } } } }`);
      expect(asking.extensions.code).toBe('FORBIDDEN');
    });
  });

  describe('counted in visits', () => {
    it('keeps each visit: what was counted, of which lot, by whom and when', async () => {
      const coming = await anAnnouncement(coordinator, { N95: 100 });
      const [line] = coming.lines;
      const first = { lineId: line!.id, acceptedUnits: 40, lotNumber: 'A', expiresOn: '2031-01-31' };
      await act('receiveShipment', coming.id, { counts: [first] });
      const more = [
        { ...first, acceptedUnits: 20 },
        { lineId: line!.id, acceptedUnits: 0, rejectedUnits: 5, rejectReason: 'DAMAGED', lotNumber: 'B' },
        { lineId: line!.id, acceptedUnits: 0 },
      ];
      const { lines } = await act('receiveShipment', coming.id, { counts: more });
      expect(lines[0]).toMatchObject({ announcedUnits: 100, acceptedUnits: 60, rejectedUnits: 5 });
      const lot = lines[0]!.lots[0]!.id;
      const box = { lotNumber: 'A', expiresOn: '2031-01-31', rejectedUnits: 0, rejectReason: null, lot: { id: lot } };
      const who = { actor: { name: expect.any(String), role: 'COORDINATOR' }, at: expect.any(String) };
      const bad = { acceptedUnits: 0, rejectedUnits: 5, rejectReason: 'DAMAGED', lotNumber: 'B', expiresOn: null };
      expect(lines[0]!.counts).toEqual({
        totalCount: 3,
        nodes: [
          { acceptedUnits: 40, ...box, ...who },
          { acceptedUnits: 20, ...box, ...who },
          { ...bad, lot: null, ...who },
        ],
      });
    });

    it('may hold more than was announced: that is a discrepancy, and needs a reason', async () => {
      const coming = await anAnnouncement(coordinator, { HAND_SANITIZER: 10, FACE_SHIELD: 5 });
      expect(await count(coming, [12, 5])).toMatchObject({ status: 'PARTIALLY_RECEIVED' });
      const refused = await count(coming, [], { close: true });
      expect(refused).toMatchObject({ code: 'DISCREPANCY_REASON_REQUIRED', lineIds: [coming.lines[0]!.id] });
      const reasons = [{ lineId: coming.lines[0]!.id, reason: 'FOUND' }];
      const closed = await count(coming, [], { close: true, lineReasons: reasons });
      expect(closed).toMatchObject({
        status: 'RECEIVED',
        discrepancyReason: null,
        lines: [{ announcedUnits: 10, acceptedUnits: 12, discrepancyReason: 'FOUND' }, { discrepancyReason: null }],
      });
      expect(closed.events.map(({ kind, reason }) => [kind, reason])).toEqual([['CLOSED', null]]);
      expect(await available('HAND_SANITIZER')).toBe(12);
      const stray = [{ lineId: closed.id, reason: 'FOUND' }];
      const input = { shipmentId: coming.id, counts: [], lineReasons: stray };
      expect((await coordinator.error(queryOf('receiveShipment'), { input })).extensions).toMatchObject({
        code: 'NOT_FOUND',
        field: 'input.lineReasons.0.lineId',
      });
    });

    it('may hold what nobody announced: it is counted beside the rest', async () => {
      const coming = await anAnnouncement(coordinator, { COVERALL: 10 });
      const found = {
        itemCode: 'ffp2',
        acceptedUnits: 30,
        rejectedUnits: 2,
        rejectReason: 'DAMAGED',
        unitsPerPack: 10,
        lotNumber: 'X1',
        expiresOn: '2032-02-29',
        earmark: { strength: 'ONLY', countries: ['us'] },
      };
      const some = await count(coming, [10], { unannounced: [found, { itemCode: 'GOGGLES', acceptedUnits: 1 }] });
      expect(some).toMatchObject({
        status: 'PARTIALLY_RECEIVED',
        lines: [
          { item: { code: 'COVERALL' }, announcedUnits: 10, acceptedUnits: 10 },
          {
            item: { code: 'FFP2' },
            announcedUnits: 0,
            acceptedUnits: 30,
            rejectedUnits: 2,
            earmark: { strength: 'ONLY', countries: ['US'] },
            lots: [{ lotNumber: 'X1', expiresOn: '2032-02-29', availableUnits: 30 }],
            counts: { totalCount: 1, nodes: [{ acceptedUnits: 30, rejectedUnits: 2, lotNumber: 'X1' }] },
          },
          { item: { code: 'GOGGLES' }, announcedUnits: 0, acceptedUnits: 1 },
        ],
      });
      expect(await available('FFP2')).toBe(30);
      expect(await count(coming, [], { close: true })).toMatchObject({ code: 'DISCREPANCY_REASON_REQUIRED' });
      const more = [{ lineId: some.lines[1]!.id, acceptedUnits: 5 }];
      const closed = await act('receiveShipment', coming.id, { counts: more, close: true, discrepancyReason: 'FOUND' });
      expect(closed).toMatchObject({ status: 'RECEIVED', discrepancyReason: 'FOUND' });
      expect(closed.lines[1]!.lots).toMatchObject([{ availableUnits: 35 }]);
      expect(closed.events).toMatchObject([{ kind: 'CLOSED', reason: 'FOUND' }]);
      expect(await world.breaches()).toEqual([]);
    });

    it('with an item that the catalogue does not know takes in nothing at all', async () => {
      const coming = await anAnnouncement(coordinator, { COVERALL: 10 });
      const before = await rowCounts(world);
      const said = await count(coming, [10], { unannounced: [{ itemCode: 'GOGGELS', acceptedUnits: 1 }] });
      expect(said).toMatchObject({ __typename: 'UnknownItemError', code: 'UNKNOWN_ITEM', itemCode: 'GOGGELS' });
      const group = { strength: 'ONLY', groupIds: [coming.id] };
      const faulty: [object, string, string][] = [
        [{ acceptedUnits: 0 }, 'input.unannounced.0.acceptedUnits', 'BAD_USER_INPUT'],
        [{ acceptedUnits: 1, earmark: { strength: 'ONLY' } }, 'input.unannounced.0.earmark', 'BAD_USER_INPUT'],
        [{ acceptedUnits: 1, earmark: group }, 'input.unannounced.0.earmark.groupIds.0', 'NOT_FOUND'],
        [{ acceptedUnits: 100_000_001 }, 'input.unannounced.0.acceptedUnits', 'BAD_USER_INPUT'],
      ];
      for (const [goods, field, code] of faulty) {
        const input = { shipmentId: coming.id, counts: [], unannounced: [{ itemCode: 'MASK', ...goods }] };
        const { extensions } = await coordinator.error(queryOf('receiveShipment'), { input });
        expect(extensions).toMatchObject({ code, field });
      }
      expect(await rowCounts(world)).toEqual(before);
    });

    it('has 500 lines at most, announced or not', async () => {
      const lines = Array.from({ length: 499 }, () => ({ itemCode: 'MASK', units: 1 }));
      const coming = await anAnnouncement(coordinator, {}, { lines });
      const unannounced = Array.from({ length: 2 }, () => ({ itemCode: 'MASK', acceptedUnits: 1 }));
      const input = { shipmentId: coming.id, counts: [], unannounced };
      expect((await coordinator.error(queryOf('receiveShipment'), { input })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.unannounced',
      });
      const one = await act('receiveShipment', coming.id, { counts: [], unannounced: unannounced.slice(1) });
      expect(one.lines).toHaveLength(500);
    });

    it('by eight at once is counted eight times, each with what she found', async () => {
      const coming = await anAnnouncement(coordinator, { KN95: 100 });
      const visits = Array.from({ length: 8 }, () =>
        count(coming, [5], { unannounced: [{ itemCode: 'KN95', acceptedUnits: 1 }] }),
      );
      expect((await Promise.all(visits)).map(({ status }) => status)).toEqual(Array(8).fill('PARTIALLY_RECEIVED'));
      const { lines } = await count(coming, [0]);
      expect(lines).toHaveLength(9);
      expect(lines[0]).toMatchObject({ acceptedUnits: 40, lots: [{ availableUnits: 40 }], counts: { totalCount: 8 } });
      expect(await available('KN95')).toBe(48);
      expect(await world.breaches()).toEqual([]);
    });

    it('waits for a commit that takes of it, and the commit does not wait for the visit', async () => {
      const [her] = await clinicians(coordinator, 1);
      const coming = await anAnnouncement(coordinator, { GOWN: 20 });
      await count(coming, [8]);
      const plan = await aPreview(coordinator, {
        stock: { shipmentIds: [coming.id] },
        recipients: { recipientIds: [her] },
      });
      // Holds what is free to be split, as a commit does, while a visit has begun; then names the shipment, as it does, too.
      const committing = await connect(world.databaseUrl);
      try {
        const lot = (
          await coordinator.ask<{ shipment: Whole }>(`query($id: ID!) { shipment(id: $id) { ${WHOLE} } }`, coming)
        ).shipment.lines[0]!.lots[0]!.id;
        await committing.query('begin');
        await committing.query(`select 1 from lot_balance where lot_id = $1 and place = 'AVAILABLE' for update`, [lot]);
        const visit = count(coming, [12]);
        await wait(300);
        // Shorter than the database takes to find a deadlock, and to end it at the cost of the visit.
        await committing.query('set local lock_timeout = 500');
        await committing.query('select 1 from shipment where id = $1 for key share', [coming.id]);
        await committing.query('commit');
        expect(await visit).toMatchObject({ status: 'RECEIVED' });
      } finally {
        await committing.end();
      }
      const said = await coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId: plan.id } });
      expect(said.commitAllocation).toMatchObject({ changed: ['stock'] });
    });
  });

  it.each(['shipment_event', 'shipment_count', 'shipment_change'])('nobody changes %s afterwards', async (table) => {
    const app = await connect(`${world.databaseUrl}?options=${encodeURIComponent('-c role=ppe_app')}`);
    try {
      for (const sql of [`update ${table} set at = now()`, `delete from ${table}`, `truncate ${table}`]) {
        await expect(app.query(sql)).rejects.toMatchObject({
          code: '42501',
          message: `permission denied for table ${table}`,
        });
        await expect(asOwner(world, sql)).rejects.toMatchObject({ message: `${table} is append-only` });
      }
    } finally {
      await app.end();
    }
  });
});
