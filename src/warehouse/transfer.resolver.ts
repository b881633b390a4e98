import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { SiteService } from '../stock/site.service.js';
import { SiteType } from '../stock/site.types.js';
import { TransferService } from './transfer.service.js';
import {
  CancelTransferInput,
  CancelTransferResult,
  DispatchTransferInput,
  DispatchTransferResult,
  ReceiveTransferInput,
  ReceiveTransferResult,
  ReportTransferLostInput,
  ReportTransferLostResult,
  TransferConnection,
  TransferFilterInput,
  TransferLineType,
  TransferType,
} from './transfer.types.js';

@ArgsType()
class TransfersArgs extends PageArgs {
  @Field(() => TransferFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => TransferFilterInput)
  filter?: TransferFilterInput | null;
}

@Resolver(() => TransferType)
export class TransferResolver {
  constructor(
    private readonly transfers: TransferService,
    private readonly sites: SiteService,
  ) {}

  @Query(() => TransferType, { nullable: true, description: 'One transfer; null when there is none.' })
  @AllowedTo(...OVERSIGHT)
  transfer(@Args('id', { type: () => ID }, new IdPipe('id')) id: string): Promise<TransferType | null> {
    return this.transfers.find(id);
  }

  @Query(() => TransferConnection, { name: 'transfers', description: 'Transfers between sites, the newest first.' })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) args: TransfersArgs): Promise<Connection<TransferType>> {
    return this.transfers.list(args.filter ?? {}, args);
  }

  @Mutation(() => DispatchTransferResult, {
    description: 'Sends goods from one site to another: all of it, or nothing. What is set aside stays set aside.',
  })
  @AllowedTo(...STAFF)
  dispatchTransfer(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: DispatchTransferInput,
  ): Promise<object> {
    return this.transfers.dispatch(context, input);
  }

  @Mutation(() => ReceiveTransferResult, {
    description: 'Counts what arrived at the other site. What is missing needs a reason, and is lost or discarded.',
  })
  @AllowedTo(...STAFF)
  receiveTransfer(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReceiveTransferInput,
  ): Promise<object> {
    return this.transfers.receive(context, input);
  }

  @Mutation(() => CancelTransferResult, { description: 'Takes a transfer back: all of it is where it was.' })
  @AllowedTo(...STAFF)
  cancelTransfer(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: CancelTransferInput,
  ): Promise<object> {
    return this.transfers.cancel(context, input);
  }

  @Mutation(() => ReportTransferLostResult, { description: 'The transfer never arrived: its units are lost.' })
  @AllowedTo(...STAFF)
  reportTransferLost(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReportTransferLostInput,
  ): Promise<object> {
    return this.transfers.lose(context, input);
  }

  @ResolveField(() => SiteType, { description: 'From where.' })
  async fromSite(@Parent() transfer: TransferType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, transfer.fromSiteId))!;
  }

  @ResolveField(() => SiteType, { description: 'To where.' })
  async toSite(@Parent() transfer: TransferType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, transfer.toSiteId))!;
  }

  @ResolveField(() => [TransferLineType], { description: 'What is in it, by lot.' })
  lines(@Parent() transfer: TransferType, @Context() context: RequestContext): Promise<TransferLineType[]> {
    return this.transfers.linesOf(context, transfer.id);
  }
}

@Resolver(() => TransferLineType)
export class TransferLineResolver {
  constructor(private readonly lots: LotService) {}

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() line: TransferLineType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, line.lotId))!;
  }
}
