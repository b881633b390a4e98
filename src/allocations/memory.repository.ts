import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { RoundingDeficit } from './memory.entity.js';

/** Units of an item that a recipient has of plans. */
export interface ReceivedUnits {
  readonly recipientId: string;
  readonly itemId: string;
  readonly units: number;
}

/** What an award came to before rounding, and after. */
export interface RoundedAward extends ReceivedUnits {
  readonly exactShare: string;
}

/** What of an award in a parcel, of a lot at a site, did not reach its recipient. */
export interface MissingUnits {
  readonly recipientId: string;
  readonly itemId: string;
  readonly lotId: string;
  readonly siteId: string;
  readonly units: number;
}

/** A line of a parcel whose lot is of another item than was known. */
export interface CorrectedLine extends Omit<MissingUnits, 'units'> {
  readonly planId: string;
  readonly itemIdBefore: string;
  /** What of it stands if it is what was awarded: all of it, unless it came back, was lost, or was counted short. */
  readonly standingUnits: number;
}

/** An award of which more, or less, stands than before. */
export interface RecountedAward extends ReceivedUnits {
  readonly planId: string;
  readonly moreUnits: number;
  readonly isCancelled: boolean;
}

/** What earlier plans gave, and what of it counts. */
@Injectable()
export class MemoryRepository {
  /** What committed plans gave these recipients since an instant, less what was taken back, came back or was lost. */
  received(tx: Tx, recipientIds: readonly string[], since: Date | null): Promise<ReceivedUnits[]> {
    const from = since === null ? 'p.committed_at is not null' : 'p.committed_at >= $2';
    return tx.rows<ReceivedUnits>(
      `select a.recipient_id as "recipientId", a.item_id as "itemId", sum(a.units - a.returned_units)::bigint as units
       from award a join plan p on p.id = a.plan_id
       where a.recipient_id = any($1) and a.cancelled_at is null and a.units > a.returned_units and ${from}
       group by 1, 2 order by 1, 2`,
      since === null ? [recipientIds] : [recipientIds, since],
    );
  }

  deficits(reader: Reader, recipientIds: readonly string[]): Promise<RoundingDeficit[]> {
    return reader.rows<RoundingDeficit>(
      `select recipient_id as "recipientId", item_id as "itemId", deficit from rounding_deficit
       where recipient_id = any($1) order by 1, 2`,
      [recipientIds],
    );
  }

  /** The deficits of these awards, none where there was none. Locks them until the transaction ends, in id order. */
  async lockDeficits(tx: Tx, awards: readonly RoundedAward[]): Promise<RoundingDeficit[]> {
    const keys = [awards.map(({ recipientId }) => recipientId), awards.map(({ itemId }) => itemId)];
    await tx.rows(
      `insert into rounding_deficit (recipient_id, item_id, deficit)
       select r, i, '0' from unnest($1::uuid[], $2::uuid[]) as a (r, i) order by r, i on conflict do nothing`,
      keys,
    );
    return tx.rows<RoundingDeficit>(
      `select d.recipient_id as "recipientId", d.item_id as "itemId", d.deficit from rounding_deficit d
       join unnest($1::uuid[], $2::uuid[]) as a (recipient_id, item_id) using (recipient_id, item_id)
       order by d.recipient_id, d.item_id for update of d`,
      keys,
    );
  }

  /** Writes deficits that are locked. */
  async setDeficits(tx: Tx, deficits: readonly RoundingDeficit[]): Promise<void> {
    await tx.rows(
      `update rounding_deficit d set deficit = n.deficit
       from jsonb_to_recordset($1::jsonb) as n ("recipientId" uuid, "itemId" uuid, deficit text)
       where d.recipient_id = n."recipientId" and d.item_id = n."itemId"`,
      [JSON.stringify(deficits)],
    );
  }

