import type { Type as ClassOf } from '@nestjs/common';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, LocalDate, NonNegativeInt } from '../platform/graphql/scalars.js';
import { DISCREPANCY_REASONS, type LotCondition } from '../stock/ledger.rules.js';
import { LotConditionEnum } from '../stock/lot.types.js';
import type { DeliveryStatus, StoppedLine } from './delivery.rules.js';

export const DeliveryStatusEnum = enumType<DeliveryStatus>(
  'DeliveryStatus',
  {
    PREPARED: 'Reserved, and to be packed.',
    DISPATCHED: 'On its way.',
    DELIVERED: 'There, not yet counted by the recipient.',
    CONFIRMED: 'Counted by the recipient.',
    RETURNED: 'Came back to us.',
    LOST: 'Was sent and never arrived.',
    CANCELLED: 'Taken back before it left.',
  },
  'Where a parcel stands.',
);

@ObjectType('Delivery', { implements: () => [NodeType], description: 'What goes to one recipient under one plan.' })
export class DeliveryType implements NodeType {
  id: string;
  recipientId: string;
  planId: string;

  @Field(() => DeliveryStatusEnum, { description: 'Where it stands.' })
  status: DeliveryStatus;

  @Field(() => String, { nullable: true, description: 'Who brings it.' })
  carrier: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  trackingNumber: string | null;

  @Field(() => DateTime, { description: 'When it was reserved.' })
  preparedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it left; null before.' })
  dispatchedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it arrived; null before.' })
  deliveredAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the recipient had counted it; null before.' })
  confirmedAt: Date | null;
}

@ObjectType('DeliveryLine', { description: 'Units of one lot in a parcel.' })
export class DeliveryLineType {
  itemId: string;
  lotId: string;
  siteId: string;

  @Field(() => ID, { description: 'What a count names. It is the id of the distribution, too.' })
  id: string;

  @Field(() => Int, { description: 'What was sent.' })
  units: number;

  @Field(() => DeliveryStatusEnum, {
    description: 'As its parcel, or CANCELLED where it was taken out before the parcel left.',
  })
  status: DeliveryStatus;

  @Field(() => Int, { nullable: true, description: 'What the recipient counted; null until she has.' })
  confirmedUnits: number | null;

  @Field(() => String, { nullable: true, description: 'Why that is fewer.' })
  shortageReason: string | null;
}

export const DeliveryConnection = connectionType('Delivery', () => DeliveryType);

@ObjectType('DeliveryTransitionError', {
  implements: () => [UserErrorType],
  description: 'The parcel is in a state from which this cannot happen, or it has happened already.',
})
export class DeliveryTransitionErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => DeliveryStatusEnum, { description: 'Where it stands.' })
  status: DeliveryStatus;
}

@ObjectType('StoppedLine', { description: 'A line whose lot keeps the parcel from leaving.' })
export class StoppedLineType implements StoppedLine {
  lotId: string;

  @Field(() => ID, { description: 'Which line.' })
  lineId: string;

  @Field(() => LotConditionEnum, { description: 'Whether the lot may be used.' })
  condition: LotCondition;

  @Field(() => LocalDate, { nullable: true, description: 'The last day on which it may be used.' })
  expiresOn: string | null;
}

@ObjectType('LotNotUsableError', {
  implements: () => [UserErrorType],
  description: 'Something in the parcel is set aside, recalled or expired.',
})
export class LotNotUsableErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [StoppedLineType], { description: 'What keeps it from leaving.' })
  lots: StoppedLineType[];
}

@ObjectType('LinesTakenOutError', {
  implements: () => [UserErrorType],
  description: 'Lines were taken out of the parcel before.',
})
export class LinesTakenOutErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [ID], { description: 'Which of those that were named.' })
  lineIds: string[];
}

@ObjectType('ConfirmationLink', {
  description: 'A one-time link by which a recipient confirms a delivery without signing in.',
})
export class ConfirmationLinkType {
  delivery: DeliveryType;

  @Field(() => String, {
    nullable: true,
    description: 'The secret to pass as `token`. Shown once: null when the call is repeated.',
  })
  token: string | null;

  @Field(() => DateTime, { description: 'Until when it can be used.' })
  expiresAt: Date;
}

