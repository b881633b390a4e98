import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { newId } from '../platform/ids.js';
import { Conditions, readPage, readPageOfEach } from '../platform/keyset.js';
import type { Recall } from './recall.entity.js';
import type { MeantLot, WatchedNumber } from './recall.rules.js';

const COLUMNS = `r.id, r.reason, r.reference, r.instructions, r.started_at as "startedAt", r.ended_at as "endedAt", r.end_reason as "endReason"`;

/** A maker's number as it is compared: trimmed, in capitals. */
const asCompared = (text: string): string => `upper(regexp_replace(${text}, '^\\s+|\\s+$', '', 'g'))`;

const LOT = `l.id, l.condition, l.item_id as "itemId", ${asCompared('l.lot_number')} as "lotNumber",
  (select o.id from recall_lot s join recall o on o.id = s.recall_id where s.lot_id = l.id and o.ended_at is null limit 1) as "recallId"`;

/** Whose part of a recall is shown; nothing: all of it. */
export interface Seen {
  readonly donorIds?: readonly string[];
  readonly recipientIds?: readonly string[];
}

/** What a recall came to. */
export interface RecallFigures {
  readonly recallId: string;
  readonly stoppedUnits: number;
  readonly quarantinedUnits: number;
  readonly recipientsToReach: number;
}

