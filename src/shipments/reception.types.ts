import { Field, ID, InputType, ObjectType, OmitType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, Max, MaxLength, ValidateIf, ValidateNested } from 'class-validator';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import { IsId } from '../platform/graphql/checked.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { LocalDate, NonNegativeInt } from '../platform/graphql/scalars.js';
import { DISCREPANCY_REASONS } from '../stock/ledger.rules.js';
import { MOST_LINES, type ShipmentStatus } from './shipment.rules.js';
import { DonationLineInput, ShipmentStatusEnum, ShipmentType } from './shipment.types.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };
const REASON = { message: `must be one of ${DISCREPANCY_REASONS.join(', ')}` };

@ObjectType('ShipmentNotReceivableError', {
  implements: () => [UserErrorType],
  description: 'The shipment is closed, cancelled or lost.',
})
export class ShipmentNotReceivableErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ShipmentStatusEnum, { description: 'Where it stands.' })
  status: ShipmentStatus;
}

@ObjectType('DiscrepancyReasonRequiredError', {
  implements: () => [UserErrorType],
  description: 'The counts differ, and nobody has said why.',
})
export class DiscrepancyReasonRequiredErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [ID], { description: 'The lines that differ.' })
  lineIds: string[];
}

export const ReceiveShipmentResult = resultUnion('ReceiveShipmentResult', ShipmentType, 'Shipment', [
  ShipmentNotReceivableErrorType,
  DiscrepancyReasonRequiredErrorType,
  UnknownItemErrorType,
]);

@InputType({ description: 'What was counted of a line. A line may be counted in parts, by lot number or expiry.' })
export class ReceivedLineInput {
  @Field(() => ID, { description: 'Which line.' })
  @IsId()
  lineId: string;

  @Field(() => NonNegativeInt, { description: 'Taken in.' })
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  acceptedUnits: number;

  @Field(() => NonNegativeInt, { nullable: true, defaultValue: 0, description: 'Not taken in.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  rejectedUnits: number | null;

  @Field(() => String, { nullable: true, description: `Why not: ${DISCREPANCY_REASONS.join(', ')}.` })
  @IsOptional()
  @IsIn(DISCREPANCY_REASONS, REASON)
  rejectReason?: string | null;

  @Field(() => String, { nullable: true, description: 'As it stands on the box; as announced when left out.' })
  @IsOptional()
  @MaxLength(100)
  lotNumber?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'As it stands on the box; as announced when left out.' })
  expiresOn?: string | null;
}

@InputType({ description: 'Goods in the parcel that nobody announced.' })
export class UnannouncedGoodsInput extends OmitType(DonationLineInput, ['units'] as const) {
  @Field(() => NonNegativeInt, { description: 'Taken in.' })
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  acceptedUnits: number;

  @Field(() => NonNegativeInt, { nullable: true, defaultValue: 0, description: 'Not taken in.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  rejectedUnits: number | null;

  @Field(() => String, { nullable: true, description: `Why not: ${DISCREPANCY_REASONS.join(', ')}.` })
  @IsOptional()
  @IsIn(DISCREPANCY_REASONS, REASON)
  rejectReason?: string | null;
}

@InputType({ description: 'Why one line was not counted as announced.' })
export class LineReasonInput {
  @Field(() => ID, { description: 'Which line.' })
  @IsId()
  lineId: string;

  @Field(() => String, { description: `Why: ${DISCREPANCY_REASONS.join(', ')}.` })
  @IsIn(DISCREPANCY_REASONS, REASON)
  reason: string;
}

@InputType({ description: 'Counts what arrived. May be called for each visit to the parcel.' })
export class ReceiveShipmentInput extends KeyedInput {
  @Field(() => ID, { description: 'Which shipment.' })
  @IsId()
  shipmentId: string;

  @Field(() => ID, { nullable: true, description: 'Where it stands; at the default site when left out.' })
  @IsOptional()
  @IsId()
  siteId?: string | null;

  @Field(() => [ReceivedLineInput], { description: 'What was counted; may be empty when the shipment is closed.' })
  @ArrayMaxSize(MOST_LINES)
  @ValidateIf((input: ReceiveShipmentInput) => input.counts.length > 0)
  @ValidateNested()
  @Type(() => ReceivedLineInput)
  counts: ReceivedLineInput[];

  @Field(() => [UnannouncedGoodsInput], {
    nullable: true,
    description: 'What is in the parcel and was never announced: it becomes lines of which nothing was announced.',
  })
  @IsOptional()
  @ArrayMaxSize(MOST_LINES, { message: `must have at most ${MOST_LINES} entries` })
  @ValidateNested()
  @Type(() => UnannouncedGoodsInput)
  unannounced?: UnannouncedGoodsInput[] | null;

  @Field(() => [LineReasonInput], {
    nullable: true,
    description: 'Why single lines differ from what was announced; the lines left out have the reason of the whole.',
  })
  @IsOptional()
  @ArrayMaxSize(MOST_LINES, { message: `must have at most ${MOST_LINES} entries` })
  @ValidateNested()
  @Type(() => LineReasonInput)
  lineReasons?: LineReasonInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: no more will come. false: more will. Left out: received as soon as every line is complete.',
  })
  close?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `Needed to close a shipment of which a line differs without a reason of its own: ${DISCREPANCY_REASONS.join(', ')}.`,
  })
  @IsOptional()
  @IsIn(DISCREPANCY_REASONS, REASON)
  discrepancyReason?: string | null;
}
