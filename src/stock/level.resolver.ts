import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, MaxLength } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { LevelService } from './level.service.js';
import { StockLevelType } from './level.types.js';

@ArgsType()
class StockArgs {
  @Field(() => [String], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;
}

@Resolver(() => StockLevelType)
export class LevelResolver {
  constructor(
    private readonly stock: LevelService,
    private readonly items: ItemService,
  ) {}

  @Query(() => [StockLevelType], {
    name: 'stock',
    description: 'Stock by item: of the codes given, or of everything that ever had stock.',
  })
  @AllowedTo(...OVERSIGHT)
  levels(@Args(CheckedArgs) { itemCodes }: StockArgs): Promise<StockLevelType[]> {
    return this.stock.levels(itemCodes);
  }

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() level: StockLevelType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, level.itemId);
  }
}
