import { Injectable } from '@nestjs/common';
import { PackingService } from '../deliveries/packing.service.js';
import { StartAgain, type Tx } from '../platform/database.js';
import { ConditionService } from '../warehouse/condition.service.js';
import { LotService } from '../stock/lot.service.js';
import type { Lot } from '../stock/stock.entity.js';
import type { Recall } from './recall.entity.js';
import { RecallRepository } from './recall.repository.js';

/** Stops what is still here of lots that are called back, and lets it go again. */
@Injectable()
export class StopService {
  constructor(
    private readonly recalls: RecallRepository,
    private readonly packing: PackingService,
    private readonly lots: LotService,
    private readonly conditions: ConditionService,
  ) {}

  /**
   * Takes lots out of parcels that have not left, sets aside what is free of them at every site, and writes a notice to
   * everybody who has units of them. As many statements for ten thousand people as for one, a few for each plan that has
   * some of it in parcels that have not left.
   */
  async stop(tx: Tx, recall: Recall, lotIds: readonly string[]): Promise<void> {
    const why = { causeId: recall.id, reason: recall.reason };
    const lines = await this.packing.takeOutLots(tx, lotIds);
    const lots = await this.lots.lock(tx, lotIds, 'ALONE');
    const found = await this.recalls.lotsById(tx, lotIds);
    if (found.some(({ recallId }) => recallId !== null)) throw new StartAgain('a lot was recalled meanwhile');
    const aside = await this.conditions.setAside(tx, lots, 'RECALLED', { ...why, cause: 'LOT_RECALLED' });
    await this.packing.assertNonePrepared(tx, lotIds);
    await this.packing.shelve(tx, { ...why, cause: 'DELIVERY_LINES_TAKEN_OUT' }, lines);
    const before = await this.recalls.setAsideBefore(tx, recall.id, lotIds);
    const stopped = new Map(aside.map(({ lotId, units }) => [lotId, units + (before.get(lotId) ?? 0)]));
    for (const { lotId, units } of lines) stopped.set(lotId, stopped.get(lotId)! + units);
    await this.recalls.addLots(
      tx,
      recall.id,
      Array.from(stopped, ([lotId, units]) => ({ lotId, units })),
    );
    await this.recalls.addLines(
      tx,
      recall.id,
      lines.map(({ id }) => id),
    );
    await this.recalls.writeNotices(tx, recall.id, lotIds);
  }

  /** Stops lots that come in by the door, before any of their units stand on a shelf. */
  async stopAtTheDoor(tx: Tx, recall: Recall, received: readonly { id: string; units: number }[]): Promise<void> {
    const lots = await this.lots.lock(
      tx,
      received.map(({ id }) => id),
      'ALONE',
    );
    const why = { cause: 'LOT_RECALLED' as const, causeId: recall.id, reason: recall.reason };
    await this.conditions.setAside(tx, lots, 'RECALLED', why);
    await this.recalls.addLots(
      tx,
      recall.id,
      received.map(({ id, units }) => ({ lotId: id, units })),
    );
  }

  /**
   * Sets aside lots that turn out to carry a number that is called back. They are locked already, so that parcels can not
   * be opened in the order of all writers any more: what is in one that has not left does not leave, and {@link stop}
   * takes it out in a transaction of its own.
   * @param lots good ones, locked `ALONE`
   */
  async setAside(tx: Tx, recall: Recall, lots: readonly Lot[]): Promise<void> {
    const reason = `This number is under the recall ${recall.id}: ${recall.reason}`;
    await this.conditions.setAside(tx, lots, 'QUARANTINED', { cause: 'LOT_QUARANTINED', causeId: recall.id, reason });
  }

  /** Lots whose recall has ended are set aside still: that they are good is for somebody to say. */
  async letGo(tx: Tx, recall: Recall, reason: string): Promise<void> {
    const lots = await this.lots.lock(tx, await this.recalls.lotIdsOf(tx, recall.id), 'ALONE');
    await this.conditions.setAside(tx, lots, 'QUARANTINED', { cause: 'LOT_QUARANTINED', causeId: recall.id, reason });
  }
}
