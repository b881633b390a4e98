import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { forbidden, RequestFault } from '../platform/rejection.js';
import type { DistributionFilter } from './distribution.rules.js';
import { DistributionService } from './distribution.service.js';
import { MOST_SUMMARY_ROWS, SummaryRepository } from './summary.repository.js';
import { dimensionThatNamesPeople, STANDING, type DistributionDimension } from './summary.rules.js';
import type { DistributionSummaryRowType } from './summary.types.js';

/** Sums over history. */
@Injectable()
export class SummaryService {
  constructor(
    private readonly database: Database,
    private readonly summaries: SummaryRepository,
    private readonly distributions: DistributionService,
  ) {}

  async summary(
    context: RequestContext,
    asked: DistributionFilter | null | undefined,
    by: readonly DistributionDimension[],
  ): Promise<DistributionSummaryRowType[]> {
    const personal = context.viewer.role === 'DONOR' ? dimensionThatNamesPeople(by) : undefined;
    if (personal) throw forbidden(`Donors cannot sum by ${personal}: it would name people.`);
    const filter = await this.distributions.seenBy(context, asked ?? {});
    const counted = filter.statuses != null || by.includes('STATUS') ? filter : { ...filter, statuses: STANDING };
    const rows = await this.sums(counted, by);
    if (rows.length > MOST_SUMMARY_ROWS) {
      throw new RequestFault(
        'TOO_COMPLEX',
        `The sum has more than ${MOST_SUMMARY_ROWS} rows: filter it, or ask for fewer dimensions.`,
      );
    }
    return rows;
  }

  /** Sums by these dimensions, whoever asks: the caller has seen to it that they are hers to see. */
  sums(filter: DistributionFilter, by: readonly DistributionDimension[]): Promise<DistributionSummaryRowType[]> {
    return this.database.read((reader) => this.summaries.summary(reader, filter, by));
  }
}
