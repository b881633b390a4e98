import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { PolicyRepository } from './policy.repository.js';
import { PolicyResolver, PolicyUnitsResolver, PolicyVersionResolver } from './policy.resolver.js';
import { PolicyService } from './policy.service.js';

@Module({
  imports: [CatalogueModule],
  providers: [PolicyService, PolicyRepository, PolicyResolver, PolicyVersionResolver, PolicyUnitsResolver],
  exports: [PolicyService],
})
export class PoliciesModule {}
