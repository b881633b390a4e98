import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { IntakeRepository } from './intake.repository.js';
import { LedgerRepository } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import { LevelRepository } from './level.repository.js';
import { LevelAtSiteResolver, LevelResolver, LotPlaceResolver, LotPlacesResolver } from './level.resolver.js';
import { LevelService } from './level.service.js';
import { LotRepository } from './lot.repository.js';
import { LotResolver } from './lot.resolver.js';
import { LotService } from './lot.service.js';
import { RenumberingService } from './renumbering.service.js';
import { SiteRepository } from './site.repository.js';
import { SiteResolver } from './site.resolver.js';
import { SiteService } from './site.service.js';

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
    IntakeRepository,
    RenumberingService,
  ],
  exports: [LotService, LedgerService, SiteService, RenumberingService],
})
export class StockModule {}
