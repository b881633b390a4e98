import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { StockModule } from '../stock/stock.module.js';
import { IntakeCorrectionRepository } from './intake-correction.repository.js';
import { IntakeCorrectionService } from './intake-correction.service.js';
import { ScanResolver, UnexpectedScanResolver } from './scan.resolver.js';
import { ScanService } from './scan.service.js';
import { AskedCorrectionService } from './asked-correction.service.js';
import { CorrectedLotsService } from './corrected-lots.service.js';
import { CorrectionResolver, ShipmentCorrectionResolver } from './correction.resolver.js';
import { CorrectionService } from './correction.service.js';
import { LineCountsResolver, ShipmentCountResolver } from './count.resolver.js';
import { IntakeService } from './intake.service.js';
import { JourneyResolver, ShipmentEventResolver } from './journey.resolver.js';
import { JourneyService } from './journey.service.js';
import { LineService } from './line.service.js';
import { ReceptionService } from './reception.service.js';
import { ShipmentLogRepository } from './shipment-log.repository.js';
import { ShipmentLogService } from './shipment-log.service.js';
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
    IntakeService,
    ReceptionService,
    ScanService,
    ScanResolver,
    UnexpectedScanResolver,
    JourneyService,
    JourneyResolver,
    ShipmentEventResolver,
    CorrectionService,
    AskedCorrectionService,
    CorrectedLotsService,
    CorrectionResolver,
    ShipmentCorrectionResolver,
    ShipmentLogService,
    ShipmentLogRepository,
    LineCountsResolver,
    ShipmentCountResolver,
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
