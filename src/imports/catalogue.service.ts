import { Injectable } from '@nestjs/common';
import { ItemService } from '../catalogue/item.service.js';
import { LARGEST_PAGE } from '../platform/graphql/connection.js';
import { ItemFinder, type KnownItem } from './item-names.rules.js';

/** The catalogue as a file's items are looked up in it: short, and read once an import. */
@Injectable()
export class CatalogueService {
  constructor(private readonly items: ItemService) {}

  async finder(): Promise<ItemFinder> {
    const found: KnownItem[] = [];
    for (let after: string | null = null, more = true; more;) {
      // oxlint-disable-next-line no-await-in-loop -- a page begins where the one before ended
      const { nodes, pageInfo } = await this.items.list({}, { first: LARGEST_PAGE, after });
      found.push(...nodes);
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    return new ItemFinder(found);
  }
}
