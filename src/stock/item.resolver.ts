import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, MaxLength } from 'class-validator';
import { ANYONE, OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { ItemService } from './item.service.js';
import { ItemConnection, ItemType, StockLevelType } from './item.types.js';

@ArgsType()
class StockArgs {
  @Field(() => [String], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;
}

@Resolver(() => StockLevelType)
export class StockResolver {
  constructor(private readonly items: ItemService) {}

  @Query(() => ItemConnection, { name: 'items', description: 'The catalogue.' })
  @AllowedTo(...ANYONE)
  list(@Args(CheckedArgs) page: PageArgs): Promise<Connection<ItemType>> {
    return this.items.list(page);
  }

  @Query(() => [StockLevelType], {
    description: 'Stock by item: of the codes given, or of everything that ever had stock.',
  })
  @AllowedTo(...OVERSIGHT)
  stock(@Args(CheckedArgs) { itemCodes }: StockArgs): Promise<StockLevelType[]> {
    return this.items.levels(itemCodes);
  }

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() level: StockLevelType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, level.itemId);
  }
}
