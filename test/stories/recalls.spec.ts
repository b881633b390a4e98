import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import {
  aCommittedPlan,
  aDonor,
  anAnnouncement,
  aPreview,
  asOwner,
  clinicians,
  COMMIT,
  CONFIRM,
  DISPATCH,
  faultOf,
  faultOfInput,
  LOG_DONATION,
  REFUSAL,
  thrice,
  type DeliveryView,
  type ShipmentView,
} from '../support/builders.js';
import { connect } from '../support/database.js';
import { type Client, openWorld, type World } from '../support/world.js';

const RECALL = `id reason reference instructions startedAt endedAt endReason lots { id lotNumber condition } stoppedUnits quarantinedUnits
  recipientsToReach takenOutOfDeliveries(first: 100) { totalCount nodes { id status } }
  notices(first: 100) { totalCount nodes { id units acknowledgedAt heldUnits note recipient { id } delivery { id status } lot { id } item { code } } }`;
const RECALL_LOTS = `mutation($input: RecallLotsInput!) { recallLots(input: $input) { ... on Recall { ${RECALL} }
  ... on AlreadyRecalledError { recallId } ... on UnknownItemError { itemCode } ${REFUSAL} } }`;
const SHOW = `query($id: ID!) { recall(id: $id) { ${RECALL} } }`;
const END = `mutation($input: EndRecallInput!) { endRecall(input: $input) { ... on Recall { ${RECALL} } ... on RecallEndedError { recall { id endedAt } } ${REFUSAL} } }`;
const ANSWER = `mutation($input: AcknowledgeRecallInput!) { acknowledgeRecall(input: $input) { ... on RecallNotice { id acknowledgedAt heldUnits note }
  ... on AlreadyAcknowledgedError { notice { id heldUnits } } ${REFUSAL} } }`;
const TRACE = `query($id: ID!) { lotTrace(lotId: $id) { receivedUnits places { place units } recalls { id endedAt } lot { condition shipment { id } donor { id } recall { id } } } }`;
const REASON = 'Straps tear.';

interface Notice {
  readonly id: string;
  readonly units: number;
  readonly heldUnits: number | null;
  readonly recipient: { id: string };
  readonly delivery: { id: string; status: string };
  readonly lot: { id: string };
}
interface RecallView {
  readonly __typename?: string;
  readonly id: string;
  readonly recallId?: string;
  readonly endedAt: string | null;
  readonly lots: { id: string; lotNumber: string | null; condition: string }[];
  readonly stoppedUnits: number;
  readonly quarantinedUnits: number;
  readonly recipientsToReach: number;
  readonly takenOutOfDeliveries: { totalCount: number; nodes: { id: string; status: string }[] };
  readonly notices: { totalCount: number; nodes: Notice[] };
}

let world: World;
let coordinator: Client;

beforeAll(async () => {
  world = await openWorld();
  coordinator = await world.as('COORDINATOR');
});
afterAll(() => world.close());

const TIMES = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
let numbers = 0;
const aNumber = (): string => `SN-${++numbers}`;

/** A gift of one item under a maker's number. */
async function aGift(units: number, lotNumber: string | null, input: object = {}, itemCode = 'MASK') {
  const donor = 'donorId' in input ? {} : { donorId: (await aDonor(coordinator)).id };
  const { logDonation } = await coordinator.ask<{ logDonation: ShipmentView }>(LOG_DONATION, {
    input: { ...donor, ...input, lines: [{ itemCode, units, ...(lotNumber !== null && { lotNumber }) }] },
  });
  return { lotId: logDonation.lines[0]!.lots[0]!.id, shipmentId: logDonation.id, donorId: logDonation.donor.id };
}
/** Parcels of equal parts of some lots. */
async function parcels(lotIds: string[], people: string[]): Promise<DeliveryView[]> {
  const { deliveries } = await aCommittedPlan(coordinator, { stock: { lotIds }, recipients: { recipientIds: people } });
  return people.map((id) => deliveries.find(({ recipient }) => recipient.id === id)!);
}
const recall = async (input: object): Promise<RecallView> =>
  (await coordinator.ask<{ recallLots: RecallView }>(RECALL_LOTS, { input: { reason: REASON, ...input } })).recallLots;
const show = async (id: string): Promise<RecallView> =>
  (await coordinator.ask<{ recall: RecallView }>(SHOW, { id })).recall;
const end = async (recallId: string): Promise<RecallView> =>
  (await coordinator.ask<{ endRecall: RecallView }>(END, { input: { recallId, reason: 'Another maker.' } })).endRecall;
const send = (deliveryId: string) => coordinator.ask(DISPATCH, { input: { deliveryId } });
const step = (name: string, deliveryId: string) =>
  coordinator.ask<Record<string, { status: string }>>(
    `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ... on Delivery { status } ${REFUSAL} } }`,
    { input: { deliveryId } },
  );
