import { Args, Context, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ANYONE, OVERSIGHT, STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { CheckedArgs, CheckedInput } from '../platform/graphql/checked.js';
import type { Connection } from '../platform/graphql/connection.js';
import type { Refusal } from '../platform/rejection.js';
import { GtinService } from './gtin.service.js';
import {
  Gs1Args,
  Gs1ScanType,
  GtinConnection,
  GtinKnownErrorType,
  GtinsArgs,
  GtinType,
  LearnGtinInput,
  LearnGtinResult,
} from './gtin.types.js';
import { ItemService } from './item.service.js';
import { ItemType } from './item.types.js';

@Resolver(() => GtinType)
export class GtinResolver {
  constructor(
    private readonly gtins: GtinService,
    private readonly items: ItemService,
  ) {}

  @Query(() => GtinConnection, { name: 'gtins', description: 'GTINs that were learned, in that order.' })
  @AllowedTo(...OVERSIGHT)
  list(@Args(CheckedArgs) args: GtinsArgs): Promise<Connection<GtinType>> {
    return this.gtins.list(args.itemCodes, args);
  }

  @Mutation(() => LearnGtinResult, {
    description:
      'Learns which item a GTIN stands for and how many units are in the pack. To be told the same again changes nothing.',
  })
  @AllowedTo(...STAFF)
  learnGtin(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: LearnGtinInput,
  ): Promise<GtinType | Refusal> {
    return this.gtins.learn(context, input);
  }

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() { itemId }: GtinType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, itemId);
  }
}

@Resolver(() => GtinKnownErrorType)
export class GtinKnownResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'As which item it is known.' })
  item(@Parent() { itemId }: GtinKnownErrorType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, itemId);
  }
}

@Resolver(() => Gs1ScanType)
export class Gs1ScanResolver {
  constructor(
    private readonly gtins: GtinService,
    private readonly items: ItemService,
  ) {}

  @Query(() => Gs1ScanType, {
    description: 'Reads a GS1 barcode. What is wrong, or could be read in two ways, is BAD_USER_INPUT and says where.',
  })
  @AllowedTo(...ANYONE)
  parseGs1(@Args(CheckedArgs) { code }: Gs1Args): object {
    return this.gtins.read('code', code);
  }

  @ResolveField(() => ItemType, {
    nullable: true,
    description: 'What the GTIN stands for; null while nobody has said.',
  })
  async item(@Parent() scan: Gs1ScanType, @Context() context: RequestContext): Promise<ItemType | null> {
    const known = scan.gtin === null ? null : await this.gtins.find(context, scan.gtin);
    return known && this.items.load(context, known.itemId);
  }

  @ResolveField(() => Int, {
    nullable: true,
    description: 'How many single units the pack with this GTIN holds; null while nobody has said.',
  })
  async unitsPerPack(@Parent() scan: Gs1ScanType, @Context() context: RequestContext): Promise<number | null> {
    const known = scan.gtin === null ? null : await this.gtins.find(context, scan.gtin);
    return known && known.unitsPerPack;
  }
}
