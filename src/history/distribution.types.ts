import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, MaxLength, ValidateBy, ValidateNested } from 'class-validator';
import { PlanType } from '../allocations/plan.types.js';
import { DonorType } from '../donors/donor.types.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { ShipmentType } from '../shipments/shipment.types.js';
import { LotType } from '../stock/lot.types.js';
import { SiteType } from '../stock/site.types.js';
import { DeliveryStatusEnum } from '../deliveries/delivery.types.js';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { NodeType } from '../platform/graphql/node.js';
import { DateTime, LocalDate } from '../platform/graphql/scalars.js';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { ItemCategoryEnum, ItemType } from '../catalogue/item.types.js';
import {
  isTimeZone,
  type DayRange,
  type Direction,
  type DistributionFilter,
  type DistributionOrder,
  type DistributionOrderField,
} from './distribution.rules.js';

export const DistributionOrderFieldEnum = enumType<DistributionOrderField>(
  'DistributionOrderField',
  { ALLOCATED_AT: 'By the instant of the commit.', UNITS: 'By size.' },
  'What a list of distributions is ordered by.',
);

export const DirectionEnum = enumType<Direction>(
  'Direction',
  { ASC: 'The smallest or oldest first.', DESC: 'The largest or newest first.' },
  'Which end comes first.',
);

@ObjectType('Distribution', {
  implements: () => [NodeType],
  description: 'One line of history: this many units of this lot to this recipient, under this plan, in this state.',
})
export class DistributionType implements NodeType {
  id: string;

  // The rows beside the line are read with it, those that are selected.
  @Field(() => ItemType, { description: 'What it is.' })
  item: ItemType;

  @Field(() => LotType, { description: 'Which lot.' })
  lot: LotType;

  @Field(() => ShipmentType, { description: 'How it came to us.' })
  shipment: ShipmentType;

  @Field(() => DonorType, { description: 'Who gave it.' })
  donor: DonorType;

  @Field(() => RecipientType, { description: 'Who got it.' })
  recipient: RecipientType;

  @Field(() => PlanType, { nullable: true, description: 'Under which plan; null where it is not yours to see.' })
  plan: PlanType | null;

  @Field(() => SiteType, { nullable: true, description: 'Out of which site; null where it is not yours to see.' })
  site: SiteType | null;

  @Field(() => ID, { description: 'The parcel that it is a line of.' })
  deliveryId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where the recipient worked when it was allocated, ISO 3166-1 alpha-2.',
  })
  country: string | null;

  @Field(() => Int, { description: 'How exposed the recipient was when it was allocated: 1, 2 or 3.' })
  exposureTier: number;

  @Field(() => Int, { description: 'What was allocated.' })
  units: number;

  @Field(() => Int, { nullable: true, description: 'What the recipient counted; null until she has.' })
  confirmedUnits: number | null;

  @Field(() => DeliveryStatusEnum, { description: 'Where it stands.' })
  status: DeliveryStatus;

  @Field(() => DateTime, { description: 'When it was committed.' })
  allocatedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it left; null before.' })
  dispatchedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it arrived; null before.' })
  deliveredAt: Date | null;
}

export const DistributionConnection = connectionType('Distribution', () => DistributionType);

@InputType({ description: 'A range of calendar days, both included, in UTC unless a time zone is given.' })
export class DateRange implements DayRange {
  @Field(() => LocalDate, { nullable: true, description: 'The first day.' })
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last day.' })
  to?: string | null;
}

/** class-validator rule: the name of a time zone. */
export function IsTimeZone(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isTimeZone(value),
      defaultMessage: () => 'must be a time zone, such as America/New_York',
    },
  });
}

@InputType('DistributionFilter', { description: 'What is left out does not restrict; what is given must all hold.' })
export class DistributionFilterInput implements DistributionFilter {
  @Field(() => [ID], { nullable: true, description: 'From any of these donors.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  donorIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'To any of these recipients. Not for donors.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  recipientIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'To members of any of these groups, as they are now. Not for donors.',
  })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  groupIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of any of these items.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [ItemCategoryEnum], { nullable: true, description: 'Of any of these categories.' })
  categories?: ItemCategory[] | null;

  @Field(() => [String], { nullable: true, description: 'To any of these countries, ISO 3166-1 alpha-2.' })
  @IsOptional()
  @ArrayMaxSize(300)
  @MaxLength(2, { each: true })
  countries?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Out of any of these shipments.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  shipmentIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Out of any of these lots.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  lotIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Out of lots with any of these makers' numbers." })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  lotNumbers?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Under any of these plans.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  planIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Out of any of these sites.' })
  @IsOptional()
  @ArrayMaxSize(100)
  @IsId({ each: true })
  siteIds?: string[] | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'To recipients who were of any of these exposure tiers: 1, 2, 3.',
  })
  @IsOptional()
  @ArrayMaxSize(3)
  @IsIn([1, 2, 3], { each: true, message: 'must be 1, 2 or 3' })
  exposureTiers?: number[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'From donors who were in any of these countries, ISO 3166-1 alpha-2.',
  })
  @IsOptional()
  @ArrayMaxSize(300)
  @MaxLength(2, { each: true })
  donorCountries?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Part of the code or name of an item, or of the name of the facility where the recipient works. For donors, of an item.',
  })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  search?: string | null;

  @Field(() => [DeliveryStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: DeliveryStatus[] | null;

  @Field(() => DateRange, { nullable: true, description: 'Committed on these days.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateRange)
  allocatedOn?: DateRange | null;

  @Field(() => String, {
    nullable: true,
    description: 'For days and months: an IANA name such as America/New_York; UTC when left out.',
  })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;
}

@InputType('DistributionOrder', { description: 'How a list of distributions is ordered.' })
export class DistributionOrderInput implements DistributionOrder {
  @Field(() => DistributionOrderFieldEnum, { description: 'By what.' })
  field: DistributionOrderField;

  @Field(() => DirectionEnum, { description: 'Which end comes first.' })
  direction: Direction;
}
