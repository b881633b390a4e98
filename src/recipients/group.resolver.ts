import { Args, Context, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { mayKnowRecipient, OVERSIGHT, seesEverything, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { forbidden, type Refusal } from '../platform/rejection.js';
import { GroupService } from './group.service.js';
import { ChangeGroupMembersInput, FormGroupInput, FormGroupResult, GroupConnection, GroupType } from './group.types.js';
import { RecipientService } from './recipient.service.js';
import { RecipientConnection, RecipientType } from './recipient.types.js';

@Resolver(() => GroupType)
export class GroupResolver {
  constructor(
    private readonly groups: GroupService,
    private readonly recipients: RecipientService,
  ) {}

  @Query(() => GroupConnection, { name: 'groups', description: 'Every group, in the order in which they were formed.' })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) page: PageArgs): Promise<Connection<GroupType>> {
    return this.groups.list(page);
  }

  @Mutation(() => FormGroupResult, { description: 'Forms a group.' })
  @AllowedTo(...STAFF)
  formGroup(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: FormGroupInput,
  ): Promise<GroupType | Refusal> {
    return this.groups.form(context, input);
  }

  @Mutation(() => GroupType, { description: 'Has recipients join and leave a group.' })
  @AllowedTo(...STAFF)
  changeGroupMembers(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ChangeGroupMembersInput,
  ): Promise<GroupType> {
    return this.groups.changeMembers(context, input);
  }

  @ResolveField(() => Int, { description: 'How many belong to it.' })
  memberCount(@Parent() group: GroupType, @Context() context: RequestContext): Promise<number> {
    return this.groups.memberCount(context, group.id);
  }

  @ResolveField(() => RecipientConnection, { description: 'Who belongs to it. For coordinators and auditors.' })
  members(
    @Parent() group: GroupType,
    @Context() { viewer }: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<RecipientType>> {
    if (!seesEverything(viewer)) throw forbidden('Only coordinators and auditors may see who belongs to a group.');
    return this.recipients.list({ groupIds: [group.id] }, page);
  }
}

@Resolver(() => RecipientType)
export class RecipientGroupsResolver {
  constructor(private readonly groups: GroupService) {}

  @ResolveField('groups', () => [GroupType], {
    description: 'The groups she belongs to; none where they are not yours to see.',
  })
  async groupsOf(@Parent() person: RecipientType, @Context() context: RequestContext): Promise<GroupType[]> {
    const may = seesEverything(context.viewer) || mayKnowRecipient(context.viewer, person.id);
    return may ? this.groups.groupsOf(context, person.id) : [];
  }
}
