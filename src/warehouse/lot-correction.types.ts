import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, Max, MaxLength, ValidateNested } from 'class-validator';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { NodeType } from '../platform/graphql/node.js';
import { DateTime, LocalDate, PositiveInt } from '../platform/graphql/scalars.js';
import { CorrectionInput } from './correction.types.js';
import { EarmarkInput } from '../stock/earmark.types.js';
import type { LotField } from '../stock/lot.rules.js';

export const LotFieldEnum = enumType<LotField>(
  'LotField',
  {
    ITEM: 'What it is, by id.',
    DONOR: 'Who gave it, by id.',
    LOT_NUMBER: "The maker's number.",
    EXPIRES_ON: 'The last day on which it may be used.',
    UNITS_PER_PACK: 'How it is packed.',
    EARMARK: 'For whom it was given, as JSON.',
    CONDITION: 'Whether it may be used.',
  },
  'What of a lot can turn out to be otherwise than was written down.',
);

@ObjectType('LotChange', {
  implements: () => [NodeType],
  description: 'What was known of a lot, and is known otherwise since. Never edited.',
})
export class LotChangeType implements NodeType {
  id: string;
  lotId: string;
  actorId: string | null;
  reason: string;
  withDonor: boolean;

  @Field(() => LotFieldEnum, { description: 'What is known otherwise.' })
  field: LotField;

  @Field(() => String, { nullable: true, description: 'What was known before, as text; null: nothing.' })
  before: string | null;

  @Field(() => String, { nullable: true, description: 'What is known since, as text; null: nothing.' })
  after: string | null;

  @Field(() => String, { nullable: true, description: 'Why, as a code, where what was known was wrong.' })
  reasonCode: string | null;

  @Field(() => DateTime, { description: 'Since when.' })
  at: Date;
}

export const LotChangeConnection = connectionType('LotChange', () => LotChangeType);

@InputType({
  description: 'Corrects what was written down of a lot. What is left out stays; null says that it is not known.',
})
export class CorrectLotInput extends CorrectionInput {
  @Field(() => String, { nullable: true, description: "The maker's number." })
  @IsOptional()
  @IsSpoken()
  @MaxLength(100)
  lotNumber?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'The last day on which it may be used.' })
  expiresOn?: string | null;

  @Field(() => PositiveInt, { nullable: true, description: 'How it is packed.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, { message: `must be at most ${MOST_UNITS_A_LINE}` })
  unitsPerPack?: number | null;

  @Field(() => EarmarkInput, { nullable: true, description: 'For whom it was given; null: for everybody.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => EarmarkInput)
  earmark?: EarmarkInput | null;
}