async function places(lotId: string): Promise<Record<string, number>> {
  const { lotTrace } = await coordinator.ask<{ lotTrace: { places: { place: string; units: number }[] } }>(TRACE, {
    id: lotId,
  });
  return Object.fromEntries(lotTrace.places.map(({ place, units }) => [place, units]));
}
const unitsOf = (notices: readonly Notice[]): Record<string, number> =>
  Object.fromEntries(notices.map(({ recipient, units }) => [recipient.id, units]));

describe('a recall', () => {
  it('stops what is free, opens parcels that have not left, and writes to everybody who has units', async () => {
    const { lotId } = await aGift(70, aNumber());
    const other = await aGift(12, null, {}, 'GOWN');
    const people = await clinicians(coordinator, 6);
    const [kept, sent, there, counted, returned, lost] = await parcels([lotId, other.lotId], people);
    for (const { id } of [sent!, there!, counted!, returned!, lost!]) await send(id);
    await step('markDelivered', there!.id);
    await step('returnDelivery', returned!.id);
    await step('reportDeliveryLost', lost!.id);
    const line = counted!.lines.find(({ item }) => item.code === 'MASK')!;
    await coordinator.ask(CONFIRM, {
      input: { deliveryId: counted!.id, counts: [{ lineId: line.id, units: 8, reason: 'DAMAGED' }] },
    });
    const shares = people.map(
      (_, i) => [kept, sent, there, counted, returned, lost][i]!.lines.find(({ item }) => item.code === 'MASK')!.units,
    );

    const done = await recall({ lotIds: [lotId], reference: ' FDA-1 ', instructions: 'Do not wear them.' });
    expect(done).toMatchObject({
      reason: REASON,
      reference: 'FDA-1',
      instructions: 'Do not wear them.',
      endedAt: null,
      endReason: null,
      lots: [{ id: lotId, condition: 'RECALLED' }],
      stoppedUnits: shares[0]! + shares[4]!,
      quarantinedUnits: shares[0]! + shares[4]!,
      recipientsToReach: 3,
      takenOutOfDeliveries: { totalCount: 1, nodes: [{ id: kept!.id, status: 'PREPARED' }] },
    });
    expect(unitsOf(done.notices.nodes)).toEqual({ [people[1]!]: shares[1], [people[2]!]: shares[2], [people[3]!]: 8 });
    expect(done.notices.nodes.map(({ delivery }) => delivery.id).sort()).toEqual(
      [sent!.id, there!.id, counted!.id].sort(),
    );
    expect(await places(lotId)).toEqual({
      QUARANTINED: shares[0]! + shares[4]!,
      IN_TRANSIT: shares[1],
      DELIVERED: shares[2]! + 8,
      DISCARDED: shares[3]! - 8,
      LOST: shares[5],
    });
    expect(await places(other.lotId)).toMatchObject({ ALLOCATED: 2, AVAILABLE: 2 });
    expect(await world.breaches()).toEqual([]);
    await send(kept!.id);
    expect(await places(other.lotId)).toMatchObject({ IN_TRANSIT: 4 });
  });

  it('stops a lot at every site', async () => {
    const { lotId } = await aGift(10, aNumber());
    const site = '01900000-0000-7000-8000-000000000b0b';
    await asOwner(world, `insert into site (id, name, is_default) values ($1, 'A garage', false)`, [site]);
    await asOwner(world, `insert into lot_balance (lot_id, site_id, place, units) values ($1, $2, 'AVAILABLE', 4)`, [
      lotId,
      site,
    ]);
    await asOwner(
      world,
      `update lot_balance set units = 6 where lot_id = $1 and place = 'AVAILABLE' and site_id <> $2`,
      [lotId, site],
    );
    expect(await recall({ lotIds: [lotId] })).toMatchObject({ stoppedUnits: 10, quarantinedUnits: 10 });
    const balances = await asOwner(
      world,
      `select place, units from lot_balance where lot_id = $1 and place <> 'SOURCE' and units > 0 order by units`,
      [lotId],
    );
    expect(balances).toEqual([
      { place: 'QUARANTINED', units: 4 },
      { place: 'QUARANTINED', units: 6 },
    ]);
    // The units were moved behind the application's back: their entry is missing, and is written here.
    await asOwner(
      world,
      `insert into stock_entry (id, lot_id, from_site_id, from_place, from_units_after, to_site_id, to_place, to_units_after, units, cause, cause_id, at)
       select gen_random_uuid(), $1, s.id, 'AVAILABLE', 0, $2, 'AVAILABLE', 0, 4, 'TRANSFER_RECEIVED', $2, now() from site s where s.is_default`,
      [lotId, site],
    );
    expect(await world.breaches()).toEqual([]);
  });

  it('cancels parcels with nothing else in them, of several plans, and the plans that are empty then', async () => {
    const number = aNumber();
    const { lotId } = await aGift(30, number);
    const { lotId: kept } = await aGift(4, null, {}, 'GOWN');
    const people = await clinicians(coordinator, 2);
    const capped = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 5 }] };
    const choice = { recipients: { recipientIds: people }, policy: capped };
    const first = await aCommittedPlan(coordinator, { ...choice, stock: { lotIds: [lotId] } });
    const second = await aCommittedPlan(coordinator, { ...choice, stock: { lotIds: [lotId] } });
    const third = await aCommittedPlan(coordinator, { ...choice, stock: { lotIds: [lotId, kept] } });
    await send(second.deliveries[0]!.id);
    const done = await recall({ lotIds: [lotId] });
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
    const lots = [await aGift(10, number), await aGift(5, `  ${number.toLowerCase()}\t`)];
    const gown = await aGift(7, number, {}, 'GOWN');
    const near = await aGift(7, `${number}0`);
    const done = await recall({ itemCode: ' mask', lotNumber: ` ${number.toLowerCase()} ` });
    expect(done.lots.map(({ id }) => id)).toEqual(lots.map(({ lotId }) => lotId).sort());
    expect(done).toMatchObject({ stoppedUnits: 15, recipientsToReach: 0, notices: { totalCount: 0 } });
    for (const { lotId } of [gown, near]) expect(await places(lotId)).toEqual({ AVAILABLE: 7 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is not begun twice; what another one missed is stopped by a second', async () => {
    const number = aNumber();
    const [a, b] = [await aGift(10, number), await aGift(5, number)];
    const first = await recall({ lotIds: [a.lotId, a.lotId] });
    expect(first).toMatchObject({ lots: [{ id: a.lotId }], stoppedUnits: 10 });
    expect(await recall({ lotIds: [a.lotId] })).toMatchObject({
      __typename: 'AlreadyRecalledError',
      code: 'ALREADY_RECALLED',
      recallId: first.id,
    });
    const second = await recall({ itemCode: 'MASK', lotNumber: number });
    expect(second).toMatchObject({ lots: [{ id: b.lotId }], stoppedUnits: 5 });
    expect(await recall({ itemCode: 'MASK', lotNumber: number })).toMatchObject({ code: 'ALREADY_RECALLED' });
    expect(await recall({ lotIds: [b.lotId, a.lotId] })).toMatchObject({ code: 'ALREADY_RECALLED' });
    const { recalls } = await coordinator.ask<{ recalls: { nodes: { id: string }[] } }>(
      `{ recalls(first: 2, open: true) { nodes { id } } }`,
    );
    expect(recalls.nodes.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await world.breaches()).toEqual([]);
  });

  it('is begun once by eight who begin it at once', async () => {
    const [numbered, plain] = [await aGift(10, aNumber()), await aGift(10, null)];
    for (const { lotId } of [numbered, plain]) {
      const said = await Promise.all(Array.from({ length: 8 }, () => recall({ lotIds: [lotId] })));
      const [begun] = said.filter(({ __typename }) => __typename === undefined);
      expect(said.filter(({ recallId }) => recallId === begun!.id)).toHaveLength(7);
      expect(await places(lotId)).toEqual({ QUARANTINED: 10 });
    }
    expect(await world.breaches()).toEqual([]);
  });

  it('says what is wrong with a request', async () => {
    const { lotId } = await aGift(1, null);
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
    expect(await recall({ itemCode: 'MASQUE', lotNumber: 'A' })).toMatchObject({
      __typename: 'UnknownItemError',
      itemCode: 'MASQUE',
    });
    expect(await faultOfInput(coordinator, 'endRecall', { recallId: nothing, reason: REASON })).toEqual({
      code: 'NOT_FOUND',
      field: 'input.recallId',
    });
    expect(await places(lotId)).toEqual({ AVAILABLE: 1 });
  });

  it('keeps a parcel that comes back later from becoming free, and counts nobody whose parcel came back', async () => {
    const { lotId } = await aGift(20, aNumber());
    const [first, second] = await parcels([lotId], await clinicians(coordinator, 2));
    for (const { id } of [first!, second!]) await send(id);
    const { id } = await recall({ lotIds: [lotId] });
    expect(await show(id)).toMatchObject({ stoppedUnits: 0, quarantinedUnits: 0, recipientsToReach: 2 });
    await step('returnDelivery', first!.id);
    expect(await places(lotId)).toEqual({ QUARANTINED: 10, IN_TRANSIT: 10 });
    expect(await show(id)).toMatchObject({ quarantinedUnits: 10, recipientsToReach: 1, notices: { totalCount: 2 } });
    await coordinator.ask(CONFIRM, { input: { deliveryId: second!.id } });
    expect(await show(id)).toMatchObject({ recipientsToReach: 1 });
    expect(await world.breaches()).toEqual([]);
  });

  it('gives the first answer again under the same key', async () => {
    const { lotId } = await aGift(3, null);
    const input = { lotIds: [lotId], idempotencyKey: `recall ${lotId}` };
    const [first, again] = [await recall(input), await recall(input)];
    expect(again).toEqual(first);
  });
});

