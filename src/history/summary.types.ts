import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { ItemCategory } from '../catalogue/item.rules.js';
import { ItemCategoryEnum } from '../catalogue/item.types.js';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import { DeliveryStatusEnum } from '../deliveries/delivery.types.js';
import { enumType } from '../platform/graphql/enum.js';
import { SafeInt } from '../platform/graphql/scalars.js';
import type { DistributionDimension } from './summary.rules.js';

export const DistributionDimensionEnum = enumType<DistributionDimension>(
  'DistributionDimension',
  {
    ITEM: 'By item.',
    CATEGORY: 'By category of items.',
    DONOR: 'By donor.',
    RECIPIENT: 'By recipient. Not for donors.',
    GROUP: 'By group, as its members are now; who is in two groups is counted in both. Not for donors.',
    COUNTRY: 'By country of the recipient.',
    MONTH: 'By month of the commit.',
    STATUS: 'By state.',
  },
  'What history can be summed by.',
);

@ObjectType('DistributionSummaryRow', {
  description: 'Sums over the distributions that share the dimensions asked for; the other dimensions are null.',
})
export class DistributionSummaryRowType {
  itemId: string | null;
  donorId: string | null;
  recipientId: string | null;
  groupId: string | null;

  @Field(() => ItemCategoryEnum, { nullable: true, description: 'By CATEGORY.' })
  category: ItemCategory | null;

  @Field(() => String, { nullable: true, description: 'By COUNTRY; null also where a country is not known.' })
  country: string | null;

  @Field(() => String, { nullable: true, description: 'By MONTH, as YYYY-MM.' })
  month: string | null;

  @Field(() => DeliveryStatusEnum, { nullable: true, description: 'By STATUS.' })
  status: DeliveryStatus | null;

  @Field(() => SafeInt, { description: 'What was allocated.' })
  units: number;

  @Field(() => SafeInt, { description: 'What recipients counted.' })
  confirmedUnits: number;

  @Field(() => Int, { description: 'How many people.' })
  recipients: number;

  @Field(() => SafeInt, { description: 'How many lines of history.' })
  distributions: number;
}