  /** The awards of a plan that were not taken back, also those without units; of these recipients, or of all. */
  awards(tx: Tx, planId: string, recipientIds: readonly string[] | null): Promise<RoundedAward[]> {
    return tx.rows<RoundedAward>(
      `select recipient_id as "recipientId", item_id as "itemId", units, why->>'exactShare' as "exactShare" from award
       where plan_id = $1 and cancelled_at is null ${recipientIds === null ? '' : 'and recipient_id = any($2)'}
       order by recipient_id, item_id`,
      recipientIds === null ? [planId] : [planId, recipientIds],
    );
  }

  /** Locks what rounding owes those of whom these plans speak, in the order of {@link lockDeficits}. */
  async lockDeficitsOfPlans(tx: Tx, planIds: readonly string[]): Promise<void> {
    await tx.rows(
      `select 1 from rounding_deficit d where d.recipient_id in (select recipient_id from award where plan_id = any($1))
       order by d.recipient_id, d.item_id for update`,
      [planIds],
    );
  }

  /**
   * Notes that units of a plan's awards did not reach their recipients. Which award a line is of is said by its lot, standing
   * where it stood: what turned out to be another item than was awarded was counted as not received when that was found, and
   * is not counted twice.
   * @returns what of each of those awards still stands
   */
  async addReturned(
    tx: Tx,
    planId: string,
    lines: readonly { recipientId: string; itemId: string; lotId: string; siteId: string; units: number }[],
  ): Promise<ReceivedUnits[]> {
    return tx.rows<ReceivedUnits>(
      `update award a set returned_units = a.returned_units + gone.units
       from (select w.recipient_id, w.item_id, sum(l.units) as units
         from jsonb_to_recordset($2::jsonb) as l ("recipientId" uuid, "itemId" uuid, "lotId" uuid, "siteId" uuid, units integer)
         join award_lot w on w.plan_id = $1 and w.recipient_id = l."recipientId" and w.item_id = l."itemId" and w.lot_id = l."lotId" and w.site_id = l."siteId"
         group by 1, 2 having sum(l.units) > 0) as gone
       where a.plan_id = $1 and a.recipient_id = gone.recipient_id and a.item_id = gone.item_id
       returning a.recipient_id as "recipientId", a.item_id as "itemId", a.units - a.returned_units as units`,
      [
        planId,
        JSON.stringify(
          lines.map(({ recipientId, itemId, lotId, siteId, units }) => ({ recipientId, itemId, lotId, siteId, units })),
        ),
      ],
    );
  }

  /**
   * Notes that lines turned out to be of another item than was known: of an award of what they are no more, their units
   * were never received; of an award of what they are after all, they were.
   * @returns the awards that this changes, with what of each stands now and by how much that is more or less
   */
  async recountReturned(tx: Tx, lines: readonly CorrectedLine[]): Promise<RecountedAward[]> {
    return tx.rows<RecountedAward>(
      `update award a set returned_units = a.returned_units - c.units
       from (select w.plan_id, w.recipient_id, w.item_id,
           sum(case w.item_id when l."itemId" then l."standingUnits" when l."itemIdBefore" then -l."standingUnits" else 0 end) as units
         from jsonb_to_recordset($1::jsonb) as l ("planId" uuid, "recipientId" uuid, "lotId" uuid, "siteId" uuid, "itemIdBefore" uuid,
           "itemId" uuid, "standingUnits" integer)
         join award_lot w on w.plan_id = l."planId" and w.recipient_id = l."recipientId" and w.lot_id = l."lotId" and w.site_id = l."siteId"
         group by 1, 2, 3) as c
       where c.units <> 0 and a.plan_id = c.plan_id and a.recipient_id = c.recipient_id and a.item_id = c.item_id
       returning a.plan_id as "planId", a.recipient_id as "recipientId", a.item_id as "itemId", a.units - a.returned_units as units,
         c.units as "moreUnits", a.cancelled_at is not null as "isCancelled"`,
      [JSON.stringify(lines)],
    );
  }
}
