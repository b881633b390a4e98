import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import {
  aCommittedPlan,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  CONFIRM,
  faultOfInput,
} from '../support/builders.js';
import {
  aNumber,
  type NoticeView,
  REASON,
  recallDesk,
  type RecallDesk,
  type RecallView,
  TRACE,
} from '../support/recalls.js';
import { aMove, aSite, MAIN_SITE } from '../support/sites.js';
import { type Client, openWorld, type World } from '../support/world.js';

let world: World;
let coordinator: Client;
let desk: RecallDesk;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
  desk = recallDesk(coordinator);
});
afterAll(() => world.close());

const unitsOf = (notices: readonly NoticeView[]): Record<string, number> =>
  Object.fromEntries(notices.map(({ recipient, units }) => [recipient.id, units]));

describe('a recall', () => {
  it('stops what is free, opens parcels that have not left, and writes to everybody who has units', async () => {
    const { lotId } = await desk.aGift(70, aNumber());
    const other = await desk.aGift(12, null, {}, 'GOWN');
    const people = await clinicians(coordinator, 6);
    const [kept, sent, there, counted, returned, lost] = await desk.parcels([lotId, other.lotId], people);
    for (const { id } of [sent!, there!, counted!, returned!, lost!]) await desk.send(id);
    await desk.step('markDelivered', there!.id);
    await desk.step('returnDelivery', returned!.id);
    await desk.step('reportDeliveryLost', lost!.id);
    const line = counted!.lines.find(({ item }) => item.code === 'MASK')!;
    await coordinator.ask(CONFIRM, {
      input: { deliveryId: counted!.id, counts: [{ lineId: line.id, units: 8, reason: 'DAMAGED' }] },
    });
    const shares = people.map(
      (_, i) => [kept, sent, there, counted, returned, lost][i]!.lines.find(({ item }) => item.code === 'MASK')!.units,
    );

    const done = await desk.recall({ lotIds: [lotId], reference: ' FDA-1 ', instructions: 'Do not wear them.' });
    expect(done).toMatchObject({
      reason: REASON,
      reference: 'FDA-1',
      instructions: 'Do not wear them.',
      endedAt: null,
      endReason: null,
      lots: { nodes: [{ id: lotId, condition: 'RECALLED' }] },
      stoppedUnits: shares[0]! + shares[4]!,
      quarantinedUnits: shares[0]! + shares[4]!,
      recipientsToReach: 3,
      takenOutOfDeliveries: { totalCount: 1, nodes: [{ id: kept!.id, status: 'PREPARED' }] },
    });
    expect(unitsOf(done.notices.nodes)).toEqual({ [people[1]!]: shares[1], [people[2]!]: shares[2], [people[3]!]: 8 });
    expect(done.notices.nodes.map(({ delivery }) => delivery.id).sort()).toEqual(
      [sent!.id, there!.id, counted!.id].sort(),
    );
    expect(await desk.places(lotId)).toEqual({
      QUARANTINED: shares[0]! + shares[4]!,
      IN_TRANSIT: shares[1],
      DELIVERED: shares[2]! + 8,
      DISCARDED: shares[3]! - 8,
      LOST: shares[5],
    });
    expect(await desk.places(other.lotId)).toMatchObject({ ALLOCATED: 2, AVAILABLE: 2 });
    expect(await world.breaches()).toEqual([]);
    await desk.send(kept!.id);
    expect(await desk.places(other.lotId)).toMatchObject({ IN_TRANSIT: 4 });
  });

  it('stops a lot at every site', async () => {
    const { lotId } = await desk.aGift(10, aNumber());
    const garage = await aSite(coordinator);
    await aMove(coordinator, [MAIN_SITE, garage], { [lotId]: 4 });
    expect(await desk.recall({ lotIds: [lotId] })).toMatchObject({ stoppedUnits: 10, quarantinedUnits: 10 });
    const balances = await asOwner(
      world,
      `select place, units from lot_balance where lot_id = $1 and place <> 'SOURCE' and units > 0 order by units`,
      [lotId],
    );
    expect(balances).toEqual([
      { place: 'QUARANTINED', units: 4 },
      { place: 'QUARANTINED', units: 6 },
    ]);
    expect(await world.breaches()).toEqual([]);
  });

  it('cancels parcels with nothing else in them, of several plans, and the plans that are empty then', async () => {
    const number = aNumber();
    const { lotId } = await desk.aGift(30, number);
    const { lotId: kept } = await desk.aGift(4, null, {}, 'GOWN');
    const people = await clinicians(coordinator, 2);
    const capped = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 5 }] };
    const choice = { recipients: { recipientIds: people }, policy: capped };
    const first = await aCommittedPlan(coordinator, { ...choice, stock: { lotIds: [lotId] } });
    const second = await aCommittedPlan(coordinator, { ...choice, stock: { lotIds: [lotId] } });
    const third = await aCommittedPlan(coordinator, { ...choice, stock: { lotIds: [lotId, kept] } });
    await desk.send(second.deliveries[0]!.id);
    const done = await desk.recall({ lotIds: [lotId] });
    expect(done).toMatchObject({ stoppedUnits: 25, quarantinedUnits: 25, takenOutOfDeliveries: { totalCount: 5 } });
    expect(done.notices.totalCount).toBe(1);
    const statusOf = async (id: string) =>
      (await coordinator.ask<{ plan: { status: string } }>(`query($id: ID!) { plan(id: $id) { status } }`, { id })).plan
        .status;
    expect(await Promise.all([first, second, third].map(({ plan }) => statusOf(plan.id)))).toEqual([
      'CANCELLED',
      'COMMITTED',
      'COMMITTED',
    ]);
    expect(await world.breaches()).toEqual([]);
  });

  it('by number means every lot that carries it, whoever gave it and however it was typed', async () => {
    const number = aNumber();
    const lots = [await desk.aGift(10, number), await desk.aGift(5, `  ${number.toLowerCase()}\t`)];
    const gown = await desk.aGift(7, number, {}, 'GOWN');
    const near = await desk.aGift(7, `${number}0`);
    const done = await desk.recall({ itemCode: ' mask', lotNumber: ` ${number.toLowerCase()} ` });
    expect(done.lots.nodes.map(({ id }) => id)).toEqual(lots.map(({ lotId }) => lotId).sort());
    expect(done).toMatchObject({ stoppedUnits: 15, recipientsToReach: 0, notices: { totalCount: 0 } });
    for (const { lotId } of [gown, near]) expect(await desk.places(lotId)).toEqual({ AVAILABLE: 7 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is not begun twice; what another one missed is stopped by a second', async () => {
    const number = aNumber();
    const [a, b] = [await desk.aGift(10, number), await desk.aGift(5, number)];
    const first = await desk.recall({ lotIds: [a.lotId, a.lotId] });
    expect(first).toMatchObject({ lots: { nodes: [{ id: a.lotId }] }, stoppedUnits: 10 });
    expect(await desk.recall({ lotIds: [a.lotId] })).toMatchObject({
      __typename: 'AlreadyRecalledError',
      code: 'ALREADY_RECALLED',
      recallId: first.id,
    });
    const second = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    expect(second).toMatchObject({ lots: { nodes: [{ id: b.lotId }] }, stoppedUnits: 5 });
    expect(await desk.recall({ itemCode: 'MASK', lotNumber: number })).toMatchObject({ code: 'ALREADY_RECALLED' });
    expect(await desk.recall({ lotIds: [b.lotId, a.lotId] })).toMatchObject({ code: 'ALREADY_RECALLED' });
    const { recalls } = await coordinator.ask<{ recalls: { nodes: { id: string }[] } }>(
      `{ recalls(first: 2, open: true) { nodes { id } } }`,
    );
    expect(recalls.nodes.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await world.breaches()).toEqual([]);
  });

  it('is begun once by eight who begin it at once', async () => {
    const [numbered, plain] = [await desk.aGift(10, aNumber()), await desk.aGift(10, null)];
    for (const { lotId } of [numbered, plain]) {
      const said = await Promise.all(Array.from({ length: 8 }, () => desk.recall({ lotIds: [lotId] })));
      const [begun] = said.filter(({ __typename }) => __typename === undefined);
      expect(said.filter(({ recallId }) => recallId === begun!.id)).toHaveLength(7);
      expect(await desk.places(lotId)).toEqual({ QUARANTINED: 10 });
    }
    expect(await world.breaches()).toEqual([]);
  });

  it('says what is wrong with a request', async () => {
    const { lotId } = await desk.aGift(1, null);
    const nothing = '01900000-0000-7000-8000-00000000dead';
    const fault = (input: object) => faultOfInput(coordinator, 'recallLots', { reason: REASON, ...input });
    const of = { code: 'BAD_USER_INPUT', field: 'input.lotIds' };
    expect(await fault({})).toEqual(of);
    expect(await fault({ lotIds: [] })).toEqual(of);
    expect(await fault({ lotIds: [lotId], itemCode: 'MASK', lotNumber: 'A' })).toEqual(of);
    expect(await fault({ itemCode: 'MASK' })).toEqual(of);
    expect(await fault({ lotNumber: 'A' })).toEqual(of);
    expect(await fault({ itemCode: 'MASK', lotNumber: '  ' })).toEqual({ ...of, field: 'input.lotNumber' });
    expect(await fault({ lotIds: [lotId], reason: ' ' })).toEqual({ ...of, field: 'input.reason' });
    expect(await fault({ lotIds: [lotId, nothing] })).toEqual({ code: 'NOT_FOUND', field: 'input.lotIds.1' });
    expect(await desk.recall({ itemCode: 'MASQUE', lotNumber: 'A' })).toMatchObject({
      __typename: 'UnknownItemError',
      itemCode: 'MASQUE',
    });
    expect(await faultOfInput(coordinator, 'endRecall', { recallId: nothing, reason: REASON })).toEqual({
      code: 'NOT_FOUND',
      field: 'input.recallId',
    });
    expect(await desk.places(lotId)).toEqual({ AVAILABLE: 1 });
  });

  it('keeps a parcel that comes back later from becoming free, and counts nobody whose parcel came back', async () => {
    const { lotId } = await desk.aGift(20, aNumber());
    const [first, second] = await desk.parcels([lotId], await clinicians(coordinator, 2));
    for (const { id } of [first!, second!]) await desk.send(id);
    const { id } = await desk.recall({ lotIds: [lotId] });
    expect(await desk.show(id)).toMatchObject({ stoppedUnits: 0, quarantinedUnits: 0, recipientsToReach: 2 });
    await desk.step('returnDelivery', first!.id);
    expect(await desk.places(lotId)).toEqual({ QUARANTINED: 10, IN_TRANSIT: 10 });
    expect(await desk.show(id)).toMatchObject({
      quarantinedUnits: 10,
      recipientsToReach: 1,
      notices: { totalCount: 2 },
    });
    await coordinator.ask(CONFIRM, { input: { deliveryId: second!.id } });
    expect(await desk.show(id)).toMatchObject({ recipientsToReach: 1 });
    expect(await world.breaches()).toEqual([]);
  });

  it('stays on record as it was: nobody edits what it stopped, whom it reached, or how it began', async () => {
    const { lotId } = await desk.aGift(9, aNumber());
    const [, sent] = await desk.parcels([lotId], await clinicians(coordinator, 2));
    await desk.send(sent!.id);
    const { id } = await desk.recall({ lotIds: [lotId] });
    for (const table of ['recall_lot', 'recall_line', 'recall_number']) {
      const refused = expect.objectContaining({ message: `${table} is append-only` });
      await expect(
        asOwner(world, `update ${table} set recall_id = recall_id where recall_id = $1`, [id]),
      ).rejects.toEqual(refused);
      await expect(asOwner(world, `delete from ${table} where recall_id = $1`, [id])).rejects.toEqual(refused);
    }
    for (const sql of [
      'update recall set reason = reason',
      'update recall_notice set units = units',
      'delete from recall_notice',
      'delete from recall',
    ])
      await expect(world.dataSource.query(sql)).rejects.toThrow('permission denied');
  });

  it('gives the first answer again under the same key', async () => {
    const { lotId } = await desk.aGift(3, null);
    const input = { lotIds: [lotId], idempotencyKey: `recall ${lotId}` };
    const [first, again] = [await desk.recall(input), await desk.recall(input)];
    expect(again).toEqual(first);
  });
});

