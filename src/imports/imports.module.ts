import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { DonorsModule } from '../donors/donors.module.js';
import { RecipientsModule } from '../recipients/recipients.module.js';
import { ShipmentsModule } from '../shipments/shipments.module.js';
import { CatalogueService } from './catalogue.service.js';
import { DonationImport } from './donation.service.js';
import { ImportTextService } from './import-text.service.js';
import { ImportRepository } from './import.repository.js';
import { ImportResolver } from './import.resolver.js';
import { ImportService } from './import.service.js';
import { NeedImport } from './need-row.service.js';
import { RecipientImport } from './recipient-row.service.js';

@Module({
  imports: [CatalogueModule, DonorsModule, RecipientsModule, ShipmentsModule],
  providers: [
    ImportService,
    ImportTextService,
    ImportRepository,
    CatalogueService,
    DonationImport,
    RecipientImport,
    NeedImport,
    ImportResolver,
  ],
  exports: [ImportService],
})
export class ImportsModule {}
