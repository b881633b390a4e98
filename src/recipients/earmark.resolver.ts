import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { EarmarkType } from '../stock/earmark.types.js';
import { GroupService } from './group.service.js';
import { GroupType } from './group.types.js';

@Resolver(() => EarmarkType)
export class EarmarkGroupsResolver {
  constructor(private readonly groups: GroupService) {}

  @ResolveField('groups', () => [GroupType], {
    description: 'Groups that are named. None: in whichever group they are, or not yours to see.',
  })
  groupsOf(@Parent() { groupIds }: EarmarkType, @Context() context: RequestContext): Promise<GroupType[]> {
    return this.groups.named(context, groupIds);
  }
}
