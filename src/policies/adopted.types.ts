import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, MaxLength, ValidateNested } from 'class-validator';
import type { Admission, Rounding, Rule } from '../engine/problem.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, NonNegativeInt, PositiveInt } from '../platform/graphql/scalars.js';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import type { ClaimSource, MemoryKind, PolicyTerms, TieBreak, Tiering } from './policy.rules.js';
import {
  AdmissionEnum,
  AllocationRuleEnum,
  ClaimsNeededErrorType,
  ClaimSourceEnum,
  MemoryKindEnum,
  PolicyInput,
  PolicyNotSupportedErrorType,
  RoundingEnum,
  TieBreakEnum,
  TieringEnum,
} from './policy.types.js';

@ObjectType('Policy', {
  implements: () => [NodeType],
  description:
    'A named way to split, in versions. A version is never edited: plans keep showing what they were made by.',
})
export class PolicyType implements NodeType {
  id: string;

  @Field({ description: 'No two living policies share a name.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description: string | null;

  @Field(() => Boolean, { description: 'Whether it came with the program; such a one is never revised or retired.' })
  builtIn: boolean;

  @Field(() => Int, { description: 'The number of its newest version, from 1.' })
  version: number;

  @Field(() => DateTime, { description: 'When it was adopted first.' })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'Since when no new split goes by it; null while one may.' })
  retiredAt: Date | null;
}

@ObjectType('TierShare', { description: 'The part of every lot that is set aside for a tier.' })
export class TierShareType {
  @Field(() => Int, { description: 'The exposure tier, 1 to 3.' })
  tier: number;

  @Field(() => Int, { description: 'Its part, in proportion to the parts of the others.' })
  share: number;
}

@ObjectType('PolicyTiers', { description: 'What the exposure tier of a recipient decides.' })
export class PolicyTiersType {
  @Field(() => TieringEnum, { description: 'Whether tiers come one after the other, or each from its part.' })
  by: Tiering;

  @Field(() => [TierShareType], { description: 'The parts of RESERVED; empty otherwise.' })
  shares: TierShareType[];
}

@ObjectType('PolicyMemory', { description: 'What earlier splits change.' })
export class PolicyMemoryType {
  @Field(() => MemoryKindEnum, { description: 'What is remembered.' })
  by: MemoryKind;

  @Field(() => PositiveInt, { nullable: true, description: 'How far back CUMULATIVE looks; null otherwise.' })
  days: number | null;
}

@ObjectType('PolicyUnits', { description: 'Units of one item, as a policy names them.' })
export class PolicyUnitsType {
  @Field({ description: 'The code of the item.' })
  itemCode: string;

  @Field(() => NonNegativeInt, { description: 'How many.' })
  units: number;
}

@ObjectType('PolicyVersion', { description: 'What a policy says from one revision to the next, nothing left out.' })
export class PolicyVersionType implements PolicyTerms {
  policyId: string;

  @Field(() => Int, { description: 'Counted from 1.' })
  version: number;

  @Field(() => DateTime, { description: 'When it was adopted.' })
  adoptedAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was revised, for coordinators and auditors; null where nobody said, or not yours to see.',
  })
  note: string | null;

  @Field(() => AllocationRuleEnum, { description: 'How scarce units are divided.' })
  rule: Rule;

  @Field(() => RoundingEnum, { description: 'How PROPORTIONAL rounds; matters to no other rule.' })
  rounding: Rounding;

  @Field(() => ClaimSourceEnum, { description: 'Where claims come from.' })
  claims: ClaimSource;

  @Field(() => TieBreakEnum, { description: 'Who gets the single units that cannot be divided.' })
  tieBreak: TieBreak;

  @Field(() => PolicyTiersType, { description: 'What the exposure tier of a recipient decides.' })
  tiers: PolicyTiersType;

  @Field(() => PolicyMemoryType, { description: 'What earlier splits change.' })
  memory: PolicyMemoryType;

  @Field(() => Boolean, { description: 'Whether whole packs are given only.' })
  wholePacks: boolean;

  @Field(() => AdmissionEnum, { description: "Who comes first where there is too little for everybody's minimum lot." })
  admit: Admission;

  @Field(() => [PolicyUnitsType], { description: 'Units to keep back.' })
  reserve: PolicyUnitsType[];

  @Field(() => [PolicyUnitsType], { description: 'The most one recipient may get.' })
  cap: PolicyUnitsType[];

  @Field(() => [PolicyUnitsType], { description: 'Nobody gets fewer than this, unless nothing.' })
  minimumLot: PolicyUnitsType[];

  @Field(() => [PolicyUnitsType], { description: 'What everybody gets first, as far as it is claimed.' })
  guarantee: PolicyUnitsType[];
}

