import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import type { Cause, Delta, DiscrepancyReason, DoneMove } from './ledger.rules.js';

/** Why units move: the act, what it acted on, and the reason somebody gave. */
export interface Why {
  readonly cause: Cause;
  /** Absent where every move names its own. */
  readonly causeId?: string;
  readonly reason?: string | null;
  /** The same as a code, where units were wrong and not only moved. */
  readonly reasonCode?: DiscrepancyReason | null;
}

function columns<T>(rows: readonly T[], ...fields: (keyof T)[]): unknown[][] {
  return fields.map((field) => rows.map((row) => row[field]));
}

@Injectable()
export class LedgerRepository {
  /**
   * Locks the balances that will change, in the one order all writers use, making those that are missing. Whatever is
   * AVAILABLE comes first: a commit has locked that, of every lot it may take from, before it knows what it moves.
   * @returns what each held, in the order of the deltas
   */
  async lockBalances(tx: Tx, deltas: readonly Delta[]): Promise<number[]> {
    const keys = columns(deltas, 'lotId', 'siteId', 'place');
    await tx.rows(
      `insert into lot_balance (lot_id, site_id, place, units)
       select lot_id, site_id, place, 0 from unnest($1::uuid[], $2::uuid[], $3::text[]) as d (lot_id, site_id, place)
       order by lot_id, site_id, place on conflict do nothing`,
      keys,
    );
    const held = await tx.rows<{ lotId: string; siteId: string; place: string; units: number }>(
      `select b.lot_id as "lotId", b.site_id as "siteId", b.place, b.units from lot_balance b
       join unnest($1::uuid[], $2::uuid[], $3::text[]) as d (lot_id, site_id, place) using (lot_id, site_id, place)
       order by b.place <> 'AVAILABLE', b.lot_id, b.site_id, b.place for update of b`,
      keys,
    );
    const unitsOf = new Map(held.map((b) => [`${b.lotId} ${b.siteId} ${b.place}`, b.units]));
    return deltas.map((d) => unitsOf.get(`${d.lotId} ${d.siteId} ${d.place}`) ?? 0);
  }

  /** Adds to balances that are locked. The table's CHECK is the last guard against units that do not exist. */
  async addToBalances(tx: Tx, deltas: readonly Delta[]): Promise<void> {
    await tx.rows(
      `update lot_balance b set units = b.units + d.units
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[]) as d (lot_id, site_id, place, units)
       where b.lot_id = d.lot_id and b.site_id = d.site_id and b.place = d.place`,
      columns(deltas, 'lotId', 'siteId', 'place', 'units'),
    );
  }

  /** Writes the balances of lots that have none yet. */
  async insertBalances(tx: Tx, deltas: readonly Delta[]): Promise<void> {
    await tx.rows(
      `insert into lot_balance (lot_id, site_id, place, units)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[])`,
      columns(deltas, 'lotId', 'siteId', 'place', 'units'),
    );
  }

  async appendEntries(tx: Tx, why: Why, moves: readonly DoneMove[]): Promise<void> {
    await tx.rows(
      `insert into stock_entry (id, lot_id, from_site_id, from_place, from_units_after, to_site_id, to_place, to_units_after, units,
         cause_id, reason_code, cause, reason, actor_id, at)
       select e.*, $12, $13, $14, $15
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::uuid[], $7::text[], $8::integer[], $9::integer[],
         $10::uuid[], $11::text[]) as e`,
      [
        moves.map(() => newId()),
        ...columns(moves, 'lotId', 'siteId', 'from', 'fromUnitsAfter', 'toSiteId', 'to', 'toUnitsAfter', 'units'),
        moves.map((move) => move.causeId ?? why.causeId),
        moves.map((move) => move.reasonCode ?? why.reasonCode ?? null),
        why.cause,
        why.reason ?? null,
        tx.actor.id,
        tx.now,
      ],
    );
  }
}
