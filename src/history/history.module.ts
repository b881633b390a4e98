import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { ShipmentsModule } from '../shipments/shipments.module.js';
import { StockModule } from '../stock/stock.module.js';
import { ChangeRepository } from './change.repository.js';
import { ChangeResolver } from './change.resolver.js';
import { ChangeService } from './change.service.js';
import { DistributionResolver } from './distribution.resolver.js';
import { DistributionService } from './distribution.service.js';
import { NeighbourService } from './neighbour.service.js';
import { PageRepository } from './page.repository.js';
import { SummaryRepository } from './summary.repository.js';
import { SummaryPlaceResolver, SummaryResolver, SummaryRowResolver } from './summary.resolver.js';
import { SummaryService } from './summary.service.js';
import { TotalRepository } from './total.repository.js';
import { EntryRepository } from './entry.repository.js';
import { EntryResolver } from './entry.resolver.js';
import { EntryService } from './entry.service.js';
import { FairnessRepository } from './fairness.repository.js';
import { FairnessResolver, RecipientFairnessResolver } from './fairness.resolver.js';
import { FairnessService } from './fairness.service.js';
import { FlowRepository } from './flow.repository.js';
import { FlowService } from './flow.service.js';
import { LedgerLawsRepository } from './ledger-laws.repository.js';
import { VerificationService } from './verification.service.js';

@Module({
  imports: [CatalogueModule, DonorsModule, RecipientsModule, StockModule, ShipmentsModule, AllocationsModule],
  providers: [
    DistributionService,
    NeighbourService,
    PageRepository,
    DistributionResolver,
    SummaryService,
    SummaryRepository,
    SummaryResolver,
    SummaryRowResolver,
    SummaryPlaceResolver,
    TotalRepository,
    EntryService,
    EntryRepository,
    EntryResolver,
    ChangeService,
    ChangeRepository,
    ChangeResolver,
    FairnessService,
    FairnessRepository,
    FairnessResolver,
    RecipientFairnessResolver,
    FlowService,
    FlowRepository,
    VerificationService,
    LedgerLawsRepository,
  ],
  exports: [DistributionService, SummaryService, FairnessService, FlowService],
})
export class HistoryModule {}
