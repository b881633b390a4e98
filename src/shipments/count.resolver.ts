import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { seesEverything } from '../access/access.rules.js';
import { ActorType } from '../access/actor.types.js';
import type { RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { ShipmentCountConnection, ShipmentCountType } from './count.types.js';
import { ShipmentLogService } from './shipment-log.service.js';
import { ShipmentLineType } from './shipment.types.js';

@Resolver(() => ShipmentLineType)
export class LineCountsResolver {
  constructor(private readonly log: ShipmentLogService) {}

  @ResolveField('counts', () => ShipmentCountConnection, {
    description: 'What each visit to the parcel counted of it, the first first.',
  })
  countsOf(
    @Parent() line: ShipmentLineType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<ShipmentCountType>> {
    return this.log.countsOf(context, line.id, page);
  }
}

@Resolver(() => ShipmentCountType)
export class ShipmentCountResolver {
  constructor(
    private readonly lots: LotService,
    private readonly tokens: TokenService,
  ) {}

  @ResolveField('lot', () => LotType, {
    nullable: true,
    description: 'What the accepted units became, or added to; null where none were accepted.',
  })
  lotOf(@Parent() count: ShipmentCountType, @Context() context: RequestContext): Promise<LotType | null> {
    return count.lotId === null ? Promise.resolve(null) : this.lots.load(context, count.lotId);
  }

  @ResolveField(() => ActorType, {
    nullable: true,
    description: 'Who counted, for those who may read the whole chain; null to donors.',
  })
  async actor(@Parent() { actorId }: ShipmentCountType, @Context() context: RequestContext): Promise<ActorType | null> {
    return seesEverything(context.viewer) ? this.tokens.actor(context, actorId) : null;
  }
}
