import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedInput } from '../platform/graphql/checked.js';
import type { Refusal } from '../platform/rejection.js';
import { ConditionService } from './condition.service.js';
import { QuarantineLotInput, QuarantineLotResult, ReleaseLotInput, ReleaseLotResult } from './condition.types.js';
import { LotType } from '../stock/lot.types.js';

@Resolver(() => LotType)
export class ConditionResolver {
  constructor(private readonly conditions: ConditionService) {}

  @Mutation(() => QuarantineLotResult, {
    description:
      'Sets a lot aside at all sites: what is available of it is quarantined, and so is what comes back later. What is promised stays in its parcels.',
  })
  @AllowedTo(...STAFF)
  quarantineLot(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: QuarantineLotInput,
  ): Promise<LotType | Refusal> {
    return this.conditions.quarantineLot(context, input);
  }

  @Mutation(() => ReleaseLotResult, {
    description: 'Makes a lot free again that was set aside. A recalled lot is not released.',
  })
  @AllowedTo(...STAFF)
  releaseLot(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReleaseLotInput,
  ): Promise<LotType | Refusal> {
    return this.conditions.releaseLot(context, input);
  }
}
