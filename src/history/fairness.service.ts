import { Injectable } from '@nestjs/common';
import { rounded } from '../engine/fairness.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import type { DistributionFilter } from './distribution.rules.js';
import { FairnessRepository } from './fairness.repository.js';
import { type CurvePoint, type FairnessOrder, figuresOf } from './fairness.rules.js';
import type { FairnessTotalsType, FairnessType, RecipientFairnessType } from './fairness.types.js';
import { DistributionService } from './distribution.service.js';

/** Tells how fair history was. Reads only; for those who may read the whole chain. */
@Injectable()
export class FairnessService {
  constructor(
    private readonly database: Database,
    private readonly fairness: FairnessRepository,
    private readonly distributions: DistributionService,
  ) {}

  /** What the filter means; its totals and its people are read when they are asked for. */
  async of(context: RequestContext, asked: DistributionFilter | null | undefined): Promise<FairnessType> {
    return { filter: await this.distributions.seenBy(context, asked ?? {}) };
  }

  async totals(filter: DistributionFilter): Promise<FairnessTotalsType> {
    const totals = await this.database.read((reader) => this.fairness.totals(reader, filter));
    return { ...totals, received: figuresOf(totals.received), fill: figuresOf(totals.fill) };
  }

  /** The Lorenz curve of what people received, in a bounded number of points; its figures are those of {@link totals}. */
  curve(filter: DistributionFilter): Promise<CurvePoint[]> {
    return this.database.read((reader) => this.fairness.curve(reader, filter));
  }

  async recipients(
    filter: DistributionFilter,
    order: FairnessOrder,
    args: PageArgs,
  ): Promise<Connection<RecipientFairnessType>> {
    const name = `fairness ${order}`;
    const page = pageOf(args, name, [order === 'MOST_RECEIVED' ? 'sum' : 'number', 'id']);
    const found = await this.database.read((reader) => this.fairness.page(reader, filter, order, page));
    const rows = found.rows.map((row) => ({ ...row, fill: row.fill === null ? null : rounded(row.fill) }));
    return connect(name, page, { ...found, rows });
  }
}
