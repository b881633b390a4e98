import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { Rule } from '../engine/problem.js';
import { AllocationRuleEnum } from '../policies/policy.types.js';
import { PlanMetricsType } from './plan.types.js';

@ObjectType('PlanAlternative', {
  description: 'What the same stock would come to for the same people under another rule: the price of a rule.',
})
export class PlanAlternativeType {
  @Field(() => AllocationRuleEnum, { description: 'The other rule; everything else of the policy is as it is.' })
  rule: Rule;

  @Field(() => [PlanMetricsType], {
    description: 'How fair it would be, item by item; nothing where it cannot be said.',
  })
  metrics: PlanMetricsType[];

  @Field(() => String, { nullable: true, description: 'Why it cannot be said; null when it can.' })
  unavailableBecause: string | null;
}

@ObjectType('UnitsChange', { description: "A change of one recipient's award." })
export class UnitsChangeType {
  recipientId: string;

  @Field(() => Int, {
    description:
      'Units more. Fewer under LARGEST_REMAINDER, where more to share may give somebody less: the Alabama paradox.',
  })
  units: number;
}

@ObjectType('OneMoreUnit', {
  description: 'Who would get it, if there were one unit more of an item: one pack, where packs are shared.',
})
export class OneMoreUnitType {
  itemCode: string;
  lotId: string | null;

  @Field(() => [UnitsChangeType], {
    description: 'Whose award would change; nobody when all who may have it are satisfied. At most 100.',
  })
  changes: UnitsChangeType[];
}
