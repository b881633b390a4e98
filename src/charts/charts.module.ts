import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { HistoryModule } from '../history/history.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { ChartController } from './chart.controller.js';
import { ChartService } from './chart.service.js';
import { FlowChartService } from './flow-chart.service.js';

@Module({
  imports: [CatalogueModule, DonorsModule, RecipientsModule, HistoryModule],
  controllers: [ChartController],
  providers: [ChartService, FlowChartService],
})
export class ChartsModule {}
