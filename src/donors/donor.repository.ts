import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database.js';
import type { Page, Rows } from '../platform/graphql/connection.js';
import { readPage } from '../platform/keyset.js';
import type { Donor } from './donor.entity.js';

const COLUMNS = `d.id, d.name, d.kind, d.country, d.email, d.phone, d.anonymous, d.created_at as "createdAt"`;

/** A donor, and the name under which she was looked for. */
export interface Namesake extends Pick<Donor, 'id' | 'kind' | 'email'> {
  readonly asked: string;
}

const COMPARED = (name: string): string => `lower(regexp_replace(btrim(${name}), '\\s+', ' ', 'g'))`;

@Injectable()
export class DonorRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Donor[]> {
    return reader.rows<Donor>(`select ${COLUMNS} from donor d where d.id = any($1)`, [ids]);
  }

  page(reader: Reader, page: Page): Promise<Rows<Donor>> {
    return readPage<Donor>(reader, { columns: COLUMNS, from: 'donor d', of: 'd', where: [], parameters: [] }, page);
  }

  /**
   * Registered donors by name, white space folded and case ignored: the expression is that of the index
   * `donor_name_as_compared`.
   */
  namesakes(tx: Tx, names: readonly string[]): Promise<Namesake[]> {
    return tx.rows<Namesake>(
      `select asked.name as asked, d.id, d.kind, d.email from unnest($1::text[]) as asked (name)
       join donor d on ${COMPARED('d.name')} = ${COMPARED('asked.name')} order by d.id`,
      [names],
    );
  }

  /** Writes many donors in one statement. */
  async insertMany(tx: Tx, donors: readonly Donor[]): Promise<void> {
    await tx.rows(
      `insert into donor (id, name, kind, country, email, phone, anonymous, created_at)
       select * from jsonb_to_recordset($1::jsonb) as d (id uuid, name text, kind text, country text, email text, phone text,
         anonymous boolean, "createdAt" timestamptz)`,
      [JSON.stringify(donors)],
    );
  }

  async insert(tx: Tx, donor: Donor): Promise<void> {
    await tx.rows(
      `insert into donor (id, name, kind, country, email, phone, anonymous, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [donor.id, donor.name, donor.kind, donor.country, donor.email, donor.phone, donor.anonymous, donor.createdAt],
    );
  }
}
