import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RoleGuard } from './role.guard.js';
import { TokenRepository } from './token.repository.js';
import { TokenService } from './token.service.js';

@Global()
@Module({
  providers: [TokenService, TokenRepository, { provide: APP_GUARD, useClass: RoleGuard }],
  exports: [TokenService],
})
export class AccessModule {}
