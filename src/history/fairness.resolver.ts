import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { DistributionFilterInput } from './distribution.types.js';
import type { FairnessOrder } from './fairness.rules.js';
import { FairnessService } from './fairness.service.js';
import {
  FairnessOrderEnum,
  FairnessTotalsType,
  FairnessType,
  RecipientFairnessConnection,
  RecipientFairnessType,
} from './fairness.types.js';

@ArgsType()
class FairnessArgs {
  @Field(() => DistributionFilterInput, {
    nullable: true,
    description:
      'Which distributions; claims are those of the plans and items that they came from. A state restricts what was received, not what was claimed.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => DistributionFilterInput)
  filter?: DistributionFilterInput | null;
}

@ArgsType()
class RecipientsArgs extends PageArgs {
  @Field(() => FairnessOrderEnum, { nullable: true, description: 'Who received the most comes first when left out.' })
  orderBy?: FairnessOrder | null;
}

@Resolver(() => FairnessType)
export class FairnessResolver {
  constructor(private readonly fairness: FairnessService) {}

  @Query(() => FairnessType, { name: 'fairness', description: 'How fair history was.' })
  @AllowedTo(...OVERSIGHT)
  of(@Context() context: RequestContext, @Args(CheckedArgs) { filter }: FairnessArgs): Promise<FairnessType> {
    return this.fairness.of(context, filter);
  }

  @ResolveField(() => FairnessTotalsType, { description: 'Over everybody.' })
  totals(@Parent() { filter }: FairnessType): Promise<FairnessTotalsType> {
    return this.fairness.totals(filter);
  }

  @ResolveField(() => RecipientFairnessConnection, { description: 'Person by person.' })
  recipients(
    @Parent() { filter }: FairnessType,
    @Args(CheckedArgs) args: RecipientsArgs,
  ): Promise<Connection<RecipientFairnessType>> {
    return this.fairness.recipients(filter, args.orderBy ?? 'MOST_RECEIVED', args);
  }
}

@Resolver(() => RecipientFairnessType)
export class RecipientFairnessResolver {
  constructor(private readonly recipients: RecipientService) {}

  @ResolveField(() => RecipientType, { description: 'Who.' })
  async recipient(
    @Parent() { recipientId }: RecipientFairnessType,
    @Context() context: RequestContext,
  ): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(recipientId))!;
  }
}
