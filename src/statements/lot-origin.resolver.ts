import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { seesEverything } from '../access/access.rules.js';
import { ActorType } from '../access/actor.types.js';
import type { RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { ShipmentService } from '../shipments/shipment.service.js';
import { ShipmentLineType, ShipmentType } from '../shipments/shipment.types.js';
import { SiteService } from '../stock/site.service.js';
import { SiteType } from '../stock/site.types.js';
import { LotOriginType, LotStepType } from './lot-trace.types.js';

@Resolver(() => LotOriginType)
export class LotOriginResolver {
  constructor(
    private readonly shipments: ShipmentService,
    private readonly donors: DonorService,
  ) {}

  @ResolveField(() => DonorType, { description: 'Who gave it.' })
  async donor(@Parent() { donorId }: LotOriginType, @Context() context: RequestContext): Promise<DonorType> {
    return (await loaderOf(context, this.donors.byIds, (donor) => donor.id).load(donorId))!;
  }

  @ResolveField(() => ShipmentType, { description: 'How it came; its events tell the way that it took.' })
  shipment(@Parent() { shipmentId }: LotOriginType, @Context() context: RequestContext): Promise<ShipmentType> {
    return this.shipments.load(context, shipmentId);
  }

  @ResolveField(() => ShipmentLineType, {
    nullable: true,
    description:
      'The line it was received on: what was announced, counted and rejected, and who counted; null to recipients.',
  })
  async line(
    @Parent() { shipmentId, shipmentLineId, donorId }: LotOriginType,
    @Context() context: RequestContext,
  ): Promise<ShipmentLineType | null> {
    if (!seesEverything(context.viewer) && context.viewer.subjectId !== donorId) return null;
    const lines = await this.shipments.linesOf(context, shipmentId);
    return lines.find(({ id }) => id === shipmentLineId)!;
  }
}

@Resolver(() => LotStepType)
export class LotStepResolver {
  constructor(
    private readonly sites: SiteService,
    private readonly tokens: TokenService,
  ) {}

  @ResolveField(() => SiteType, { description: 'The site they left.' })
  async fromSite(@Parent() { fromSiteId }: LotStepType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, fromSiteId))!;
  }

  @ResolveField(() => SiteType, { description: 'The site they reached; the same unless they were transferred.' })
  async toSite(@Parent() { toSiteId }: LotStepType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, toSiteId))!;
  }

  @ResolveField('reason', () => String, {
    nullable: true,
    description: 'Why, in words, where somebody said so; for those who may read the whole chain.',
  })
  reasonOf(@Parent() { reason }: LotStepType, @Context() { viewer }: RequestContext): string | null {
    return seesEverything(viewer) ? reason : null;
  }

  @ResolveField(() => ActorType, {
    nullable: true,
    description:
      'Who moved them, for those who may read the whole chain; null for a one-time link and for the program.',
  })
  async actor(@Parent() { actorId }: LotStepType, @Context() context: RequestContext): Promise<ActorType | null> {
    return seesEverything(context.viewer) ? this.tokens.actor(context, actorId) : null;
  }
}
