import { Module } from '@nestjs/common';
import { ItemRepository } from './item.repository.js';
import { ItemResolver } from './item.resolver.js';
import { ItemService } from './item.service.js';

@Module({
  providers: [ItemService, ItemRepository, ItemResolver],
  exports: [ItemService],
})
export class CatalogueModule {}
