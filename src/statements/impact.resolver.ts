import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { IdPipe } from '../platform/graphql/checked.js';
import { ImpactService } from './impact.service.js';
import { DonorImpactType } from './impact.types.js';

@Resolver(() => DonorImpactType)
export class ImpactResolver {
  constructor(private readonly impacts: ImpactService) {}

  @Query(() => DonorImpactType, {
    nullable: true,
    description: "What became of a donor's gifts; null when there is no such donor, or none that you may see.",
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  donorImpact(
    @Context() context: RequestContext,
    @Args('donorId', { type: () => ID }, new IdPipe('donorId')) donorId: string,
  ): Promise<DonorImpactType | null> {
    return this.impacts.impact(context, donorId);
  }
}
