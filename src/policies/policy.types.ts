import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, Length, Max, MaxLength, ValidateNested } from 'class-validator';
import type { Rounding, Rule } from '../engine/problem.js';
import { IsSpoken } from '../platform/graphql/checked.js';
import { enumType } from '../platform/graphql/enum.js';
import { UserErrorType } from '../platform/graphql/result.js';
import { NonNegativeInt } from '../platform/graphql/scalars.js';
import type { ClaimSource, PolicyRequest, TieBreak } from './policy.rules.js';

export const AllocationRuleEnum = enumType<Rule>(
  'AllocationRule',
  {
    PROPORTIONAL: 'In proportion to the claims.',
    CONSTRAINED_EQUAL_AWARDS: 'Everybody the same, nobody more than claimed.',
    CONSTRAINED_EQUAL_LOSSES: 'Everybody misses the same, nobody less than nothing.',
    TALMUD: 'Equal awards up to half the claims, equal losses above.',
    MAX_MIN_FILL_RATE: 'The smallest part of a claim that is met, as large as can be.',
  },
  'How scarce units are divided.',
);

export const RoundingEnum = enumType<Rounding>(
  'Rounding',
  {
    LARGEST_REMAINDER: 'Hamilton.',
    WEBSTER: 'Sainte-Laguë.',
    JEFFERSON: "D'Hondt.",
    ADAMS: 'Every fraction up.',
    HUNTINGTON_HILL: 'Equal proportions.',
  },
  'How proportional shares become whole units.',
);

export const ClaimSourceEnum = enumType<ClaimSource>(
  'ClaimSource',
  {
    EQUAL: 'Everybody claims the same.',
    NEED: 'The open needs.',
    HEADCOUNT: 'How many people one collects for.',
    BURN_RATE: 'What is used up in a day.',
  },
  'Where claims come from.',
);

export const TieBreakEnum = enumType<TieBreak>(
  'TieBreak',
  {
    LOTTERY: 'By a draw that anybody can repeat.',
    CARRY_OVER: 'Whoever was rounded down most so far, then by lottery.',
    STABLE: 'By id: for tests.',
  },
  'Who gets the single units that cannot be divided.',
);

@ObjectType('PolicyNotSupportedError', {
  implements: () => [UserErrorType],
  description: 'The policy asks for something that is not available yet.',
})
export class PolicyNotSupportedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field({ description: 'Which part of the policy.' })
  field: string;

  @Field(() => [String], { description: 'What is available in its place.' })
  supported: string[];
}

@InputType({ description: 'Units of one item.' })
export class ItemUnitsInput {
  @Field({ description: 'A code of the catalogue, such as N95.' })
  @IsSpoken()
  @MaxLength(100)
  itemCode: string;

  @Field(() => NonNegativeInt, { description: 'How many.' })
  @Max(2_000_000_000)
  units: number;
}

@InputType({ description: 'How to split.' })
export class PolicyInput implements PolicyRequest {
  @Field(() => AllocationRuleEnum, { description: 'How scarce units are divided.' })
  rule: Rule;

  @Field(() => RoundingEnum, {
    nullable: true,
    description: 'Matters to PROPORTIONAL alone; LARGEST_REMAINDER when left out.',
  })
  rounding?: Rounding | null;

  @Field(() => ClaimSourceEnum, { nullable: true, description: 'EQUAL when left out.' })
  claims?: ClaimSource | null;

  @Field(() => TieBreakEnum, { nullable: true, description: 'LOTTERY when left out.' })
  tieBreak?: TieBreak | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the lottery is drawn from; made by the server, and shown with the commit, when left out.',
  })
  @IsOptional()
  @Length(1, 200, { message: 'must have 1 to 200 characters' })
  seed?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Give whole packs only.' })
  wholePacks?: boolean | null;

  @Field(() => [ItemUnitsInput], { nullable: true, description: 'Units to keep back.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @ValidateNested()
  @Type(() => ItemUnitsInput)
  reserve?: ItemUnitsInput[] | null;

  @Field(() => [ItemUnitsInput], { nullable: true, description: 'The most one recipient may get.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @ValidateNested()
  @Type(() => ItemUnitsInput)
  cap?: ItemUnitsInput[] | null;

  @Field(() => [ItemUnitsInput], { nullable: true, description: 'Nobody gets fewer than this, unless nothing.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @ValidateNested()
  @Type(() => ItemUnitsInput)
  minimumLot?: ItemUnitsInput[] | null;

  @Field(() => [ItemUnitsInput], { nullable: true, description: 'What everybody gets first, as far as it is claimed.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @ValidateNested()
  @Type(() => ItemUnitsInput)
  guarantee?: ItemUnitsInput[] | null;
}
