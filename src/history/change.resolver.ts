import { Args, ArgsType, Field, Query, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo } from '../access/request-context.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { LotChangeConnection, LotChangeType } from '../warehouse/lot-correction.types.js';
import { ChangeService } from './change.service.js';
import { LotChangeFilterInput } from './change.types.js';

@ArgsType()
class LotChangesArgs extends PageArgs {
  @Field(() => LotChangeFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => LotChangeFilterInput)
  filter?: LotChangeFilterInput | null;
}

@Resolver(() => LotChangeType)
export class ChangeResolver {
  constructor(private readonly changes: ChangeService) {}

  @Query(() => LotChangeConnection, {
    description:
      'What of lots turned out to be otherwise, and moved no unit: who, when, why, before and after; the newest first. What moved units is in stockEntries.',
  })
  @AllowedTo(...OVERSIGHT)
  lotChanges(@Args(CheckedArgs) args: LotChangesArgs): Promise<Connection<LotChangeType>> {
    return this.changes.list(args.filter ?? {}, args);
  }
}
