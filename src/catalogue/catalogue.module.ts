import { Module } from '@nestjs/common';
import { CatalogueService } from './catalogue.service.js';
import { GtinRepository } from './gtin.repository.js';
import { Gs1ScanResolver, GtinKnownResolver, GtinResolver } from './gtin.resolver.js';
import { GtinService } from './gtin.service.js';
import { ItemRepository } from './item.repository.js';
import { ItemResolver } from './item.resolver.js';
import { ItemService } from './item.service.js';
import { SubstituteRepository } from './substitute.repository.js';
import { SubstituteService } from './substitute.service.js';

@Module({
  providers: [
    ItemService,
    ItemRepository,
    ItemResolver,
    CatalogueService,
    GtinService,
    GtinRepository,
    GtinResolver,
    GtinKnownResolver,
    Gs1ScanResolver,
    SubstituteService,
    SubstituteRepository,
  ],
  exports: [ItemService, GtinService, SubstituteService],
})
export class CatalogueModule {}
