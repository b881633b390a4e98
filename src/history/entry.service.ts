import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf, type PageArgs } from '../platform/graphql/connection.js';
import type { StockEntry } from '../stock/stock.entity.js';
import { EntryRepository } from './entry.repository.js';
import { type EntryFilter, kindOf } from './entry.rules.js';
import type { StockEntryType } from './entry.types.js';

/** Shows the ledger. */
@Injectable()
export class EntryService {
  constructor(
    private readonly database: Database,
    private readonly entries: EntryRepository,
    private readonly items: ItemService,
  ) {}

  /** Entries of the ledger, the newest first. */
  list(asked: EntryFilter, args: PageArgs): Promise<Connection<StockEntryType>> {
    const page = pageOf(args, 'stockEntries', ['instant', 'id']);
    return this.database.read(async (reader) => {
      const codes = asked.itemCodes;
      const items = codes && (await this.items.byCodesIn(reader, 'filter.itemCodes', codes));
      const filter = items ? { ...asked, itemCodes: items.map((item) => item.code) } : asked;
      const { rows, count } = await this.entries.page(reader, filter, page);
      const keyOf = ({ recordedAt, id }: StockEntryType) => [recordedAt.toISOString(), id];
      return connect('stockEntries', page, { rows: rows.map(shown), keyOf, count });
    });
  }
}

function shown(entry: StockEntry): StockEntryType {
  return {
    ...entry,
    fromUnitsBefore: entry.fromUnitsAfter + entry.units,
    toUnitsBefore: entry.toUnitsAfter - entry.units,
    causeKind: kindOf(entry.cause),
    recordedAt: entry.at,
  };
}
