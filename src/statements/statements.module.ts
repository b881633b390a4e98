import { Module } from '@nestjs/common';
import { DonorsModule } from '../donors/donors.module.js';
import { HistoryModule } from '../history/history.module.js';
import { RecallsModule } from '../recalls/recalls.module.js';
import { StockModule } from '../stock/stock.module.js';
import { ImpactRepository } from './impact.repository.js';
import { ImpactResolver } from './impact.resolver.js';
import { ImpactService } from './impact.service.js';
import { LotTraceRepository } from './lot-trace.repository.js';
import { LotTraceResolver } from './lot-trace.resolver.js';
import { LotTraceService } from './lot-trace.service.js';

@Module({
  imports: [DonorsModule, StockModule, RecallsModule, HistoryModule],
  providers: [ImpactService, ImpactRepository, ImpactResolver, LotTraceService, LotTraceRepository, LotTraceResolver],
})
export class StatementsModule {}
