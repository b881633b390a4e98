import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPage } from '../platform/keyset.js';
import type { Donor } from './donor.entity.js';

const COLUMNS = `d.id, d.name, d.kind, d.country, d.email, d.phone, d.anonymous, d.created_at as "createdAt"`;

@Injectable()
export class DonorRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Donor[]> {
    return reader.rows<Donor>(`select ${COLUMNS} from donor d where d.id = any($1)`, [ids]);
  }

  page(reader: Reader, page: Page): Promise<Rows<Donor>> {
    return readPage<Donor>(reader, { columns: COLUMNS, from: 'donor d', of: 'd', where: [], parameters: [] }, page);
  }

  async insert(tx: Tx, donor: Donor): Promise<void> {
    await tx.rows(
      `insert into donor (id, name, kind, country, email, phone, anonymous, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [donor.id, donor.name, donor.kind, donor.country, donor.email, donor.phone, donor.anonymous, donor.createdAt],
    );
  }
}
