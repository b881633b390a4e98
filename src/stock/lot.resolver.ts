import { Args, Context, ID, Int, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { OVERSIGHT } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { IdPipe } from '../platform/graphql/checked.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { forbidden } from '../platform/rejection.js';
import { EarmarkType, shownEarmark } from './earmark.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import type { LotUnits } from './lot.repository.js';
import { mayCountLot } from './lot.rules.js';
import { LotService } from './lot.service.js';
import { LotType } from './lot.types.js';

const COUNTED = 'For coordinators, auditors and who gave it.';

@Resolver(() => LotType)
export class LotResolver {
  constructor(
    private readonly lots: LotService,
    private readonly items: ItemService,
    private readonly donors: DonorService,
  ) {}

  @Query(() => LotType, { nullable: true, description: 'One lot; null when there is none.' })
  @AllowedTo(...OVERSIGHT)
  lot(
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }, new IdPipe('id')) id: string,
  ): Promise<LotType | null> {
    return this.lots.load(context, id);
  }

  @ResolveField(() => ItemType, { description: 'What it is.' })
  item(lot: LotType, _args: unknown, context: RequestContext): Promise<ItemType> {
    return this.items.load(context, lot.itemId);
  }

  @ResolveField(() => DonorType, { description: 'Who gave it.' })
  async donor(lot: LotType, _args: unknown, context: RequestContext): Promise<DonorType> {
    return (await loaderOf(context, this.donors.byIds, (donor) => donor.id).load(lot.donorId))!;
  }

  @ResolveField('earmark', () => EarmarkType, {
    nullable: true,
    description: 'For whom it was given; null: for everybody.',
  })
  earmarkOf(lot: LotType): EarmarkType | null {
    return shownEarmark(lot.earmark);
  }

  @ResolveField(() => Int, { description: `In our hands: available, allocated and quarantined. ${COUNTED}` })
  async onHandUnits(lot: LotType, _args: unknown, context: RequestContext): Promise<number> {
    return (await this.unitsOf(lot, context)).onHandUnits;
  }

  @ResolveField(() => Int, { description: `Free to be split. ${COUNTED}` })
  async availableUnits(lot: LotType, _args: unknown, context: RequestContext): Promise<number> {
    return (await this.unitsOf(lot, context)).availableUnits;
  }

  @ResolveField(() => Int, { description: `Promised by a committed plan, not yet sent. ${COUNTED}` })
  async allocatedUnits(lot: LotType, _args: unknown, context: RequestContext): Promise<number> {
    return (await this.unitsOf(lot, context)).allocatedUnits;
  }

  @ResolveField(() => Int, { description: `Set aside. ${COUNTED}` })
  async quarantinedUnits(lot: LotType, _args: unknown, context: RequestContext): Promise<number> {
    return (await this.unitsOf(lot, context)).quarantinedUnits;
  }

  /** @throws FORBIDDEN for whoever got some of it: what others have is not hers to see */
  private unitsOf(lot: LotType, context: RequestContext): Promise<LotUnits> {
    if (!mayCountLot(context.viewer, lot)) throw forbidden('How much of a lot is where is not yours to see.');
    return this.lots.units(context, lot.id);
  }
}
