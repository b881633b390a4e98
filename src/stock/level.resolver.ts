import { Args, ArgsType, Context, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional, MaxLength } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { CheckedArgs, IsId } from '../platform/graphql/checked.js';
import { declareCost } from '../platform/graphql/limits.js';
import { DateTime } from '../platform/graphql/scalars.js';
import { LevelService } from './level.service.js';
import { LotPlaceType, StockLevelAtSiteType, StockLevelType } from './level.types.js';
import { mayCountLot } from './lot.rules.js';
import { LotType } from './lot.types.js';
import { SiteService } from './site.service.js';
import { SiteType } from './site.types.js';

// It adds up every balance, and for the past much of the ledger: asked for dozens of times at once it is refused.
declareCost('stock', 500);

@ArgsType()
class StockArgs {
  @Field(() => [String], { nullable: true, description: 'Of any of these items, by code; case makes no difference.' })
  @IsOptional()
  @ArrayMaxSize(500)
  @MaxLength(100, { each: true })
  itemCodes?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'What stands at these sites, or was last there.' })
  @IsOptional()
  @ArrayMaxSize(1000)
  @IsId({ each: true })
  siteIds?: string[] | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Units as they had been written down by this instant, which is not to come; what their lots are is as it is known now.',
  })
  @IsOptional()
  asOf?: Date | null;
}

@Resolver(() => StockLevelType)
export class LevelResolver {
  constructor(
    private readonly stock: LevelService,
    private readonly items: ItemService,
  ) {}

  @Query(() => [StockLevelType], {
    name: 'stock',
    description:
      'Stock by item: of the codes given, or of everything of which there was any; now, or as of an instant.',
  })
  @AllowedTo(...OVERSIGHT)
  levels(@Args(CheckedArgs) args: StockArgs): Promise<StockLevelType[]> {
    return this.stock.levels(args);
  }

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() level: StockLevelType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, level.itemId);
  }
}

@Resolver(() => StockLevelAtSiteType)
export class LevelAtSiteResolver {
  constructor(private readonly sites: SiteService) {}

  @ResolveField(() => SiteType, { description: 'Which site.' })
  async site(@Parent() level: StockLevelAtSiteType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, level.siteId))!;
  }
}

@Resolver(() => LotType)
export class LotPlacesResolver {
  constructor(private readonly stock: LevelService) {}

  @ResolveField(() => [LotPlaceType], {
    description: 'Every place at every site that holds units of it; none where that is not yours to see.',
  })
  async places(@Parent() lot: LotType, @Context() context: RequestContext): Promise<LotPlaceType[]> {
    if (!mayCountLot(context.viewer, lot)) return [];
    return this.stock.placesOf(context, lot.id);
  }
}

@Resolver(() => LotPlaceType)
export class LotPlaceResolver {
  constructor(private readonly sites: SiteService) {}

  @ResolveField(() => SiteType, { description: 'At which site: where they stand, or last stood.' })
  async site(@Parent() { siteId }: LotPlaceType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, siteId))!;
  }
}
