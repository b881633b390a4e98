import { Module } from '@nestjs/common';
import { DonorsModule } from '../donors/donors.module.js';
import { ItemRepository } from './item.repository.js';
import { StockResolver } from './item.resolver.js';
import { ItemService } from './item.service.js';
import { LedgerRepository } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import { LotRepository } from './lot.repository.js';
import { LotResolver } from './lot.resolver.js';
import { LotService } from './lot.service.js';

@Module({
  imports: [DonorsModule],
  providers: [
    ItemService,
    ItemRepository,
    StockResolver,
    LotService,
    LotRepository,
    LotResolver,
    LedgerService,
    LedgerRepository,
  ],
  exports: [ItemService, LotService, LedgerService],
})
export class StockModule {}
