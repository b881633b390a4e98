import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { DistributionService } from '../history/distribution.service.js';
import { filterOfQuery, type Query } from '../history/filter-query.js';
import { Clock, dayOf } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { assertKnown } from '../platform/known.js';
import { badInput } from '../platform/rejection.js';
import { SiteService } from '../stock/site.service.js';
import { distributionSheet } from './distribution-sheet.repository.js';
import { planSheet } from './plan-sheet.repository.js';
import { planQueryOf, stockQueryOf } from './sheet-query.js';
import type { Sheet, SheetKind } from './sheet.rules.js';
import { sightOf } from './sight.rules.js';
import { stockSheet } from './stock-sheet.repository.js';

/** What stands in a sheet: which rows for whom, and what of them. */
@Injectable()
export class SheetService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly distributions: DistributionService,
    private readonly items: ItemService,
    private readonly sites: SiteService,
  ) {}

  /**
   * The sheet that answers a query string, by the names of GraphQL's filters, as far as the viewer may see.
   * @throws BAD_USER_INPUT or NOT_FOUND that names the field, as GraphQL would
   */
  sheet(kind: SheetKind, context: RequestContext, query: Query): Promise<Sheet> {
    switch (kind) {
      case 'distributions':
        return this.ofDistributions(context, query);
      case 'stock':
        return this.ofStock(context, query);
      case 'plans':
        return this.ofPlans(context, query);
    }
  }

  private async ofDistributions(context: RequestContext, query: Query): Promise<Sheet> {
    const seen = await this.distributions.conditions(context, await filterOfQuery(query));
    return distributionSheet(seen, sightOf(context.viewer));
  }

  private async ofStock({ viewer }: RequestContext, query: Query): Promise<Sheet> {
    const { itemCodes, siteIds = null, asOf = null } = await stockQueryOf(query);
    const now = this.clock.now();
    if (asOf !== null && asOf > now) throw badInput('asOf', 'asOf: must not be to come');
    return this.database.read(async (reader) => {
      const items = itemCodes ? await this.items.byCodesIn(reader, 'itemCodes', itemCodes) : null;
      await assertKnown('siteIds', 'site', siteIds, (ids) => this.sites.unknown(reader, ids));
      const itemIds = items && items.map((item) => item.id);
      return stockSheet({ itemIds, siteIds, asOf, day: dayOf(asOf ?? now) }, sightOf(viewer));
    });
  }

  private async ofPlans({ viewer }: RequestContext, query: Query): Promise<Sheet> {
    return planSheet(await planQueryOf(query), sightOf(viewer));
  }
}
