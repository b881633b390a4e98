import type { Client } from './world.js';

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
  const { commitAllocation } = await client.ask<{ commitAllocation: { status: string } }>(COMMIT, {
    input: { planId: plan.id },
  });
  if (commitAllocation.status !== 'COMMITTED') throw new Error(`not committed: ${JSON.stringify(commitAllocation)}`);
  const { deliveries } = await client.ask<{ deliveries: { nodes: DeliveryView[] } }>(DELIVERIES, { planId: plan.id });
  return { plan, deliveries: deliveries.nodes };
}
