import { Injectable } from '@nestjs/common';
import { DonorService } from '../donors/donor.service.js';
import type { DonorKind } from '../donors/donor.rules.js';
import { dayOf } from '../platform/clock.js';
import type { Tx } from '../platform/database.js';
import type { Shipment } from '../shipments/shipment.entity.js';
import { MOST_LINES } from '../shipments/shipment.rules.js';
import { type GiftLine, ShipmentService } from '../shipments/shipment.service.js';
import { CatalogueService } from './catalogue.service.js';
import { type CellFault, nameKey, type Values } from './cell.rules.js';
import { type DonationRow, donationOf, type KnownDonor, meantDonor, sameShipment } from './donation.rules.js';
import type { ItemFinder } from './item-names.rules.js';
import type { ImportCounts } from './report.rules.js';
import type { Outcome, Run } from './run.js';

/** The shipment to which the next row may add a line. */
interface OpenShipment {
  readonly shipment: Shipment;
  readonly donorId: string;
  readonly reference: string | null;
  readonly receivedOn: string;
  lines: number;
}

/** Takes in donations: donors, shipments, lots and stock. */
@Injectable()
export class DonationImport {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly donors: DonorService,
    private readonly shipments: ShipmentService,
  ) {}

  async begin(tx: Tx, counts: ImportCounts): Promise<Run<DonationRow>> {
    return new DonationRun(tx, counts, await this.catalogue.finder(), this.donors, this.shipments);
  }
}

class DonationRun implements Run<DonationRow> {
  private open: OpenShipment | null = null;

  constructor(
    private readonly tx: Tx,
    private readonly counts: ImportCounts,
    private readonly items: ItemFinder,
    private readonly donors: DonorService,
    private readonly shipments: ShipmentService,
  ) {}

  check(values: Values): DonationRow | CellFault[] {
    return donationOf(values, this.items, dayOf(this.tx.now));
  }

  async write(rows: readonly DonationRow[]): Promise<Outcome[]> {
    const donors = await this.donorsOf(rows);
    const fresh: Shipment[] = [];
    const gifts: GiftLine[] = [];
    for (const [i, row] of rows.entries()) {
      const donor = donors[i]!;
      if ('code' in donor) continue;
      const open = this.shipmentFor(row, donor.id, fresh);
      gifts.push({ ...row, shipment: open.shipment, position: open.lines++ });
      this.counts.importedUnits += row.units;
    }
    this.counts.newShipments += fresh.length;
    const lineIds = (await this.shipments.takeIn(this.tx, fresh, gifts)).values();
    return donors.map((donor) => ('code' in donor ? { faults: [donor] } : { recordId: lineIds.next().value! }));
  }

  async end(): Promise<void> {}

  /** The donor that each row means. Those whom nobody knows are registered, each once. */
  private async donorsOf(rows: readonly DonationRow[]): Promise<({ id: string } | CellFault)[]> {
    const known = new Map<string, KnownDonor[]>();
    const names = new Map(rows.map((row) => [nameKey(row.donor), row.donor]));
    for (const { asked, ...donor } of await this.donors.namesakes(this.tx, [...names.values()])) {
      known.set(nameKey(asked), [...(known.get(nameKey(asked)) ?? []), donor]);
    }
    const strangers: { donor: KnownDonor & { id: string }; row: DonationRow }[] = [];
    const meant = rows.map((row) => {
      const namesakes = known.get(nameKey(row.donor)) ?? [];
      const donor = meantDonor(row, namesakes);
      if (donor) return donor;
      const kind: DonorKind = row.donorKind ?? 'ORGANISATION';
      const stranger = { id: '', kind, email: row.donorEmail };
      known.set(nameKey(row.donor), [...namesakes, stranger]);
      strangers.push({ donor: stranger, row });
      return stranger;
    });
    const ids = await this.donors.createMany(
      this.tx,
      strangers.map(({ donor, row }) => ({
        name: row.donor,
        kind: donor.kind,
        country: row.donorCountry,
        email: row.donorEmail,
      })),
    );
    for (const [i, { donor }] of strangers.entries()) donor.id = ids[i]!;
    this.counts.newDonors += ids.length;
    return meant;
  }

  private shipmentFor(row: DonationRow, donorId: string, fresh: Shipment[]): OpenShipment {
    const asked = { donorId, reference: row.reference, receivedOn: row.receivedOn };
    if (this.open === null || this.open.lines === MOST_LINES || !sameShipment(this.open, asked)) {
      const shipment = this.shipments.received(this.tx, donorId, row.reference, row.receivedOn);
      fresh.push(shipment);
      this.open = { ...asked, shipment, lines: 0 };
    }
    return this.open;
  }
}
