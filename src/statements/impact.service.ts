import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { DonorService } from '../donors/donor.service.js';
import { HELD } from '../history/distribution.rules.js';
import { SummaryService } from '../history/summary.service.js';
import type { DistributionSummaryRowType } from '../history/summary.types.js';
import { Database } from '../platform/database.js';
import { ImpactRepository, type ImpactRow } from './impact.repository.js';
import { countriesShown } from './impact.rules.js';
import type { DonorImpactType, ImpactLineType } from './impact.types.js';

const SUMMED = [...HELD, 'LOST'] as const;

/** Whether a row is of one item, of which anything came in. */
function isLine(row: ImpactRow): row is ImpactRow & ImpactLineType {
  return row.itemId !== null && row.receivedUnits + row.foundUnits !== 0;
}

/** What became of what donors gave. */
@Injectable()
export class ImpactService {
  constructor(
    private readonly database: Database,
    private readonly impacts: ImpactRepository,
    private readonly summaries: SummaryService,
    private readonly donors: DonorService,
  ) {}

  /**
   * What became of a donor's gifts, for whoever may read the whole chain and for the donor.
   * @param shipmentId of this consignment alone; of another donor's there is nothing
   */
  async impact(
    context: RequestContext,
    donorId: string,
    shipmentId: string | null = null,
  ): Promise<DonorImpactType | null> {
    const donor = await this.donors.find(context, donorId);
    if (!donor) return null;
    const rows = await this.database.read((reader) => this.impacts.impact(reader, donorId, shipmentId));
    const { reached, ...total } = rows.find(({ itemId }) => itemId === null)!;
    const lines = rows.filter(isLine);
    const shown = countriesShown(reached, seesEverything(context.viewer));
    return { ...total, ...shown, donor, shipmentId, lines };
  }

  /** The same as sums over history, by item; of an impact that the viewer was given. */
  byItem({ donor, shipmentId }: DonorImpactType): Promise<DistributionSummaryRowType[]> {
    const shipments = shipmentId === null ? {} : { shipmentIds: [shipmentId] };
    return this.summaries.sums({ donorIds: [donor.id], ...shipments, statuses: SUMMED }, ['ITEM']);
  }
}
