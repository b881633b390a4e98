import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, MaxLength } from 'class-validator';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime } from '../platform/graphql/scalars.js';
import type { ClosureReason } from '../recipients/need.rules.js';
import { ClosureReasonEnum } from '../recipients/need.types.js';
import { type CarriageEvent, MOST_EVENTS, type ShipmentEventKind, type ShipmentStatus } from './shipment.rules.js';
import { ShipmentStatusEnum, ShipmentType } from './shipment.types.js';

const ON_ITS_WAY: Readonly<Record<CarriageEvent, string>> = {
  HANDED_TO_CARRIER: 'The carrier has it.',
  IN_TRANSIT: 'It is on its way.',
  CUSTOMS_ENTRY: 'It was presented to customs.',
  CUSTOMS_HOLD: 'Customs keep it.',
  CUSTOMS_RELEASE: 'Customs let it go.',
  ARRIVED: 'It is there, and has not been counted.',
};

export const CarriageEventEnum = enumType<CarriageEvent>(
  'CarriageEvent',
  ON_ITS_WAY,
  'What happens to a consignment on its way. Each says that it has left.',
);

export const ShipmentEventKindEnum = enumType<ShipmentEventKind>(
  'ShipmentEventKind',
  {
    ...ON_ITS_WAY,
    CLOSED: 'It was counted, and no more is expected.',
    CANCELLED: 'It will not come.',
    LOST: 'It was sent and never arrived.',
    REOPENED: 'It turned up, or more of it did: it is to be counted.',
  },
  'What happened to a consignment: the events of its way, and what was decided about it.',
);

@ObjectType('ShipmentEvent', { description: 'One entry of the log of a consignment. It is never changed.' })
export class ShipmentEventType {
  @Field(() => ID, { description: 'Which entry.' })
  id: string;
  shipmentId: string;
  note: string | null;
  actorId: string | null;

  @Field(() => ShipmentEventKindEnum, { description: 'What happened.' })
  kind: ShipmentEventKind;

  @Field(() => DateTime, { description: 'When it happened.' })
  happenedAt: Date;

  @Field(() => DateTime, { description: 'When it was written down.' })
  at: Date;

  @Field(() => String, { nullable: true, description: 'Where it happened.' })
  place: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, as a code: of the closure reasons where it was cancelled, else of the discrepancy reasons.',
  })
  reason: string | null;
}

@ObjectType('ShipmentTransitionError', {
  implements: () => [UserErrorType],
  description: 'The shipment is in a state from which this cannot happen, or it has happened already.',
})
export class ShipmentTransitionErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ShipmentStatusEnum, { description: 'Where it stands.' })
  status: ShipmentStatus;
}

@ObjectType('TooManyShipmentEventsError', {
  implements: () => [UserErrorType],
  description: 'The log of the shipment is full.',
})
export class TooManyShipmentEventsErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'So many it takes.' })
  mostEvents: number;
}

export const RecordShipmentEventResult = resultUnion('RecordShipmentEventResult', ShipmentType, 'Shipment', [
  TooManyShipmentEventsErrorType,
]);
export const CancelShipmentResult = resultUnion('CancelShipmentResult', ShipmentType, 'Shipment', [
  ShipmentTransitionErrorType,
]);
export const ReportShipmentLostResult = resultUnion('ReportShipmentLostResult', ShipmentType, 'Shipment', [
  ShipmentTransitionErrorType,
]);
export const ReopenShipmentResult = resultUnion('ReopenShipmentResult', ShipmentType, 'Shipment', [
  ShipmentTransitionErrorType,
  TooManyShipmentEventsErrorType,
]);

@InputType({
  description: `Writes down what happened to a consignment on its way, up to ${MOST_EVENTS} times. The first event turns ANNOUNCED into IN_TRANSIT; no other state changes.`,
})
export class RecordShipmentEventInput extends KeyedInput {
  @Field(() => ID, { description: 'Which shipment.' })
  @IsId()
  shipmentId: string;

  @Field(() => CarriageEventEnum, { description: 'What happened.' })
  kind: CarriageEvent;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it happened; now when left out. May lie in the past, not in the future.',
  })
  @IsOptional()
  happenedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Where it happened.' })
  @IsOptional()
  @MaxLength(200)
  place?: string | null;

  @Field(() => String, { nullable: true, description: 'What else there is to say.' })
  @IsOptional()
  @MaxLength(1000)
  note?: string | null;

  @Field(() => String, { nullable: true, description: 'Who brings it from now on; as before when left out.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number from now on; as before when left out." })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  trackingNumber?: string | null;
}

@InputType({ description: 'Says that a consignment of which nothing was counted will not come.' })
export class CancelShipmentInput extends KeyedInput {
  @Field(() => ID, { description: 'Which shipment.' })
  @IsId()
  shipmentId: string;

  @Field(() => ClosureReasonEnum, { description: 'Why.' })
  reason: ClosureReason;

  @Field(() => String, { nullable: true, description: 'What else there is to say.' })
  @IsOptional()
  @MaxLength(1000)
  note?: string | null;
}

@InputType({ isAbstract: true })
abstract class ExplainedInput extends KeyedInput {
  @Field(() => ID, { description: 'Which shipment.' })
  @IsId()
  shipmentId: string;

  @Field(() => String, { description: 'Why, in words; kept in the log.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

@InputType({ description: 'Says that a consignment of which nothing was counted never arrived.' })
export class ReportShipmentLostInput extends ExplainedInput {}

@InputType({ description: 'Opens a consignment again that was closed, cancelled or lost, and turned up.' })
export class ReopenShipmentInput extends ExplainedInput {}
