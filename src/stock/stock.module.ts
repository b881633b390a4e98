import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { ConditionService } from './condition.service.js';
import { ConditionResolver } from './condition.resolver.js';
import { CountResolver } from './count.resolver.js';
import { CountService } from './count.service.js';
import { ExpiryRepository } from './expiry.repository.js';
import { ExpiringLotResolver, ExpiryResolver } from './expiry.resolver.js';
import { ExpiryService } from './expiry.service.js';
import { IntakeRepository } from './intake.repository.js';
import { IntakeResolver } from './intake.resolver.js';
import { IntakeService } from './intake.service.js';
import { LedgerRepository } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import { LevelRepository } from './level.repository.js';
import { LevelAtSiteResolver, LevelResolver, LotPlaceResolver, LotPlacesResolver } from './level.resolver.js';
import { LevelService } from './level.service.js';
import { LotChangeRepository } from './lot-change.repository.js';
import { LotChangeResolver, LotCorrectionResolver } from './lot-correction.resolver.js';
import { LotCorrectionService } from './lot-correction.service.js';
import { LotRepository } from './lot.repository.js';
import { LotResolver } from './lot.resolver.js';
import { LotService } from './lot.service.js';
import { RenumberingService } from './renumbering.service.js';
import { ShelfRepository } from './shelf.repository.js';
import { ShelfService } from './shelf.service.js';
import { SiteRepository } from './site.repository.js';
import { SiteResolver } from './site.resolver.js';
import { SiteService } from './site.service.js';
import { TransferRepository } from './transfer.repository.js';
import { TransferLineResolver, TransferResolver } from './transfer.resolver.js';
import { TransferService } from './transfer.service.js';

@Module({
  imports: [CatalogueModule, DonorsModule],
  providers: [
    LotService,
    LotRepository,
    LotResolver,
    LedgerService,
    LedgerRepository,
    LevelService,
    LevelRepository,
    LevelResolver,
    LevelAtSiteResolver,
    LotPlaceResolver,
    LotPlacesResolver,
    SiteService,
    SiteRepository,
    SiteResolver,
    TransferService,
    TransferRepository,
    TransferResolver,
    TransferLineResolver,
    ConditionService,
    ConditionResolver,
    CountService,
    CountResolver,
    IntakeService,
    IntakeRepository,
    IntakeResolver,
    LotCorrectionService,
    RenumberingService,
    LotChangeRepository,
    LotCorrectionResolver,
    LotChangeResolver,
    ExpiryService,
    ExpiryRepository,
    ExpiryResolver,
    ExpiringLotResolver,
    ShelfService,
    ShelfRepository,
  ],
  exports: [LotService, LedgerService, SiteService, ConditionService, RenumberingService],
})
export class StockModule {}
