import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { OPEN_TO_ALL } from '../platform/open.js';
import { forbidden } from '../platform/rejection.js';
import type { Role, Viewer } from './access.rules.js';
import { bearer } from './gate.js';
import { ALLOWED_ROLES, type RequestContext } from './request-context.js';
import { TokenService } from './token.service.js';

/**
 * Lets a request pass to an operation or a route that declares its role. What an answer may show is decided on the types.
 */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType<string>() === 'graphql') {
      return this.assertAllowed(context, GqlExecutionContext.create(context).getContext<RequestContext>().viewer);
    }
    return this.reflector.get(OPEN_TO_ALL, context.getHandler()) === true || this.admit(context);
  }

  /** The gate before GraphQL knows who is asking; of any other route nobody has looked yet. */
  private async admit(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.viewer = await bearer(request.headers.authorization, this.tokens);
    return this.assertAllowed(context, request.viewer);
  }

  private assertAllowed(context: ExecutionContext, viewer: Viewer): true {
    const allowed = this.reflector.get<readonly Role[] | undefined>(ALLOWED_ROLES, context.getHandler());
    if (allowed?.includes(viewer.role)) return true;
    throw forbidden(`Your role (${viewer.role}) may not do this.`);
  }
}
