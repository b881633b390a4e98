import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPage } from '../platform/keyset.js';
import type { SiteUse } from './site.rules.js';
import type { Site } from './stock.entity.js';

/** A site as it is shown. */
export type SiteRow = Omit<Site, 'nameKey'>;

const COLUMNS = `s.id, s.name, s.address, s.country, s.note, s.is_default as "isDefault", s.opened_at as "openedAt",
  s.closed_at as "closedAt", s.closed_because as "closedBecause"`;

@Injectable()
export class SiteRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<SiteRow[]> {
    return reader.rows<SiteRow>(`select ${COLUMNS} from site s where s.id = any($1)`, [ids]);
  }

  /**
   * Locks sites in id order until the transaction ends: `SHARED` keeps them open while goods are brought there, `ALONE`
   * is for whoever changes one. Whoever holds one `ALONE` locks nothing but sites afterwards.
   */
  lock(tx: Tx, ids: readonly string[], how: 'SHARED' | 'ALONE'): Promise<SiteRow[]> {
    const strength = how === 'ALONE' ? 'no key update' : 'share';
    return tx.rows<SiteRow>(`select ${COLUMNS} from site s where s.id = any($1) order by s.id for ${strength}`, [ids]);
  }

  /** The id of the default site. */
  async defaultId(reader: Reader): Promise<string> {
    const [site] = await reader.rows<{ id: string }>(`select id from site where is_default`);
    if (!site) throw new Error('there is no default site');
    return site.id;
  }

  /** The open site of this name. */
  async idByName(tx: Tx, nameKey: string): Promise<string | undefined> {
    const sql = `select id from site where name_key = $1 and closed_at is null`;
    const [site] = await tx.rows<{ id: string }>(sql, [nameKey]);
    return site?.id;
  }

  /** In the order in which they were registered; the open ones, the closed ones, or all. */
  page(reader: Reader, isOpen: boolean | null, page: Page): Promise<Rows<SiteRow>> {
    const where = isOpen === null ? [] : [`s.closed_at is ${isOpen ? 'null' : 'not null'}`];
    return readPage<SiteRow>(reader, { columns: COLUMNS, from: 'site s', of: 's', where, parameters: [] }, page);
  }

  /**
   * What stands at a site or is on its way: one statement, so that what moves meanwhile is seen before or after. Units
   * in transit are those of parcels and of transfers.
   */
  async use(tx: Tx, siteId: string): Promise<SiteUse> {
    const [use] = await tx.rows<SiteUse>(
      `select b.available as "availableUnits", b.quarantined as "quarantinedUnits", b.away - t.units as "parcelUnits", t.transfers
       from (select coalesce(sum(units) filter (where place = 'AVAILABLE'), 0)::bigint as available,
           coalesce(sum(units) filter (where place = 'QUARANTINED'), 0)::bigint as quarantined,
           coalesce(sum(units) filter (where place in ('ALLOCATED', 'IN_TRANSIT')), 0)::bigint as away
         from lot_balance where site_id = $1) as b,
         (select count(distinct t.id) as transfers, coalesce(sum(l.units) filter (where t.from_site_id = $1), 0)::bigint as units
         from transfer t join transfer_line l on l.transfer_id = t.id
         where t.status = 'DISPATCHED' and $1 in (t.from_site_id, t.to_site_id)) as t`,
      [siteId],
    );
    return use!;
  }

  async insert(tx: Tx, site: Site): Promise<void> {
    await tx.rows(
      `insert into site (id, name, name_key, address, country, note, is_default, opened_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [site.id, site.name, site.nameKey, site.address, site.country, site.note, site.isDefault, site.openedAt],
    );
  }

  /** Writes down what a site is called and where it is; it is locked `ALONE`. */
  async update(tx: Tx, site: Pick<Site, 'id' | 'name' | 'nameKey' | 'address' | 'country' | 'note'>): Promise<void> {
    await tx.rows(`update site set name = $2, name_key = $3, address = $4, country = $5, note = $6 where id = $1`, [
      site.id,
      site.name,
      site.nameKey,
      site.address,
      site.country,
      site.note,
    ]);
  }

  async close(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.rows(`update site set closed_at = $2, closed_because = $3 where id = $1`, [id, tx.now, reason]);
  }

  /** Makes one site the default instead of another, in two statements: there is never more than one. */
  async moveDefault(tx: Tx, fromId: string, toId: string): Promise<void> {
    await tx.rows(`update site set is_default = false where id = $1`, [fromId]);
    await tx.rows(`update site set is_default = true where id = $1`, [toId]);
  }
}
