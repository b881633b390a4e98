import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional, Max, MaxLength } from 'class-validator';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, LocalDate, NonNegativeInt, PositiveInt, SafeInt } from '../platform/graphql/scalars.js';
import { MOST_UNITS_A_LINE, type ItemCategory } from '../catalogue/item.rules.js';
import { ItemCategoryEnum, UnknownItemErrorType } from '../catalogue/item.types.js';
import { LONGEST_HORIZON_DAYS, type ClosureReason, type NeedStatus, type SupplyState } from './need.rules.js';

const TOO_MANY_UNITS = { message: `must be at most ${MOST_UNITS_A_LINE}` };

export const NeedStatusEnum = enumType<NeedStatus>(
  'NeedStatus',
  {
    OPEN: 'A claim, none of it met.',
    PARTLY_MET: 'A claim, some of it met.',
    MET: 'All of it was given in committed plans.',
    WITHDRAWN: 'Closed without being met in full.',
    EXPIRED: 'Its last day is gone: state it again if it still holds.',
  },
  'Where a need stands, today.',
);

export const ClosureReasonEnum = enumType<ClosureReason>(
  'ClosureReason',
  {
    NO_SUPPLY: 'There is nothing to meet it with.',
    NO_CONTACT_RECIPIENT: 'The recipient cannot be reached.',
    NO_CONTACT_DONOR: 'The donor cannot be reached.',
    NO_NEED: 'It is not needed any more.',
    PREFERS_DIFFERENT_ITEM: 'Something else is wanted.',
    DONOR_WITHDREW: 'The donor does not give after all.',
    DUPLICATE: 'It was written down twice.',
    TEST: 'It was a trial.',
    OTHER: 'None of these.',
  },
  'Why something was closed.',
);

export const SupplyStateEnum = enumType<SupplyState>(
  'SupplyState',
  {
    CONVENTIONAL: 'Used as in ordinary times.',
    CONTINGENCY: 'Stretched: short of what is usual.',
    CRISIS: 'Used in ways that no standard foresees.',
  },
  'How strained supplies are where she works, in the words of the CDC.',
);

@ObjectType('Need', {
  implements: () => [NodeType],
  description: "A recipient's claim on an item, or on any item of a category.",
})
export class NeedType implements NodeType {
  id: string;
  recipientId: string;
  itemId: string | null;

  @Field(() => ItemCategoryEnum, { nullable: true, description: 'Any item of it will do; null where one is named.' })
  category: ItemCategory | null;

  @Field({
    description:
      'Whether what stands in for the item will do (Item.substitutes), in plans that allow it. False of a category, any item of which will do anyway.',
  })
  acceptsSubstitutes: boolean;

  @Field(() => Int, { description: 'How many are wanted in all.' })
  units: number;

  @Field(() => Int, { description: 'How many of them committed plans give; those that do not arrive are taken off.' })
  metUnits: number;

  @Field(() => Int, { description: 'How many are a claim today: none of a need that is met, withdrawn or expired.' })
  openUnits: number;

  @Field(() => Int, { nullable: true, description: 'What she uses; null where the units were stated.' })
  unitsPerDay: number | null;

  @Field(() => Int, { nullable: true, description: 'What she had; null where the units were stated.' })
  onHandUnits: number | null;

  @Field(() => Int, { nullable: true, description: 'For how many days; null where the units were stated.' })
  horizonDays: number | null;

  @Field(() => LocalDate, {
    description:
      'By when: needs of the very item are met before those of its category, and of these the earliest first.',
  })
  neededBy: string;

  @Field(() => LocalDate, { description: 'The last day on which it is a claim, UTC.' })
  validUntil: string;

  @Field(() => SupplyStateEnum, { nullable: true, description: 'How strained supplies are; null where nobody said.' })
  supplyState: SupplyState | null;

  @Field(() => NeedStatusEnum, { description: 'Where it stands today.' })
  status: NeedStatus;

