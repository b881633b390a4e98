import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import type { Tx } from '../platform/database.js';
import { Facts } from '../platform/facts.js';
import { badInput } from '../platform/rejection.js';
import type { IntakeCorrected, IntakeCorrectionBegun } from '../warehouse/intake.service.js';
import { IntakeCorrectionRepository } from './intake-correction.repository.js';
import { ShipmentRepository } from './shipment.repository.js';

/** Has the lines of shipments follow when it turns out that another number came in. */
@Injectable()
export class IntakeCorrectionService implements OnModuleInit {
  constructor(
    private readonly facts: Facts,
    private readonly corrections: IntakeCorrectionRepository,
    private readonly shipments: ShipmentRepository,
  ) {}

  onModuleInit(): void {
    this.facts.on('lot.intakeCorrectionBegun', (tx, { shipmentId }: IntakeCorrectionBegun) =>
      this.corrections.lock(tx, shipmentId),
    );
    this.facts.on('lot.intakeCorrected', (tx, fact: IntakeCorrected) => this.follow(tx, fact));
  }

  private async follow(tx: Tx, { shipmentId, shipmentLineId, units, reasonCode }: IntakeCorrected): Promise<void> {
    const acceptedUnits = await this.corrections.addAccepted(tx, shipmentLineId, units);
    // Several lots may have come of one line.
    if (acceptedUnits > MOST_UNITS_A_LINE) {
      const message = `input.receivedUnits: the line would hold more than ${MOST_UNITS_A_LINE} units`;
      throw badInput('input.receivedUnits', message);
    }
    await this.shipments.explain(tx, shipmentId, reasonCode);
  }
}
