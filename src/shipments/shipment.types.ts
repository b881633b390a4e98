import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsOptional,
  Max,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { NewDonorInput } from '../donors/donor.types.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, LocalDate, NonNegativeInt, PositiveInt } from '../platform/graphql/scalars.js';
import type { Earmark } from '../engine/problem.js';
import { EarmarkInput } from '../stock/earmark.types.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import { DISCREPANCY_REASONS } from '../stock/ledger.rules.js';
import { MOST_LINES, type ShipmentStatus } from './shipment.rules.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };
const REASON = { message: `must be one of ${DISCREPANCY_REASONS.join(', ')}` };

export const ShipmentStatusEnum = enumType<ShipmentStatus>(
  'ShipmentStatus',
  {
    ANNOUNCED: 'Promised, not yet sent.',
    IN_TRANSIT: 'On its way.',
    PARTIALLY_RECEIVED: 'Some of it has been counted; more may come.',
    RECEIVED: 'Counted and closed.',
    CANCELLED: 'Will not come.',
    LOST: 'Was sent and never arrived.',
  },
  'Where a consignment stands.',
);

@ObjectType('ShipmentLine', { description: 'One item of a consignment.' })
export class ShipmentLineType {
  @Field(() => ID, { description: 'What a count names.' })
  id: string;
  itemId: string;
  // Resolved as it is shown.
  earmark: Earmark | null;

  @Field(() => Int, { description: 'What the donor said.' })
  announcedUnits: number;

  @Field(() => Int, { description: 'What was counted and taken in.' })
  acceptedUnits: number;

  @Field(() => Int, { description: 'What was counted and not taken in.' })
  rejectedUnits: number;

  @Field(() => String, { nullable: true, description: 'Why it was not.' })
  rejectReason: string | null;

  @Field(() => Int, { nullable: true, description: 'How it is packed.' })
  unitsPerPack: number | null;

  @Field(() => String, { nullable: true, description: "The maker's lot number, as announced." })
  lotNumber: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last day of use, as announced.' })
  expiresOn: string | null;
}

@ObjectType('Shipment', { implements: () => [NodeType], description: 'One consignment from one donor.' })
export class ShipmentType implements NodeType {
  id: string;
  donorId: string;

  @Field({ description: 'What people call it.' })
  reference: string;

  @Field(() => ShipmentStatusEnum, { description: 'Where it stands.' })
  status: ShipmentStatus;

  @Field(() => String, { nullable: true, description: 'Who brings it.' })
  carrier: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  trackingNumber: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'When it should come.' })
  expectedOn: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was received; null until it is closed.' })
  receivedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was closed though the counts differ.' })
  discrepancyReason: string | null;

  @Field(() => DateTime, { description: 'When it was written down.' })
  createdAt: Date;
}

export const ShipmentConnection = connectionType('Shipment', () => ShipmentType);

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

export const LogDonationResult = resultUnion('LogDonationResult', ShipmentType, 'Shipment', [UnknownItemErrorType]);
export const AnnounceShipmentResult = resultUnion('AnnounceShipmentResult', ShipmentType, 'Shipment', [
  UnknownItemErrorType,
]);
export const ReceiveShipmentResult = resultUnion('ReceiveShipmentResult', ShipmentType, 'Shipment', [
  ShipmentNotReceivableErrorType,
  DiscrepancyReasonRequiredErrorType,
]);

@InputType({ description: 'One item of a gift.' })
export class DonationLineInput {
  @Field({ description: 'A code of the catalogue, such as N95; case makes no difference.' })
  @IsSpoken()
  @MaxLength(100)
  itemCode: string;

  @Field(() => PositiveInt, { description: `Single units, not packs: 1 to ${MOST_UNITS_A_LINE}.` })
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  units: number;

  @Field(() => PositiveInt, { nullable: true, description: 'How it is packed.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  unitsPerPack?: number | null;

  @Field(() => String, { nullable: true, description: "The maker's lot number." })
  @IsOptional()
  @MaxLength(100)
  lotNumber?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last day of use.' })
  expiresOn?: string | null;

  @Field(() => EarmarkInput, { nullable: true, description: 'For whom it is; for everybody when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => EarmarkInput)
  earmark?: EarmarkInput | null;
}

@InputType({ description: 'A gift that is here already.' })
export class LogDonationInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'Who gave it. Exactly one of donorId and newDonor.' })
  @IsOptional()
  @IsId()
  donorId?: string | null;

  @Field(() => NewDonorInput, { nullable: true, description: 'Who gave it, if not registered yet.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => NewDonorInput)
  newDonor?: NewDonorInput | null;

  @Field(() => LocalDate, { nullable: true, description: 'When it came, UTC; today when left out. Not a day to come.' })
  receivedOn?: string | null;

  @Field(() => String, { nullable: true, description: 'What people call it; made up when left out.' })
  @IsOptional()
  @MaxLength(200)
  reference?: string | null;

  @Field(() => ID, { nullable: true, description: 'Where it stands; at the default site when left out.' })
  @IsOptional()
  @IsId()
  siteId?: string | null;

  @Field(() => [DonationLineInput], { description: `1 to ${MOST_LINES} lines. The same item may stand in several.` })
  @ArrayMinSize(1, { message: 'must have a line' })
  @ArrayMaxSize(MOST_LINES, { message: `must have at most ${MOST_LINES} lines` })
  @ValidateNested()
  @Type(() => DonationLineInput)
  lines: DonationLineInput[];
}

@InputType({ description: 'A consignment that is to come.' })
export class AnnounceShipmentInput extends KeyedInput {
  @Field(() => ID, { description: 'Who sends it.' })
  @IsId()
  donorId: string;

  @Field(() => String, { nullable: true, description: 'What people call it; made up when left out.' })
  @IsOptional()
  @MaxLength(200)
  reference?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'When it should come.' })
  expectedOn?: string | null;

  @Field(() => String, { nullable: true, description: 'Who brings it.' })
  @IsOptional()
  @MaxLength(200)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  @IsOptional()
  @MaxLength(200)
  trackingNumber?: string | null;

  @Field(() => [DonationLineInput], { description: `1 to ${MOST_LINES} lines.` })
  @ArrayMinSize(1, { message: 'must have a line' })
  @ArrayMaxSize(MOST_LINES, { message: `must have at most ${MOST_LINES} lines` })
  @ValidateNested()
  @Type(() => DonationLineInput)
  lines: DonationLineInput[];
}

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

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: no more will come. false: more will. Left out: received as soon as every line is complete.',
  })
  close?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: `Needed to close a shipment whose counts differ: ${DISCREPANCY_REASONS.join(', ')}.`,
  })
  @IsOptional()
  @IsIn(DISCREPANCY_REASONS, REASON)
  discrepancyReason?: string | null;
}
