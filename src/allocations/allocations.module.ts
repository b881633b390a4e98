import { Module } from '@nestjs/common';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { ShipmentsModule } from '../shipments/shipments.module.js';
import { StockModule } from '../stock/stock.module.js';
import { AwardLotResolver, AwardResolver, PlanMetricsResolver, UnallocatedResolver } from './award.resolver.js';
import { AwardService } from './award.service.js';
import { ChoiceService } from './choice.service.js';
import { ClaimService } from './claim.service.js';
import { CommitService } from './commit.service.js';
import { MemoryRepository } from './memory.repository.js';
import { PlanRepository } from './plan.repository.js';
import { PlanResolver } from './plan.resolver.js';
import { PlanService } from './plan.service.js';
import { PreviewService } from './preview.service.js';

@Module({
  imports: [RecipientsModule, ShipmentsModule, StockModule],
  providers: [
    AwardService,
    ClaimService,
    MemoryRepository,
    ChoiceService,
    CommitService,
    PlanService,
    PlanRepository,
    PreviewService,
    PlanResolver,
    AwardResolver,
    AwardLotResolver,
    UnallocatedResolver,
    PlanMetricsResolver,
  ],
  exports: [AwardService, PlanService],
})
export class AllocationsModule {}
