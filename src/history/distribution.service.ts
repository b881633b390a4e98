import { Injectable } from '@nestjs/common';
import { onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { forbidden } from '../platform/rejection.js';
import { ItemService } from '../catalogue/item.service.js';
import type { Conditions } from '../platform/keyset.js';
import { conditionsOf, DistributionRepository } from './distribution.repository.js';
import {
  HELD,
  NEWEST_FIRST,
  inCapitals,
  picksPeople,
  type DistributionFilter,
  type DistributionOrder,
} from './distribution.rules.js';
import type { DistributionType } from './distribution.types.js';

/** The lines of history. */
@Injectable()
export class DistributionService {
  constructor(
    private readonly database: Database,
    private readonly distributions: DistributionRepository,
    private readonly items: ItemService,
  ) {}

  async list(
    context: RequestContext,
    asked: DistributionFilter | null | undefined,
    order: DistributionOrder | null | undefined,
    args: PageArgs,
  ): Promise<Connection<DistributionType>> {
    const { field, direction } = order ?? NEWEST_FIRST;
    const name = `distributions ${field} ${direction}`;
    const page = pageOf(args, name, [field === 'UNITS' ? 'number' : 'instant', 'id']);
    return this.database.read(async (reader) => {
      const filter = await this.seenBy(context, asked ?? {});
      return connect(name, page, await this.distributions.page(reader, filter, { field, direction }, page));
    });
  }

  /** The filter, narrowed to what the viewer may see, its item codes as the catalogue spells them. */
  async seenBy({ viewer }: RequestContext, filter: DistributionFilter): Promise<DistributionFilter> {
    const codes = filter.itemCodes;
    const items =
      codes && (await this.database.read((reader) => this.items.byCodesIn(reader, 'filter.itemCodes', codes)));
    const spelled = { ...inCapitals(filter), ...(items && { itemCodes: items.map((item) => item.code) }) };
    if (seesEverything(viewer)) return spelled;
    if (viewer.role === 'RECIPIENT')
      return { ...spelled, recipientIds: onlyOwn(viewer.subjectId, filter.recipientIds) };
    if (picksPeople(filter)) throw forbidden('Donors cannot ask by recipient or group: it would name people.');
    return { ...spelled, donorIds: onlyOwn(viewer.subjectId, filter.donorIds), itemsOnly: true };
  }

  /** What the viewer may see of a filter, as conditions on `distribution t`: for those who read the same lines otherwise. */
  async conditions(context: RequestContext, filter: DistributionFilter): Promise<Conditions> {
    return conditionsOf(await this.seenBy(context, filter));
  }

  /** Who has units of a lot, or is about to. */
  holders(context: RequestContext, lotId: string, args: PageArgs): Promise<Connection<DistributionType>> {
    return this.list(context, { lotIds: [lotId], statuses: HELD }, NEWEST_FIRST, args);
  }
}
