import { Injectable } from '@nestjs/common';
import { dayOf } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { RequestFault } from '../platform/rejection.js';
import { NeedService } from '../recipients/need.service.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { CatalogueService } from './catalogue.service.js';
import type { CellFault, Values } from './cell.rules.js';
import { ImportRepository } from './import.repository.js';
import type { ItemFinder } from './item-names.rules.js';
import { type KnownRecipient, type NeedRow, needOf, whoseNeed } from './need-row.rules.js';
import type { ImportCounts } from './report.rules.js';
import { hashOf, referenceKey } from './row-key.js';
import type { Outcome, Run } from './run.js';

/** What an import of needs goes by. */
export interface NeedImportOptions {
  readonly importId: string;
  readonly counts: ImportCounts;
  readonly createRecipients: boolean;
  /** Whether what is written will be undone: then nobody else has to wait for it. */
  readonly isTrial: () => boolean;
}

/** Writes down needs of recipients who are found by id, address, or the reference under which they were imported. */
@Injectable()
export class NeedImport {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly recipients: RecipientService,
    private readonly needs: NeedService,
    private readonly imported: ImportRepository,
  ) {}

  async begin(tx: Tx, options: NeedImportOptions): Promise<Run<NeedRow>> {
    const items: ItemFinder = await this.catalogue.finder();
    const claimants = new Set<string>();
    return {
      check: (values: Values): NeedRow | CellFault[] => needOf(values, items, dayOf(tx.now)),
      write: (rows) => this.write(tx, options, claimants, rows),
      end: () => (options.isTrial() ? Promise.resolve() : this.lock(tx, [...claimants])),
    };
  }

  private async write(
    tx: Tx,
    options: NeedImportOptions,
    claimants: Set<string>,
    rows: readonly NeedRow[],
  ): Promise<Outcome[]> {
    const whose = await this.claimantsOf(tx, options, rows);
    const good = rows.flatMap((row, i) => {
      const recipient = whose[i]!;
      return 'code' in recipient ? [] : [{ row, recipientId: recipient.id }];
    });
    const today = dayOf(tx.now);
    const ids = await this.needs.stateMany(
      tx,
      good.map(({ row, recipientId }) => ({
        recipientId,
        itemId: row.itemId,
        category: row.category,
        units: row.units,
        neededBy: row.neededBy,
        validUntil: row.validUntil,
        supplyState: row.supplyState,
        statedAt: row.statedOn === today ? tx.now : new Date(`${row.statedOn}T00:00:00Z`),
      })),
    );
    for (const { row, recipientId } of good) {
      claimants.add(recipientId);
      options.counts.importedUnits += row.units;
    }
    const made = ids.values();
    return whose.map((found) => ('code' in found ? { faults: [found] } : { recordId: made.next().value! }));
  }

  /** Whose each need is. Recipients who are only a reference are registered under it where the mapping says so. */
  private async claimantsOf(
    tx: Tx,
    options: NeedImportOptions,
    rows: readonly NeedRow[],
  ): Promise<(KnownRecipient | CellFault)[]> {
    const references = [...new Set(rows.flatMap((row) => row.recipientReference ?? []))];
    const keyOf = new Map(references.map((reference) => [reference, referenceKey(reference)]));
    const imported = await this.imported.known(tx, 'RECIPIENT', [...new Set(keyOf.values())]);
    const alone = rows.filter((row) => row.recipientId === null && row.email === null);
    const strangers = alone
      .flatMap((row) => row.recipientReference ?? [])
      .filter((name) => !imported.has(keyOf.get(name)!));
    const created = options.createRecipients ? await this.register(tx, options, strangers) : new Map<string, string>();
    const recipientOf = (reference: string): string | undefined =>
      created.get(keyOf.get(reference)!) ?? imported.get(keyOf.get(reference)!)?.recordId;
    const named = references.flatMap((reference) => recipientOf(reference) ?? []);
    const ids = [...new Set([...named, ...rows.flatMap((row) => row.recipientId ?? [])])];
    const emails = [...new Set(rows.flatMap((row) => row.email ?? []))];
    const standing = await this.recipients.among(tx, ids, emails);
    const byId = new Map(standing.map((person) => [person.id, person]));
    const byEmail = new Map(standing.filter(({ status }) => status !== 'DEACTIVATED').map((p) => [p.email, p]));
    return rows.map(({ recipientId, email, recipientReference }) =>
      whoseNeed({
        recipientId: recipientId === null ? undefined : (byId.get(recipientId) ?? null),
        email: email === null ? undefined : (byEmail.get(email) ?? null),
        recipientReference:
          recipientReference === null ? undefined : (byId.get(recipientOf(recipientReference) ?? '') ?? null),
      }),
    );
  }

  /** Registers people of whom nothing is known but a reference. @returns their ids by the references' keys */
  private async register(
    tx: Tx,
    { importId, counts }: NeedImportOptions,
    references: readonly string[],
  ): Promise<Map<string, string>> {
    const byKey = new Map(references.map((reference) => [referenceKey(reference), reference]));
    const ids = await this.recipients.createMany(
      tx,
      [...byKey.values()].map((reference) => ({ name: reference })),
    );
    counts.newRecipients += ids.length;
    const rows = [...byKey].map(([key, reference], i) => ({ key, content: hashOf(reference), recordId: ids[i]! }));
    await this.imported.insert(tx, 'RECIPIENT', importId, rows);
    return new Map(rows.map(({ key, recordId }) => [key, recordId]));
  }

  /**
   * Whoever splits among these people holds their rows while she reads their needs. Needs that nobody can see yet may be
   * written meanwhile; before they can be seen, their people are locked, all at once and in id order.
   */
  private async lock(tx: Tx, recipientIds: readonly string[]): Promise<void> {
    const locked = await this.recipients.lockStatuses(tx, recipientIds);
    if (locked.some(({ status }) => status === 'DEACTIVATED'))
      throw new RequestFault('CONFLICT', 'A recipient left while her needs were imported: import the file again.');
  }
}
