import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { OVERSIGHT, seesEverything, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe, IsId } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { isRefusal, type Refusal } from '../platform/rejection.js';
import { CommitService } from './commit.service.js';
import { type PlanStatus, lotAndSite, metricsTypeOf, namesNobody } from './plan.rules.js';
import { PlanService } from './plan.service.js';
import {
  AwardConnection,
  CancelAllocationInput,
  CancelAllocationResult,
  CommitAllocationInput,
  CommitAllocationResult,
  DiscardPlanInput,
  DiscardPlanResult,
  PlanConnection,
  PlanMetricsType,
  PlanStatusEnum,
  PlanType,
  PreviewAllocationResult,
  UnallocatedType,
} from './plan.types.js';
import { PreviewService } from './preview.service.js';
import { PreviewAllocationInput } from './preview.types.js';

@ArgsType()
class PlansArgs extends PageArgs {
  @Field(() => [PlanStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: PlanStatus[] | null;

  @Field(() => [ID], { nullable: true, description: 'Made by any of these adopted policies, whichever version.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  policyIds?: string[] | null;
}

@Resolver(() => PlanType)
export class PlanResolver {
  constructor(
    private readonly plans: PlanService,
    private readonly previews: PreviewService,
    private readonly commits: CommitService,
  ) {}

  @Query(() => PlanType, {
    nullable: true,
    description: 'One plan; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  plan(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<object | null> {
    return this.plans.find(context, id);
  }

  @Query(() => PlanConnection, { name: 'plans', description: 'Plans, the newest first.' })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) args: PlansArgs): Promise<Connection<object>> {
    return this.plans.list(args, args);
  }

  @Mutation(() => PreviewAllocationResult, { description: 'Computes a split to look at. Reserves nothing.' })
  @AllowedTo(...STAFF)
  previewAllocation(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: PreviewAllocationInput,
  ): Promise<object> {
    return this.previews.preview(context, input);
  }

  @Mutation(() => CommitAllocationResult, {
    description: 'Reserves everything a plan awards, or nothing, and prepares the parcels.',
  })
  @AllowedTo(...STAFF)
  async commitAllocation(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CommitAllocationInput,
  ): Promise<object> {
    return this.planOr(await this.commits.commit(context, input));
  }

  @Mutation(() => CancelAllocationResult, { description: 'Takes awards back, as long as their parcels have not left.' })
  @AllowedTo(...STAFF)
  async cancelAllocation(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CancelAllocationInput,
  ): Promise<object> {
    return this.planOr(await this.commits.cancel(context, input));
  }

  @Mutation(() => DiscardPlanResult, { description: 'Puts a preview aside, so that nobody commits it by mistake.' })
  @AllowedTo(...STAFF)
  async discardPlan(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: DiscardPlanInput,
  ): Promise<object> {
    return this.planOr(await this.commits.discard(context, input));
  }

  private planOr(done: string | Refusal): Promise<object> | Refusal {
    return isRefusal(done) ? done : this.plans.get(done);
  }

  @ResolveField(() => String, { nullable: true })
  seed(@Parent() plan: PlanType): string | null {
    return plan.committedAt === null ? null : plan.seed;
  }

  @ResolveField(() => AwardConnection, { description: 'Who gets what, by item. A recipient sees her own.' })
  async awards(
    @Parent() plan: PlanType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<object>> {
    return this.plans.awards(context, plan.id, true, page);
  }

  @ResolveField(() => AwardConnection, { description: 'Who was eligible for an item and gets none of it, and why.' })
  withoutAward(
    @Parent() plan: PlanType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<object>> {
    return this.plans.awards(context, plan.id, false, page);
  }

  @ResolveField(() => [UnallocatedType], { description: 'What stays where it is, and why.' })
  unallocated(@Parent() plan: PlanType, @Context() { viewer }: RequestContext): UnallocatedType[] {
    if (!seesEverything(viewer)) return [];
    return plan.unallocated.map(({ lot, units, reason }) => ({ ...lotAndSite(lot), units, reason }));
  }

  @ResolveField(() => [PlanMetricsType], {
    description: 'How fair it is, item by item. To recipients only of what at least five people get.',
  })
  metrics(@Parent() plan: PlanType, @Context() { viewer }: RequestContext): PlanMetricsType[] {
    // A sum over two people tells each of them what the other asked for.
    const shown = seesEverything(viewer) ? plan.metrics : plan.metrics.filter(namesNobody);
    return shown.map(metricsTypeOf);
  }
}
