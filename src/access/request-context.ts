import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../platform/database.js';
import type { RequestScope } from '../platform/graphql/loader.js';
import { type LanguageCode, preferredLanguage } from '../platform/language.rules.js';
import type { Role, Viewer } from './access.rules.js';

/** Whoever has not been let in. */
const NOBODY: Viewer = { tokenId: null, role: 'LINK', subjectId: null };

/** What every resolver may know about the request. */
export interface RequestContext extends RequestScope {
  readonly viewer: Viewer;
  readonly actor: Actor;
  /** What the request wishes to be answered in, where it does not say so field by field. */
  readonly language: LanguageCode;
}

/** What may be known about a request, made afresh for each. */
export function requestContextOf(request: FastifyRequest): RequestContext {
  const viewer = request.viewer ?? NOBODY;
  const actor = { id: viewer.tokenId, role: viewer.role, requestId: request.id };
  return { viewer, actor, language: preferredLanguage(request.headers['accept-language']), loaders: new Map() };
}

export const ALLOWED_ROLES = 'allowedRoles';

/** Declares who may call an operation. One without this declaration can be called by nobody. */
export function AllowedTo(...roles: Role[]): CustomDecorator {
  return SetMetadata(ALLOWED_ROLES, roles);
}
