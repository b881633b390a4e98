import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { IdPipe } from '../platform/graphql/checked.js';
import { PlanService } from './plan.service.js';
import { PlanType } from './plan.types.js';
import { ReplayService } from './replay.service.js';
import { ReplayType } from './replay.types.js';

@Resolver(() => ReplayType)
export class ReplayResolver {
  constructor(
    private readonly replays: ReplayService,
    private readonly plans: PlanService,
  ) {}

  @Query(() => ReplayType, {
    nullable: true,
    description:
      'Computes a plan again from what was kept of it, and says whether it comes to what was kept; null when there is none.',
  })
  @AllowedTo(...OVERSIGHT)
  replayPlan(@Args('planId', { type: () => ID }, new IdPipe('planId')) planId: string): Promise<ReplayType | null> {
    return this.replays.replay(planId);
  }

  @ResolveField(() => PlanType, { description: 'Which plan.' })
  async plan(@Parent() { planId }: ReplayType, @Context() context: RequestContext): Promise<object> {
    return (await this.plans.find(context, planId))!;
  }
}
