import { Args, Query, Resolver } from '@nestjs/graphql';
import { ANYONE } from '../access/access.rules.js';
import { AllowedTo } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { ItemService } from './item.service.js';
import { ItemConnection, ItemType } from './item.types.js';

@Resolver(() => ItemType)
export class ItemResolver {
  constructor(private readonly items: ItemService) {}

  @Query(() => ItemConnection, { name: 'items', description: 'The catalogue.' })
  @AllowedTo(...ANYONE)
  list(@Args(CheckedArgs) page: PageArgs): Promise<Connection<ItemType>> {
    return this.items.list(page);
  }
}
