import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion } from '../platform/graphql/result.js';
import { DateTime, LocalDate, NonNegativeInt, PositiveInt } from '../platform/graphql/scalars.js';
import { EarmarkInput } from '../stock/earmark.types.js';
import type { CorrectionReason, ShipmentField } from './correction.rules.js';
import { MOST_LINES } from './shipment.rules.js';
import { ShipmentType } from './shipment.types.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };

export const CorrectionReasonEnum = enumType<CorrectionReason>(
  'CorrectionReason',
  {
    DATA_ENTRY_ERROR: 'A slip of whoever wrote it down.',
    WRONG_ITEM: 'It was something else than was thought.',
    PACK_SIZE: 'It was packed otherwise than was thought.',
    OTHER: 'None of these.',
  },
  'Why a shipment was written down wrongly.',
);

export const ShipmentFieldEnum = enumType<ShipmentField>(
  'ShipmentField',
  {
    DONOR: 'Who sends it, by id.',
    REFERENCE: 'What people call it.',
    CARRIER: 'Who brings it.',
    TRACKING_NUMBER: "The carrier's number.",
    EXPECTED_ON: 'When it should come.',
    ITEM: 'What a line is of, by id.',
    ANNOUNCED_UNITS: 'What the donor said of a line.',
    UNITS_PER_PACK: 'How a line is packed.',
    EARMARK: 'For whom a line is, as JSON.',
  },
  'What of a shipment can turn out to be otherwise.',
);

@ObjectType('ShipmentCorrection', {
  implements: () => [NodeType],
  description: 'A fact of a shipment, or of a line of it, that is known otherwise since. It is never changed.',
})
export class ShipmentCorrectionType implements NodeType {
  id: string;
  before: string | null;
  after: string | null;
  reason: string;
  actorId: string | null;

  @Field(() => ShipmentFieldEnum, { description: 'Which fact.' })
  field: ShipmentField;

  @Field(() => ID, { nullable: true, description: 'Of which line; null for the shipment as a whole.' })
  lineId: string | null;

  @Field(() => CorrectionReasonEnum, {
    nullable: true,
    description: 'Why it had been wrong; null where it was not: it changed on the way.',
  })
  reasonCode: CorrectionReason | null;

  @Field(() => DateTime, { description: 'Since when it is known.' })
  at: Date;
}

export const ShipmentCorrectionConnection = connectionType('ShipmentCorrection', () => ShipmentCorrectionType);

export const CorrectShipmentResult = resultUnion('CorrectShipmentResult', ShipmentType, 'Shipment', [
  UnknownItemErrorType,
]);

@InputType({ description: 'What a line is in truth. What is left out stays as it is.' })
export class CorrectedLineInput {
  @Field(() => ID, { description: 'Which line.' })
  @IsId()
  lineId: string;

  @Field(() => String, { nullable: true, description: 'A code of the catalogue; case makes no difference.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(100)
  itemCode?: string | null;

  @Field(() => NonNegativeInt, { nullable: true, description: 'What the donor really said.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  announcedUnits?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: 'How it is packed; null: nobody knows.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  unitsPerPack?: number | null;

  @Field(() => EarmarkInput, { nullable: true, description: 'For whom it is; null: for everybody.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => EarmarkInput)
  earmark?: EarmarkInput | null;
}

@InputType({
  description: 'What a shipment is in truth. What is left out stays as it is; null clears what may be unknown.',
})
export class CorrectShipmentInput extends KeyedInput {
  @Field(() => ID, { description: 'Which shipment.' })
  @IsId()
  shipmentId: string;

  @Field(() => ID, { nullable: true, description: 'Who really sent it.' })
  @IsOptional()
  @IsId()
  donorId?: string | null;

  @Field(() => String, { nullable: true, description: 'What people call it.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  reference?: string | null;

  @Field(() => String, { nullable: true, description: 'Who brings it; null: nobody knows.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number; null: nobody knows." })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  trackingNumber?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'When it should come; null: nobody knows.' })
  expectedOn?: string | null;

  @Field(() => [CorrectedLineInput], { nullable: true, description: 'The lines that are otherwise, each once.' })
  @IsOptional()
  @ArrayMaxSize(MOST_LINES, { message: `must have at most ${MOST_LINES} entries` })
  @ValidateNested()
  @Type(() => CorrectedLineInput)
  lines?: CorrectedLineInput[] | null;

  @Field(() => CorrectionReasonEnum, { description: 'Why it was wrong.' })
  reasonCode: CorrectionReason;

  @Field(() => String, { description: 'Why, in words; kept with every fact that changes.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}
