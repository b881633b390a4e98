import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedInput } from '../platform/graphql/checked.js';
import type { Refusal } from '../platform/rejection.js';
import { IntakeService } from './intake.service.js';
import { CorrectIntakeInput, CorrectIntakeResult } from './intake.types.js';
import { LotType } from '../stock/lot.types.js';

@Resolver(() => LotType)
export class IntakeResolver {
  constructor(private readonly intakes: IntakeService) {}

  @Mutation(() => CorrectIntakeResult, {
    description:
      'Corrects how many units of a lot came in: the number was wrong, no goods moved. The line of the shipment follows. Down to what is used already, never below.',
  })
  @AllowedTo(...STAFF)
  correctIntake(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CorrectIntakeInput,
  ): Promise<LotType | Refusal> {
    return this.intakes.correct(context, input);
  }
}
