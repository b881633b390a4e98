import { Args, Context, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ANYONE, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput } from '../platform/graphql/checked.js';
import type { Connection } from '../platform/graphql/connection.js';
import type { Refusal } from '../platform/rejection.js';
import { CatalogueService } from './catalogue.service.js';
import {
  ItemArgs,
  ItemsArgs,
  RankSubstitutesInput,
  RankSubstitutesResult,
  RegisterItemInput,
  RegisterItemResult,
  ReviseItemInput,
  ReviseItemResult,
} from './catalogue.types.js';
import { ItemService } from './item.service.js';
import { ItemConnection, ItemType } from './item.types.js';
import { SubstituteService } from './substitute.service.js';

@Resolver(() => ItemType)
export class ItemResolver {
  constructor(
    private readonly items: ItemService,
    private readonly catalogue: CatalogueService,
    private readonly substitutes: SubstituteService,
  ) {}

  @Query(() => ItemType, { nullable: true, description: 'One item, by id or by code; null when there is none.' })
  @AllowedTo(...ANYONE)
  item(@Args(CheckedArgs) args: ItemArgs): Promise<ItemType | null> {
    return this.items.find(args);
  }

  @Query(() => ItemConnection, { name: 'items', description: 'The catalogue.' })
  @AllowedTo(...ANYONE)
  list(@Args(CheckedArgs) args: ItemsArgs): Promise<Connection<ItemType>> {
    return this.items.list(args, args);
  }

  @Mutation(() => RegisterItemResult, { description: 'Adds an item to the catalogue.' })
  @AllowedTo(...STAFF)
  registerItem(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RegisterItemInput,
  ): Promise<object | Refusal> {
    return this.catalogue.register(context, input);
  }

  @Mutation(() => ReviseItemResult, { description: 'Corrects name, standard or size of an item; never its code.' })
  @AllowedTo(...STAFF)
  reviseItem(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReviseItemInput,
  ): Promise<object | Refusal> {
    return this.catalogue.revise(context, input);
  }

  @Mutation(() => RankSubstitutesResult, {
    description:
      'Says what may be given in the place of an item. Previews that were made with substitutes before are stale.',
  })
  @AllowedTo(...STAFF)
  rankSubstitutes(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RankSubstitutesInput,
  ): Promise<object | Refusal> {
    return this.substitutes.rank(context, input);
  }

  @ResolveField('substitutes', () => [ItemType], {
    description: 'What may be given in its place to whoever accepts it, the best first.',
  })
  substitutesOf(item: ItemType, _args: unknown, context: RequestContext): Promise<ItemType[]> {
    return this.substitutes.of(context, item.id);
  }
}
