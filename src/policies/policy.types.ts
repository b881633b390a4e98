import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import type { Admission, Rounding, Rule } from '../engine/problem.js';
import { IsSpoken } from '../platform/graphql/checked.js';
import { enumType } from '../platform/graphql/enum.js';
import { UserErrorType } from '../platform/graphql/result.js';
import { NonNegativeInt, PositiveInt } from '../platform/graphql/scalars.js';
import type { ClaimSource, MemoryKind, PolicyRequest, TieBreak, Tiering } from './policy.rules.js';

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

export const AdmissionEnum = enumType<Admission>(
  'Admission',
  {
    TIE_ORDER: 'In the order that decides single units.',
    SMALLEST_CLAIM_FIRST: 'Whoever claims least first: more people are served, and large claims go without.',
  },
  "Who comes first where there is too little for everybody's minimum lot.",
);

export const TieringEnum = enumType<Tiering>(
  'Tiering',
  {
    NONE: 'Exposure makes no difference.',
    STRICT: 'Tier 1 first, with all it can take, then tier 2, then tier 3.',
    RESERVED: 'A part of every lot for each tier; what it cannot take is shared among everybody.',
  },
  'What the exposure tier of a recipient decides.',
);

export const MemoryKindEnum = enumType<MemoryKind>(
  'MemoryKind',
  {
    NONE: 'Every split starts anew.',
    ROUNDING: 'By how much somebody was rounded up or down so far.',
    CUMULATIVE: 'What somebody received in the last days counts as if this split had given it.',
  },
  'What earlier splits change.',
);

@ObjectType('PolicyNotSupportedError', {
  implements: () => [UserErrorType],
  description: 'The policy asks for something that cannot be done so, or not yet.',
})
export class PolicyNotSupportedErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field({ description: 'Which part of the policy.' })
  field: string;

  @Field(() => [String], { description: 'What would do in its place, where a word would.' })
  supported: string[];
}

@ObjectType('ClaimsNeededError', {
  implements: () => [UserErrorType],
  description: 'The rule compares awards with claims, and nobody would claim a number.',
})
export class ClaimsNeededErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => AllocationRuleEnum, { description: 'Which rule.' })
  rule: Rule;

  @Field(() => ClaimSourceEnum, { description: 'Where claims were to come from. NEED and BURN_RATE would do.' })
  claims: ClaimSource;
}

@ObjectType('TooMuchToSplitError', {
  implements: () => [UserErrorType],
  description: 'The sums of this split would no longer be exact: split less at a time.',
})
export class TooMuchToSplitErrorType implements UserErrorType {
  message: string;
  code: string;
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

@InputType({ description: 'The part of every lot that is set aside for a tier.' })
export class TierShareInput {
  @Field(() => Int, { description: 'The exposure tier, 1 to 3.' })
  @Min(1, { message: 'must be from 1 to 3' })
  @Max(3, { message: 'must be from 1 to 3' })
  tier: number;

  @Field(() => PositiveInt, { description: 'Its part, 1 to 1000, in proportion to the parts of the others.' })
  @Max(1000, { message: 'must be at most 1000' })
  share: number;
}

@InputType({ description: 'What the exposure tier of a recipient decides.' })
export class TiersInput {
  @Field(() => TieringEnum, { description: 'Whether tiers come one after the other, or each from its part.' })
  by: Tiering;

  @Field(() => [TierShareInput], { nullable: true, description: 'The parts of RESERVED, each tier once.' })
  @IsOptional()
  @ArrayMaxSize(3)
  @ValidateNested()
  @Type(() => TierShareInput)
  shares?: TierShareInput[] | null;
}

@InputType({ description: 'What earlier splits change.' })
export class MemoryInput {
  @Field(() => MemoryKindEnum, { description: 'What is remembered.' })
  by: MemoryKind;

  @Field(() => PositiveInt, { nullable: true, description: 'How far back CUMULATIVE looks: 1 to 3650 days.' })
  @IsOptional()
  @Max(3650, { message: 'must be at most 3650' })
  days?: number | null;
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
    description:
      'What the lottery is drawn from; made by the server, and shown with the commit, when left out. For one split only: a policy that is adopted has none.',
  })
  @IsOptional()
  @Length(1, 200, { message: 'must have 1 to 200 characters' })
  seed?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Give whole packs only.' })
  wholePacks?: boolean | null;

  @Field(() => AdmissionEnum, {
    nullable: true,
    description: 'Matters to minimum lots alone; TIE_ORDER when left out.',
  })
  admit?: Admission | null;

  @Field(() => TiersInput, { nullable: true, description: 'NONE when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => TiersInput)
  tiers?: TiersInput | null;

  @Field(() => MemoryInput, {
    nullable: true,
    description: 'NONE when left out, or ROUNDING where ties are broken by CARRY_OVER.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => MemoryInput)
  memory?: MemoryInput | null;

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
