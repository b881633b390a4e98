import { REFUSAL, type ShipmentView } from './builders.js';
import type { Client } from './world.js';

interface EventView {
  kind: string;
  happenedAt: string;
  at: string;
  place: string | null;
  note: string | null;
  reason: string | null;
  actor: { name: string | null; role: string } | null;
}
interface CountView {
  acceptedUnits: number;
  rejectedUnits: number;
  rejectReason: string | null;
  lotNumber: string | null;
  expiresOn: string | null;
  at: string;
  actor: { name: string | null; role: string } | null;
  lot: { id: string } | null;
}
/** A shipment with its log and its counts. */
export interface Whole extends ShipmentView {
  __typename?: string;
  code?: string;
  message?: string;
  lineIds?: string[];
  carrier: string | null;
  trackingNumber: string | null;
  discrepancyReason: string | null;
  events: EventView[];
  lines: (ShipmentView['lines'][number] & {
    discrepancyReason: string | null;
    counts: { totalCount: number; nodes: CountView[] };
    earmark: { strength: string; countries: string[] } | null;
  })[];
}

export const WHOLE = `__typename id status carrier trackingNumber receivedAt discrepancyReason
  events { kind happenedAt at place note reason actor { name role } }
  lines { id item { code } announcedUnits acceptedUnits rejectedUnits discrepancyReason earmark { strength countries }
    lots { id lotNumber expiresOn availableUnits }
    counts { totalCount nodes { acceptedUnits rejectedUnits rejectReason lotNumber expiresOn at actor { name role } lot { id } } } }`;
const ACTS = {
  recordShipmentEvent: 'RecordShipmentEventInput',
  cancelShipment: 'CancelShipmentInput',
  reportShipmentLost: 'ReportShipmentLostInput',
  reopenShipment: 'ReopenShipmentInput',
  receiveShipment: 'ReceiveShipmentInput',
} as const;
export type Act = keyof typeof ACTS;
const LATER = { recordShipmentEvent: '... on TooManyShipmentEventsError { mostEvents }' } as Partial<
  Record<Act, string>
>;
/** The mutation as it is sent. */
export const queryOf = (act: Act) =>
  `mutation($input: ${ACTS[act]}!) { ${act}(input: $input) { ... on Shipment { ${WHOLE} }
    ${act === 'recordShipmentEvent' || act === 'receiveShipment' ? '' : '... on ShipmentTransitionError { stands: status }'}
    ${act === 'receiveShipment' ? '... on DiscrepancyReasonRequiredError { lineIds } ... on UnknownItemError { itemCode }' : ''}
    ${LATER[act] ?? ''} ${REFUSAL} } }`;

/** Does it to a shipment, and gives what was said. */
export async function actOn(client: Client, name: Act, shipmentId: string, more: object = {}): Promise<Whole> {
  return (await client.ask<Record<Act, Whole>>(queryOf(name), { input: { shipmentId, ...more } }))[name];
}

/** A visit that counts so many units of each line, in their order. */
export function countOf(client: Client, shipment: ShipmentView, units: number[], more: object = {}): Promise<Whole> {
  const counts = units.map((acceptedUnits, i) => ({ lineId: shipment.lines[i]!.id, acceptedUnits }));
  return actOn(client, 'receiveShipment', shipment.id, { counts, ...more });
}

/** What a log says, in its order. */
export const kindsOf = ({ events }: Whole): string[] => events.map(({ kind }) => kind);
