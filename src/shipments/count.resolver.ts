import { Args, Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { seesEverything } from '../access/access.rules.js';
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
  constructor(private readonly lots: LotService) {}

  @ResolveField('lot', () => LotType, {
    nullable: true,
    description: 'What the accepted units became, or added to; null where none were accepted.',
  })
  lotOf(@Parent() count: ShipmentCountType, @Context() context: RequestContext): Promise<LotType | null> {
    return count.lotId === null ? Promise.resolve(null) : this.lots.load(context, count.lotId);
  }

  @ResolveField('actorId', () => ID, {
    nullable: true,
    description: 'The access token that counted, for those who may read the whole chain; null to donors.',
  })
  actorOf(@Parent() count: ShipmentCountType, @Context() context: RequestContext): string | null {
    return seesEverything(context.viewer) ? count.actorId : null;
  }
}
