import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aCommittedPlan,
  aDonation,
  aDonor,
  aGroup,
  aPreview,
  asOwner,
  CANCEL,
  CONFIRM,
  type DeliveryView,
  DISPATCH,
  REGISTER,
} from '../support/builders.js';
import { type Client, openWorld, type World } from '../support/world.js';

const PEOPLE = 12;
const ITEMS = ['MASK', 'N95', 'GOWN', 'GOGGLES'];
const COUNTRIES = ['US', 'CN', null];
const DAYS = ['2020-04-10', '2020-04-11', '2020-05-01'];
const HELD = ['PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED'];
const FATES = ['PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED', 'SHORT', 'RETURNED', 'LOST', 'CANCELLED'] as const;

const FIGURES = 'people min mean median p10 gini jain';
const FAIRNESS = `query($filter: DistributionFilter, $orderBy: FairnessOrder) { fairness(filter: $filter) {
  totals { people receivedUnits deliveredUnits confirmedUnits received { ${FIGURES} } fill { ${FIGURES} } }
  recipients(orderBy: $orderBy, first: 100) { totalCount nodes { recipient { id } receivedUnits deliveredUnits confirmedUnits claimedUnits fill distributions } } } }`;

interface Given {
  readonly recipient: string;
  readonly donor: string;
  readonly shipment: string;
  readonly lot: string;
  readonly lotNumber: string | null;
  readonly item: string;
  readonly category: string;
  readonly country: string | null;
  readonly status: string;
  readonly units: number;
  readonly confirmed: number | null;
  readonly day: string;
}
interface Asked {
  readonly recipient: string;
  readonly item: string;
  readonly category: string;
  readonly units: number;
  readonly claim: number | null;
  readonly then: string | null;
  readonly now: string | null;
  readonly day: string;
  readonly lots: { donor: string; shipment: string; lot: string; lotNumber: string | null }[];
}
interface Filter {
  donorIds?: string[];
  recipientIds?: string[];
  groupIds?: string[];
  itemCodes?: string[];
  categories?: string[];
  countries?: string[];
  shipmentIds?: string[];
  lotNumbers?: string[];
  statuses?: string[];
  allocatedOn?: { from?: string; to?: string };
}
interface Person {
  readonly receivedUnits: number;
  readonly deliveredUnits: number;
  readonly confirmedUnits: number;
  readonly claimedUnits: number | null;
  readonly distributions: number;
}

/** Whether a value passes a filter that may have been left out. */
function passes(allowed: readonly string[] | undefined, value: string | null): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}

function isOn({ from, to }: { from?: string; to?: string } = {}, day: string): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

