import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { Database, type Tx } from '../platform/database.js';
import { badInput, isRefusal, notFound, type Refusal } from '../platform/rejection.js';
import { type AskedCorrection, AskedCorrectionService } from './asked-correction.service.js';
import { CorrectedLotsService } from './corrected-lots.service.js';
import { correctionsOf, factsForLots, type LineFacts, type ShipmentFacts } from './correction.rules.js';
import type { CorrectShipmentInput } from './correction.types.js';
import type { Shipment } from './shipment.entity.js';
import { type NewChange, ShipmentLogRepository } from './shipment-log.repository.js';
import { ShipmentRepository } from './shipment.repository.js';

/** Corrects what was written down of a shipment. What was known before is kept, and everything that came of it follows. */
@Injectable()
export class CorrectionService {
  constructor(
    private readonly database: Database,
    private readonly shipments: ShipmentRepository,
    private readonly log: ShipmentLogRepository,
    private readonly asking: AskedCorrectionService,
    private readonly lots: CorrectedLotsService,
  ) {}

  /** @throws BAD_USER_INPUT where nothing is otherwise than is known */
  async correct(context: RequestContext, input: CorrectShipmentInput): Promise<Shipment | Refusal> {
    const command = {
      actor: context.actor,
      action: 'correctShipment',
      key: input.idempotencyKey,
      // Null clears a fact, and what is left out stays: under one key they are two inputs.
      input: { ...input, cleared: clearedBy(input) },
      reason: input.reason,
    };
    const done = await this.database.write(command, async (tx) => {
      const shipment = await this.shipments.lock(tx, input.shipmentId);
      if (!shipment) throw notFound('input.shipmentId', 'shipment');
      const known = await this.shipments.linesOf(tx, [shipment.id]);
      const correction = await this.asking.of(tx, input, known);
      await this.write(tx, shipment, correction, input);
      const { asked, lines } = correction;
      const renumberedIds = await this.lots.follow(tx, {
        lineIds: known.map(({ id }) => id),
        ...(asked.donorId !== undefined && asked.donorId !== shipment.donorId && { donorId: asked.donorId }),
        ofLine: new Map(lines.map(({ line, asked: facts }) => [line.id, factsForLots(line, facts)])),
        reason: input.reason,
        reasonCode: input.reasonCode,
      });
      return { shipmentId: shipment.id, renumberedIds };
    });
    if (isRefusal(done)) return done;
    await this.lots.settle(context.actor, done.renumberedIds);
    // What the request has read of its lots before may not be so any more.
    context.loaders.clear();
    return (await this.database.read((reader) => this.shipments.byIds(reader, [done.shipmentId])))[0]!;
  }

  private async write(
    tx: Tx,
    shipment: Shipment,
    { asked, lines }: AskedCorrection,
    { reasonCode, reason }: CorrectShipmentInput,
  ): Promise<void> {
    const why = { shipmentId: shipment.id, reasonCode, reason };
    const changes: NewChange[] = [
      ...correctionsOf<ShipmentFacts>(shipment, asked).map((change) => ({ ...change, ...why, lineId: null })),
      ...lines.flatMap(({ line, asked: facts }) =>
        correctionsOf<LineFacts>(line, facts).map((change) => ({ ...change, ...why, lineId: line.id })),
      ),
    ];
    if (changes.length === 0) throw badInput('input', 'input: all of this is known already');
    await this.shipments.updateFacts(tx, shipment.id, { ...shipment, ...asked });
    await this.shipments.updateLineFacts(
      tx,
      lines.map(({ line, asked: facts }) => ({ ...line, ...facts })),
    );
    await this.log.appendChanges(tx, changes);
    await this.shipments.explain(tx, shipment.id, reasonCode);
  }
}

function clearedBy({ lines, ...ofShipment }: CorrectShipmentInput): string[] {
  const cleared = (above: string, facts: object): string[] =>
    Object.entries(facts).flatMap(([name, value]) => (value === null ? [`${above}${name}`] : []));
  return [...cleared('', ofShipment), ...(lines ?? []).flatMap((line, i) => cleared(`lines.${i}.`, line))];
}
