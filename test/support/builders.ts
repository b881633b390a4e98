import { expect } from '@jest/globals';
import { connect } from './database.js';
import type { Answer, Client, World } from './world.js';

/** What tests need to see of a shipment. */
export interface ShipmentView {
  id: string;
  reference: string;
  status: string;
  receivedAt: string | null;
  donor: { id: string; name: string };
  lines: {
    id: string;
    item: { code: string };
    announcedUnits: number;
    acceptedUnits: number;
    rejectedUnits: number;
    lots: { id: string; lotNumber: string | null; expiresOn: string | null; availableUnits: number }[];
  }[];
}

export interface PlanView {
  id: string;
  status: string;
  awards: { nodes: { recipient: { id: string }; item: { code: string }; units: number }[]; totalCount: number };
}

export interface DeliveryView {
  id: string;
  status: string;
  recipient: { id: string };
  lines: { id: string; units: number; confirmedUnits: number | null; item: { code: string } }[];
}

export const SHIPMENT = `id reference status receivedAt donor { id name } lines { id item { code } announcedUnits acceptedUnits rejectedUnits
  lots { id lotNumber expiresOn availableUnits } }`;
export const REFUSAL = `... on UserError { __typename code message }`;
export const LOG_DONATION = `mutation($input: LogDonationInput!) { logDonation(input: $input) { ... on Shipment { ${SHIPMENT} }
  ... on UnknownItemError { itemCode didYouMean } ${REFUSAL} } }`;
export const ANNOUNCE = `mutation($input: AnnounceShipmentInput!) { announceShipment(input: $input) { ... on Shipment { ${SHIPMENT} } ${REFUSAL} } }`;
export const RECEIVE = `mutation($input: ReceiveShipmentInput!) { receiveShipment(input: $input) { ... on Shipment { ${SHIPMENT} }
  ... on ShipmentNotReceivableError { status } ... on DiscrepancyReasonRequiredError { lineIds } ${REFUSAL} } }`;
export const REGISTER_DONOR = `mutation($input: RegisterDonorInput!) { registerDonor(input: $input) { id name country anonymous email } }`;
export const REGISTER = `mutation($input: RegisterRecipientsInput!) { registerRecipients(input: $input) { recipients { id name } } }`;
export const FORM_GROUP = `mutation($input: FormGroupInput!) { formGroup(input: $input) { ... on Group { id name memberCount }
  ... on GroupNameTakenError { groupId } ${REFUSAL} } }`;
export const PREVIEW = `mutation($input: PreviewAllocationInput!) { previewAllocation(input: $input) { ... on Plan { id status seed seedHash
  awards(first: 100) { totalCount nodes { recipient { id } item { code } units sentence } } unallocated { units reason } } ${REFUSAL} } }`;
export const COMMIT = `mutation($input: CommitAllocationInput!) { commitAllocation(input: $input) { ... on Plan { id status seed committedAt }
  ... on StalePlanError { changed } ... on PlanNotCommittableError { status } ${REFUSAL} } }`;
export const CANCEL = `mutation($input: CancelAllocationInput!) { cancelAllocation(input: $input) { ... on Plan { id status }
  ... on PlanNotCancellableError { status recipientIds } ${REFUSAL} } }`;
export const DISPATCH = `mutation($input: DispatchDeliveryInput!) { dispatchDelivery(input: $input) { ... on Delivery { id status carrier dispatchedAt }
  ... on DeliveryTransitionError { status } ${REFUSAL} } }`;
export const CONFIRM = `mutation($input: ConfirmDeliveryInput!) { confirmDelivery(input: $input) { ... on Delivery { id status confirmedAt
  lines { id units confirmedUnits shortageReason item { code } } } ... on DeliveryTransitionError { status } ${REFUSAL} } }`;
export const DELIVERIES = `query($planId: ID) { deliveries(planId: $planId, first: 100) { totalCount nodes { id status recipient { id }
  lines { id units confirmedUnits item { code } } } } }`;
