import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Max } from 'class-validator';
import { MOST_UNITS_A_LINE } from '../catalogue/item.rules.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { NonNegativeInt, PositiveInt } from '../platform/graphql/scalars.js';
import { ShelfInput } from './correction.types.js';
import { LotType } from '../stock/lot.types.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };

@ObjectType('CountBelowAllocatedError', {
  implements: () => [UserErrorType],
  description: 'Fewer units were counted than are promised: awards are to be cancelled first.',
})
export class CountBelowAllocatedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'What was counted.' })
  countedUnits: number;

  @Field(() => Int, { description: 'Promised at this site, not yet sent.' })
  allocatedUnits: number;

  @Field(() => Int, { description: 'The lowest count that can be taken in now.' })
  leastUnits: number;
}

@ObjectType('NotOnShelfError', {
  implements: () => [UserErrorType],
  description: 'Fewer units are free at this site than are to leave.',
})
export class NotOnShelfErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'Free at this site; of a lot set aside, those that wait.' })
  availableUnits: number;

  @Field(() => Int, { description: 'Promised at this site, not yet sent.' })
  allocatedUnits: number;
}

export const RecountStockResult = resultUnion('RecountStockResult', LotType, 'Lot', [CountBelowAllocatedErrorType]);
export const DiscardStockResult = resultUnion('DiscardStockResult', LotType, 'Lot', [NotOnShelfErrorType]);
export const ReturnToDonorResult = resultUnion('ReturnToDonorResult', LotType, 'Lot', [NotOnShelfErrorType]);

@InputType({ description: 'Says how many units of a lot were counted at a site.' })
export class RecountStockInput extends ShelfInput {
  @Field(() => NonNegativeInt, {
    description: `All that stands there: available, allocated and quarantined. At most ${MOST_UNITS_A_LINE}.`,
  })
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  countedUnits: number;
}

@InputType({ isAbstract: true })
export abstract class TakeOffInput extends ShelfInput {
  @Field(() => PositiveInt, { description: `How many: 1 to ${MOST_UNITS_A_LINE}.` })
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  units: number;
}

@InputType({ description: 'Throws units of a lot away.' })
export class DiscardStockInput extends TakeOffInput {}

@InputType({ description: 'Gives units of a lot back to the donor.' })
export class ReturnToDonorInput extends TakeOffInput {}
