import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { act, commit, type Parcel, preview } from '../laws/acts.js';
import { aDonation, aPreview, asOwner, clinicians, faultOfInput, type ShipmentView } from '../support/builders.js';
import { aMove, aSite, aTransfer, doAtSite, MAIN_SITE, placesOf } from '../support/sites.js';
import { type Client, openWorld, type World } from '../support/world.js';

const NOBODY = '01900000-0000-7000-8000-00000000dead';
const REPLAY = `query($planId: ID!) { replayPlan(planId: $planId) { identical sameUnits differences } }`;
const AWARDS = `query($id: ID!) { plan(id: $id) { unallocated { units reason lot { id } site { id } }
  awards(first: 100) { nodes { recipient { id } units lots { units lot { id } site { id } } } } } }`;
const DELIVERIES = `query($planId: ID) { deliveries(planId: $planId, first: 100) { nodes { id status recipient { id }
  lines { id units lot { id } site { id name address } } } } }`;
const lotOf = (gift: ShipmentView): string => gift.lines[0]!.lots[0]!.id;

interface AwardView {
  recipient: { id: string };
  units: number;
  lots: { units: number; lot: { id: string }; site: { id: string } }[];
}
interface PlanAtSites {
  unallocated: { units: number; reason: string; site: { id: string } }[];
  awards: { nodes: AwardView[] };
}
interface ParcelAtSites extends Omit<Parcel, 'lines'> {
  lines: {
    id: string;
    units: number;
    lot: { id: string };
    site: { id: string; name: string; address: string | null };
  }[];
}