export const NEED = `id recipient { id } item { code } category units metUnits openUnits unitsPerDay onHandUnits horizonDays neededBy
  validUntil supplyState status statedAt closedAt closureReason`;
export const STATE_NEED = `mutation($input: StateNeedInput!) { stateNeed(input: $input) { ... on Need { ${NEED} }
  ... on UnknownItemError { itemCode didYouMean } ... on NothingNeededError { usedUnits heldUnits }
  ... on RecipientDeactivatedError { recipientId } ${REFUSAL} } }`;
export const WITHDRAW_NEED = `mutation($input: WithdrawNeedInput!) { withdrawNeed(input: $input) { ... on Need { ${NEED} }
  ... on NeedTransitionError { status } ${REFUSAL} } }`;
export const STOCK = `query($itemCodes: [String!]) { stock(itemCodes: $itemCodes) { item { code } onHandUnits availableUnits allocatedUnits
  quarantinedUnits inTransitUnits deliveredUnits } }`;

let made = 0;

/** A donor. */
export async function aDonor(client: Client, input: object = {}): Promise<{ id: string; name: string }> {
  const { registerDonor } = await client.ask<{ registerDonor: { id: string; name: string } }>(REGISTER_DONOR, {
    input: { name: `Donor ${++made}`, kind: 'COMPANY', country: 'CN', ...input },
  });
  return registerDonor;
}

/** A gift that is stock at once: so many units of each item. */
export async function aDonation(
  client: Client,
  units: Record<string, number>,
  input: object = {},
): Promise<ShipmentView> {
  const lines = Object.entries(units).map(([itemCode, n]) => ({ itemCode, units: n }));
  const donor = 'donorId' in input ? {} : { newDonor: { name: `Donor ${++made}`, kind: 'COMPANY' } };
  const { logDonation } = await client.ask<{ logDonation: ShipmentView }>(LOG_DONATION, {
    input: { lines, ...donor, ...input },
  });
  return logDonation;
}

/** A consignment that is to come. */
export async function anAnnouncement(
  client: Client,
  units: Record<string, number>,
  input: object = {},
): Promise<ShipmentView> {
  const donorId = (await aDonor(client)).id;
  const lines = Object.entries(units).map(([itemCode, n]) => ({ itemCode, units: n }));
  return (await client.ask<{ announceShipment: ShipmentView }>(ANNOUNCE, { input: { donorId, lines, ...input } }))
    .announceShipment;
}

/** So many clinicians. @returns their ids in the order of registration */
export async function clinicians(client: Client, count: number, groupIds: string[] = []): Promise<string[]> {
  const recipients = Array.from({ length: count }, () => ({
    name: `Clinician No. ${++made}`,
    facility: 'General Hospital',
    country: 'US',
  }));
  const { registerRecipients } = await client.ask<{ registerRecipients: { recipients: { id: string }[] } }>(REGISTER, {
    input: { recipients, groupIds },
  });
  return registerRecipients.recipients.map(({ id }) => id);
}

/** What tests need to see of a need. */
export interface NeedView {
  id: string;
  status: string;
  units: number;
  metUnits: number;
  openUnits: number;
}

/** A need of a recipient, of twenty masks for a month unless the input says otherwise. */
export async function aNeed(client: Client, recipientId: string, input: object = {}): Promise<NeedView> {
  const of = 'itemCode' in input || 'category' in input ? {} : { itemCode: 'MASK' };
  const many = 'units' in input || 'unitsPerDay' in input ? {} : { units: 20 };
  const days = { neededBy: dayFromNow(7), validUntil: dayFromNow(30) };
  const { stateNeed } = await client.ask<{ stateNeed: NeedView }>(STATE_NEED, {
    input: { recipientId, ...of, ...many, ...days, ...input },
  });
  return stateNeed;
}

