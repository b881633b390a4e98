import type { Client } from './world.js';

/** What tests need to see of an import. */
export interface ImportView {
  __typename: string;
  code?: string;
  message?: string;
  row?: number | null;
  columns?: string[];
  mostRows?: number;
  dryRun?: boolean;
  importId?: string;
  rows: number;
  importedRows: number;
  knownRows: number;
  leftOutRows: number;
  totalBadRows: number;
  importedUnits: number;
  newDonors: number;
  newShipments: number;
  newRecipients: number;
  ignoredColumns: string[];
  badRows: { row: number; column: string | null; field: string | null; code: string; message: string }[];
}

const BAD = 'badRows { row column field code message }';

/** The mutation that imports files of a kind: `Donations`, `Recipients`, `Needs`. */
export function importing(kind: string): string {
  return `mutation($input: Import${kind}Input!) { import${kind}(input: $input) { __typename
    ... on ImportReport { importId dryRun rows importedRows knownRows leftOutRows totalBadRows importedUnits newDonors newShipments
      newRecipients ignoredColumns ${BAD} }
    ... on ImportRefusedError { rows totalBadRows ${BAD} } ... on ImportFileError { row columns } ... on TooManyRowsError { mostRows }
    ... on UserError { code message } } }`;
}

/** Imports a table, given as its lines. */
export async function importFile(
  client: Client,
  kind: 'Donations' | 'Recipients' | 'Needs',
  lines: readonly string[] | string,
  input: object = {},
): Promise<ImportView> {
  const csv = typeof lines === 'string' ? lines : `${lines.join('\n')}\n`;
  const done = await client.ask<Record<string, ImportView>>(importing(kind), { input: { csv, ...input } });
  return done[`import${kind}`]!;
}

/** Row, field and code of each fault. */
export function faultsOf({ badRows }: ImportView): string[] {
  return badRows.map(({ row, field, code }) => [row, field, code].filter((part) => part !== null).join(' '));
}
