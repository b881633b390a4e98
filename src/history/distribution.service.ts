import { Injectable } from '@nestjs/common';
import { isStaff, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { itemCodeKey } from '../catalogue/item.rules.js';
import { ItemService } from '../catalogue/item.service.js';
import { Database } from '../platform/database.js';
import { type BothWaysArgs, connect, type Connection, pageOfEither } from '../platform/graphql/connection.js';
import type { Selection } from '../platform/graphql/selection.js';
import { HELD, narrowed, NEWEST_FIRST, type DistributionFilter, type DistributionOrder } from './distribution.rules.js';
import type { Conditions } from '../platform/keyset.js';
import { conditionsOf } from './distribution.repository.js';
import type { DistributionType } from './distribution.types.js';
import { NeighbourService } from './neighbour.service.js';
import { PageRepository } from './page.repository.js';
import { readingOf } from './page.rules.js';

/** Which lines, and how they are ordered. */
export interface DistributionsAsked extends BothWaysArgs {
  readonly filter?: DistributionFilter | null;
  readonly orderBy?: DistributionOrder | null;
}

/** The lines of history. */
@Injectable()
export class DistributionService {
  constructor(
    private readonly database: Database,
    private readonly pages: PageRepository,
    private readonly items: ItemService,
    private readonly neighbours: NeighbourService,
  ) {}

  /** A page of lines with all that is selected beside them, in one statement. */
  async list(
    context: RequestContext,
    { filter: asked, orderBy, ...args }: DistributionsAsked,
    selection: Selection,
  ): Promise<Connection<DistributionType>> {
    const order = orderBy ?? NEWEST_FIRST;
    const name = `distributions ${order.field} ${order.direction}`;
    const page = pageOfEither(args, name, [order.field === 'UNITS' ? 'number' : 'instant', 'id']);
    const filter = narrowed(context.viewer, { ...asked, itemCodes: asked?.itemCodes?.map(itemCodeKey) });
    const reading = readingOf(selection);
    const found = await this.database.read((reader) => this.pages.page(reader, { filter, order, page, reading }));
    // Whoever mistypes a code must not take an empty page for an answer.
    if (found.strange) await this.itemsOf(asked);
    const { viewer } = context;
    if (reading.nested || !isStaff(viewer)) this.neighbours.know(context, found.rows, reading.relations);
    // Who else is in a plan, and where stock stands, is not for donors.
    if (!seesEverything(viewer))
      for (const row of found.rows) {
        row.site = null;
        if (viewer.role !== 'RECIPIENT') row.plan = null;
      }
    return connect(name, page, found);
  }

  /** The filter, narrowed to what the viewer may see, its item codes as the catalogue spells them. */
  async seenBy({ viewer }: RequestContext, asked: DistributionFilter): Promise<DistributionFilter> {
    const items = asked.itemCodes && (await this.itemsOf(asked));
    return narrowed(viewer, { ...asked, ...(items && { itemCodes: items.map((item) => item.code) }) });
  }

  private itemsOf(asked: DistributionFilter | null | undefined): Promise<{ code: string }[]> {
    return this.database.read((reader) => this.items.byCodesIn(reader, 'filter.itemCodes', asked?.itemCodes ?? []));
  }

  /** What the viewer may see of a filter, as conditions on `distribution t`: for those who read the same lines otherwise. */
  async conditions(context: RequestContext, filter: DistributionFilter): Promise<Conditions> {
    return conditionsOf(await this.seenBy(context, filter));
  }

  /** Who has units of a lot, or is about to. */
  holders(
    context: RequestContext,
    lotId: string,
    args: BothWaysArgs,
    selection: Selection,
  ): Promise<Connection<DistributionType>> {
    return this.list(context, { ...args, filter: { lotIds: [lotId], statuses: HELD } }, selection);
  }
}
