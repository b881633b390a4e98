import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { NewDonorInput } from '../donors/donor.types.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion } from '../platform/graphql/result.js';
import { DateTime, LocalDate, PositiveInt } from '../platform/graphql/scalars.js';
import type { Earmark } from '../engine/problem.js';
import { EarmarkInput } from '../stock/earmark.types.js';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import { MOST_LINES, type ShipmentStatus } from './shipment.rules.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };

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

  @Field(() => Int, { description: 'What the donor said; 0 of what came without being announced.' })
  announcedUnits: number;

  @Field(() => Int, { description: 'What was counted and taken in.' })
  acceptedUnits: number;

  @Field(() => Int, { description: 'What was counted and not taken in.' })
  rejectedUnits: number;

  @Field(() => String, { nullable: true, description: 'Why it was not.' })
  rejectReason: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was not counted as announced, where that was said of this line alone.',
  })
  discrepancyReason: string | null;

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

export const LogDonationResult = resultUnion('LogDonationResult', ShipmentType, 'Shipment', [UnknownItemErrorType]);
export const AnnounceShipmentResult = resultUnion('AnnounceShipmentResult', ShipmentType, 'Shipment', [
  UnknownItemErrorType,
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
