import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { Conditions, readPage } from '../platform/keyset.js';
import type { Gtin } from './gtin.entity.js';

const COLUMNS = `g.id, g.gtin, g.item_id as "itemId", g.units_per_pack as "unitsPerPack", g.learned_at as "learnedAt"`;

@Injectable()
export class GtinRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Gtin[]> {
    return reader.rows<Gtin>(`select ${COLUMNS} from gtin g where g.id = any($1)`, [ids]);
  }

  /** @param gtins with all their 14 digits */
  byGtins(reader: Reader, gtins: readonly string[]): Promise<Gtin[]> {
    return reader.rows<Gtin>(`select ${COLUMNS} from gtin g where g.gtin = any($1)`, [gtins]);
  }

  /** Locks what is known of a GTIN until the transaction ends: whoever corrects it comes one after the other. */
  async lock(tx: Tx, gtin: string): Promise<Gtin | undefined> {
    return (await tx.rows<Gtin>(`select ${COLUMNS} from gtin g where g.gtin = $1 for update`, [gtin]))[0];
  }

  /** In the order in which they were learned first. */
  page(reader: Reader, itemIds: readonly string[] | null, page: Page): Promise<Rows<Gtin>> {
    const { where, parameters } = new Conditions().addIfGiven('g.item_id = any($)', itemIds);
    return readPage<Gtin>(reader, { columns: COLUMNS, from: 'gtin g', of: 'g', where, parameters }, page);
  }

  async insert(tx: Tx, { id, gtin, itemId, unitsPerPack, learnedAt }: Gtin): Promise<void> {
    await tx.rows(`insert into gtin (id, gtin, item_id, units_per_pack, learned_at) values ($1, $2, $3, $4, $5)`, [
      id,
      gtin,
      itemId,
      unitsPerPack,
      learnedAt,
    ]);
  }

  /** Writes other facts of a GTIN that is locked. */
  async replace(tx: Tx, { id, itemId, unitsPerPack }: Pick<Gtin, 'id' | 'itemId' | 'unitsPerPack'>): Promise<void> {
    await tx.rows(`update gtin set item_id = $2, units_per_pack = $3, learned_at = $4 where id = $1`, [
      id,
      itemId,
      unitsPerPack,
      tx.now,
    ]);
  }
}
