import { SHIPMENT } from '../support/builders.js';
import type { Client } from '../support/world.js';

/** What a mutation says: the thing it changed, or a refusal, with the facts of either. */
export interface Said {
  readonly __typename: string;
  readonly id?: string;
  readonly status?: string;
  readonly code?: string;
  readonly changed?: string[];
  readonly recipientIds?: string[];
  readonly lineIds?: string[];
  /** Lines of a parcel that keep it from leaving. */
  readonly stopped?: { lineId: string; lot: { id: string }; condition: string }[];
}

/** A preview: what everybody would get. */
export interface Preview extends Said {
  readonly id: string;
  readonly awards: { nodes: { recipient: { id: string }; item: { code: string }; units: number }[] };
}

/** A parcel, with the lot each line comes from. */
export interface Parcel {
  readonly id: string;
  readonly status: string;
  readonly recipient: { id: string };
  readonly lines: {
    id: string;
    status: string;
    units: number;
    item: { code: string };
    lot: { id: string };
    site: { id: string };
  }[];
}

const DELIVERY = `... on Delivery { id status lines { id units confirmedUnits } } ... on DeliveryTransitionError { status }`;
const GIFT = `... on Shipment { ${SHIPMENT} }`;

const ACTS = {
  logDonation: ['LogDonationInput', GIFT],
  announceShipment: ['AnnounceShipmentInput', GIFT],
  receiveShipment: ['ReceiveShipmentInput', `${GIFT} ... on ShipmentNotReceivableError { status }`],
  previewAllocation: [
    'PreviewAllocationInput',
    `... on Plan { id status awards(first: 100) { nodes { recipient { id } item { code } units } } }`,
  ],
  commitAllocation: [
    'CommitAllocationInput',
    `... on Plan { id status committedAt } ... on StalePlanError { changed } ... on PlanNotCommittableError { status }`,
  ],
  cancelAllocation: [
    'CancelAllocationInput',
    `... on Plan { id status } ... on PlanNotCancellableError { status recipientIds }`,
  ],
  dispatchDelivery: [
    'DispatchDeliveryInput',
    `${DELIVERY} ... on LotNotUsableError { stopped: lots { lineId lot { id } condition } }`,
  ],
  takeOutOfDelivery: ['TakeOutOfDeliveryInput', `${DELIVERY} ... on LinesTakenOutError { lineIds }`],
  markDelivered: ['MarkDeliveredInput', DELIVERY],
  returnDelivery: ['ReturnDeliveryInput', DELIVERY],
  reportDeliveryLost: ['ReportDeliveryLostInput', DELIVERY],
  confirmDelivery: ['ConfirmDeliveryInput', DELIVERY],
} as const;
export type Act = keyof typeof ACTS;

/** The mutation as it is sent. */
export function mutationOf(act: Act): string {
  const [input, fields] = ACTS[act];
  return `mutation($input: ${input}!) { ${act}(input: $input) { __typename ${fields} ... on UserError { code } } }`;
}

/** Does it, and gives what was said. An entry in `errors` is an error of the test: a refusal is data. */
export async function act<T extends Said = Said>(client: Client, name: Act, input: object): Promise<T> {
  return (await client.ask<Record<Act, T>>(mutationOf(name), { input }))[name];
}

/** A preview that must come about. */
export async function preview(client: Client, input: object): Promise<Preview> {
  const plan = await act<Preview>(client, 'previewAllocation', input);
  if (plan.__typename !== 'Plan') throw new Error(`no preview: ${JSON.stringify(plan)}`);
  return plan;
}

/** The parcels of a plan. */
export async function parcelsOf(client: Client, planId: string): Promise<Parcel[]> {
  const { deliveries } = await client.ask<{ deliveries: { nodes: Parcel[] } }>(
    `query($planId: ID) { deliveries(planId: $planId, first: 100) { nodes { id status recipient { id }
      lines { id status units item { code } lot { id } site { id } } } } }`,
    { planId },
  );
  return deliveries.nodes;
}

/** A plan that is committed, and its parcels. */
export async function commit(client: Client, input: object): Promise<{ planId: string; parcels: Parcel[] }> {
  const { id } = await preview(client, input);
  const done = await act(client, 'commitAllocation', { planId: id });
  if (done.__typename !== 'Plan') throw new Error(`not committed: ${JSON.stringify(done)}`);
  return { planId: id, parcels: await parcelsOf(client, id) };
}

/** How often each thing was said: `StalePlanError`, `Plan COMMITTED`. */
export function tally(said: readonly Said[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { __typename, status } of said) {
    const word = status === undefined ? __typename : `${__typename} ${status}`;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}
