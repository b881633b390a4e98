import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import type { Tx } from '../platform/database.js';
import { assertKnown } from '../platform/known.js';
import { isRefusal, type Refusal } from '../platform/rejection.js';
import { ShipmentService } from '../shipments/shipment.service.js';
import type { AvailableLot } from '../stock/lot.repository.js';
import { LotService } from '../stock/lot.service.js';
import { SiteService } from '../stock/site.service.js';
import type { Choice } from './plan.entity.js';
import type { StockChoice } from './preview.types.js';

/** Finds the stock that a coordinator chose to split. */
@Injectable()
export class StockChoiceService {
  constructor(
    private readonly items: ItemService,
    private readonly shipments: ShipmentService,
    private readonly lots: LotService,
    private readonly sites: SiteService,
  ) {}

  /**
   * The choice as filters that can be read again.
   * @throws NOT_FOUND for an id that names nothing
   * @returns a refusal for an unknown item code
   */
  async of(tx: Tx, asked: StockChoice | null | undefined): Promise<Choice['stock'] | Refusal> {
    const { itemCodes, shipmentIds = null, lotIds = null, siteIds = null } = asked ?? {};
    const items = itemCodes ? await this.items.byCodes(tx, itemCodes) : null;
    if (isRefusal(items)) return items;
    await assertKnown('input.stock.shipmentIds', 'shipment', shipmentIds, (ids) => this.shipments.unknown(tx, ids));
    await assertKnown('input.stock.lotIds', 'lot', lotIds, (ids) => this.lots.unknown(tx, ids));
    await assertKnown('input.stock.siteIds', 'site', siteIds, (ids) => this.sites.unknown(tx, ids));
    return { itemIds: items && items.map((item) => item.id), shipmentIds, lotIds, siteIds };
  }

  /** What of it is free; `lock` keeps it so until the transaction ends. */
  available(tx: Tx, choice: Choice['stock'], lock: boolean): Promise<AvailableLot[]> {
    return this.lots.available(tx, choice, lock);
  }
}
