import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { StockModule } from '../stock/stock.module.js';
import { ConditionService } from './condition.service.js';
import { ConditionResolver } from './condition.resolver.js';
import { CountResolver } from './count.resolver.js';
import { CountService } from './count.service.js';
import { ExpiryRepository } from './expiry.repository.js';
import { ExpiringLotResolver, ExpiryResolver } from './expiry.resolver.js';
import { ExpiryService } from './expiry.service.js';
import { IntakeResolver } from './intake.resolver.js';
import { IntakeService } from './intake.service.js';
import { LotChangeRepository } from './lot-change.repository.js';
import { LotChangeResolver, LotCorrectionResolver } from './lot-correction.resolver.js';
import { LotCorrectionService } from './lot-correction.service.js';
import { ShelfRepository } from './shelf.repository.js';
import { ShelfService } from './shelf.service.js';
import { TransferRepository } from './transfer.repository.js';
import { TransferLineResolver, TransferResolver } from './transfer.resolver.js';
import { TransferService } from './transfer.service.js';

@Module({
  imports: [CatalogueModule, StockModule],
  providers: [
    ConditionService,
    ConditionResolver,
    CountResolver,
    CountService,
    ExpiryRepository,
    ExpiringLotResolver,
    ExpiryResolver,
    ExpiryService,
    IntakeResolver,
    IntakeService,
    LotChangeRepository,
    LotChangeResolver,
    LotCorrectionResolver,
    LotCorrectionService,
    ShelfRepository,
    ShelfService,
    TransferRepository,
    TransferLineResolver,
    TransferResolver,
    TransferService,
  ],
  exports: [ConditionService],
})
export class WarehouseModule {}
