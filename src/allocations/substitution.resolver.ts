import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { NeedService } from '../recipients/need.service.js';
import type { AwardRow, PlanRow } from './plan.repository.js';
import { AwardType, PlanType } from './plan.types.js';
import { SubstitutedUnitsType } from './substitution.types.js';

@Resolver(() => PlanType)
export class PlanSubstitutesResolver {
  @ResolveField(() => Boolean, {
    description: 'Whether an item may be given in the place of another to those whose need accepts it.',
  })
  allowSubstitutes(@Parent() { substitutes }: PlanRow): boolean {
    return substitutes !== null;
  }
}

@Resolver(() => AwardType)
export class AwardSubstitutesResolver {
  constructor(private readonly needs: NeedService) {}

  @ResolveField(() => [SubstitutedUnitsType], {
    description:
      'Of these, how many count towards needs of other items, whose place they take; none before the commit, nor of what was taken back.',
  })
  substituteFor(@Parent() award: AwardRow, @Context() context: RequestContext): Promise<SubstitutedUnitsType[]> {
    return this.needs.ofOtherItems(context, award);
  }
}

@Resolver(() => SubstitutedUnitsType)
export class SubstitutedUnitsResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'What was asked for.' })
  insteadOf(@Parent() { insteadOfId }: SubstitutedUnitsType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, insteadOfId);
  }
}
