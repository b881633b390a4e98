import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { GroupService } from '../recipients/group.service.js';
import { GroupType } from '../recipients/group.types.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
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
      'Sums over history, the largest first. What was cancelled is left out, unless states are filtered or summed by.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  distributionSummary(
    @Context() context: RequestContext,
    @Args(CheckedArgs) { by, filter }: SummaryArgs,
  ): Promise<DistributionSummaryRowType[]> {
    return this.summaries.summary(context, filter, by);
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
