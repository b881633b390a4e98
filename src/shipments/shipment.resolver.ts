import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { isStaff, mayKnowDonor, mayReachDonor, OVERSIGHT, seesEverything, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { dayOf } from '../platform/clock.js';
import { CheckedArgs, CheckedInput, IdPipe, IsId } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { forbidden, type Refusal } from '../platform/rejection.js';
import { EarmarkType, shownEarmark } from '../stock/earmark.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { ReceptionService } from './reception.service.js';
import { ReceiveShipmentInput, ReceiveShipmentResult } from './reception.types.js';
import { referenceFor, type ShipmentStatus } from './shipment.rules.js';
import { ShipmentService } from './shipment.service.js';
import {
  AnnounceShipmentInput,
  AnnounceShipmentResult,
  LogDonationInput,
  LogDonationResult,
  ShipmentConnection,
  ShipmentLineType,
  ShipmentStatusEnum,
  ShipmentType,
} from './shipment.types.js';

@ArgsType()
class ShipmentsArgs extends PageArgs {
  @Field(() => [ShipmentStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: ShipmentStatus[] | null;

  @Field(() => [ID], { nullable: true, description: 'From any of these donors.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  donorIds?: string[] | null;
}

@Resolver(() => ShipmentType)
export class ShipmentResolver {
  constructor(
    private readonly shipments: ShipmentService,
    private readonly receptions: ReceptionService,
    private readonly donors: DonorService,
  ) {}

  @Query(() => ShipmentType, {
    nullable: true,
    description: 'One shipment; null when there is none, or none that you may see.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  shipment(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<ShipmentType | null> {
    return this.shipments.find(context, id);
  }

  @Query(() => ShipmentConnection, {
    name: 'shipments',
    description: 'Shipments, the newest first. A donor sees her own.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  list(@Context() context: RequestContext, @Args(CheckedArgs) args: ShipmentsArgs): Promise<Connection<ShipmentType>> {
    return this.shipments.list(context, args, args);
  }

  @Mutation(() => LogDonationResult, { description: 'Writes down a gift that is here: it is stock at once.' })
  @AllowedTo(...STAFF, 'DONOR')
  logDonation(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: LogDonationInput,
  ): Promise<ShipmentType | Refusal> {
    return this.shipments.logDonation(context, input);
  }

  @Mutation(() => AnnounceShipmentResult, { description: 'Writes down a consignment that is to come.' })
  @AllowedTo(...STAFF, 'DONOR')
  announceShipment(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: AnnounceShipmentInput,
  ): Promise<ShipmentType | Refusal> {
    return this.shipments.announce(context, input);
  }

  @Mutation(() => ReceiveShipmentResult, {
    description: 'Counts what arrived of a consignment: what is accepted is stock at once.',
  })
  @AllowedTo(...STAFF)
  receiveShipment(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReceiveShipmentInput,
  ): Promise<ShipmentType | Refusal> {
    return this.receptions.receive(context, input);
  }

  @ResolveField(() => DonorType, { description: 'Who sends it.' })
  async donor(shipment: ShipmentType, _args: unknown, context: RequestContext): Promise<DonorType> {
    return (await loaderOf(context, this.donors.byIds, (donor) => donor.id).load(shipment.donorId))!;
  }

  @ResolveField(() => String)
  reference(shipment: ShipmentType, _args: unknown, context: RequestContext): string | Promise<string> {
    return isStaff(context.viewer) ? shipment.reference : this.referenceShown(shipment, context);
  }

  private async referenceShown(shipment: ShipmentType, context: RequestContext): Promise<string> {
    const donor = await this.donor(shipment, undefined, context);
    // People put names into references; an anonymous donor's is replaced like her name.
    return mayKnowDonor(context.viewer, donor)
      ? shipment.reference
      : referenceFor(shipment.id, dayOf(shipment.createdAt));
  }

  @ResolveField(() => [ShipmentLineType], { description: 'What is in it; none where that is not yours to see.' })
  async lines(shipment: ShipmentType, _args: unknown, context: RequestContext): Promise<ShipmentLineType[]> {
    const may = seesEverything(context.viewer) || mayReachDonor(context.viewer, shipment.donorId);
    if (!may) return [];
    return this.shipments.linesOf(context, shipment.id);
  }
}

@Resolver(() => ShipmentLineType)
export class ShipmentLineResolver {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
  ) {}

  @ResolveField(() => ItemType, { description: 'What it is.' })
  item(line: ShipmentLineType, _args: unknown, context: RequestContext): Promise<ItemType> {
    return this.items.load(context, line.itemId);
  }

  @ResolveField('earmark', () => EarmarkType, { nullable: true, description: 'For whom it is; null: for everybody.' })
  earmarkOf(line: ShipmentLineType): EarmarkType | null {
    return shownEarmark(line.earmark);
  }

  @ResolveField('lots', () => [LotType], { description: 'What it became when it was received.' })
  lotsOf(line: ShipmentLineType, _args: unknown, context: RequestContext): Promise<LotType[]> {
    return this.lots.ofLine(context, line.id);
  }
}

@Resolver(() => LotType)
export class LotShipmentResolver {
  constructor(private readonly shipments: ShipmentService) {}

  @ResolveField(() => ShipmentType, { description: 'How it came.' })
  shipment(lot: LotType, _args: unknown, context: RequestContext): Promise<ShipmentType> {
    return this.shipments.load(context, lot.shipmentId);
  }
}

@Resolver(() => DonorType)
export class DonorShipmentsResolver {
  constructor(private readonly shipments: ShipmentService) {}

  @ResolveField('shipments', () => ShipmentConnection, { description: 'What the donor sent, the newest first.' })
  async shipmentsOf(
    @Parent() donor: DonorType,
    @Context() context: RequestContext,
    @Args(CheckedArgs) page: PageArgs,
  ): Promise<Connection<ShipmentType>> {
    if (!seesEverything(context.viewer) && !mayReachDonor(context.viewer, donor.id))
      throw forbidden("Another donor's shipments are not yours to see.");
    return this.shipments.ofDonor(context, donor.id, page);
  }
}
