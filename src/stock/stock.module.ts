import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { ConditionService } from './condition.service.js';
import { LedgerRepository } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import { LevelRepository } from './level.repository.js';
import { LevelResolver } from './level.resolver.js';
import { LevelService } from './level.service.js';
import { LotRepository } from './lot.repository.js';
import { LotResolver } from './lot.resolver.js';
import { LotService } from './lot.service.js';
import { ShelfRepository } from './shelf.repository.js';
import { SiteRepository } from './site.repository.js';
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
    SiteService,
    SiteRepository,
    ConditionService,
    ShelfRepository,
  ],
  exports: [LotService, LedgerService, SiteService, ConditionService],
})
export class StockModule {}
