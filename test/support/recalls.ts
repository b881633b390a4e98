import {
  aCommittedPlan,
  aDonor,
  type DeliveryView,
  DISPATCH,
  LOG_DONATION,
  REFUSAL,
  type ShipmentView,
} from './builders.js';
import type { Client } from './world.js';

export const RECALL = `id reason reference instructions startedAt endedAt endReason lots(first: 100) { totalCount nodes { id lotNumber condition } } stoppedUnits quarantinedUnits
  recipientsToReach takenOutOfDeliveries(first: 100) { totalCount nodes { id status } }
  notices(first: 100) { totalCount nodes { id units acknowledgedAt heldUnits note recipient { id } delivery { id status } lot { id } item { code } } }`;
export const RECALL_LOTS = `mutation($input: RecallLotsInput!) { recallLots(input: $input) { ... on Recall { ${RECALL} }
  ... on AlreadyRecalledError { recallId } ... on UnknownItemError { itemCode } ${REFUSAL} } }`;
export const SHOW = `query($id: ID!) { recall(id: $id) { ${RECALL} } }`;
export const END = `mutation($input: EndRecallInput!) { endRecall(input: $input) { ... on Recall { ${RECALL} } ... on RecallEndedError { recall { id endedAt } } ${REFUSAL} } }`;
export const ANSWER = `mutation($input: AcknowledgeRecallInput!) { acknowledgeRecall(input: $input) { ... on RecallNotice { id acknowledgedAt heldUnits note }
  ... on AlreadyAcknowledgedError { notice { id heldUnits } } ${REFUSAL} } }`;
export const TRACE = `query($id: ID!) { lotTrace(lotId: $id) { receivedUnits places { place units } recalls { id endedAt } lot { condition shipment { id } donor { id } recall { id } } } }`;
export const REASON = 'Straps tear.';

/** What tests need to see of a notice. */
export interface NoticeView {
  readonly id: string;
  readonly units: number;
  readonly heldUnits: number | null;
  readonly recipient: { id: string };
  readonly delivery: { id: string; status: string };
  readonly lot: { id: string };
}
/** What tests need to see of a recall. */
export interface RecallView {
  readonly __typename?: string;
  readonly id: string;
  readonly recallId?: string;
  readonly endedAt: string | null;
  readonly lots: { totalCount: number; nodes: { id: string; lotNumber: string | null; condition: string }[] };
  readonly stoppedUnits: number;
  readonly quarantinedUnits: number;
  readonly recipientsToReach: number;
  readonly takenOutOfDeliveries: { totalCount: number; nodes: { id: string; status: string }[] };
  readonly notices: { totalCount: number; nodes: NoticeView[] };
}

/** So many numbers, from 0. */
export const TIMES = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
let numbers = 0;
/** A maker's number that no other lot has. */
export const aNumber = (): string => `SN-${++numbers}`;

/** What a coordinator does about recalls. */
export function recallDesk(coordinator: Client) {
  /** A gift of one item under a maker's number. */
  async function aGift(units: number, lotNumber: string | null, input: object = {}, itemCode = 'MASK') {
    const donor = 'donorId' in input ? {} : { donorId: (await aDonor(coordinator)).id };
    const { logDonation } = await coordinator.ask<{ logDonation: ShipmentView }>(LOG_DONATION, {
      input: { ...donor, ...input, lines: [{ itemCode, units, ...(lotNumber !== null && { lotNumber }) }] },
    });
    return { lotId: logDonation.lines[0]!.lots[0]!.id, shipmentId: logDonation.id, donorId: logDonation.donor.id };
  }
  /** Parcels of equal parts of some lots. */
  async function parcels(lotIds: string[], people: string[]): Promise<DeliveryView[]> {
    const { deliveries } = await aCommittedPlan(coordinator, {
      stock: { lotIds },
      recipients: { recipientIds: people },
    });
    return people.map((id) => deliveries.find(({ recipient }) => recipient.id === id)!);
  }
  const recall = async (input: object): Promise<RecallView> =>
    (await coordinator.ask<{ recallLots: RecallView }>(RECALL_LOTS, { input: { reason: REASON, ...input } }))
      .recallLots;
  const show = async (id: string): Promise<RecallView> =>
    (await coordinator.ask<{ recall: RecallView }>(SHOW, { id })).recall;
  const end = async (recallId: string): Promise<RecallView> =>
    (await coordinator.ask<{ endRecall: RecallView }>(END, { input: { recallId, reason: 'Another maker.' } }))
      .endRecall;
  const send = (deliveryId: string) => coordinator.ask(DISPATCH, { input: { deliveryId } });
  const step = (name: string, deliveryId: string) =>
    coordinator.ask<Record<string, { status: string }>>(
      `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ... on Delivery { status } ${REFUSAL} } }`,
      { input: { deliveryId } },
    );
  async function places(lotId: string): Promise<Record<string, number>> {
    const { lotTrace } = await coordinator.ask<{ lotTrace: { places: { place: string; units: number }[] } }>(TRACE, {
      id: lotId,
    });
    return Object.fromEntries(lotTrace.places.map(({ place, units }) => [place, units]));
  }

  return { aGift, parcels, recall, show, end, send, step, places };
}
export type RecallDesk = ReturnType<typeof recallDesk>;
