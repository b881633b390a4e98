import { Injectable } from '@nestjs/common';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { DonorService } from '../donors/donor.service.js';
import { know } from '../platform/graphql/loader.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { ShipmentService } from '../shipments/shipment.service.js';
import { LotService } from '../stock/lot.service.js';
import type { DistributionType } from './distribution.types.js';
import type { Relation } from './page.rules.js';

const idOf = (row: { readonly id: string }): string => row.id;

/** The rows beside the lines of history, told to the rooms that they are of. */
@Injectable()
export class NeighbourService {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
    private readonly donors: DonorService,
    private readonly shipments: ShipmentService,
    private readonly recipients: RecipientService,
  ) {}

  /** Whoever asks one of these rows for another, as for the donor of a lot, finds it without another statement. */
  know(context: RequestContext, rows: readonly DistributionType[], relations: readonly Relation[]): void {
    if (relations.includes('item'))
      know(
        context,
        this.items.byIds,
        idOf,
        rows.map(({ item }) => item),
      );
    if (relations.includes('lot'))
      know(
        context,
        this.lots.byIds,
        idOf,
        rows.map(({ lot }) => lot),
      );
    if (relations.includes('donor'))
      know(
        context,
        this.donors.byIds,
        idOf,
        rows.map(({ donor }) => donor),
      );
    if (relations.includes('shipment'))
      know(
        context,
        this.shipments.byIds,
        idOf,
        rows.map(({ shipment }) => shipment),
      );
    if (relations.includes('recipient'))
      know(
        context,
        this.recipients.byIds,
        idOf,
        rows.map(({ recipient }) => recipient),
      );
  }
}
