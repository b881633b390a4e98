import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { ShipmentsModule } from '../shipments/shipments.module.js';
import { StockModule } from '../stock/stock.module.js';
import { AwardLotResolver, AwardResolver, PlanMetricsResolver, UnallocatedResolver } from './award.resolver.js';
import { AwardService } from './award.service.js';
import { ChoiceService } from './choice.service.js';
import { ComparisonResolver, OneMoreUnitResolver, UnitsChangeResolver } from './comparison.resolver.js';
import { ComparisonService } from './comparison.service.js';
import { ClaimService } from './claim.service.js';
import { CommitService } from './commit.service.js';
import { MemoryRepository } from './memory.repository.js';
import { PlanFairnessRepository } from './plan-fairness.repository.js';
import { PlanBreakdownResolver, PlanFairnessResolver, PlanNoteResolver } from './plan-fairness.resolver.js';
import { PlanFairnessService } from './plan-fairness.service.js';
import { PlanPolicyResolver } from './plan-policy.resolver.js';
import { PlanRepository } from './plan.repository.js';
import { PlanResolver } from './plan.resolver.js';
import { PlanService } from './plan.service.js';
import { PreviewService } from './preview.service.js';
import { ReplayRepository } from './replay.repository.js';
import { ReplayResolver } from './replay.resolver.js';
import { ReplayService } from './replay.service.js';
import {
  AwardSubstitutesResolver,
  PlanSubstitutesResolver,
  SubstitutedUnitsResolver,
} from './substitution.resolver.js';
import { StockChoiceService } from './stock-choice.service.js';

@Module({
  imports: [CatalogueModule, PoliciesModule, RecipientsModule, ShipmentsModule, StockModule],
  providers: [
    AwardService,
    ClaimService,
    MemoryRepository,
    ChoiceService,
    StockChoiceService,
    CommitService,
    ComparisonService,
    ComparisonResolver,
    OneMoreUnitResolver,
    UnitsChangeResolver,
    PlanService,
    PlanRepository,
    PreviewService,
    ReplayService,
    ReplayRepository,
    ReplayResolver,
    PlanResolver,
    PlanPolicyResolver,
    AwardResolver,
    AwardLotResolver,
    UnallocatedResolver,
    PlanMetricsResolver,
    PlanFairnessService,
    PlanFairnessRepository,
    PlanFairnessResolver,
    PlanBreakdownResolver,
    PlanNoteResolver,
    PlanSubstitutesResolver,
    AwardSubstitutesResolver,
    SubstitutedUnitsResolver,
  ],
  exports: [AwardService, PlanService],
})
export class AllocationsModule {}