describe('what comes in while a recall is open', () => {
  const received = async (number: string, units = 5) => {
    const { lotId } = await aGift(units, number);
    const { lot } = await coordinator.ask<{ lot: { condition: string; recall: { id: string } | null } }>(
      `query($id: ID!) { lot(id: $id) { condition recall { id } } }`,
      { id: lotId },
    );
    return { lotId, ...lot, ...(await places(lotId)) };
  };

  it('is stopped at the door under the recalled number, and under no other', async () => {
    const number = aNumber();
    const { lotId } = await aGift(10, number);
    const { id } = await recall({ lotIds: [lotId] });
    const late = await received(` ${number.toLowerCase()}`);
    expect(late).toMatchObject({ condition: 'RECALLED', recall: { id }, QUARANTINED: 5 });
    expect(await show(id)).toMatchObject({
      stoppedUnits: 15,
      quarantinedUnits: 15,
      lots: [{ id: lotId }, { id: late.lotId }],
    });
    expect(await received(`${number}-B`)).toMatchObject({ condition: 'GOOD', recall: null, AVAILABLE: 5 });
    expect(await world.breaches()).toEqual([]);
  });

  it('is stopped when it was announced before, as often as some of it arrives', async () => {
    const number = aNumber();
    const shipment = await anAnnouncement(coordinator, { MASK: 20 });
    const { id } = await recall({ itemCode: 'MASK', lotNumber: number });
    expect(await show(id)).toMatchObject({ lots: [], stoppedUnits: 0 });
    const count = (acceptedUnits: number) =>
      coordinator.ask(`mutation($input: ReceiveShipmentInput!) { receiveShipment(input: $input) { __typename } }`, {
        input: {
          shipmentId: shipment.id,
          counts: [{ lineId: shipment.lines[0]!.id, acceptedUnits, lotNumber: number }],
        },
      });
    await count(5);
    await count(15);
    const { lots } = await show(id);
    expect(lots).toMatchObject([{ lotNumber: number, condition: 'RECALLED' }]);
    expect(await places(lots[0]!.id)).toEqual({ QUARANTINED: 20 });
    expect(await show(id)).toMatchObject({ stoppedUnits: 5, quarantinedUnits: 20 });
    expect(await recall({ itemCode: 'MASK', lotNumber: number })).toMatchObject({ recallId: id });
    expect(await world.breaches()).toEqual([]);
  });

  it('is free again once the recall has ended', async () => {
    const number = aNumber();
    const { id } = await recall({ itemCode: 'MASK', lotNumber: number });
    expect(await recall({ itemCode: 'MASK', lotNumber: number })).toMatchObject({
      code: 'ALREADY_RECALLED',
      recallId: id,
    });
    await end(id);
    expect(await received(number)).toMatchObject({ condition: 'GOOD', AVAILABLE: 5 });
  });
});

