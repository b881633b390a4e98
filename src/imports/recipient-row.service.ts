import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { GroupService } from '../recipients/group.service.js';
import { RecipientService } from '../recipients/recipient.service.js';
import type { RecipientInput } from '../recipients/recipient.types.js';
import type { CellFault, Values } from './cell.rules.js';
import type { ImportCounts } from './report.rules.js';
import type { Outcome, Run } from './run.js';

interface RecipientRow {
  readonly person: RecipientInput;
  readonly groups: readonly string[];
}

/** Registers recipients, and has them join the groups that are named. */
@Injectable()
export class RecipientImport {
  constructor(
    private readonly recipients: RecipientService,
    private readonly groups: GroupService,
  ) {}

  begin(tx: Tx, counts: ImportCounts): Run<RecipientRow> {
    return {
      check: recipientOf,
      write: (rows) => this.write(tx, counts, rows),
      end: async () => {},
    };
  }

  private async write(tx: Tx, counts: ImportCounts, rows: readonly RecipientRow[]): Promise<Outcome[]> {
    const groupIds = await this.groups.idsOfNames(tx, [...new Set(rows.flatMap((row) => row.groups))]);
    const taken = await this.recipients.takenEmails(
      tx,
      rows.flatMap((row) => row.person.email ?? []),
    );
    const faults = rows.map((row) => faultsOf(row, groupIds, taken));
    const good = rows.filter((_, i) => faults[i]!.length === 0);
    const ids = await this.recipients.createMany(
      tx,
      good.map((row) => row.person),
    );
    await this.groups.join(
      tx,
      good.flatMap((row, i) => row.groups.map((name) => ({ groupId: groupIds.get(name)!, recipientId: ids[i]! }))),
    );
    counts.newRecipients += ids.length;
    const made = ids.values();
    return faults.map((wrong) => (wrong.length > 0 ? { faults: wrong } : { recordId: made.next().value! }));
  }
}

/** What a row says. All that can be wrong with it by itself is wrong with one of its cells. */
function recipientOf(values: Values): RecipientRow {
  const { groups, reference: _, ...person } = values;
  return { person: person as unknown as RecipientInput, groups: (groups as readonly string[] | undefined) ?? [] };
}

/** Two people may not share an address, in the register or in the file. The address itself stays out of the message. */
function faultsOf(row: RecipientRow, groupIds: ReadonlyMap<string, string>, taken: Set<string>): CellFault[] {
  const faults: CellFault[] = [];
  if (row.groups.some((name) => !groupIds.has(name)))
    faults.push({ field: 'groups', code: 'UNKNOWN_GROUP', message: 'There is no group of this name: form it first.' });
  const { email } = row.person;
  if (email != null && taken.has(email))
    faults.push({ field: 'email', code: 'EMAIL_TAKEN', message: 'Somebody is registered with this address already.' });
  if (email != null && faults.length === 0) taken.add(email);
  return faults;
}
