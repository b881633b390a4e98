import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database.js';
import { isRefusal, notFound, type Refusal } from '../platform/rejection.js';
import { GroupService } from '../recipients/group.service.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { ShipmentService } from '../shipments/shipment.service.js';
import { ItemService } from '../stock/item.service.js';
import { LotService } from '../stock/lot.service.js';
import type { AvailableLot } from '../stock/lot.repository.js';
import type { Choice } from './plan.entity.js';
import type { PreviewAllocationInput } from './plan.types.js';

/** The stock and the recipients that a choice comes to, at this moment. */
export interface Chosen {
  readonly stock: AvailableLot[];
  readonly recipientIds: string[];
}

/** Finds what a coordinator chose to split, and among whom. */
@Injectable()
export class ChoiceService {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
    private readonly shipments: ShipmentService,
    private readonly recipients: RecipientService,
    private readonly groups: GroupService,
  ) {}

  /**
   * The choice as filters that can be read again.
   * @throws NOT_FOUND for an id that names nothing: a slip must not shrink a split in silence
   * @returns a refusal for an unknown item code
   */
  async of(
    tx: Tx,
    { stock, recipients }: Pick<PreviewAllocationInput, 'stock' | 'recipients'>,
  ): Promise<Choice | Refusal> {
    const items = stock?.itemCodes ? await this.items.byCodes(tx, stock.itemCodes) : null;
    if (isRefusal(items)) return items;
    const assertAll = (field: string, what: string, ids: string[] | null | undefined, unknown: string[]): void => {
      if (unknown.length > 0) throw notFound(`input.${field}.${ids!.indexOf(unknown[0]!)}`, what);
    };
    assertAll(
      'stock.shipmentIds',
      'shipment',
      stock?.shipmentIds,
      await this.shipments.unknown(tx, stock?.shipmentIds ?? []),
    );
    assertAll('stock.lotIds', 'lot', stock?.lotIds, await this.lots.unknown(tx, stock?.lotIds ?? []));
    assertAll(
      'recipients.groupIds',
      'group',
      recipients?.groupIds,
      await this.groups.unknown(tx, recipients?.groupIds ?? []),
    );
    assertAll(
      'recipients.recipientIds',
      'recipient',
      recipients?.recipientIds,
      await this.recipients.unknown(tx, recipients?.recipientIds ?? []),
    );
    return {
      stock: {
        itemIds: items && items.map((item) => item.id),
        shipmentIds: stock?.shipmentIds ?? null,
        lotIds: stock?.lotIds ?? null,
      },
      recipients: { groupIds: recipients?.groupIds ?? null, recipientIds: recipients?.recipientIds ?? null },
    };
  }

  /** What the choice comes to now. With `lock`, none of it can change until the transaction ends. */
  async chosen(tx: Tx, choice: Choice, lock: boolean): Promise<Chosen> {
    const recipients = await this.recipients.candidates(tx, choice.recipients, lock);
    const stock = await this.lots.available(tx, choice.stock, lock);
    return { stock, recipientIds: recipients.map(({ id }) => id) };
  }
}
