import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsOptional, MaxLength } from 'class-validator';
import type { Rule, Unallocated } from '../engine/problem.js';
import { IsId, IsSpoken } from '../platform/graphql/checked.js';
import { connectionType } from '../platform/graphql/connection.js';
import { enumType } from '../platform/graphql/enum.js';
import { KeyedInput } from '../platform/graphql/keyed.js';
import { NodeType } from '../platform/graphql/node.js';
import { resultUnion, UserErrorType } from '../platform/graphql/result.js';
import { DateTime, SafeInt } from '../platform/graphql/scalars.js';
import { PolicyRetiredErrorType } from '../policies/adopted.types.js';
import {
  AllocationRuleEnum,
  ClaimSourceEnum,
  ClaimsNeededErrorType,
  PolicyNotSupportedErrorType,
  TooMuchToSplitErrorType,
} from '../policies/policy.types.js';
import type { ClaimSource } from '../policies/policy.rules.js';
import { UnknownItemErrorType } from '../catalogue/item.types.js';
import type { ItemMetrics, PlanStatus } from './plan.rules.js';

export const PlanStatusEnum = enumType<PlanStatus>(
  'PlanStatus',
  {
    PREVIEW: 'Computed, and to be looked at. Reserves nothing.',
    COMMITTED: 'Everything it awards is reserved.',
    STALE: 'Its world had changed when somebody tried to commit it.',
    DISCARDED: 'Put aside.',
    CANCELLED: 'Every award was taken back.',
  },
  'Where a split stands.',
);

@ObjectType('Plan', {
  implements: () => [NodeType],
  description: 'One split of certain stock among certain recipients.',
})
export class PlanType implements NodeType {
  id: string;
  // Resolved field by field.
  unallocated: Unallocated[];
  metrics: ItemMetrics[];

  @Field(() => PlanStatusEnum, { description: 'Where it stands.' })
  status: PlanStatus;

  @Field(() => AllocationRuleEnum, { description: 'How it divides.' })
  rule: Rule;

  @Field(() => ClaimSourceEnum, { description: 'Where claims came from.' })
  claims: ClaimSource;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the seed: shown with the preview, so that the draw cannot be changed afterwards. Null without a lottery.',
  })
  seedHash: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the lottery was drawn from: shown with the commit, so that anybody can draw again.',
  })
  seed: string | null;

  @Field(() => DateTime, { description: 'When it was computed.' })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was committed; null before.' })
  committedAt: Date | null;

  @Field({ description: 'SHA-256 of everything it was computed from, and of the version of the engine.' })
  fingerprint: string;

  @Field(() => [String], { nullable: true, description: 'What had changed, when it is stale.' })
  staleBecause: string[] | null;
}

@ObjectType('Award', { description: 'Units of one item for one recipient.' })
export class AwardType {
  @Field(() => Int, { description: 'How many. None in `Plan.withoutAward`.' })
  units: number;

  @Field(() => Int, {
    description:
      'Of these, how many came back, were lost, did not arrive fit for use, or turned out to be something else.',
  })
  returnedUnits: number;

  @Field(() => DateTime, { nullable: true, description: 'When it was taken back; null while it stands.' })
  cancelledAt: Date | null;
}

@ObjectType('AwardLot', { description: 'Units of an award that come from one lot.' })
export class AwardLotType {
  lotId: string;
  siteId: string;

  @Field(() => Int, { description: 'How many.' })
  units: number;
}

@ObjectType('Unallocated', { description: 'Units that the plan leaves where they are, and why.' })
export class UnallocatedType {
  lotId: string;
  siteId: string;

  @Field(() => Int, { description: 'How many.' })
  units: number;

  @Field({ description: 'RESERVED, NO_ELIGIBLE_CLAIM, EXPIRED, BROKEN_PACK or BELOW_MINIMUM_LOT.' })
  reason: string;
}

@ObjectType('PlanMetrics', { description: 'How fair the plan is, item by item.' })
export class PlanMetricsType {
  itemCode: string;

  @Field(() => SafeInt, { description: 'What there was to give.' })
  supplyUnits: number;

  @Field(() => SafeInt, { nullable: true, description: 'What was claimed; null when without bound.' })
  claimedUnits: number | null;

  @Field(() => SafeInt, { description: 'What is given.' })
  awardedUnits: number;

