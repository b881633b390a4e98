import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { MaxLength } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { declareCost } from '../platform/graphql/limits.js';
import type { PeriodLength } from './item-history.rules.js';
import { ItemHistoryService } from './item-history.service.js';
import { ItemHistoryType, PeriodLengthEnum } from './item-history.types.js';
import { PeriodArgs, periodOf } from './period.types.js';

// It adds up all that has moved of the item since the first day.
declareCost('itemHistory', 2500);

@ArgsType()
class ItemHistoryArgs extends PeriodArgs {
  @Field(() => String, { description: 'A code of the catalogue; case makes no difference.' })
  @MaxLength(100)
  itemCode: string;

  @Field(() => PeriodLengthEnum, { description: 'How long the periods are.' })
  by: PeriodLength;
}

@Resolver(() => ItemHistoryType)
export class ItemHistoryResolver {
  constructor(
    private readonly histories: ItemHistoryService,
    private readonly items: ItemService,
  ) {}

  @Query(() => ItemHistoryType, {
    description:
      'What came in of an item, what was given, lost and thrown away, and what was on hand, period by period.',
  })
  @AllowedTo(...OVERSIGHT)
  itemHistory(@Args(CheckedArgs) args: ItemHistoryArgs): Promise<ItemHistoryType> {
    return this.histories.history(args.itemCode, periodOf(args), args.by);
  }

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() { itemId }: ItemHistoryType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, itemId);
  }
}
