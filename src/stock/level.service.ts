import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import { Database } from '../platform/database.js';
import { LevelRepository } from './level.repository.js';
import type { StockLevelType } from './level.types.js';

/** How much of what is where. */
@Injectable()
export class LevelService {
  constructor(
    private readonly database: Database,
    private readonly items: ItemService,
    private readonly stock: LevelRepository,
  ) {}

  /** Stock by item: of the codes given, or of everything that ever had stock. */
  levels(itemCodes: readonly string[] | null | undefined): Promise<StockLevelType[]> {
    return this.database.read(async (reader) => {
      const items = itemCodes ? await this.items.byCodesIn(reader, 'itemCodes', itemCodes) : null;
      return this.stock.levels(reader, items && items.map((item) => item.id));
    });
  }
}