describe('the end of a recall', () => {
  it('leaves its lots set aside, its notices as they are, and nobody to reach; a second one is possible', async () => {
    const number = aNumber();
    const { lotId } = await aGift(20, number);
    const people = await clinicians(coordinator, 2);
    const [first] = await parcels([lotId], people);
    await send(first!.id);
    const { id } = await recall({ lotIds: [lotId] });
    const ended = await end(id);
    expect(ended).toMatchObject({
      id,
      endReason: 'Another maker.',
      endedAt: expect.any(String),
      lots: [{ id: lotId, condition: 'QUARANTINED' }],
      recipientsToReach: 0,
      notices: { totalCount: 1 },
    });
    expect(await places(lotId)).toEqual({ QUARANTINED: 10, IN_TRANSIT: 10 });
    expect(await end(id)).toMatchObject({
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

    const again = await recall({ lotIds: [lotId] });
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

  it('comes about once of eight at once', async () => {
    const { lotId } = await aGift(4, aNumber());
    const { id } = await recall({ lotIds: [lotId] });
    const said = await Promise.all(Array.from({ length: 8 }, () => end(id)));
    expect(said.filter(({ __typename }) => __typename === 'RecallEndedError')).toHaveLength(7);
    expect(await asOwner(world, `select 1 from lot_change where lot_id = $1`, [lotId])).toHaveLength(2);
  });
});

describe('a notice', () => {
  it('is answered once, by her whose it is or a coordinator, with what is still there', async () => {
    const { lotId } = await aGift(20, aNumber());
    const people = await clinicians(coordinator, 2);
    for (const { id } of await parcels([lotId], people)) await send(id);
    const { id, notices } = await recall({ lotIds: [lotId] });
    const noticeOf = (person: string) => notices.nodes.find(({ recipient }) => recipient.id === person)!.id;
    const [ana, bo] = await Promise.all(people.map((person) => world.as('RECIPIENT', person)));
    const answer = async (client: Client, input: object) =>
      (await client.ask<{ acknowledgeRecall: Record<string, unknown> }>(ANSWER, { input })).acknowledgeRecall;
    const mine = { noticeId: noticeOf(people[0]!), heldUnits: 7, note: ' Three are worn. ' };

    expect(await faultOfInput(bo!, 'acknowledgeRecall', mine)).toEqual({ code: 'NOT_FOUND', field: 'input.noticeId' });
    expect(await faultOfInput(ana!, 'acknowledgeRecall', { ...mine, heldUnits: 11 })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.heldUnits',
    });
    expect(
      await faultOf(
        ana!,
        `mutation { acknowledgeRecall(input: { noticeId: "${mine.noticeId}", heldUnits: -1 }) { __typename } }`,
      ),
    ).toEqual({ code: 'BAD_USER_INPUT', field: 'input.heldUnits' });
    const [said, ...later] = await Promise.all(Array.from({ length: 4 }, () => answer(ana!, mine)));
    const all = [said!, ...later];
    expect(all.filter(({ __typename }) => __typename === undefined)).toEqual([
      { id: mine.noticeId, acknowledgedAt: expect.any(String), heldUnits: 7, note: 'Three are worn.' },
    ]);
    expect(all.filter(({ code }) => code === 'ALREADY_ACKNOWLEDGED').map(({ notice }) => notice)).toEqual(
      TIMES(3).map(() => ({ id: mine.noticeId, heldUnits: 7 })),
    );
    expect(await show(id)).toMatchObject({ recipientsToReach: 1 });
    expect(await answer(coordinator, { noticeId: noticeOf(people[1]!), heldUnits: 0 })).toMatchObject({
      heldUnits: 0,
      note: null,
    });
    expect(await show(id)).toMatchObject({ recipientsToReach: 0 });

    const { recall: shown } = await coordinator.ask<{ recall: Record<string, { totalCount: number }> }>(
      `query($id: ID!) { recall(id: $id) { yes: notices(acknowledged: true) { totalCount } no: notices(acknowledged: false) { totalCount nodes { id } } } }`,
      { id },
    );
    expect(shown).toEqual({ yes: { totalCount: 2 }, no: { totalCount: 0, nodes: [] } });
    expect(await world.breaches()).toEqual([]);
  });
});

describe('who sees a recall', () => {
  const FIELDS = `id reason reference instructions stoppedUnits quarantinedUnits recipientsToReach lots { id }`;
  let ofDonor: { lotId: string; donorId: string };
  let ofOther: { lotId: string; donorId: string };
  let people: string[];
  let recallId: string;
  let deliveries: DeliveryView[];

  beforeAll(async () => {
    const number = aNumber();
    ofDonor = await aGift(20, number);
    ofOther = await aGift(30, number);
    people = await clinicians(coordinator, 2);
    deliveries = [...(await parcels([ofDonor.lotId], people)), ...(await parcels([ofOther.lotId], [people[1]!]))];
    for (const { id } of deliveries) await send(id);
    const { notices, id } = await recall({ itemCode: 'MASK', lotNumber: number, reference: 'FDA-2' });
    recallId = id;
    const hers = notices.nodes.find(({ recipient }) => recipient.id === people[0])!;
    await coordinator.ask(ANSWER, { input: { noticeId: hers.id, heldUnits: 1, note: 'Ask Dr. Wang.' } });
    await aGift(3, number, { donorId: ofDonor.donorId });
  });

  it('a donor: those of lots of hers, in sums, without people', async () => {
    const donor = await world.as('DONOR', ofDonor.donorId);
    const answer = await thrice(
      donor,
      `query($id: ID!) { recall(id: $id) { ${FIELDS} } recalls { totalCount nodes { id } } }`,
      { id: recallId },
    );
    expect(answer.data).toEqual({
      recall: {
        id: recallId,
        reason: REASON,
        reference: 'FDA-2',
        instructions: null,
        stoppedUnits: 3,
        quarantinedUnits: 3,
        recipientsToReach: 1,
        lots: [{ id: ofDonor.lotId }, { id: expect.any(String) }],
      },
      recalls: { totalCount: 1, nodes: [{ id: recallId }] },
    });
    for (const field of ['notices { totalCount }', 'takenOutOfDeliveries { totalCount }'])
      expect(await faultOf(donor, `query($id: ID!) { recall(id: $id) { ${field} } }`, { id: recallId })).toEqual({
        code: 'FORBIDDEN',
      });
    expect(await faultOf(donor, `{ distributions { nodes { recipient { recallNotices { totalCount } } } } }`)).toEqual({
      code: 'FORBIDDEN',
    });
    expect(await faultOf(donor, `{ recallNotices { totalCount } }`)).toEqual({ code: 'FORBIDDEN' });
    const other = await world.as('DONOR', (await aDonor(coordinator)).id);
    const nobody = await world.as('DONOR');
    for (const client of [other, nobody])
      expect(
        await client.ask(`query($id: ID!) { recall(id: $id) { id } recalls { nodes { id } } }`, { id: recallId }),
      ).toEqual({ recall: null, recalls: { nodes: [] } });
  });

  it('a recipient: her notices, and of the recall what they are about', async () => {
    const ana = await world.as('RECIPIENT', people[0]!);
    const notice = `{ totalCount nodes { units note heldUnits recipient { name } lot { id recall { id } } recall { ${FIELDS} notices { totalCount } } } }`;
    const { data } = await thrice(
      ana,
      `query($ids: [ID!], $id: ID!) { recallNotices ${notice} of: recallNotices(recipientIds: $ids) { totalCount } recipient(id: $id) { recallNotices { totalCount } } }`,
      { ids: [people[1]], id: people[0] },
    );
    expect(data).toEqual({
      recallNotices: {
        totalCount: 1,
        nodes: [
          {
            units: 10,
            note: 'Ask Dr. Wang.',
            heldUnits: 1,
            recipient: { name: expect.stringMatching(/^Clinician No/) },
            lot: { id: ofDonor.lotId, recall: { id: recallId } },
            recall: {
              id: recallId,
              reason: REASON,
              reference: 'FDA-2',
              instructions: null,
              stoppedUnits: null,
              quarantinedUnits: null,
              recipientsToReach: null,
              lots: [{ id: ofDonor.lotId }],
              notices: { totalCount: 1 },
            },
          },
        ],
      },
      of: { totalCount: 0 },
      recipient: { recallNotices: { totalCount: 1 } },
    });
    expect(await faultOf(ana, `{ recalls { totalCount } }`)).toEqual({ code: 'FORBIDDEN' });
    expect(
      await faultOf(ana, `{ recallNotices { nodes { recall { takenOutOfDeliveries { totalCount } } } } }`),
    ).toEqual({ code: 'FORBIDDEN' });
    const nobody = await world.as('RECIPIENT');
    expect(await nobody.ask(`{ recallNotices { totalCount } }`)).toEqual({ recallNotices: { totalCount: 0 } });
  });

  it('an auditor: all of it, without names and what was noted', async () => {
    const auditor = await world.as('AUDITOR');
    const { data } = await thrice(
      auditor,
      `query($id: ID!) { recall(id: $id) { recipientsToReach notices { totalCount nodes { note recipient { name email } } } } }`,
      { id: recallId },
    );
    expect(data).toMatchObject({ recall: { recipientsToReach: 1, notices: { totalCount: 3 } } });
    const { nodes } = (data as { recall: { notices: { nodes: { note: null; recipient: { name: string } }[] } } }).recall
      .notices;
    expect(nodes.map(({ note, recipient }) => [note, recipient.name.replace(/[0-9A-F]{6}$/, '')])).toEqual(
      nodes.map(() => [null, 'Clinician ']),
    );
  });

  it('a one-time link: nothing of others', async () => {
    const { issueConfirmationLink } = await coordinator.ask<{ issueConfirmationLink: { token: string } }>(
      `mutation($input: IssueConfirmationLinkInput!) { issueConfirmationLink(input: $input) { ... on ConfirmationLink { token } } }`,
      { input: { deliveryId: deliveries[0]!.id } },
    );
    const { data } = await world
      .with(null)
      .answer(
        `mutation($input: ConfirmDeliveryInput!) { confirmDelivery(input: $input) { ... on Delivery { lines { lot { recall { reason recipientsToReach lots { id } notices { totalCount } } } } } } }`,
        { input: { token: issueConfirmationLink.token } },
      );
    expect(data).toEqual({
      confirmDelivery: {
        lines: [{ lot: { recall: { reason: REASON, recipientsToReach: null, lots: [], notices: { totalCount: 0 } } } }],
      },
    });
  });

  it('whoever traces a lot: from the maker to the hand and back, in one query', async () => {
    const { data } = await coordinator.answer<{
      lotTrace: {
        lot: object;
        recalls: object[];
        holders: { nodes: { recipient: { recallNotices: { nodes: object[] } } }[] };
      };
      recall: {
        lots: { shipment: { donor: { id: string } } }[];
        notices: { nodes: { units: number; delivery: object }[] };
      };
    }>(
      `query($lot: ID!, $recall: ID!) {
        lotTrace(lotId: $lot) { receivedUnits places { place units } recalls { id reference } lot { lotNumber donor { id } shipment { id } }
          holders { nodes { units recipient { id recallNotices { nodes { recall { id } delivery { id lines { lot { recall { id } } } } } } } } } }
        recall(id: $recall) { lots { id shipment { donor { id } } } notices { nodes { units recipient { id name } delivery { id status } } } } }`,
      { lot: ofDonor.lotId, recall: recallId },
    );
    expect(data!.lotTrace).toMatchObject({
      recalls: [{ id: recallId, reference: 'FDA-2' }],
      lot: { donor: { id: ofDonor.donorId } },
    });
    expect(data!.lotTrace.holders.nodes.map(({ recipient }) => recipient.recallNotices.nodes.length).sort()).toEqual([
      1, 2,
    ]);
    expect(data!.recall.lots[0]!.shipment.donor.id).toBe(ofDonor.donorId);
    expect(data!.recall.notices.nodes.map(({ units }) => units).sort()).toEqual([10, 10, 30]);
  });
});

describe('a recall at the same moment', () => {
  /** Holds whoever wants to write a balance, a line of a parcel or an entry, until it is let go. */
  async function aStandstill() {
    const owner = await connect(world.databaseUrl);
    await owner.query('begin');
    await owner.query('select 1 from site for update');
    return async (): Promise<void> => {
      await owner.query('commit');
      await owner.end();
    };
  }
  const soon = () => new Promise((done) => setTimeout(done, 300));
  const prepared = (lotId: string) =>
    asOwner(world, `select 1 from distribution where lot_id = $1 and status = 'PREPARED'`, [lotId]);

  it('as a commit that comes first: its parcels are opened', async () => {
    const { lotId } = await aGift(20, null);
    const people = await clinicians(coordinator, 2);
    const plan = await aPreview(coordinator, { stock: { lotIds: [lotId] }, recipients: { recipientIds: people } });
    const letGo = await aStandstill();
    const committed = coordinator.ask<{ commitAllocation: { committedAt: string } }>(COMMIT, {
      input: { planId: plan.id },
    });
    await soon();
    const recalled = recall({ lotIds: [lotId] });
    await soon();
    await letGo();
    expect((await committed).commitAllocation.committedAt).toEqual(expect.any(String));
    expect(await recalled).toMatchObject({ stoppedUnits: 20, takenOutOfDeliveries: { totalCount: 2 } });
    expect(await prepared(lotId)).toEqual([]);
    expect(await places(lotId)).toEqual({ QUARANTINED: 20 });
    expect(await world.breaches()).toEqual([]);
  });

  it('as a commit that comes second: it is stale', async () => {
    const { lotId } = await aGift(20, null);
    const plan = await aPreview(coordinator, {
      stock: { lotIds: [lotId] },
      recipients: { recipientIds: await clinicians(coordinator, 2) },
    });
    const letGo = await aStandstill();
    const recalled = recall({ lotIds: [lotId] });
    await soon();
    const committed = coordinator.ask<{ commitAllocation: object }>(COMMIT, { input: { planId: plan.id } });
    await soon();
    await letGo();
    expect(await recalled).toMatchObject({ stoppedUnits: 20 });
    expect((await committed).commitAllocation).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
    expect(await world.breaches()).toEqual([]);
  });

  it('as a dispatch: the parcel has left and is written to, or does not leave', async () => {
    for (const first of ['dispatch', 'recall']) {
      const { lotId } = await aGift(20, null);
      const [parcel] = await parcels([lotId], await clinicians(coordinator, 2));
      const letGo = await aStandstill();
      const acts = [() => send(parcel!.id), () => recall({ lotIds: [lotId] })];
      const [one, other] = first === 'dispatch' ? acts : acts.toReversed();
      const begun = one!();
      await soon();
      const next = other!();
      await soon();
      await letGo();
      const [said, then] = await Promise.all([begun, next]);
      const [sent, recalled] = (first === 'dispatch' ? [said, then] : [then, said]) as unknown as [
        { dispatchDelivery: object },
        RecallView,
      ];
      expect(sent.dispatchDelivery).toMatchObject(
        first === 'dispatch' ? { status: 'DISPATCHED' } : { status: 'CANCELLED', code: 'DELIVERY_TRANSITION' },
      );
      expect(recalled.notices.nodes.map(({ units }) => units)).toEqual(first === 'dispatch' ? [10] : []);
      expect(recalled.stoppedUnits).toBe(first === 'dispatch' ? 10 : 20);
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('as a return: what comes back is not free', async () => {
    for (const first of ['return', 'recall']) {
      const { lotId } = await aGift(20, null);
      const [parcel] = await parcels([lotId], await clinicians(coordinator, 2));
      await send(parcel!.id);
      const letGo = await aStandstill();
      const acts = [() => step('returnDelivery', parcel!.id), () => recall({ lotIds: [lotId] })];
      const [one, other] = first === 'return' ? acts : acts.toReversed();
      const begun = one!();
      await soon();
      const next = other!();
      await soon();
      await letGo();
      await Promise.all([begun, next]);
      expect(await places(lotId)).toEqual({ QUARANTINED: 20 });
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('as goods that come in under its number: one of the two finds the other', async () => {
    for (const first of ['gift', 'recall']) {
      const number = aNumber();
      const { lotId: known } = await aGift(1, number);
      const donorId = (await aDonor(coordinator)).id;
      const letGo = await aStandstill();
      const acts = [() => aGift(9, number, { donorId }), () => recall({ itemCode: 'MASK', lotNumber: number })];
      const [one, other] = first === 'gift' ? acts : acts.toReversed();
      const begun = one!();
      await soon();
      const next = other!();
      await soon();
      await letGo();
      const said = await Promise.all([begun, next]);
      const gift = said.find((answer): answer is Awaited<ReturnType<typeof aGift>> => 'lotId' in answer)!;
      const { id } = said.find((answer): answer is RecallView => 'lots' in answer)!;
      expect((await show(id)).lots.map((lot) => [lot.id, lot.condition])).toEqual([
        [known, 'RECALLED'],
        [gift.lotId, 'RECALLED'],
      ]);
      expect(await places(gift.lotId)).toEqual({ QUARANTINED: 9 });
      expect(await world.breaches()).toEqual([]);
    }
  });

  it('as its end comes in under its number what it stops: that is set aside, and not stuck', async () => {
    const number = aNumber();
    const { id } = await recall({ itemCode: 'MASK', lotNumber: number });
    const donorId = (await aDonor(coordinator)).id;
    const letGo = await aStandstill();
    const given = aGift(9, number, { donorId });
    await soon();
    const ended = end(id);
    await soon();
    await letGo();
    const { lotId } = await given;
    expect((await ended).lots).toMatchObject([{ id: lotId, condition: 'QUARANTINED' }]);
    expect(await world.breaches()).toEqual([]);
  });

  it('as everything else that moves its units, again and again', async () => {
    for (let round = 0; round < 5; round++) {
      const { lotId } = await aGift(60, aNumber());
      const people = await clinicians(coordinator, 4);
      const capped = { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 5 }] };
      const choice = { stock: { lotIds: [lotId] }, recipients: { recipientIds: people }, policy: capped };
      const { plan, deliveries } = await aCommittedPlan(coordinator, choice);
      const second = await aCommittedPlan(coordinator, choice);
      await send(deliveries[0]!.id);
      const previews = [await aPreview(coordinator, choice), await aPreview(coordinator, choice)];
      const said = await Promise.all([
        ...previews.map(({ id }) => coordinator.answer(COMMIT, { input: { planId: id } })),
        coordinator.answer(DISPATCH, { input: { deliveryId: deliveries[1]!.id } }),
        coordinator.answer(DISPATCH, { input: { deliveryId: second.deliveries[0]!.id } }),
        coordinator.answer(RECALL_LOTS, { input: { lotIds: [lotId], reason: REASON } }),
        coordinator.answer(`mutation($input: ReturnDeliveryInput!) { returnDelivery(input: $input) { __typename } }`, {
          input: { deliveryId: deliveries[0]!.id },
        }),
        coordinator.answer(
          `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { __typename } }`,
          { input: { planId: second.plan.id, reason: 'x' } },
        ),
        coordinator.answer(
          `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { __typename } }`,
          { input: { planId: plan.id, reason: 'x' } },
        ),
      ]);
      expect(said.flatMap(({ errors }) => errors ?? [])).toEqual([]);
      expect(await prepared(lotId)).toEqual([]);
      expect(await places(lotId)).not.toHaveProperty('AVAILABLE');
      expect(await world.breaches()).toEqual([]);
    }
    const [{ deadlocks }] = await world.dataSource.query(
      `select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(deadlocks).toBe(0);
  });
});

describe('a recall of what many have', () => {
  it('takes as many statements for hundreds of people as for a few', async () => {
    const statements = async (people: number): Promise<{ count: number; recalled: RecallView }> => {
      const { lotId } = await aGift(people * 2, null);
      const other = await aGift(people, null, {}, 'GOWN');
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
      for (const { id } of half as { id: string }[]) await send(id);
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      const recalled = await recall({ lotIds: [lotId] });
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
