import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Clock, dayOf } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import { Rejected } from '../platform/rejection.js';
import { LotService } from '../stock/lot.service.js';
import type { Line } from './delivery.repository.js';
import { lotNotUsable, standing, type StoppedLine, stoppedLines } from './delivery.rules.js';

/** What may leave in a parcel, and what may not. */
@Injectable()
export class LeavingService {
  constructor(
    private readonly lots: LotService,
    private readonly clock: Clock,
  ) {}

  /**
   * Refuses lines of lots that must not be used, and keeps the others as they are until the transaction ends: a lot that
   * is set aside at the same moment is set aside before, and refused here, or after, and has left.
   */
  async assertUsable(tx: Tx, lines: readonly Line[]): Promise<void> {
    const lots = await this.lots.lock(tx, [...new Set(lines.map(({ lotId }) => lotId))], 'SHARED');
    const stopped = stoppedLines(lines, lots, dayOf(tx.now));
    if (stopped.length > 0) throw new Rejected(lotNotUsable(stopped));
  }

  /** Which of these lines would be refused today. */
  async stopped(context: RequestContext, lines: readonly Line[]): Promise<StoppedLine[]> {
    const lots = await Promise.all(standing(lines).map(({ lotId }) => this.lots.load(context, lotId)));
    return stoppedLines(
      lines,
      lots.map((lot) => lot!),
      dayOf(this.clock.now()),
    );
  }
}
