import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { STAFF } from '../access/access.rules.js';
import { AllowedTo, type RequestContext } from '../access/request-context.js';
import { ItemService } from '../catalogue/item.service.js';
import { ItemType } from '../catalogue/item.types.js';
import { CheckedInput } from '../platform/graphql/checked.js';
import type { Refusal } from '../platform/rejection.js';
import { ScanService } from './scan.service.js';
import {
  LogScannedDonationInput,
  LogScannedDonationResult,
  ReceiveScansInput,
  ReceiveScansResult,
  UnexpectedScanErrorType,
} from './scan.types.js';
import type { ShipmentType } from './shipment.types.js';

@Resolver()
export class ScanResolver {
  constructor(private readonly scans: ScanService) {}

  @Mutation(() => LogScannedDonationResult, {
    description: 'Writes down a gift that is here by its barcodes: it is stock at once, as after logDonation.',
  })
  @AllowedTo(...STAFF, 'DONOR')
  logScannedDonation(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: LogScannedDonationInput,
  ): Promise<ShipmentType | Refusal> {
    return this.scans.logDonation(context, input);
  }

  @Mutation(() => ReceiveScansResult, {
    description:
      'Counts what arrived of a consignment by its barcodes, as receiveShipment does. All of it is accepted.',
  })
  @AllowedTo(...STAFF)
  receiveScans(
    @Context() context: RequestContext,
    @Args('input', CheckedInput) input: ReceiveScansInput,
  ): Promise<ShipmentType | Refusal> {
    return this.scans.receive(context, input);
  }
}

@Resolver(() => UnexpectedScanErrorType)
export class UnexpectedScanResolver {
  constructor(private readonly items: ItemService) {}

  @ResolveField(() => ItemType, { description: 'What was scanned.' })
  item(@Parent() { itemId }: UnexpectedScanErrorType, @Context() context: RequestContext): Promise<ItemType> {
    return this.items.load(context, itemId);
  }
}
