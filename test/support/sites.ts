import { REFUSAL } from './builders.js';
import type { Client } from './world.js';

/** The site that is there from the start. */
export const MAIN_SITE = '01900000-0000-7000-8000-000000000101';

const SITE = `__typename ... on Site { id name address country note isDefault openedAt closedAt closedBecause }`;
const TRANSFER = `__typename ... on Transfer { id status carrier trackingNumber note dispatchedAt endedAt reason
  fromSite { id } toSite { id } lines { lot { id } units receivedUnits shortageReason } }
  ... on TransferTransitionError { status }`;

const ACTS = {
  registerSite: ['RegisterSiteInput', `${SITE} ... on SiteNameTakenError { siteId }`],
  reviseSite: [
    'ReviseSiteInput',
    `${SITE} ... on SiteNameTakenError { siteId } ... on SiteClosedError { siteId closedSince }`,
  ],
  closeSite: [
    'CloseSiteInput',
    `${SITE} ... on SiteInUseError { siteId availableUnits quarantinedUnits parcelUnits transfers } ... on SiteIsDefaultError { siteId }
    ... on SiteClosedError { siteId closedSince }`,
  ],
  makeSiteDefault: ['MakeSiteDefaultInput', `${SITE} ... on SiteClosedError { siteId closedSince }`],
  dispatchTransfer: [
    'DispatchTransferInput',
    `${TRANSFER.replace(/\s+\.\.\. on TransferTransitionError.*$/s, '')} ... on NotEnoughStockError { lots { lotId askedUnits availableUnits } }`,
  ],
  receiveTransfer: ['ReceiveTransferInput', `${TRANSFER} ... on ShortageReasonRequiredError { lotIds }`],
  cancelTransfer: ['CancelTransferInput', TRANSFER],
  reportTransferLost: ['ReportTransferLostInput', TRANSFER],
} as const;
export type SiteAct = keyof typeof ACTS;

/** What such a mutation says: the thing, or a refusal, with the facts of either. */
export interface SiteSaid {
  readonly __typename: string;
  readonly id: string;
  readonly status?: string;
  readonly code?: string;
  readonly message?: string;
  readonly isDefault?: boolean;
  readonly closedAt?: string | null;
  readonly lots?: { lotId: string; askedUnits: number; availableUnits: number }[];
}

/** The mutation as it is sent. */
export function siteMutation(act: SiteAct): string {
  const [input, fields] = ACTS[act];
  return `mutation($input: ${input}!) { ${act}(input: $input) { ${fields} ${REFUSAL} } }`;
}

/** Does it, and gives what was said. */
export async function doAtSite(client: Client, act: SiteAct, input: object): Promise<SiteSaid> {
  return (await client.ask<Record<SiteAct, SiteSaid>>(siteMutation(act), { input }))[act];
}

let made = 0;

/** A site that was opened just now. @returns its id */
export async function aSite(client: Client, input: object = {}): Promise<string> {
  const site = await doAtSite(client, 'registerSite', { name: `Site ${++made}`, ...input });
  if (site.__typename !== 'Site') throw new Error(`no site: ${JSON.stringify(site)}`);
  return site.id;
}

/** Goods that are on their way now. @returns the transfer's id */
export async function aTransfer(
  client: Client,
  [fromSiteId, toSiteId]: [string, string],
  units: Record<string, number>,
): Promise<string> {
  const lines = Object.entries(units).map(([lotId, n]) => ({ lotId, units: n }));
  const transfer = await doAtSite(client, 'dispatchTransfer', { fromSiteId, toSiteId, lines });
  if (transfer.__typename !== 'Transfer') throw new Error(`not dispatched: ${JSON.stringify(transfer)}`);
  return transfer.id;
}

/** Goods that were sent and arrived. */
export async function aMove(client: Client, way: [string, string], units: Record<string, number>): Promise<void> {
  const received = await doAtSite(client, 'receiveTransfer', { transferId: await aTransfer(client, way, units) });
  if (received.status !== 'RECEIVED') throw new Error(`not received: ${JSON.stringify(received)}`);
}

/** Where the units of a lot are: `AVAILABLE at SITE_ID` -> units. */
export async function placesOf(client: Client, lotId: string): Promise<Record<string, number>> {
  const { lot } = await client.ask<{ lot: { places: { place: string; units: number; site: { id: string } }[] } }>(
    `query($id: ID!) { lot(id: $id) { places { place units site { id } } } }`,
    { id: lotId },
  );
  return Object.fromEntries(lot.places.map(({ place, units, site }) => [`${place} at ${site.id}`, units]));
}
