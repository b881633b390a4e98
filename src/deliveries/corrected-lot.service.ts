import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AwardService } from '../allocations/award.service.js';
import { expectRows, type Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import type { LotsCorrected } from '../shipments/corrected-lots.service.js';
import { CorrectedLotRepository } from './corrected-lot.repository.js';

/** Has the lines of parcels follow their lots when these turn out to be of another item, or from another donor. */
@Injectable()
export class CorrectedLotService implements OnModuleInit {
  constructor(
    private readonly lines: CorrectedLotRepository,
    private readonly awards: AwardService,
    private readonly facts: Facts,
  ) {}

  onModuleInit(): void {
    this.facts.on('lot.correction.begun', (tx, fact: LotsCorrected) => this.hold(tx, fact, 'WAITING'));
    this.facts.on('lot.corrected', (tx, fact: LotsCorrected) => this.follow(tx, fact));
  }

  /** Keeps parcels, then the needs of those who get them, as they are. */
  private async hold(tx: Tx, { lotIds, items }: LotsCorrected, how: 'WAITING' | 'AT ONCE'): Promise<void> {
    const recipientIds = await this.lines.lockParcels(tx, lotIds, how);
    await expectRows(tx, recipientIds.length);
    if (items) await this.awards.hold(tx, recipientIds, how);
  }

  /**
   * A plan may have been committed while the lots were awaited. Its parcels are locked now, but nobody is waited for any
   * more: who holds one may wait for the lots. Where one is held, the whole correction begins again.
   */
  private async follow(tx: Tx, fact: LotsCorrected): Promise<void> {
    await this.hold(tx, fact, 'AT ONCE');
    const lines = await this.lines.lagging(tx, fact.lotIds);
    if (lines.length > 0) await this.awards.itemsCorrected(tx, lines);
    await this.lines.catchUp(tx, fact.lotIds);
  }
}
