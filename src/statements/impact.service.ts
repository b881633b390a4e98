import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { DonorService } from '../donors/donor.service.js';
import { HELD } from '../history/distribution.rules.js';
import { SummaryService } from '../history/summary.service.js';
import { Database } from '../platform/database.js';
import { ImpactRepository } from './impact.repository.js';
import type { DonorImpactType } from './impact.types.js';

/** What became of what donors gave. */
@Injectable()
export class ImpactService {
  constructor(
    private readonly database: Database,
    private readonly impacts: ImpactRepository,
    private readonly summaries: SummaryService,
    private readonly donors: DonorService,
  ) {}

  /** What became of a donor's gifts, for whoever may read the whole chain and for the donor. */
  async impact(context: RequestContext, donorId: string): Promise<DonorImpactType | null> {
    const donor = await this.donors.find(context, donorId);
    if (!donor) return null;
    const impact = await this.database.read((reader) => this.impacts.impact(reader, donorId));
    const statuses = [...HELD, 'LOST'];
    const byItem = await this.summaries.sums({ donorIds: [donorId], statuses }, ['ITEM']);
    return { donor, ...impact, byItem };
  }
}
