import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { LotInput } from './correction.types.js';
import type { LotCondition } from '../stock/ledger.rules.js';
import { LotConditionEnum, LotType } from '../stock/lot.types.js';

@ObjectType('LotTransitionError', {
  implements: () => [UserErrorType],
  description: 'The lot is in a condition from which this cannot happen, or it has happened already.',
})
export class LotTransitionErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => LotConditionEnum, { description: 'Its condition.' })
  condition: LotCondition;
}

export const QuarantineLotResult = resultUnion('QuarantineLotResult', LotType, 'Lot', [LotTransitionErrorType]);
export const ReleaseLotResult = resultUnion('ReleaseLotResult', LotType, 'Lot', [LotTransitionErrorType]);

@InputType({ description: 'Sets a lot aside.' })
export class QuarantineLotInput extends LotInput {}

@InputType({ description: 'Makes a lot free again that was set aside.' })
export class ReleaseLotInput extends LotInput {}
