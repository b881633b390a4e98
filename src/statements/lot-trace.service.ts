import { Injectable } from '@nestjs/common';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { LotService } from '../stock/lot.service.js';
import { LotTraceRepository } from './lot-trace.repository.js';
import type { LotTraceType } from './lot-trace.types.js';

/** Where lots went. */
@Injectable()
export class LotTraceService {
  constructor(
    private readonly database: Database,
    private readonly traces: LotTraceRepository,
    private readonly lots: LotService,
  ) {}

  /** Where a lot's units are, for whoever may read the whole chain and for its donor. */
  async trace(context: RequestContext, lotId: string): Promise<LotTraceType | null> {
    const lot = await this.lots.load(context, lotId);
    if (!lot || (!seesEverything(context.viewer) && context.viewer.subjectId !== lot.donorId)) return null;
    const places = await this.database.read((reader) => this.traces.places(reader, lotId));
    const { receivedUnits, foundUnits } = await this.database.read((reader) => this.lots.cameIn(reader, lotId));
    return { lotId, receivedUnits, foundUnits, places: places.filter(({ place }) => place !== 'SOURCE') };
  }
}
