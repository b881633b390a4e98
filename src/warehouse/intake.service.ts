import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { isRefusal, notFound, Rejected, type Refusal } from '../platform/rejection.js';
import { correctIntake } from './intake.rules.js';
import type { CorrectIntakeInput } from './intake.types.js';
import type { DiscrepancyReason } from '../stock/ledger.rules.js';
import { LotService } from '../stock/lot.service.js';
import { ShelfService } from './shelf.service.js';
import type { Lot } from '../stock/stock.entity.js';

/** Told before a lot is locked whose intake is to be corrected: whoever keeps its shipment locks that first. */
export interface IntakeCorrectionBegun {
  readonly shipmentId: string;
}

/** Told in the transaction that corrects an intake. */
export interface IntakeCorrected {
  readonly lotId: string;
  readonly shipmentId: string;
  readonly shipmentLineId: string;
  /** What came in more than was written down; fewer than none where it was less. */
  readonly units: number;
  readonly reasonCode: DiscrepancyReason;
}

/** Corrects what was written down when goods came in. */
@Injectable()
export class IntakeService {
  constructor(
    private readonly database: Database,
    private readonly lots: LotService,
    private readonly shelves: ShelfService,
    private readonly facts: Facts,
  ) {}

  /** Says that another number came in. The shipment's line follows in the same transaction. */
  async correct(context: RequestContext, input: CorrectIntakeInput): Promise<Lot | Refusal> {
    const { idempotencyKey: key, lotId, reason, reasonCode } = input;
    const command = { actor: context.actor, action: 'correctIntake', key, input, reason };
    const done = await this.database.write(command, async (tx) => {
      const [known] = await this.lots.find(tx, [lotId]);
      if (!known) throw notFound('input.lotId', 'lot');
      const { shipmentId, shipmentLineId } = known;
      await this.facts.tell(tx, 'lot.intakeCorrectionBegun', { shipmentId } satisfies IntakeCorrectionBegun);
      const { lot, shelves } = await this.shelves.lockAll(tx, lotId, input.siteId);
      const { receivedUnits } = await this.lots.cameIn(tx, lotId);
      const moves = correctIntake({ receivedUnits, condition: lot.condition, shelves }, input.receivedUnits);
      if (isRefusal(moves)) throw new Rejected(moves);
      const units = input.receivedUnits - receivedUnits;
      if (units !== 0) {
        await this.shelves.move(tx, { cause: 'INTAKE_CORRECTED', causeId: shipmentId, reason, reasonCode }, moves);
        const fact: IntakeCorrected = { lotId, shipmentId, shipmentLineId, units, reasonCode };
        await this.facts.tell(tx, 'lot.intakeCorrected', fact);
      }
      return { lotId, units };
    });
    return isRefusal(done) ? done : this.lots.fresh(context, done.lotId);
  }
}
