import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { HistoryModule } from '../history/history.module.js';
import { StockModule } from '../stock/stock.module.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { SheetService } from './sheet.service.js';

@Module({
  imports: [CatalogueModule, HistoryModule, StockModule],
  controllers: [ExportController],
  providers: [ExportService, SheetService],
})
export class ExportsModule {}
