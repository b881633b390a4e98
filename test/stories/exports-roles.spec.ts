import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aCommittedPlan, aDonation, aDonor, CONFIRM, DISPATCH, PREVIEW, REGISTER } from '../support/builders.js';
import { csvRows, type ExportRow, type Exports, exportsOf } from '../support/exports.js';
import { type Client, openWorld, type World } from '../support/world.js';

/** What GraphQL shows of the lines of history, each under the name of its column. */
const LINES = `{ distributions(first: 100, orderBy: { field: ALLOCATED_AT, direction: ASC }) { nodes {
  id allocated_at: allocatedAt dispatched_at: dispatchedAt delivered_at: deliveredAt status item { item_code: code item_name: name category }
  units confirmed_units: confirmedUnits lot { lot_id: id lot_number: lotNumber expires_on: expiresOn }
  donor { donor_id: id donor: name donor_country: country } shipment { shipment_id: id shipment_reference: reference }
  recipient { recipient_id: id recipient: name profession facility country exposure_tier: exposureTier } plan { plan_id: id } } } }`;
/** Whoever may not ask for parcels sees nothing of them. */
const PARCELS = `{ deliveries(first: 100) { nodes { delivery_id: id lines { id shortage_reason: shortageReason site { site: name } } } } }`;
const AWARD = `{ nodes { item { item_code: code item_name: name } recipient { recipient_id: id recipient: name profession facility country exposure_tier: exposureTier }
  units returned_units: returnedUnits cancelled_at: cancelledAt why { claim_units: claimUnits exactShare floor_units: floorUnits extra_units: extraUnits } } }`;
const PLANS = `{ plans(first: 5) { nodes { plan_id: id status created_at: createdAt committed_at: committedAt rule claims
  policy { policy_id: id policy: name } policy_version: policyVersion awards(first: 20) ${AWARD} withoutAward(first: 20) ${AWARD} } } }`;
const LOT = `query($id: ID!) { lot(id: $id) { item { item_code: code item_name: name category } lot_id: id lot_number: lotNumber expires_on: expiresOn condition
  received_at: receivedAt donor { donor_id: id donor: name donor_country: country } shipment { shipment_id: id shipment_reference: reference }
  places { site { site_id: id site: name } place units } } }`;

type Node = Record<string, unknown>;
const NO_PARCEL = { delivery_id: null, shortage_reason: null, site: null };

/** The scalars of a node and of the objects in it, side by side. */
function flat(node: Node): Node {
  return Object.entries(node).reduce<Node>(
    (row, [name, value]) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? { ...row, ...flat(value as Node) }
        : { ...row, [name]: value },
    {},
  );
}

/** Instants as numbers, so that two ways to write one are equal. */
function comparable(row: ExportRow): ExportRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name.endsWith('_at') && typeof value === 'string' ? Date.parse(value) : value,
    ]),
  );
}

