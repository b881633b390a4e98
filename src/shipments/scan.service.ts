import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { GtinService } from '../catalogue/gtin.service.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { ItemService } from '../catalogue/item.service.js';
import { Database, type Tx } from '../platform/database.js';
import { badInput, isRefusal, Rejected, type Refusal } from '../platform/rejection.js';
import { ReceptionService } from './reception.service.js';
import {
  addUp,
  matchLines,
  overfullLine,
  type Scan,
  type ScannedUnits,
  scanFault,
  scannedTwice,
  unexpectedScan,
  unitsOf,
  unknownGtin,
} from './scan.rules.js';
import type { LogScannedDonationInput, ReceiveScansInput, ScanInput } from './scan.types.js';
import type { Shipment } from './shipment.entity.js';
import { assertOneGiver, ShipmentService } from './shipment.service.js';
import type { DonationLineInput } from './shipment.types.js';

/** Takes goods in by their barcodes. What they say goes the way of everything that is written by hand. */
@Injectable()
export class ScanService {
  constructor(
    private readonly database: Database,
    private readonly gtins: GtinService,
    private readonly items: ItemService,
    private readonly shipments: ShipmentService,
    private readonly receptions: ReceptionService,
  ) {}

  /** Writes down a gift that is here, as it was scanned. */
  async logDonation(context: RequestContext, input: LogScannedDonationInput): Promise<Shipment | Refusal> {
    assertOneGiver(input);
    const scans = this.read(input.scans);
    const command = { actor: context.actor, action: 'logScannedDonation', key: input.idempotencyKey, input };
    const done = await this.database.write(command, async (tx) => {
      const lines = await this.asLines(tx, await this.unitsIn(tx, scans));
      return this.shipments.logIn(tx, context, { ...input, lines });
    });
    return isRefusal(done) ? done : this.shipments.get(done.shipmentId);
  }

  /** Counts what arrived of a consignment, as it was scanned. */
  async receive(context: RequestContext, input: ReceiveScansInput): Promise<Shipment | Refusal> {
    const scans = this.read(input.scans);
    const { actor } = context;
    const { idempotencyKey: key, discrepancyReason: reason } = input;
    const done = await this.database.write({ actor, action: 'receiveScans', key, input, reason }, async (tx) => {
      const lines = await this.receptions.expected(tx, input.shipmentId);
      const { counts, strays } = matchLines(await this.unitsIn(tx, scans), lines);
      if (strays[0] && !input.acceptUnannounced) throw new Rejected(unexpectedScan(strays[0]));
      const beyond = await this.asLines(tx, strays);
      const unannounced = beyond.map(({ units, ...line }) => ({ ...line, acceptedUnits: units, rejectedUnits: 0 }));
      if (overfullLine(counts, lines, MOST_UNITS_A_LINE))
        throw badInput('input.scans', `input.scans: a line would hold more than ${MOST_UNITS_A_LINE} units`);
      const received = counts.map(({ units, ...count }) => ({ ...count, acceptedUnits: units, rejectedUnits: 0 }));
      return this.receptions.receiveIn(tx, { ...input, counts: received, unannounced });
    });
    return isRefusal(done) ? done : this.shipments.get(done.shipmentId);
  }

  /** What was scanned, as somebody would write it down who reads the boxes. */
  private async asLines(tx: Tx, scanned: readonly ScannedUnits[]): Promise<DonationLineInput[]> {
    const items = await this.items.byIdsIn(tx, [...new Set(scanned.map(({ itemId }) => itemId))]);
    const codeOf = new Map(items.map(({ id, code }) => [id, code]));
    return scanned.map(({ itemId, units, unitsPerPack, lotNumber, expiresOn }) => ({
      itemCode: codeOf.get(itemId)!,
      units,
      unitsPerPack,
      lotNumber,
      expiresOn,
    }));
  }

  /** @throws BAD_USER_INPUT with the place of a code that cannot be read, or of what contradicts it */
  private read(asked: readonly ScanInput[]): Scan[] {
    return asked.map(({ code, packs = null, units = null }, place) => {
      const field = `input.scans.${place}`;
      const { gtin, ...reading } = this.gtins.read(`${field}.code`, code);
      if (gtin === null) throw badInput(`${field}.code`, `${field}.code: has no GTIN (01 or 02)`);
      const scan = { ...reading, gtin, place, packs, units };
      const fault = scanFault(scan);
      if (fault) throw badInput(`${field}.${fault.field}`, `${field}.${fault.field}: ${fault.why}`);
      return scan;
    });
  }

  /** What was scanned, in single units of items, added up by lot. @throws the refusal of a scan that cannot be taken */
  private async unitsIn(tx: Tx, scans: readonly Scan[]): Promise<ScannedUnits[]> {
    const twice = scannedTwice(scans);
    if (twice) throw new Rejected(twice);
    const known = await this.gtins.known(tx, [...new Set(scans.map(({ gtin }) => gtin))]);
    const scanned = scans.map((scan): ScannedUnits => {
      const facts = known.get(scan.gtin);
      if (!facts) throw new Rejected(unknownGtin(scan.place, scan.gtin));
      const { itemId, unitsPerPack } = facts;
      return { ...scan, itemId, unitsPerPack, units: unitsOf(scan, unitsPerPack) };
    });
    const sums = addUp(scanned);
    const heavy = sums.find(({ units }) => units > MOST_UNITS_A_LINE);
    if (heavy) {
      const field = `input.scans.${heavy.place}`;
      throw badInput(field, `${field}: with others of its lot makes more than ${MOST_UNITS_A_LINE} units`);
    }
    return sums;
  }
}
