import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDonor, clinicians, faultOf, faultOfInput, thrice, type DeliveryView } from '../support/builders.js';
import { aNumber, ANSWER, REASON, recallDesk, type RecallDesk, TIMES } from '../support/recalls.js';
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

describe('a notice', () => {
  it('is answered once, by her whose it is or a coordinator, with what is still there', async () => {
    const { lotId } = await desk.aGift(20, aNumber());
    const people = await clinicians(coordinator, 2);
    for (const { id } of await desk.parcels([lotId], people)) await desk.send(id);
    const { id, notices } = await desk.recall({ lotIds: [lotId] });
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
    expect(await desk.show(id)).toMatchObject({ recipientsToReach: 1 });
    expect(await answer(coordinator, { noticeId: noticeOf(people[1]!), heldUnits: 0 })).toMatchObject({
      heldUnits: 0,
      note: null,
    });
    expect(await desk.show(id)).toMatchObject({ recipientsToReach: 0 });

    const { recall: shown } = await coordinator.ask<{ recall: Record<string, { totalCount: number }> }>(
      `query($id: ID!) { recall(id: $id) { yes: notices(acknowledged: true) { totalCount } no: notices(acknowledged: false) { totalCount nodes { id } } } }`,
      { id },
    );
    expect(shown).toEqual({ yes: { totalCount: 2 }, no: { totalCount: 0, nodes: [] } });
    expect(await world.breaches()).toEqual([]);
  });
});

describe('who sees a recall', () => {
  const FIELDS = `id reason reference instructions stoppedUnits quarantinedUnits recipientsToReach lots { nodes { id } }`;
  let ofDonor: { lotId: string; donorId: string };
  let ofOther: { lotId: string; donorId: string };
  let people: string[];
  let recallId: string;
  let deliveries: DeliveryView[];

  beforeAll(async () => {
    const number = aNumber();
    ofDonor = await desk.aGift(20, number);
    ofOther = await desk.aGift(30, number);
    people = await clinicians(coordinator, 2);
    deliveries = [
      ...(await desk.parcels([ofDonor.lotId], people)),
      ...(await desk.parcels([ofOther.lotId], [people[1]!])),
    ];
    for (const { id } of deliveries) await desk.send(id);
    const { notices, id } = await desk.recall({ itemCode: 'MASK', lotNumber: number, reference: 'FDA-2' });
    recallId = id;
    const hers = notices.nodes.find(({ recipient }) => recipient.id === people[0])!;
    await coordinator.ask(ANSWER, { input: { noticeId: hers.id, heldUnits: 1, note: 'Ask Dr. Wang.' } });
    await desk.aGift(3, number, { donorId: ofDonor.donorId });
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
        lots: { nodes: [{ id: ofDonor.lotId }, { id: expect.any(String) }] },
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
              lots: { nodes: [{ id: ofDonor.lotId }] },
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
        `mutation($input: ConfirmDeliveryInput!) { confirmDelivery(input: $input) { ... on Delivery { lines { lot { recall { reason recipientsToReach lots { nodes { id } } notices { totalCount } } } } } } }`,
        { input: { token: issueConfirmationLink.token } },
      );
    expect(data).toEqual({
      confirmDelivery: {
        lines: [
          {
            lot: {
              recall: { reason: REASON, recipientsToReach: null, lots: { nodes: [] }, notices: { totalCount: 0 } },
            },
          },
        ],
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
        lots: { nodes: { shipment: { donor: { id: string } } }[] };
        notices: { nodes: { units: number; delivery: object }[] };
      };
    }>(
      `query($lot: ID!, $recall: ID!) {
        lotTrace(lotId: $lot) { receivedUnits places { place units } recalls { id reference } lot { lotNumber donor { id } shipment { id } }
          holders { nodes { units recipient { id recallNotices { nodes { recall { id } delivery { id lines { lot { recall { id } } } } } } } } } }
        recall(id: $recall) { lots { nodes { id shipment { donor { id } } } } notices { nodes { units recipient { id name } delivery { id status } } } } }`,
      { lot: ofDonor.lotId, recall: recallId },
    );
    expect(data!.lotTrace).toMatchObject({
      recalls: [{ id: recallId, reference: 'FDA-2' }],
      lot: { donor: { id: ofDonor.donorId } },
    });
    expect(data!.lotTrace.holders.nodes.map(({ recipient }) => recipient.recallNotices.nodes.length).sort()).toEqual([
      1, 2,
    ]);
    expect(data!.recall.lots.nodes[0]!.shipment.donor.id).toBe(ofDonor.donorId);
    expect(data!.recall.notices.nodes.map(({ units }) => units).sort()).toEqual([10, 10, 30]);
  });
});