  @Field(() => DateTime, { description: 'When it was written down.' })
  statedAt: Date;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was met or withdrawn; null while it is neither. One that expired ended with the day validUntil.',
  })
  closedAt: Date | null;

  @Field(() => ClosureReasonEnum, { nullable: true, description: 'Why it was withdrawn; null unless it was.' })
  closureReason: ClosureReason | null;
}

export const NeedConnection = connectionType('Need', () => NeedType);

@ObjectType('NeedTransitionError', {
  implements: () => [UserErrorType],
  description: 'The need is closed, so that this cannot happen.',
})
export class NeedTransitionErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => NeedStatusEnum, { description: 'Where it stands.' })
  status: NeedStatus;
}

@ObjectType('NothingNeededError', {
  implements: () => [UserErrorType],
  description: 'What is on hand lasts for all of the horizon.',
})
export class NothingNeededErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => SafeInt, { description: 'What is used up within the horizon: unitsPerDay x horizonDays.' })
  usedUnits: number;

  @Field(() => Int, { description: 'What is there already.' })
  heldUnits: number;
}

@ObjectType('RecipientDeactivatedError', {
  implements: () => [UserErrorType],
  description: 'The recipient has left.',
})
export class RecipientDeactivatedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'Who.' })
  recipientId: string;
}

export const StateNeedResult = resultUnion('StateNeedResult', NeedType, 'Need', [
  UnknownItemErrorType,
  NothingNeededErrorType,
  RecipientDeactivatedErrorType,
]);
export const WithdrawNeedResult = resultUnion('WithdrawNeedResult', NeedType, 'Need', [NeedTransitionErrorType]);

@InputType({
  description:
    'Writes a need down: of an item or of a category, in units or by what is used up. Exactly one of each two.',
})
export class StateNeedInput extends KeyedInput {
  @Field(() => ID, { nullable: true, description: 'Whose. A recipient states her own, and may leave it out.' })
  @IsOptional()
  @IsId()
  recipientId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A code of the catalogue. Exactly one of itemCode and category.',
  })
  @IsOptional()
  @IsSpoken()
  @MaxLength(100)
  itemCode?: string | null;

  @Field(() => ItemCategoryEnum, { nullable: true, description: 'Any item of it will do.' })
  category?: ItemCategory | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether what stands in for the item will do (Item.substitutes), in plans that allow it. Left out: only this. Not with a category.',
  })
  @IsOptional()
  acceptsSubstitutes?: boolean | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: `How many: 1 to ${MOST_UNITS_A_LINE}. Left out where they follow from what is used up.`,
  })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  units?: number | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'What she uses. With onHandUnits and horizonDays: units = unitsPerDay x horizonDays - onHandUnits.',
  })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  unitsPerDay?: number | null;

  @Field(() => NonNegativeInt, { nullable: true, description: 'What she has.' })
  @IsOptional()
  @Max(MOST_UNITS_A_LINE, TOO_MANY_UNITS)
  onHandUnits?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: `For how many days: 1 to ${LONGEST_HORIZON_DAYS}.` })
  @IsOptional()
  @Max(LONGEST_HORIZON_DAYS, { message: `must be at most ${LONGEST_HORIZON_DAYS}` })
  horizonDays?: number | null;

  @Field(() => LocalDate, { description: 'By when.' })
  neededBy: string;

  @Field(() => LocalDate, {
    description: 'The last day on which it is a claim, UTC: neededBy or later, not a day gone by.',
  })
  validUntil: string;

  @Field(() => SupplyStateEnum, { nullable: true, description: 'How strained supplies are.' })
  supplyState?: SupplyState | null;
}

@InputType({ description: 'Closes a need that is open.' })
export class WithdrawNeedInput extends KeyedInput {
  @Field(() => ID, { description: 'Which need.' })
  @IsId()
  needId: string;

  @Field(() => ClosureReasonEnum, { description: 'Why.' })
  reason: ClosureReason;
}