describe('an export shows each role what GraphQL shows it, column by column', () => {
  let world: World;
  let exports: Exports;
  let coordinator: Client;
  let people: string[];
  const donors: string[] = [];
  const clients = new Map<string, Client>();
  const NAMES = ['Zhang Wei', 'Rossi, "Anna"', '=HYPERLINK("x")'];

  beforeAll(async () => {
    world = await openWorld();
    exports = await exportsOf(world);
    coordinator = await world.as('COORDINATOR');
    const recipients = NAMES.map((name, i) => ({
      name,
      profession: `profession ${i}`,
      facility: `Secret Hospital ${i}`,
      country: ['US', 'IT', 'CN'][i],
      exposureTier: i + 1,
    }));
    const { registerRecipients } = await coordinator.ask<{
      registerRecipients: { recipients: { id: string }[] };
    }>(REGISTER, { input: { recipients } });
    people = registerRecipients.recipients.map(({ id }) => id);
    for (const anonymous of [false, true]) {
      const donor = await aDonor(coordinator, { name: `Giver ${anonymous}`, country: 'CN', anonymous });
      donors.push(donor.id);
      const gift = await aDonation(
        coordinator,
        {},
        {
          donorId: donor.id,
          reference: `from Giver ${anonymous}`,
          lines: [
            { itemCode: 'MASK', units: 31, lotNumber: '-7', expiresOn: '2999-12-31' },
            { itemCode: 'GOGGLES', units: 2 },
          ],
        },
      );
      const { deliveries } = await aCommittedPlan(coordinator, { stock: { shipmentIds: [gift.id] } });
      const first = deliveries.find(({ recipient }) => recipient.id === people[0])!;
      await coordinator.ask(DISPATCH, { input: { deliveryId: first.id } });
      await coordinator.ask(CONFIRM, {
        input: { deliveryId: first.id, counts: [{ lineId: first.lines[0]!.id, units: 0, reason: 'DAMAGED' }] },
      });
    }
    await aDonation(coordinator, { MASK: 1 });
    await coordinator.ask(PREVIEW, { input: {} });
    clients.set('COORDINATOR', coordinator);
    clients.set('ADMIN', await world.as('ADMIN'));
    clients.set('AUDITOR', await world.as('AUDITOR'));
    clients.set('DONOR', await world.as('DONOR', donors[0]));
    clients.set('DONOR who is anonymous', await world.as('DONOR', donors[1]));
    clients.set('DONOR of nothing', await world.as('DONOR'));
    clients.set('RECIPIENT', await world.as('RECIPIENT', people[0]));
    clients.set('RECIPIENT of nothing', await world.as('RECIPIENT'));
  });
  afterAll(() => world.close());

  async function linesSeenBy(client: Client): Promise<ExportRow[]> {
    const { distributions } = await client.ask<{ distributions: { nodes: Node[] } }>(LINES);
    const { data } = await client.answer<{ deliveries: { nodes: { delivery_id: string; lines: Node[] }[] } }>(PARCELS);
    const parcels = new Map(
      (data?.deliveries.nodes ?? []).flatMap(({ delivery_id, lines }) =>
        lines.map((line) => [line['id'], { delivery_id, ...flat(line) }] as const),
      ),
    );
    return distributions.nodes.map((node) => {
      const { plan, ...rest } = node;
      return comparable({
        ...flat(rest),
        plan_id: (plan as { plan_id: string } | null)?.plan_id ?? null,
        ...NO_PARCEL,
        ...parcels.get(node['id']),
      });
    });
  }

  it.each([
    ['COORDINATOR', 12],
    ['ADMIN', 12],
    ['AUDITOR', 12],
    ['DONOR', 6],
    ['DONOR who is anonymous', 6],
    ['DONOR of nothing', 0],
    ['RECIPIENT', 4],
    ['RECIPIENT of nothing', 0],
  ])('distributions, to a %s', async (role, atMost) => {
    const client = clients.get(role)!;
    const shown = await linesSeenBy(client);
    expect(shown.length).toBeLessThanOrEqual(atMost);
    expect(shown.length).toBeGreaterThan(atMost / 2 - 1);
    const rows = await exports.rows(client, 'distributions');
    expect(rows.map(comparable)).toEqual(shown);
    const text = await exports.text(client, 'distributions.csv');
    // The same in csv, but for the sign that keeps a formula from running.
    const cells = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => {
          const cell = value === null ? '' : String(value);
          return [name, typeof value === 'string' && /^[=+\-@]/.test(cell) ? `'${cell}` : cell];
        }),
      ),
    );
    expect(csvRows(text)).toEqual(cells);
  });

  it('names people and anonymous donors to those alone who may know them', async () => {
    const shows = async (role: string, what: RegExp): Promise<boolean> => {
      const client = clients.get(role)!;
      const paths = role === 'AUDITOR' ? ['distributions', 'stock', 'plans'] : ['distributions'];
      const texts: string[] = [];
      for (const kind of paths)
        for (const format of ['csv', 'jsonl']) texts.push(await exports.text(client, `${kind}.${format}`));
      return what.test(texts.join('\n'));
    };
    expect(await shows('COORDINATOR', /Zhang Wei/)).toBe(true);
    for (const role of ['AUDITOR', 'DONOR', 'DONOR who is anonymous'])
      expect([role, await shows(role, /Zhang Wei|Rossi|HYPERLINK/)]).toEqual([role, false]);
    expect(await shows('AUDITOR', /Secret Hospital/)).toBe(true);
    expect(await shows('DONOR', /Secret Hospital|profession \d/)).toBe(false);
    expect(await shows('RECIPIENT', /Rossi|HYPERLINK|Secret Hospital [12]/)).toBe(false);
    for (const role of ['AUDITOR', 'RECIPIENT', 'DONOR'])
      expect([role, await shows(role, /Giver true/)]).toEqual([role, false]);
    expect(await shows('DONOR who is anonymous', /from Giver true/)).toBe(true);
  });

  it.each(['COORDINATOR', 'ADMIN', 'AUDITOR'])('plans, to a %s', async (role) => {
    const client = clients.get(role)!;
    const { plans } = await client.ask<{ plans: { nodes: Node[] } }>(PLANS);
    const shown = plans.nodes.toReversed().flatMap(({ awards, withoutAward, policy, ...plan }) =>
      [awards, withoutAward].flatMap((list) =>
        (list as { nodes: Node[] }).nodes.map((award) => {
          const { exactShare, ...rest } = flat(award);
          const [part, whole = '1'] = String(exactShare).split('/');
          const exact_share = Number((Number(part) / Number(whole)).toFixed(6));
          const of = policy === null ? { policy_id: null, policy: null } : (policy as Node);
          return comparable({ ...plan, ...of, ...rest, exact_share });
        }),
      ),
    );
    expect(shown.length).toBeGreaterThan(9);
    const rows = (await exports.rows(client, 'plans')).map(comparable);
    const keyOf = (row: ExportRow): string => `${row['plan_id']} ${row['item_code']} ${row['recipient_id']}`;
    expect(rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))).toEqual(
      shown.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    );
    expect([...new Set(rows.map((row) => row['plan_id']))]).toEqual(plans.nodes.map((p) => p['plan_id']).toReversed());
  });

  it.each(['COORDINATOR', 'ADMIN', 'AUDITOR'])('stock, to a %s', async (role) => {
    const client = clients.get(role)!;
    const rows = await exports.rows(client, 'stock');
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      const { lot } = await client.ask<{ lot: Node }>(LOT, { id: row['lot_id'] });
      const { places, ...rest } = lot as Node & {
        places: { site: { site_id: string; site: string }; place: string; units: number }[];
      };
      const units = (...names: string[]): number =>
        places.filter(({ place }) => names.includes(place)).reduce((sum, place) => sum + place.units, 0);
      expect(comparable(row)).toEqual(
        comparable({
          ...flat(rest),
          ...places[0]!.site,
          expired: false,
          on_hand_units: units('AVAILABLE', 'ALLOCATED', 'QUARANTINED'),
          available_units: units('AVAILABLE'),
          allocated_units: units('ALLOCATED'),
          quarantined_units: units('QUARANTINED'),
          in_transit_units: units('IN_TRANSIT'),
          delivered_units: units('DELIVERED'),
          lost_units: units('LOST'),
          discarded_units: units('DISCARDED'),
          returned_to_donor_units: units('RETURNED_TO_DONOR'),
        }),
      );
    }
  });

  it('whoever may not ask GraphQL may not have the file, and nothing is read for her', async () => {
    const status = async (client: Client, path: string): Promise<unknown> => {
      const response = await exports.get(client, path);
      return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
    };
    for (const role of ['DONOR', 'RECIPIENT'])
      for (const kind of ['stock', 'plans'])
        for (const format of ['csv', 'jsonl', 'xlsx'])
          expect([role, await status(clients.get(role)!, `${kind}.${format}`)]).toEqual([role, [403, 'FORBIDDEN']]);
    for (const client of [world.with(null), world.with(`ppe_${'A'.repeat(43)}`)])
      for (const kind of ['distributions', 'stock', 'plans'])
        expect(await status(client, `${kind}.csv`)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await status(clients.get('DONOR')!, `distributions.csv?recipientIds=${people[0]}`)).toEqual([
      403,
      'FORBIDDEN',
    ]);
    // Somebody else's gift is none of hers: the filter finds nothing.
    expect(await exports.rows(clients.get('DONOR')!, `distributions?donorIds=${donors[1]}`)).toEqual([]);
    expect(await exports.rows(clients.get('RECIPIENT')!, `distributions?recipientIds=${people[1]}`)).toEqual([]);
    expect(await exports.rows(clients.get('DONOR')!, 'distributions?search=Secret')).toEqual([]);
  });
});
