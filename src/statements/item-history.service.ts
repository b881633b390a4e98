import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import { Database } from '../platform/database.js';
import { badInput } from '../platform/rejection.js';
import { ItemHistoryRepository } from './item-history.repository.js';
import { MOST_PERIODS, mostPeriods, type PeriodLength } from './item-history.rules.js';
import type { ItemHistoryType } from './item-history.types.js';
import type { Period } from './period.rules.js';

/** What went on with items. */
@Injectable()
export class ItemHistoryService {
  constructor(
    private readonly database: Database,
    private readonly histories: ItemHistoryRepository,
    private readonly items: ItemService,
  ) {}

  /**
   * What went on with an item, period by period.
   * @throws BAD_USER_INPUT for a code that there is not, and where there would be too many periods
   */
  history(itemCode: string, period: Period, by: PeriodLength): Promise<ItemHistoryType> {
    if (mostPeriods(period, by) > MOST_PERIODS)
      throw badInput('to', `to: more than ${MOST_PERIODS} periods: ask for fewer days, or longer periods`);
    return this.database.read(async (reader) => {
      const [item] = await this.items.byCodesIn(reader, 'itemCode', [itemCode]);
      const periods = await this.histories.periods(reader, item!.id, period, by);
      return { itemId: item!.id, timeZone: period.timeZone, periods };
    });
  }
}
