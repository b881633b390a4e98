import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsOptional, MaxLength } from 'class-validator';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, NonNegativeInt, SafeInt } from '../platform/graphql/scalars.js';

@ObjectType('Recall', {
  implements: () => [NodeType],
  description: 'Lots are called back: what is here is stopped, and everybody who has units of them is told.',
})
export class RecallType implements NodeType {
  id: string;

  @Field({ description: 'Why.' })
  reason: string;

  @Field(() => String, {
    nullable: true,
    description: 'The number under which the maker or an authority calls it back.',
  })
  reference: string | null;

  @Field(() => String, { nullable: true, description: 'What whoever has units of it is to do.' })
  instructions: string | null;

  @Field(() => DateTime, { description: 'When it began.' })
  startedAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended: a false alarm; null while it is open.' })
  endedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it ended.' })
  endReason: string | null;
}

@ObjectType('RecallNotice', {
  implements: () => [NodeType],
  description: 'Tells one recipient that she has units of a lot that is called back, or that some are on their way.',
})
export class RecallNoticeType implements NodeType {
  id: string;
  recallId: string;
  deliveryId: string;
  recipientId: string;
  lotId: string;
  // For whom it is not, it is null.
  note: string | null;

  @Field(() => SafeInt, { description: 'What was sent to her, or what she had counted, when it was written.' })
  units: number;

  @Field(() => DateTime, { description: 'When it was written.' })
  writtenAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was answered; null before.' })
  acknowledgedAt: Date | null;

  @Field(() => SafeInt, { nullable: true, description: 'What she still has of it, as she says; null before.' })
  heldUnits: number | null;
}

export const RecallConnection = connectionType('Recall', () => RecallType);
export const RecallNoticeConnection = connectionType('RecallNotice', () => RecallNoticeType);

@ObjectType('AlreadyRecalledError', {
  implements: () => [UserErrorType],
  description: 'Everything that is meant is under an open recall.',
})
export class AlreadyRecalledErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That recall.' })
  recallId: string;
}

@ObjectType('RecallEndedError', { implements: () => [UserErrorType], description: 'The recall has ended before.' })
export class RecallEndedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => RecallType, { description: 'That recall.' })
  recall: RecallType;
}

@ObjectType('AlreadyAcknowledgedError', {
  implements: () => [UserErrorType],
  description: 'The notice was answered before.',
})
export class AlreadyAcknowledgedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => RecallNoticeType, { description: 'As it was answered.' })
  notice: RecallNoticeType;
}

export const RecallLotsResult = resultUnion('RecallLotsResult', RecallType, 'Recall', [
  AlreadyRecalledErrorType,
  UnknownItemErrorType,
]);
export const EndRecallResult = resultUnion('EndRecallResult', RecallType, 'Recall', [RecallEndedErrorType]);
export const AcknowledgeRecallResult = resultUnion('AcknowledgeRecallResult', RecallNoticeType, 'RecallNotice', [
  AlreadyAcknowledgedErrorType,
]);

@InputType({
  description:
    "Calls back certain lots, or all that carry a maker's number. Whatever comes in under a recalled number later is stopped at the door.",
})
export class RecallLotsInput extends KeyedInput {
  @Field(() => [ID], { nullable: true, description: 'These lots, 1 to 500; or else itemCode and lotNumber.' })
  @IsOptional()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @IsId({ each: true })
  lotIds?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Of which item the number is.' })
  @IsOptional()
  @MaxLength(100)
  itemCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The maker's number, whoever gave the lots that carry it; capitals and white space at its ends do not matter. There need not be such a lot yet.",
  })
  @IsOptional()
  @IsSpoken()
  @MaxLength(100)
  lotNumber?: string | null;

  @Field({ description: 'Why; recipients and donors read it.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;

  @Field(() => String, {
    nullable: true,
    description: 'The number under which the maker or an authority calls it back.',
  })
  @IsOptional()
  @IsSpoken()
  @MaxLength(200)
  reference?: string | null;

  @Field(() => String, { nullable: true, description: 'What whoever has units of it is to do.' })
  @IsOptional()
  @IsSpoken()
  @MaxLength(2000)
  instructions?: string | null;
}

@InputType({ description: 'Ends a recall: it was a false alarm.' })
export class EndRecallInput extends KeyedInput {
  @Field(() => ID, { description: 'Which recall.' })
  @IsId()
  recallId: string;

  @Field({ description: 'Why; recipients and donors read it.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

@InputType({ description: 'Answers a notice.' })
export class AcknowledgeRecallInput extends KeyedInput {
  @Field(() => ID, { description: 'Which notice.' })
  @IsId()
  noticeId: string;

  @Field(() => NonNegativeInt, { description: 'What she still has: at most what the notice is about.' })
  heldUnits: number;

  @Field(() => String, { nullable: true, description: 'Anything else, for coordinators.' })
  @IsOptional()
  @MaxLength(500)
  note?: string | null;
}
