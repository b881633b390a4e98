import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import type { LotsReceived } from '../stock/ledger.service.js';
import { RecallRepository } from './recall.repository.js';
import { StopService } from './stop.service.js';

/** Looks at whatever comes in: a number that is called back does not become free. */
@Injectable()
export class DoorService implements OnModuleInit {
  constructor(
    private readonly facts: Facts,
    private readonly recalls: RecallRepository,
    private readonly stops: StopService,
  ) {}

  onModuleInit(): void {
    this.facts.on('lots.received', (tx, fact: LotsReceived) => this.look(tx, fact));
  }

  private async look(tx: Tx, { lots }: LotsReceived): Promise<void> {
    const numbered = lots.flatMap((lot) => (lot.lotNumber === null ? [] : [{ ...lot, lotNumber: lot.lotNumber }]));
    if (numbered.length === 0) return;
    await this.recalls.lockNumbers(tx, numbered, 'SHARED');
    for (const recall of await this.recalls.watching(tx, numbered)) {
      const meant = numbered.filter((lot) => lot.itemId === recall.itemId && lot.lotNumber === recall.lotNumber);
      // oxlint-disable-next-line no-await-in-loop -- one connection, one statement at a time; as many rounds as recalled numbers
      await this.stops.stopAtTheDoor(tx, recall, meant);
    }
  }
}
