import { Args, ArgsType, Context, Field, ID, Info, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { DistributionService } from '../history/distribution.service.js';
import { DistributionConnection, type DistributionType } from '../history/distribution.types.js';
import { CheckedArgs, IsId } from '../platform/graphql/checked.js';
import { BothWaysArgs, type Connection, PageArgs } from '../platform/graphql/connection.js';
import { declareCost } from '../platform/graphql/limits.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { selectionOf } from '../platform/graphql/selection.js';
import { GroupService } from '../recipients/group.service.js';
import { GroupType } from '../recipients/group.types.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { periodOf, PeriodArgs } from './period.types.js';
import { StatementService } from './statement.service.js';
import {
  GroupStatementType,
  MemberStatementConnection,
  MemberStatementType,
  RecipientStatementType,
  StatementItemType,
  StatementNeedType,
} from './statement.types.js';

// Both add up all that people ever got.
declareCost('recipientStatement', 100);
declareCost('groupStatement', 1000);

@ArgsType()
class RecipientStatementArgs extends PeriodArgs {
  @Field(() => ID, { description: 'Whose.' })
  @IsId()
  recipientId: string;
}

@ArgsType()
class GroupStatementArgs extends PeriodArgs {
  @Field(() => ID, { description: 'Of which circle.' })
  @IsId()
  groupId: string;
}

@Resolver(() => RecipientStatementType)
export class RecipientStatementResolver {
  constructor(
    private readonly statements: StatementService,
    private readonly recipients: RecipientService,
    private readonly distributions: DistributionService,
  ) {}

  @Query(() => RecipientStatementType, {
    nullable: true,
    description:
      'Everything a clinician was promised, sent and handed in a period; null when there is no such recipient, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  recipientStatement(
    @Context() context: RequestContext,
    @Args(CheckedArgs) args: RecipientStatementArgs,
  ): Promise<RecipientStatementType | null> {
    return this.statements.ofRecipient(context, args.recipientId, periodOf(args));
  }

  @ResolveField(() => RecipientType, { description: 'Whose.' })
  async recipient(
    @Parent() { recipientId }: RecipientStatementType,
    @Context() context: RequestContext,
  ): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(recipientId))!;
  }

  @ResolveField(() => [StatementItemType], { description: 'Item by item, in the order of the catalogue.' })
  items(@Parent() statement: RecipientStatementType): Promise<StatementItemType[]> {
    return this.statements.items(statement);
  }

  @ResolveField(() => [StatementNeedType], {
    description: 'What she asked for that was a claim on any day of the period, as it stands now.',
  })
  needs(@Parent() statement: RecipientStatementType): Promise<StatementNeedType[]> {
    return this.statements.needs(statement);
  }

  @ResolveField(() => DistributionConnection, {
    description: 'What was promised in the period, line by line, the newest first.',
  })
  lines(
    @Parent() { recipientId, from, to, timeZone }: RecipientStatementType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: BothWaysArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<DistributionType>> {
    const filter = { recipientIds: [recipientId], allocatedOn: { from, to }, timeZone };
    return this.distributions.list(context, { ...page, filter }, selectionOf(info));
  }
}

@Resolver(() => GroupStatementType)
export class GroupStatementResolver {
  constructor(
    private readonly statements: StatementService,
    private readonly groups: GroupService,
  ) {}

  @Query(() => GroupStatementType, {
    nullable: true,
    description:
      'What the members of a circle were promised, sent and handed in a period; null when there is no such circle.',
  })
  @AllowedTo(...OVERSIGHT)
  groupStatement(@Args(CheckedArgs) args: GroupStatementArgs): Promise<GroupStatementType | null> {
    return this.statements.ofGroup(args.groupId, periodOf(args));
  }

  @ResolveField(() => GroupType, { description: 'Which circle.' })
  async group(@Parent() { groupId }: GroupStatementType, @Context() context: RequestContext): Promise<GroupType> {
    return (await loaderOf(context, this.groups.byIds, (group) => group.id).load(groupId))!;
  }

  @ResolveField(() => [StatementItemType], { description: 'Over all members, item by item.' })
  items(@Parent() statement: GroupStatementType): Promise<StatementItemType[]> {
    return this.statements.groupItems(statement);
  }

  @ResolveField(() => MemberStatementConnection, {
    description: 'Member by member, in the order in which they were registered.',
  })
  members(
    @Parent() statement: GroupStatementType,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<MemberStatementType>> {
    return this.statements.members(statement, page);
  }
}

@Resolver(() => MemberStatementType)
export class MemberStatementResolver {
  constructor(private readonly recipients: RecipientService) {}

  @ResolveField(() => RecipientType, { description: 'Who.' })
  async recipient(@Parent() { id }: MemberStatementType, @Context() context: RequestContext): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(id))!;
  }
}

@Resolver(() => StatementItemType)
export class StatementItemResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() { itemId }: StatementItemType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, itemId);
  }
}

@Resolver(() => StatementNeedType)
export class StatementNeedResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { nullable: true, description: 'Which item; null where any of a category would do.' })
  item(@Parent() { itemId }: StatementNeedType, @Context() context: RequestContext): Promise<ItemType> | null {
    return itemId === null ? null : this.items.load(context, itemId);
  }
}
