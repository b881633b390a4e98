import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  asOwner,
  CANCEL,
  clinicians,
  CONFIRM,
  DISPATCH,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const FIGURES = 'people min mean median p10 gini jain';
const FAIRNESS = `query($filter: DistributionFilter, $orderBy: FairnessOrder, $first: Int, $after: String) { fairness(filter: $filter) {
  totals { people receivedUnits deliveredUnits confirmedUnits received { ${FIGURES} } fill { ${FIGURES} } }
  recipients(orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { recipient { id name } receivedUnits deliveredUnits confirmedUnits claimedUnits fill distributions } } } }`;

interface Fairness {
  readonly totals: { people: number; receivedUnits: number; received: object | null; fill: object | null };
  readonly recipients: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    nodes: { recipient: { id: string; name: string }; receivedUnits: number; fill: number | null }[];
  };
}

describe('how fair history was', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];
  let donorId: string;

  const fairness = async (variables: object = {}, client = coordinator): Promise<Fairness> =>
    (await client.ask<{ fairness: Fairness }>(FAIRNESS, variables)).fairness;
  const peopleIn = ({ recipients }: Fairness) => recipients.nodes.map(({ recipient }) => people.indexOf(recipient.id));

  // Masks 3, 3, 2, 2: counted as 2, returned, lost, still here. Goggles 1, 1, 0, 0: on their way, taken back.
  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 4);
    const policy = { rule: 'CONSTRAINED_EQUAL_AWARDS', tieBreak: 'STABLE' };
    await aDonation(coordinator, { MASK: 10 });
    const masks = await aCommittedPlan(coordinator, { policy });
    const of = (i: number) => masks.deliveries.find(({ recipient }) => recipient.id === people[i])!;
    for (const i of [0, 1, 2]) await coordinator.ask(DISPATCH, { input: { deliveryId: of(i).id } });
    const counts = [{ lineId: of(0).lines[0]!.id, units: 2, reason: 'DAMAGED' }];
    await coordinator.ask(CONFIRM, { input: { deliveryId: of(0).id, counts } });
    const end = (how: string, id: string) =>
      coordinator.ask(`mutation { ${how}(input: { deliveryId: "${id}" }) { __typename } }`);
    await end('returnDelivery', of(1).id);
    await end('reportDeliveryLost', of(2).id);
    ({ id: donorId } = await aDonor(coordinator));
    await aDonation(coordinator, { GOGGLES: 2 }, { donorId });
    const goggles = await aCommittedPlan(coordinator, { policy, stock: { itemCodes: ['GOGGLES'] } });
    await coordinator.ask(CANCEL, { input: { planId: goggles.plan.id, recipientIds: [people[1]], reason: 'moved' } });
    await coordinator.ask(DISPATCH, { input: { deliveryId: goggles.deliveries[0]!.id } });
  });
  afterAll(() => world.close());

  it('counts what stands, as counted where it was counted, and those who got nothing', async () => {
    const { totals, recipients } = await fairness();
    const figures = { people: 4, min: 0, mean: 1.25, median: 1, p10: 0, gini: 0.55, jain: 0.4808 };
    expect(totals).toEqual({
      people: 4,
      receivedUnits: 5,
      deliveredUnits: 2,
      confirmedUnits: 2,
      received: figures,
      fill: null,
    });
    expect(recipients.nodes).toMatchObject([
      { recipient: { id: people[0] }, receivedUnits: 3, deliveredUnits: 2, confirmedUnits: 2, distributions: 2 },
      { recipient: { id: people[3] }, receivedUnits: 2, deliveredUnits: 0, confirmedUnits: 0, distributions: 1 },
      { recipient: { id: people[2] }, receivedUnits: 0, distributions: 0, claimedUnits: null, fill: null },
      { recipient: { id: people[1] }, receivedUnits: 0, distributions: 0, claimedUnits: null, fill: null },
    ]);
  });

  it('leaves out whose award was taken back, where she claimed nothing else', async () => {
    const goggles = await fairness({ filter: { itemCodes: ['goggles'] } });
    expect(goggles.totals).toMatchObject({ people: 3, receivedUnits: 1 });
    expect(peopleIn(goggles)).toEqual([0, 3, 2]);
  });

  it('is asked by donor with everybody who could have had of the gift', async () => {
    const fromDonor = await fairness({ filter: { donorIds: [donorId] } });
    expect(fromDonor.totals).toMatchObject({ people: 3, receivedUnits: 1, received: { gini: 0.6667, jain: 0.3333 } });
  });

  it('over nobody has no figures', async () => {
    const { totals, recipients } = await fairness({ filter: { itemCodes: ['GOWN'] } });
    expect(totals).toMatchObject({ people: 0, receivedUnits: 0, received: null, fill: null });
    expect(recipients).toEqual({ totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] });
  });

  it('is for those who may read the whole chain; auditors see no names', async () => {
    for (const client of [await world.as('DONOR', donorId), await world.as('RECIPIENT', people[0])]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await client.error(FAIRNESS)).extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    const { recipients } = await fairness({}, await world.as('AUDITOR'));
    for (const { recipient } of recipients.nodes) expect(recipient.name).toMatch(/^Clinician [0-9A-F]{6}$/);
  });

  describe('where claims are bounded', () => {
    beforeAll(async () => {
      await asOwner(
        world,
        `update award a set why = jsonb_set(why, '{claim}', case i.code when 'MASK' then '4'::jsonb else '1'::jsonb end) from item i where i.id = a.item_id`,
      );
    });

    it('tells which part of them is met', async () => {
      const { totals, recipients } = await fairness({ orderBy: 'LEAST_FILLED' });
      expect(totals.fill).toEqual({ people: 4, min: 0, mean: 0.25, median: 0.2, p10: 0, gini: 0.55, jain: 0.4808 });
      expect(recipients.nodes).toMatchObject([
        // Her goggles were taken back: she claims only the masks that came back.
        { recipient: { id: people[1] }, claimedUnits: 4, fill: 0 },
        { recipient: { id: people[2] }, claimedUnits: 5, fill: 0 },
        { recipient: { id: people[3] }, claimedUnits: 5, fill: 0.4 },
        { recipient: { id: people[0] }, claimedUnits: 5, fill: 0.6 },
      ]);
    });

    it('knows no fill of those who claim without bound, who come last', async () => {
      await asOwner(
        world,
        `update award set why = jsonb_set(why, '{claim}', 'null') where recipient_id = $1 and units = 0`,
        [people[2]],
      );
      const { totals, recipients } = await fairness({ orderBy: 'LEAST_FILLED' });
      expect(totals.fill).toMatchObject({ people: 3, mean: 0.3333, median: 0.4 });
      expect(recipients.nodes.at(-1)).toMatchObject({ recipient: { id: people[2] }, claimedUnits: null, fill: null });
    });

    it.each(['MOST_RECEIVED', 'LEAST_FILLED'])('%s is paged without gaps or doubles', async (orderBy) => {
      const whole = await fairness({ orderBy });
      const seen: number[] = [];
      let after: string | null = null;
      for (let page = 0; page < 4; page++) {
        // oxlint-disable-next-line no-await-in-loop -- one page after the other
        const part: Fairness = await fairness({ orderBy, first: 1, after });
        expect(part.recipients).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: page < 3 } });
        seen.push(...peopleIn(part));
        after = part.recipients.pageInfo.endCursor;
      }
      expect(seen).toEqual(peopleIn(whole));
    });

    it('refuses the cursor of another order', async () => {
      const { recipients } = await fairness({ orderBy: 'LEAST_FILLED' });
      const error = await coordinator.error(FAIRNESS, {
        orderBy: 'MOST_RECEIVED',
        after: recipients.pageInfo.endCursor,
      });
      expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    });
  });
});
