import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedInput } from '../platform/graphql/checked.js';
import type { Refusal } from '../platform/rejection.js';
import { CountService } from './count.service.js';
import {
  DiscardStockInput,
  DiscardStockResult,
  RecountStockInput,
  RecountStockResult,
  ReturnToDonorInput,
  ReturnToDonorResult,
} from './count.types.js';
import { LotType } from '../stock/lot.types.js';

@Resolver(() => LotType)
export class CountResolver {
  constructor(private readonly counts: CountService) {}

  @Mutation(() => RecountStockResult, {
    description:
      'Takes in a count of a lot at a site: what is missing is LOST (DISCARDED where it is damaged or expired), what is more comes from what was LOST there, then from outside. A count that agrees moves nothing.',
  })
  @AllowedTo(...STAFF)
  recountStock(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RecountStockInput,
  ): Promise<LotType | Refusal> {
    return this.counts.recount(context, input);
  }

  @Mutation(() => DiscardStockResult, { description: 'Throws units away that are free on the shelf, or set aside.' })
  @AllowedTo(...STAFF)
  discardStock(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: DiscardStockInput,
  ): Promise<LotType | Refusal> {
    return this.counts.takeOff(context, 'discardStock', input);
  }

  @Mutation(() => ReturnToDonorResult, {
    description: 'Gives units back to the donor that are free on the shelf, or set aside.',
  })
  @AllowedTo(...STAFF)
  returnToDonor(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReturnToDonorInput,
  ): Promise<LotType | Refusal> {
    return this.counts.takeOff(context, 'returnToDonor', input);
  }
}
