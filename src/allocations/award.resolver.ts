import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { ASKED_BY_HEADER, LanguageEnum } from '../platform/graphql/language.js';
import { loaderOf } from '../platform/graphql/loader.js';
import type { LanguageCode } from '../platform/language.rules.js';
import { GroupService } from '../recipients/group.service.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { SiteService } from '../stock/site.service.js';
import { SiteType } from '../stock/site.types.js';
import type { AwardRow } from './plan.repository.js';
import { AwardReasonType } from './reason.types.js';
import { AwardLotType, AwardType, PlanMetricsType, UnallocatedType } from './plan.types.js';
import { groupsBehind, sentenceIn, withGroupNames } from './wording.rules.js';

@Resolver(() => AwardType)
export class AwardResolver {
  constructor(
    private readonly recipients: RecipientService,
    private readonly items: ItemService,
    private readonly groups: GroupService,
  ) {}

  @ResolveField(() => RecipientType, { description: 'For whom.' })
  async recipient(@Parent() award: AwardRow, @Context() context: RequestContext): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(award.recipientId))!;
  }

  @ResolveField(() => ItemType, { description: 'Of what.' })
  item(@Parent() award: AwardRow, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, award.itemId);
  }

  @ResolveField(() => [AwardLotType], { description: 'From which lots, the first to expire first.' })
  lots(@Parent() award: AwardRow): AwardLotType[] {
    return award.lots;
  }

  @ResolveField(() => String, { description: 'Why that many, in a sentence to the recipient.' })
  async sentence(
    @Parent() { why }: AwardRow,
    @Context() context: RequestContext,
    @Args('language', { type: () => LanguageEnum, nullable: true, description: ASKED_BY_HEADER })
    language?: LanguageCode | null,
  ): Promise<string> {
    const groupIds = groupsBehind(why);
    const known = groupIds.length === 0 ? [] : await this.groups.named(context, groupIds);
    const names = new Map(known.map(({ id, name }) => [id, name]));
    return sentenceIn(language ?? context.language, withGroupNames(why, names));
  }

  @ResolveField(() => AwardReasonType, { description: 'Why that many, in figures.' })
  why(@Parent() { why }: AwardRow): AwardReasonType {
    return {
      claimUnits: why.claim,
      exactShare: why.exactShare,
      floorUnits: why.floor,
      extraUnits: why.extra,
      rank: why.rank,
      cutoff: why.cutoff,
      bindingConstraint: why.bindingConstraint,
      supplyUnits: why.supply,
      people: why.people,
      weight: why.weight,
      guaranteeUnits: why.guarantee,
      capUnits: why.cap,
      // Missing from reasons that older engines wrote.
      minimumLotUnits: why.minimumLot ?? null,
      packUnits: why.pack ?? null,
      receivedUnits: why.received ?? null,
      deficit: why.deficit ?? null,
    };
  }
}

@Resolver(() => AwardLotType)
export class AwardLotResolver {
  constructor(
    private readonly lots: LotService,
    private readonly sites: SiteService,
  ) {}

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() { lotId }: AwardLotType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField(() => SiteType, { description: 'At which site they stand.' })
  async site(@Parent() { siteId }: AwardLotType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, siteId))!;
  }
}

@Resolver(() => UnallocatedType)
export class UnallocatedResolver {
  constructor(
    private readonly lots: LotService,
    private readonly items: ItemService,
    private readonly sites: SiteService,
  ) {}

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() { lotId }: UnallocatedType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, lotId))!;
  }

  @ResolveField(() => SiteType, { description: 'At which site they stand.' })
  async site(@Parent() { siteId }: UnallocatedType, @Context() context: RequestContext): Promise<SiteType> {
    return (await this.sites.load(context, siteId))!;
  }

  @ResolveField(() => ItemType, { description: 'Of what.' })
  async item(@Parent() { lotId }: UnallocatedType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, (await this.lots.load(context, lotId))!.itemId);
  }
}

@Resolver(() => PlanMetricsType)
export class PlanMetricsResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'Of what.' })
  item(@Parent() { itemCode }: PlanMetricsType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.loadByCode(context, itemCode);
  }
}
