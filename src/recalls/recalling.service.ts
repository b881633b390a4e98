import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { Database, StartAgain, type Tx } from '../platform/database.js';
import { newId } from '../platform/ids.js';
import { assertKnown, absentFrom } from '../platform/known.js';
import { badInput, isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import type { Recall } from './recall.entity.js';
import { RecallRepository } from './recall.repository.js';
import { type Meant, numbersOf, recallEnded, stillToStop, type WatchedNumber } from './recall.rules.js';
import type { EndRecallInput, RecallLotsInput } from './recall.types.js';
import { StopService } from './stop.service.js';

/** Calls lots back, and ends that. */
@Injectable()
export class RecallingService {
  constructor(
    private readonly database: Database,
    private readonly recalls: RecallRepository,
    private readonly items: ItemService,
    private readonly stops: StopService,
  ) {}

  /** Stops lots, or all lots that carry a number, and writes to everybody who has units of them. @returns the recall's id */
  async recall(context: RequestContext, input: RecallLotsInput): Promise<string | Refusal> {
    const command = {
      actor: context.actor,
      action: 'recallLots',
      key: input.idempotencyKey,
      input,
      reason: input.reason,
    };
    const done = await this.database.write(command, async (tx) => {
      const { meant, numbers } = await this.meant(tx, input);
      const lots = stillToStop(meant);
      if (isRefusal(lots)) throw new Rejected(lots);
      const recall: Recall = {
        id: newId(),
        reason: input.reason.trim(),
        reference: input.reference?.trim() ?? null,
        instructions: input.instructions?.trim() ?? null,
        startedAt: tx.now,
        endedAt: null,
        endReason: null,
      };
      await this.recalls.insert(tx, recall, numbers);
      await this.stops.stop(
        tx,
        recall,
        lots.map(({ id }) => id),
      );
      return { recallId: recall.id };
    });
    return isRefusal(done) ? done : done.recallId;
  }

  /** The lots that are meant and the numbers that are to be watched, which nothing comes in under until the transaction ends. */
  private async meant(tx: Tx, input: RecallLotsInput): Promise<{ meant: Meant; numbers: WatchedNumber[] }> {
    const { lotIds, itemCode, lotNumber } = input;
    if ((lotIds == null) === (itemCode == null) || (itemCode == null) !== (lotNumber == null))
      throw badInput('input.lotIds', 'input.lotIds: give either lotIds, or itemCode and lotNumber together');
    return lotIds == null ? this.ofNumber(tx, itemCode!, lotNumber!) : this.ofLots(tx, [...new Set(lotIds)]);
  }

  private async ofNumber(tx: Tx, itemCode: string, typed: string): Promise<{ meant: Meant; numbers: WatchedNumber[] }> {
    const items = await this.items.byCodes(tx, [itemCode]);
    if (isRefusal(items)) throw new Rejected(items);
    const number = { itemId: items[0]!.id, lotNumber: await this.recalls.compared(tx, typed) };
    await this.recalls.lockNumbers(tx, [number], 'ALONE');
    const [watching] = await this.recalls.watching(tx, [number]);
    const lots = await this.recalls.lotsOfNumber(tx, number);
    return { meant: { lots, watchedBy: watching?.id ?? null }, numbers: [number] };
  }

  private async ofLots(tx: Tx, lotIds: readonly string[]): Promise<{ meant: Meant; numbers: WatchedNumber[] }> {
    await assertKnown('input.lotIds', 'lot', lotIds, async (ids) =>
      absentFrom(await this.recalls.lotsById(tx, ids), ids),
    );
    const numbers = numbersOf(await this.recalls.lotsById(tx, lotIds));
    await this.recalls.lockNumbers(tx, numbers, 'ALONE');
    const lots = await this.recalls.lotsById(tx, lotIds);
    const kept = new Set(numbers.map(({ itemId, lotNumber }) => `${itemId} ${lotNumber}`));
    if (numbersOf(lots).some(({ itemId, lotNumber }) => !kept.has(`${itemId} ${lotNumber}`)))
      throw new StartAgain('a lot got another number meanwhile');
    return { meant: { lots, watchedBy: null }, numbers };
  }

  /** Ends a recall that was a false alarm. What it stopped stays set aside until somebody releases it. @returns the recall's id */
  async end(context: RequestContext, input: EndRecallInput): Promise<string | Refusal> {
    const { recallId: id, reason } = input;
    const command = { actor: context.actor, action: 'endRecall', key: input.idempotencyKey, input, reason };
    const done = await this.database.write(command, async (tx) => {
      if ((await this.recalls.byIds(tx, [id])).length === 0) throw notFound('input.recallId', 'recall');
      // What comes in under its numbers now is stopped by it before it ends, or comes in after.
      await this.recalls.lockNumbers(tx, await this.recalls.numbersOf(tx, id), 'ALONE');
      const recall = await this.recalls.lock(tx, id);
      if (recall.endedAt !== null) throw new Rejected(recallEnded(recall));
      await this.recalls.end(tx, id, reason.trim());
      await this.stops.letGo(tx, recall, reason.trim());
      return { recallId: id };
    });
    return isRefusal(done) ? done : done.recallId;
  }
}
