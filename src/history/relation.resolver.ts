import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { RequestContext } from '../access/request-context.js';
import { PlanService } from '../allocations/plan.service.js';
import { PlanType } from '../allocations/plan.types.js';
import { DonorService } from '../donors/donor.service.js';
import { DonorType } from '../donors/donor.types.js';
import { loaderOf } from '../platform/graphql/loader.js';
import { RecipientService } from '../recipients/recipient.service.js';
import { RecipientType } from '../recipients/recipient.types.js';
import { ShipmentService } from '../shipments/shipment.service.js';
import { ShipmentType } from '../shipments/shipment.types.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { LotService } from '../stock/lot.service.js';
import { LotType } from '../stock/lot.types.js';
import { DistributionType } from './distribution.types.js';

@Resolver(() => DistributionType)
export class DistributionGoodsResolver {
  constructor(
    private readonly items: ItemService,
    private readonly lots: LotService,
    private readonly shipments: ShipmentService,
  ) {}

  @ResolveField(() => ItemType, { description: 'What it is.' })
  item(@Parent() row: DistributionType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, row.itemId);
  }

  @ResolveField(() => LotType, { description: 'Which lot.' })
  async lot(@Parent() row: DistributionType, @Context() context: RequestContext): Promise<LotType> {
    return (await this.lots.load(context, row.lotId))!;
  }

  @ResolveField(() => ShipmentType, { description: 'How it came to us.' })
  shipment(@Parent() row: DistributionType, @Context() context: RequestContext): Promise<ShipmentType> {
    return this.shipments.load(context, row.shipmentId);
  }
}

@Resolver(() => DistributionType)
export class DistributionPeopleResolver {
  constructor(
    private readonly donors: DonorService,
    private readonly recipients: RecipientService,
    private readonly plans: PlanService,
  ) {}

  @ResolveField(() => DonorType, { description: 'Who gave it.' })
  async donor(@Parent() row: DistributionType, @Context() context: RequestContext): Promise<DonorType> {
    return (await loaderOf(context, this.donors.byIds, (donor) => donor.id).load(row.donorId))!;
  }

  @ResolveField(() => RecipientType, { description: 'Who got it.' })
  async recipient(@Parent() row: DistributionType, @Context() context: RequestContext): Promise<RecipientType> {
    return (await loaderOf(context, this.recipients.byIds, (person) => person.id).load(row.recipientId))!;
  }

  @ResolveField(() => PlanType, { nullable: true, description: 'Under which plan; null where it is not yours to see.' })
  plan(@Parent() row: DistributionType, @Context() context: RequestContext): Promise<object | null> {
    return this.plans.ofParcel(context, row.planId);
  }
}
