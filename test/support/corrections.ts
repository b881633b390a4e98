import { REFUSAL, type ShipmentView } from './builders.js';
import type { Client } from './world.js';

/** A correction as it is sent. */
export const CORRECT = `mutation($input: CorrectShipmentInput!) { correctShipment(input: $input) {
  ... on Shipment { __typename id status reference carrier trackingNumber expectedOn donor { id }
    lines { id item { code } announcedUnits acceptedUnits unitsPerPack earmark { strength countries }
      lots { id item { code } donor { id } earmark { countries } } }
    corrections { totalCount nodes { lineId field before after reasonCode reason actor { name role } at } } }
  ... on UnknownItemError { itemCode didYouMean } ${REFUSAL} } }`;
const STEP = (name: string) =>
  `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename ${REFUSAL} } }`;

/** A shipment with what was corrected of it. */
export interface Corrected extends ShipmentView {
  __typename: string;
  corrections: { totalCount: number; nodes: Record<string, unknown>[] };
}

/** Why it was written down wrongly, unless a test says otherwise. */
export const WHY = { reasonCode: 'DATA_ENTRY_ERROR', reason: 'The list was read one line too far.' };

/** Corrects a shipment. */
export async function correct(client: Client, input: object): Promise<Corrected> {
  return (await client.ask<{ correctShipment: Corrected }>(CORRECT, { input: { ...WHY, ...input } })).correctShipment;
}

/** Says that a line of a shipment is of another item. */
export function correctItem(client: Client, shipment: ShipmentView, itemCode: string, line = 0): Promise<Corrected> {
  const lines = [{ lineId: shipment.lines[line]!.id, itemCode }];
  return correct(client, { shipmentId: shipment.id, lines, reasonCode: 'WRONG_ITEM' });
}

/** Has something happen to a parcel or a plan. @returns the type of what was said */
export async function step(client: Client, name: string, input: object): Promise<string> {
  return (await client.ask<Record<string, { __typename: string }>>(STEP(name), { input }))[name]!.__typename;
}
