import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isStaff, mayKnowDonor, mayReachDonor, seesEverything, STAFF } from '../access/access.rules.js';
import { ActorType } from '../access/actor.types.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { DonorService } from '../donors/donor.service.js';
import { CheckedInput } from '../platform/graphql/checked.js';
import { loaderOf } from '../platform/graphql/loader.js';
import type { Refusal } from '../platform/rejection.js';
import { JourneyService } from './journey.service.js';
import {
  CancelShipmentInput,
  CancelShipmentResult,
  RecordShipmentEventInput,
  RecordShipmentEventResult,
  ReopenShipmentInput,
  ReopenShipmentResult,
  ReportShipmentLostInput,
  ReportShipmentLostResult,
  ShipmentEventType,
} from './journey.types.js';
import { ShipmentLogService } from './shipment-log.service.js';
import { MOST_EVENTS } from './shipment.rules.js';
import { ShipmentService } from './shipment.service.js';
import { ShipmentType } from './shipment.types.js';

@Resolver(() => ShipmentType)
export class JourneyResolver {
  constructor(
    private readonly journeys: JourneyService,
    private readonly log: ShipmentLogService,
  ) {}

  @Mutation(() => RecordShipmentEventResult, {
    description: 'Writes down what happened to a consignment on its way; a donor those of her own.',
  })
  @AllowedTo(...STAFF, 'DONOR')
  recordShipmentEvent(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RecordShipmentEventInput,
  ): Promise<ShipmentType | Refusal> {
    return this.journeys.record(context, input);
  }

  @Mutation(() => CancelShipmentResult, { description: 'Says that a consignment will not come.' })
  @AllowedTo(...STAFF)
  cancelShipment(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CancelShipmentInput,
  ): Promise<ShipmentType | Refusal> {
    return this.journeys.cancel(context, input);
  }

  @Mutation(() => ReportShipmentLostResult, { description: 'Says that a consignment never arrived.' })
  @AllowedTo(...STAFF)
  reportShipmentLost(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReportShipmentLostInput,
  ): Promise<ShipmentType | Refusal> {
    return this.journeys.reportLost(context, input);
  }

  @Mutation(() => ReopenShipmentResult, {
    description:
      'Opens a consignment again that turned up: closed, it is PARTIALLY_RECEIVED; cancelled or lost, it is IN_TRANSIT.',
  })
  @AllowedTo(...STAFF)
  reopenShipment(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReopenShipmentInput,
  ): Promise<ShipmentType | Refusal> {
    return this.journeys.reopen(context, input);
  }

  @ResolveField('events', () => [ShipmentEventType], {
    description: `What happened to it, in that order, about ${MOST_EVENTS} entries at most; none where that is not yours to see.`,
  })
  async events(@Parent() shipment: ShipmentType, @Context() context: RequestContext): Promise<ShipmentEventType[]> {
    const may = seesEverything(context.viewer) || mayReachDonor(context.viewer, shipment.donorId);
    return may ? this.log.eventsOf(context, shipment.id) : [];
  }
}

@Resolver(() => ShipmentEventType)
export class ShipmentEventResolver {
  constructor(
    private readonly shipments: ShipmentService,
    private readonly donors: DonorService,
    private readonly tokens: TokenService,
  ) {}

  @ResolveField('note', () => String, {
    nullable: true,
    description: 'What else there is to say; null, too, where it could tell who an anonymous donor is.',
  })
  async noteOf(@Parent() event: ShipmentEventType, @Context() context: RequestContext): Promise<string | null> {
    if (event.note === null || isStaff(context.viewer)) return event.note;
    const { donorId } = await this.shipments.load(context, event.shipmentId);
    const donor = (await loaderOf(context, this.donors.byIds, (row) => row.id).load(donorId))!;
    return mayKnowDonor(context.viewer, donor) ? event.note : null;
  }

  @ResolveField(() => ActorType, {
    nullable: true,
    description: 'Who wrote it down, for those who may read the whole chain; null to donors.',
  })
  async actor(@Parent() { actorId }: ShipmentEventType, @Context() context: RequestContext): Promise<ActorType | null> {
    return seesEverything(context.viewer) ? this.tokens.actor(context, actorId) : null;
  }
}
