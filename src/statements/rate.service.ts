import { Injectable } from '@nestjs/common';
import { onlyOwn, seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { Database, type Reader } from '../platform/database.js';
import { RequestFault } from '../platform/rejection.js';
import { type FillRow, RateRepository } from './rate.repository.js';
import { type FillRateFilter, fillRateOf, MOST_ROWS, type WaitingDimension, type WaitingFilter } from './rate.rules.js';
import type { FillRateRowType, FillRateType, WaitingTimeRowType } from './rate.types.js';

function assertFew(rows: readonly unknown[]): void {
  if (rows.length > MOST_ROWS)
    throw new RequestFault(
      'TOO_COMPLEX',
      `The answer has more than ${MOST_ROWS} rows: filter it, or ask for fewer dimensions.`,
    );
}

function shown(row: FillRow): FillRateRowType {
  return { ...row, rate: fillRateOf(row) };
}

/** What part of claims was met, and how long gifts took. */
@Injectable()
export class RateService {
  constructor(
    private readonly database: Database,
    private readonly rates: RateRepository,
    private readonly items: ItemService,
  ) {}

  /** What part of the claims on committed plans was met, by item and month. */
  fillRate(filter: FillRateFilter): Promise<FillRateType> {
    return this.database.read(async (reader) => {
      const rows = await this.rates.fill(reader, await this.spelled(reader, filter));
      assertFew(rows);
      const of = (hasItem: boolean, hasMonth: boolean): FillRateRowType[] =>
        rows
          .filter(({ itemId, month }) => (itemId !== null) === hasItem && (month !== null) === hasMonth)
          .map((row) => shown(row));
      return {
        overall: of(false, false)[0]!,
        byItem: of(true, false),
        byMonth: of(false, true),
        byItemAndMonth: of(true, true),
      };
    });
  }

  /** How long gifts took; a donor is told of her own, where figures point at nobody. */
  waitingTime(
    { viewer }: RequestContext,
    asked: WaitingFilter,
    by: readonly WaitingDimension[],
  ): Promise<WaitingTimeRowType[]> {
    const all = seesEverything(viewer);
    return this.database.read(async (reader) => {
      const spelled = await this.spelled(reader, asked);
      const filter = all ? spelled : { ...spelled, donorIds: onlyOwn(viewer.subjectId, asked.donorIds) };
      const rows = await this.rates.waiting(reader, filter, by, all);
      assertFew(rows);
      const nothing = { itemId: null, donorId: null, month: null };
      return rows.map((row) => ({ ...nothing, ...row }) as WaitingTimeRowType);
    });
  }

  private async spelled<Filter extends { readonly itemCodes?: readonly string[] | null }>(
    reader: Reader,
    filter: Filter,
  ): Promise<Filter> {
    if (!filter.itemCodes) return filter;
    const items = await this.items.byCodesIn(reader, 'filter.itemCodes', filter.itemCodes);
    return { ...filter, itemCodes: items.map(({ code }) => code) };
  }
}
