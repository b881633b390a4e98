import { Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { PolicyType } from '../policies/adopted.types.js';
import { PolicyService } from '../policies/policy.service.js';
import type { PlanRow } from './plan.repository.js';
import { PlanType } from './plan.types.js';

/** By which adopted policy a plan goes. Whoever sees the plan may know: it is why she gets that many. */
@Resolver(() => PlanType)
export class PlanPolicyResolver {
  constructor(private readonly policies: PolicyService) {}

  @ResolveField(() => PolicyType, {
    nullable: true,
    description: 'The adopted policy it goes by, retired or not; null for a policy that was given for this once.',
  })
  policy(@Parent() { policyId }: PlanRow, @Context() context: RequestContext): Promise<PolicyType | null> | null {
    return policyId === null ? null : this.policies.load(context, policyId);
  }

  @ResolveField(() => Int, { nullable: true, description: 'Which version of that policy.' })
  policyVersion(@Parent() { policyVersion }: PlanRow): number | null {
    return policyVersion;
  }
}
