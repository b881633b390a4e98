import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { HistoryModule } from '../history/history.module.js';
import { RecallsModule } from '../recalls/recalls.module.js';
import { StockModule } from '../stock/stock.module.js';
import { ImpactRepository } from './impact.repository.js';
import { ImpactController } from './impact.controller.js';
import { ImpactLineResolver, ImpactResolver } from './impact.resolver.js';
import { ImpactService } from './impact.service.js';
import { PrintService } from './print.service.js';
import { LotTraceRepository } from './lot-trace.repository.js';
import { LotTraceResolver } from './lot-trace.resolver.js';
import { LotTraceService } from './lot-trace.service.js';

@Module({
  imports: [CatalogueModule, DonorsModule, StockModule, RecallsModule, HistoryModule],
  controllers: [ImpactController],
  providers: [
    ImpactService,
    ImpactRepository,
    ImpactResolver,
    ImpactLineResolver,
    PrintService,
    LotTraceService,
    LotTraceRepository,
    LotTraceResolver,
  ],
})
export class StatementsModule {}
