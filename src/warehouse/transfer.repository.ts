import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage } from '../platform/keyset.js';
import type { Transfer, TransferLine } from './transfer.entity.js';
import type { CountedTransferLine, LotUnitsSent, TransferStatus } from './transfer.rules.js';

/** Which transfers are listed; what is left out does not matter. */
export interface TransferFilter {
  readonly statuses?: readonly TransferStatus[] | null;
  /** From or to any of these. */
  readonly siteIds?: readonly string[] | null;
}

const COLUMNS = `t.id, t.from_site_id as "fromSiteId", t.to_site_id as "toSiteId", t.status, t.carrier, t.tracking_number as "trackingNumber",
  t.note, t.dispatched_at as "dispatchedAt", t.ended_at as "endedAt", t.reason`;

@Injectable()
export class TransferRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Transfer[]> {
    return reader.rows<Transfer>(`select ${COLUMNS} from transfer t where t.id = any($1)`, [ids]);
  }

  /** Locks the transfer's row until the transaction ends: of two who receive it, one comes first. */
  async lock(tx: Tx, id: string): Promise<Transfer | undefined> {
    const [transfer] = await tx.rows<Transfer>(`select ${COLUMNS} from transfer t where t.id = $1 for update`, [id]);
    return transfer;
  }

  /** Lines of transfers, by lot: the oldest lot first. */
  linesOf(reader: Reader, transferIds: readonly string[]): Promise<TransferLine[]> {
    return reader.rows<TransferLine>(
      `select transfer_id as "transferId", lot_id as "lotId", units, received_units as "receivedUnits", shortage_reason as "shortageReason"
       from transfer_line where transfer_id = any($1) order by transfer_id, lot_id`,
      [transferIds],
    );
  }

  /** The newest first. */
  page(reader: Reader, { statuses, siteIds }: TransferFilter, page: Page): Promise<Rows<Transfer>> {
    const { where, parameters } = new Conditions()
      .addIfGiven('t.status = any($)', statuses)
      .addIfGiven('(t.from_site_id = any($) or t.to_site_id = any($))', siteIds);
    return readPage<Transfer>(
      reader,
      { columns: COLUMNS, from: 'transfer t', of: 't', where, parameters, newestFirst: true },
      page,
    );
  }

  async insert(tx: Tx, transfer: Transfer, lines: readonly LotUnitsSent[]): Promise<void> {
    await tx.rows(
      `insert into transfer (id, from_site_id, to_site_id, status, carrier, tracking_number, note, dispatched_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        transfer.id,
        transfer.fromSiteId,
        transfer.toSiteId,
        transfer.status,
        transfer.carrier,
        transfer.trackingNumber,
        transfer.note,
        transfer.dispatchedAt,
      ],
    );
    await tx.rows(
      `insert into transfer_line (transfer_id, lot_id, units) select $1, l.lot_id, l.units from unnest($2::uuid[], $3::integer[]) as l (lot_id, units)`,
      [transfer.id, lines.map(({ lotId }) => lotId), lines.map(({ units }) => units)],
    );
  }

  /** Ends a transfer that is locked. */
  async end(tx: Tx, id: string, status: TransferStatus, reason: string | null): Promise<void> {
    await tx.rows(`update transfer set status = $2, ended_at = $3, reason = $4 where id = $1`, [
      id,
      status,
      tx.now,
      reason,
    ]);
  }

  async setCounts(tx: Tx, id: string, lines: readonly CountedTransferLine[]): Promise<void> {
    await tx.rows(
      `update transfer_line l set received_units = c.units, shortage_reason = c.reason
       from unnest($2::uuid[], $3::integer[], $4::text[]) as c (lot_id, units, reason) where l.transfer_id = $1 and l.lot_id = c.lot_id`,
      [
        id,
        lines.map(({ lotId }) => lotId),
        lines.map(({ receivedUnits }) => receivedUnits),
        lines.map(({ reason }) => reason),
      ],
    );
  }
}
