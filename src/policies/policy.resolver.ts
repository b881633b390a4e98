import { Args, ArgsType, Context, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { OVERSIGHT, seesEverything, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput, IdPipe } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import type { Refusal } from '../platform/rejection.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import {
  AdoptPolicyInput,
  AdoptPolicyResult,
  PolicyConnection,
  PolicyType,
  PolicyUnitsType,
  PolicyVersionConnection,
  PolicyVersionType,
  RetirePolicyInput,
  RetirePolicyResult,
  RevisePolicyInput,
  RevisePolicyResult,
} from './adopted.types.js';
import { PolicyService } from './policy.service.js';
import { summaryOf } from './summary.rules.js';

@ArgsType()
class PoliciesArgs extends PageArgs {
  @Field(() => Boolean, { nullable: true, description: 'Also those by which no new split goes.' })
  includeRetired?: boolean | null;
}

@Resolver(() => PolicyType)
export class PolicyResolver {
  constructor(private readonly policies: PolicyService) {}

  @Query(() => PolicyType, { nullable: true, description: 'One policy; null when there is none.' })
  @AllowedTo(...OVERSIGHT)
  policy(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<PolicyType | null> {
    return this.policies.load(context, id);
  }

  @Query(() => PolicyConnection, { name: 'policies', description: 'Policies, those that are built in first.' })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) args: PoliciesArgs): Promise<Connection<PolicyType>> {
    return this.policies.list(args.includeRetired ?? false, args);
  }

  @Mutation(() => AdoptPolicyResult, { description: 'Adopts a policy, as its version 1.' })
  @AllowedTo(...STAFF)
  adoptPolicy(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: AdoptPolicyInput,
  ): Promise<PolicyType | Refusal> {
    return this.policies.adopt(context, input);
  }

  @Mutation(() => RevisePolicyResult, { description: 'Adopts a further version of a policy; the earlier ones stay.' })
  @AllowedTo(...STAFF)
  revisePolicy(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RevisePolicyInput,
  ): Promise<PolicyVersionType | Refusal> {
    return this.policies.revise(context, input);
  }

  @Mutation(() => RetirePolicyResult, {
    description: 'Has no new split go by a policy. Plans that were made by it keep showing it.',
  })
  @AllowedTo(...STAFF)
  retirePolicy(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: RetirePolicyInput,
  ): Promise<PolicyType | Refusal> {
    return this.policies.retire(context, input);
  }

  @ResolveField(() => PolicyVersionType, { description: 'What it says now: its newest version.' })
  current(@Parent() policy: PolicyType, @Context() context: RequestContext): Promise<PolicyVersionType> {
    return this.policies.newest(context, policy.id);
  }

  @ResolveField(() => PolicyVersionConnection, { description: 'What it has said so far, the newest version first.' })
  versions(@Parent() policy: PolicyType, @Args(CheckedArgs) page: PageArgs): Promise<Connection<PolicyVersionType>> {
    return this.policies.versions(policy.id, page);
  }
}

@Resolver(() => PolicyVersionType)
export class PolicyVersionResolver {
  constructor(private readonly policies: PolicyService) {}

  @ResolveField(() => PolicyType, { description: 'Of which policy.' })
  async policy(@Parent() version: PolicyVersionType, @Context() context: RequestContext): Promise<PolicyType> {
    return (await this.policies.load(context, version.policyId))!;
  }

  @ResolveField(() => String, { description: 'What it does, in plain English.' })
  summary(@Parent() version: PolicyVersionType): string {
    return summaryOf(version);
  }

  @ResolveField(() => String, { nullable: true })
  note(@Parent() { note }: PolicyVersionType, @Context() { viewer }: RequestContext): string | null {
    return seesEverything(viewer) ? note : null;
  }
}

@Resolver(() => PolicyUnitsType)
export class PolicyUnitsResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'Of what.' })
  item(@Parent() { itemCode }: PolicyUnitsType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.loadByCode(context, itemCode);
  }
}
