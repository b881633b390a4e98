import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { ItemCategoryEnum } from '../catalogue/item.types.js';
import { DateRange, IsTimeZone } from '../history/distribution.types.js';
import { IsId } from '../platform/graphql/checked.js';
import { enumType } from '../platform/graphql/enum.js';
import { SafeInt } from '../platform/graphql/scalars.js';
import type { FillRateFilter, WaitingDimension, WaitingFilter } from './rate.rules.js';
import type { FillRow, WaitingRow } from './rate.repository.js';

const ZONE = 'For days and months: an IANA name such as America/New_York; UTC when left out.';

@InputType('FillRateFilter', { description: 'What is left out does not restrict; what is given must all hold.' })
export class FillRateFilterInput implements FillRateFilter {
  @Field(() => [String], { nullable: true, description: 'Of any of these items, by code.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [ItemCategoryEnum], { nullable: true, description: 'Of any of these categories.' })
  categories?: ItemCategory[] | null;

  @Field(() => [ID], { nullable: true, description: 'Under any of these plans.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  planIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'For any of these recipients.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  recipientIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'For members of any of these groups, as they are now.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  groupIds?: string[] | null;

  @Field(() => DateRange, { nullable: true, description: 'Committed on these days.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateRange)
  committedOn?: DateRange | null;

  @Field(() => String, { nullable: true, description: ZONE })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;
}

@ObjectType('FillRateRow', { description: 'What was claimed and what was awarded, of an item, a month, both, or all.' })
export class FillRateRowType implements FillRow {
  itemId: string | null;

  @Field(() => String, { nullable: true, description: 'The month of the commit, as YYYY-MM; null over all months.' })
  month: string | null;

  @Field(() => SafeInt, { description: 'Units claimed, where the claim had a bound.' })
  claimedUnits: number;

  @Field(() => SafeInt, { description: 'Units awarded for those claims, as they were awarded.' })
  awardedUnits: number;

  @Field(() => SafeInt, { description: 'How many claims.' })
  awards: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Units awarded over units claimed; null where nothing was claimed.',
  })
  rate: number | null;

  @Field(() => SafeInt, { description: 'How many awards went by no bound: they count in neither sum.' })
  unboundedAwards: number;

  @Field(() => SafeInt, { description: 'And how many units those gave.' })
  unboundedUnits: number;
}

@ObjectType('FillRate', { description: 'What part of the claims on committed plans was met.' })
export class FillRateType {
  @Field(() => FillRateRowType, { description: 'Over all.' })
  overall: FillRateRowType;

  @Field(() => [FillRateRowType], { description: 'By item, in the order of the catalogue.' })
  byItem: FillRateRowType[];

  @Field(() => [FillRateRowType], { description: 'By month of the commit, the first first.' })
  byMonth: FillRateRowType[];

  @Field(() => [FillRateRowType], { description: 'By month of the commit and item, the first first.' })
  byItemAndMonth: FillRateRowType[];
}

export const WaitingDimensionEnum = enumType<WaitingDimension>(
  'WaitingDimension',
  { ITEM: 'By item.', DONOR: 'By donor.', MONTH: 'By the month in which it came into the hand.' },
  'What waiting can be summed by.',
);

@InputType('WaitingTimeFilter', { description: 'What is left out does not restrict; what is given must all hold.' })
export class WaitingTimeFilterInput implements WaitingFilter {
  @Field(() => [ID], { nullable: true, description: 'From any of these donors.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  donorIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Out of any of these shipments.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  shipmentIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of any of these items, by code.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => DateRange, { nullable: true, description: 'In the hand on these days.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateRange)
  handedOn?: DateRange | null;

  @Field(() => String, { nullable: true, description: ZONE })
  @IsOptional()
  @IsTimeZone()
  timeZone?: string | null;
}

@ObjectType('WaitingTimeRow', {
  description:
    'How long gifts took from the receipt of their lot to the hand, each line of history once. Days are calendar days of the time zone.',
})
export class WaitingTimeRowType implements WaitingRow {
  itemId: string | null;
  donorId: string | null;

  @Field(() => String, { nullable: true, description: 'By MONTH, as YYYY-MM.' })
  month: string | null;

  @Field(() => SafeInt, { description: 'How many lines of history.' })
  distributions: number;

  @Field(() => Int, { description: 'For how many people.' })
  recipients: number;

  @Field(() => SafeInt, { description: 'How many units, as sent.' })
  units: number;

  @Field(() => Float, { description: 'The mean, in days.' })
  meanDays: number;

  @Field(() => Int, { description: 'Half of them took no longer.' })
  medianDays: number;

  @Field(() => Int, { description: 'Nine of ten took no longer.' })
  p90Days: number;

  @Field(() => Int, { description: 'The longest.' })
  longestDays: number;

  @Field(() => Float, {
    description: 'The mean, in hours. Of goods that were logged by day, the day began at midnight UTC.',
  })
  meanHours: number;

  @Field(() => Float, { description: 'Half of them took no longer.' })
  medianHours: number;

  @Field(() => Float, { description: 'Nine of ten took no longer.' })
  p90Hours: number;

  @Field(() => Float, { description: 'The longest.' })
  longestHours: number;
}
