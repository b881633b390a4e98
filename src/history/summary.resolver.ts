import { Args, ArgsType, Context, Field, Info, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import type { GraphQLResolveInfo } from 'graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { PlanService } from '../allocations/plan.service.js';
import { PlanType } from '../allocations/plan.types.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { selectionOf } from '../platform/graphql/selection.js';
import { GroupService } from '../recipients/group.service.js';
import { GroupType } from '../recipients/group.types.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { SiteService } from '../stock/site.service.js';
import { SiteType } from '../stock/site.types.js';
import { DistributionFilterInput } from './distribution.types.js';
import type { DistributionDimension } from './summary.rules.js';
import { SummaryService } from './summary.service.js';
import { DistributionDimensionEnum, DistributionSummaryRowType } from './summary.types.js';

@ArgsType()
class SummaryArgs {
  @Field(() => [DistributionDimensionEnum], { description: 'None: one row for all.' })
  by: DistributionDimension[];

  @Field(() => DistributionFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DistributionFilterInput)
  filter?: DistributionFilterInput | null;
}

@Resolver()
export class SummaryResolver {
  constructor(private readonly summaries: SummaryService) {}

  @Query(() => [DistributionSummaryRowType], {
    description:
      'Sums over history, the largest first. What was cancelled is left out, unless states are filtered or summed by. For donors, rows of fewer than 3 people are merged into one, the last; where that would still be fewer than 3, with the next smallest. A filter that leaves fewer than 3 is FORBIDDEN to them, unless it only says which gifts or items.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  distributionSummary(
    @Context() context: RequestContext,
    @Args(CheckedArgs) { by, filter }: SummaryArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DistributionSummaryRowType[]> {
    return this.summaries.summary(context, filter, by, selectionOf(info).names.has('recipients'));
  }
}

@Resolver(() => DistributionSummaryRowType)
export class SummaryRowResolver {
  constructor(
    private readonly items: ItemService,
    private readonly donors: DonorService,
    private readonly recipients: RecipientService,
    private readonly groups: GroupService,
  ) {}

  @ResolveField(() => ItemType, { nullable: true, description: 'By ITEM.' })
  item(@Parent() { itemId }: DistributionSummaryRowType, @Context() context: RequestContext): Promise<ItemType> | null {
    return itemId === null ? null : this.items.load(context, itemId);
  }

  @ResolveField(() => DonorType, { nullable: true, description: 'By DONOR.' })
  donor(
    @Parent() { donorId }: DistributionSummaryRowType,
    @Context() context: RequestContext,
  ): Promise<DonorType | null> | null {
    return donorId === null ? null : loaderOf(context, this.donors.byIds, (donor) => donor.id).load(donorId);
  }

  @ResolveField(() => RecipientType, { nullable: true, description: 'By RECIPIENT.' })
  recipient(
    @Parent() { recipientId }: DistributionSummaryRowType,
    @Context() context: RequestContext,
  ): Promise<RecipientType | null> | null {
    return recipientId === null
      ? null
      : loaderOf(context, this.recipients.byIds, (person) => person.id).load(recipientId);
  }

  @ResolveField(() => GroupType, { nullable: true, description: 'By GROUP.' })
  group(
    @Parent() { groupId }: DistributionSummaryRowType,
    @Context() context: RequestContext,
  ): Promise<GroupType | null> | null {
    return groupId === null ? null : loaderOf(context, this.groups.byIds, (group) => group.id).load(groupId);
  }
}

@Resolver(() => DistributionSummaryRowType)
export class SummaryPlaceResolver {
  constructor(
    private readonly plans: PlanService,
    private readonly sites: SiteService,
  ) {}

  @ResolveField(() => PlanType, { nullable: true, description: 'By PLAN; null also where it is not yours to see.' })
  plan(
    @Parent() { planId }: DistributionSummaryRowType,
    @Context() context: RequestContext,
  ): Promise<object | null> | null {
    return planId === null ? null : this.plans.ofParcel(context, planId);
  }

  @ResolveField(() => SiteType, { nullable: true, description: 'By SITE.' })
  site(
    @Parent() { siteId }: DistributionSummaryRowType,
    @Context() context: RequestContext,
  ): Promise<SiteType | null> | null {
    return siteId === null ? null : this.sites.load(context, siteId);
  }
}
