import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database.js';
import type { Site } from './stock.entity.js';

const COLUMNS = `s.id, s.name, s.is_default as "isDefault"`;

@Injectable()
export class SiteRepository {
  byIds(reader: Reader, ids: readonly string[]): Promise<Site[]> {
    return reader.rows<Site>(`select ${COLUMNS} from site s where s.id = any($1)`, [ids]);
  }

  async default(reader: Reader): Promise<Site> {
    const [site] = await reader.rows<Site>(`select ${COLUMNS} from site s where s.is_default`);
    if (!site) throw new Error('there is no default site');
    return site;
  }
}