export const PolicyConnection = connectionType('Policy', () => PolicyType);
export const PolicyVersionConnection = connectionType('PolicyVersion', () => PolicyVersionType);

@ObjectType('PolicyNameTakenError', {
  implements: () => [UserErrorType],
  description: 'There is a living policy with this name already.',
})
export class PolicyNameTakenErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'That policy.' })
  policyId: string;
}

@ObjectType('PolicyRetiredError', {
  implements: () => [UserErrorType],
  description: 'The policy was retired: no new split goes by it, and it is not changed any more.',
})
export class PolicyRetiredErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'Which policy.' })
  policyId: string;

  @Field(() => DateTime, { description: 'Since when.' })
  since: Date;
}

@ObjectType('PolicyBuiltInError', {
  implements: () => [UserErrorType],
  description: 'The policy came with the program, and stays as it is.',
})
export class PolicyBuiltInErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => ID, { description: 'Which policy.' })
  policyId: string;
}

@ObjectType('PolicyRevisedMeanwhileError', {
  implements: () => [UserErrorType],
  description: 'Somebody else revised the policy first.',
})
export class PolicyRevisedMeanwhileErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => Int, { description: 'Its newest version.' })
  currentVersion: number;
}

export const AdoptPolicyResult = resultUnion('AdoptPolicyResult', PolicyType, 'Policy', [
  PolicyNameTakenErrorType,
  UnknownItemErrorType,
  ClaimsNeededErrorType,
  PolicyNotSupportedErrorType,
]);
export const RevisePolicyResult = resultUnion('RevisePolicyResult', PolicyVersionType, 'PolicyVersion', [
  PolicyRevisedMeanwhileErrorType,
  PolicyRetiredErrorType,
  PolicyBuiltInErrorType,
  UnknownItemErrorType,
  ClaimsNeededErrorType,
  PolicyNotSupportedErrorType,
]);
export const RetirePolicyResult = resultUnion('RetirePolicyResult', PolicyType, 'Policy', [
  PolicyRetiredErrorType,
  PolicyBuiltInErrorType,
]);

@InputType({ description: 'Adopts a policy, as its version 1.' })
export class AdoptPolicyInput extends KeyedInput {
  @Field({ description: 'No two living policies share a name; case and spaces make no difference.' })
  @IsSpoken()
  @MaxLength(200)
  name: string;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  @IsOptional()
  @MaxLength(2000)
  description?: string | null;

  @Field(() => PolicyInput, { description: 'What it says; without a seed.' })
  @ValidateNested()
  @Type(() => PolicyInput)
  policy: PolicyInput;
}

@InputType({ description: 'Adopts a further version of a policy; the earlier ones stay.' })
export class RevisePolicyInput extends KeyedInput {
  @Field(() => ID, { description: 'Which policy.' })
  @IsId()
  policyId: string;

  @Field(() => PolicyInput, { description: 'All that it says from now on; without a seed.' })
  @ValidateNested()
  @Type(() => PolicyInput)
  policy: PolicyInput;

  @Field(() => String, { nullable: true, description: 'Why; kept with the version.' })
  @IsOptional()
  @MaxLength(2000)
  note?: string | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'The version that was looked at: refused where it is no longer the newest. Left out: whichever is.',
  })
  @IsOptional()
  expectedVersion?: number | null;
}

@InputType({ description: 'Has no new split go by a policy. Plans that were made by it keep showing it.' })
export class RetirePolicyInput extends KeyedInput {
  @Field(() => ID, { description: 'Which policy.' })
  @IsId()
  policyId: string;

  @Field({ description: 'Why; kept in the journal.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}
