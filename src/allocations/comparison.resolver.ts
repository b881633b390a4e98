import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { seesEverything } from '../access/access.rules.js';
import type { RequestContext } from '../access/request-context.js';
import { declareCost } from '../platform/graphql/limits.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { ComparisonService } from './comparison.service.js';
import { OneMoreUnitType, PlanAlternativeType, UnitsChangeType } from './comparison.types.js';
import { PlanType } from './plan.types.js';

// Each splits the plan's stock several times over.
declareCost('alternatives', 2000);
declareCost('oneMoreUnit', 2000);

@Resolver(() => PlanType)
export class ComparisonResolver {
  constructor(private readonly comparisons: ComparisonService) {}

  @ResolveField(() => [PlanAlternativeType], {
    description: 'The same stock for the same people under the other rules. For those who see every plan.',
  })
  alternatives(@Parent() plan: PlanType, @Context() { viewer }: RequestContext): Promise<PlanAlternativeType[]> | [] {
    return seesEverything(viewer) ? this.comparisons.alternatives(plan.id) : [];
  }

  @ResolveField(() => [OneMoreUnitType], {
    description:
      'To whom one unit more would go, for every item, and for every lot of it where some are earmarked; for the first 100 of them. For those who see every plan.',
  })
  oneMoreUnit(@Parent() plan: PlanType, @Context() { viewer }: RequestContext): Promise<OneMoreUnitType[]> | [] {
    return seesEverything(viewer) ? this.comparisons.oneMoreUnit(plan.id) : [];
  }
}

@Resolver(() => OneMoreUnitType)
export class OneMoreUnitResolver {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
  ) {}

  @ResolveField(() => ItemType, { description: 'Of what.' })
  item(@Parent() { itemCode }: OneMoreUnitType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.loadByCode(context, itemCode);
  }

  @ResolveField(() => LotType, {
    nullable: true,
    description: 'The lot that holds the unit; null where all lots are for everybody, so that it does not matter.',
  })
  async lot(@Parent() { lotId }: OneMoreUnitType, @Context() context: RequestContext): Promise<LotType | null> {
    return lotId === null ? null : (await this.lots.load(context, lotId))!;
  }
}

@Resolver(() => UnitsChangeType)
export class UnitsChangeResolver {
  constructor(private readonly recipients: RecipientService) {}

  @ResolveField(() => RecipientType, { description: 'Whose.' })
  async recipient(
    @Parent() { recipientId }: UnitsChangeType,
    @Context() context: RequestContext,
  ): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(recipientId))!;
  }
}
