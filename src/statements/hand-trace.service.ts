import { Injectable } from '@nestjs/common';
import { mayKnowRecipient, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { mayCountLot } from '../stock/lot.rules.js';
import { LotService } from '../stock/lot.service.js';
import { HandTraceRepository } from './hand-trace.repository.js';
import type { DistributionTraceType } from './hand-trace.types.js';
import { originOf, stepOf } from './lot-trace.service.js';

/** How units came into a hand. */
@Injectable()
export class HandTraceService {
  constructor(
    private readonly database: Database,
    private readonly traces: HandTraceRepository,
    private readonly lots: LotService,
  ) {}

  /** The way of one line of history, for whoever may read the whole chain, for its donor, and for who got it. */
  async trace(context: RequestContext, id: string): Promise<DistributionTraceType | null> {
    const { viewer } = context;
    return this.database.read(async (reader) => {
      const row = await this.traces.find(reader, id);
      const isHers = row && (mayKnowRecipient(viewer, row.recipientId) || viewer.subjectId === row.donorId);
      if (!row || !(seesEverything(viewer) || isHers)) return null;
      const lot = (await this.lots.load(context, row.lotId))!;
      // How much of a lot went where is not for those who got some of it.
      const mayCount = mayCountLot(viewer, lot);
      const steps = await (mayCount ? this.traces.steps(reader, row) : this.traces.ownSteps(reader, row));
      return { ...row, origin: originOf(lot), steps: steps.map(stepOf) };
    });
  }
}