@Injectable()
export class RecallRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Recall[]> {
    return reader.rows<Recall>(`select ${COLUMNS} from recall r where r.id = any($1)`, [ids]);
  }

  /** Locks the recall's row until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Recall> {
    const [recall] = await tx.rows<Recall>(`select ${COLUMNS} from recall r where r.id = $1 for no key update`, [id]);
    return recall!;
  }

  /** The newest first; of a donor, those that stopped lots of hers. */
  page(reader: Reader, open: boolean | null, { donorIds }: Seen, page: Page): Promise<Rows<Recall>> {
    const conditions = new Conditions().addIfGiven(
      'exists (select 1 from recall_lot s join lot l on l.id = s.lot_id where s.recall_id = r.id and l.donor_id = any($))',
      donorIds,
    );
    if (open !== null) conditions.where.push(`r.ended_at is ${open ? '' : 'not '}null`);
    const { where, parameters } = conditions;
    return readPage<Recall>(
      reader,
      { columns: COLUMNS, from: 'recall r', of: 'r', where, parameters, newestFirst: true },
      page,
    );
  }

  /** A number as it is compared. */
  async compared(reader: Reader, lotNumber: string): Promise<string> {
    const [row] = await reader.rows<{ text: string }>(`select ${asCompared('$1::text')} as text`, [lotNumber]);
    return row!.text;
  }

  lotsById(reader: Reader, ids: readonly string[]): Promise<MeantLot[]> {
    return reader.rows<MeantLot>(`select ${LOT} from lot l where l.id = any($1) order by l.id`, [ids]);
  }

  lotsOfNumber(reader: Reader, { itemId, lotNumber }: WatchedNumber): Promise<MeantLot[]> {
    return reader.rows<MeantLot>(
      `select ${LOT} from lot l where l.item_id = $1 and ${asCompared('l.lot_number')} = $2 order by l.id`,
      [itemId, lotNumber],
    );
  }

  /**
   * Keeps numbers until the transaction ends, `ALONE` for whoever begins to watch them or stops to, `SHARED` for whoever
   * takes in goods under them: what arrives at the same moment as a recall is found by one of the two. Nothing of the
   * stock room is locked before.
   */
  async lockNumbers(tx: Tx, numbers: readonly WatchedNumber[], how: 'SHARED' | 'ALONE'): Promise<void> {
    await tx.rows(
      `select pg_advisory_xact_lock${how === 'ALONE' ? '' : '_shared'}(k) from (
         select distinct hashtextextended(item_id || ' ' || ${asCompared('lot_number')}, 0) as k
         from unnest($1::uuid[], $2::text[]) as n (item_id, lot_number) order by 1) as keys`,
      [numbers.map(({ itemId }) => itemId), numbers.map(({ lotNumber }) => lotNumber)],
    );
  }

  /** Which open recall watches each of these numbers, the oldest where there are more; those that none watches are left out. */
  watching(reader: Reader, numbers: readonly WatchedNumber[]): Promise<(WatchedNumber & Recall)[]> {
    return reader.rows(
      `select distinct on (n.item_id, n.lot_number) n.item_id as "itemId", n.lot_number as "lotNumber", ${COLUMNS}
       from unnest($1::uuid[], $2::text[]) as n (item_id, lot_number)
       join recall_number w on w.item_id = n.item_id and w.lot_number = ${asCompared('n.lot_number')}
       join recall r on r.id = w.recall_id and r.ended_at is null order by n.item_id, n.lot_number, r.id`,
      [numbers.map(({ itemId }) => itemId), numbers.map(({ lotNumber }) => lotNumber)],
    );
  }

  async insert(tx: Tx, recall: Recall, numbers: readonly WatchedNumber[]): Promise<void> {
    await tx.rows(`insert into recall (id, reason, reference, instructions, started_at) values ($1, $2, $3, $4, $5)`, [
      recall.id,
      recall.reason,
      recall.reference,
      recall.instructions,
      recall.startedAt,
    ]);
    await tx.rows(
      `insert into recall_number (recall_id, item_id, lot_number)
       select $1, item_id, lot_number from unnest($2::uuid[], $3::text[]) as n (item_id, lot_number)`,
      [recall.id, numbers.map(({ itemId }) => itemId), numbers.map(({ lotNumber }) => lotNumber)],
    );
  }

  /** Notes what of each lot was stopped. */
  async addLots(tx: Tx, recallId: string, lots: readonly { lotId: string; units: number }[]): Promise<void> {
    await tx.rows(
      `insert into recall_lot (recall_id, lot_id, stopped_units, stopped_at)
       select $1, lot_id, units, $4 from unnest($2::uuid[], $3::bigint[]) as l (lot_id, units)`,
      [recallId, lots.map(({ lotId }) => lotId), lots.map(({ units }) => units), tx.now],
    );
  }

  /** How many units of each of these lots a recall set aside before it stopped them. */
  async setAsideBefore(reader: Reader, recallId: string, lotIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await reader.rows<{ lotId: string; units: number }>(
      `select lot_id as "lotId", sum(units)::bigint as units from stock_entry
       where cause_id = $1 and cause = 'LOT_QUARANTINED' and lot_id = any($2) group by lot_id`,
      [recallId, lotIds],
    );
    return new Map(rows.map(({ lotId, units }) => [lotId, units]));
  }

  /** Notes which lines were taken out of parcels. */
  async addLines(tx: Tx, recallId: string, distributionIds: readonly string[]): Promise<void> {
    await tx.rows(
      `insert into recall_line (recall_id, distribution_id) select $1, id from unnest($2::uuid[]) as d (id)`,
      [recallId, distributionIds],
    );
  }

  /**
   * Writes a notice to everybody who has units of these lots, or to whom some are on their way. The lots are locked: nobody
   * gets any of them after this.
   */
  async writeNotices(tx: Tx, recallId: string, lotIds: readonly string[]): Promise<void> {
    const held = await tx.rows<{ deliveryId: string; recipientId: string; lotId: string; units: number }>(
      `select delivery_id as "deliveryId", recipient_id as "recipientId", lot_id as "lotId", sum(coalesce(confirmed_units, units))::bigint as units
       from distribution where lot_id = any($1) and status in ('DISPATCHED', 'DELIVERED', 'CONFIRMED')
       group by 1, 2, 3 having sum(coalesce(confirmed_units, units)) > 0 order by 1, 3`,
      [lotIds],
    );
    await tx.rows(
      `insert into recall_notice (id, recall_id, delivery_id, recipient_id, lot_id, units, written_at)
       select n.*, $7 from (select id, $1::uuid, delivery_id, recipient_id, lot_id, units
         from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[]) as n (id, delivery_id, recipient_id, lot_id, units)) as n`,
      [
        recallId,
        held.map(() => newId()),
        held.map(({ deliveryId }) => deliveryId),
        held.map(({ recipientId }) => recipientId),
        held.map(({ lotId }) => lotId),
        held.map(({ units }) => units),
        tx.now,
      ],
    );
  }

  async end(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.rows(`update recall set ended_at = $2, end_reason = $3 where id = $1`, [id, tx.now, reason]);
  }

  numbersOf(reader: Reader, recallId: string): Promise<WatchedNumber[]> {
    return reader.rows<WatchedNumber>(
      `select item_id as "itemId", lot_number as "lotNumber" from recall_number where recall_id = $1`,
      [recallId],
    );
  }

  /** All lots that a recall stopped, as ids. */
  async lotIdsOf(reader: Reader, recallId: string): Promise<string[]> {
    const rows = await reader.rows<{ lotId: string }>(
      `select lot_id as "lotId" from recall_lot where recall_id = $1 order by lot_id`,
      [recallId],
    );
    return rows.map(({ lotId }) => lotId);
  }

  /** The same page of the lots of each of these recalls, or of those of them that a donor gave or a recipient has a notice of. */
  pageOfLotsOfEach(
    reader: Reader,
    recallIds: readonly string[],
    { donorIds, recipientIds }: Seen,
    page: Page,
  ): Promise<Map<string, Rows<{ id: string }>>> {
    const { where, parameters } = new Conditions()
      .addIfGiven('l.donor_id = any($)', donorIds)
      .addIfGiven(
        'exists (select 1 from recall_notice n where n.recall_id = s.recall_id and n.lot_id = s.lot_id and n.recipient_id = any($))',
        recipientIds,
      );
    const from = 'recall_lot s join lot l on l.id = s.lot_id';
    const list = { columns: 'l.id', from, of: 'l', where, parameters };
    return readPageOfEach<{ id: string }>(reader, list, { column: 's.recall_id', ids: recallIds }, page);
  }

  /** Every recall that these lots are or were under, the newest first. */
  ofLots(reader: Reader, lotIds: readonly string[]): Promise<(Recall & { lotId: string })[]> {
    return reader.rows(
      `select s.lot_id as "lotId", ${COLUMNS} from recall_lot s join recall r on r.id = s.recall_id
       where s.lot_id = any($1) order by s.lot_id, r.id desc`,
      [lotIds],
    );
  }

  /** The parcels that a recall took lines out of, in id order, as ids. */
  takenOutOf(reader: Reader, recallId: string, page: Page): Promise<Rows<{ id: string }>> {
    const { where, parameters } = new Conditions().add(
      'd.id in (select t.delivery_id from recall_line x join distribution t on t.id = x.distribution_id where x.recall_id = $)',
      recallId,
    );
    return readPage(reader, { columns: 'd.id', from: 'delivery d', of: 'd', where, parameters }, page);
  }

  /** What recalls came to, over all their lots or those of one donor. What came in later of a lot was stopped at the door. */
  figures(reader: Reader, recallIds: readonly string[], { donorIds }: Seen): Promise<RecallFigures[]> {
    const hers = (lot: string): string =>
      donorIds === undefined ? '' : `and ${lot} in (select id from lot where donor_id = any($2))`;
    return reader.rows<RecallFigures>(
      `select r.id as "recallId", coalesce(stopped.units, 0)::bigint as "stoppedUnits", coalesce(held.units, 0)::bigint as "quarantinedUnits",
         coalesce(told.people, 0)::bigint as "recipientsToReach"
       from recall r
       left join lateral (select sum(s.stopped_units + coalesce((select sum(e.units) from stock_entry e where e.lot_id = s.lot_id
           and e.cause = 'SHIPMENT_RECEIVED' and e.to_place = 'QUARANTINED' and e.at > s.stopped_at and (r.ended_at is null or e.at < r.ended_at)), 0)) as units
         from recall_lot s where s.recall_id = r.id ${hers('s.lot_id')}) as stopped on true
       left join lateral (select sum(b.units) as units from recall_lot s join lot_balance b on b.lot_id = s.lot_id and b.place = 'QUARANTINED'
         where s.recall_id = r.id ${hers('s.lot_id')}) as held on true
       left join lateral (select count(distinct n.recipient_id) as people from recall_notice n join delivery d on d.id = n.delivery_id
         where n.recall_id = r.id and r.ended_at is null and n.acknowledged_at is null and d.status in ('DISPATCHED', 'DELIVERED', 'CONFIRMED') ${hers('n.lot_id')}) as told on true
       where r.id = any($1)`,
      donorIds === undefined ? [recallIds] : [recallIds, donorIds],
    );
  }
}
