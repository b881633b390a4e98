import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { StockModule } from '../stock/stock.module.js';
import { IntakeCorrectionRepository } from './intake-correction.repository.js';
import { IntakeCorrectionService } from './intake-correction.service.js';
import { LineService } from './line.service.js';
import { ReceptionService } from './reception.service.js';
import { ScanResolver, UnexpectedScanResolver } from './scan.resolver.js';
import { ScanService } from './scan.service.js';
import { ShipmentRepository } from './shipment.repository.js';
import {
  DonorShipmentsResolver,
  LotShipmentResolver,
  ShipmentLineResolver,
  ShipmentResolver,
} from './shipment.resolver.js';
import { ShipmentService } from './shipment.service.js';

@Module({
  imports: [CatalogueModule, DonorsModule, RecipientsModule, StockModule],
  providers: [
    ShipmentService,
    LineService,
    ReceptionService,
    ScanService,
    ScanResolver,
    UnexpectedScanResolver,
    ShipmentRepository,
    ShipmentResolver,
    ShipmentLineResolver,
    LotShipmentResolver,
    DonorShipmentsResolver,
    IntakeCorrectionService,
    IntakeCorrectionRepository,
  ],
  exports: [ShipmentService],
})
export class ShipmentsModule {}
