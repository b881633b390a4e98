import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { OVERSIGHT, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { DeliveryConnection, DeliveryType } from '../deliveries/delivery.types.js';
import { CheckedArgs, CheckedInput, IdPipe } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { declareCost } from '../platform/graphql/limits.js';
import { SafeInt } from '../platform/graphql/scalars.js';
import { isRefusal } from '../platform/rejection.js';
import { LotConnection, LotType } from '../stock/lot.types.js';
import { NoticeService } from './notice.service.js';
import { RecallService } from './recall.service.js';
import {
  EndRecallInput,
  EndRecallResult,
  RecallConnection,
  RecallLotsInput,
  RecallLotsResult,
  RecallNoticeConnection,
  RecallNoticeType,
  RecallType,
} from './recall.types.js';
import { RecallingService } from './recalling.service.js';

@ArgsType()
class RecallsArgs extends PageArgs {
  @Field(() => Boolean, { nullable: true, description: 'Those that are open, or those that have ended.' })
  @IsOptional()
  open?: boolean | null;
}

@ArgsType()
class NoticesOfRecallArgs extends PageArgs {
  @Field(() => Boolean, { nullable: true, description: 'Those that are answered, or those that are not.' })
  @IsOptional()
  acknowledged?: boolean | null;
}

// Everybody whom a recall has to reach is counted.
declareCost('recipientsToReach', 20);

const NOT_FOR_RECIPIENTS = 'Of a donor: of lots of hers alone. Null for recipients.';

@Resolver(() => RecallType)
export class RecallResolver {
  constructor(
    private readonly recalls: RecallService,
    private readonly recalling: RecallingService,
  ) {}

  @Query(() => RecallType, {
    nullable: true,
    description: 'One recall; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  recall(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<RecallType | null> {
    return this.recalls.find(context, id);
  }

  @Query(() => RecallConnection, {
    name: 'recalls',
    description: 'Recalls, the newest first. A donor sees those of lots of hers.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  list(@Context() context: RequestContext, @Args(CheckedArgs) args: RecallsArgs): Promise<Connection<RecallType>> {
    return this.recalls.list(context, args.open ?? null, args);
  }

  @Mutation(() => RecallLotsResult, {
    description:
      'Calls lots back: they are set aside at every site, taken out of parcels that have not left, and everybody who has units of them gets a notice.',
  })
  @AllowedTo(...STAFF)
  async recallLots(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RecallLotsInput,
  ): Promise<object> {
    const done = await this.recalling.recall(context, input);
    return isRefusal(done) ? done : this.recalls.get(done);
  }

  @Mutation(() => EndRecallResult, {
    description:
      'Ends a recall that was a false alarm. Its lots stay set aside until they are released; its notices stay.',
  })
  @AllowedTo(...STAFF)
  async endRecall(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: EndRecallInput,
  ): Promise<object> {
    const done = await this.recalling.end(context, input);
    return isRefusal(done) ? done : this.recalls.get(done);
  }
}

@Resolver(() => RecallType)
export class RecallFieldsResolver {
  constructor(
    private readonly recalls: RecallService,
    private readonly notices: NoticeService,
  ) {}

  @ResolveField('lots', () => LotConnection, {
    description: 'What it stopped. Donors see lots of theirs, recipients those that they have a notice of.',
  })
  lotsOf(
    @Parent() recall: RecallType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<LotType>> {
    return this.recalls.lotsOf(context, recall.id, page);
  }

  @ResolveField(() => SafeInt, {
    nullable: true,
    description: `What was here and was stopped: set aside, taken out of parcels, or stopped at the door. ${NOT_FOR_RECIPIENTS}`,
  })
  async stoppedUnits(@Parent() recall: RecallType, @Context() context: RequestContext): Promise<number | null> {
    return (await this.recalls.figures(context, recall.id))?.stoppedUnits ?? null;
  }

  @ResolveField(() => SafeInt, {
    nullable: true,
    description: `What of its lots is set aside here now, with what came back since. ${NOT_FOR_RECIPIENTS}`,
  })
  async quarantinedUnits(@Parent() recall: RecallType, @Context() context: RequestContext): Promise<number | null> {
    return (await this.recalls.figures(context, recall.id))?.quarantinedUnits ?? null;
  }

  @ResolveField(() => SafeInt, {
    nullable: true,
    description: `How many people have not answered, and have or await a parcel with units of it; none once it has ended. ${NOT_FOR_RECIPIENTS}`,
  })
  async recipientsToReach(@Parent() recall: RecallType, @Context() context: RequestContext): Promise<number | null> {
    return (await this.recalls.figures(context, recall.id))?.recipientsToReach ?? null;
  }

  @ResolveField('notices', () => RecallNoticeConnection, {
    description: 'Who was told, the newest first. A recipient sees her own; not for donors.',
  })
  noticesOf(
    @Parent() recall: RecallType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) args: NoticesOfRecallArgs,
  ): Promise<Connection<RecallNoticeType>> {
    return this.notices.ofRecall(context, recall.id, args.acknowledged ?? null, args);
  }

  @ResolveField(() => DeliveryConnection, {
    description:
      'The parcels that lost lines to it before they left, to be packed anew. For coordinators and auditors.',
  })
  takenOutOfDeliveries(
    @Parent() recall: RecallType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<DeliveryType>> {
    return this.recalls.takenOutOf(context, recall.id, page);
  }
}

@Resolver(() => LotType)
export class LotRecallResolver {
  constructor(private readonly recalls: RecallService) {}

  @ResolveField(() => RecallType, {
    nullable: true,
    description: 'The recall that it is under; null when none is open.',
  })
  async recall(@Parent() lot: LotType, @Context() context: RequestContext): Promise<RecallType | null> {
    const recalls = await this.recalls.ofLot(context, lot.id);
    return recalls.find(({ endedAt }) => endedAt === null) ?? null;
  }
}
