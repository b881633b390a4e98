import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, Max } from 'class-validator';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { IsId } from '../platform/graphql/checked.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { NonNegativeInt } from '../platform/graphql/scalars.js';
import { CorrectionInput } from './correction.types.js';
import { LotType } from '../stock/lot.types.js';

@ObjectType('IntakeInUseError', {
  implements: () => [UserErrorType],
  description: 'More of what came in is used already than the corrected number.',
})
export class IntakeInUseErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'What is said to have come in, as corrected so far.' })
  receivedUnits: number;

  @Field(() => Int, {
    description:
      'Of these, what is not free on the shelf: promised, sent, lost, thrown away or given back; at other sites, too, where the correction names one.',
  })
  usedUnits: number;

  @Field(() => Int, { description: 'The lowest number it can be corrected to now.' })
  leastUnits: number;
}

export const CorrectIntakeResult = resultUnion('CorrectIntakeResult', LotType, 'Lot', [IntakeInUseErrorType]);

@InputType({ description: 'Says that another number of units came in than was written down.' })
export class CorrectIntakeInput extends CorrectionInput {
  @Field(() => NonNegativeInt, { description: `What did come in: 0 to ${MOST_UNITS_A_LINE}.` })
  @Max(MOST_UNITS_A_LINE, { message: `must be at most ${MOST_UNITS_A_LINE}` })
  receivedUnits: number;

  @Field(() => ID, {
    nullable: true,
    description: 'On which shelf to correct. Left out: wherever it stands, where most is free first.',
  })
  @IsOptional()
  @IsId()
  siteId?: string | null;
}
