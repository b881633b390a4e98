import { Module } from '@nestjs/common';
import { GroupRepository } from './group.repository.js';
import { GroupResolver, RecipientGroupsResolver } from './group.resolver.js';
import { GroupService } from './group.service.js';
import { RecipientRepository } from './recipient.repository.js';
import { RecipientResolver } from './recipient.resolver.js';
import { RecipientService } from './recipient.service.js';

@Module({
  providers: [
    RecipientService,
    RecipientRepository,
    RecipientResolver,
    GroupService,
    GroupRepository,
    GroupResolver,
    RecipientGroupsResolver,
  ],
  exports: [RecipientService, GroupService],
})
export class RecipientsModule {}
