import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import { forbidden } from '../platform/rejection.js';
import type { Role } from './access.rules.js';
import { ALLOWED_ROLES, type RequestContext } from './request-context.js';

/** Lets a request pass to an operation that declares its role. What an answer may show is decided on the types. */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType<string>() !== 'graphql') return true;
    const allowed = this.reflector.get<readonly Role[] | undefined>(ALLOWED_ROLES, context.getHandler());
    const { viewer } = GqlExecutionContext.create(context).getContext<RequestContext>();
    if (allowed?.includes(viewer.role)) return true;
    throw forbidden(`Your role (${viewer.role}) may not do this.`);
  }
}
