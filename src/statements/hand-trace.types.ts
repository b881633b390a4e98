import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { DeliveryStatus } from '../deliveries/delivery.rules.js';
import { DeliveryStatusEnum } from '../deliveries/delivery.types.js';
import { DateTime } from '../platform/graphql/scalars.js';
import { LotOriginType, LotStepType } from './lot-trace.types.js';

@ObjectType('DistributionTrace', {
  description: 'The way of one line of history, from the hand back to the donor.',
})
export class DistributionTraceType {
  @Field(() => ID, { description: 'The line of history.' })
  id: string;
  recipientId: string;
  lotId: string;
  siteId: string;
  planId: string;
  deliveryId: string;

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

  @Field(() => DateTime, { nullable: true, description: 'When it was counted; null before.' })
  confirmedAt: Date | null;

  @Field(() => LotOriginType, { description: 'Where its lot came from.' })
  origin: LotOriginType;

  @Field(() => [LotStepType], {
    description:
      'The moves on its way, from the hand back to the donor; at most 250. To recipients, those of their own parcel.',
  })
  steps: LotStepType[];
}
