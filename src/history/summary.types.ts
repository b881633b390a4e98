import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { ItemCategoryEnum } from '../catalogue/item.types.js';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import { DeliveryStatusEnum } from '../deliveries/delivery.types.js';
import { enumType } from '../platform/graphql/enum.js';
import { LocalDate, SafeInt } from '../platform/graphql/scalars.js';
import type { DimensionValues, DistributionDimension, Sums } from './summary.rules.js';

export const DistributionDimensionEnum = enumType<DistributionDimension>(
  'DistributionDimension',
  {
    ITEM: 'By item.',
    CATEGORY: 'By category of items.',
    DONOR: 'By donor.',
    RECIPIENT: 'By recipient. Not for donors.',
    GROUP: 'By group, as its members are now; who is in two groups is counted in both. Not for donors.',
    FACILITY: 'By where the recipient works now. Not for donors.',
    COUNTRY: 'By country of the recipient.',
    TIER: 'By how exposed the recipient was: 1, 2, 3.',
    PLAN: 'By plan. Not for donors.',
    SITE: 'By the site it stood at.',
    DAY: 'By day of the commit.',
    WEEK: 'By week of the commit, Monday to Sunday, as ISO 8601 counts them.',
    MONTH: 'By month of the commit.',
    QUARTER: 'By quarter of the commit.',
    STATUS: 'By state.',
  },
  'What history can be summed by.',
);

@ObjectType('DistributionSummaryRow', {
  description:
    "Sums over the distributions that share the dimensions asked for; the other dimensions are null. Days, weeks, months and quarters are those of the filter's time zone.",
})
export class DistributionSummaryRowType implements DimensionValues, Sums {
  itemId: string | null;
  donorId: string | null;
  recipientId: string | null;
  groupId: string | null;
  planId: string | null;
  siteId: string | null;

  @Field(() => ItemCategoryEnum, { nullable: true, description: 'By CATEGORY.' })
  category: ItemCategory | null;

  @Field(() => String, { nullable: true, description: 'By FACILITY; null also where it is not known.' })
  facility: string | null;

  @Field(() => String, { nullable: true, description: 'By COUNTRY; null also where a country is not known.' })
  country: string | null;

  @Field(() => Int, { nullable: true, description: 'By TIER.' })
  exposureTier: number | null;

  @Field(() => LocalDate, { nullable: true, description: 'By DAY.' })
  day: string | null;

  @Field(() => String, { nullable: true, description: 'By WEEK, as 2020-W14.' })
  week: string | null;

  @Field(() => String, { nullable: true, description: 'By MONTH, as YYYY-MM.' })
  month: string | null;

  @Field(() => String, { nullable: true, description: 'By QUARTER, as 2020-Q2.' })
  quarter: string | null;

  @Field(() => DeliveryStatusEnum, { nullable: true, description: 'By STATUS.' })
  status: DeliveryStatus | null;

  @Field(() => Boolean, {
    description:
      'Whether this is the one row that stands for several of fewer than 3 people each: its dimensions but DONOR are null. For donors; it is the last.',
  })
  merged: boolean;

  @Field(() => Int, { description: 'How many rows a merged row stands for; 0 where none are merged.' })
  mergedRows: number;

  @Field(() => SafeInt, { description: 'What was allocated.' })
  units: number;

  @Field(() => SafeInt, { description: 'What recipients counted.' })
  confirmedUnits: number;

  /** Null where nobody asked for it: to tell people apart costs more than to add up. */
  @Field(() => Int, { description: 'How many people; counted only when asked.' })
  recipients: number | null;

  @Field(() => SafeInt, { description: 'How many lines of history.' })
  distributions: number;
}
