import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { HistoryModule } from '../history/history.module.js';
import { RecallsModule } from '../recalls/recalls.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { ShipmentsModule } from '../shipments/shipments.module.js';
import { StockModule } from '../stock/stock.module.js';
import { HandTraceRepository } from './hand-trace.repository.js';
import { HandTraceResolver } from './hand-trace.resolver.js';
import { HandTraceService } from './hand-trace.service.js';
import { ImpactController } from './impact.controller.js';
import { ImpactRepository } from './impact.repository.js';
import { ImpactLineResolver, ImpactResolver } from './impact.resolver.js';
import { ImpactService } from './impact.service.js';
import { ItemHistoryRepository } from './item-history.repository.js';
import { ItemHistoryResolver } from './item-history.resolver.js';
import { ItemHistoryService } from './item-history.service.js';
import { LotOriginResolver, LotStepResolver } from './lot-origin.resolver.js';
import { LotTraceRepository } from './lot-trace.repository.js';
import { LotTraceResolver } from './lot-trace.resolver.js';
import { LotTraceService } from './lot-trace.service.js';
import { PrintService } from './print.service.js';
import { RateRepository } from './rate.repository.js';
import { FillRateRowResolver, RateResolver, WaitingTimeRowResolver } from './rate.resolver.js';
import { RateService } from './rate.service.js';
import { StatementRepository } from './statement.repository.js';
import {
  GroupStatementResolver,
  MemberStatementResolver,
  RecipientStatementResolver,
  StatementItemResolver,
  StatementNeedResolver,
} from './statement.resolver.js';
import { StatementService } from './statement.service.js';

@Module({
  imports: [
    CatalogueModule,
    DonorsModule,
    RecipientsModule,
    StockModule,
    ShipmentsModule,
    RecallsModule,
    HistoryModule,
  ],
  controllers: [ImpactController],
  providers: [
    ImpactService,
    ImpactRepository,
    ImpactResolver,
    ImpactLineResolver,
    PrintService,
    StatementService,
    StatementRepository,
    RecipientStatementResolver,
    GroupStatementResolver,
    MemberStatementResolver,
    StatementItemResolver,
    StatementNeedResolver,
    LotTraceService,
    LotTraceRepository,
    LotTraceResolver,
    LotOriginResolver,
    LotStepResolver,
    HandTraceService,
    HandTraceRepository,
    HandTraceResolver,
    ItemHistoryService,
    ItemHistoryRepository,
    ItemHistoryResolver,
    RateService,
    RateRepository,
    RateResolver,
    FillRateRowResolver,
    WaitingTimeRowResolver,
  ],
})
export class StatementsModule {}
