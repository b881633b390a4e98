import type { Move } from '../../src/stock/ledger.rules.js';
import { LedgerService } from '../../src/stock/ledger.service.js';
import { Database } from '../../src/platform/database.js';
import { newId } from '../../src/platform/ids.js';
import { aDonation } from './builders.js';
import type { Client, World } from './world.js';

/** What a correction of stock says: the lot as it is since, or a refusal with its facts. */
export interface Corrected {
  readonly __typename: string;
  readonly id?: string;
  readonly code?: string;
  readonly message?: string;
  readonly condition?: string;
  readonly onHandUnits?: number;
  readonly availableUnits?: number;
  readonly allocatedUnits?: number;
  readonly quarantinedUnits?: number;
  readonly receivedUnits?: number;
  readonly usedUnits?: number;
  readonly leastUnits?: number;
}

export const LOT = `id condition onHandUnits availableUnits allocatedUnits quarantinedUnits lotNumber expiresOn unitsPerPack
  isExpired expiresInDays earmark { strength countries groups { id } }`;
const ERROR = `... on UserError { code message }`;
const REFUSALS = {
  quarantineLot: `... on LotTransitionError { condition } ${ERROR}`,
  releaseLot: `... on LotTransitionError { condition } ${ERROR}`,
  recountStock: `... on CountBelowAllocatedError { countedUnits allocatedUnits leastUnits } ${ERROR}`,
  discardStock: `... on NotOnShelfError { availableUnits allocatedUnits } ${ERROR}`,
  returnToDonor: `... on NotOnShelfError { availableUnits allocatedUnits } ${ERROR}`,
  correctIntake: `... on IntakeInUseError { receivedUnits usedUnits leastUnits } ${ERROR}`,
} as const;
export type Correction = keyof typeof REFUSALS;

/** Corrects stock, because it was counted unless the input says otherwise. */
export async function correct(client: Client, name: Correction, input: object): Promise<Corrected> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const isCoded = name !== 'quarantineLot' && name !== 'releaseLot';
  const said = await client.ask<Record<Correction, Corrected>>(
    `mutation($input: ${type}!) { ${name}(input: $input) { __typename ... on Lot { ${LOT} } ${REFUSALS[name]} } }`,
    { input: { reason: 'counted twice', ...(isCoded && { reasonCode: 'RECOUNTED' }), ...input } },
  );
  return said[name];
}

/** A lot that came in today. @param line what else its donation says: `expiresOn`, `lotNumber` @returns its id */
export async function aLot(client: Client, units: number, line: object = {}, gift: object = {}): Promise<string> {
  const shipment = await aDonation(client, {}, { lines: [{ itemCode: 'MASK', units, ...line }], ...gift });
  return shipment.lines[0]!.lots[0]!.id;
}

/** Where the units of a lot are, over all sites, as the API says. */
export async function placesOf(client: Client, lotId: string): Promise<Record<string, number>> {
  const { lotTrace } = await client.ask<{ lotTrace: { places: { place: string; units: number }[] } }>(
    `query($lotId: ID!) { lotTrace(lotId: $lotId) { places { place units } } }`,
    { lotId },
  );
  const sums: Record<string, number> = {};
  for (const { place, units } of lotTrace.places) sums[place] = (sums[place] ?? 0) + units;
  return sums;
}

/** An entry of the ledger, as tests need to see it. */
export interface EntryView {
  readonly id: string;
  readonly lot: { readonly id: string };
  readonly fromPlace: string;
  readonly toPlace: string;
  readonly units: number;
  readonly cause: string;
  readonly causeId: string;
  readonly reasonCode: string | null;
}

export const STOCK_ENTRIES = `query($filter: StockEntryFilter, $first: Int, $after: String) { stockEntries(filter: $filter, first: $first, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { id lot { id } fromSiteId fromPlace fromUnitsBefore fromUnitsAfter toSiteId toPlace toUnitsBefore toUnitsAfter
  units cause causeId causeKind reason reasonCode recordedAt actor { tokenId role name } } } }`;

/** Up to a hundred entries, the newest first. */
export async function entriesOf(client: Client, filter: object): Promise<EntryView[]> {
  return (await client.ask<{ stockEntries: { nodes: EntryView[] } }>(STOCK_ENTRIES, { filter, first: 100 }))
    .stockEntries.nodes;
}

/** The way units took, in short: `LOST > AVAILABLE 3`. */
export function waysOf(entries: readonly EntryView[]): string[] {
  return entries.map(({ fromPlace, toPlace, units }) => `${fromPlace} > ${toPlace} ${units}`);
}

const PROGRAM = { actor: { id: null, role: 'COMMAND_LINE', requestId: 'test' }, action: 'test' };

/** Moves units as the rooms do that have an API of their own for it. */
export async function move(world: World, moves: readonly Move[]): Promise<void> {
  const why = { cause: 'TRANSFER_RECEIVED' as const, causeId: newId() };
  await world.app.get(Database).write(PROGRAM, async (tx) => {
    await world.app.get(LedgerService).move(tx, why, moves);
    return {};
  });
}

/** Calls lots back. @returns how many units were stopped */
export async function callBack(client: Client, lotIds: readonly string[]): Promise<number> {
  const { recallLots } = await client.ask<{ recallLots: { stoppedUnits: number } }>(
    `mutation($input: RecallLotsInput!) { recallLots(input: $input) { ... on Recall { stoppedUnits } } }`,
    { input: { lotIds, reason: 'the maker says so' } },
  );
  return recallLots.stoppedUnits;
}
