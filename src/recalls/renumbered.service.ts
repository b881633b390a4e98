import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, Database, type Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import type { LotsRenumbered, RenumberingOver, RenumberingBegun } from '../stock/renumbering.service.js';
import { RecallRepository } from './recall.repository.js';
import { numbersOf, stillSetAside, type WatchedNumber } from './recall.rules.js';
import { StopService } from './stop.service.js';

/**
 * Looks at lots that turn out to be of another item, or to carry another number: one that is called back is stopped.
 *
 * In the transaction of the correction the lot is set aside, so that nothing of it is free and no parcel leaves with it.
 * Parcels are opened right after, in a transaction of its own and in the order of all writers. Should the program end in
 * between, the lot is set aside still, for a reason that names the recall; a repeated call does the rest, and so does a
 * recall of the number.
 */
@Injectable()
export class RenumberedService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly facts: Facts,
    private readonly recalls: RecallRepository,
    private readonly stops: StopService,
  ) {}

  onModuleInit(): void {
    this.facts.on('lot.renumberingBegun', (tx, { numbers }: RenumberingBegun) =>
      this.recalls.lockNumbers(tx, numbers, 'SHARED'),
    );
    this.facts.on('lot.renumbered', (tx, fact: LotsRenumbered) => this.setAside(tx, fact));
    this.facts.after('lot.renumbered', (actor, fact: RenumberingOver) => this.extend(actor, fact));
  }

  private async setAside(tx: Tx, { lots }: LotsRenumbered): Promise<void> {
    const numbered = lots.flatMap((lot) => (lot.lotNumber === null ? [] : [{ ...lot, lotNumber: lot.lotNumber }]));
    const good = numbered.filter(({ condition }) => condition === 'GOOD');
    if (good.length === 0) return;
    for (const recall of await this.recalls.watching(tx, good)) {
      const meant = good.filter((lot) => lot.itemId === recall.itemId && lot.lotNumber === recall.lotNumber);
      // oxlint-disable-next-line no-await-in-loop -- one connection, one statement at a time; as many rounds as recalled numbers
      await this.stops.setAside(tx, recall, meant);
    }
  }

  /** Extends recalls to lots that were set aside for them. */
  private async extend(actor: Actor, { lotIds }: RenumberingOver): Promise<void> {
    const lots = stillSetAside(await this.database.read((reader) => this.recalls.lotsById(reader, lotIds)));
    const watched = await this.database.read((reader) => this.recalls.watching(reader, numbersOf(lots)));
    for (const { itemId, lotNumber } of watched) {
      // oxlint-disable-next-line no-await-in-loop -- parcels of one number are locked before lots of the next
      await this.extendTo(actor, { itemId, lotNumber }, lotIds);
    }
  }

  private async extendTo(actor: Actor, number: WatchedNumber, lotIds: readonly string[]): Promise<void> {
    await this.database.write({ actor, action: 'extendRecall' }, async (tx) => {
      await this.recalls.lockNumbers(tx, [number], 'ALONE');
      const [recall] = await this.recalls.watching(tx, [number]);
      const lots = stillSetAside(await this.recalls.lotsById(tx, lotIds));
      const meant = lots
        .filter((lot) => lot.itemId === number.itemId && lot.lotNumber === number.lotNumber)
        .map(({ id }) => id);
      if (recall === undefined || meant.length === 0) return { lotIds: [] };
      await this.stops.stop(tx, recall, meant);
      return { recallId: recall.id, lotIds: meant };
    });
  }
}
