import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import type { LotChangeType } from '../warehouse/lot-correction.types.js';
import { ChangeRepository } from './change.repository.js';
import type { LotChangeFilterInput } from './change.types.js';

/** Shows what of lots turned out to be otherwise. */
@Injectable()
export class ChangeService {
  constructor(
    private readonly database: Database,
    private readonly changes: ChangeRepository,
    private readonly items: ItemService,
  ) {}

  /** Changes of lots, the newest first; those of a lot that changed its item are found under both items. */
  list({ itemCodes, ...filter }: LotChangeFilterInput, args: PageArgs): Promise<Connection<LotChangeType>> {
    const page = pageOf(args, 'lotChanges');
    return this.database.read(async (reader) => {
      const items = itemCodes && (await this.items.byCodesIn(reader, 'filter.itemCodes', itemCodes));
      const itemIds = items?.map(({ id }) => id);
      return connect('lotChanges', page, await this.changes.page(reader, { ...filter, itemIds }, page));
    });
  }
}
