import { Args, ArgsType, Context, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, IdPipe } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { RecallService } from '../recalls/recall.service.js';
import { RecallType } from '../recalls/recall.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import type { DistributionDimension } from './distribution.rules.js';
import {
  DistributionConnection,
  DistributionDimensionEnum,
  DistributionFilterInput,
  DistributionOrderInput,
  DistributionSummaryRowType,
  DistributionType,
  DonorImpactType,
  LotTraceType,
} from './distribution.types.js';
import { HistoryService } from './history.service.js';

@ArgsType()
class DistributionsArgs extends PageArgs {
  @Field(() => DistributionFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DistributionFilterInput)
  filter?: DistributionFilterInput | null;

  @Field(() => DistributionOrderInput, { nullable: true, description: 'The newest first when left out.' })
  orderBy?: DistributionOrderInput | null;
}

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

@Resolver(() => LotTraceType)
export class HistoryResolver {
  constructor(
    private readonly history: HistoryService,
    private readonly lots: LotService,
    private readonly recalls: RecallService,
  ) {}

  @Query(() => DistributionConnection, {
    name: 'distributions',
    description: 'Who got what. Donors and recipients see their own.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  list(
    @Context() context: RequestContext,
    @Args(CheckedArgs) args: DistributionsArgs,
  ): Promise<Connection<DistributionType>> {
    return this.history.list(context, args.filter, args.orderBy, args);
  }

  @Query(() => [DistributionSummaryRowType], {
    description:
      'Sums over history, the largest first. What was cancelled is left out, unless states are filtered or summed by.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  distributionSummary(
    @Context() context: RequestContext,
    @Args(CheckedArgs) { by, filter }: SummaryArgs,
  ): Promise<DistributionSummaryRowType[]> {
    return this.history.summary(context, filter, by);
  }

  @Query(() => DonorImpactType, {
    nullable: true,
    description: "What became of a donor's gifts; null when there is no such donor, or none that you may see.",
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  donorImpact(
    @Context() context: RequestContext,
    @Args('donorId', { type: () => ID }, new IdPipe('donorId')) donorId: string,
  ): Promise<DonorImpactType | null> {
    return this.history.impact(context, donorId);
  }

  @Query(() => LotTraceType, {
    nullable: true,
    description:
      'Where the units of a lot are, and who has them; null when there is no such lot, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  lotTrace(
    @Context() context: RequestContext,
    @Args('lotId', { type: () => ID }, new IdPipe('lotId')) lotId: string,
  ): Promise<LotTraceType | null> {
    return this.history.trace(context, lotId);
  }

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() { lotId }: LotTraceType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField('recalls', () => [RecallType], {
    description: 'Every recall that it is or was under, the newest first.',
  })
  recallsOf(@Parent() { lotId }: LotTraceType, @Context() context: RequestContext): Promise<RecallType[]> {
    return this.recalls.ofLot(context, lotId);
  }

  @ResolveField(() => DistributionConnection, { description: 'Who has units of it, or is about to; the newest first.' })
  holders(
    @Parent() { lotId }: LotTraceType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<DistributionType>> {
    return this.history.holders(context, lotId, page);
  }
}
