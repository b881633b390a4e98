import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, NonNegativeInt, PositiveInt, SafeInt } from '../platform/graphql/scalars.js';
import { DISCREPANCY_REASONS } from '../stock/ledger.rules.js';
import { MOST_TRANSFER_LINES, type TransferStatus } from './transfer.rules.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };

export const TransferStatusEnum = enumType<TransferStatus>(
  'TransferStatus',
  {
    DISPATCHED: 'On its way.',
    RECEIVED: 'Counted at the other site.',
    CANCELLED: 'Taken back: all of it is where it was.',
    LOST: 'Never arrived.',
  },
  'Where a transfer stands.',
);

@ObjectType('Transfer', {
  implements: () => [NodeType],
  description: 'Goods that go from one of our sites to another. On the way they are in transit, at the site they left.',
})
export class TransferType implements NodeType {
  id: string;
  fromSiteId: string;
  toSiteId: string;

  @Field(() => TransferStatusEnum, { description: 'Where it stands.' })
  status: TransferStatus;

  @Field(() => String, { nullable: true, description: 'Who brings it.' })
  carrier: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  trackingNumber: string | null;

  @Field(() => String, { nullable: true, description: 'What one should know of it.' })
  note: string | null;

  @Field(() => DateTime, { description: 'When it left.' })
  dispatchedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was received, cancelled or given up; null before.' })
  endedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was cancelled, or given up.' })
  reason: string | null;
}

@ObjectType('TransferLine', { description: 'Units of one lot in a transfer.' })
export class TransferLineType {
  lotId: string;

  @Field(() => Int, { description: 'What was sent.' })
  units: number;

  @Field(() => Int, { nullable: true, description: 'What was counted at the other site; null until it was.' })
  receivedUnits: number | null;

  @Field(() => String, { nullable: true, description: 'Why that is fewer.' })
  shortageReason: string | null;
}

export const TransferConnection = connectionType('Transfer', () => TransferType);

@ObjectType('LotShortOfUnits', { description: 'A lot of which fewer units stand there than were asked for.' })
export class LotShortOfUnitsType {
  @Field(() => ID, { description: 'Which lot.' })
  lotId: string;

  @Field(() => SafeInt, { description: 'What was asked for, of all lines together.' })
  askedUnits: number;

  @Field(() => SafeInt, {
    description: 'What stands on the shelf there: free, or set aside where the lot is not good.',
  })
  availableUnits: number;
}

@ObjectType('NotEnoughStockError', {
  implements: () => [UserErrorType],
  description: 'Fewer units stand at the site than are asked for. Nothing was moved.',
})
export class NotEnoughStockErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [LotShortOfUnitsType], { description: 'Every lot of which there are too few.' })
  lots: LotShortOfUnitsType[];
}

@ObjectType('ShortageReasonRequiredError', {
  implements: () => [UserErrorType],
  description: 'Fewer units arrived than were sent, and nobody has said why.',
})
export class ShortageReasonRequiredErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [ID], { description: 'The lots of which units are missing.' })
  lotIds: string[];
}

@ObjectType('TransferTransitionError', {
  implements: () => [UserErrorType],
  description: 'The transfer is not under way any more.',
})
export class TransferTransitionErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => TransferStatusEnum, { description: 'Where it stands.' })
  status: TransferStatus;
}

export const DispatchTransferResult = resultUnion('DispatchTransferResult', TransferType, 'Transfer', [
  NotEnoughStockErrorType,
]);
export const ReceiveTransferResult = resultUnion('ReceiveTransferResult', TransferType, 'Transfer', [
  TransferTransitionErrorType,
  ShortageReasonRequiredErrorType,
]);
export const CancelTransferResult = resultUnion('CancelTransferResult', TransferType, 'Transfer', [
  TransferTransitionErrorType,
]);
export const ReportTransferLostResult = resultUnion('ReportTransferLostResult', TransferType, 'Transfer', [
  TransferTransitionErrorType,
]);

@InputType('TransferFilter', { description: 'What is left out does not restrict; what is given must all hold.' })
export class TransferFilterInput {
  @Field(() => [TransferStatusEnum], { nullable: true, description: 'In any of these states.' })
  statuses?: TransferStatus[] | null;

  @Field(() => [ID], { nullable: true, description: 'From or to any of these sites.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  siteIds?: string[] | null;
}

@InputType({ description: 'Units of one lot that are to go to another site.' })
export class TransferLineInput {
  @Field(() => ID, { description: 'Which lot. Named twice, its units are added up.' })
  @IsId()
  lotId: string;

  @Field(() => PositiveInt, { description: `Single units: 1 to ${MOST_UNITS_A_LINE}.` })
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  units: number;
}

@InputType({ description: 'Sends goods from one site to another.' })
export class DispatchTransferInput extends KeyedInput {
  @Field(() => ID, { description: 'Where they stand.' })
  @IsId()
  fromSiteId: string;

  @Field(() => ID, { description: 'Where they are to go.' })
  @IsId()
  toSiteId: string;

  @Field(() => [TransferLineInput], { description: `1 to ${MOST_TRANSFER_LINES} lines.` })
  @ArrayMinSize(1, { message: 'must have a line' })
  @ArrayMaxSize(MOST_TRANSFER_LINES, { message: `must have at most ${MOST_TRANSFER_LINES} lines` })
  @ValidateNested()
  @Type(() => TransferLineInput)
  lines: TransferLineInput[];

  @Field(() => String, { nullable: true, description: 'Who brings it.' })
  @IsOptional()
  @MaxLength(200)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number." })
  @IsOptional()
  @MaxLength(200)
  trackingNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'What one should know of it.' })
  @IsOptional()
  @MaxLength(2000)
  note?: string | null;
}

@InputType({ description: 'What was counted of a lot.' })
export class TransferCountInput {
  @Field(() => ID, { description: 'Which lot.' })
  @IsId()
  lotId: string;

  @Field(() => NonNegativeInt, { description: 'Arrived fit for use: at most what was sent.' })
  units: number;

  @Field(() => String, {
    nullable: true,
    description: `Needed where fewer arrived: ${DISCREPANCY_REASONS.join(', ')}. DAMAGED and EXPIRED units are discarded, others lost.`,
  })
  @IsOptional()
  @IsIn(DISCREPANCY_REASONS, { message: `must be one of ${DISCREPANCY_REASONS.join(', ')}` })
  reason?: string | null;
}

@InputType({ isAbstract: true })
abstract class TransferInput extends KeyedInput {
  @Field(() => ID, { description: 'Which transfer.' })
  @IsId()
  transferId: string;
}

@InputType({ description: 'Counts what arrived. No counts: all arrived as sent.' })
export class ReceiveTransferInput extends TransferInput {
  @Field(() => [TransferCountInput], { nullable: true, description: 'Lots that are left out arrived as sent.' })
  @IsOptional()
  @ArrayMaxSize(MOST_TRANSFER_LINES, { message: `must have at most ${MOST_TRANSFER_LINES} entries` })
  @ValidateNested()
  @Type(() => TransferCountInput)
  counts?: TransferCountInput[] | null;
}

@InputType({ description: 'Takes back a transfer that is under way.' })
export class CancelTransferInput extends TransferInput {
  @Field({ description: 'Why; kept with the transfer and in the journal.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

@InputType({ description: 'Says that a transfer never arrived.' })
export class ReportTransferLostInput extends TransferInput {
  @Field(() => String, { nullable: true, description: 'Why; kept with the transfer and in the journal.' })
  @IsOptional()
  @MaxLength(500)
  reason?: string | null;
}
