import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isStaff, seesEverything, STAFF } from '../access/access.rules.js';
import { ActorType } from '../access/actor.types.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { CheckedArgs, CheckedInput } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { forbidden, type Refusal } from '../platform/rejection.js';
import { CorrectionService } from './correction.service.js';
import {
  CorrectShipmentInput,
  CorrectShipmentResult,
  ShipmentCorrectionConnection,
  ShipmentCorrectionType,
} from './correction.types.js';
import { ShipmentLogService } from './shipment-log.service.js';
import { ShipmentType } from './shipment.types.js';

@Resolver(() => ShipmentType)
export class CorrectionResolver {
  constructor(
    private readonly corrections: CorrectionService,
    private readonly log: ShipmentLogService,
  ) {}

  @Mutation(() => CorrectShipmentResult, {
    description:
      'Corrects a shipment that was written down wrongly, before or after it was received and split. Its lots, and all that was given from them, follow; what was decided stays as it was decided. A lot that turns out to be of a recalled item and number is recalled.',
  })
  @AllowedTo(...STAFF)
  correctShipment(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CorrectShipmentInput,
  ): Promise<ShipmentType | Refusal> {
    return this.corrections.correct(context, input);
  }

  @ResolveField('corrections', () => ShipmentCorrectionConnection, {
    description: 'What was corrected of it, the first first. For those who may read the whole chain.',
  })
  async correctionsOf(
    @Parent() shipment: ShipmentType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<ShipmentCorrectionType>> {
    if (!seesEverything(context.viewer)) throw forbidden('What was corrected is not yours to see.');
    return this.log.correctionsOf(context, shipment.id, page);
  }
}

/** People put names into references and reasons: those are for coordinators, because a donor may be anonymous to others. */
@Resolver(() => ShipmentCorrectionType)
export class ShipmentCorrectionResolver {
  constructor(private readonly tokens: TokenService) {}

  @ResolveField(() => ActorType, { nullable: true, description: 'Who wrote it down; null for the program itself.' })
  actor(@Parent() { actorId }: ShipmentCorrectionType, @Context() context: RequestContext): Promise<ActorType | null> {
    return this.tokens.actor(context, actorId);
  }

  @ResolveField('before', () => String, {
    nullable: true,
    description: 'As it was known, as text; null where nothing was, and of a reference for all but coordinators.',
  })
  beforeOf(@Parent() correction: ShipmentCorrectionType, @Context() context: RequestContext): string | null {
    return isHidden(correction, context) ? null : correction.before;
  }

  @ResolveField('after', () => String, {
    nullable: true,
    description: 'As it is known since; null where nothing is, and of a reference for all but coordinators.',
  })
  afterOf(@Parent() correction: ShipmentCorrectionType, @Context() context: RequestContext): string | null {
    return isHidden(correction, context) ? null : correction.after;
  }

  @ResolveField('reason', () => String, { nullable: true, description: 'Why, in words; for coordinators.' })
  reasonOf(@Parent() correction: ShipmentCorrectionType, @Context() context: RequestContext): string | null {
    return isStaff(context.viewer) ? correction.reason : null;
  }
}

function isHidden({ field }: ShipmentCorrectionType, { viewer }: RequestContext): boolean {
  return field === 'REFERENCE' && !isStaff(viewer);
}