function isFromLot(filter: Filter, lot: { donor: string; shipment: string; lotNumber: string | null }): boolean {
  return (
    passes(filter.donorIds, lot.donor) &&
    passes(filter.shipmentIds, lot.shipment) &&
    passes(filter.lotNumbers, lot.lotNumber)
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** How evenly values are spread, by the definitions. */
function figuresOf(values: readonly number[]): object | null {
  if (values.length === 0) return null;
  const ascending = Float64Array.from(values).sort();
  const total = sum(values);
  const middle = values.length >> 1;
  return {
    people: values.length,
    min: ascending[0]!,
    mean: total / values.length,
    median: values.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2,
    p10: ascending[Math.ceil(values.length / 10) - 1]!,
    gini:
      total === 0 ? 0 : sum(values.flatMap((a) => values.map((b) => Math.abs(a - b)))) / (2 * values.length * total),
    jain: total === 0 ? 1 : total ** 2 / (values.length * sum(values.map((value) => value ** 2))),
  };
}

describe('fairness over history', () => {
  let world: World;
  let coordinator: Client;
  let membersOf: Map<string, string[]>;
  let given: Given[];
  let asked: Asked[];

  const of = (filter: Filter): Map<string, Person> => {
    const isIn = (id: string) => passes(filter.recipientIds, id) && isInGroup(filter.groupIds, id);
    const isOf = (row: { item: string; category: string }) =>
      passes(filter.itemCodes, row.item) && passes(filter.categories, row.category);
    const lines = given.filter(
      (line) =>
        isIn(line.recipient) &&
        isOf(line) &&
        isFromLot(filter, line) &&
        passes(filter.countries, line.country) &&
        passes(filter.statuses, line.status) &&
        isOn(filter.allocatedOn, line.day) &&
        HELD.includes(line.status),
    );
    const claims = asked.filter(
      (award) =>
        isIn(award.recipient) &&
        isOf(award) &&
        passes(filter.countries, award.units > 0 ? award.then : award.now) &&
        isOn(filter.allocatedOn, award.day) &&
        award.lots.some((lot) => isFromLot(filter, lot)),
    );
    const people = new Map<string, Person>();
    for (const { recipient } of [...lines, ...claims]) {
      const hers = lines.filter((line) => line.recipient === recipient);
      const units = (some: Given[]) => sum(some.map((line) => line.confirmed ?? line.units));
      const wanted = claims.filter((award) => award.recipient === recipient).map(({ claim }) => claim);
      people.set(recipient, {
        receivedUnits: units(hers),
        deliveredUnits: units(hers.filter(({ status }) => status === 'DELIVERED' || status === 'CONFIRMED')),
        confirmedUnits: sum(hers.map((line) => line.confirmed ?? 0)),
        claimedUnits: wanted.length === 0 || wanted.includes(null) ? null : sum(wanted as number[]),
        distributions: hers.length,
      });
    }
    return people;
  };
  const isInGroup = (groupIds: string[] | undefined, id: string) =>
    groupIds === undefined || groupIds.some((group) => membersOf.get(group)!.includes(id));

  /** Sends a parcel to its fate. */
  const meet = async (fate: (typeof FATES)[number], planId: string, parcel: DeliveryView): Promise<void> => {
    const input = { deliveryId: parcel.id };
    const tell = (how: string) =>
      coordinator.ask(`mutation { ${how}(input: { deliveryId: "${parcel.id}" }) { __typename } }`);
    if (fate === 'PREPARED') return;
    if (fate === 'CANCELLED') {
      await coordinator.ask(CANCEL, { input: { planId, recipientIds: [parcel.recipient.id], reason: 'x' } });
      return;
    }
    await coordinator.ask(DISPATCH, { input });
    if (fate === 'DELIVERED') await tell('markDelivered');
    if (fate === 'RETURNED') await tell('returnDelivery');
    if (fate === 'LOST') await tell('reportDeliveryLost');
    if (fate === 'CONFIRMED') await coordinator.ask(CONFIRM, { input });
    if (fate === 'SHORT') {
      const counts = parcel.lines.map(({ id, units }) => ({ lineId: id, units: units >> 1, reason: 'MISSING' }));
      await coordinator.ask(CONFIRM, { input: { ...input, counts } });
    }
  };

  beforeAll(async () => {
    world = await openWorld();
    coordinator = await world.as('COORDINATOR');
    const donors = [(await aDonor(coordinator)).id, (await aDonor(coordinator)).id];
    const recipients = Array.from({ length: PEOPLE }, (_, i) => ({
      name: `Clinician ${i}`,
      country: COUNTRIES[i % 3],
    }));
    const registered = await coordinator.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
      input: { recipients },
    });
    const people = registered.registerRecipients.recipients.map(({ id }) => id);
    const circles = [people.slice(0, 5), people.slice(3, 9)];
    membersOf = new Map();
    for (const members of circles) membersOf.set(await aGroup(coordinator, members), members);
    let turn = 0;
    for (let round = 0; round < 6; round++) {
      for (const [i, itemCode] of ITEMS.entries()) {
        // Some gifts are too small for everybody.
        const line = {
          itemCode,
          units: 3 + ((round * 7 + i * 5) % 29),
          lotNumber: (round + i) % 3 ? `L${round}` : null,
        };
        if ((round + i) % 4 > 0) await aDonation(coordinator, {}, { donorId: donors[(round + i) % 2], lines: [line] });
      }
      const whom = people.filter((_, i) => (i + round) % 4 > 0);
      const { plan, deliveries } = await aCommittedPlan(coordinator, { recipients: { recipientIds: whom } });
      for (const parcel of deliveries) await meet(FATES[turn++ % FATES.length]!, plan.id, parcel);
    }
    // A plan that is taken back whole, and one that is only looked at: both leave most with nothing, and neither counts.
    await aDonation(coordinator, { FACE_SHIELD: 2 });
    const { plan } = await aCommittedPlan(coordinator);
    await coordinator.ask(CANCEL, { input: { planId: plan.id, reason: 'all of it' } });
    await aPreview(coordinator);
    await spread(world);
    given = (await asOwner(world, GIVEN)) as Given[];
    asked = (await asOwner(world, ASKED)) as Asked[];
  });
  afterAll(() => world.close());

  it('has a history worth asking about', () => {
    expect(new Set(given.map(({ status }) => status))).toEqual(
      new Set(['PREPARED', 'DISPATCHED', 'DELIVERED', 'CONFIRMED', 'RETURNED', 'LOST', 'CANCELLED']),
    );
    expect(asked.some(({ units }) => units === 0)).toBe(true);
    expect(asked.some(({ claim }) => claim === null)).toBe(true);
    expect(new Set(given.map(({ day }) => day)).size).toBe(DAYS.length);
    const people = [...of({}).values()];
    expect(people.some(({ claimedUnits }) => claimedUnits !== null)).toBe(true);
    expect(people.some(({ claimedUnits }) => claimedUnits === null)).toBe(true);
  });

  it('is what its definitions say, whatever it is asked by', async () => {
    const some = (values: string[]) => fc.subarray([...new Set(values)], { minLength: 1 });
    const filters: fc.Arbitrary<Filter> = fc.record(
      {
        donorIds: some(given.map(({ donor }) => donor)),
        recipientIds: some(given.map(({ recipient }) => recipient)),
        groupIds: some([...membersOf.keys()]),
        itemCodes: some(ITEMS),
        categories: some(given.map(({ category }) => category)),
        countries: some(['US', 'CN', 'DE']),
        shipmentIds: some(given.map(({ shipment }) => shipment)),
        lotNumbers: some(given.flatMap(({ lotNumber }) => lotNumber ?? [])),
        statuses: some(given.map(({ status }) => status)),
        allocatedOn: fc.record({ from: fc.constantFrom(...DAYS), to: fc.constantFrom(...DAYS) }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    );
    // Mostly one or two conditions: all at once leave nobody.
    const few = fc
      .tuple(filters, fc.array(fc.constantFrom(...FILTERS), { maxLength: 3 }))
      .map(([filter, keys]) => Object.fromEntries(Object.entries(filter).filter(([key]) => keys.includes(key))));
    await fc.assert(
      fc.asyncProperty(few, fc.constantFrom('MOST_RECEIVED', 'LEAST_FILLED'), async (filter: Filter, orderBy) => {
        const expected = of(filter);
        const { fairness } = await coordinator.ask<{ fairness: Answer }>(FAIRNESS, { filter, orderBy });
        const rows = fairness.recipients.nodes;
        const people = [...expected.values()];
        expect(new Map(rows.map(({ recipient, fill: _fill, ...row }) => [recipient.id, row]))).toEqual(expected);
        expect(fairness.recipients.totalCount).toBe(people.length);
        const fills = people.flatMap(({ receivedUnits, claimedUnits }) =>
          claimedUnits === null ? [] : [receivedUnits / claimedUnits],
        );
        for (const { fill, receivedUnits, claimedUnits } of rows) {
          if (claimedUnits === null) expect(fill).toBeNull();
          else expect(fill).toBeCloseTo(receivedUnits / claimedUnits, 3);
        }
        const { received, fill, ...sums } = fairness.totals;
        expect(sums).toEqual({
          people: people.length,
          receivedUnits: sum(people.map(({ receivedUnits }) => receivedUnits)),
          deliveredUnits: sum(people.map(({ deliveredUnits }) => deliveredUnits)),
          confirmedUnits: sum(people.map(({ confirmedUnits }) => confirmedUnits)),
        });
        expectNear(received, figuresOf(people.map(({ receivedUnits }) => receivedUnits)));
        expectNear(fill, figuresOf(fills));
        const keys = rows.map((row) => (orderBy === 'MOST_RECEIVED' ? -row.receivedUnits : (row.fill ?? Infinity)));
        expect(keys).toEqual(keys.toSorted((a, b) => (a === b ? 0 : a - b)));
      }),
      { numRuns: 80 },
    );
  });
});

interface Answer {
  readonly totals: { received: object | null; fill: object | null };
  readonly recipients: {
    totalCount: number;
    nodes: (Person & { recipient: { id: string }; fill: number | null })[];
  };
}

const FILTERS = [
  'donorIds',
  'recipientIds',
  'groupIds',
  'itemCodes',
  'categories',
  'countries',
  'shipmentIds',
  'lotNumbers',
  'statuses',
  'allocatedOn',
];

/** The answer is rounded to four decimals. */
function expectNear(shown: object | null, exact: object | null): void {
  expect(Object.keys(shown ?? {})).toEqual(Object.keys(exact ?? {}));
  for (const [figure, value] of Object.entries(exact ?? {})) {
    expect(Math.abs((shown as Record<string, number>)[figure]! - (value as number))).toBeLessThan(0.000051);
  }
}

/** Spreads the history over days, has some people move, and gives most awards claims with a bound. */
async function spread(world: World): Promise<void> {
  await asOwner(
    world,
    `with days as (select id, ($1::text[])[1 + row_number() over (order by id) % 3] as day from plan)
     update plan p set committed_at = d.day::timestamp at time zone 'UTC' + interval '1 hour' from days d where d.id = p.id and p.committed_at is not null`,
    [DAYS],
  );
  await asOwner(world, `update distribution t set allocated_at = p.committed_at from plan p where p.id = t.plan_id`);
  await asOwner(world, `update recipient set country = 'DE' where right(name, 1) in ('1', '3')`);
  await asOwner(
    world,
    `update award set why = jsonb_set(why, '{claim}', to_jsonb(units + 1 + position % 7))
     where recipient_id not in (select id from recipient where right(name, 1) = '0')`,
  );
}

const DAY = `to_char(p.committed_at at time zone 'UTC', 'YYYY-MM-DD') as day`;
const GIVEN = `select t.recipient_id as recipient, t.donor_id as donor, t.shipment_id as shipment, t.lot_id as lot, l.lot_number as "lotNumber", i.code as item,
  i.category, t.country, t.status, t.units, t.confirmed_units as confirmed, ${DAY}
  from distribution t join lot l on l.id = t.lot_id join item i on i.id = t.item_id join plan p on p.id = t.plan_id`;
const ASKED = `select a.recipient_id as recipient, i.code as item, i.category, a.units, (a.why->>'claim')::integer as claim, ${DAY}, r.country as now,
  (select t.country from distribution t where t.plan_id = a.plan_id and t.recipient_id = a.recipient_id limit 1) as then,
  (select json_agg(json_build_object('donor', l.donor_id, 'shipment', l.shipment_id, 'lot', l.id, 'lotNumber', l.lot_number))
   from award_lot w join lot l on l.id = w.lot_id where w.plan_id = a.plan_id and w.item_id = a.item_id) as lots
  from award a join item i on i.id = a.item_id join plan p on p.id = a.plan_id join recipient r on r.id = a.recipient_id
  where p.status = 'COMMITTED' and a.cancelled_at is null`;
