import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import type { Cause, Delta, Move } from './ledger.rules.js';

/** Why units move: the act, what it acted on, and the reason somebody gave. */
export interface Why {
  readonly cause: Cause;
  /** Absent where every move names its own. */
  readonly causeId?: string;
  readonly reason?: string | null;
}

function columns<T>(rows: readonly T[], ...fields: (keyof T)[]): unknown[][] {
  return fields.map((field) => rows.map((row) => row[field]));
}

@Injectable()
export class LedgerRepository {
  async defaultSite(tx: Tx): Promise<string> {
    const [site] = await tx.rows<{ id: string }>(`select id from site where is_default`);
    if (!site) throw new Error('there is no default site');
    return site.id;
  }

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

  async appendEntries(tx: Tx, why: Why, moves: readonly Move[]): Promise<void> {
    await tx.rows(
      `insert into stock_entry (id, lot_id, from_site_id, from_place, to_site_id, to_place, units, cause, cause_id, reason, actor_id, at)
       select e.id, e.lot_id, e.site_id, e.from_place, e.site_id, e.to_place, e.units, $8, e.cause_id, $9, $10, $11
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::integer[], $7::uuid[])
         as e (id, lot_id, site_id, from_place, to_place, units, cause_id)`,
      [
        moves.map(() => newId()),
        ...columns(moves, 'lotId', 'siteId', 'from', 'to', 'units'),
        moves.map((move) => move.causeId ?? why.causeId),
        why.cause,
        why.reason ?? null,
        tx.actor.id,
        tx.now,
      ],
    );
  }
}
