import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCommittedPlan,
  aDonation,
  aGroup,
  aNeed,
  asOwner,
  clinicians,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
} from '../support/builders.js';
import { step } from '../support/corrections.js';
import { callBack } from '../support/stock.js';
import { type Client, openWorld, type World } from '../support/world.js';

interface Sums {
  readonly item: { readonly code: string };
  readonly openingUnits: number;
  readonly promisedUnits: number;
  readonly sentUnits: number;
  readonly deliveredUnits: number;
  readonly returnedUnits: number;
  readonly lostUnits: number;
  readonly takenBackUnits: number;
  readonly closingUnits: number;
  readonly confirmedUnits: number;
  readonly missingUnits: number;
}
interface Statement {
  readonly recipient: { readonly id: string; readonly name: string };
  readonly items: Sums[];
  readonly needs: { readonly category: string | null; readonly openUnits: number; readonly metUnits: number }[];
  readonly lines: { readonly totalCount: number; readonly nodes: { readonly units: number }[] };
}
interface Circle {
  readonly items: Sums[];
  readonly members: {
    readonly totalCount: number;
    readonly nodes: { readonly recipient: { readonly id: string; readonly name: string }; readonly items: Sums[] }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

const SUMS = `item { code } openingUnits promisedUnits sentUnits deliveredUnits returnedUnits lostUnits takenBackUnits closingUnits
  confirmedUnits missingUnits`;
const STATEMENT = `query($id: ID!, $from: LocalDate!, $to: LocalDate!, $timeZone: String, $first: Int, $after: String) {
  recipientStatement(recipientId: $id, from: $from, to: $to, timeZone: $timeZone) { recipient { id name } from to timeZone items { ${SUMS} }
    needs { item { code } category needs statedUnits metUnits openUnits unmetUnits }
    lines(first: $first, after: $after) { totalCount nodes { units item { code } } } } }`;
const CIRCLE = `query($id: ID!, $from: LocalDate!, $to: LocalDate!, $first: Int, $after: String) {
  groupStatement(groupId: $id, from: $from, to: $to) { group { id } items { ${SUMS} }
    members(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { recipient { id name } items { ${SUMS} } } } } }`;

const YEARS = { from: '2000-01-01', to: '2999-12-31' };
const MARCH = { from: '2020-03-01', to: '2020-03-31' };
const APRIL = { from: '2020-04-01', to: '2020-04-30' };
const MAY = { from: '2020-05-01', to: '2020-05-31' };

function add(all: readonly Sums[]): Omit<Sums, 'item'> {
  const sums: Record<string, number> = {};
  for (const { item: _, ...units } of all)
    for (const [name, n] of Object.entries(units)) sums[name] = (sums[name] ?? 0) + n;
  return sums as unknown as Omit<Sums, 'item'>;
}

/** What was open and promised has come to an end, or is open. */
function isSound(sums: Omit<Sums, 'item'>): boolean {
  const over = sums.deliveredUnits + sums.returnedUnits + sums.lostUnits + sums.takenBackUnits;
  return sums.openingUnits + sums.promisedUnits === over + sums.closingUnits;
}

describe('statements of people and circles', () => {
  let world: World;
  let coordinator: Client;
  let people: string[];
  let circle: string;
  let parcels: DeliveryView[];
  let recalled: string;

  const statementOf = async (id: string, period: object = YEARS, client = coordinator): Promise<Statement> =>
    (await client.ask<{ recipientStatement: Statement }>(STATEMENT, { id, ...period })).recipientStatement;
  const circleOf = async (period: object = YEARS, page: object = {}, client = coordinator): Promise<Circle> =>
    (await client.ask<{ groupStatement: Circle }>(CIRCLE, { id: circle, ...period, ...page })).groupStatement;
  const parcelOf = (i: number): DeliveryView => parcels.find(({ recipient }) => recipient.id === people[i])!;
  const of = (items: readonly Sums[], code: string): Sums => items.find(({ item }) => item.code === code)!;

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    people = await clinicians(coordinator, 8);
    circle = await aGroup(coordinator, people);
    await aNeed(coordinator, people[0]!, { category: 'MASK', units: 30 });
    await aNeed(coordinator, people[0]!, { itemCode: 'GOWN', units: 4 });
    const gift = await aDonation(coordinator, { MASK: 80, GOGGLES: 16 });
    const { plan, deliveries } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
    parcels = deliveries;
    for (const i of [0, 1, 2, 3, 4]) await coordinator.ask(DISPATCH, { input: { deliveryId: parcelOf(i).id } });
    const masks = parcelOf(0).lines.find(({ item }) => item.code === 'MASK')!;
    const counts = [{ lineId: masks.id, units: 7, reason: 'MISSING' }];
    await coordinator.ask(CONFIRM, { input: { deliveryId: parcelOf(0).id, counts } });
    await step(coordinator, 'markDelivered', { deliveryId: parcelOf(1).id });
    await step(coordinator, 'returnDelivery', { deliveryId: parcelOf(2).id });
    await step(coordinator, 'reportDeliveryLost', { deliveryId: parcelOf(3).id });
    await step(coordinator, 'cancelAllocation', { planId: plan.id, recipientIds: [people[5]], reason: 'x' });
    const goggles = parcelOf(6).lines.find(({ item }) => item.code === 'GOGGLES')!;
    await step(coordinator, 'takeOutOfDelivery', { deliveryId: parcelOf(6).id, lineIds: [goggles.id], reason: 'x' });
    const bad = await aDonation(coordinator, { N95: 8 });
    await aCommittedPlan(coordinator, { stock: { shipmentIds: [bad.id] } });
    recalled = bad.lines[0]!.lots[0]!.id;
    await callBack(coordinator, [recalled]);
    const mixed = await aDonation(coordinator, { KN95: 8, GOWN: 8 });
    await aCommittedPlan(coordinator, { stock: { shipmentIds: [mixed.id] } });
    // The parcels keep their gowns, so that no award is taken back whole.
    await callBack(coordinator, [mixed.lines[0]!.lots[0]!.id]);
  });
  afterAll(() => world.close());

  it('add up, for each person and every item, whatever became of the parcel', async () => {
    const masks = { item: { code: 'MASK' }, openingUnits: 0, promisedUnits: 10, returnedUnits: 0, lostUnits: 0 };
    const fates = [
      { sentUnits: 10, deliveredUnits: 10, confirmedUnits: 7, missingUnits: 3, closingUnits: 0 },
      { sentUnits: 10, deliveredUnits: 10, confirmedUnits: 0, missingUnits: 0, closingUnits: 0 },
      { sentUnits: 10, deliveredUnits: 0, returnedUnits: 10, closingUnits: 0 },
      { sentUnits: 10, deliveredUnits: 0, lostUnits: 10, closingUnits: 0 },
      { sentUnits: 10, deliveredUnits: 0, closingUnits: 10 },
      { sentUnits: 0, takenBackUnits: 10, closingUnits: 0 },
      { sentUnits: 0, takenBackUnits: 0, closingUnits: 10 },
      { sentUnits: 0, takenBackUnits: 0, closingUnits: 10 },
    ];
    for (const [i, fate] of fates.entries()) {
      const { items } = await statementOf(people[i]!);
      expect(items.map(({ item }) => item.code)).toEqual(['KN95', 'MASK', 'N95', 'GOWN', 'GOGGLES']);
      expect(items[1]).toMatchObject({ ...masks, ...fate });
      for (const recalledItem of [items[0], items[2]])
        expect(recalledItem).toMatchObject({ promisedUnits: 1, takenBackUnits: 1, closingUnits: 0 });
      for (const sums of items) expect([i, sums, isSound(sums)]).toEqual([i, sums, true]);
    }
    expect(of((await statementOf(people[6]!)).items, 'GOGGLES')).toMatchObject({ takenBackUnits: 2, closingUnits: 0 });
  });

  it('show what is needed still, and the lines', async () => {
    const { needs, lines } = await statementOf(people[0]!);
    expect(needs).toMatchObject([
      { category: 'MASK', needs: 1, statedUnits: 30, metUnits: 7, openUnits: 23, unmetUnits: 0 },
      { item: { code: 'GOWN' }, category: null, statedUnits: 4, metUnits: 1, openUnits: 3 },
    ]);
    expect(lines.totalCount).toBe(5);
    expect(await statementOf(people[0]!, MARCH)).toMatchObject({ items: [], needs: [], lines: { totalCount: 0 } });
  });

  it('of a circle are the sums of its members, page by page', async () => {
    const { items, members } = await circleOf();
    expect(members.nodes.map(({ recipient }) => recipient.id)).toEqual(people);
    expect(members.totalCount).toBe(8);
    for (const [i, { items: hers }] of members.nodes.entries())
      expect(hers).toEqual((await statementOf(people[i]!)).items);
    for (const code of ['MASK', 'KN95', 'N95', 'GOWN', 'GOGGLES']) {
      const { item: _, ...sums } = of(items, code);
      expect(sums).toEqual(add(members.nodes.map((node) => of(node.items, code))));
      expect(isSound(sums)).toBe(true);
    }
    const first = await circleOf(YEARS, { first: 5 });
    const rest = await circleOf(YEARS, { first: 5, after: first.members.pageInfo.endCursor });
    expect([...first.members.nodes, ...rest.members.nodes]).toEqual(members.nodes);
    expect([first.members.pageInfo.hasNextPage, rest.members.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('are for herself, coordinators and auditors, and those of circles not for her', async () => {
    const herself = await world.as('RECIPIENT', people[0]!);
    const hers = await statementOf(people[0]!, YEARS, herself);
    expect(hers).toEqual(await statementOf(people[0]!));
    expect(await statementOf(people[1]!, YEARS, herself)).toBeNull();
    const auditor = await world.as('AUDITOR');
    const seen = await statementOf(people[0]!, YEARS, auditor);
    expect(seen.recipient.name).toMatch(/^Clinician [0-9A-F]{6}$/);
    expect(seen.items).toEqual(hers.items);
    expect((await circleOf(YEARS, {}, auditor)).members.nodes[0]!.recipient.name).toMatch(/^Clinician [0-9A-F]{6}$/);
    const donor = await world.as('DONOR');
    for (const [client, query] of [
      [herself, CIRCLE],
      [donor, CIRCLE],
      [donor, STATEMENT],
    ] as const)
      expect((await client.error(query, { id: people[0], ...YEARS })).extensions.code).toBe('FORBIDDEN');
    const nobody = '01900000-0000-7000-8000-00000000dead';
    expect(await statementOf(nobody)).toBeNull();
    expect(
      (await coordinator.ask<{ groupStatement: null }>(CIRCLE, { id: nobody, ...YEARS })).groupStatement,
    ).toBeNull();
  });

  it('refuse a period that ends before it begins, and a time zone that there is not', async () => {
    const fault = async (input: object) =>
      (await coordinator.error(STATEMENT, { id: people[0], ...YEARS, ...input })).extensions;
    expect(await fault({ to: '1999-12-31' })).toEqual({ code: 'BAD_USER_INPUT', field: 'to' });
    expect(await fault({ timeZone: '+05:00' })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'timeZone' });
    expect((await coordinator.error(CIRCLE, { id: circle, from: '2020-02-01', to: '2020-01-31' })).extensions).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'to',
    });
  });

  // The last two: they move what happened into other months, behind the curtain.
  it('have something end when it ended, not when it was promised', async () => {
    await asOwner(
      world,
      `update distribution set allocated_at = '2020-04-02T00:00Z', dispatched_at = '2020-04-03T00:00Z'`,
    );
    for (const [i, id] of people.entries()) {
      const open = (await statementOf(id, APRIL)).items;
      expect(open).toHaveLength(5);
      for (const sums of open)
        expect([i, sums]).toEqual([
          i,
          { ...sums, takenBackUnits: 0, returnedUnits: 0, lostUnits: 0, closingUnits: sums.promisedUnits },
        ]);
      const { items } = await statementOf(id, { from: '2020-05-01', to: YEARS.to });
      expect(items.map(({ openingUnits }) => openingUnits)).toEqual(open.map(({ promisedUnits }) => promisedUnits));
      for (const sums of items) expect([i, sums, isSound(sums)]).toEqual([i, sums, true]);
      expect(of(items, 'KN95')).toMatchObject({ takenBackUnits: 1, closingUnits: 0 });
    }
    const { items } = await circleOf({ from: '2020-05-01', to: YEARS.to });
    expect(of(items, 'MASK')).toMatchObject({ openingUnits: 80, returnedUnits: 10, lostUnits: 10, takenBackUnits: 10 });
  });

  it('carry what is open from one month into the next', async () => {
    const id = parcelOf(0).id;
    await asOwner(
      world,
      `update distribution set allocated_at = '2020-04-01T01:00Z', dispatched_at = '2020-04-20T00:00Z', delivered_at = '2020-05-03T00:00Z' where delivery_id = $1`,
      [id],
    );
    await asOwner(world, `update delivery set confirmed_at = '2020-05-31T23:30Z' where id = $1`, [id]);
    const masks = async (period: object) => of((await statementOf(people[0]!, period)).items, 'MASK');
    expect(await masks(APRIL)).toMatchObject({
      openingUnits: 0,
      promisedUnits: 10,
      sentUnits: 10,
      deliveredUnits: 0,
      closingUnits: 10,
    });
    const inMay = { openingUnits: 10, promisedUnits: 0, sentUnits: 0, deliveredUnits: 10, closingUnits: 0 };
    expect(await masks(MAY)).toMatchObject({ ...inMay, confirmedUnits: 7, missingUnits: 3 });
    const zone = (timeZone: string, period: object) => masks({ ...period, timeZone });
    // In New York it was promised in March still; in Shanghai it was counted in June.
    expect(await zone('America/New_York', MARCH)).toMatchObject({ promisedUnits: 10, closingUnits: 10 });
    expect(await zone('America/New_York', APRIL)).toMatchObject({ openingUnits: 10, promisedUnits: 0 });
    expect(await zone('Asia/Shanghai', MAY)).toMatchObject({ ...inMay, confirmedUnits: 0, missingUnits: 0 });
    expect((await statementOf(people[0]!, { ...MARCH, timeZone: 'America/New_York' })).lines.totalCount).toBe(2);
  });
});
