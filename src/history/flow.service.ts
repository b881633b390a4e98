import { Injectable } from '@nestjs/common';
import { isStaff, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import type { DistributionFilter } from './distribution.rules.js';
import { DistributionService } from './distribution.service.js';
import { FlowRepository } from './flow.repository.js';
import type { FlowCell, FlowEnd } from './flow.rules.js';
import { STANDING } from './summary.rules.js';

/** Where units went, from whom, over which items, every unit once. */
@Injectable()
export class FlowService {
  constructor(
    private readonly database: Database,
    private readonly flows: FlowRepository,
    private readonly distributions: DistributionService,
  ) {}

  /**
   * The flow as the viewer may know it: a donor sees countries instead of groups, whoever is not staff no anonymous donor.
   * What was cancelled is left out, unless states are filtered.
   */
  async of(
    context: RequestContext,
    asked: DistributionFilter,
  ): Promise<{ readonly to: FlowEnd; readonly cells: FlowCell[] }> {
    const filter = await this.distributions.seenBy(context, asked);
    const to = seesEverything(context.viewer) ? 'GROUP' : 'COUNTRY';
    const hidesAnonymous = context.viewer.role !== 'DONOR' && !isStaff(context.viewer);
    const counted = filter.statuses == null ? { ...filter, statuses: STANDING } : filter;
    return {
      to,
      cells: await this.database.read((reader) => this.flows.cells(reader, counted, { to, hidesAnonymous })),
    };
  }
}
