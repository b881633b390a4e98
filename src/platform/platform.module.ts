import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Clock } from './clock.js';
import { Database } from './database.js';
import { Facts } from './facts.js';
import { FaultsFilter } from './faults.filter.js';
import { HealthController } from './health.controller.js';

/** What every room stands on. The data source itself comes from the roof, which knows all entities. */
@Global()
@Module({
  controllers: [HealthController],
  providers: [Clock, Database, Facts, { provide: APP_FILTER, useClass: FaultsFilter }],
  exports: [Clock, Database, Facts],
})
export class PlatformModule {}
