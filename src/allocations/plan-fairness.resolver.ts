import { Args, ArgsType, Context, Field, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { ASKED_BY_HEADER, LanguageEnum } from '../platform/graphql/language.js';
import { loaderOf } from '../platform/graphql/loader.js';
import type { LanguageCode } from '../platform/language.rules.js';
import { GroupService } from '../recipients/group.service.js';
import { GroupType } from '../recipients/group.types.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import type { Dimension } from './plan-fairness.rules.js';
import { PlanFairnessService } from './plan-fairness.service.js';
import {
  PlanBreakdownConnection,
  PlanBreakdownType,
  PlanDimensionEnum,
  PlanNoteConnection,
  PlanNoteType,
} from './plan-fairness.types.js';
import { PlanType } from './plan.types.js';
import { noteIn } from './wording.rules.js';

@ArgsType()
class MetricsByArgs extends PageArgs {
  @Field(() => PlanDimensionEnum, { description: 'By what.' })
  dimension: Dimension;
}

@Resolver(() => PlanType)
export class PlanFairnessResolver {
  constructor(private readonly fairness: PlanFairnessService) {}

  @ResolveField(() => PlanBreakdownConnection, {
    description:
      'How fair it is by group, tier or country, item by item. Recipients see items of which every row is about five people or more.',
  })
  metricsBy(
    @Parent() { id }: PlanType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) args: MetricsByArgs,
  ): Promise<Connection<object>> {
    return this.fairness.breakdown(context, id, args.dimension, args);
  }

  @ResolveField(() => PlanNoteConnection, {
    description: 'What to look at before it is committed. For coordinators and auditors; none for others.',
  })
  notes(
    @Parent() { id }: PlanType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<object>> {
    return this.fairness.notes(context, id, page);
  }
}

@Resolver(() => PlanBreakdownType)
export class PlanBreakdownResolver {
  constructor(
    private readonly items: ItemService,
    private readonly groups: GroupService,
  ) {}

  @ResolveField(() => ItemType, { description: 'Of what.' })
  item(@Parent() { itemCode }: PlanBreakdownType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.loadByCode(context, itemCode);
  }

  @ResolveField(() => GroupType, { nullable: true, description: 'By GROUP; null for those who are in none.' })
  group(
    @Parent() { groupId }: PlanBreakdownType,
    @Context() context: RequestContext,
  ): Promise<GroupType | null> | null {
    return groupId === null ? null : loaderOf(context, this.groups.byIds, (group) => group.id).load(groupId);
  }
}

@Resolver(() => PlanNoteType)
export class PlanNoteResolver {
  constructor(
    private readonly items: ItemService,
    private readonly recipients: RecipientService,
  ) {}

  @ResolveField(() => String, { description: 'What it is about, in a sentence that names nobody.' })
  message(
    @Parent() { note }: PlanNoteType,
    @Context() context: RequestContext,
    @Args('language', { type: () => LanguageEnum, nullable: true, description: ASKED_BY_HEADER })
    language?: LanguageCode | null,
  ): string {
    return noteIn(language ?? context.language, note);
  }

  @ResolveField(() => ItemType, {
    nullable: true,
    description: 'About which item; null when about none in particular.',
  })
  item(@Parent() { note }: PlanNoteType, @Context() context: RequestContext): Promise<ItemType> | null {
    return 'item' in note ? this.items.loadByCode(context, note.item) : null;
  }

  @ResolveField(() => RecipientType, {
    nullable: true,
    description: 'About whom; null when about nobody in particular.',
  })
  async recipient(@Parent() { note }: PlanNoteType, @Context() context: RequestContext): Promise<RecipientType | null> {
    if (!('recipient' in note)) return null;
    return loaderOf(context, this.recipients.byIds, (person) => person.id).load(note.recipient);
  }
}
