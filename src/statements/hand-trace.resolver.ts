import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { IdPipe } from '../platform/graphql/checked.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { SiteService } from '../stock/site.service.js';
import { SiteType } from '../stock/site.types.js';
import { HandTraceService } from './hand-trace.service.js';
import { DistributionTraceType } from './hand-trace.types.js';

@Resolver(() => DistributionTraceType)
export class HandTraceResolver {
  constructor(
    private readonly traces: HandTraceService,
    private readonly recipients: RecipientService,
    private readonly lots: LotService,
    private readonly sites: SiteService,
  ) {}

  @Query(() => DistributionTraceType, {
    nullable: true,
    description:
      'How units came into a hand: back over parcel, plan and lot to the donor; null when there is no such line of history, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  distributionTrace(
    @Context() context: RequestContext,
    @Args('distributionId', { type: () => ID }, new IdPipe('distributionId')) distributionId: string,
  ): Promise<DistributionTraceType | null> {
    return this.traces.trace(context, distributionId);
  }

  @ResolveField(() => RecipientType, { description: 'Who got it.' })
  async recipient(
    @Parent() { recipientId }: DistributionTraceType,
    @Context() context: RequestContext,
  ): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(recipientId))!;
  }

  @ResolveField(() => LotType, { description: 'Out of which lot.' })
  async lot(@Parent() { lotId }: DistributionTraceType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField(() => SiteType, { description: 'From which site.' })
  async site(@Parent() { siteId }: DistributionTraceType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, siteId))!;
  }
}
