import { Injectable } from '@nestjs/common';
import type { RecipientClaim } from '../engine/problem.js';
import type { Tx } from '../platform/database.js';
import { assertKnown } from '../platform/known.js';
import { isRefusal, type Refusal } from '../platform/rejection.js';
import { ShipmentService } from '../shipments/shipment.service.js';
import { ItemService } from '../catalogue/item.service.js';
import { LotService } from '../stock/lot.service.js';
import { SiteService } from '../stock/site.service.js';
import type { AvailableLot } from '../stock/lot.repository.js';
import { groupsThatMatter, recipientsOf, type Terms } from './claim.rules.js';
import { ClaimService } from './claim.service.js';
import type { Choice } from './plan.entity.js';
import type { PreviewAllocationInput } from './preview.types.js';

/** The stock and the recipients that a choice comes to, at this moment. */
export interface Chosen {
  readonly stock: AvailableLot[];
  /** As the engine is given them; none where nobody who was chosen is active. */
  readonly recipients: RecipientClaim[];
}

/** Finds what a coordinator chose to split, and among whom. */
@Injectable()
export class ChoiceService {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
    private readonly shipments: ShipmentService,
    private readonly claims: ClaimService,
    private readonly sites: SiteService,
  ) {}

  /**
   * The choice as filters that can be read again.
   * @throws NOT_FOUND for an id that names nothing: a slip must not shrink a split in silence
   * @returns a refusal for an unknown item code
   */
  async of(tx: Tx, input: Pick<PreviewAllocationInput, 'stock' | 'recipients'>): Promise<Choice | Refusal> {
    const { itemCodes, shipmentIds = null, lotIds = null, siteIds = null } = input.stock ?? {};
    const { groupIds = null, recipientIds = null } = input.recipients ?? {};
    const items = itemCodes ? await this.items.byCodes(tx, itemCodes) : null;
    if (isRefusal(items)) return items;
    await assertKnown('input.stock.shipmentIds', 'shipment', shipmentIds, (ids) => this.shipments.unknown(tx, ids));
    await assertKnown('input.stock.lotIds', 'lot', lotIds, (ids) => this.lots.unknown(tx, ids));
    await assertKnown('input.stock.siteIds', 'site', siteIds, (ids) => this.sites.unknown(tx, ids));
    await this.claims.assertKnown(tx, { groupIds, recipientIds });
    const stock = { itemIds: items && items.map((item) => item.id), shipmentIds, lotIds, siteIds };
    return { stock, recipients: { groupIds, recipientIds } };
  }

  /**
   * What the choice comes to now, as far as the terms ask. With `lock`, none of it can change until the transaction
   * ends: people come first, then what they need, then stock.
   */
  async chosen(tx: Tx, choice: Choice, terms: Terms, lock: boolean): Promise<Chosen> {
    const found = await this.claims.gather(tx, choice.recipients, terms, lock);
    const stock = await this.lots.available(tx, choice.stock, lock);
    const groupIds = groupsThatMatter(stock, choice.recipients.groupIds);
    const circumstances = await this.claims.withGroups(tx, found, groupIds);
    return { stock, recipients: recipientsOf(circumstances, stock, terms) };
  }
}