/** A calendar day, UTC: so many days from today. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A group with these members. */
export async function aGroup(client: Client, memberIds: string[] = []): Promise<string> {
  return (
    await client.ask<{ formGroup: { id: string } }>(FORM_GROUP, { input: { name: `Group ${++made}`, memberIds } })
  ).formGroup.id;
}

/** A preview of a split: of everything, among everybody, in equal parts, unless the input says otherwise. */
export async function aPreview(client: Client, input: object = {}): Promise<PlanView> {
  return (await client.ask<{ previewAllocation: PlanView }>(PREVIEW, { input })).previewAllocation;
}

/** A plan that is committed, and its parcels. */
export async function aCommittedPlan(
  client: Client,
  input: object = {},
): Promise<{ plan: PlanView; deliveries: DeliveryView[] }> {
  const plan = await aPreview(client, input);
  const { commitAllocation } = await client.ask<{ commitAllocation: { status: string; committedAt?: string } }>(
    COMMIT,
    {
      input: { planId: plan.id },
    },
  );
  if (!commitAllocation.committedAt) throw new Error(`not committed: ${JSON.stringify(commitAllocation)}`);
  const { deliveries } = await client.ask<{ deliveries: { nodes: DeliveryView[] } }>(DELIVERIES, { planId: plan.id });
  return { plan, deliveries: deliveries.nodes };
}

/** Every message of an error that {@link thrice} has seen in this test file. */
export const messagesSeen: string[] = [];

/** Asks the same three times: at the second call the query is compiled, and the answer must stay the same. */
export async function thrice(client: Client, query: string, variables?: object): Promise<Answer> {
  const first = await client.answer(query, variables);
  for (let again = 0; again < 2; again++) expect(await client.answer(query, variables)).toEqual(first);
  messagesSeen.push(...(first.errors ?? []).map((error) => JSON.stringify(error)));
  return first;
}

/** Code and field of the first error of a request that is asked three times. */
export async function faultOf(client: Client, query: string, variables?: object): Promise<object> {
  const { errors } = await thrice(client, query, variables);
  const { code, field } = errors?.[0]?.extensions ?? {};
  return { code, ...(field !== undefined && { field }) };
}

const ENUM_FIELDS = new Set([
  'category',
  'supplyState',
  'strength',
  'kind',
  'rule',
  'claims',
  'tieBreak',
  'rounding',
  'status',
  'statuses',
  'by',
  'field',
  'admit',
]);

/** A value as it stands in a document. */
export function literal(value: unknown, key = ''): string {
  if (typeof value === 'string') return ENUM_FIELDS.has(key) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((inner) => literal(inner, key)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([k, inner]) => `${k}: ${literal(inner, k)}`)
    .join(', ')} }`;
}

/** The fault of a mutation's input, which is the same through variables and as a literal in the document. */
export async function faultOfInput(client: Client, mutation: string, input: object): Promise<object> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const typed = await faultOf(client, `mutation($input: ${type}!) { ${mutation}(input: $input) { __typename } }`, {
    input,
  });
  const written = await faultOf(client, `mutation { ${mutation}(input: ${literal(input)}) { __typename } }`);
  expect(written).toEqual(typed);
  return typed;
}

/** How many rows each table has: what was written, and what was not. */
export async function rowCounts(world: World): Promise<Record<string, number>> {
  const owner = await connect(world.databaseUrl);
  try {
    const { rows } = await owner.query<{ name: string; rows: number }>(
      `select c.relname as name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', c.relname), false, true, '')))[1]::text::int as rows
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
    );
    return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
  } finally {
    await owner.end();
  }
}

/** Changes the database behind the application's back. */
export async function asOwner(world: World, sql: string, parameters: unknown[] = []): Promise<unknown[]> {
  const owner = await connect(world.databaseUrl);
  try {
    return (await owner.query(sql, parameters)).rows as unknown[];
  } finally {
    await owner.end();
  }
}
