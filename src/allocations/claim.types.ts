import { Field, ObjectType } from '@nestjs/graphql';
import type { Rule } from '../engine/problem.js';
import { UserErrorType } from '../platform/graphql/result.js';
import type { ClaimSource } from '../policies/policy.rules.js';
import { AllocationRuleEnum, ClaimSourceEnum } from '../policies/policy.types.js';

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
