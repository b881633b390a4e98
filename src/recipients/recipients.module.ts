import { Module } from '@nestjs/common';
import { EarmarkGroupsResolver } from './earmark.resolver.js';
import { EarmarkService } from './earmark.service.js';
import { GroupRepository } from './group.repository.js';
import { GroupResolver, RecipientGroupsResolver } from './group.resolver.js';
import { GroupService } from './group.service.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { NeedRepository } from './need.repository.js';
import { NeedResolver, RecipientNeedsResolver } from './need.resolver.js';
import { NeedService } from './need.service.js';
import { RecipientRepository } from './recipient.repository.js';
import { RecipientResolver } from './recipient.resolver.js';
import { RecipientService } from './recipient.service.js';

@Module({
  imports: [CatalogueModule],
  providers: [
    RecipientService,
    RecipientRepository,
    RecipientResolver,
    GroupService,
    GroupRepository,
    GroupResolver,
    RecipientGroupsResolver,
    EarmarkGroupsResolver,
    EarmarkService,
    NeedService,
    NeedRepository,
    NeedResolver,
    RecipientNeedsResolver,
  ],
  exports: [RecipientService, GroupService, NeedService],
})
export class RecipientsModule {}
