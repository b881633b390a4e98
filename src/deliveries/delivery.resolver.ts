import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { OVERSIGHT, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { PlanService } from '../allocations/plan.service.js';
import { PlanType } from '../allocations/plan.types.js';
import { CheckedArgs, CheckedInput, IdPipe, IsId } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { isRefusal } from '../platform/rejection.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { SiteService } from '../stock/site.service.js';
import { SiteType } from '../stock/site.types.js';
import { ConfirmationService } from './confirmation.service.js';
import type { DeliveryStatus } from './delivery.rules.js';
import { DeliveryService } from './delivery.service.js';
import {
  ConfirmationLinkType,
  ConfirmDeliveryInput,
  ConfirmDeliveryResult,
  DeliveryConnection,
  DeliveryLineType,
  DeliveryStatusEnum,
  DeliveryType,
  DispatchDeliveryInput,
  DispatchDeliveryResult,
  IssueConfirmationLinkInput,
  IssueConfirmationLinkResult,
  MarkDeliveredInput,
  MarkDeliveredResult,
  ReportDeliveryLostInput,
  ReportDeliveryLostResult,
  ReturnDeliveryInput,
  ReturnDeliveryResult,
  StoppedLineType,
  TakeOutOfDeliveryInput,
  TakeOutOfDeliveryResult,
} from './delivery.types.js';
import { PackingService } from './packing.service.js';

@ArgsType()
class DeliveriesArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Under this plan.' })
  @IsOptional()
  @IsId()
  planId?: string | null;

  @Field(() => ID, { nullable: true, description: 'To this recipient.' })
  @IsOptional()
  @IsId()
  recipientId?: string | null;

  @Field(() => [DeliveryStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: DeliveryStatus[] | null;
}

@Resolver(() => DeliveryType)
export class DeliveryResolver {
  constructor(
    private readonly deliveries: DeliveryService,
    private readonly recipients: RecipientService,
    private readonly plans: PlanService,
    private readonly packing: PackingService,
  ) {}

  @Query(() => DeliveryType, {
    nullable: true,
    description: 'One delivery; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  delivery(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<DeliveryType | null> {
    return this.deliveries.find(context, id);
  }

  @Query(() => DeliveryConnection, {
    name: 'deliveries',
    description: 'Deliveries, the newest first. A recipient sees her own.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  list(@Context() context: RequestContext, @Args(CheckedArgs) args: DeliveriesArgs): Promise<Connection<DeliveryType>> {
    const { planId, recipientId, statuses } = args;
    return this.deliveries.list(
      context,
      { planId, statuses, recipientIds: recipientId == null ? null : [recipientId] },
      args,
    );
  }

  @Mutation(() => DispatchDeliveryResult, { description: 'Hands a parcel to a carrier.' })
  @AllowedTo(...STAFF)
  dispatchDelivery(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: DispatchDeliveryInput,
  ): Promise<object> {
    return this.deliveries.move(context, 'dispatch', input);
  }

  @Mutation(() => TakeOutOfDeliveryResult, {
    description:
      'Takes lines out of a parcel that has not left: their units go back to the shelf, the others still go. A parcel of which nothing is left is cancelled.',
  })
  @AllowedTo(...STAFF)
  async takeOutOfDelivery(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: TakeOutOfDeliveryInput,
  ): Promise<object> {
    const done = await this.packing.takeOutOfDelivery(context, input);
    return isRefusal(done) ? done : this.deliveries.get(done);
  }

  @Mutation(() => MarkDeliveredResult, { description: 'The parcel is there; the recipient has not counted it yet.' })
  @AllowedTo(...STAFF)
  markDelivered(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: MarkDeliveredInput,
  ): Promise<object> {
    return this.deliveries.move(context, 'deliver', input);
  }

  @Mutation(() => ReturnDeliveryResult, { description: 'The parcel came back unopened: its units are free again.' })
  @AllowedTo(...STAFF)
  returnDelivery(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReturnDeliveryInput,
  ): Promise<object> {
    return this.deliveries.move(context, 'return', input);
  }

  @Mutation(() => ReportDeliveryLostResult, { description: 'The parcel never arrived: its units are lost.' })
  @AllowedTo(...STAFF)
  reportDeliveryLost(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReportDeliveryLostInput,
  ): Promise<object> {
    return this.deliveries.move(context, 'lose', input);
  }

  @ResolveField(() => RecipientType, { description: 'To whom.' })
  async recipient(@Parent() delivery: DeliveryType, @Context() context: RequestContext): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(delivery.recipientId))!;
  }

  @ResolveField(() => PlanType, { nullable: true, description: 'Under which plan; null where it is not yours to see.' })
  plan(@Parent() delivery: DeliveryType, @Context() context: RequestContext): Promise<object | null> {
    return this.plans.ofParcel(context, delivery.planId);
  }

  @ResolveField(() => [DeliveryLineType], { description: 'What is in it, by lot.' })
  lines(@Parent() delivery: DeliveryType, @Context() context: RequestContext): Promise<DeliveryLineType[]> {
    return this.deliveries.linesOf(context, delivery.id);
  }

  @ResolveField(() => [StoppedLineType], {
    description:
      'What keeps it from leaving, today: lines of lots that are set aside, recalled or expired. None once it has left.',
  })
  stoppedBy(@Parent() delivery: DeliveryType, @Context() context: RequestContext): Promise<StoppedLineType[]> {
    return this.deliveries.stoppedBy(context, delivery);
  }
}

@Resolver(() => DeliveryLineType)
export class DeliveryLineResolver {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
    private readonly sites: SiteService,
  ) {}

  @ResolveField(() => ItemType, { description: 'What it is.' })
  item(@Parent() line: DeliveryLineType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, line.itemId);
  }

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() line: DeliveryLineType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, line.lotId))!;
  }

  @ResolveField(() => SiteType, { description: 'At which site it is packed.' })
  async site(@Parent() line: DeliveryLineType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, line.siteId))!;
  }
}

@Resolver(() => StoppedLineType)
export class StoppedLineResolver {
  constructor(private readonly lots: LotService) {}

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() line: StoppedLineType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, line.lotId))!;
  }
}

@Resolver(() => ConfirmationLinkType)
export class ConfirmationResolver {
  constructor(private readonly confirmations: ConfirmationService) {}

  @Mutation(() => ConfirmDeliveryResult, { description: 'Counts what arrived, signed in or by a one-time link.' })
  @AllowedTo(...STAFF, 'RECIPIENT', 'LINK')
  confirmDelivery(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ConfirmDeliveryInput,
  ): Promise<object> {
    return this.confirmations.confirm(context, input);
  }

  @Mutation(() => IssueConfirmationLinkResult, {
    description: 'Makes a one-time link for a recipient who does not sign in.',
  })
  @AllowedTo(...STAFF)
  issueConfirmationLink(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: IssueConfirmationLinkInput,
  ): Promise<object> {
    return this.confirmations.issueLink(context, input);
  }

  @ResolveField(() => DeliveryType, { description: 'What it confirms.' })
  delivery(@Parent() link: ConfirmationLinkType): DeliveryType {
    return link.delivery;
  }
}
