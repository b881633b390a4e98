import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { notFound } from '../platform/rejection.js';
import { SiteRepository } from './site.repository.js';

/** Where stock stands. */
@Injectable()
export class SiteService {
  constructor(private readonly sites: SiteRepository) {}

  /**
   * The site where something is to stand: the one that is named, else the default one.
   * @param field where the request names it: `input.siteId`
   * @throws NOT_FOUND for an id that names none
   */
  async idOf(tx: Tx, field: string, asked: string | null | undefined): Promise<string> {
    if (asked == null) return (await this.sites.default(tx)).id;
    const [site] = await this.sites.byIds(tx, [asked]);
    if (!site) throw notFound(field, 'site');
    return site.id;
  }
}
