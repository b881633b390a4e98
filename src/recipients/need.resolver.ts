import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, MaxLength } from 'class-validator';
import { mayKnowRecipient, OVERSIGHT, seesEverything, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe, IsId } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { forbidden, type Refusal } from '../platform/rejection.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemCategoryEnum, ItemType } from '../catalogue/item.types.js';
import type { NeedStatus } from './need.rules.js';
import { NeedService } from './need.service.js';
import {
  NeedConnection,
  NeedStatusEnum,
  NeedType,
  StateNeedInput,
  StateNeedResult,
  WithdrawNeedInput,
  WithdrawNeedResult,
} from './need.types.js';
import { RecipientService } from './recipient.service.js';
import { RecipientType } from './recipient.types.js';

@ArgsType()
class NeedsArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'Of any of these recipients.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  recipientIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of any of these items, by code; not of their categories.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [ItemCategoryEnum], { nullable: true, description: 'Of any of these categories as a whole.' })
  categories?: ItemCategory[] | null;

  @Field(() => [NeedStatusEnum], { nullable: true, description: 'In any of these states, today.' })
  statuses?: NeedStatus[] | null;
}

@Resolver(() => NeedType)
export class NeedResolver {
  constructor(
    private readonly needs: NeedService,
    private readonly recipients: RecipientService,
    private readonly items: ItemService,
  ) {}

  @Query(() => NeedType, {
    nullable: true,
    description: 'One need; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  need(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<NeedType | null> {
    return this.needs.find(context, id);
  }

  @Query(() => NeedConnection, { name: 'needs', description: 'Needs, the newest first. A recipient sees her own.' })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  list(@Context() context: RequestContext, @Args(CheckedArgs) args: NeedsArgs): Promise<Connection<NeedType>> {
    return this.needs.list(context, args, args);
  }

  @Mutation(() => StateNeedResult, {
    description: 'Writes a need down: a claim until it is met, withdrawn or expired.',
  })
  @AllowedTo(...STAFF, 'RECIPIENT')
  stateNeed(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: StateNeedInput,
  ): Promise<NeedType | Refusal> {
    return this.needs.state(context, input);
  }

  @Mutation(() => WithdrawNeedResult, { description: 'Closes a need that is open.' })
  @AllowedTo(...STAFF, 'RECIPIENT')
  withdrawNeed(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: WithdrawNeedInput,
  ): Promise<NeedType | Refusal> {
    return this.needs.withdraw(context, input);
  }

  @ResolveField(() => RecipientType, { description: 'Whose.' })
  async recipient(@Parent() need: NeedType, @Context() context: RequestContext): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(need.recipientId))!;
  }

  @ResolveField(() => ItemType, {
    nullable: true,
    description: 'Of what; null where any item of the category will do.',
  })
  item(@Parent() { itemId }: NeedType, @Context() context: RequestContext): Promise<ItemType> | null {
    return itemId === null ? null : this.items.load(context, itemId);
  }
}

@Resolver(() => RecipientType)
export class RecipientNeedsResolver {
  constructor(private readonly needs: NeedService) {}

  @ResolveField('needs', () => NeedConnection, {
    description: 'What she needs, the newest first. For coordinators, auditors and herself.',
  })
  async needsOf(
    @Parent() person: RecipientType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<NeedType>> {
    if (!seesEverything(context.viewer) && !mayKnowRecipient(context.viewer, person.id))
      throw forbidden("Another recipient's needs are not yours to see.");
    return this.needs.ofRecipient(context, person.id, page);
  }
}
