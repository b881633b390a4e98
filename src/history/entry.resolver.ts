import { Args, ArgsType, Context, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { ActorType } from '../access/actor.types.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { TokenService } from '../access/token.service.js';
import { CheckedArgs } from '../platform/graphql/checked.js';
import { type Connection, PageArgs } from '../platform/graphql/connection.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { EntryService } from './entry.service.js';
import { StockEntryConnection, StockEntryFilterInput, StockEntryType } from './entry.types.js';

@ArgsType()
class StockEntriesArgs extends PageArgs {
  @Field(() => StockEntryFilterInput, { nullable: true, description: 'Which.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => StockEntryFilterInput)
  filter?: StockEntryFilterInput | null;
}

@Resolver(() => StockEntryType)
export class EntryResolver {
  constructor(
    private readonly entries: EntryService,
    private readonly lots: LotService,
    private readonly tokens: TokenService,
  ) {}

  @Query(() => StockEntryConnection, {
    description: 'The ledger: every move of units, who made it, when and why, before and after; the newest first.',
  })
  @AllowedTo(...OVERSIGHT)
  stockEntries(@Args(CheckedArgs) args: StockEntriesArgs): Promise<Connection<StockEntryType>> {
    return this.entries.list(args.filter ?? {}, args);
  }

  @ResolveField(() => LotType, { description: 'Of which lot.' })
  async lot(@Parent() { lotId }: StockEntryType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField(() => ActorType, {
    nullable: true,
    description: 'Who moved them; null for a one-time link and for the program itself.',
  })
  actor(@Parent() { actorId }: StockEntryType, @Context() context: RequestContext): Promise<ActorType | null> {
    return this.tokens.actor(context, actorId);
  }
}
