import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { StockModule } from '../stock/stock.module.js';
import { WarehouseModule } from '../warehouse/warehouse.module.js';
import { DoorService } from './door.service.js';
import { NoticeRepository } from './notice.repository.js';
import { NoticeFieldsResolver, NoticeResolver, RecipientNoticesResolver } from './notice.resolver.js';
import { NoticeService } from './notice.service.js';
import { RecallRepository } from './recall.repository.js';
import { LotRecallResolver, RecallFieldsResolver, RecallResolver } from './recall.resolver.js';
import { RecallService } from './recall.service.js';
import { RecallingService } from './recalling.service.js';
import { RenumberedService } from './renumbered.service.js';
import { StopService } from './stop.service.js';

@Module({
  imports: [CatalogueModule, StockModule, WarehouseModule, RecipientsModule, DeliveriesModule],
  providers: [
    RecallService,
    RecallRepository,
    RecallingService,
    StopService,
    DoorService,
    RenumberedService,
    NoticeService,
    NoticeRepository,
    RecallResolver,
    RecallFieldsResolver,
    LotRecallResolver,
    NoticeResolver,
    NoticeFieldsResolver,
    RecipientNoticesResolver,
  ],
  exports: [RecallService],
})
export class RecallsModule {}