describe('a split of what stands at several sites', () => {
  let world: World;
  let coordinator: Client;
  let north: string;
  let south: string;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    north = await aSite(coordinator, { name: 'North', address: '1 Elm St' });
    south = await aSite(coordinator, { name: 'South' });
  });
  afterAll(async () => {
    expect(await world.breaches()).toEqual([]);
    await world.close();
  });

  /** One lot: some of it in the north, some in the south. */
  const aLotAtTwoSites = async (inNorth: number, inSouth: number): Promise<string> => {
    const lotId = lotOf(await aDonation(coordinator, { MASK: inNorth + inSouth }, { siteId: north }));
    await aMove(coordinator, [north, south], { [lotId]: inSouth });
    return lotId;
  };
  const planOf = async (id: string): Promise<PlanAtSites> =>
    (await coordinator.ask<{ plan: PlanAtSites }>(AWARDS, { id })).plan;
  const parcelsOf = async (planId: string, client = coordinator): Promise<ParcelAtSites[]> =>
    (await client.ask<{ deliveries: { nodes: ParcelAtSites[] } }>(DELIVERIES, { planId })).deliveries.nodes;
  const bySite = (rows: readonly { units: number; site: { id: string } }[]): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const { units, site } of rows) sums[site.id] = (sums[site.id] ?? 0) + units;
    return sums;
  };

  it('limited to one of them gives nothing of the other, of the same lot or of another', async () => {
    const lotId = await aLotAtTwoSites(10, 6);
    await aDonation(coordinator, { MASK: 100 });
    const people = await clinicians(coordinator, 3);
    const choice = { stock: { siteIds: [south] }, recipients: { recipientIds: people } };
    const { planId } = await commit(coordinator, choice);
    const { awards, unallocated } = await planOf(planId);
    expect(awards.nodes.map(({ units }) => units)).toEqual([2, 2, 2]);
    expect(bySite(awards.nodes.flatMap(({ lots }) => lots))).toEqual({ [south]: 6 });
    expect(unallocated).toEqual([]);
    expect(await placesOf(coordinator, lotId)).toEqual({ [`AVAILABLE at ${north}`]: 10, [`ALLOCATED at ${south}`]: 6 });
    const lines = (await parcelsOf(planId)).flatMap((parcel) => parcel.lines);
    expect(lines.map(({ units, lot, site }) => [units, lot.id, site.name])).toEqual(
      Array.from({ length: 3 }, () => [2, lotId, 'South']),
    );
    expect(await coordinator.ask(REPLAY, { planId })).toEqual({
      replayPlan: { identical: true, sameUnits: true, differences: [] },
    });
    expect(await world.breaches()).toEqual([]);
    await act(coordinator, 'cancelAllocation', { planId, reason: 'a mistake' });
    expect(await placesOf(coordinator, lotId)).toEqual({ [`AVAILABLE at ${north}`]: 10, [`AVAILABLE at ${south}`]: 6 });
  });

  it('takes one lot from both, keeps apart what comes from where, and packs it into one parcel a person', async () => {
    const lotId = await aLotAtTwoSites(7, 5);
    const [person] = await clinicians(coordinator, 1);
    const { planId, parcels } = await commit(coordinator, {
      stock: { lotIds: [lotId], siteIds: [north, south] },
      recipients: { recipientIds: [person] },
    });
    const { awards } = await planOf(planId);
    expect(awards.nodes).toHaveLength(1);
    expect(bySite(awards.nodes[0]!.lots)).toEqual({ [north]: 7, [south]: 5 });
    expect(parcels).toHaveLength(1);
    const [parcel] = await parcelsOf(planId);
    expect(bySite(parcel!.lines)).toEqual({ [north]: 7, [south]: 5 });
    expect(parcel!.lines.every(({ lot }) => lot.id === lotId)).toBe(true);
    const deliveryId = parcel!.id;
    await act(coordinator, 'dispatchDelivery', { deliveryId });
    expect(await placesOf(coordinator, lotId)).toEqual({
      [`IN_TRANSIT at ${north}`]: 7,
      [`IN_TRANSIT at ${south}`]: 5,
    });
    expect(await world.breaches()).toEqual([]);
    const fromSouth = parcel!.lines.find(({ site }) => site.id === south)!;
    const counts = [{ lineId: fromSouth.id, units: 3, reason: 'MISSING' }];
    await act(coordinator, 'confirmDelivery', { deliveryId, counts });
    expect(await placesOf(coordinator, lotId)).toEqual({
      [`DELIVERED at ${north}`]: 7,
      [`DELIVERED at ${south}`]: 3,
      [`LOST at ${south}`]: 2,
    });
    // Who receives it learns where it was packed, and not who lives there.
    const recipient = await world.as('RECIPIENT', person);
    const hers = (await parcelsOf(planId, recipient))[0]!.lines.map(({ site }) => [site.name, site.address]);
    expect(hers.sort()).toEqual([
      ['North', null],
      ['South', null],
    ]);
  });

  it('comes back to the site where each unit was packed', async () => {
    const lotId = await aLotAtTwoSites(3, 4);
    const { parcels } = await commit(coordinator, {
      stock: { lotIds: [lotId] },
      recipients: { recipientIds: await clinicians(coordinator, 1) },
    });
    await act(coordinator, 'dispatchDelivery', { deliveryId: parcels[0]!.id });
    await act(coordinator, 'returnDelivery', { deliveryId: parcels[0]!.id });
    expect(await placesOf(coordinator, lotId)).toEqual({ [`AVAILABLE at ${north}`]: 3, [`AVAILABLE at ${south}`]: 4 });
  });

  it('leaves what it leaves where it stands', async () => {
    const lotId = await aLotAtTwoSites(5, 5);
    const plan = await preview(coordinator, {
      stock: { lotIds: [lotId], siteIds: [north] },
      recipients: { recipientIds: await clinicians(coordinator, 2) },
      policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', reserve: [{ itemCode: 'MASK', units: 3 }] },
    });
    const { unallocated } = await planOf(plan.id);
    expect(unallocated).toEqual([{ units: 3, reason: 'RESERVED', lot: { id: lotId }, site: { id: north } }]);
  });

  it('is stale when goods came to its sites or left them, and not when they moved elsewhere', async () => {
    const lotId = await aLotAtTwoSites(10, 10);
    const people = await clinicians(coordinator, 2);
    const choice = { stock: { lotIds: [lotId], siteIds: [south] }, recipients: { recipientIds: people } };
    const commitOf = (planId: string) => act(coordinator, 'commitAllocation', { planId });
    const first = await preview(coordinator, choice);
    const away = await aTransfer(coordinator, [south, north], { [lotId]: 2 });
    expect(await commitOf(first.id)).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
    const second = await preview(coordinator, choice);
    await doAtSite(coordinator, 'receiveTransfer', { transferId: away });
    await aMove(coordinator, [north, MAIN_SITE], { [lotId]: 3 });
    expect(await commitOf(second.id)).toMatchObject({ status: 'COMMITTED' });
    await act(coordinator, 'cancelAllocation', { planId: second.id, reason: 'again' });
    const third = await preview(coordinator, choice);
    await aMove(coordinator, [MAIN_SITE, south], { [lotId]: 3 });
    expect(await commitOf(third.id)).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
    // The whole of it moved to the other site is another stock, though it is as many units of the same lot.
    const everywhere = { stock: { lotIds: [lotId] }, recipients: { recipientIds: people } };
    const fourth = await preview(coordinator, everywhere);
    await aMove(coordinator, [south, north], { [lotId]: 11 });
    expect(await commitOf(fourth.id)).toMatchObject({ __typename: 'StalePlanError', changed: ['stock'] });
  });

  it('made before there were several sites is committed as it was', async () => {
    const lotId = await aLotAtTwoSites(2, 2);
    const recipients = { recipientIds: await clinicians(coordinator, 2) };
    const plan = await preview(coordinator, { stock: { lotIds: [lotId] }, recipients });
    await asOwner(world, `update plan set choice = choice #- '{stock,siteIds}' where id = $1`, [plan.id]);
    expect(await act(coordinator, 'commitAllocation', { planId: plan.id })).toMatchObject({ status: 'COMMITTED' });
  });

  it('at a site without stock, or at none, has nothing to give; at one that there is not, it is refused', async () => {
    const empty = await aSite(coordinator);
    const nothing = { __typename: 'NothingToAllocateError' };
    expect(await aPreview(coordinator, { stock: { siteIds: [empty] } })).toMatchObject(nothing);
    expect(await aPreview(coordinator, { stock: { siteIds: [] } })).toMatchObject(nothing);
    const wrong = (siteIds: string[]) => faultOfInput(coordinator, 'previewAllocation', { stock: { siteIds } });
    expect(await wrong([north, NOBODY])).toEqual({ code: 'NOT_FOUND', field: 'input.stock.siteIds.1' });
    expect(await wrong(['north'])).toEqual({ code: 'BAD_USER_INPUT', field: 'input.stock.siteIds.0' });
  });

  it('and transfers of the same lot, many at once, never give out a unit twice', async () => {
    const lotId = await aLotAtTwoSites(30, 30);
    const people = await clinicians(coordinator, 6);
    for (let round = 0; round < 4; round++) {
      const plans = await Promise.all(
        people.map((person, i) =>
          aPreview(coordinator, {
            stock: { lotIds: [lotId], siteIds: [i % 2 ? north : south] },
            recipients: { recipientIds: [person] },
            policy: { rule: 'CONSTRAINED_EQUAL_AWARDS', cap: [{ itemCode: 'MASK', units: 4 }] },
          }),
        ),
      );
      await Promise.all([
        ...plans.filter(({ id }) => id).map(({ id }) => act(coordinator, 'commitAllocation', { planId: id })),
        ...[0, 1, 2].map(async (i) => {
          const [fromSiteId, toSiteId] = i % 2 ? [north, south] : [south, north];
          const lines = [{ lotId, units: 5 }];
          const sent = await doAtSite(coordinator, 'dispatchTransfer', { fromSiteId, toSiteId, lines });
          if (sent.status) await doAtSite(coordinator, 'receiveTransfer', { transferId: sent.id });
        }),
      ]);
      expect(await world.breaches()).toEqual([]);
    }
    const places = await placesOf(coordinator, lotId);
    expect(Object.values(places).reduce((a, b) => a + b)).toBe(60);
  });
});
