import { Module } from '@nestjs/common';
import { DonorRepository } from './donor.repository.js';
import { DonorResolver } from './donor.resolver.js';
import { DonorService } from './donor.service.js';

@Module({ providers: [DonorService, DonorRepository, DonorResolver], exports: [DonorService] })
export class DonorsModule {}
