import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import { Clock, dayOf } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { connect, type Connection, pageOf } from '../platform/graphql/connection.js';
import { ExpiryRepository } from './expiry.repository.js';
import { dayAfter } from './expiry.rules.js';
import type { ExpiringArgs, ExpiringLotType } from './expiry.types.js';

/** What must be used soon, and what must not be used any more. */
@Injectable()
export class ExpiryService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly items: ItemService,
    private readonly lots: ExpiryRepository,
  ) {}

  /** The day that splits go by, `YYYY-MM-DD`, UTC. */
  today(): string {
    return dayOf(this.clock.now());
  }

  /** Lots in our hands that expire within so many days or have expired, the first to expire first. */
  expiring({ withinDays, siteIds, itemCodes, ...args }: ExpiringArgs): Promise<Connection<ExpiringLotType>> {
    const page = pageOf(args, 'expiring', ['day', 'id']);
    return this.database.read(async (reader) => {
      const items = itemCodes ? await this.items.byCodesIn(reader, 'itemCodes', itemCodes) : null;
      const filter = {
        until: dayAfter(this.today(), withinDays),
        siteIds: siteIds ?? null,
        itemIds: items && items.map((item) => item.id),
      };
      return connect('expiring', page, await this.lots.page(reader, filter, page));
    });
  }
}
