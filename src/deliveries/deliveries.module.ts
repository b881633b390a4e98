import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { StockModule } from '../stock/stock.module.js';
import { ConfirmationService } from './confirmation.service.js';
import { CorrectedLotRepository } from './corrected-lot.repository.js';
import { CorrectedLotService } from './corrected-lot.service.js';
import { DeliveryRepository } from './delivery.repository.js';
import {
  ConfirmationResolver,
  DeliveryLineResolver,
  DeliveryResolver,
  StoppedLineResolver,
} from './delivery.resolver.js';
import { DeliveryService } from './delivery.service.js';
import { LeavingService } from './leaving.service.js';
import { PackingService } from './packing.service.js';

@Module({
  imports: [CatalogueModule, AllocationsModule, RecipientsModule, StockModule],
  providers: [
    DeliveryService,
    DeliveryRepository,
    ConfirmationService,
    LeavingService,
    PackingService,
    CorrectedLotService,
    CorrectedLotRepository,
    DeliveryResolver,
    DeliveryLineResolver,
    ConfirmationResolver,
    StoppedLineResolver,
  ],
  exports: [DeliveryService, PackingService],
})
export class DeliveriesModule {}
