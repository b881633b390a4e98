import { Injectable } from '@nestjs/common';
import { onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { DonorService } from '../donors/donor.service.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import { forbidden, RequestFault } from '../platform/rejection.js';
import { ItemService } from '../catalogue/item.service.js';
import { LotService } from '../stock/lot.service.js';
import { DistributionRepository, MOST_SUMMARY_ROWS } from './distribution.repository.js';
import {
  dimensionThatNamesPeople,
  HELD,
  NEWEST_FIRST,
  inCapitals,
  picksPeople,
  type DistributionDimension,
  type DistributionFilter,
  type DistributionOrder,
} from './distribution.rules.js';
import type {
  DistributionSummaryRowType,
  DistributionType,
  DonorImpactType,
  LotTraceType,
} from './distribution.types.js';

/** What sums count when nobody asks for states: all but what was taken back before it left. */
const STANDING = [...HELD, 'RETURNED', 'LOST'] as const;

/** Answers questions across the rooms. Reads only. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly database: Database,
    private readonly distributions: DistributionRepository,
    private readonly donors: DonorService,
    private readonly items: ItemService,
    private readonly lots: LotService,
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

  async summary(
    context: RequestContext,
    asked: DistributionFilter | null | undefined,
    by: readonly DistributionDimension[],
  ): Promise<DistributionSummaryRowType[]> {
    const personal = context.viewer.role === 'DONOR' ? dimensionThatNamesPeople(by) : undefined;
    if (personal) throw forbidden(`Donors cannot sum by ${personal}: it would name people.`);
    const filter = await this.seenBy(context, asked ?? {});
    const counted = filter.statuses != null || by.includes('STATUS') ? filter : { ...filter, statuses: STANDING };
    const rows = await this.database.read((reader) => this.distributions.summary(reader, counted, by));
    if (rows.length > MOST_SUMMARY_ROWS) {
      throw new RequestFault(
        'TOO_COMPLEX',
        `The sum has more than ${MOST_SUMMARY_ROWS} rows: filter it, or ask for fewer dimensions.`,
      );
    }
    return rows;
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

  /** What became of a donor's gifts, for whoever may read the whole chain and for the donor. */
  async impact(context: RequestContext, donorId: string): Promise<DonorImpactType | null> {
    const donor = await this.donors.find(context, donorId);
    if (!donor) return null;
    const impact = await this.database.read((reader) => this.distributions.impact(reader, donorId));
    const statuses = [...HELD, 'LOST'];
    const byItem = await this.database.read((reader) =>
      this.distributions.summary(reader, { donorIds: [donorId], statuses }, ['ITEM']),
    );
    return { donor, ...impact, byItem };
  }

  /** Where a lot's units are, for whoever may read the whole chain and for its donor. */
  async trace(context: RequestContext, lotId: string): Promise<LotTraceType | null> {
    const lot = await this.lots.load(context, lotId);
    if (!lot || (!seesEverything(context.viewer) && context.viewer.subjectId !== lot.donorId)) return null;
    const places = await this.database.read((reader) => this.distributions.places(reader, lotId));
    const { receivedUnits, foundUnits } = await this.database.read((reader) => this.lots.cameIn(reader, lotId));
    return { lotId, receivedUnits, foundUnits, places: places.filter(({ place }) => place !== 'SOURCE') };
  }

  /** Who has units of a lot, or is about to. */
  holders(context: RequestContext, lotId: string, args: PageArgs): Promise<Connection<DistributionType>> {
    return this.list(context, { lotIds: [lotId], statuses: HELD }, NEWEST_FIRST, args);
  }
}