/** The result of a step in a parcel's life. */
function deliveryOr(name: string, ...refusals: ClassOf[]): object {
  return resultUnion(name, DeliveryType, 'Delivery', [DeliveryTransitionErrorType, ...refusals]);
}

export const DispatchDeliveryResult = deliveryOr('DispatchDeliveryResult', LotNotUsableErrorType);
export const TakeOutOfDeliveryResult = deliveryOr('TakeOutOfDeliveryResult', LinesTakenOutErrorType);
export const ConfirmDeliveryResult = deliveryOr('ConfirmDeliveryResult');
export const MarkDeliveredResult = deliveryOr('MarkDeliveredResult');
export const ReturnDeliveryResult = deliveryOr('ReturnDeliveryResult');
export const ReportDeliveryLostResult = deliveryOr('ReportDeliveryLostResult');
export const IssueConfirmationLinkResult = resultUnion(
  'IssueConfirmationLinkResult',
  ConfirmationLinkType,
  'ConfirmationLink',
  [DeliveryTransitionErrorType],
);

@InputType({ description: 'Hands a parcel to a carrier.' })
export class DispatchDeliveryInput extends KeyedInput {
  @Field(() => ID, { description: 'Which delivery.' })
  @IsId()
  deliveryId: string;

  @Field(() => String, { nullable: true, description: 'Who brings it.' })
  @IsOptional()
  @MaxLength(200)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  @IsOptional()
  @MaxLength(200)
  trackingNumber?: string | null;
}

@InputType({ description: 'Takes lines out of a parcel that has not left.' })
export class TakeOutOfDeliveryInput extends KeyedInput {
  @Field(() => ID, { description: 'Which delivery.' })
  @IsId()
  deliveryId: string;

  @Field(() => [ID], { description: 'Which of its lines, 1 to 1000.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  lineIds: string[];

  @Field({ description: 'Why; kept with the units that move and in the journal.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

@InputType({ isAbstract: true })
export abstract class MoveDeliveryInput extends KeyedInput {
  @Field(() => ID, { description: 'Which delivery.' })
  @IsId()
  deliveryId: string;

  @Field(() => String, { nullable: true, description: 'Why; kept in the journal.' })
  @IsOptional()
  @MaxLength(500)
  reason?: string | null;
}

@InputType({ description: 'Says that a parcel is there.' })
export class MarkDeliveredInput extends MoveDeliveryInput {}

@InputType({ description: 'Says that a parcel came back.' })
export class ReturnDeliveryInput extends MoveDeliveryInput {}

@InputType({ description: 'Says that a parcel never arrived.' })
export class ReportDeliveryLostInput extends MoveDeliveryInput {}

@InputType({ description: 'Makes a link for one delivery; an earlier one for the same delivery ends.' })
export class IssueConfirmationLinkInput extends KeyedInput {
  @Field(() => ID, { description: 'Which delivery.' })
  @IsId()
  deliveryId: string;
}

@InputType({ description: 'What was counted of a line.' })
export class ConfirmedLineInput {
  @Field(() => ID, { description: 'Which line.' })
  @IsId()
  lineId: string;

  @Field(() => NonNegativeInt, { description: 'Arrived fit for use: at most what was sent.' })
  units: number;

  @Field(() => String, {
    nullable: true,
    description: `Why fewer: ${DISCREPANCY_REASONS.join(', ')}. MISSING when left out.`,
  })
  @IsOptional()
  @IsIn(DISCREPANCY_REASONS, { message: `must be one of ${DISCREPANCY_REASONS.join(', ')}` })
  reason?: string | null;
}

@InputType({ description: 'Counts what arrived. No counts: all arrived as sent.' })
export class ConfirmDeliveryInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'Which delivery. Exactly one of deliveryId and token.' })
  @IsOptional()
  @IsId()
  deliveryId?: string | null;

  @Field(() => String, { nullable: true, description: 'The secret of a one-time link; needs no bearer token.' })
  @IsOptional()
  @MaxLength(200)
  token?: string | null;

  @Field(() => [ConfirmedLineInput], { nullable: true, description: 'Lines that are left out arrived as sent.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @ValidateNested()
  @Type(() => ConfirmedLineInput)
  counts?: ConfirmedLineInput[] | null;
}
