import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { declareCost } from '../platform/graphql/limits.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { WAITING_DIMENSIONS, type WaitingDimension } from './rate.rules.js';
import { RateService } from './rate.service.js';
import {
  FillRateFilterInput,
  FillRateRowType,
  FillRateType,
  WaitingDimensionEnum,
  WaitingTimeFilterInput,
  WaitingTimeRowType,
} from './rate.types.js';

// Over everything, both read most of a large table.
declareCost('fillRate', 5000);
declareCost('waitingTime', 5000);

@ArgsType()
class FillRateArgs {
  @Field(() => FillRateFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => FillRateFilterInput)
  filter?: FillRateFilterInput | null;
}

@ArgsType()
class WaitingTimeArgs {
  @Field(() => [WaitingDimensionEnum], { description: 'None: one row for all.' })
  @ArrayMaxSize(WAITING_DIMENSIONS.length)
  by: WaitingDimension[];

  @Field(() => WaitingTimeFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => WaitingTimeFilterInput)
  filter?: WaitingTimeFilterInput | null;
}

@Resolver()
export class RateResolver {
  constructor(private readonly rates: RateService) {}

  @Query(() => FillRateType, {
    description:
      'Units awarded over units claimed in committed plans, by item and month of the commit; awards that were cancelled are left out.',
  })
  @AllowedTo(...OVERSIGHT)
  fillRate(@Args(CheckedArgs) { filter }: FillRateArgs): Promise<FillRateType> {
    return this.rates.fillRate(filter ?? {});
  }

  @Query(() => [WaitingTimeRowType], {
    description:
      'How long gifts took from the receipt of their lot to the hand, the most first. Donors are told of their own, and of nothing that went to fewer than three people.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  waitingTime(
    @Context() context: RequestContext,
    @Args(CheckedArgs) { by, filter }: WaitingTimeArgs,
  ): Promise<WaitingTimeRowType[]> {
    return this.rates.waitingTime(context, filter ?? {}, by);
  }
}

@Resolver(() => FillRateRowType)
export class FillRateRowResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { nullable: true, description: 'Which item; null over all items.' })
  item(@Parent() { itemId }: FillRateRowType, @Context() context: RequestContext): Promise<ItemType> | null {
    return itemId === null ? null : this.items.load(context, itemId);
  }
}

@Resolver(() => WaitingTimeRowType)
export class WaitingTimeRowResolver {
  constructor(
    private readonly items: ItemService,
    private readonly donors: DonorService,
  ) {}

  @ResolveField(() => ItemType, { nullable: true, description: 'By ITEM.' })
  item(@Parent() { itemId }: WaitingTimeRowType, @Context() context: RequestContext): Promise<ItemType> | null {
    return itemId === null ? null : this.items.load(context, itemId);
  }

  @ResolveField(() => DonorType, { nullable: true, description: 'By DONOR.' })
  donor(
    @Parent() { donorId }: WaitingTimeRowType,
    @Context() context: RequestContext,
  ): Promise<DonorType | null> | null {
    return donorId === null ? null : loaderOf(context, this.donors.byIds, (donor) => donor.id).load(donorId);
  }
}