describe('what comes in while a recall is open', () => {
  const received = async (number: string, units = 5) => {
    const { lotId } = await desk.aGift(units, number);
    const { lot } = await coordinator.ask<{ lot: { condition: string; recall: { id: string } | null } }>(
      `query($id: ID!) { lot(id: $id) { condition recall { id } } }`,
      { id: lotId },
    );
    return { lotId, ...lot, ...(await desk.places(lotId)) };
  };

  it('is stopped at the door under the recalled number, and under no other', async () => {
    const number = aNumber();
    const { lotId } = await desk.aGift(10, number);
    const { id } = await desk.recall({ lotIds: [lotId] });
    const late = await received(` ${number.toLowerCase()}`);
    expect(late).toMatchObject({ condition: 'RECALLED', recall: { id }, QUARANTINED: 5 });
    expect(await desk.show(id)).toMatchObject({
      stoppedUnits: 15,
      quarantinedUnits: 15,
      lots: { nodes: [{ id: lotId }, { id: late.lotId }] },
    });
    expect(await received(`${number}-B`)).toMatchObject({ condition: 'GOOD', recall: null, AVAILABLE: 5 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is stopped when it was announced before, as often as some of it arrives', async () => {
    const number = aNumber();
    const shipment = await anAnnouncement(coordinator, { MASK: 20 });
    const { id } = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    expect(await desk.show(id)).toMatchObject({ lots: { nodes: [] }, stoppedUnits: 0 });
    const count = (acceptedUnits: number) =>
      coordinator.ask(`mutation($input: ReceiveShipmentInput!) { receiveShipment(input: $input) { __typename } }`, {
        input: {
          shipmentId: shipment.id,
          counts: [{ lineId: shipment.lines[0]!.id, acceptedUnits, lotNumber: number }],
        },
      });
    await count(5);
    await count(15);
    const lots = (await desk.show(id)).lots.nodes;
    expect(lots).toMatchObject([{ lotNumber: number, condition: 'RECALLED' }]);
    expect(await desk.places(lots[0]!.id)).toEqual({ QUARANTINED: 20 });
    expect(await desk.show(id)).toMatchObject({ stoppedUnits: 20, quarantinedUnits: 20 });
    expect(await desk.recall({ itemCode: 'MASK', lotNumber: number })).toMatchObject({ recallId: id });
    expect(await world.breaches()).toEqual([]);
  });

  it('is free again once the recall has ended', async () => {
    const number = aNumber();
    const { id } = await desk.recall({ itemCode: 'MASK', lotNumber: number });
    expect(await desk.recall({ itemCode: 'MASK', lotNumber: number })).toMatchObject({
      code: 'ALREADY_RECALLED',
      recallId: id,
    });
    await desk.end(id);
    expect(await received(number)).toMatchObject({ condition: 'GOOD', AVAILABLE: 5 });
  });
});

describe('the end of a recall', () => {
  it('leaves its lots set aside, its notices as they are, and nobody to reach; a second one is possible', async () => {
    const number = aNumber();
    const { lotId } = await desk.aGift(20, number);
    const people = await clinicians(coordinator, 2);
    const [first] = await desk.parcels([lotId], people);
    await desk.send(first!.id);
    const { id } = await desk.recall({ lotIds: [lotId] });
    const ended = await desk.end(id);
    expect(ended).toMatchObject({
      id,
      endReason: 'Another maker.',
      endedAt: expect.any(String),
      lots: { nodes: [{ id: lotId, condition: 'QUARANTINED' }] },
      recipientsToReach: 0,
      notices: { totalCount: 1 },
    });
    expect(await desk.places(lotId)).toEqual({ QUARANTINED: 10, IN_TRANSIT: 10 });
    expect(await desk.end(id)).toMatchObject({
      __typename: 'RecallEndedError',
      code: 'RECALL_ENDED',
      recall: { id, endedAt: ended.endedAt },
    });
    const changes = await asOwner(world, `select before, after, reason from lot_change where lot_id = $1 order by id`, [
      lotId,
    ]);
    expect(changes).toEqual([
      { before: 'GOOD', after: 'RECALLED', reason: REASON },
      { before: 'RECALLED', after: 'QUARANTINED', reason: 'Another maker.' },
    ]);
    expect(await world.breaches()).toEqual([]);

    const again = await desk.recall({ lotIds: [lotId] });
    expect(again).toMatchObject({ stoppedUnits: 0, quarantinedUnits: 10, recipientsToReach: 1 });
    const { lotTrace } = await coordinator.ask<{ lotTrace: { recalls: object[]; lot: object } }>(TRACE, { id: lotId });
    expect(lotTrace.recalls).toEqual([
      { id: again.id, endedAt: null },
      { id, endedAt: ended.endedAt },
    ]);
    expect(lotTrace.lot).toMatchObject({ recall: { id: again.id } });
    const open = async (which: boolean) =>
      (
        await coordinator.ask<{ recalls: { nodes: { id: string }[] } }>(
          `query($open: Boolean) { recalls(open: $open, first: 100) { nodes { id } } }`,
          { open: which },
        )
      ).recalls.nodes.map((node) => node.id);
    expect(await open(true)).toContain(again.id);
    expect(await open(true)).not.toContain(id);
    expect(await open(false)).toContain(id);
    expect(await world.breaches()).toEqual([]);
  });

  it.each(['a number', null])(
    'comes about once of eight at once, where the lot has as its number: %s',
    async (number) => {
      const { lotId } = await desk.aGift(4, number && aNumber());
      const { id } = await desk.recall({ lotIds: [lotId] });
      const said = await Promise.all(Array.from({ length: 8 }, () => desk.end(id)));
      expect(said.filter(({ __typename }) => __typename === 'RecallEndedError')).toHaveLength(7);
      expect(await asOwner(world, `select 1 from lot_change where lot_id = $1`, [lotId])).toHaveLength(2);
    },
  );
});

describe('a recall of what many have', () => {
  it('takes as many statements for hundreds of people as for a few', async () => {
    const statements = async (people: number): Promise<{ count: number; recalled: RecallView }> => {
      const { lotId } = await desk.aGift(people * 2, null);
      const other = await desk.aGift(people, null, {}, 'GOWN');
      const ids = await Promise.all(Array.from({ length: people / 50 }, () => clinicians(coordinator, 50)));
      const plan = await aPreview(coordinator, {
        stock: { lotIds: [lotId, other.lotId] },
        recipients: { recipientIds: ids.flat() },
      });
      await coordinator.ask(COMMIT, { input: { planId: plan.id } });
      // A half has its parcels already; dispatching them one by one is not what is counted here.
      const half = await asOwner(world, `select id from delivery where plan_id = $1 order by id limit $2`, [
        plan.id,
        people / 2,
      ]);
      for (const { id } of half as { id: string }[]) await desk.send(id);
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      const recalled = await desk.recall({ lotIds: [lotId] });
      const count = spy.mock.calls.length;
      spy.mockRestore();
      return { count, recalled };
    };
    const [few, many] = [await statements(50), await statements(300)];
    expect(few.recalled).toMatchObject({
      stoppedUnits: 50,
      recipientsToReach: 25,
      takenOutOfDeliveries: { totalCount: 25 },
    });
    expect(many.recalled).toMatchObject({
      stoppedUnits: 300,
      recipientsToReach: 150,
      notices: { totalCount: 150 },
      takenOutOfDeliveries: { totalCount: 150 },
    });
    expect(many.count).toBe(few.count);
    expect(many.count).toBeLessThan(60);
    expect(await world.breaches()).toEqual([]);
  });
});

describe('the lots of a recall', () => {
  const PAGE = `lots(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id } }`;
  interface LotsPage {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    readonly nodes: { readonly id: string }[];
  }
  let number: string;
  let gifts: { lotId: string; donorId: string }[];
  let recallId: string;

  beforeAll(async () => {
    number = aNumber();
    gifts = [];
    for (const units of [1, 2, 3, 4]) gifts.push(await desk.aGift(units, number));
    gifts.push(await desk.aGift(5, number, { donorId: gifts[0]!.donorId }));
    ({ id: recallId } = await desk.recall({ itemCode: 'MASK', lotNumber: number }));
  });

  const pagesFor = async (client: Client): Promise<LotsPage[]> => {
    const pages: LotsPage[] = [];
    let after: string | null = null;
    do {
      const { recall }: { recall: { lots: LotsPage } } = await client.ask(
        `query($id: ID!, $after: String) { recall(id: $id) { ${PAGE} } }`,
        { id: recallId, after },
      );
      pages.push(recall.lots);
      after = recall.lots.pageInfo.hasNextPage ? recall.lots.pageInfo.endCursor : null;
    } while (after !== null);
    return pages;
  };
  const idsIn = (pages: readonly LotsPage[]) => pages.map(({ nodes }) => nodes.map(({ id }) => id));

  it('come in pages, each once; a donor turns pages of hers', async () => {
    const ids = gifts.map(({ lotId }) => lotId);
    const pages = await pagesFor(coordinator);
    expect(idsIn(pages)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(pages.map(({ totalCount }) => totalCount)).toEqual([5, 5, 5]);
    const hers = await pagesFor(await world.as('DONOR', gifts[0]!.donorId));
    expect(idsIn(hers)).toEqual([[ids[0], ids[4]]]);
    expect(hers[0]!.totalCount).toBe(2);
    const stranger = await world.as('DONOR', (await desk.aGift(1, null)).donorId);
    expect(await stranger.ask(`query($id: ID!) { recall(id: $id) { id } }`, { id: recallId })).toEqual({
      recall: null,
    });
  });

  it('of many recalls are read in as many statements as those of one', async () => {
    for (let i = 0; i < 3; i++) await desk.recall({ lotIds: [(await desk.aGift(1, aNumber())).lotId] });
    const statements = async (first: number): Promise<number> => {
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      const { recalls } = await coordinator.ask<{ recalls: { nodes: { lots: LotsPage }[] } }>(
        `query($first: Int) { recalls(first: $first) { nodes { lots(first: 2) { totalCount nodes { id } } } } }`,
        { first },
      );
      const count = spy.mock.calls.length;
      spy.mockRestore();
      expect(recalls.nodes).toHaveLength(first);
      expect(recalls.nodes.every(({ lots }) => lots.nodes.length > 0 && lots.nodes.length <= 2)).toBe(true);
      return count;
    };
    expect(await statements(4)).toBe(await statements(1));
  });

  it('are all let go when it ends, however many there are', async () => {
    const ended = await desk.end(recallId);
    expect(ended.lots.nodes.map(({ condition }) => condition)).toEqual(Array.from({ length: 5 }, () => 'QUARANTINED'));
  });
});
