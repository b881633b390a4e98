import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { mayKnowRecipient, OVERSIGHT, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { DeliveryService } from '../deliveries/delivery.service.js';
import { DeliveryType } from '../deliveries/delivery.types.js';
import { CheckedArgs, CheckedInput, IsId } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { NoticeService } from './notice.service.js';
import { RecallService } from './recall.service.js';
import {
  AcknowledgeRecallInput,
  AcknowledgeRecallResult,
  RecallNoticeConnection,
  RecallNoticeType,
  RecallType,
} from './recall.types.js';

@ArgsType()
class RecallNoticesArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'Of any of these recipients.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  recipientIds?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Those that are answered, or those that are not.' })
  @IsOptional()
  acknowledged?: boolean | null;
}

@Resolver(() => RecallNoticeType)
export class NoticeResolver {
  constructor(private readonly notices: NoticeService) {}

  @Query(() => RecallNoticeConnection, {
    description: 'Notices of recalls, the newest first. A recipient sees her own.',
  })
  @AllowedTo(...OVERSIGHT, 'RECIPIENT')
  recallNotices(
    @Context() context: RequestContext,
    @Args(CheckedArgs) args: RecallNoticesArgs,
  ): Promise<Connection<RecallNoticeType>> {
    return this.notices.list(context, args, args);
  }

  @Mutation(() => AcknowledgeRecallResult, {
    description: 'Answers a notice: it was read, and so much is still there.',
  })
  @AllowedTo(...STAFF, 'RECIPIENT')
  acknowledgeRecall(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: AcknowledgeRecallInput,
  ): Promise<object> {
    return this.notices.acknowledge(context, input);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What else she answered. For coordinators and herself; null for others.',
  })
  note(@Parent() notice: RecallNoticeType, @Context() { viewer }: RequestContext): string | null {
    return mayKnowRecipient(viewer, notice.recipientId) ? notice.note : null;
  }
}

@Resolver(() => RecallNoticeType)
export class NoticeFieldsResolver {
  constructor(
    private readonly recalls: RecallService,
    private readonly recipients: RecipientService,
    private readonly deliveries: DeliveryService,
    private readonly lots: LotService,
    private readonly items: ItemService,
  ) {}

  @ResolveField(() => RecallType, { description: 'Which recall.' })
  recall(@Parent() notice: RecallNoticeType, @Context() context: RequestContext): Promise<RecallType> {
    return this.recalls.load(context, notice.recallId);
  }

  @ResolveField(() => RecipientType, { description: 'To whom.' })
  async recipient(@Parent() notice: RecallNoticeType, @Context() context: RequestContext): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(notice.recipientId))!;
  }

  @ResolveField(() => DeliveryType, { description: 'By which parcel she got it, or is about to.' })
  delivery(@Parent() notice: RecallNoticeType, @Context() context: RequestContext): Promise<DeliveryType> {
    return this.deliveries.load(context, notice.deliveryId);
  }

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() notice: RecallNoticeType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, notice.lotId))!;
  }

  @ResolveField(() => ItemType, { description: 'What it is.' })
  async item(@Parent() notice: RecallNoticeType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, (await this.lots.load(context, notice.lotId))!.itemId);
  }
}

@Resolver(() => RecipientType)
export class RecipientNoticesResolver {
  constructor(private readonly notices: NoticeService) {}

  @ResolveField('recallNotices', () => RecallNoticeConnection, {
    description: 'What she was told to stop using, the newest first. For coordinators, auditors and herself.',
  })
  noticesOf(
    @Parent() person: RecipientType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<RecallNoticeType>> {
    return this.notices.ofRecipient(context, person.id, page);
  }
}
