import { Args, Context, ID, Info, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { DistributionService } from '../history/distribution.service.js';
import { DistributionConnection, type DistributionType } from '../history/distribution.types.js';
import { CheckedArgs, IdPipe } from '../platform/graphql/checked.js';
import { BothWaysArgs, type Connection, PageArgs } from '../platform/graphql/connection.js';
import { selectionOf } from '../platform/graphql/selection.js';
import { RecallService } from '../recalls/recall.service.js';
import { RecallType } from '../recalls/recall.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { LotTraceService } from './lot-trace.service.js';
import {
  LotOriginType,
  LotStateUnitsType,
  LotStepConnection,
  type LotStepType,
  LotTraceType,
} from './lot-trace.types.js';

@Resolver(() => LotTraceType)
export class LotTraceResolver {
  constructor(
    private readonly traces: LotTraceService,
    private readonly distributions: DistributionService,
    private readonly lots: LotService,
    private readonly recalls: RecallService,
  ) {}

  @Query(() => LotTraceType, {
    nullable: true,
    description:
      'Where the units of a lot are, and who has them; null when there is no such lot, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  lotTrace(
    @Context() context: RequestContext,
    @Args('lotId', { type: () => ID }, new IdPipe('lotId')) lotId: string,
  ): Promise<LotTraceType | null> {
    return this.traces.trace(context, lotId);
  }

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() { lotId }: LotTraceType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField(() => LotOriginType, { description: 'Where it came from.' })
  origin(@Parent() { lotId }: LotTraceType, @Context() context: RequestContext): Promise<LotOriginType> {
    return this.traces.origin(context, lotId);
  }

  @ResolveField(() => [LotStateUnitsType], { description: 'What was given of it, by the state of the parcels.' })
  states(@Parent() { lotId }: LotTraceType): Promise<LotStateUnitsType[]> {
    return this.traces.states(lotId);
  }

  @ResolveField(() => LotStepConnection, { description: 'Every move of its units, the first first.' })
  steps(@Parent() { lotId }: LotTraceType, @Args(CheckedArgs) page: PageArgs): Promise<Connection<LotStepType>> {
    return this.traces.steps(lotId, page);
  }

  @ResolveField('recalls', () => [RecallType], {
    description: 'Every recall that it is or was under, the newest first.',
  })
  recallsOf(@Parent() { lotId }: LotTraceType, @Context() context: RequestContext): Promise<RecallType[]> {
    return this.recalls.ofLot(context, lotId);
  }

  @ResolveField(() => DistributionConnection, { description: 'Who has units of it, or is about to; the newest first.' })
  holders(
    @Parent() { lotId }: LotTraceType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: BothWaysArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<DistributionType>> {
    return this.distributions.holders(context, lotId, page, selectionOf(info));
  }
}
