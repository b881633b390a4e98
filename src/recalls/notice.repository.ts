import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage, readPageOfEach, type List } from '../platform/keyset.js';
import type { RecallNotice } from './recall.entity.js';

const COLUMNS = `n.id, n.recall_id as "recallId", n.delivery_id as "deliveryId", n.recipient_id as "recipientId", n.lot_id as "lotId", n.units,
  n.written_at as "writtenAt", n.acknowledged_at as "acknowledgedAt", n.held_units as "heldUnits", n.note`;

/** Which notices; what is left out does not restrict. */
export interface NoticeFilter {
  readonly recipientIds?: readonly string[] | null;
  readonly acknowledged?: boolean | null;
}

function listOf({ recipientIds, acknowledged }: NoticeFilter): List {
  const conditions = new Conditions().addIfGiven('n.recipient_id = any($)', recipientIds);
  if (acknowledged != null) conditions.where.push(`n.acknowledged_at is ${acknowledged ? 'not ' : ''}null`);
  const { where, parameters } = conditions;
  return { columns: COLUMNS, from: 'recall_notice n', of: 'n', where, parameters, newestFirst: true };
}

/** Whose lists of notices are read at once. */
export type NoticeParent = 'recall' | 'recipient';

@Injectable()
export class NoticeRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<RecallNotice[]> {
    return reader.rows<RecallNotice>(`select ${COLUMNS} from recall_notice n where n.id = any($1)`, [ids]);
  }

  /** Locks the notice's row until the transaction ends: it is answered once. */
  async lock(tx: Tx, id: string): Promise<RecallNotice | undefined> {
    return (await tx.rows<RecallNotice>(`select ${COLUMNS} from recall_notice n where n.id = $1 for update`, [id]))[0];
  }

  /** The newest first. */
  page(reader: Reader, filter: NoticeFilter, page: Page): Promise<Rows<RecallNotice>> {
    return readPage<RecallNotice>(reader, listOf(filter), page);
  }

  /** The same page of the notices of each of these recalls or recipients. */
  pageOfEach(
    reader: Reader,
    of: NoticeParent,
    ids: readonly string[],
    filter: NoticeFilter,
    page: Page,
  ): Promise<Map<string, Rows<RecallNotice>>> {
    return readPageOfEach<RecallNotice>(reader, listOf(filter), { column: `n.${of}_id`, ids }, page);
  }

  async acknowledge(tx: Tx, id: string, heldUnits: number, note: string | null): Promise<void> {
    await tx.rows(`update recall_notice set acknowledged_at = $2, held_units = $3, note = $4 where id = $1`, [
      id,
      tx.now,
      heldUnits,
      note,
    ]);
  }
}
