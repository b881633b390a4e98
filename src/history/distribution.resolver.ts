import { Args, ArgsType, Context, Field, Info, Query, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import type { GraphQLResolveInfo } from 'graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { BothWaysArgs, type Connection } from '../platform/graphql/connection.js';
import { selectionOf } from '../platform/graphql/selection.js';
import { DistributionService } from './distribution.service.js';
import {
  DistributionConnection,
  DistributionFilterInput,
  DistributionOrderInput,
  DistributionType,
} from './distribution.types.js';

@ArgsType()
class DistributionsArgs extends BothWaysArgs {
  @Field(() => DistributionFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DistributionFilterInput)
  filter?: DistributionFilterInput | null;

  @Field(() => DistributionOrderInput, { nullable: true, description: 'The newest first when left out.' })
  orderBy?: DistributionOrderInput | null;
}

@Resolver(() => DistributionType)
export class DistributionResolver {
  constructor(private readonly distributions: DistributionService) {}

  @Query(() => DistributionConnection, {
    name: 'distributions',
    description: 'Who got what. Donors and recipients see their own.',
  })
  @AllowedTo(...OVERSIGHT, 'DONOR', 'RECIPIENT')
  list(
    @Context() context: RequestContext,
    @Args(CheckedArgs) args: DistributionsArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<DistributionType>> {
    return this.distributions.list(context, args, selectionOf(info));
  }
}
