import { expect } from '@jest/globals';
import type { Client } from '../support/world.js';
import { ITEMS, type Model, type ModelParcel, type ModelParcelLine, type Place, PLACES, type Real } from './model.js';
import { assertRecallsEqual } from './model-recalls.js';

const PLACE_OF_FIELD = {
  availableUnits: 'AVAILABLE',
  allocatedUnits: 'ALLOCATED',
  quarantinedUnits: 'QUARANTINED',
  inTransitUnits: 'IN_TRANSIT',
  deliveredUnits: 'DELIVERED',
  returnedToDonorUnits: 'RETURNED_TO_DONOR',
  lostUnits: 'LOST',
  discardedUnits: 'DISCARDED',
} as const satisfies Record<string, Place>;
const FIELDS = ['onHandUnits', ...Object.keys(PLACE_OF_FIELD)];
const ON_HAND: readonly Place[] = ['AVAILABLE', 'ALLOCATED', 'QUARANTINED'];

/** The stock levels of the API by item and site, which may hold other histories' units: `ITEM SITE field` -> units. */
export type Levels = ReadonlyMap<string, number>;
type Units = Record<string, number>;

export async function levels(client: Client): Promise<Levels> {
  const { stock } = await client.ask<{
    stock: ({ item: { code: string }; bySite: ({ site: { id: string } } & Units)[] } & Units)[];
  }>(
    `query($codes: [String!]) { stock(itemCodes: $codes) { item { code } ${FIELDS.join(' ')} bySite { site { id } ${FIELDS.join(' ')} } } }`,
    { codes: ITEMS },
  );
  const rows = stock.flatMap(({ item, bySite, ...all }) =>
    [{ ...all, site: { id: 'ALL' } } as (typeof bySite)[number], ...bySite].flatMap((row) =>
      FIELDS.map((field): [string, number] => [`${item.code} ${row.site.id} ${field}`, row[field]!]),
    ),
  );
  return new Map(rows);
}

/** What levels should show of this history's lots. */
function expectedLevels(model: Model, sites: readonly string[]): [string, number][] {
  return ITEMS.flatMap((item) =>
    [['ALL', sites] as const, ...sites.map((site) => [site, [site]] as const)].flatMap(([name, some]) => {
      const sum = (place: Place): number => some.reduce((units, site) => units + model.sum(item, site, place), 0);
      const onHand = ON_HAND.reduce((units, place) => units + sum(place), 0);
      return [
        [`${item} ${name} onHandUnits`, onHand] as [string, number],
        ...Object.entries(PLACE_OF_FIELD).map(([field, place]): [string, number] => [
          `${item} ${name} ${field}`,
          sum(place),
        ]),
      ];
    }),
  );
}

const FACTS = `
  select concat_ws(' ', 'balance', lot_id, site_id, place, units) as fact from lot_balance
    where lot_id = any($1) and place <> 'SOURCE' and units <> 0
  union all select concat_ws(' ', 'lot', l.id, i.code, donor_id, condition) from lot l join item i on i.id = l.item_id where l.id = any($1)
  union all select concat_ws(' ', 'shipment', id, status, donor_id) from shipment where id = any($2)
  union all select concat_ws(' ', 'line', l.id, i.code, accepted_units) from shipment_line l join item i on i.id = l.item_id where shipment_id = any($2)
  union all select concat_ws(' ', 'plan', id, status) from plan where id = any($3)
  union all select concat_ws(' ', 'parcel', id, status) from delivery where plan_id = any($3)
  union all select concat_ws(' ', 'given', d.id, i.code, donor_id, status, confirmed_units) from distribution d join item i on i.id = d.item_id where plan_id = any($3)
  union all select concat_ws(' ', 'award', plan_id, recipient_id, i.code, units, 'not received', returned_units) from award a join item i on i.id = a.item_id
    where plan_id in (select id from plan where id = any($3) and status = 'COMMITTED') and cancelled_at is null and units > 0
  union all select concat_ws(' ', 'transfer', id, status) from transfer where id = any($4)`;

/** What a recipient has, or will have, of a line. */
function standing({ status }: ModelParcel, { isOut, confirmed, units }: ModelParcelLine): number {
  return isOut || ['RETURNED', 'LOST', 'CANCELLED'].includes(status) ? 0 : (confirmed ?? units);
}

/** Of each award that was not taken back, what was not received: also what turned out to be something else. */
function awardsOf(parcel: ModelParcel): string[] {
  const { plan, recipient, lines, status } = parcel;
  if (status === 'CANCELLED') return [];
  return [...plan.awards]
    .filter(([key, units]) => key.startsWith(recipient) && units > 0)
    .map(([key, units]) => {
      const item = key.slice(recipient.length + 1);
      const received = lines
        .filter((line) => line.awardedAs === item && line.lot.line.item === item)
        .reduce((sum, line) => sum + standing(parcel, line), 0);
      return `award ${plan.id} ${key} ${units} not received ${units - received}`;
    });
}

function expectedFacts(model: Model, sites: readonly string[]): string[] {
  const { lots, shipments, plans, parcels, transfers } = model;
  const balances = lots.flatMap((lot) =>
    sites.flatMap((site) =>
      PLACES.map((place) => ({ place, units: model.units(lot, site, place) }))
        .filter(({ units }) => units !== 0)
        .map(({ place, units }) => `balance ${lot.id} ${site} ${place} ${units}`),
    ),
  );
  return [
    ...balances,
    ...lots.map(({ id, line, shipment, condition }) => `lot ${id} ${line.item} ${shipment.donor} ${condition}`),
    ...shipments.map(({ id, status, donor }) => `shipment ${id} ${status} ${donor}`),
    ...shipments.flatMap(({ lines }) => lines.map(({ id, item, accepted }) => `line ${id} ${item} ${accepted}`)),
    ...plans.map(({ id, status }) => `plan ${id} ${status}`),
    ...parcels.map(({ id, status }) => `parcel ${id} ${status}`),
    ...parcels.flatMap((parcel) =>
      parcel.lines.map(({ id, lot, isOut, confirmed }) => {
        const facts = [id, lot.line.item, lot.shipment.donor, isOut ? 'CANCELLED' : parcel.status, confirmed];
        return `given ${facts.filter((fact) => fact !== null).join(' ')}`;
      }),
    ),
    ...parcels.flatMap((parcel) => awardsOf(parcel)),
    ...transfers.map(({ id, status }) => `transfer ${id} ${status}`),
  ];
}

/** Compares what the API shows, and what the tables hold, with the model. */
export async function assertEqual(model: Model, real: Real, before: Levels): Promise<void> {
  const { client, world, sites } = real;
  const idsOf = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
  const [now, rows] = await Promise.all([
    levels(client),
    world.dataSource.query<{ fact: string }[]>(FACTS, [
      idsOf(model.lots),
      idsOf(model.shipments),
      idsOf(model.plans),
      idsOf(model.transfers),
    ]),
    assertRecallsEqual(model, real),
  ]);
  const wanted = expectedLevels(model, sites);
  const shown = wanted.map(([key]): [string, number] => [key, (now.get(key) ?? 0) - (before.get(key) ?? 0)]);
  expect(shown).toEqual(wanted);
  expect(rows.map(({ fact }) => fact).sort()).toEqual(expectedFacts(model, sites).sort());
}
