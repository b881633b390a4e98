import { Args, ArgsType, Context, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { DistributionSummaryRowType } from '../history/summary.types.js';
import { CheckedArgs, IsId } from '../platform/graphql/checked.js';
import { ASKED_BY_HEADER, LanguageEnum } from '../platform/graphql/language.js';
import type { LanguageCode } from '../platform/language.rules.js';
import { impactIn } from './impact-wording.rules.js';
import { ImpactService } from './impact.service.js';
import { DonorImpactType, ImpactLineType } from './impact.types.js';

@ArgsType()
class DonorImpactArgs {
  @Field(() => ID, { description: 'Whose gifts.' })
  @IsId()
  donorId: string;

  @Field(() => ID, { nullable: true, description: 'Of this consignment of hers alone.' })
  @IsOptional()
  @IsId()
  shipmentId?: string | null;
}

@Resolver(() => DonorImpactType)
export class ImpactResolver {
  constructor(private readonly impacts: ImpactService) {}

  @Query(() => DonorImpactType, {
    nullable: true,
    description: "What became of a donor's gifts; null when there is no such donor, or none that you may see.",
  })
  @AllowedTo(...OVERSIGHT, 'DONOR')
  donorImpact(
    @Context() context: RequestContext,
    @Args(CheckedArgs) { donorId, shipmentId }: DonorImpactArgs,
  ): Promise<DonorImpactType | null> {
    return this.impacts.impact(context, donorId, shipmentId ?? null);
  }

  @ResolveField('byItem', () => [DistributionSummaryRowType], { description: 'What recipients have of it, by item.' })
  byItemOf(@Parent() impact: DonorImpactType): Promise<DistributionSummaryRowType[]> {
    return this.impacts.byItem(impact);
  }
}

@Resolver(() => ImpactLineType)
export class ImpactLineResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'Which item.' })
  item(@Parent() { itemId }: ImpactLineType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, itemId);
  }

  @ResolveField(() => String, {
    description: 'The figures in a sentence to the donor, such as "Your 1,000 masks: 972 confirmed by 27 doctors."',
  })
  sentence(
    @Parent() line: ImpactLineType,
    @Context() context: RequestContext,
    @Args('language', { type: () => LanguageEnum, nullable: true, description: ASKED_BY_HEADER })
    language?: LanguageCode | null,
  ): string {
    return impactIn(language ?? context.language, line.itemCode, line);
  }
}
