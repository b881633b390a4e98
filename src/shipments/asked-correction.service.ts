import { Injectable } from '@nestjs/common';
import { DonorService } from '../donors/donor.service.js';
import type { Tx } from '../platform/database.js';
import { badInput, notFound } from '../platform/rejection.js';
import type { LineFacts, ShipmentFacts } from './correction.rules.js';
import type { CorrectedLineInput, CorrectShipmentInput } from './correction.types.js';
import { LineService } from './line.service.js';
import type { ShipmentLine } from './shipment.entity.js';

/** A line, and what is asked to be known of it instead. */
export interface AskedLine {
  readonly line: ShipmentLine;
  readonly asked: Partial<LineFacts>;
}

/** What somebody asks to be known of a shipment instead; what is left out stays as it is. */
export interface AskedCorrection {
  readonly asked: Partial<ShipmentFacts>;
  readonly lines: readonly AskedLine[];
}

/** Reads what a correction asks: codes and names become ids, and what is unknown is refused. */
@Injectable()
export class AskedCorrectionService {
  constructor(
    private readonly donors: DonorService,
    private readonly lines: LineService,
  ) {}

  /**
   * @param known the lines of the shipment
   * @throws NOT_FOUND for a donor, line or group that is none, by its field
   * @throws the refusal of an unknown item code
   */
  async of(tx: Tx, input: CorrectShipmentInput, known: readonly ShipmentLine[]): Promise<AskedCorrection> {
    const { donorId, reference, carrier, trackingNumber, expectedOn } = input;
    if (donorId != null && !(await this.donors.exists(tx, donorId))) throw notFound('input.donorId', 'donor');
    const asked = {
      ...(donorId != null && { donorId }),
      ...(reference != null && { reference: reference.trim() }),
      ...(carrier !== undefined && { carrier }),
      ...(trackingNumber !== undefined && { trackingNumber }),
      ...(expectedOn !== undefined && { expectedOn }),
    };
    return { asked, lines: await this.ofLines(tx, input.lines ?? [], known) };
  }

  private async ofLines(
    tx: Tx,
    asked: readonly CorrectedLineInput[],
    known: readonly ShipmentLine[],
  ): Promise<AskedLine[]> {
    const lineOf = new Map(known.map((line) => [line.id, line]));
    const seen = new Set<string>();
    for (const [i, { lineId }] of asked.entries()) {
      const field = `input.lines.${i}.lineId`;
      if (!lineOf.has(lineId)) throw notFound(field, 'line of this shipment');
      if (seen.has(lineId)) throw badInput(field, `${field}: this line is corrected twice`);
      seen.add(lineId);
    }
    const itemIds = await this.lines.itemIdsOf(tx, asked);
    const earmarks = await this.lines.earmarksOf(tx, asked, 'input.lines');
    return asked.map(({ lineId, announcedUnits, unitsPerPack, earmark }, i) => ({
      line: lineOf.get(lineId)!,
      asked: {
        ...(itemIds[i] != null && { itemId: itemIds[i] }),
        ...(announcedUnits != null && { announcedUnits }),
        ...(unitsPerPack !== undefined && { unitsPerPack }),
        ...(earmark !== undefined && { earmark: earmarks[i]! }),
      },
    }));
  }
}
