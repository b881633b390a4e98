import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isStaff, STAFF } from '../access/access.rules.js';
import { ActorType } from '../access/actor.types.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { CheckedArgs, CheckedInput } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { LotCorrectionService } from './lot-correction.service.js';
import { CorrectLotInput, LotChangeConnection, LotChangeType } from './lot-correction.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';

@Resolver(() => LotType)
export class LotCorrectionResolver {
  constructor(private readonly corrections: LotCorrectionService) {}

  @Mutation(() => LotType, {
    description:
      "Corrects a lot's number, expiry day, pack size or earmark. Previews that counted on what was known become stale. A lot that turns out to carry a recalled number is recalled.",
  })
  @AllowedTo(...STAFF)
  correctLot(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CorrectLotInput,
  ): Promise<LotType> {
    return this.corrections.correct(context, input);
  }

  @ResolveField('changes', () => LotChangeConnection, {
    description: 'What of it is known otherwise than it was, the newest first. For coordinators and auditors.',
  })
  changesOf(
    @Parent() lot: LotType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<LotChangeType>> {
    return this.corrections.changesOf(context, lot.id, page);
  }
}

@Resolver(() => LotChangeType)
export class LotChangeResolver {
  constructor(
    private readonly tokens: TokenService,
    private readonly lots: LotService,
  ) {}

  @ResolveField(() => LotType, { description: 'Of which lot.' })
  async lot(@Parent() { lotId }: LotChangeType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField('reason', () => String, {
    nullable: true,
    description: 'Why, in words; for coordinators only where the donor was corrected, too, who may be anonymous.',
  })
  reasonOf(@Parent() { reason, withDonor }: LotChangeType, @Context() { viewer }: RequestContext): string | null {
    return withDonor && !isStaff(viewer) ? null : reason;
  }

  @ResolveField(() => ActorType, { nullable: true, description: 'Who changed it; null for the program itself.' })
  actor(@Parent() { actorId }: LotChangeType, @Context() context: RequestContext): Promise<ActorType | null> {
    return this.tokens.actor(context, actorId);
  }
}