  @Field(() => Int, { description: 'Who gets something.' })
  servedRecipients: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The smallest part of a claim that is met, 0 to 1; null when claims are without bound.',
  })
  fillMin: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The mean part of a claim that is met, 0 to 1; null when claims are without bound.',
  })
  fillMean: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The part of a claim that a tenth of the claimants do not exceed; null when claims are without bound.',
  })
  fillP10: number | null;

  @Field(() => Float, { description: 'Gini coefficient of the awards: 0 when all get the same.' })
  gini: number;

  @Field(() => Float, { description: "Jain's index of the awards: 1 when all get the same." })
  jain: number;

  @Field(() => Float, { description: 'The most units by which one gets less than another who claims no more.' })
  maxEnvyUnits: number;
}

export const PlanConnection = connectionType('Plan', () => PlanType);
export const AwardConnection = connectionType('Award', () => AwardType);

@ObjectType('NothingToAllocateError', {
  implements: () => [UserErrorType],
  description: 'No unit of the chosen stock is free to be given, or nobody would get any under the policy.',
})
export class NothingToAllocateErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [String], {
    description:
      'Why the units stay where they are: RESERVED, NO_ELIGIBLE_CLAIM, EXPIRED, BROKEN_PACK, BELOW_MINIMUM_LOT; none when there was nothing to split.',
  })
  reasons: string[];
}

@ObjectType('NobodyEligibleError', {
  implements: () => [UserErrorType],
  description:
    'None of the chosen recipients is active or, where a split goes by need, has an open need of what was chosen.',
})
export class NobodyEligibleErrorType implements UserErrorType {
  message: string;
  code: string;
}

@ObjectType('StalePlanError', {
  implements: () => [UserErrorType],
  description: 'The world of the preview has changed.',
})
export class StalePlanErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => [String], { description: 'What has changed: stock, recipients, needs, memory.' })
  changed: string[];
}

@ObjectType('PlanNotCommittableError', {
  implements: () => [UserErrorType],
  description: 'The plan is no preview any more.',
})
export class PlanNotCommittableErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => PlanStatusEnum, { description: 'Where it stands.' })
  status: PlanStatus;
}

@ObjectType('PlanNotCancellableError', {
  implements: () => [UserErrorType],
  description: 'The plan, or part of it, cannot be taken back.',
})
export class PlanNotCancellableErrorType implements UserErrorType {
  message: string;
  code: string;

  @Field(() => PlanStatusEnum, { description: 'Where it stands.' })
  status: PlanStatus;

  @Field(() => [ID], {
    description: 'The recipients on whose account: their parcels have left, or their awards are cancelled already.',
  })
  recipientIds: string[];
}

export const PreviewAllocationResult = resultUnion('PreviewAllocationResult', PlanType, 'Plan', [
  NothingToAllocateErrorType,
  NobodyEligibleErrorType,
  UnknownItemErrorType,
  PolicyNotSupportedErrorType,
  ClaimsNeededErrorType,
  PolicyRetiredErrorType,
  TooMuchToSplitErrorType,
]);
export const CommitAllocationResult = resultUnion('CommitAllocationResult', PlanType, 'Plan', [
  StalePlanErrorType,
  PlanNotCommittableErrorType,
]);
export const CancelAllocationResult = resultUnion('CancelAllocationResult', PlanType, 'Plan', [
  PlanNotCancellableErrorType,
]);
export const DiscardPlanResult = resultUnion('DiscardPlanResult', PlanType, 'Plan', [PlanNotCancellableErrorType]);

@InputType({ description: 'Reserves everything a plan awards, or nothing.' })
export class CommitAllocationInput extends KeyedInput {
  @Field(() => ID, { description: 'Which plan.' })
  @IsId()
  planId: string;
}

@InputType({ description: 'Takes awards back, as long as their parcels have not left.' })
export class CancelAllocationInput extends KeyedInput {
  @Field(() => ID, { description: 'Which plan.' })
  @IsId()
  planId: string;

  @Field(() => [ID], { nullable: true, description: 'Whose; everybody when left out.' })
  @IsOptional()
  @ArrayMinSize(1, { message: 'must name somebody' })
  @ArrayMaxSize(10_000)
  @IsId({ each: true })
  recipientIds?: string[] | null;

  @Field({ description: 'Why; kept in the journal.' })
  @IsSpoken()
  @MaxLength(500)
  reason: string;
}

@InputType({ description: 'Puts a preview aside.' })
export class DiscardPlanInput extends KeyedInput {
  @Field(() => ID, { description: 'Which plan.' })
  @IsId()
  planId: string;
}
